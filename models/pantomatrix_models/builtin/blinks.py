"""When lids shut and how.

People blink where little is lost: between syllables, at pauses, as the eyes jump far; 17 times a minute at rest and 26 in
conversation (Bentivoglio et al., 1997), now in a row and now not for ten seconds.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .draws import Purpose, Recurring, of_slot

Array = NDArray[np.float64]

_SLOT_SECONDS, _IN_SPEECH, _IN_SILENCE = 2.1, 0.54, 0.46
_LATEST, _LONGEST_WAIT = 1.3, 0.5
"""Seconds after its slot's moment at which a blink is wanted at the latest, and that it then waits for the lips."""
_SPELL_SECONDS = 5.0
_SPELLS, _SHARES = (0.2, 0.9, 1.4), (0.22, 0.48, 0.3)
"""Factors on the chances of a blink for this long, and how often each is drawn: long looks, and blinks in a row."""
_TWICE = 0.12
_LEAST_BETWEEN = 0.6
"""Seconds between the beginnings of two blinks, but for one that comes twice."""
_SHALLOW, _SLOW = 0.22, 0.12
"""How many do not shut the eye, and how many take their time."""
_LIPS_APART, _LIPS_NEAR = 0.35, 0.2


@dataclass(frozen=True)
class Blink:
    """Seconds: when it begins, how long the lids close, stay and open. depths: of the left and the right lid."""

    start: float
    closing: float
    closed: float
    opening: float
    depths: tuple[float, float]

    @classmethod
    def drawn(cls, start: float, random: np.random.Generator) -> Blink:
        """One of the many kinds."""
        depth = random.uniform(0.6, 0.9) if random.random() < _SHALLOW else random.uniform(0.93, 1.0)
        other = depth * random.uniform(0.94, 1.0)
        depths = (depth, other) if random.random() < 0.5 else (other, depth)
        slower = random.uniform(1.4, 1.9) if random.random() < _SLOW else random.uniform(0.85, 1.15)
        closing, closed, opening = slower * random.uniform([0.055, 0.01, 0.08], [0.08, 0.05, 0.15])
        return cls(start, float(closing), float(closed), float(opening), depths)

    @property
    def end(self) -> float:
        """Seconds: open again."""
        return self.start + self.closing + self.closed + self.opening


class Blinks:
    """Planned hop by hop. Chance is drawn from the seed, the time and the syllables of the phrase so far: two speeches are
    not blinked alike, and a stream that continues at another server is. from_seconds: where it begins."""

    def __init__(self, seed: int, from_seconds: float) -> None:
        self._seed = seed
        self._usual = Recurring(seed, Purpose.BLINKS, slot_seconds=_SLOT_SECONDS, spread=1.0, from_seconds=from_seconds)
        self._wanted: tuple[float, np.random.Generator] | None = None
        self._planned: list[Blink] = []
        self._last = -10.0
        self._syllables, self._apart = 0, False

    def push(self, now: float, openness: float, speaks: bool) -> None:
        """One more hop. openness: of the lips; speaks: whether a phrase is under way."""
        self._count(openness, speaks)
        for moment in self._usual.until(now):
            random = of_slot(self._seed, Purpose.BLINKS, moment.slot, self._syllables)
            if random.random() < (_IN_SPEECH if speaks else _IN_SILENCE) * self._spell(now):
                self._wanted = moment.seconds + float(random.uniform(0.0, _LATEST)), random
        if self._wanted is not None:
            since = now - self._wanted[0]
            if since >= 0.0 and (not self._apart or since > _LONGEST_WAIT):
                (_, random), self._wanted = self._wanted, None
                self._blink(now, random)

    def at(self, now: float, random: np.random.Generator, chance: float) -> None:
        """Something happens that people blink at, with this chance."""
        if random.random() < chance * self._spell(now):
            self._blink(now, random)

    def _count(self, openness: float, speaks: bool) -> None:
        if not speaks:
            self._syllables, self._apart = 0, False
        elif not self._apart and openness > _LIPS_APART:
            self._syllables, self._apart = self._syllables + 1, True
        elif openness < _LIPS_NEAR:
            self._apart = False

    def _spell(self, now: float) -> float:
        random = of_slot(self._seed, Purpose.BLINK_SPELLS, int(now / _SPELL_SECONDS))
        return float(random.choice(_SPELLS, p=_SHARES))

    def _blink(self, start: float, random: np.random.Generator) -> None:
        """Unless the eyes have just blinked."""
        if start - self._last < _LEAST_BETWEEN:
            return
        self._planned.append(Blink.drawn(start, random))
        if random.random() < _TWICE:
            again = self._planned[-1].end + float(random.uniform(0.03, 0.2))
            self._planned.append(Blink.drawn(again, random))
        self._last = self._planned[-1].start

    def lids(self, times: Array) -> Array:
        """times: (T,) seconds. Returns (T, 2) the left and the right lid shut, 0 to 1."""
        lids = np.zeros((len(times), 2))
        for blink in self._planned:
            shutting, opening = (times - blink.start) / blink.closing, (blink.end - times) / blink.opening
            shut = np.clip(np.minimum(shutting, opening), 0.0, 1.0)
            lids = np.maximum(lids, (shut * shut * (3.0 - 2.0 * shut))[:, None] * blink.depths)
        if len(times):
            self._planned = [blink for blink in self._planned if blink.end > times[-1]]
        return lids
