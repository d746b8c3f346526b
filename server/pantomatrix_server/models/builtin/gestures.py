"""When and where the hands and the head go: planned hop by hop from stress and pauses."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .articulation import SPEAKING, Articulation
from .hearing import HOPS_PER_SECOND
from .submovements import Submovements

Array = NDArray[np.float64]

HANDS_LOW = np.array([0.235, -0.005, 0.110])
"""Left wrist beside the thigh, metres from the pelvis: to the left, up, forward. The right hand mirrors the first."""
HANDS_READY = np.array([0.215, 0.140, 0.215])
_READY_SPREAD = np.array([0.065, 0.090, 0.065])
_STROKE = np.array([0.085, -0.155, 0.080])
_SHOULDER = np.array([0.161, 0.437, -0.028])
_REACH = 0.475
"""Planned wrists stay this near to their shoulder, metres: 0.92 of the arm, so that the elbow never snaps straight."""

_PHRASE_GAP_HOPS = 30
_RETRACT_HOPS = 90
_STRESSED = 0.42
_MIRROR = np.array([-1.0, 1.0, 1.0])


def _both(left: Array) -> Array:
    """The left hand's vector and its mirror image. left: (3,). Returns (6,)."""
    return np.concatenate([left, left * _MIRROR])


HANDS, PALMS, HEAD = slice(0, 6), slice(6, 8), slice(8, 10)
"""Channels of what is planned: left and right wrist, metres from the pelvis; turn of the palms up, radians; nod (positive:
chin down) and brow raise 0 to 1."""


class GesturePlanner:
    """Raises the hands when a phrase begins, beats on stressed syllables, lowers them after it.

    Beats fall on peaks of the stress track; how far, with which hand and how often is drawn from the seed.
    """

    def __init__(self, random: np.random.Generator) -> None:
        self._random = random
        self.movements = Submovements(np.concatenate([_both(HANDS_LOW), np.zeros(4)]))
        self._hop = 0
        self._silent_hops = _RETRACT_HOPS
        self._raised = False
        self._next_beat_hop = 0
        self._busy_until = 0.0
        self._stress = (0.0, 0.0)
        self._pitch_mean = 0.0

    def push(self, articulation: Articulation) -> None:
        """Plan with more hops; nothing is planned for a time before the last of them."""
        activity, stress = articulation.activity.tolist(), articulation.stress.tolist()
        pitch = articulation.pitch_hz.tolist()
        for index in range(len(activity)):
            self._hear(activity[index], stress[index], pitch[index])
            self._hop += 1

    def _hear(self, activity: float, stress: float, pitch: float) -> None:
        now = self._hop / HOPS_PER_SECOND
        if pitch > 0:
            self._pitch_mean += 0.01 * (pitch - self._pitch_mean) if self._pitch_mean else pitch
        if activity > SPEAKING:
            if not self._raised and self._silent_hops >= _PHRASE_GAP_HOPS:
                self._raise(now)
            self._silent_hops = 0
        else:
            self._silent_hops += 1
            if self._raised and self._silent_hops == _RETRACT_HOPS:
                self._lower(now)
        before, last = self._stress
        peak = before <= last > stress and last > _STRESSED
        self._stress = (last, stress)
        if peak and self._hop >= self._next_beat_hop:
            self._beat(now, last, pitch)

    def _raise(self, now: float) -> None:
        self._raised = True
        self._move_hands(self._ready(), now, self._random.uniform(0.55, 0.75))
        self._next_beat_hop = self._hop + int(HOPS_PER_SECOND * self._random.uniform(0.25, 0.5))

    def _lower(self, now: float) -> None:
        self._raised = False
        self._move_hands(_both(HANDS_LOW), now, self._random.uniform(0.9, 1.2))
        self.movements.move_to(PALMS, np.zeros(2), now, 0.9)

    def _beat(self, now: float, strength: float, pitch: float) -> None:
        """A quick stroke down and out, a short hold, then a slow return to a new place that prepares the next."""
        amplitude = 0.7 + 0.6 * min(strength, 1.0) * self._random.uniform(0.6, 1.2)
        self._nod(now, amplitude, pitch)
        self._next_beat_hop = self._hop + int(HOPS_PER_SECOND * self._random.uniform(0.3, 0.6))
        if not self._raised or now < self._busy_until:
            return
        moving = self._moving_hands()
        stroke = _both(_STROKE) * amplitude * np.repeat(moving, 3)
        stroke *= self._random.uniform(0.7, 1.3, size=6)
        duration = self._random.uniform(0.32, 0.44)
        self._move_hands(self.movements.target[HANDS] + stroke, now, duration)
        hold = self._random.uniform(0.0, 0.12)
        back = self._random.uniform(0.50, 0.75)
        self._move_hands(self._ready(), now + duration + hold, back)
        palms = np.clip(self._random.normal(0.25, 0.3, size=2), -0.3, 0.8) * moving
        self.movements.move_to(PALMS, palms, now, duration + hold)
        self._busy_until = now + duration + hold + 0.45 * back

    def _nod(self, now: float, amplitude: float, pitch: float) -> None:
        high = pitch > 1.1 * self._pitch_mean > 0
        brow = self._random.uniform(0.2, 0.5) if high else self._random.uniform(0.0, 0.15)
        nod = np.radians(self._random.uniform(2.0, 5.0)) * amplitude
        change = np.array([nod, brow])
        movements = self.movements
        movements.move_to(HEAD, movements.target[HEAD] + change, now, 0.22)
        movements.move_to(HEAD, movements.target[HEAD] - change, now + 0.2, 0.45)

    def _moving_hands(self) -> Array:
        """How much the left and the right hand take part: the right alone, both, or the left alone."""
        choice = self._random.random()
        if choice < 0.4:
            return np.array([0.35, 1.0])
        return np.array([1.0, 0.9]) if choice < 0.75 else np.array([1.0, 0.35])

    def _ready(self) -> Array:
        left = HANDS_READY + _READY_SPREAD * np.clip(self._random.normal(size=3), -1.5, 1.5)
        right = HANDS_READY + _READY_SPREAD * np.clip(self._random.normal(size=3), -1.5, 1.5)
        return np.concatenate([left, right * _MIRROR])

    def _move_hands(self, target: Array, start: float, duration: float) -> None:
        shoulders = _both(_SHOULDER).reshape(2, 3)
        from_shoulders = target.reshape(2, 3) - shoulders
        distance = np.linalg.norm(from_shoulders, axis=1, keepdims=True)
        within_reach = shoulders + from_shoulders * np.minimum(1.0, _REACH / distance)
        self.movements.move_to(HANDS, within_reach.reshape(6), start, duration)
