"""Rows that come at times of their own, on an even grid: phones drop frames, and their clocks are not exact."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...errors import FormatError, LimitError
from ...ranges import FPS
from ..motion_format import ReadLimits

Array = NDArray[np.float64]

_USUAL_RATES = (
    *(24000 / 1001, 24.0, 25.0, 30000 / 1001, 30.0, 48000 / 1001, 48.0, 50.0, 60000 / 1001, 60.0),
    *(90.0, 100.0, 120000 / 1001, 120.0, 240.0),
)
_ON_THE_GRID = 0.25
"""Of a frame: rows that are so near to a frame of their own are taken as they are, not interpolated."""
_CLOCK_DRIFT = 0.5
"""Frames that a recording may end beside a usual rate and still be of that rate."""
_UNEVEN_RATE = 0.03
"""How near a usual rate has to be to that of rows that come unevenly."""
_HOLE_FROM = 2.5
"""Median steps."""
_LARGEST_STEP_BACK_SECONDS = 1.0
_ROWS_A_TIME = 1.5
"""If as many rows or more share a time, the clock is coarser than the rows; if fewer do, rows were written twice."""


@dataclass(frozen=True)
class EvenFrames:
    """values: (T, K), frame k at k / fps after the first row. notes: what was done for that."""

    fps: float
    values: Array
    notes: tuple[str, ...] = ()


def even_frames(
    seconds: Array, values: Array, name: str, limits: ReadLimits, lines: NDArray[np.int64], row_word: str = "line"
) -> EvenFrames:
    """Bring rows onto an even grid.

    seconds: (N,) increasing but for single rows. values: (N, K); rows of NaN have a time and no values. lines: (N,) where
    the rows stand, in numbers of row_word, for messages.
    Raises FormatError where times go back by more than a second, LimitError for more frames than allowed.
    """
    notes: list[str] = []
    seconds, values = _in_order(seconds, values, f"{name} {row_word}", lines, notes)
    if len(seconds) < 2:
        raise FormatError(f"{name}: all rows have the same time")
    fps, even = _rate(seconds)
    position = (seconds - seconds[0]) * fps
    frames = int(np.rint(position[-1])) + 1
    if frames > limits.max_frames:
        raise LimitError(f"{name}: {frames} frames by its times, at most {limits.max_frames} are allowed")
    limits.check_size(frames, 0, values.shape[1], name)
    if not even:
        steps = np.diff(seconds) * 1000
        notes.append(
            f"rows are {steps.min():.1f} to {steps.max():.1f} ms apart: interpolated at {fps:g} frames per second"
        )
    place = np.rint(position) if even else position
    held = ~np.isnan(values).any(axis=1)
    grid = np.arange(frames, dtype=np.float64)
    filled = np.stack([np.interp(grid, place[held], column) for column in values[held].T], axis=1)
    notes += _holes(place[held], frames, fps)
    return EvenFrames(fps, filled, tuple(notes))


def _in_order(
    seconds: Array, values: Array, where: str, lines: NDArray[np.int64], notes: list[str]
) -> tuple[Array, Array]:
    """Times that increase from row to row."""
    back = np.diff(seconds)
    if len(back) and back.min() < 0:
        worst = int(back.argmin())
        if back[worst] < -_LARGEST_STEP_BACK_SECONDS:
            raise FormatError(
                f"{where} {lines[worst + 1]}: its time is {-back[worst]:.2f} s before that of the row above; "
                "two recordings in one file have to be parted"
            )
        order = np.argsort(seconds, kind="stable")
        seconds, values = seconds[order], values[order]
        notes.append(f"{int((back < 0).sum())} rows stand before earlier ones: sorted by their times")
    distinct, first, count = np.unique(seconds, return_index=True, return_counts=True)
    if len(distinct) == len(seconds) or len(distinct) < 2:
        return (seconds, values) if len(distinct) == len(seconds) else (distinct, values[first])
    if len(seconds) < _ROWS_A_TIME * len(distinct):
        notes.append(f"{len(seconds) - len(distinct)} rows repeat the time of the row before them and are left out")
        return distinct, values[first]
    gaps = np.diff(distinct, append=2 * distinct[-1] - distinct[-2])
    within = np.arange(len(seconds)) - np.repeat(first, count)
    notes.append(f"{len(seconds)} rows share {len(distinct)} times: they are spread evenly between them")
    return seconds + within * np.repeat(gaps / count, count), values


def _rate(seconds: Array) -> tuple[float, bool]:
    """Frames per second, and whether each row has a frame of its own at that rate."""
    steps = np.diff(seconds)
    for guess in (float(np.median(steps)), float(np.quantile(steps, 0.1, method="lower"))):
        counts = np.maximum(1, np.rint(steps / guess))
        place = np.concatenate([[0.0], np.cumsum(counts)])
        fps = float(place[-1] / (seconds[-1] - seconds[0]))
        near = min(_USUAL_RATES, key=lambda rate: abs(rate - fps))
        if abs(near / fps - 1) * place[-1] < _CLOCK_DRIFT:
            fps = near
        offset = (seconds - seconds[0]) * fps - place
        if fps in FPS and np.ptp(offset) <= 2 * _ON_THE_GRID and np.abs(offset).max() <= 0.5:
            return fps, True
    usual = steps[steps <= _HOLE_FROM * np.median(steps)]
    fps = min(max(1 / float(usual.mean()), FPS.least), FPS.most)
    near = min(_USUAL_RATES, key=lambda rate: abs(rate - fps))
    return (near if abs(near / fps - 1) < _UNEVEN_RATE else round(fps, 3)), False


def _holes(place: Array, frames: int, fps: float) -> list[str]:
    """A note about frames that no row is near to."""
    gaps = np.diff(place)
    missing = (
        frames - 1 - int(np.rint(place[-1])) + int(np.rint(place[0])) + int((np.maximum(np.rint(gaps), 1) - 1).sum())
    )
    if missing <= 0 or len(gaps) == 0:
        return []
    longest = int(gaps.argmax())
    where = f"the longest {gaps[longest] / fps:.2f} s from {place[longest] / fps:.2f} s on"
    return [f"{missing} of {frames} frames have no row and are filled by interpolation, {where}"]
