"""Speech to motion as a library: models, sessions, and what becomes of their frames. Knows no gRPC and no protobuf."""

import os

# torch reads it when it is imported. Its ONNX exporter warns of packed sequences, which it handles.
os.environ.setdefault("TORCH_CPP_LOG_LEVEL", "ERROR")
