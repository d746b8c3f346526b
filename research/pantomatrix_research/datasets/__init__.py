"""Recorded speech with motion: where it lies, whether it is whole, and how training reads it. See docs/how-to/datasets.md."""
