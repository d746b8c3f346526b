"""Movement as a sum of minimum-jerk submovements (Flash and Hogan, 1985; Flash and Henis, 1991).

Each is a smooth step; steps that overlap add up. Velocity and acceleration have no jumps, whatever is planned when.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def minimum_jerk(fraction: Array) -> Array:
    """0 before 0, 1 after 1, between them the quintic with zero velocity and acceleration at both ends."""
    s = np.clip(fraction, 0.0, 1.0)
    return s * s * s * (10.0 + s * (6.0 * s - 15.0))


class Submovements:
    """A vector that moves from target to target.

    start: (N,) where it begins. `target` is where it will be when all that is planned has been done.
    """

    def __init__(self, start: Array) -> None:
        self.base = np.array(start, np.float64)
        self.planned: list[Array] = []
        """(2 + N,) each: when it starts, how long it lasts, seconds, and the change."""
        self.target: Array = self.base.copy()

    def move_to(self, channels: slice, target: Array, start_seconds: float, duration_seconds: float) -> None:
        """Plan a submovement of some channels; `start_seconds` must not lie before times already asked for."""
        change = np.zeros(2 + len(self.base))
        change[:2] = start_seconds, duration_seconds
        change[2:][channels] = target - self.target[channels]
        self.planned.append(change)
        self.target[channels] = target

    def forget(self, time: float) -> None:
        """Fold the oldest submovements that are over into the base; later ones wait, to keep the order of the sum."""
        while self.planned and self.planned[0][0] + self.planned[0][1] <= time:
            self.base = self.base + self.planned.pop(0)[2:]


def positions(plans: Sequence[Submovements], times: Array, plan_of: NDArray[np.int64]) -> Array:
    """Where vectors of the same length are.

    times: (F,) seconds, of each plan increasing from call to call; plan_of: (F,) which plan a time is for. Returns (F, N).
    """
    values = np.stack([plan.base for plan in plans])[plan_of]
    counts = np.array([len(plan.planned) for plan in plans])
    if counts.any():
        planned = np.array([change for plan in plans for change in plan.planned])
        first, count = (np.cumsum(counts) - counts)[plan_of], counts[plan_of]
        for place in range(int(counts.max())):
            frames = np.flatnonzero(count > place)
            now = planned[first[frames] + place]
            done = minimum_jerk((times[frames] - now[:, 0]) / now[:, 1])
            values[frames] += done[:, None] * now[:, 2:]
    return values


class Drift:
    """A slow wander that never repeats: three sines of unrelated frequencies a channel.

    amplitudes: (N,) standard deviation of each channel; hertz: the range that frequencies are drawn from.
    """

    def __init__(self, random: np.random.Generator, amplitudes: Array, hertz: tuple[float, float]) -> None:
        shape = (3, len(amplitudes))
        radians_per_second = 2 * np.pi * random.uniform(*hertz, size=shape)
        phases = random.uniform(0, 2 * np.pi, size=shape)
        scale = np.broadcast_to(np.asarray(amplitudes, np.float64) * np.sqrt(2 / 3), shape)
        self.waves: Array = np.stack([radians_per_second, phases, scale])
        """(3, 3, N): radians a second, phases and amplitudes of the sines."""


def drifted(waves: Array, times: Array) -> Array:
    """waves: (F, 3, 3, N), see Drift; times: (F,) seconds. Returns (F, N)."""
    sines = np.sin(times[:, None, None] * waves[:, 0] + waves[:, 1])
    return (sines[:, 0] + sines[:, 1] + sines[:, 2]) * waves[:, 2, 0]
