"""Feet that stay where they stand, in a body that lets them.

A foot stands on heel, ball or both while these are low and slow (`foot_contacts`). It is then held at one place on the
floor; between contacts it returns to its own path (`foot_path`). Hips come down before a leg would be pulled straight, and
hip and knee turn (`limb_reach`). The feet's rotations change where a foot stands flat, and nothing else of the body does.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .. import rotations
from ..errors import UnsupportedError
from ..kinematics import forward_kinematics
from ..motion import Motion
from ..skeleton import Skeleton
from .foot_contacts import find_feet, size_of
from .foot_path import FootPath, Stand, foot_path
from .humanoid import HumanoidMap, guess_roles
from .limb_reach import Limb, knee_hinge, lowering, lowest, reached, smooth_cover

Array = NDArray[np.float64]

_SHORTEST_BONE_METRES = 1e-6


def locked_feet(motion: Motion, roles: HumanoidMap | None = None) -> Motion:
    """The motion with feet that do not slide while they stand.

    roles: guessed from names and hierarchy by default. Raises UnsupportedError for a skeleton without plain legs.
    """
    if not len(motion):
        return motion
    skeleton = motion.skeleton
    joints = check_legs(skeleton, roles or guess_roles(skeleton))
    positions, world = forward_kinematics(skeleton, motion.rotations_xyzw, motion.root_translation)
    legs = [
        Limb(
            positions[:, hip],
            positions[:, knee],
            positions[:, ankle],
            knee_hinge(positions[:, hip], positions[:, knee], positions[:, ankle], positions[:, ball], world[:, hip]),
        )
        for hip, knee, ankle, ball in joints
    ]
    paths, down = _planned(motion, legs, joints, positions, world)
    lowered = np.array([0.0, -1.0, 0.0]) * down[:, None]
    quats = motion.rotations_xyzw.copy()
    for leg, path, (hip, knee, ankle, _) in zip(legs, paths, joints, strict=True):
        moved = np.abs(path.offset - lowered).max(axis=1) + np.abs(path.turn[:, :3]).max(axis=1) > 1e-9
        if not moved.any():
            continue
        part = Limb(leg.upper[moved], leg.middle[moved], leg.end[moved], leg.hinge[moved])
        thigh, shin = reached(part, lowered[moved], part.end + path.offset[moved])
        hip_turn = rotations.multiply(thigh, world[moved, hip])
        knee_turn = rotations.multiply(thigh, rotations.multiply(shin, world[moved, knee]))
        ankle_turn = rotations.multiply(path.turn[moved], world[moved, ankle])
        above = world[moved, skeleton.parents[hip]]
        for joint, parent, turn in (
            (hip, above, hip_turn),
            (knee, hip_turn, knee_turn),
            (ankle, knee_turn, ankle_turn),
        ):
            quats[moved, joint] = rotations.normalize(rotations.multiply(rotations.inverse(parent), turn))
    return replace(
        motion,
        rotations_xyzw=quats,
        root_translation=(motion.root_translation + lowered).astype(np.float32),
    )


def _planned(
    motion: Motion, legs: list[Limb], joints: list[tuple[int, int, int, int]], positions: Array, world: Array
) -> tuple[list[FootPath], Array]:
    """Both feet's paths, and how far the hips come down in each frame, (T,)."""
    size = size_of(sum(float(bone.max()) for leg in legs for bone in leg.bones) / len(legs))
    ankles = [positions[:, ankle] for _, _, ankle, _ in joints]
    balls = [
        at if ball == ankle else positions[:, ball] for at, (_, _, ankle, ball) in zip(ankles, joints, strict=True)
    ]
    feet = find_feet(ankles, [world[:, ankle] for _, _, ankle, _ in joints], balls, motion.fps, size)
    paths: list[FootPath] = []
    down = np.zeros(len(motion))
    stands: list[Stand] = []
    for foot, leg in zip(feet, legs, strict=True):
        path, found = foot_path(foot, motion.fps, size, stands)
        needed = lowering(leg, leg.end + path.offset)
        if (needed[path.stands] > lowest(leg)).any():
            path, found = foot_path(foot, motion.fps, size, stands, needed <= lowest(leg))
            needed = lowering(leg, leg.end + path.offset)
        paths.append(path)
        stands = found
        down = np.maximum(down, np.where(needed <= lowest(leg), needed, 0.0))
    return paths, smooth_cover(down, motion.fps)


def check_legs(skeleton: Skeleton, roles: HumanoidMap, flag: str = "--joint-map") -> list[tuple[int, int, int, int]]:
    """Hip, knee, ankle and ball of the left foot and the right. Raises MotionError if the roles are not a body's,
    UnsupportedError for a skeleton without plain legs."""
    roles.checked(skeleton, flag)
    return [_leg(skeleton, roles, side) for side in ("left", "right")]


def _leg(skeleton: Skeleton, roles: HumanoidMap, side: str) -> tuple[int, int, int, int]:
    hip, knee, ankle = (skeleton.index(roles.roles[f"{side}_{role}"]) for role in ("hip", "knee", "ankle"))
    in_a_row = skeleton.parents[knee] == hip and skeleton.parents[ankle] == knee and skeleton.parents[hip] >= 0
    lengths = np.linalg.norm(skeleton.rest_translations[[knee, ankle]], axis=1)
    if not in_a_row or min(lengths) < _SHORTEST_BONE_METRES:
        raise UnsupportedError(
            f"skeleton {skeleton.name!r}: foot lock needs a {side} leg of hip, knee and ankle in a row"
        )
    ball = roles.roles.get(f"{side}_foot")
    return hip, knee, ankle, ankle if ball is None else skeleton.index(ball)
