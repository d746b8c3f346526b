"""Recordings of the app Face Cap as text, read only. A line begins with what it is:

    info, ...                       about the recording; passed over
    bs, name, name, ...             the blendshapes, ARKit's with _L and _R
    k, ms, 3 x head position, 3 x head angle, 2 x left eye, 2 x right eye, weight, weight, ...

ms: since the beginning. Head and eyes are left out.
"""

from __future__ import annotations

import csv

import numpy as np

from ...errors import FormatError, LimitError
from ...face.arkit_names import arkit_curves
from ...files.text_lines import text_lines
from ...finite_numbers import are_finite
from ...motion import face_motion
from ..motion_format import Loaded, MotionFormat, ReadLimits
from .curve_table import text_of
from .even_frames import EvenFrames, even_frames

_BEFORE_WEIGHTS = 12
_DEFAULT_FPS = 60.0


def recognises(data: bytes) -> bool:
    """Whether lines of this kind stand at its beginning."""
    lines = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n").splitlines()
    kinds = {line.split(b",", 1)[0].strip().lower() for line in lines[:-1] if b"," in line}
    return b"bs" in kinds and kinds <= {b"info", b"bs", b"k"}


def read(data: bytes, name: str, limits: ReadLimits) -> Loaded:
    """A face alone, on an even grid. Raises FormatError with the line, LimitError."""
    names: list[str] = []
    rows: list[list[float]] = []
    lines: list[int] = []
    reader = csv.reader(text_lines(text_of(data, name), name))
    try:
        for cells in reader:
            kind = cells[0].strip().lower() if cells else ""
            if kind == "bs":
                names = [cell.strip() for cell in cells[1:] if cell.strip()]
            elif kind == "k":
                if len(rows) >= limits.max_frames:
                    raise LimitError(f"{name}: more than {limits.max_frames} frames")
                rows.append(_row(cells, len(names), f"{name} line {reader.line_num}"))
                lines.append(reader.line_num)
    except csv.Error as error:
        raise FormatError(f"{name} line {reader.line_num}: {error}") from None
    if not rows:
        raise FormatError(f"{name}: no frames")
    table = np.array(rows)
    frames = EvenFrames(_DEFAULT_FPS, table[:, 1:], (f"one row: {_DEFAULT_FPS:g} frames per second assumed",))
    if len(rows) > 1:
        frames = even_frames(table[:, 0] / 1000, table[:, 1:], name, limits, np.array(lines))
    face, notes = arkit_curves(names, frames.values, name)
    return Loaded(
        face_motion(face, frames.fps), (*frames.notes, *notes, "positions and angles of head and eyes are left out")
    )


def _row(cells: list[str], width: int, where: str) -> list[float]:
    """Milliseconds and weights."""
    filled = cells[: _BEFORE_WEIGHTS + width]
    try:
        row = [float(cell) for cell in (cells[1], *filled[_BEFORE_WEIGHTS:])]
    except (ValueError, IndexError):
        row = []
    if len(row) != 1 + width or not width or not are_finite(np.array(row)):
        raise FormatError(f"{where}: expected k, milliseconds, 10 numbers of head and eyes and {width} weights")
    return row


FACE_CAP_TXT = MotionFormat(
    name="face-cap-txt",
    description="Recordings of the app Face Cap as text",
    extensions=(".txt",),
    body=False,
    face=True,
    native_coordinates=None,
    any_coordinates=False,
    recognises=recognises,
    read=read,
    write=None,
)
