"""When the rows of a table are, from what stands in its column of times: SMPTE time codes, clocks, seconds, counters."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
from numpy.typing import NDArray

from ...errors import FormatError

Array = NDArray[np.float64]

_CODE = re.compile(r"(?:(\d{1,4})[:;])?(\d{1,4})[:;](\d{1,4})(?:([:;.,])(\d{1,9})(?:[.,](\d{1,9}))?)?", re.ASCII)
_CODE_RATES = (24, 25, 30, 48, 50, 60, 90, 100, 120, 240)
_DROP_RATES = (30, 60)
_NTSC = 1001 / 1000
_DAY_SECONDS = 86400
_UNITS = {"ms": 1e-3, "msec": 1e-3, "millis": 1e-3, "milliseconds": 1e-3, "us": 1e-6, "ns": 1e-9, "s": 1.0, "sec": 1.0}
_TIME_WORDS = (
    *("timecode", "timestamp", "timestamps", "time", "times", "seconds", "second", "sec", "secs", "t", "clock"),
    *("frametime", "elapsed", "elapsedtime", "currenttime", "capturetime", "ms", "milliseconds"),
)
_COUNTER_WORDS = ("frame", "frames", "frameid", "frameindex", "framenumber", "frameno", "index")


@dataclass(frozen=True)
class RowTimes:
    """seconds: (N,). notes: what was assumed. is_counter: whether rows are counted, so that no rate is known: seconds are
    numbers of frames then."""

    seconds: Array
    notes: tuple[str, ...] = ()
    is_counter: bool = False


def time_columns(header: Sequence[str]) -> list[int]:
    """Columns that may hold times, the likeliest first."""
    bare = [_bare(cell) for cell in header]
    words = [_without_unit(word)[0] for word in bare]
    ranked = {word: rank for rank, word in enumerate((*_TIME_WORDS, *_COUNTER_WORDS))}
    found = [index for index, word in enumerate(words) if word in ranked]
    return sorted(found, key=lambda index: ranked[words[index]])


def row_times(cells: Sequence[str], header: str, name: str, lines: NDArray[np.int64]) -> RowTimes | None:
    """Times of rows; None if the column says nothing about time.

    cells: (N,) as they stand. header: of their column. lines: (N,) where they stand. Raises FormatError for a cell that is
    of another kind than the first.
    """
    times = _read(cells, header, name, lines)
    return times if times is None or len(cells) < 2 or np.ptp(times.seconds) > 0 else None


def _read(cells: Sequence[str], header: str, name: str, lines: NDArray[np.int64]) -> RowTimes | None:
    matches = [_CODE.fullmatch(cell) for cell in cells]
    if matches[0]:
        bad = next((index for index, match in enumerate(matches) if match is None), None)
        if bad is not None:
            _refuse(cells[bad], "a time code like the others, HH:MM:SS:FF", name, int(lines[bad]))
        return _from_codes([match for match in matches if match])
    values = _numbers(cells)
    if values is not None:
        return _from_numbers(values, header)
    if _numbers(cells[:1]) is not None:
        bad = next(index for index in range(len(cells)) if _numbers(cells[index : index + 1]) is None)
        _refuse(cells[bad], "a number like the others", name, int(lines[bad]))
    return _from_dates(cells)


def _refuse(cell: str, wanted: str, name: str, line: int) -> None:
    raise FormatError(f"{name} line {line}: the time is {cell[:40]!r}, expected {wanted}")


def _bare(cell: str) -> str:
    """'timestampMs' -> 'timestamp ms'."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", cell.rpartition(".")[2])
    return re.sub(r"[^a-z]+", " ", words.lower()).strip()


def _without_unit(bare: str) -> tuple[str, float | None]:
    """'time ms' -> ('time', 0.001)."""
    words = bare.split()
    if len(words) > 1 and words[-1] in _UNITS:
        return "".join(words[:-1]), _UNITS[words[-1]]
    return "".join(words), _UNITS.get("".join(words))


# ----------------------------------------------------------------------------------------------------------- time codes


