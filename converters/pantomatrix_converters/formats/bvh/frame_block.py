"""The MOTION section of a BVH file: the frame rate and a row of numbers for each frame."""

from __future__ import annotations

import contextlib
import io
import re
from itertools import chain

import numpy as np

from ...errors import FormatError, LimitError
from ...finite_numbers import LARGEST, are_finite
from ..motion_format import ReadLimits


def read_frames(text: str, start: int, channels: int, name: str, limits: ReadLimits) -> tuple[float, np.ndarray]:
    """Frames per second and values (T, C). The claimed number of frames is only compared with what is there."""
    head = re.compile(r"\s*Frames\s*:\s*(\S+)\s+Frame\s*Time\s*:\s*(\S+)[ \t]*", re.IGNORECASE).match(text, start)
    if head is None:
        raise FormatError(f"{name} line {text.count(chr(10), 0, start) + 1}: expected 'Frames:' and 'Frame Time:'")
    try:
        claimed, frame_time = int(head[1]), float(head[2])
    except ValueError:
        raise FormatError(
            f"{name}: Frames is {head[1][:40]!r}, Frame Time {head[2][:40]!r}; expected numbers"
        ) from None
    if not 0 < frame_time < np.inf:
        raise FormatError(f"{name}: Frame Time is {head[2][:40]}, expected seconds above 0")
    if claimed < 1 or channels == 0:
        raise FormatError(f"{name}: {claimed} frames of {channels} channels hold no motion")
    if claimed > limits.max_frames:
        raise LimitError(f"{name}: {claimed} frames, at most {limits.max_frames} are allowed")
    block = text[head.end() :]
    values = _numbers(block, channels)
    if values is None or not are_finite(values):
        raise _bad_number(block, name, text.count("\n", 0, head.end()) + 1)
    if len(values) != claimed * channels:
        raise FormatError(
            f"{name}: {len(values)} numbers in the MOTION block, expected {claimed} frames of {channels} channels "
            f"= {claimed * channels}"
        )
    rate = 1.0 / frame_time
    return (float(round(rate)) if abs(rate - round(rate)) < 0.01 else rate), values.reshape(claimed, channels)


def _numbers(block: str, channels: int) -> np.ndarray | None:
    """All numbers of the block, or None if something in it is none. Works line by line, so that memory follows the text."""
    if len(block.lstrip().partition("\n")[0].split()) == channels:
        with contextlib.suppress(ValueError):  # one frame a line, as most files have it: numpy reads it a third faster
            return np.loadtxt(io.StringIO(block), comments=None, ndmin=1).ravel()
    words = chain.from_iterable(map(str.split, io.StringIO(block)))
    try:
        return np.fromiter(map(float, words), np.float64)
    except ValueError:
        return None


def _bad_number(block: str, name: str, first_line: int) -> FormatError:
    for number, line in enumerate(block.split("\n")):
        for word in line.split():
            try:
                finite = abs(float(word)) <= LARGEST
            except ValueError:
                finite = False
            if not finite:
                return FormatError(f"{name} line {first_line + number}: {word[:40]!r} is not a finite number")
    return FormatError(f"{name}: the MOTION block holds something that is not a number")
