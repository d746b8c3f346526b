"""Joints and curves as plain numbers."""
