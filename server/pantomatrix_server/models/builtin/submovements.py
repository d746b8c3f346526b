"""Movement as a sum of minimum-jerk submovements (Flash and Hogan, 1985; Flash and Henis, 1991).

Each is a smooth step; steps that overlap add up. Velocity and acceleration have no jumps, whatever is planned when.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def minimum_jerk(fraction: Array) -> Array:
    """0 before 0, 1 after 1, between them the quintic with zero velocity and acceleration at both ends."""
    s = np.clip(fraction, 0.0, 1.0)
    return s * s * s * (10.0 + s * (6.0 * s - 15.0))


class SubmovementTrack:
    """A vector that moves from target to target.

    start: (N,) where it begins. `target` is where it will be when all that is planned has been done.
    """

    def __init__(self, start: Array) -> None:
        self._base = np.array(start, np.float64)
        self._planned: list[tuple[float, float, Array]] = []
        self.target: Array = self._base.copy()

    def move_to(self, target: Array, start_seconds: float, duration_seconds: float) -> None:
        """Plan a submovement; `start_seconds` must not lie before times already asked for."""
        self._planned.append((start_seconds, duration_seconds, target - self.target))
        self.target = np.array(target, np.float64)

    def at(self, times: Array) -> Array:
        """times: (T,) seconds, increasing from call to call. Returns (T, N)."""
        values = np.repeat(self._base[None], len(times), axis=0)
        for start, duration, change in self._planned:
            values += minimum_jerk((times - start) / duration)[:, None] * change
        if len(times):
            self._forget(times[-1])
        return values

    def _forget(self, time: float) -> None:
        """Fold the oldest submovements that are over into the base; later ones wait, to keep the order of the sum."""
        while self._planned and self._planned[0][0] + self._planned[0][1] <= time:
            self._base = self._base + self._planned.pop(0)[2]


class Drift:
    """A slow wander that never repeats: three sines of unrelated frequencies a channel.

    amplitudes: (N,) standard deviation of each channel; hertz: the range that frequencies are drawn from.
    """

    def __init__(self, random: np.random.Generator, amplitudes: Array, hertz: tuple[float, float]) -> None:
        shape = (3, len(amplitudes))
        self._radians_per_second = 2 * np.pi * random.uniform(*hertz, size=shape)
        self._phases = random.uniform(0, 2 * np.pi, size=shape)
        self._amplitudes = np.asarray(amplitudes, np.float64) * np.sqrt(2 / 3)

    def at(self, times: Array) -> Array:
        """times: (T,) seconds. Returns (T, N)."""
        phases = times[:, None, None] * self._radians_per_second + self._phases
        waves = np.sin(phases)
        return (waves[:, 0] + waves[:, 1] + waves[:, 2]) * self._amplitudes
