"""Bytes to speech."""
