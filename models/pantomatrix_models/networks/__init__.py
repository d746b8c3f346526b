"""The published networks, in torch, with the key names of their published checkpoints. Nothing else imports torch."""

import os

os.environ.setdefault("TORCH_CPP_LOG_LEVEL", "ERROR")  # its ONNX exporter warns of packed sequences, which it handles
