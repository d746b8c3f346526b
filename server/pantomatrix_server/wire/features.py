"""What this server can do beyond the first version of the contract, by name."""

from __future__ import annotations

FEATURES = ("compact_frames", "move", "pacing", "played", "resume", "timed_options", "timed_text")
"""In the catalog and in every header; docs/reference/contract.md lists them. A client looks for them before it uses what an
older server does not know."""
