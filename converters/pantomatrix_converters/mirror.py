"""Left and right exchanged."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .errors import UnsupportedError
from .face_rigs import FLAME
from .humanoid import mirrored_joints
from .joint_axes import in_axes_of, world_aligned
from .motion import FaceCurves, Motion


def mirrored(motion: Motion) -> tuple[Motion, tuple[str, ...]]:
    """The motion as in a mirror, and notes. Raises UnsupportedError if the skeleton's joints have no sides."""
    notes: tuple[str, ...] = ()
    face = motion.face
    if face is not None:
        face = _mirrored_face(face)
        if face.rig == FLAME.name:
            notes = ("FLAME expressions have no left and right: only the jaw is mirrored",)
    if not motion.has_body:
        return replace(motion, face=face), notes
    partner = mirrored_joints(motion.skeleton)
    if partner == list(range(len(partner))):
        raise UnsupportedError(
            f"skeleton {motion.skeleton.name!r}: no joint is named left or right, it cannot be mirrored"
        )
    aligned = world_aligned(motion)
    turned = replace(
        aligned,
        rotations_xyzw=aligned.rotations_xyzw[:, partner] * np.array([1, -1, -1, 1], np.float32),
        root_translation=aligned.root_translation * np.array([-1, 1, 1], np.float32),
        face=face,
    )
    return in_axes_of(turned, motion.skeleton), notes


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
