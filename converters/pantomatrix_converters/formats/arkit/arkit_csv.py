"""ARKit weights as CSV in the layout of Epic's Live Link Face app, and other tables with columns of ARKit's names.

The app's: a header, then a row a frame: a time code HH:MM:SS:FF.fff (FF counts frames, fff is the part of a frame), the
number of values, 61 values. The first 52 are blendshape weights, the last nine turns of head and eyes (`head_and_eyes.py`),
which are left out when read: a face alone has no head. Where it sees no face the number of values is 0. Columns are found by
name, in any order and spelling; semicolons, tabs, decimal commas and UTF-16 are what spreadsheets make of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from ...coordinates import CoordinateSystem
from ...errors import FormatError, LimitError
from ...face.arkit_names import arkit_columns, arkit_curves
from ...face.rigs import ARKIT52
from ...finite_numbers import LARGEST
from ...motion import Motion, face_motion
from ..motion_format import Loaded, MotionFormat, ReadLimits
from .curve_table import CurveTable, curve_table, looks_like_table
from .even_frames import EvenFrames, even_frames
from .head_and_eyes import ANGLES, head_and_eyes
from .row_times import row_times, time_columns

Array = NDArray[np.float64]

DEFAULT_FPS = 60.0
"""What the app records at, used where a file is too short to tell."""


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
CSV_HEADER = ("Timecode", "BlendShapeCount", *map(_capital, _ORDER), *ANGLES)


def write(motion: Motion, coordinates: CoordinateSystem) -> bytes:
    """The motion's ARKit weights, and how head and eyes are turned. `coordinates` plays no part: weights have no axes, and
    the turns are the person's own."""
    del coordinates
    face = motion.face
    assert face is not None
    columns = [face.names.index(name) for name in _ORDER]
    rate = max(1, round(motion.fps))
    lines = [",".join(CSV_HEADER)]
    values = np.concatenate([face.weights[:, columns], head_and_eyes(motion)], axis=1)
    for frame, row in enumerate(values.tolist()):
        numbers = ",".join(f"{number:.6f}" for number in row)
        lines.append(f"{_timecode(frame / motion.fps, rate)},{len(row)},{numbers}")
    return ("\n".join(lines) + "\n").encode()


def _timecode(seconds: float, rate: int) -> str:
    whole = int(seconds + 1e-9)
    frame_thousandths = round((seconds - whole) * rate * 1000)
    if frame_thousandths >= rate * 1000:
        whole, frame_thousandths = whole + 1, 0
    frame, thousandths = divmod(frame_thousandths, 1000)
    return f"{whole // 3600:02d}:{whole // 60 % 60:02d}:{whole % 60:02d}:{frame:02d}.{thousandths:03d}"


def read(data: bytes, name: str, limits: ReadLimits) -> Loaded:
    """A face alone, on an even grid of frames: the column of times says when a row is.

    Missing curves are 0 and named in a note, as are rows without values and holes, which are filled.
    Raises FormatError with the line, LimitError.
    """
    table = curve_table(data, name)
    columns = arkit_columns(table.header, f"{name} line 1")
    rows = _Rows(table, columns, name)
    for line, cells in table.rows:
        if len(rows.lines) >= limits.max_frames:
            raise LimitError(f"{name}: more than {limits.max_frames} frames")
        rows.add(line, cells)
    weights = rows.finished()
    frames = _on_time(rows, weights, name, limits)
    face, notes = arkit_curves(list(columns), frames.values, name)
    return Loaded(face_motion(face, frames.fps), (*rows.notes, *frames.notes, *notes))


