"""Frames as UDP packets that other programs listen for."""
