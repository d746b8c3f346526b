"""Forward kinematics."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import rotations
from .skeleton import Skeleton


def forward_kinematics(
    skeleton: Skeleton, rotations_xyzw: ArrayLike, root_translation: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Where every joint is, and how it is turned.

    rotations_xyzw: (T, J, 4) unit, local to the parent; root_translation: (T, 3) position of the root joint, metres.
    Returns positions (T, J, 3) in metres and rotations (T, J, 4), both in the world.
    """
    local = np.asarray(rotations_xyzw, np.float64)
    positions = np.empty((*local.shape[:2], 3))
    world = np.empty(local.shape)
    for joint, parent in enumerate(skeleton.parents):
        if parent < 0:
            positions[:, joint], world[:, joint] = root_translation, local[:, joint]
            continue
        offset = rotations.rotate(world[:, parent], skeleton.rest_translations[joint])
        positions[:, joint] = positions[:, parent] + offset
        world[:, joint] = rotations.multiply(world[:, parent], local[:, joint])
    return positions, world


def rest_pose(skeleton: Skeleton) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Positions (J, 3) and rotations (J, 4) of the rest pose, in the world."""
    positions, turns = forward_kinematics(skeleton, skeleton.rest_rotations_xyzw[None], skeleton.rest_translations[:1])
    return positions[0], turns[0]
