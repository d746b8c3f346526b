"""The gRPC services: one file each, and what is common to all calls in call.py."""
