"""Speech to motion as a library: models, sessions, and what becomes of their frames. Knows no gRPC and no protobuf."""
