"""How often joints go where a body cannot."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters import rotations
from pantomatrix_converters.motion import Motion

_FINGERS = ("index", "middle", "ring", "pinky")
_X, _Y, _Z = np.eye(3)

_SWING_DEGREES = {
    "spine1": 60, "spine2": 60, "spine3": 45, "neck": 60, "head": 60, "collar": 50, "shoulder": 160, "wrist": 100, "hip": 130,
    "ankle": 60, "foot": 60, "jaw": 40,
    **{f"{finger}1": 110 for finger in _FINGERS}, "thumb1": 90, "thumb2": 80, "thumb3": 100,
}  # fmt: skip
"""Largest rotation from SMPL-X's rest pose, T: active ranges of motion (Norkin and White, Measurement of Joint Motion, 2016)
added up where one joint has several, with 10 degrees and more to spare."""
_BEND_DEGREES = {
    "knee": (-20, 160), "elbow": (-20, 165),
    **{f"{finger}{segment}": (-30, 120) for finger in _FINGERS for segment in (2, 3)},
}  # fmt: skip
"""Of hinges: least and largest bend, forward positive."""
_BEND_AXES = {"left_knee": _X, "right_knee": _X, "left_elbow": -_Y, "right_elbow": _Y} | {
    f"{side}_{finger}{segment}": axis
    for side, axis in (("left", -_Z), ("right", _Z))
    for finger in _FINGERS
    for segment in (2, 3)
}


def beyond_limits(motion: Motion) -> dict[str, float]:
    """Joint -> share of frames in which it is beyond its limit; joints that never are, are left out.

    motion: on SMPL-X's skeleton.
    """
    found = {}
    for joint, name in enumerate(motion.skeleton.joint_names):
        kind = name.removeprefix("left_").removeprefix("right_")
        turns = motion.rotations_xyzw[:, joint]
        if name in _BEND_AXES:
            least, most = _BEND_DEGREES[kind]
            bends = _bends(turns, _BEND_AXES[name])
            share = float(((bends < least) | (bends > most)).mean())
        elif kind in _SWING_DEGREES:
            angles = np.degrees(2 * np.arccos(np.clip(np.abs(turns[:, 3]), 0, 1)))
            share = float((angles > _SWING_DEGREES[kind]).mean())
        else:
            continue
        if share:
            found[name] = share
    return found


def violation_share(motion: Motion) -> float:
    """Share of frames with a joint beyond its limit counted joint by joint: 0 is a possible body."""
    limited = sum(
        name in _BEND_AXES or name.removeprefix("left_").removeprefix("right_") in _SWING_DEGREES
        for name in motion.skeleton.joint_names
    )
    return sum(beyond_limits(motion).values()) / limited


def _bends(turns: NDArray[np.float32], axis: NDArray[np.float64]) -> NDArray[np.float64]:
    """(T,) degrees about the hinge, the part of the rotation vector along its axis."""
    return np.degrees(rotations.axis_angle_from_quat(turns) @ axis)
