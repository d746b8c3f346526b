"""Unreal's way to hold a motion: the root on the ground, which goes and turns with the body; the pelvis, which has its
height; and joints for inverse kinematics that follow feet and hands.

A motion of this project has one translation, the root's, and joints keep their places in their parents. This is what the
same motion is where a file can move every joint: places and turns of all joints of the body in the world stay what they are.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .. import rotations
from ..kinematics import forward_kinematics, rest_pose
from ..motion import Motion
from ..skeleton import Skeleton
from .humanoid import guess_roles

Array = NDArray[np.float64]

ROOT, PELVIS = "root", "pelvis"
_ON_GROUND_METRES = 1e-3
_LEAST_YAW = 0.1
"""Length of the part of a turn about the vertical below which it says nothing: a body on its head keeps its last yaw."""


@dataclass(frozen=True)
class _Follower:
    """A joint for inverse kinematics: its name, its parent's, and the role of the joint that it follows, if any."""

    name: str
    parent: str
    role: str


_FOLLOWERS = (
    _Follower("ik_foot_root", ROOT, ""),
    _Follower("ik_foot_l", "ik_foot_root", "left_ankle"),
    _Follower("ik_foot_r", "ik_foot_root", "right_ankle"),
    _Follower("ik_hand_root", ROOT, ""),
    _Follower("ik_hand_gun", "ik_hand_root", "right_wrist"),
    _Follower("ik_hand_l", "ik_hand_gun", "left_wrist"),
    _Follower("ik_hand_r", "ik_hand_gun", "right_wrist"),
)


@dataclass(frozen=True, eq=False)
class JointTracks:
    """A motion whose joints may move against their parents.

    rotations: (T, J, 4) local to the parent. translations: joint -> (T, 3) metres in its parent's frame, the root's in the
    world; joints that are not named keep their rest translation.
    """

    skeleton: Skeleton
    rotations: Array
    translations: dict[int, Array]


def joint_tracks(motion: Motion, with_followers: bool = False) -> JointTracks:
    """A motion for files in which every joint may move: as Unreal holds it on a skeleton of Unreal's, else as it is.

    with_followers: as `on_the_ground` takes it.
    """
    if is_unreal(motion.skeleton):
        return on_the_ground(motion, with_followers)
    return JointTracks(
        motion.skeleton,
        motion.rotations_xyzw.astype(np.float64),
        {0: motion.root_translation.astype(np.float64)},
    )


def is_unreal(skeleton: Skeleton) -> bool:
    """Whether a skeleton has Unreal's root on the ground with the pelvis under it."""
    names = skeleton.joint_names
    return (
        len(names) > 1
        and names[0] == ROOT
        and PELVIS in names
        and skeleton.parents[names.index(PELVIS)] == 0
        and bool(np.abs(skeleton.rest_translations[0]).max() < _ON_GROUND_METRES)
    )


