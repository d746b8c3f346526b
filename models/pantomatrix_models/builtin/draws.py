"""Chance that depends on the seed and the time alone, not on what came before: a stream that continues at another server
draws the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, auto

import numpy as np

_NEAR_SECONDS = 0.25
_FIRST_SHARE = 0.4
_SLOTS_BEFORE = 2


class Purpose(IntEnum):
    """What is drawn."""

    DRIFT = auto()
    GESTURES = auto()
    HEAD_TURNS = auto()
    WEIGHT_SHIFTS = auto()
    BLINKS = auto()
    GLANCES = auto()
    GLANCE_BURSTS = auto()
    AIMS = auto()
    FACE = auto()
    BLINK_SPELLS = auto()
    FACE_DRIFT = auto()
    BROWS = auto()


def of_slot(seed: int, purpose: Purpose, *slot: int) -> np.random.Generator:
    """Of one slot of time, counted from 0, and of what else is given, such as a count of what was heard."""
    return np.random.default_rng((seed, purpose, *slot))


def near(seed: int, purpose: Purpose, seconds: float) -> np.random.Generator:
    """Of this moment; mostly the same if it is a little earlier or later."""
    return of_slot(seed, purpose, int(seconds / _NEAR_SECONDS))


@dataclass(frozen=True, eq=False)
class Moment:
    """When something happens, in which slot of time, and what the rest is drawn from."""

    slot: int
    seconds: float
    random: np.random.Generator


class Recurring:
    """Something that happens once in each slot of time.

    slot_seconds: how often; spread: the share of the slot in which its moment is drawn. from_seconds: where the session
    begins; the last ones before it are given too, for what they leave behind.
    """

    def __init__(self, seed: int, purpose: Purpose, *, slot_seconds: float, spread: float, from_seconds: float) -> None:
        self._seed, self._purpose = seed, purpose
        self._slot_seconds, self._spread = slot_seconds, spread
        self._next = self._moment(max(0, int(from_seconds / slot_seconds) - _SLOTS_BEFORE))

    def _moment(self, slot: int) -> Moment:
        random = of_slot(self._seed, self._purpose, slot)
        return Moment(slot, (slot + _FIRST_SHARE + self._spread * random.random()) * self._slot_seconds, random)

    def until(self, seconds: float) -> Iterator[Moment]:
        """Those before this time that were not given yet."""
        while self._next.seconds < seconds:
            yield self._next
            self._next = self._moment(self._next.slot + 1)
