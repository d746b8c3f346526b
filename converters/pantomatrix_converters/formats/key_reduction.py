"""Fewer keys: those of a track between which what is left out comes back, within a tolerance, wherever it is played."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .. import rotations
from ..ranges import Range

Array = NDArray[np.float64]
Indices = NDArray[np.intp]
REDUCTION_DEGREES = Range(0, 10)
_METRES_PER_RADIAN = 1.0
"""How far a hand moves, at most, when a joint turns by one."""
_WEIGHT_PER_DEGREE = 0.04
"""A jaw opens 25 degrees at a weight of 1."""


@dataclass(frozen=True)
class KeyReduction:
    """How far what is played may be from the motion. degrees: of a joint's rotation; places and weights to match."""

    degrees: float

    def __post_init__(self) -> None:
        """Raises MotionError."""
        REDUCTION_DEGREES.check(self.degrees, "the reduction in degrees")

    def of_rotations(self, quats: Array, kept: Array) -> Indices:
        """Frames (n,) to keep of unit quaternions (T, 4). kept: the same as they are written, not exactly."""

        def apart(frames: Indices, before: Indices, after: Indices) -> Array:
            # Players differ: three.js takes the shortest arc, Blender each number for itself. Both have to come close.
            fraction = (frames - before) / (after - before)
            straight = kept[before] + fraction[:, None] * (kept[after] - kept[before])
            arc = rotations.slerp(kept[before], kept[after], fraction)
            return np.maximum(_angles(quats[frames], straight), _angles(quats[frames], arc))

        return _kept_frames(len(quats), apart, np.radians(self.degrees))

    def of_places(self, places: Array) -> Indices:
        """Frames (n,) to keep of positions (T, 3), metres."""
        return _of_values(places, places, np.radians(self.degrees) * _METRES_PER_RADIAN)

    def of_weights(self, weights: Array, kept: Array) -> Indices:
        """Frames (n,) to keep of curves (T, K), which share their keys. kept: the same as they are written."""
        return _of_values(weights, kept, self.degrees * _WEIGHT_PER_DEGREE)


def _of_values(values: Array, kept: Array, tolerance: float) -> Indices:
    def apart(frames: Indices, before: Indices, after: Indices) -> Array:
        fraction = ((frames - before) / (after - before))[:, None]
        return np.abs(kept[before] + fraction * (kept[after] - kept[before]) - values[frames]).max(axis=1)

    return _kept_frames(len(values), apart, tolerance)


def _angles(one: Array, other: Array) -> Array:
    """Radians between rotations; `other` of any length but zero."""
    cosine = np.abs(np.sum(one * other, axis=-1)) / np.maximum(np.linalg.norm(other, axis=-1), 1e-9)
    return 2.0 * np.arccos(np.minimum(cosine, 1.0))


def _kept_frames(count: int, apart: Callable[[Indices, Indices, Indices], Array], tolerance: float) -> Indices:
    """The first and the last frame, then in every gap the worst, until none is too far off (Douglas and Peucker, 1973), in
    all gaps at once. apart: (frames, keys before, keys after) -> distances."""
    is_key = np.zeros(count, bool)
    is_key[[0, -1]] = True
    open_frames = np.arange(1, count - 1)
    while len(open_frames):
        keys = np.flatnonzero(is_key)
        gap = np.searchsorted(keys, open_frames) - 1
        distance = apart(open_frames, keys[gap], keys[gap + 1])
        starts = np.flatnonzero(np.diff(gap, prepend=-1))
        lengths = np.diff(starts, append=len(gap))
        worst = np.maximum.reduceat(distance, starts)
        too_far = np.repeat(worst > tolerance, lengths)
        is_worst = np.flatnonzero(too_far & (distance == np.repeat(worst, lengths)))
        _, first = np.unique(gap[is_worst], return_index=True)
        is_key[open_frames[is_worst[first]]] = True
        open_frames = open_frames[too_far & ~is_key[open_frames]]
    return np.flatnonzero(is_key)