def on_the_ground(motion: Motion, with_followers: bool) -> JointTracks:
    """The motion of a skeleton that `is_unreal`, as Unreal holds it.

    with_followers: add the joints for inverse kinematics that the skeleton lacks; those it has are moved anyway.
    """
    skeleton = _with_followers(motion.skeleton) if with_followers else motion.skeleton
    own = len(motion.skeleton)
    positions, turns = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)
    rest_positions, rest_turns = rest_pose(skeleton)
    quats = np.tile(skeleton.rest_rotations_xyzw, (len(motion), 1, 1))
    quats[:, :own] = motion.rotations_xyzw
    pelvis = skeleton.joint_names.index(PELVIS)
    yaw = _yaw(rotations.multiply(turns[:, pelvis], rotations.inverse(rest_turns[pelvis])))
    root = positions[:, pelvis] - rotations.rotate(yaw, rest_positions[pelvis] - rest_positions[0])
    root[:, 1] = rest_positions[0, 1]
    # In the world, joints that are not named later stay as they are or follow the root.
    places: dict[int, Array] = {0: root, pelvis: positions[:, pelvis]}
    world: dict[int, Array] = {0: rotations.multiply(yaw, rest_turns[0]), pelvis: turns[:, pelvis]}
    roles = guess_roles(motion.skeleton).roles
    for follower in _FOLLOWERS:
        if follower.name not in skeleton.joint_names:
            continue
        joint = skeleton.joint_names.index(follower.name)
        led = 0 if not follower.role else skeleton.joint_names.index(roles.get(follower.role, ROOT))
        leader_at, leader_turn = (positions[:, led], turns[:, led]) if led else (root, world[0])
        moved = rotations.multiply(leader_turn, rotations.inverse(rest_turns[led]))
        places[joint] = leader_at + rotations.rotate(moved, rest_positions[joint] - rest_positions[led])
        world[joint] = rotations.multiply(moved, rest_turns[joint])
    translations = {0: root}
    quats[:, 0] = world[0]
    for joint in sorted(places):
        parent = int(skeleton.parents[joint])
        if parent >= 0 and parent in world:
            back = rotations.inverse(world[parent])
            translations[joint] = rotations.rotate(back, places[joint] - places[parent])
            quats[:, joint] = rotations.multiply(back, world[joint])
    return JointTracks(skeleton, rotations.normalize(quats), translations)


def _yaw(turns: Array) -> Array:
    """(T, 4) the part of turns about the vertical."""
    yaw = turns * [0.0, 1.0, 0.0, 1.0]
    length = np.linalg.norm(yaw, axis=1)
    known = np.flatnonzero(length > _LEAST_YAW)
    if not len(known):
        return np.tile(rotations.IDENTITY_XYZW, (len(turns), 1))
    last = known[np.maximum(np.searchsorted(known, np.arange(len(turns)), side="right") - 1, 0)]
    return rotations.shortest(yaw[last] / length[last, None])


def _with_followers(skeleton: Skeleton) -> Skeleton:
    """The skeleton with all joints for inverse kinematics; new ones rest where what they follow rests."""
    missing = [follower for follower in _FOLLOWERS if follower.name not in skeleton.joint_names]
    if not missing:
        return skeleton
    positions, turns = rest_pose(skeleton)
    roles = guess_roles(skeleton).roles
    names, parents = list(skeleton.joint_names), list(skeleton.parents)
    places, world = list(positions), list(turns)
    offsets, quats = list(skeleton.rest_translations), list(skeleton.rest_rotations_xyzw)
    for follower in missing:
        led = names.index(roles.get(follower.role, ROOT)) if follower.role else 0
        parent = names.index(follower.parent)
        back = rotations.inverse(world[parent])
        names.append(follower.name)
        parents.append(parent)
        places.append(places[led])
        world.append(world[led])
        offsets.append(rotations.rotate(back, places[led] - places[parent]))
        quats.append(rotations.multiply(back, world[led]))
    return Skeleton.build(skeleton.name, names, parents, np.array(offsets), np.array(quats))


def without_followers(motion: Motion) -> Motion:
    """The motion without joints for inverse kinematics."""
    names = motion.skeleton.joint_names
    dropped = {follower.name for follower in _FOLLOWERS}
    kept = [joint for joint, name in enumerate(names) if name not in dropped]
    places = {joint: place for place, joint in enumerate(kept)}
    if len(kept) == len(names) or any(parent >= 0 and parent not in places for parent in motion.skeleton.parents[kept]):
        return motion
    skeleton = Skeleton.build(
        motion.skeleton.name,
        [names[joint] for joint in kept],
        [places.get(int(parent), -1) for parent in motion.skeleton.parents[kept]],
        motion.skeleton.rest_translations[kept],
        motion.skeleton.rest_rotations_xyzw[kept],
    )
    return replace(motion, skeleton=skeleton, rotations_xyzw=motion.rotations_xyzw[:, kept])
