"""Blinks and glances."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .articulation import SPEAKING, Articulation
from .draws import Purpose, Recurring, near, of_slot
from .hearing import HOPS_PER_SECOND
from .submovements import Submovements

Array = NDArray[np.float64]

_BLINK_SLOT_SECONDS, _BLINKS_A_SLOT, _TWICE = 2.1, 0.55, 0.08
_BLINKS_AT_PAUSES = 0.5
_LEAST_BETWEEN_BLINKS = 0.6
"""Seconds between the beginnings of two blinks, but for one that comes twice."""
_PAUSE_HOPS, _BREAK_HOPS = 12, 30
"""Silence after which a speaker makes a pause, and after which speech begins anew."""
_GLANCE_SLOT_SECONDS, _BURST_SECONDS, _AIM_SECONDS = 0.33, 2.3, 1.7
_GLANCES_IN_A_BURST, _GLANCES_ELSE = 0.95, 0.5
_AT_LISTENER = 0.55
_AIMS, _AROUND = np.radians([2.0, 1.5]), np.radians([1.0, 1.0])
"""Standard deviations of where the eyes look, and of where around that: yaw and pitch."""
_FARTHEST = 0.2
_LOOKS_AWAY = 0.5
_BOTH = slice(0, 2)


@dataclass(frozen=True)
class _Blink:
    """Seconds: when it begins, how long the lids close, stay and open. depths: of the left and the right lid."""

    start: float
    closing: float
    closed: float
    opening: float
    depths: tuple[float, float]

    @classmethod
    def drawn(cls, start: float, random: np.random.Generator) -> _Blink:
        depth = random.uniform(0.64, 0.9) if random.random() < 0.2 else random.uniform(0.93, 1.0)
        other = depth * random.uniform(0.94, 1.0)
        depths = (depth, other) if random.random() < 0.5 else (other, depth)
        opening = float(random.uniform(0.08, 0.17))
        return cls(start, float(random.uniform(0.055, 0.085)), float(random.uniform(0.015, 0.06)), opening, depths)

    @property
    def end(self) -> float:
        return self.start + self.closing + self.closed + self.opening


class Eyes:
    """Planned hop by hop. Blinks come now and then, at pauses more often, sometimes twice, sometimes not for long. The eyes
    jump in bursts around where they look; half of the times that a speaker begins he looks away for a while, and back at the
    listener at a pause. from_seconds: where it begins."""

    def __init__(self, seed: int, from_seconds: float) -> None:
        self._seed, self._from_seconds, self._hop = seed, from_seconds, 0
        self._usual_blinks = Recurring(
            seed, Purpose.BLINKS, slot_seconds=_BLINK_SLOT_SECONDS, spread=1.0, from_seconds=from_seconds
        )
        self._glances = Recurring(
            seed, Purpose.GLANCES, slot_seconds=_GLANCE_SLOT_SECONDS, spread=0.8, from_seconds=from_seconds
        )
        self._blinks: list[_Blink] = []
        self._last_blink = -10.0
        self._silent_hops = _BREAK_HOPS
        self._away, self._away_until = np.zeros(2), -10.0
        self.gaze = Submovements(np.zeros(2))
        """Yaw to the left and pitch down, radians."""

    def push(self, articulation: Articulation) -> None:
        """Plan with more hops."""
        for activity in articulation.activity.tolist():
            now = self._seconds
            for moment in self._usual_blinks.until(now):
                self._blink(moment.seconds, moment.random, _BLINKS_A_SLOT)
            for moment in self._glances.until(now):
                self._glance(moment.seconds, moment.random)
            speaks = activity > SPEAKING
            if speaks and self._silent_hops >= _BREAK_HOPS:
                self._begins(now)
            self._silent_hops = 0 if speaks else self._silent_hops + 1
            if self._silent_hops == _PAUSE_HOPS < self._hop:
                self._pauses(now)
            self._hop += 1

    @property
    def _seconds(self) -> float:
        """Up to where it has heard."""
        return self._from_seconds + self._hop / HOPS_PER_SECOND

    def _blink(self, seconds: float, random: np.random.Generator, chance: float) -> None:
        """Unless the eyes have just blinked."""
        if random.random() > chance or abs(seconds - self._last_blink) < _LEAST_BETWEEN_BLINKS:
            return
        self._blinks.append(_Blink.drawn(seconds, random))
        if random.random() < _TWICE:
            again = self._blinks[-1].end + float(random.uniform(0.03, 0.2))
            self._blinks.append(_Blink.drawn(again, random))
        self._last_blink = self._blinks[-1].start

    def _begins(self, now: float) -> None:
        random = near(self._seed, Purpose.GLANCES, now)
        if random.random() < _LOOKS_AWAY:
            self._away = np.array(
                [random.choice([-1.0, 1.0]) * random.uniform(0.07, 0.13), random.uniform(-0.06, 0.05)]
            )
            self._away_until = now + float(random.uniform(0.6, 1.4))
            self._look(self._away, now)

    def _pauses(self, now: float) -> None:
        random = near(self._seed, Purpose.BLINKS, now)
        self._away_until = now
        self._look(random.normal(size=2) * 0.5 * _AROUND, now)
        self._blink(now, random, _BLINKS_AT_PAUSES)

    def _glance(self, seconds: float, random: np.random.Generator) -> None:
        burst = of_slot(self._seed, Purpose.GLANCE_BURSTS, int(seconds / _BURST_SECONDS)).random() < 0.6
        if random.random() > (_GLANCES_IN_A_BURST if burst else _GLANCES_ELSE):
            return
        aim = self._away
        if seconds >= self._away_until:
            chosen = of_slot(self._seed, Purpose.AIMS, int(seconds / _AIM_SECONDS))
            aim = np.zeros(2) if chosen.random() < _AT_LISTENER else chosen.normal(size=2) * _AIMS
        self._look(aim + random.normal(size=2) * _AROUND, seconds)

    def _look(self, target: Array, seconds: float) -> None:
        """A saccade; larger ones take longer (Bahill, Clark and Stark, 1975)."""
        target = np.clip(target, -_FARTHEST, _FARTHEST)
        distance = np.degrees(np.linalg.norm(target - self.gaze.target))
        self.gaze.move_to(_BOTH, target, seconds, 0.021 + 0.0022 * float(distance))

    def blink(self, times: Array) -> Array:
        """times: (T,) seconds. Returns (T, 2) the left and the right lid shut, 0 to 1."""
        lids = np.zeros((len(times), 2))
        for blink in self._blinks:
            shutting, opening = (times - blink.start) / blink.closing, (blink.end - times) / blink.opening
            shut = np.clip(np.minimum(shutting, opening), 0.0, 1.0)
            lids = np.maximum(lids, (shut * shut * (3.0 - 2.0 * shut))[:, None] * blink.depths)
        if len(times):
            self._blinks = [blink for blink in self._blinks if blink.end > times[-1]]
        return lids
