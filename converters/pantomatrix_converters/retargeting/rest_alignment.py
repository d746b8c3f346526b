"""How far a skeleton's rest pose must turn to look like another's: T against A, one length of bone against another.

Arms, legs and fingers are brought into the same direction by the shortest arc, from the trunk outwards; a hand by two axes,
wrist to middle finger and index to little finger. Trunk, head, collar bones and feet keep their own rest pose: a spine's
curve and a foot's height are the character's.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .. import rotations
from ..kinematics import forward_kinematics
from ..skeleton import Skeleton
from .humanoid import FINGERS, HumanoidMap

Array = NDArray[np.float64]

_CHAINS = (("shoulder", "elbow", "wrist"), ("hip", "knee", "ankle"))
_MIN_BONE_METRES = 1e-4


def rest_pose(skeleton: Skeleton) -> tuple[Array, Array]:
    """Positions (J, 3) and rotations (J, 4) of the rest pose, in the world."""
    positions, turns = forward_kinematics(skeleton, skeleton.rest_rotations_xyzw[None], skeleton.rest_translations[:1])
    return positions[0], turns[0]


def rest_alignment(
    source: Skeleton, source_map: HumanoidMap, target: Skeleton, target_map: HumanoidMap
) -> dict[str, Array]:
    """Role -> (4,) the rotation in the world that brings the target's rest bone into the source's; roles that are not there
    need none."""
    source_at = _role_positions(source, source_map)
    target_at = _role_positions(target, target_map)

    def arc(start: str, end: str, base: Array) -> Array:
        """From the target's bone, once `base` has turned it, to the source's; after `base`."""
        bones = _bone(target_at, start, end), _bone(source_at, start, end)
        if bones[0] is None or bones[1] is None:
            return base
        return rotations.multiply(rotations.shortest_arc(rotations.rotate(base, bones[0]), bones[1]), base)

    aligned: dict[str, Array] = {}
    for side in ("left", "right"):
        for upper, middle, end in _CHAINS:
            first = arc(f"{side}_{upper}", f"{side}_{middle}", rotations.IDENTITY_XYZW)
            aligned[f"{side}_{upper}"] = first
            aligned[f"{side}_{middle}"] = arc(f"{side}_{middle}", f"{side}_{end}", first)
        wrist = _hand(source_at, target_at, side)
        if wrist is None:
            wrist = arc(f"{side}_wrist", f"{side}_middle1", aligned[f"{side}_elbow"])
        aligned[f"{side}_wrist"] = wrist
        for finger in FINGERS:
            turned = wrist
            for segment in (1, 2, 3):
                role = f"{side}_{finger}{segment}"
                turned = arc(role, f"{side}_{finger}{segment + 1}", turned)
                aligned[role] = turned
    return aligned


def _role_positions(skeleton: Skeleton, roles: HumanoidMap) -> dict[str, Array]:
    positions, _ = rest_pose(skeleton)
    return {role: positions[skeleton.index(joint)] for role, joint in roles.roles.items()}


def _bone(at: dict[str, Array], start: str, end: str) -> Array | None:
    if start not in at or end not in at:
        return None
    bone = at[end] - at[start]
    length = np.linalg.norm(bone)
    return bone / length if length > _MIN_BONE_METRES else None


def _hand(source_at: dict[str, Array], target_at: dict[str, Array], side: str) -> Array | None:
    frames = []
    for at in (source_at, target_at):
        along = _bone(at, f"{side}_wrist", f"{side}_middle1")
        across = _bone(at, f"{side}_index1", f"{side}_pinky1")
        if along is None or across is None:
            return None
        across = across - (across @ along) * along
        if np.linalg.norm(across) < 1e-3:
            return None
        across = across / np.linalg.norm(across)
        frames.append(np.stack([along, across, np.cross(along, across)], axis=1))
    return rotations.quat_from_matrix(frames[0] @ frames[1].T)
