"""Frames as the contract sends them, in a file: what the Unity package imports."""
