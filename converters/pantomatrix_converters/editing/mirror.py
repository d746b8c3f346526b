"""Left and right exchanged."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..errors import UnsupportedError
from ..face.rigs import FLAME
from ..motion import FaceCurves, Motion
from ..retargeting.humanoid import mirrored_joints
from ..retargeting.joint_axes import in_axes_of, world_aligned
from ..skeleton import Skeleton


def mirrored(motion: Motion) -> Motion:
    """The motion as in a mirror; of a FLAME face, whose expressions have no left and right, only the jaw. Raises
    UnsupportedError if the skeleton's joints have no sides."""
    face = motion.face and _mirrored_face(motion.face)
    if not motion.has_body:
        return replace(motion, face=face)
    partner = check_sides(motion.skeleton)
    aligned = world_aligned(motion)
    turned = replace(
        aligned,
        rotations_xyzw=aligned.rotations_xyzw[:, partner] * np.array([1, -1, -1, 1], np.float32),
        root_translation=aligned.root_translation * np.array([-1, 1, 1], np.float32),
        face=face,
    )
    return in_axes_of(turned, motion.skeleton)


def check_sides(skeleton: Skeleton) -> list[int]:
    """For each joint the one on the other side. Raises UnsupportedError if no joint has a left or right partner."""
    partner = mirrored_joints(skeleton)
    if partner == list(range(len(partner))):
        raise UnsupportedError(f"skeleton {skeleton.name!r}: no joint is named left or right, it cannot be mirrored")
    return partner


def _mirrored_face(face: FaceCurves) -> FaceCurves:
    if face.rig == FLAME.name:
        weights = face.weights.copy()
        weights[:, [face.names.index("jawY"), face.names.index("jawZ")]] *= -1
        return replace(face, weights=weights)
    columns = [face.names.index(_other_side(name)) if _other_side(name) in face.names else at
               for at, name in enumerate(face.names)]  # fmt: skip
    return replace(face, weights=face.weights[:, columns])


def _other_side(curve: str) -> str:
    for side, other in (("Left", "Right"), ("Right", "Left")):
        if side in curve:
            return curve.replace(side, other)
    return curve
