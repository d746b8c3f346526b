"""Legs and arms whose ends are brought to a place: the joint between bends in its own plane. Hips come down before a leg is
pulled straight."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .. import rotations

Array = NDArray[np.float64]

_EASY_BEND, _LEAST_BEND = np.radians(12.0), np.radians(5.0)
"""A knee is not pulled straighter than the first, by easing not than the second, or than it is where its foot is hardly
moved: close to straight, a millimetre at the foot is degrees at the knee."""
_HARDLY_METRES = 0.005
_AHEAD_SECONDS = 0.2
_LOWEST = 0.18
"""Share of the leg's length by which hips come down at most."""
_HINGE = 0.4
"""How much of a knee's own axis is in that of its bend, which a straight leg does not show."""


@dataclass(frozen=True, eq=False)
class Limb:
    """A leg or an arm. upper, middle, end: (T, 3) hip, knee and ankle, or shoulder, elbow and wrist, in the world, metres.
    hinge: (T, 3) the axis about which its middle bends where it is straight, up to 1 long: how much it counts elsewhere."""

    upper: Array
    middle: Array
    end: Array
    hinge: Array

    @property
    def bones(self) -> tuple[Array, Array]:
        """(T,) lengths of its two bones."""
        return np.linalg.norm(self.middle - self.upper, axis=1), np.linalg.norm(self.end - self.middle, axis=1)

    def reach(self, target: Array, least_bend: float = _EASY_BEND) -> Array:
        """(T,) how far from its first joint an end may be that goes to its target, (T, 3)."""
        a, b = self.bones
        bent = np.sqrt(a * a + b * b + 2 * a * b * np.cos(least_bend))
        stretched = np.maximum(np.linalg.norm(self.end - self.upper, axis=1) - bent, 0.0)
        return bent + stretched * np.exp(-np.linalg.norm(target - self.end, axis=1) / _HARDLY_METRES)


def knee_hinge(hip: Array, knee: Array, ankle: Array, ball: Array, thigh_turn: Array) -> Array:
    """(T, 3) the axis of a knee in the world: fixed to the thigh, the mean of all frames, which the bent ones decide.

    Positions: (T, 3); thigh_turn: (T, 4) world rotation of the hip joint.
    """
    upper, lower = knee - hip, ankle - knee
    axis = rotations.cross(upper, lower) + 1e-3 * rotations.cross(ball - ankle, upper + lower)
    own = rotations.rotate(rotations.inverse(thigh_turn), axis).mean(axis=0)
    length = float(np.linalg.norm(own))
    return rotations.rotate(thigh_turn, own / length if length > 1e-12 else np.array([1.0, 0.0, 0.0]))


def lowering(limb: Limb, target: Array) -> Array:
    """(T,) metres by which the hip has to come down so that the ankle reaches its target easily; infinity where that does
    not help."""
    away = limb.upper - target
    room = limb.reach(target) ** 2 - away[:, 0] ** 2 - away[:, 2] ** 2
    needed = np.maximum(away[:, 1] - np.sqrt(np.maximum(room, 0.0)), 0.0)
    far = np.linalg.norm(away, axis=1) > limb.reach(target) + 1e-9
    return np.where(far & ((room < 0) | (away[:, 1] < 0)), np.inf, needed)


def lowest(limb: Limb) -> float:
    """Metres by which hips come down at most."""
    a, b = limb.bones
    return _LOWEST * float((a + b).max())


def smooth_cover(needed: Array, fps: float) -> Array:
    """(T,) smooth, nowhere below what is needed: its highest value nearby, averaged over as many frames."""
    near = max(1, round(_AHEAD_SECONDS * fps))
    if not needed.any():
        return needed
    window = np.lib.stride_tricks.sliding_window_view
    highest = window(np.pad(needed, 2 * near, mode="edge"), 2 * near + 1).max(axis=1)
    weights = np.hanning(2 * near + 3)[1:-1]
    return window(highest, 2 * near + 1) @ (weights / weights.sum())


def reached(limb: Limb, moved: Array, target: Array) -> tuple[Array, Array]:
    """Turns in the world that bring the limb's end to its target when its first joint has moved, both (T, 3): (T, 4) of the
    second bone come first, (T, 4) of the first bone with all below follow; returned as first, second. A target that is far
    is neared the less the straighter the limb becomes."""
    (a, b), upper, lower = limb.bones, limb.middle - limb.upper, limb.end - limb.middle
    upper, lower = upper / a[:, None], lower / b[:, None]
    axis = rotations.cross(upper, lower) + _HINGE * limb.hinge
    axis = axis - np.sum(axis * upper, axis=1, keepdims=True) * upper
    axis = axis / np.maximum(np.linalg.norm(axis, axis=1, keepdims=True), 1e-9)
    side = np.einsum("tc,tc->t", lower, axis)
    flat = np.sqrt(np.maximum(1.0 - side * side, 1e-9))
    bend = np.arctan2(np.einsum("tc,tc->t", lower, rotations.cross(axis, upper)), np.einsum("tc,tc->t", lower, upper))
    to_target = target - limb.upper - moved
    distance = _eased(np.linalg.norm(to_target, axis=1), limb.reach(target), limb.reach(target, _LEAST_BEND))
    cosine = (distance**2 - a * a - b * b) / (2 * a * b)
    wanted = np.arccos(np.clip(cosine / flat, -1.0, 1.0))
    # A joint that is bent the wrong way a little becomes one that is bent the right way, not at once.
    wrong = np.maximum(-bend, 0.0)
    turned = np.clip((wanted - wrong) / np.maximum(wrong, 1e-9), 0.0, 1.0)
    wanted = np.where(wrong > 0, (2 * turned - 1) * wanted, wanted)
    second = rotations.quat_from_axis_angle(axis * (wanted - bend)[:, None])
    end = upper * a[:, None] + rotations.rotate(second, lower) * b[:, None]
    return rotations.shortest_arc(_unit(end), _unit(to_target)), second


def _unit(vectors: Array) -> Array:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)


def _eased(distance: Array, easy: Array, longest: Array) -> Array:
    room = np.maximum(longest - easy, 1e-6)
    beyond = np.maximum(distance - easy, 0.0)
    return np.minimum(distance, easy) + room * (1.0 - np.exp(-beyond / room))
