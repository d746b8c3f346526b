"""The published metrics of co-speech gestures, a class each: update with a clip, compute, reset.

Formulas: docs/reference/metrics.md.
"""
