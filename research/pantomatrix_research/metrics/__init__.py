"""The published metrics of co-speech gestures, a class each: update with a clip, compute, reset. See docs/reference/metrics.md."""
