"""Inverse kinematics of a limb of two bones: an arm or a leg."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .. import rotations

Array = NDArray[np.float64]

_STRAIGHTEST = 0.9995
"""Share of the whole length that a limb stretches to, so that its bend keeps a direction."""


def two_bone(
    root: Array, target: Array, pole: ArrayLike, *, upper_rest: ArrayLike, lower_rest: ArrayLike, hinge_rest: ArrayLike
) -> tuple[Array, Array]:
    """World rotations of the upper and the lower bone that bring the limb's end to a target (law of cosines).

    root, target: (T, 3) positions of the limb's first joint and of where its end should be; a target out of reach is
    approached as far as the limb goes.
    pole: (..., 3) direction in which the middle joint points.
    upper_rest, lower_rest: (..., 3) the bones where both world rotations are identity: in the rest pose, or in the current
    one if its rotations are to be changed.
    hinge_rest: (..., 3) axis about which the lower bone turns there when the limb bends.
    Returns (T, 4) and (T, 4).
    """
    upper_rest, lower_rest = np.asarray(upper_rest, np.float64), np.asarray(lower_rest, np.float64)
    a, b = (np.linalg.norm(bone, axis=-1, keepdims=True) for bone in (upper_rest, lower_rest))
    reach = target - root
    distance = np.linalg.norm(reach, axis=-1, keepdims=True)
    along = reach / np.maximum(distance, 1e-9)
    distance = np.clip(distance, np.abs(a - b) + 1e-6, (a + b) * _STRAIGHTEST)
    side = np.broadcast_to(np.asarray(pole, np.float64), along.shape)
    side = side - np.sum(side * along, axis=-1, keepdims=True) * along
    side = side / np.maximum(np.linalg.norm(side, axis=-1, keepdims=True), 1e-9)
    cosine = (a * a + distance * distance - b * b) / (2 * a * distance)
    sine = np.sqrt(np.maximum(0.0, 1.0 - cosine * cosine))
    upper = cosine * along + sine * side
    lower = (distance * along - a * upper) / b
    hinge = rotations.cross(side, along)
    return (
        _turn(upper_rest / a, hinge_rest, upper, hinge),
        _turn(lower_rest / b, hinge_rest, lower, hinge),
    )


def _turn(bone_rest: Array, hinge_rest: ArrayLike, bone: Array, hinge: Array) -> Array:
    """Rotation that brings a bone and its hinge from the rest pose to where they should be."""
    rest = _basis(bone_rest, np.asarray(hinge_rest, np.float64))
    return rotations.quat_from_matrix(_basis(bone, hinge) @ np.swapaxes(rest, -1, -2))


def _basis(bone: Array, hinge: Array) -> Array:
    hinge = hinge - np.sum(hinge * bone, axis=-1, keepdims=True) * bone
    hinge = hinge / np.linalg.norm(hinge, axis=-1, keepdims=True)
    return np.stack([bone, hinge, rotations.cross(bone, hinge)], axis=-1)
