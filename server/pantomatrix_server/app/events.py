"""What several answers have in common: packed frames, and how long the work took."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeAlias, TypeVar

from pantomatrix_converters.motion import Motion

T = TypeVar("T")

Pack: TypeAlias = Callable[[Motion, int], T]
"""Turns a piece of motion, and the number of its first frame, into what the caller wants. Called in a compute thread."""


@dataclass(frozen=True, eq=False)
class Frames(Generic[T]):
    """A piece of the motion. first_frame: its first frame's number; count: how many there are; packed: see Pack; idle: of a
    live stream, nobody speaks in it."""

    first_frame: int
    count: int
    packed: T
    idle: bool = False


@dataclass(frozen=True)
class Timings:
    """Seconds: waiting for a place to compute in, reading the input, computing."""

    queue: float = 0.0
    decode: float = 0.0
    compute: float = 0.0


@dataclass(frozen=True)
class MotionEnded:
    """The last event of a motion. audio_seconds: how much audio was heard."""

    frame_count: int
    audio_seconds: float
    timings: Timings
