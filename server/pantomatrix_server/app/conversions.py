"""A motion file in, another file or frames out."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from typing import TypeVar

from pantomatrix_converters.editing.options import MotionEdits
from pantomatrix_converters.editing.plan import edited
from pantomatrix_converters.errors import InvalidInputError, UnknownNameError, in_field
from pantomatrix_converters.face.flame_arkit import ArkitMatrix
from pantomatrix_converters.formats import ReadLimits, decode_motion, encode_motion, find_format
from pantomatrix_converters.motion import Motion

from .callers import within_quota
from .compute import Compute
from .events import Frames, Pack, Timings
from .limits import Limits

_CHUNK_BYTES = 1 << 20
_BLOCK_FRAMES = 64

T = TypeVar("T")


@dataclass(frozen=True)
class MotionFile:
    """data: its bytes. format: its name; empty to tell it from the content."""

    data: bytes
    format: str = ""


@dataclass(frozen=True, eq=False)
class Converted:
    """The motion that was asked for. source_format: of what came. extension: of the file to come, empty for frames."""

    motion: Motion
    source_format: str
    notes: tuple[str, ...]
    extension: str = ""


@dataclass(frozen=True)
class ConversionEnded:
    """The last event. byte_count: of the file, 0 for frames."""

    frame_count: int
    byte_count: int
    timings: Timings


class Conversions:
    """Converts for everybody. matrix: for faces between FLAME and ARKit, if there is one."""

    def __init__(self, compute: Compute, limits: Limits, matrix: ArkitMatrix | None) -> None:
        self._compute, self._matrix = compute, matrix
        self._limits = ReadLimits(limits.max_convert_bytes, limits.max_convert_frames)

    async def to_file(
        self, source: MotionFile, edits: MotionEdits, target_format: str
    ) -> AsyncGenerator[Converted | bytes | ConversionEnded]:
        """Converted, then the file in pieces, then ConversionEnded.

        Raises InvalidInputError, UnknownNameError, UnsupportedError, LimitError, OverloadedError, QuotaError.
        """
        with in_field("file.format"):
            target = find_format(target_format)
        async with within_quota(), self._compute.clips.place() as queued:
            reading = time.monotonic()
            name, notes, motion = await self._compute.run(self._read, source, edits)
            writing = time.monotonic()
            encoded = await self._compute.run(encode_motion, motion, target.name, edits.coordinate_system)
            done = time.monotonic()
            yield Converted(motion, name, (*notes, *encoded.notes), target.extensions[0])
            for start in range(0, len(encoded.data), _CHUNK_BYTES):
                yield encoded.data[start : start + _CHUNK_BYTES]
            yield ConversionEnded(len(motion), len(encoded.data), Timings(queued, writing - reading, done - writing))

    async def to_frames(
        self, source: MotionFile, edits: MotionEdits, packing: Callable[[Motion], Pack[T]]
    ) -> AsyncGenerator[Converted | Frames[T] | ConversionEnded]:
        """Converted, then Frames, then ConversionEnded. packing: how the motion's frames are packed. Raises as `to_file`."""
        async with within_quota(), self._compute.clips.place() as queued:
            reading = time.monotonic()
            name, notes, motion = await self._compute.run(self._read, source, edits)
            packing_began = time.monotonic()
            pack = packing(motion)
            yield Converted(motion, name, notes)
            for start in range(0, len(motion), _BLOCK_FRAMES):
                piece = motion.frames(start, start + _BLOCK_FRAMES)
                yield Frames(start, len(piece), await self._compute.run(pack, piece, start))
            timings = Timings(queued, packing_began - reading, time.monotonic() - packing_began)
            yield ConversionEnded(len(motion), 0, timings)

    def _read(self, source: MotionFile, edits: MotionEdits) -> tuple[str, tuple[str, ...], Motion]:
        try:
            found, loaded = decode_motion(source.data, "data", source.format, self._limits, edits.reading)
        except InvalidInputError as error:
            error.field = error.field or "data"
            raise
        except UnknownNameError as error:
            error.field = error.field or ("options.clip" if error.name == edits.clip else "source_format")
            raise
        motion, notes = edited(loaded.motion, edits.once_read(), self._matrix, self._limits)
        return found.name, (*loaded.notes, *notes), motion