def _from_codes(codes: list[re.Match[str]]) -> RowTimes | None:
    whole = np.array([[int(code[1] or 0), int(code[2]), int(code[3])] for code in codes], np.int64)
    seconds = whole @ np.array([3600, 60, 1])
    separators = {code[4] for code in codes}
    if separators == {None}:
        return RowTimes(_over_midnight(seconds.astype(np.float64), _DAY_SECONDS))
    counters = np.array([float(f"{code[5] or 0}.{code[6] or 0}") for code in codes])
    rate = _counter_rate(seconds, counters)
    if separators <= {".", ",", None} and not (rate in _CODE_RATES and all(len(code[5] or "") == 2 for code in codes)):
        fractions = np.array([float(f"0.{code[5] or 0}") for code in codes])
        return RowTimes(_over_midnight(seconds.astype(np.float64) + fractions, _DAY_SECONDS))
    if any(_repeats_milliseconds(counters, usual) for usual in _CODE_RATES):
        return RowTimes(_over_midnight(seconds.astype(np.float64) + counters % 1, _DAY_SECONDS))
    notes: tuple[str, ...] = ()
    if rate is None:
        rate = next((usual for usual in (60, 120, 240) if usual > counters.max()), int(counters.max()) + 1)
        notes = (f"the time codes do not tell the frame rate: {rate} frames per second assumed",)
    if rate in _DROP_RATES and (";" in separators or _skips_codes(seconds, counters, rate)):
        minutes = seconds // 60
        dropped = 2 * rate // 30 * (minutes - minutes // 10)
        times = (seconds * rate + counters - dropped) * _NTSC / rate
        day = (_DAY_SECONDS * rate - 2 * rate // 30 * (1440 - 144)) * _NTSC / rate
        notes = (*notes, f"the time codes are drop-frame ones, of {rate / _NTSC:.2f} frames per second")
        return RowTimes(_over_midnight(times, day), notes)
    return RowTimes(_over_midnight(seconds.astype(np.float64) + counters / rate, _DAY_SECONDS), notes)


def _counter_rate(seconds: NDArray[np.int64], counters: Array) -> int | None:
    """How far the counter goes in a second, from rows on both sides of a change of the second; None if there are none."""
    change = np.diff(seconds)
    steps = np.diff(counters)
    inside = steps[(change == 0) & (steps > 0)]
    crossing = change == 1
    if not crossing.any() or not len(inside):
        return None
    length = (counters[:-1] - counters[1:])[crossing] + float(np.median(inside))
    rate = max(float(np.median(length)), float(np.floor(counters.max())) + 1)
    near = min((*_CODE_RATES, 1000), key=lambda usual: abs(usual - rate))
    return near if abs(near - rate) < 0.5 and near > np.floor(counters.max()) else max(1, round(rate))


def _repeats_milliseconds(counters: Array, rate: int) -> bool:
    """Whether the digits after the counter's point are milliseconds of the second and not part of a frame, as some programs
    write them: .966 s is frame 57 or 58 of 60."""
    frames, parts = np.floor(counters), counters % 1
    return frames.max() >= rate / 2 and bool((np.abs(parts * rate - frames) < 1.1).all())


def _skips_codes(seconds: NDArray[np.int64], counters: Array, rate: int) -> bool:
    """Whether each minute but the tenth ones begins with the code that drop-frame counting gives it, straight after the last
    one of the minute before."""
    first = np.flatnonzero((np.diff(seconds) == 1) & (seconds[1:] % 60 == 0) & (seconds[1:] // 60 % 10 != 0)) + 1
    skipped = 2 * rate // 30
    straight = np.floor(counters[first - 1]) == rate - 1
    return bool(len(first)) and bool((straight & (np.floor(counters[first]) == skipped)).all())


def _over_midnight(times: Array, day: float) -> Array:
    """Codes of a time of day go on after the day's end."""
    return times + day * np.concatenate([[0], np.cumsum(np.diff(times) < -day / 2)])


# -------------------------------------------------------------------------------------------------------------- numbers


def _numbers(cells: Sequence[str]) -> Array | None:
    try:
        values = np.array([float(cell.replace(",", ".")) for cell in cells])
    except ValueError:
        return None
    return values if np.isfinite(values).all() else None


def _from_numbers(values: Array, header: str) -> RowTimes | None:
    word, unit = _without_unit(_bare(header))
    steps = np.diff(values)
    forward = steps[steps > 0]
    step = float(np.median(forward)) if len(forward) else 0.0
    whole = bool((values == np.rint(values)).all())
    if word in _COUNTER_WORDS or (unit is None and whole and step == 1):
        return RowTimes(values - values[0], is_counter=True)
    notes = ()
    if unit is None:
        unit = next((unit for unit in (1.0, 1e-3, 1e-6, 1e-9) if step * unit < 1), 1e-9)
        if unit != 1.0:
            told = {1e-3: "milliseconds", 1e-6: "microseconds", 1e-9: "nanoseconds"}[unit]
            notes = (f"times are {step:g} apart and are taken for {told}",)
    return RowTimes((values - values[0]) * unit, notes)


def _from_dates(cells: Sequence[str]) -> RowTimes | None:
    try:
        dates = [datetime.fromisoformat(cell) for cell in cells]
        return RowTimes(np.array([(date - dates[0]).total_seconds() for date in dates]))
    except (ValueError, TypeError, OverflowError):
        return None
