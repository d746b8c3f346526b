"""The MOTION section of a BVH file: the frame rate and a row of numbers for each frame."""

from __future__ import annotations

import re

import numpy as np

from ...errors import FormatError, LimitError
from ..motion_format import ReadLimits
from .number_text import NotANumberError, numbers_in

_HEAD = re.compile(rb"\s*Frames\s*:\s*(\S{1,100})\s+Frame\s*Time\s*:\s*(\S{1,100})[ \t]*", re.IGNORECASE)


def read_frames(data: bytes, start: int, channels: int, name: str, limits: ReadLimits) -> tuple[float, np.ndarray]:
    """Frames per second and values (T, C) of a file whose word MOTION ends at `start`. The claimed number of frames is only
    compared with the frames that are there."""
    head = _HEAD.match(data, start)
    if head is None:
        raise FormatError(f"{name} line {_line(data, start)}: expected 'Frames:' and 'Frame Time:'")
    frames_text, time_text = (word.decode("latin-1")[:40] for word in head.groups())
    try:
        claimed, frame_time = int(head[1]), float(head[2])
    except ValueError:
        raise FormatError(f"{name}: Frames is {frames_text!r}, Frame Time {time_text!r}; expected numbers") from None
    if not 0 < frame_time < np.inf:
        raise FormatError(f"{name}: Frame Time is {time_text}, expected seconds above 0")
    if claimed < 1 or channels == 0:
        raise FormatError(f"{name}: {claimed} frames of {channels} channels hold no motion")
    if claimed > limits.max_frames:
        raise LimitError(f"{name}: {claimed} frames, at most {limits.max_frames} are allowed")
    values = _values(data, head.end(), claimed, channels, name)
    rate = 1.0 / frame_time
    return (float(round(rate)) if abs(rate - round(rate)) < 0.01 else rate), values.reshape(claimed, channels)


def _values(data: bytes, start: int, frames: int, channels: int, name: str) -> np.ndarray:
    """(T * C,). Raises FormatError."""
    wanted = frames * channels
    expected = f"expected {frames} frames of {channels} channels = {wanted}"
    values = np.empty(min(wanted, (len(data) - start + 1) // 2))  # a number and a blank are two bytes
    count = 0
    try:
        for piece in numbers_in(memoryview(data)[start:]):
            if count + len(piece) > wanted:
                raise FormatError(f"{name}: more than {wanted} numbers in the MOTION block, {expected}")
            values[count : count + len(piece)] = piece
            count += len(piece)
    except NotANumberError as error:
        line = _line(data, start + error.position)
        raise FormatError(f"{name} line {line}: {error.word!r} is not a finite number") from None
    if count != wanted:
        raise FormatError(f"{name}: {count} numbers in the MOTION block, {expected}")
    return values


def _line(data: bytes, position: int) -> int:
    return data.count(b"\n", 0, position) + 1
