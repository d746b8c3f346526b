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
_ALIKE, _LEAST_BEND = 0.7, 0.5
"""Bends, as sines, tell an axis if their sum is this share of their lengths', and this long: not two twitches."""


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
            stance = _rolled(skeleton, roles, poses[best], shown)
            return replace(motion, skeleton=replace(skeleton, stance_xyzw=stance)), int(frames[best])
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


def _rolled(skeleton: Skeleton, roles: HumanoidMap, pose: Array, shown: Array) -> Array:
    """The pose with upper arms and thighs rolled about themselves, so that elbows bend forward from there and knees backward.
    About which axis a limb bends is seen in all frames. pose: (J, 4); shown: (T, J, 4)."""
    pose = pose.copy()
    seen_places, seen_turns = forward_kinematics(skeleton, shown, np.zeros((len(shown), 3)))
    places, turns = forward_kinematics(skeleton, pose[None], np.zeros((1, 3)))
    seen, at = role_positions(skeleton, roles, seen_places), role_positions(skeleton, roles, places[0])
    up, left = upward(at), leftward(at)
    for side, sign in _SIDES:
        for (upper, middle, end), outstretched, axis in (
            (("shoulder", "elbow", "wrist"), sign * left, -sign * up),
            (("hip", "knee", "ankle"), -up, left),
        ):
            start, bend, tip = (seen[f"{side}_{role}"] for role in (upper, middle, end))
            joint = skeleton.index(roles.roles[f"{side}_{upper}"])
            bends = np.cross(_unit(bend - start), _unit(tip - bend))
            bends *= np.linalg.norm(bends, axis=1, keepdims=True) ** 2  # hardly bent, a limb shows how crooked it is
            bends = rotations.rotate(rotations.inverse(seen_turns[:, joint]), bends)
            if np.linalg.norm(bends.sum(axis=0)) < max(_ALIKE * np.linalg.norm(bends, axis=1).sum(), _LEAST_BEND):
                continue
            along = _unit(at[f"{side}_{middle}"] - at[f"{side}_{upper}"])
            found = rotations.rotate(turns[0, joint], bends.sum(axis=0))
            wanted = rotations.rotate(rotations.shortest_arc(outstretched, along), axis)
            angle = np.arctan2(along @ np.cross(found, wanted), found @ wanted - (found @ along) * (wanted @ along))
            roll = rotations.multiply(rotations.quat_from_axis_angle(angle * along), turns[0, joint])
            parent = int(skeleton.parents[joint])
            above = turns[0, parent] if parent >= 0 else rotations.IDENTITY_XYZW
            pose[joint] = rotations.multiply(rotations.inverse(above), roll)
    return pose


def _unit(vectors: Array) -> Array:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)


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
