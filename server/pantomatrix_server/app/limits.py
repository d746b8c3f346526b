"""What the server refuses, and how much it does at once."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Each as the setting of that name, see `settings`."""

    max_message_bytes: int
    max_clip_seconds: float
    max_concurrent_clips: int
    max_queued_clips: int
    max_streams: int
    batch_size: int
    batch_wait_seconds: float
    max_convert_frames: int
    max_convert_bytes: int
    decoder_processes: int
    silent_caller_seconds: float
    reader_timeout_seconds: float
    drain_seconds: float
