"""Where the eyes look.

They jump from one fixation to the next, in bursts around what they look at. A speaker looks away as he begins and while he
thinks, and back at the listener as a phrase ends; who listens looks at the speaker, and jumps less (Andrist et al., 2014).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .articulation import SPEAKING, Articulation
from .blinks import Blinks
from .draws import Purpose, Recurring, near, of_slot
from .hearing import HOPS_PER_SECOND
from .submovements import Submovements

Array = NDArray[np.float64]

_PAUSE_HOPS, _BREAK_HOPS, _END_HOPS = 12, 30, 55
"""Seconds of silence that count as a pause, that make the next speech a new beginning, and that end a phrase."""
_SLOT_SECONDS, _BURST_SECONDS, _AIM_SECONDS = 0.33, 2.3, 1.7
_BURSTS = 0.55
_IN_A_BURST, _ELSE = (0.45, 0.74), (0.12, 0.3)
"""Chances of a jump in each slot: in silence and in speech."""
_AT_LISTENER = (0.85, 0.55)
_AIMS, _AROUND = np.radians([2.0, 1.5]), np.radians([1.0, 1.0])
"""Standard deviations of where the eyes look, and of where around that: yaw and pitch."""
_FARTHEST = 0.2
_AWAY_AT_FIRST, _AWAY_IN_THOUGHT = 0.5, 0.45
_BLINKS_AT_PAUSES, _BLINKS_AT_JUMPS = 0.4, 0.2
_FAR_RADIANS = np.radians(5.0)
"""Jumps that people blink at are further than this."""
_BOTH = slice(0, 2)


class Eyes:
    """Planned hop by hop. from_seconds: where it begins."""

    def __init__(self, seed: int, from_seconds: float) -> None:
        self._seed, self._from_seconds, self._hop = seed, from_seconds, 0
        self._glances = Recurring(
            seed, Purpose.GLANCES, slot_seconds=_SLOT_SECONDS, spread=0.8, from_seconds=from_seconds
        )
        self._silent_hops = _END_HOPS
        self._away, self._away_until = np.zeros(2), -10.0
        self.blinks = Blinks(seed, from_seconds)
        self.gaze = Submovements(np.zeros(2))
        """Yaw to the left and pitch down, radians."""

    def push(self, articulation: Articulation) -> None:
        """Plan with more hops."""
        for activity, openness in zip(articulation.activity.tolist(), articulation.openness.tolist(), strict=True):
            now = self._from_seconds + self._hop / HOPS_PER_SECOND
            self.blinks.push(now, openness, self._speaks)
            for moment in self._glances.until(now):
                self._glance(moment.seconds, moment.random)
            if activity > SPEAKING:
                if self._silent_hops >= _BREAK_HOPS:
                    self._turn_away(now, _AWAY_AT_FIRST)
                self._silent_hops = 0
            else:
                self._silent_hops += 1
                self._fall_silent(now)
            self._hop += 1

    @property
    def _speaks(self) -> bool:
        return self._silent_hops < _END_HOPS

    def _fall_silent(self, now: float) -> None:
        if self._hop < self._silent_hops:
            return
        if self._silent_hops == _PAUSE_HOPS:
            self.blinks.at(now, near(self._seed, Purpose.BLINKS, now), _BLINKS_AT_PAUSES)
            if not self._turn_away(now, _AWAY_IN_THOUGHT):
                self._turn_back(now)
        elif self._silent_hops == _END_HOPS:
            self._turn_back(now)

    def _turn_away(self, now: float, chance: float) -> bool:
        """From the listener: to a side, up rather than down."""
        random = near(self._seed, Purpose.GLANCES, now)
        if random.random() > chance:
            return False
        self._away = np.array([random.choice([-1.0, 1.0]) * random.uniform(0.07, 0.13), random.uniform(-0.08, 0.05)])
        self._away_until = now + float(random.uniform(0.6, 1.4))
        self._look(self._away, now)
        self.blinks.at(now, random, _BLINKS_AT_JUMPS)
        return True

    def _turn_back(self, now: float) -> None:
        random = near(self._seed, Purpose.AIMS, now)
        self._away_until = now
        far = np.linalg.norm(self.gaze.target) > _FAR_RADIANS
        self._look(random.normal(size=2) * 0.5 * _AROUND, now)
        self.blinks.at(now, random, _BLINKS_AT_JUMPS * far)

    def _glance(self, seconds: float, random: np.random.Generator) -> None:
        burst = of_slot(self._seed, Purpose.GLANCE_BURSTS, int(seconds / _BURST_SECONDS)).random() < _BURSTS
        if random.random() > (_IN_A_BURST if burst else _ELSE)[self._speaks]:
            return
        aim = self._away
        if seconds >= self._away_until:
            chosen = of_slot(self._seed, Purpose.AIMS, int(seconds / _AIM_SECONDS))
            aim = np.zeros(2) if chosen.random() < _AT_LISTENER[self._speaks] else chosen.normal(size=2) * _AIMS
        self._look(aim + random.normal(size=2) * _AROUND, seconds)

    def _look(self, target: Array, seconds: float) -> None:
        """A saccade; larger ones take longer (Bahill, Clark and Stark, 1975)."""
        target = np.clip(target, -_FARTHEST, _FARTHEST)
        distance = np.degrees(np.linalg.norm(target - self.gaze.target))
        self.gaze.move_to(_BOTH, target, seconds, 0.021 + 0.0022 * float(distance))
