"""The joint axes of Unreal's skeletons in FBX: its importer turns every joint, so files hold other axes than it shows."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ... import rotations
from ...motion import Motion
from ...skeleton import Skeleton

_SKELETONS = frozenset(("ue5_manny", "ue5_quinn", "ue4_mannequin", "metahuman"))
_TURN = rotations.quat_from_matrix([[1.0, 0.0, 0.0], [0.0, 0.0, 1.0], [0.0, -1.0, 0.0]])


def with_file_axes(motion: Motion) -> Motion:
    """The same motion with the joint axes that belong into a file."""
    return _turned(motion, _TURN) if motion.skeleton.name in _SKELETONS else motion


def without_file_axes(motion: Motion) -> Motion:
    """The same motion with the joint axes that Unreal shows of such a file."""
    return _turned(motion, rotations.inverse(_TURN))


def _turned(motion: Motion, turn: np.ndarray) -> Motion:
    skeleton, back = motion.skeleton, rotations.inverse(turn)
    child = (skeleton.parents >= 0)[:, None]

    def turned(local: np.ndarray) -> np.ndarray:
        return rotations.multiply(np.where(child, rotations.multiply(back, local), local), turn)

    axes = Skeleton.build(
        skeleton.name,
        skeleton.joint_names,
        skeleton.parents,
        np.where(child, rotations.rotate(back, skeleton.rest_translations), skeleton.rest_translations),
        turned(skeleton.rest_rotations_xyzw),
    )
    return replace(motion, skeleton=axes, rotations_xyzw=turned(motion.rotations_xyzw).astype(np.float32))
