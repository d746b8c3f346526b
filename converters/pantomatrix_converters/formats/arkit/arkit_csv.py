"""ARKit weights as CSV in the layout of Epic's Live Link Face app.

A header, then a row a frame: a time code HH:MM:SS:FF.fff (FF counts frames, fff is the part of a frame), the number of
values, 61 values. The first 52 are blendshape weights, the last nine head and eye angles, whose unit Epic does not
document: they are written as 0 and left out when read. Columns are found by name, in any order and case.
"""

from __future__ import annotations

import csv
import re

import numpy as np

from ...coordinates import CoordinateSystem
from ...errors import FormatError, LimitError
from ...face.rigs import ARKIT52
from ...files.text_lines import text_lines
from ...finite_numbers import LARGEST
from ...motion import FaceCurves, Motion, face_motion
from ..motion_format import Loaded, MotionFormat, ReadLimits

DEFAULT_FPS = 60.0
"""What the app records at, used where a file is too short to tell."""

_ANGLES = tuple(f"{part}{angle}" for part in ("Head", "LeftEye", "RightEye") for angle in ("Yaw", "Pitch", "Roll"))
_TIMECODE = re.compile(r"^(\d+):(\d+):(\d+)[:;](\d+(?:\.\d+)?)$")


def _capital(name: str) -> str:
    return name[0].upper() + name[1:]


def _app_order() -> tuple[str, ...]:
    """The app lists Right before Left where ARKit's own order has Left first: jaw and mouth."""
    names = list(ARKIT52.curve_names)
    for part in ("jaw", "mouth"):
        left, right = names.index(f"{part}Left"), names.index(f"{part}Right")
        names[left], names[right] = names[right], names[left]
    return tuple(names)


_ORDER = _app_order()
CSV_HEADER = ("Timecode", "BlendShapeCount", *map(_capital, _ORDER), *_ANGLES)


def recognises(data: bytes) -> bool:
    """Whether the first line names a blendshape."""
    first_line = data.lstrip(b"\xef\xbb\xbf").split(b"\n", 1)[0].lower()
    return (
        b"," in first_line
        and not first_line.startswith(b"{")
        and (b"jawopen" in first_line or b"eyeblinkleft" in first_line)
    )


def write(motion: Motion, coordinates: CoordinateSystem) -> bytes:
    """The motion's ARKit weights. `coordinates` plays no part: weights have no axes."""
    del coordinates
    face = motion.face
    assert face is not None
    columns = [face.names.index(name) for name in _ORDER]
    rate = max(1, round(motion.fps))
    angles = ",0" * len(_ANGLES)
    lines = [",".join(CSV_HEADER)]
    for frame, row in enumerate(face.weights[:, columns].tolist()):
        weights = ",".join(f"{weight:.6f}" for weight in row)
        lines.append(f"{_timecode(frame / motion.fps, rate)},{len(CSV_HEADER) - 2},{weights}{angles}")
    return ("\n".join(lines) + "\n").encode()


def _timecode(seconds: float, rate: int) -> str:
    whole = int(seconds + 1e-9)
    frame_thousandths = round((seconds - whole) * rate * 1000)
    if frame_thousandths >= rate * 1000:
        whole, frame_thousandths = whole + 1, 0
    frame, thousandths = divmod(frame_thousandths, 1000)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}:{frame:02d}.{thousandths:03d}"


def read(data: bytes, name: str, limits: ReadLimits) -> Loaded:
    """A face alone. Missing curves are 0 and named in a note. Raises FormatError with the line, LimitError."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormatError(f"{name}: byte {error.start} is not UTF-8 text") from None
    reader = csv.reader(text_lines(text, name))
    try:
        header = [cell.strip() for cell in next(reader, [])]
        columns = _columns(header, name)
        timecode_column = next((i for i, cell in enumerate(header) if cell.lower() == "timecode"), None)
        rows: list[list[float]] = []
        timecodes: list[str] = []
        for cells in reader:
            if not cells:
                continue
            if len(rows) >= limits.max_frames:
                raise LimitError(f"{name}: more than {limits.max_frames} frames")
            rows.append(_weights(cells, columns, header, f"{name} line {reader.line_num}"))
            if timecode_column is not None:
                timecodes.append(cells[timecode_column].strip())
    except csv.Error as error:
        raise FormatError(f"{name} line {reader.line_num}: {error}") from None
    if not rows:
        raise FormatError(f"{name}: no frames")
    fps, notes = _frame_rate(timecodes)
    weights = np.zeros((len(rows), len(ARKIT52.curve_names)), np.float32)
    weights[:, [ARKIT52.curve_names.index(curve) for curve in columns]] = rows
    missing = [curve for curve in ARKIT52.curve_names if curve not in columns]
    if missing:
        notes.append(f"{len(missing)} curves are absent and taken as 0: {', '.join(missing)}")
    return Loaded(face_motion(FaceCurves(ARKIT52.name, ARKIT52.curve_names, weights), fps), tuple(notes))


def _columns(header: list[str], name: str) -> dict[str, int]:
    """Curve -> column."""
    known = {curve.lower(): curve for curve in ARKIT52.curve_names}
    columns: dict[str, int] = {}
    for index, cell in enumerate(header):
        curve = known.get(cell.lower())
        if curve is None:
            continue
        if curve in columns:
            raise FormatError(f"{name} line 1: column {cell!r} occurs twice")
        columns[curve] = index
    if not columns:
        raise FormatError(f"{name} line 1: no column is named after an ARKit blendshape, for example JawOpen")
    return columns


def _weights(cells: list[str], columns: dict[str, int], header: list[str], where: str) -> list[float]:
    if len(cells) < len(header):
        raise FormatError(f"{where}: {len(cells)} cells, expected {len(header)}")
    weights = []
    for curve, column in columns.items():
        try:
            weight = float(cells[column])
        except ValueError:
            raise FormatError(f"{where}: {curve} is {cells[column][:40]!r}, expected a number") from None
        if not abs(weight) <= LARGEST:
            raise FormatError(f"{where}: {curve} is {cells[column]!r}, expected a finite number")
        weights.append(weight)
    return weights


def _frame_rate(timecodes: list[str]) -> tuple[float, list[str]]:
    """Frames per second from the time codes: frames between the first and the last change of the second, or, within a
    second, the step of the frame counter against the app's 60."""
    matches = [_TIMECODE.match(code) for code in timecodes]
    if len(matches) > 1 and all(matches):
        seconds = np.array([int(m[1]) * 3600 + int(m[2]) * 60 + int(m[3]) for m in matches if m])
        changes = np.flatnonzero(np.diff(seconds) == 1) + 1
        if len(changes) > 1:
            return float(changes[-1] - changes[0]) / (len(changes) - 1), []
        counters = np.array([float(m[4]) for m in matches if m])
        if len(changes) == 1:
            rate = counters[changes[0] - 1] + 1 - counters[changes[0]]
            if 1 <= rate <= 240:
                return float(np.rint(rate)), []
    return DEFAULT_FPS, [f"the time codes do not tell the frame rate: {DEFAULT_FPS:g} frames per second assumed"]


ARKIT_CSV = MotionFormat(
    name="arkit-csv",
    description="ARKit 52 blendshape weights, Live Link Face layout",
    extensions=(".csv",),
    body=False,
    face=True,
    native_coordinates=None,
    any_coordinates=False,
    recognises=recognises,
    read=read,
    write=write,
    face_rigs=(ARKIT52.name,),
)
