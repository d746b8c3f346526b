"""How calls reach the server: gRPC, WebSockets, Connect, Audio2Face; what all calls share is in call.py."""
