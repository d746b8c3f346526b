"""The builtin model's network for the lips: its corpus and its training."""
