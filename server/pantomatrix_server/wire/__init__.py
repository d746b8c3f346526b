"""Between protobuf messages and our own dataclasses: one file for each .proto."""
