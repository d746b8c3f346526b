"""What the text of a stream says of its lips: see TimedText. The sound tells the rest."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters.errors import LimitError

from ..timed_text import MAX_SYMBOLS, Said
from .hearing import HOPS_PER_SECOND
from .lips import TARGETS
from .phones import Shape, in_turn, shapes, trajectories

Array = NDArray[np.float64]

_ROUNDING_SECONDS = 0.005
"""A shorter gap between two phones is a rounding of their times."""
_PASSAGE_SECONDS = 0.11
"""Longest passage from one shape to the next: at the usual look-ahead of live speech (a hop is 0.056 s behind the sound)
lips then are where they are with all text known, though text comes with its sound."""
_REACH_SECONDS = _PASSAGE_SECONDS / 2
_CLOSURE_SECONDS = 0.085
"""How long lips are shut at least for a bilabial; synthesizers tell of its release or of a part of it (measured: a label of
50 ms for a closure of 85)."""
_OPEN_SECONDS = 0.08
"""How long all but the last shape of a symbol last whose end is not told."""
_CLOSED = TARGETS.index("closed")
_SHUT: Shape = tuple(float(name == "closed") for name in TARGETS)
_SILENT: Shape = (0.0,) * len(TARGETS)
_ALL: Shape = (1.0,) * len(TARGETS)


@dataclass(frozen=True)
class _Part:
    shape: Shape
    start: float
    end: float


@dataclass(frozen=True, eq=False)
class Told:
    """What the text tells of consecutive hops. targets: (H, len(TARGETS)); share: (H,) how much of a hop is told by it; the
    targets have that share already."""

    targets: Array
    share: Array


class Script:
    """The parts that are still to come, in seconds of the stream."""

    def __init__(self, first_hop: float) -> None:
        """first_hop: at which hop of the stream the first one is told."""
        self._first_hop, self._told = first_hop, 0
        self._parts: list[_Part] = []
        self._last = Said("", -math.inf, -math.inf)

    def read(self, said: Sequence[Said]) -> None:
        """It takes the place of what was known from its first start on. What is late begins as soon as lips can. Raises
        LimitError."""
        if len(self._parts) + len(said) > MAX_SYMBOLS:
            raise LimitError(f"{len(self._parts) + len(said)} symbols wait to be said, at most {MAX_SYMBOLS} may")
        for one in said:
            self.stop(one.start)
            before, self._last = self._last, one
            gap = one.start - before.end
            if before.letters is None and one.letters is None and gap > 0:
                self._add([(_SILENT, before.end, one.start)])
            elif 0 < gap < _ROUNDING_SECONDS and self._parts and self._parts[-1].end == before.end:
                self._parts[-1] = replace(self._parts[-1], end=one.start)
            if one.letters is not None:
                self._add(_parts_of(one))

    def stop(self, at_seconds: float) -> None:
        """Nothing is said from then on."""
        while self._parts and self._parts[-1].start >= at_seconds:
            self._parts.pop()
        if self._parts and self._parts[-1].end > at_seconds:
            self._parts[-1] = replace(self._parts[-1], end=at_seconds)
        if self._last.end > at_seconds:
            self._last = replace(self._last, end=at_seconds)

    def _add(self, parts: Iterable[tuple[Shape, float, float]]) -> None:
        """What would change hops that are told already begins later, so that lips get there smoothly."""
        earliest = -math.inf
        if self._told:
            earliest = (self._first_hop + self._told - 1) / HOPS_PER_SECOND + _REACH_SECONDS
        self._parts += [_Part(shape, max(start, earliest), end) for shape, start, end in parts if end > earliest]

    def tell(self, hops: int) -> Told | None:
        """Of the next hops; None where it knows nothing of them."""
        times = (self._first_hop + np.arange(self._told, self._told + hops)) / HOPS_PER_SECOND
        self._told += hops
        if not self._parts or not hops:
            return None
        reach = _REACH_SECONDS + _CLOSURE_SECONDS
        near = [part for part in self._parts if part.start < times[-1] + reach and part.end > times[0] - reach]
        self._parts = [part for part in self._parts if part.end > times[-1] - reach]
        if not near:
            return None
        targets = trajectories(
            [(part.shape, part.start, part.end) for part in [*near, *_longer(near)]], times, _PASSAGE_SECONDS
        )
        targets[:, _CLOSED] = np.minimum(targets[:, _CLOSED], 1.0)
        # As slow as the slowest of what is told, the lips' opening.
        share = trajectories([(_ALL, part.start, part.end) for part in near], times, _PASSAGE_SECONDS)[:, 0]
        return Told(targets, share)


def _parts_of(one: Said) -> list[tuple[Shape, float, float]]:
    in_order = shapes(one.letters or "") or [_SILENT]
    if one.end < math.inf:
        return in_turn(in_order, one.start, one.end)
    starts = [one.start + number * _OPEN_SECONDS for number in range(len(in_order))]
    return list(zip(in_order, starts, [*starts[1:], math.inf], strict=True))


def _longer(parts: Iterable[_Part]) -> list[_Part]:
    """Lips are shut before and behind short bilabials too."""
    more = []
    for part in parts:
        missing = (_CLOSURE_SECONDS - (part.end - part.start)) / 2
        if part.shape[_CLOSED] == 1.0 and missing > 0:
            more += [_Part(_SHUT, part.start - missing, part.start), _Part(_SHUT, part.end, part.end + missing)]
    return more
