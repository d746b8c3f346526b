"""glTF 2.0 and what builds on it."""
