"""Joint frames: along the world at rest, as BVH, VRM animations and many tools want them, or a skeleton's own."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .. import rotations
from ..kinematics import rest_pose
from ..motion import Motion
from ..skeleton import Skeleton, load_skeleton, original_skeleton_names

_SAME_PLACE_METRES = 1e-3


def is_world_aligned(skeleton: Skeleton) -> bool:
    """Whether no joint is turned in the rest pose."""
    return bool(np.abs(skeleton.rest_rotations_xyzw - rotations.IDENTITY_XYZW).max(initial=0.0) < 1e-9)


@lru_cache(maxsize=64)
def world_aligned_skeleton(skeleton: Skeleton) -> Skeleton:
    """The same joints at the same places, none of them turned at rest."""
    if is_world_aligned(skeleton):
        return skeleton
    positions, turns = rest_pose(skeleton)
    offsets = positions - np.where((skeleton.parents >= 0)[:, None], positions[skeleton.parents], 0.0)
    ends = {
        joint: tuple(rotations.rotate(turns[skeleton.index(joint)], end)) for joint, end in skeleton.end_sites.items()
    }
    return replace(
        skeleton,
        rest_translations=offsets,
        rest_rotations_xyzw=np.tile(rotations.IDENTITY_XYZW, (len(skeleton), 1)),
        end_sites=ends,
        stance_xyzw=None if skeleton.stance_xyzw is None else _turned_away(skeleton, skeleton.stance_xyzw),
    )


def world_aligned(motion: Motion) -> Motion:
    """The same motion on `world_aligned_skeleton`: rotations are turns away from the rest pose, in the world's axes."""
    if is_world_aligned(motion.skeleton):
        return motion
    quats = _turned_away(motion.skeleton, motion.rotations_xyzw)
    aligned = world_aligned_skeleton(motion.skeleton.without_character())  # whose nodes have other axes
    return replace(motion, skeleton=aligned, rotations_xyzw=quats.astype(np.float32))


def in_axes_of(motion: Motion, skeleton: Skeleton) -> Motion:
    """Inverse of `world_aligned`, for the skeleton whose world-aligned form the motion is on."""
    if is_world_aligned(skeleton):
        return replace(motion, skeleton=skeleton)
    above, own = _rest_turns(skeleton)
    quats = rotations.multiply(rotations.multiply(rotations.inverse(above), motion.rotations_xyzw), own)
    return replace(motion, skeleton=skeleton, rotations_xyzw=quats.astype(np.float32))


def recognised(motion: Motion) -> Motion:
    """The motion on the known skeleton whose joints, parents and bones its own are, in that one's axes; else as it is. Joints
    may stand in another order; where the root rests plays no part."""
    for name in original_skeleton_names():
        known = load_skeleton(name)
        for shape in (known, world_aligned_skeleton(known)):
            order = _same_bones(motion.skeleton, shape)
            if order is None:
                continue
            ordered = replace(motion, skeleton=shape, rotations_xyzw=motion.rotations_xyzw[:, order])
            return ordered if shape is known else in_axes_of(ordered, known)
    return motion


def _same_bones(skeleton: Skeleton, known: Skeleton) -> list[int] | None:
    """Where each of the known skeleton's joints stands, if the bones are the same."""
    if len(skeleton) != len(known) or set(known.joint_names) != set(skeleton.joint_names):
        return None
    order = skeleton.indices(known.joint_names)
    parents = [skeleton.joint_names[parent] if parent >= 0 else "" for parent in skeleton.parents[order]]
    if parents != [known.joint_names[parent] if parent >= 0 else "" for parent in known.parents]:
        return None
    apart = np.abs(skeleton.rest_translations[order] - known.rest_translations)[1:].max(initial=0.0)
    turned = 1.0 - np.abs(np.sum(skeleton.rest_rotations_xyzw[order] * known.rest_rotations_xyzw, axis=1))
    return order if apart < _SAME_PLACE_METRES and turned.max(initial=0.0) < 1e-5 else None


def _turned_away(skeleton: Skeleton, quats: NDArray[Any]) -> NDArray[np.float64]:
    """(..., J, 4) local rotations as turns away from the rest pose, in the world's axes."""
    above, own = _rest_turns(skeleton)
    return rotations.multiply(rotations.multiply(above, quats), rotations.inverse(own))


def _rest_turns(skeleton: Skeleton) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """(J, 4) of each joint's parent and of itself, in the world at rest."""
    _, own = rest_pose(skeleton)
    above = np.where((skeleton.parents >= 0)[:, None], own[skeleton.parents], rotations.IDENTITY_XYZW)
    return above, own
