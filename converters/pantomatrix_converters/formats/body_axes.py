"""Which axis of a file is up, and how long its unit is, told from the body that moves in it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..kinematics import forward_kinematics, rest_pose
from ..motion import Motion
from ..retargeting.body_frame import is_body, leftward, role_positions, upward
from ..retargeting.humanoid import HumanoidMap

Array = NDArray[np.float64]

UNIT_METRES = {"m": 1.0, "dm": 0.1, "cm": 0.01, "mm": 0.001, "in": 0.0254, "ft": 0.3048}
_CMU_METRES = 0.0254 / 0.45
"""CMU's motion library counts in inches, times 0.45 (mocap.cs.cmu.edu, "FAQ")."""
_NAMES = {"m": "metres", "dm": "decimetres", "cm": "centimetres", "mm": "millimetres", "in": "inches", "ft": "feet"}

_FRAMES_LOOKED_AT = 64
_ALONG = 0.8
"""Cosine from which a body stands along an axis."""
_TALL_METRES = (0.8, 2.8)
"""Bodies that may be in the unit that is usual for the format."""
_USUALLY_TALL_METRES = (1.1, 2.4)
_MEAN_METRES = 1.65
_HEAD_AND_SOLES = 1.16
"""A body's height in lengths of hip to ankle and pelvis to head."""


def told_up(motion: Motion, roles: HumanoidMap, notes: list[str]) -> str:
    """The axis along which the body stands over the frames, such as "z", "y" unless it is plainly another. Notes say what was
    assumed.

    A body that lies in a file whose Y is up is told from one that stands in a file whose Z is up by its rest pose, or by the
    height of its pelvis over its feet and over 0.
    """
    if roles.missing or not len(motion):
        return "y"
    frames = np.unique(np.linspace(0, len(motion) - 1, _FRAMES_LOOKED_AT).round().astype(int))
    places, _ = forward_kinematics(motion.skeleton, motion.rotations_xyzw[frames], motion.root_translation[frames])
    at = role_positions(motion.skeleton, roles, places)
    axis = _axis_along(upward(at).mean(axis=0))
    if axis in ("", "y"):
        return "y"
    if _rests_along(motion, roles, axis) or _walks_under(at, _direction(axis)):
        notes.append(
            f"the body stands along {_shown(axis)}: that axis of the file is taken for up; --input-up says otherwise"
        )
        return axis
    lies = "hangs head down" if axis == "-y" else f"lies along {_shown(axis)}"
    notes.append(f"the body {lies}; if that axis of the file is up, --input-up={axis} says so")
    return "y"


def told_unit(motion: Motion, roles: HumanoidMap, notes: list[str]) -> str:
    """The unit of a file that was read in its format's usual one, as `Reading.unit`; empty where that one fits, or where none
    does. Notes say what was assumed."""
    if roles.missing:
        return ""
    tall = _height(motion, roles)
    if tall < 1e-9 or _TALL_METRES[0] <= tall <= _TALL_METRES[1]:
        return ""
    units = {
        **{name: (length, _NAMES[name]) for name, length in UNIT_METRES.items()},
        f"{_CMU_METRES:.6f}": (_CMU_METRES, "CMU's"),
    }
    fitting = {
        unit: abs(np.log(tall * 100 * length / _MEAN_METRES))
        for unit, (length, _) in units.items()
        if _USUALLY_TALL_METRES[0] <= tall * 100 * length <= _USUALLY_TALL_METRES[1]
    }
    if not fitting:
        notes.append(
            f"in centimetres the body is {tall:.3g} m tall, and no other unit suits it better; --input-unit says which"
        )
        return ""
    unit = min(fitting, key=lambda name: fitting[name])
    length, name = units[unit]
    notes.append(
        f"in centimetres the body would be {tall:.3g} m tall: lengths are taken for {name} ({tall * 100 * length:.2f} m); "
        "--input-unit says otherwise"
    )
    return unit


def _axis_along(mean: Array) -> str:
    at = int(np.argmax(np.abs(mean)))
    if np.abs(mean[at]) < _ALONG * max(float(np.linalg.norm(mean)), 0.5):
        return ""
    return f"{'-' if mean[at] < 0 else ''}{'xyz'[at]}"


def _direction(axis: str) -> Array:
    return np.eye(3)["xyz".index(axis[-1])] * (-1.0 if axis.startswith("-") else 1.0)


def _shown(axis: str) -> str:
    return f"{'-' if axis.startswith('-') else '+'}{axis[-1].upper()}"


def _rests_along(motion: Motion, roles: HumanoidMap, axis: str) -> bool:
    """Whether the rest pose stands along it too."""
    at = role_positions(motion.skeleton, roles, rest_pose(motion.skeleton)[0])
    up = upward(at)
    return bool(is_body(at, up, leftward(at))) and _axis_along(up) == axis


def _walks_under(at: dict[str, Array], up: Array) -> bool:
    """Whether the feet are on the floor at 0, and knees and pelvis over them as in a body that stands, most of the time."""
    pelvis = at["pelvis"] @ up
    heights = np.stack([[at[f"{side}_{role}"] @ up for role in ("ankle", "knee", "hip")] for side in ("left", "right")])
    stands = (np.diff(heights, axis=1) > 0).all(axis=(0, 1))
    feet = np.minimum(at["left_ankle"] @ up, at["right_ankle"] @ up)
    leg = np.median(pelvis - feet)
    return bool(
        leg > 0
        and np.mean(np.abs(feet) < 0.2 * leg) > 0.5
        and np.mean(pelvis > 0.5 * leg) > 0.9
        and stands.mean() > 0.5
    )


def _height(motion: Motion, roles: HumanoidMap) -> float:
    """Metres from soles to crown, whatever the pose: lengths of bones."""
    skeleton, length = motion.skeleton, 0.0
    at = role_positions(skeleton, roles, rest_pose(skeleton)[0])
    for side in ("left", "right"):
        for start, end in (("hip", "knee"), ("knee", "ankle")):
            length += float(np.linalg.norm(at[f"{side}_{end}"] - at[f"{side}_{start}"])) / 2
    joint, pelvis = skeleton.index(roles.roles["head"]), skeleton.index(roles.roles["pelvis"])
    while joint not in (pelvis, -1):
        length += float(np.linalg.norm(skeleton.rest_translations[joint]))
        joint = int(skeleton.parents[joint])
    return length * _HEAD_AND_SOLES