@dataclass
class _Rows:
    """Rows as they are read. times: for each column that may hold times, its cells."""

    table: CurveTable
    columns: dict[str, int]
    name: str
    lines: list[int] = field(default_factory=list)
    weights: list[list[float]] = field(default_factory=list)
    times: dict[int, list[str]] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    _broken: str = ""

    def __post_init__(self) -> None:
        header = self.table.header
        self.times = {index: [] for index in time_columns(header)}
        self._absent = [float("nan")] * len(self.columns)
        self._count = next((at for at, cell in enumerate(header) if cell.lower() == "blendshapecount"), -1)
        self._others = [
            at for at, cell in enumerate(header) if cell and at != self._count and at not in self.columns.values()
        ]
        self._others = [at for at in self._others if at not in self.times]
        self._left_out: set[int] = set()

    def add(self, line: int, cells: list[str]) -> None:
        """Raises FormatError."""
        if not any(cells) or cells[0].startswith("#"):
            return
        if self._broken:
            raise FormatError(self._broken)
        where = f"{self.name} line {line}"
        last = max(self.columns.values())
        if self._is_without_values(cells):
            weights = self._absent
        elif len(cells) <= last:
            self._broken = f"{where}: {len(cells)} cells, expected {len(self.table.header)}"
            return
        else:
            weights = [self._weight(cells[column], curve, where) for curve, column in self.columns.items()]
            self._check_width(cells, where)
        self.lines.append(line)
        self.weights.append(weights)
        for column, times in self.times.items():
            times.append(cells[column].strip() if column < len(cells) else "")
        self._left_out.update(at for at in self._others if at < len(cells) and cells[at].strip("0., \t-"))

    def finished(self) -> Array:
        """(N, curves) weights; NaN in rows without values. Raises FormatError."""
        if self._broken and len(self.lines) > 0:
            self.notes.append("the last row is incomplete and left out")
        elif self._broken:
            raise FormatError(self._broken)
        weights = np.array(self.weights, np.float64).reshape(-1, len(self.columns))
        absent = np.isnan(weights).any(axis=1)
        if absent.all():
            raise FormatError(f"{self.name}: no frames")
        if absent.any():
            self.notes.append(f"{int(absent.sum())} rows have no values: nobody was seen")
        if self._left_out:
            names = [repr(self.table.header[at][:40])[1:-1] for at in sorted(self._left_out)]
            more = f" and {len(names) - 9} more" if len(names) > 9 else ""
            self.notes.append(f"columns that are not curves are left out: {', '.join(names[:9])}{more}")
        return weights

    def _is_without_values(self, cells: list[str]) -> bool:
        """The app writes a count of 0, and no values, where it sees no face."""
        if 0 <= self._count < len(cells) and cells[self._count].strip() in ("0", "0.0"):
            return True
        written = [at for at in self.columns.values() if at < len(cells)]
        is_whole = len(written) == len(self.columns) or (
            self._count < 0 and len(cells) > min(self.times, default=len(cells))
        )
        return is_whole and not any(cells[at].strip() for at in written)

    def _weight(self, cell: str, curve: str, where: str) -> float:
        try:
            # Between commas too: a cell that holds one was quoted, as online spreadsheets do it.
            weight = float(cell.replace(",", "."))
        except ValueError:
            raise FormatError(f"{where}: {curve} is {cell[:40]!r}, expected a number") from None
        if not abs(weight) <= LARGEST:
            raise FormatError(f"{where}: {curve} is {cell[:40]!r}, expected a finite number")
        return weight

    def _check_width(self, cells: list[str], where: str) -> None:
        width = len(self.table.header)
        if self.table.separator == "," and len(cells) >= 1.5 * width and any(cells[width:]):
            raise FormatError(
                f"{where}: {len(cells)} cells for {width} columns; numbers with decimal commas need quotes, or "
                "semicolons between them"
            )


def _on_time(rows: _Rows, weights: Array, name: str, limits: ReadLimits) -> EvenFrames:
    lines = np.array(rows.lines)
    for column, cells in rows.times.items():
        times = row_times(cells, rows.table.header[column], name, lines) if len(cells) > 1 else None
        if times is None:
            continue
        if not times.is_counter:
            frames = even_frames(times.seconds, weights, name, limits, lines)
            return replace(frames, notes=(*times.notes, *frames.notes))
        frames = even_frames(times.seconds / DEFAULT_FPS, weights, name, limits, lines)
        return EvenFrames(DEFAULT_FPS, frames.values, (_assumed("rows are counted, not timed"), *frames.notes))
    frames = even_frames(np.arange(len(lines)) / DEFAULT_FPS, weights, name, limits, lines) if len(lines) > 1 else None
    values = weights if frames is None else frames.values
    return EvenFrames(
        DEFAULT_FPS, values, (_assumed("the file has no column of times"), *(frames.notes if frames else ()))
    )


def _assumed(why: str) -> str:
    return f"{why}: {DEFAULT_FPS:g} frames per second assumed"


ARKIT_CSV = MotionFormat(
    name="arkit-csv",
    description="ARKit 52 blendshape weights, Live Link Face layout",
    extensions=(".csv",),
    body=False,
    face=True,
    native_coordinates=None,
    any_coordinates=False,
    recognises=looks_like_table,
    read=read,
    write=write,
    face_rigs=(ARKIT52.name,),
)
