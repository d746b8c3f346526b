"""A pose in which a body stands, for skeletons whose rest pose is none.

In many recordings all angles 0 lay every bone along one axis, arms and legs over trunk and head: nothing that another body's
rest pose could be compared with. Some moment of the recording shows arms and legs where a body has them.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .. import rotations
from ..kinematics import forward_kinematics, rest_pose
from ..motion import Motion
from ..skeleton import Skeleton
from .body_frame import is_body, leftward, role_positions, upward
from .humanoid import HumanoidMap

Array = NDArray[np.float64]

_FRAMES_LOOKED_AT = 256
_SIDES = (("left", 1.0), ("right", -1.0))


def with_stance(motion: Motion, roles: HumanoidMap) -> tuple[Motion, int | None]:
    """The motion with the stance that it shows, and the frame of it; as it is, and None, where its rest pose stands, where no
    frame does, or where it is no humanoid.

    The trunk's pose is that at rest, if it is a trunk's there: what bends in that frame is not taken for the body's shape.
    """
    skeleton = motion.skeleton
    if not len(motion) or roles.missing or stands(skeleton, roles):
        return motion, None
    frames = np.unique(np.linspace(0, len(motion) - 1, _FRAMES_LOOKED_AT).round().astype(int))
    shown = rotations.normalize(motion.rotations_xyzw[frames])
    trunk = _trunk(skeleton, roles)
    for kept in (trunk, []):
        poses = shown.copy()
        poses[:, kept] = skeleton.rest_rotations_xyzw[kept]
        places, _ = forward_kinematics(skeleton, poses, np.zeros((len(poses), 3)))
        at = role_positions(skeleton, roles, places)
        suited = is_body(at, upward(at), leftward(at))
        if suited.any():
            best = int(np.argmax(np.where(suited, _ease(at), -np.inf)))
            return replace(motion, skeleton=replace(skeleton, stance_xyzw=poses[best])), int(frames[best])
    return motion, None


def stands(skeleton: Skeleton, roles: HumanoidMap) -> bool:
    """Whether the rest pose is a body's. roles: with all that a body needs."""
    at = role_positions(skeleton, roles, rest_pose(skeleton)[0])
    return bool(is_body(at, upward(at), leftward(at)))


def _trunk(skeleton: Skeleton, roles: HumanoidMap) -> list[int]:
    """Joints from the root to the head."""
    joint, found = skeleton.index(roles.roles["head"]), []
    while joint >= 0:
        found.append(joint)
        joint = int(skeleton.parents[joint])
    return found


def _ease(at: dict[str, Array]) -> Array:
    """(T,) how much each pose is that of somebody who stands at ease, or in a T: legs straight down, arms beside the trunk or
    stretched out, nothing forward."""
    up, left = upward(at), leftward(at)
    forward = np.cross(left, up)
    ease = np.zeros(len(up))
    for side, sign in _SIDES:
        for start, end in (("hip", "knee"), ("knee", "ankle")):
            ease += _cosine(at[f"{side}_{end}"] - at[f"{side}_{start}"], -up)
        for start, end in (("shoulder", "elbow"), ("elbow", "wrist")):
            bone = at[f"{side}_{end}"] - at[f"{side}_{start}"]
            ease -= np.abs(_cosine(bone, forward)) + np.maximum(0.0, _cosine(bone, up))
            ease -= np.maximum(0.0, -sign * _cosine(bone, left))
    return ease


def _cosine(first: Array, second: Array) -> Array:
    lengths = np.linalg.norm(first, axis=-1) * np.linalg.norm(second, axis=-1)
    return np.sum(first * second, axis=-1) / np.maximum(lengths, 1e-12)
