"""Makers of files that the packages ship. Not installed with them: run these from this folder."""
