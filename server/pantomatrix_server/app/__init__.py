"""What the server does, in our own dataclasses: it knows neither gRPC nor protobuf nor HTTP."""
