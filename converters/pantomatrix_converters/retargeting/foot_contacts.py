"""When a foot stands, and on what: on its heel, on its ball or flat.

Nothing is taken from the rest pose, which in many files is no pose that anybody stands in: the sole is where it is in frames
in which the foot stands still.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .. import rotations

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

_ENTER_METRES, _LEAVE_METRES = 0.04, 0.07
_ENTER_METRES_PER_SECOND, _LEAVE_METRES_PER_SECOND = 0.25, 0.45
"""Height over the standing height, and speed, at which a contact begins and ends; for a leg of `_LEG_METRES`."""
_LEG_METRES = 0.85
_ENTER_LIFTED_METRES, _LEAVE_LIFTED_METRES = 0.02, 0.045
_SWING_METRES_PER_SECOND, _SWING_METRES, _SWING_SECONDS = 0.2, 0.015, 0.2
_SHORTEST_SECONDS, _SPEED_SECONDS = 0.1, 0.05
_STILL_METRES_PER_SECOND = 0.2
_LOW_PERCENTILE, _FLAT_METRES = 15, 0.02
_ONE_FLOOR_METRES = 0.03
_HEEL_BEHIND = 0.3
"""The heel lies behind the ankle by this share of the way from ankle to ball."""


@dataclass(frozen=True, eq=False)
class Foot:
    """One foot in all frames, and the two points that it stands on.

    ankle: (T, 3) in the world, metres; turn: (T, 4) its world rotation. toe, heel: (3,) in the ankle's frame: the ball and
    the heel's end at the ball's height; equal for a skeleton without balls. height: of both when the foot stands flat.
    """

    ankle: Array
    turn: Array
    toe: Array
    heel: Array
    height: float

    @property
    def length(self) -> float:
        """From heel to toe, metres; 0 without a ball."""
        return float(np.linalg.norm(self.toe - self.heel))

    def at(self, point: Array) -> Array:
        """(T, 3) where a point of the foot is. point: (3,) in the ankle's frame."""
        return self.ankle + rotations.rotate(self.turn, point)


def find_feet(ankles: list[Array], turns: list[Array], balls: list[Array], fps: float, size: float) -> list[Foot]:
    """The feet of one body. ankles, balls: (T, 3) each, the same array for a foot without a ball; turns: (T, 4).

    size: the leg's length in those of a grown-up.
    """
    still = [
        (speed(ankle, fps) < _STILL_METRES_PER_SECOND * size) & (speed(ball, fps) < _STILL_METRES_PER_SECOND * size)
        for ankle, ball in zip(ankles, balls, strict=True)
    ]
    heights = [_low(ball[:, 1], rests) for ball, rests in zip(balls, still, strict=True)]
    floor = min(heights)
    return [
        _foot(ankle, turn, ball, rests, height if height - floor < _ONE_FLOOR_METRES * size else floor, size)
        for ankle, turn, ball, rests, height in zip(ankles, turns, balls, still, heights, strict=True)
    ]


def size_of(leg_metres: float) -> float:
    """How large a body is for the distances of this module, 1 for a grown-up."""
    return leg_metres / _LEG_METRES


def contacts(
    point: Array, fps: float, floor: float, size: float = 1.0, other: Array | None = None
) -> list[tuple[int, int]]:
    """Stretches of frames [start, stop) in which a point of a foot stands.

    point: (T, 3) in the world, metres; floor: its height when it stands. other: the foot's other end, above which it must
    not be lifted.
    """
    height, moves = point[:, 1] - floor, speed(point, fps)
    may_stay = (height < _LEAVE_METRES * size) & (moves < _LEAVE_METRES_PER_SECOND * size)
    begins = may_stay & (height < _ENTER_METRES * size) & (moves < _ENTER_METRES_PER_SECOND * size)
    if other is not None:
        lifted = point[:, 1] - other[:, 1]
        may_stay &= lifted < _LEAVE_LIFTED_METRES * size
        begins &= may_stay & (lifted < _ENTER_LIFTED_METRES * size)
    stretches = []
    for start, stop in stretches_of(may_stay):
        entered = np.flatnonzero(begins[start:stop])
        if len(entered) and stop - start - entered[0] >= _SHORTEST_SECONDS * fps:
            stretches.append((start + int(entered[0]), stop))
    fast = moves > _SWING_METRES_PER_SECOND * size
    return [
        _without_swing(
            fast[start:stop] | (height[start:stop] > np.median(height[start:stop]) + _SWING_METRES * size), start, fps
        )
        for start, stop in stretches
    ]


def _without_swing(swings: Flags, start: int, fps: float) -> tuple[int, int]:
    """A stretch without the frames at its ends in which the foot, still before or after, is on its way."""
    stop = start + len(swings)
    most = min(round(_SWING_SECONDS * fps), len(swings) // 2)
    ends = [np.flatnonzero(~part)[:1] for part in (swings[:most], swings[::-1][:most])]
    first, last = (int(end[0]) if len(end) else 0 for end in ends)
    return start + first, stop - last


def speed(point: Array, fps: float) -> Array:
    """(T,) metres a second, over `_SPEED_SECONDS` around each frame. point: (T, 3)."""
    if len(point) < 2:
        return np.zeros(len(point))
    near = max(1, round(_SPEED_SECONDS * fps / 2))
    frames = np.arange(len(point))
    before, after = np.maximum(frames - near, 0), np.minimum(frames + near, len(point) - 1)
    return np.linalg.norm(point[after] - point[before], axis=1) * fps / (after - before)


def stretches_of(flags: Flags) -> list[tuple[int, int]]:
    """[start, stop) of all stretches in which a flag is set."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], flags.view(np.int8), [0]])))
    return [(int(start), int(stop)) for start, stop in edges.reshape(-1, 2)]


def _low(height: Array, still: Flags) -> float:
    """How high it stands: low among the frames in which the foot is still, which may be on a step or held up at times."""
    return float(np.percentile(height[still] if still.any() else height, _LOW_PERCENTILE))


def _foot(ankle: Array, turn: Array, ball: Array, still: Flags, height: float, size: float) -> Foot:
    back = rotations.inverse(turn)
    toe = rotations.rotate(back, ball - ankle).mean(axis=0)
    if ball is ankle:
        return Foot(ankle, turn, toe, toe, height)
    flat = still & (ball[:, 1] < height + _FLAT_METRES * size)
    if flat.any():
        flat &= ankle[:, 1] < np.percentile(ankle[flat, 1], _LOW_PERCENTILE) + _FLAT_METRES * size
    if not flat.any():
        flat = ankle[:, 1] <= np.percentile(ankle[:, 1], _LOW_PERCENTILE)
    up = rotations.rotate(back[flat], [0.0, 1.0, 0.0]).mean(axis=0)
    up /= max(float(np.linalg.norm(up)), 1e-9)
    rise = float(np.median(ankle[flat, 1] - ball[flat, 1]))
    return Foot(ankle, turn, toe, -rise * up - _HEEL_BEHIND * (toe - (toe @ up) * up), height)
