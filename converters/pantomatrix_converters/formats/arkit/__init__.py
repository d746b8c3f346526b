"""Faces of ARKit's 52 curves, without a body."""
