"""Faces: named sets of curves, and one set from another."""
