"""The user's SMPL-X body, skinned.

Pavlakos et al., "Expressive Body Capture: 3D Hands, Face, and Body from a Single Image" (CVPR 2019): linear blend skinning
with pose-dependent corrections. The model file is the user's own; none comes with this project.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters import rotations
from pantomatrix_converters.body_model import read_body_model
from pantomatrix_converters.errors import UnsupportedError
from pantomatrix_converters.kinematics import forward_kinematics
from pantomatrix_converters.motion import Motion

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class BodyMesh:
    """vertices: (V, 3) metres, at rest. faces: (F, 3). joints: (J, 3) at rest. weights: (V, J).
    corrections: (V, 3, 9 (J - 1)), or None, per element of the rotation matrices less identity."""

    vertices: Array
    faces: NDArray[np.int64]
    joints: Array
    weights: Array
    corrections: Array | None

    @classmethod
    def load(cls, path: Path) -> BodyMesh:
        """SMPL-X as published (npz). Raises FormatError."""
        arrays = read_body_model(path, "v_template", "f", "J_regressor", "weights", optional=("posedirs",))
        vertices = np.asarray(arrays["v_template"], np.float64)
        return cls(
            vertices,
            np.asarray(arrays["f"], np.int64),
            np.asarray(arrays["J_regressor"], np.float64) @ vertices,
            np.asarray(arrays["weights"], np.float64),
            np.asarray(arrays["posedirs"], np.float64) if "posedirs" in arrays else None,
        )

    def posed(self, motion: Motion) -> PosedBody:
        """Raises UnsupportedError if the motion is not on SMPL-X's joints."""
        skeleton = motion.skeleton
        if skeleton.name != "smplx" or len(skeleton) != len(self.joints):
            raise UnsupportedError(
                f"an SMPL-X body needs SMPL-X's {len(self.joints)} joints, the motion is on skeleton {skeleton.name!r}"
            )
        parents = skeleton.parents
        offsets = self.joints - np.where(parents[:, None] >= 0, self.joints[parents], 0.0)
        own = replace(skeleton, rest_translations=offsets)
        shifted = motion.root_translation - skeleton.rest_translations[0] + offsets[0]
        return PosedBody(self, motion.rotations_xyzw, *forward_kinematics(own, motion.rotations_xyzw, shifted))


@dataclass(frozen=True, eq=False)
class PosedBody:
    """A body's way through a motion; vertices are made frame by frame, since all of them would fill memory.

    local, world: (T, J, 4) rotations relative to the parent and to the world. joints: (T, J, 3) metres.
    """

    model: BodyMesh
    local: NDArray[np.float32]
    joints: Array
    world: Array

    def vertices(self, frame: int) -> Array:
        """(V, 3) metres."""
        model, vertices = self.model, self.model.vertices
        if model.corrections is not None:
            bent = (rotations.matrix_from_quat(self.local[frame, 1:]) - np.eye(3)).reshape(-1)
            vertices = vertices + model.corrections @ bent
        turns = rotations.matrix_from_quat(self.world[frame])
        shifts = self.joints[frame] - np.einsum("jab,jb->ja", turns, model.joints)
        blended = model.weights @ np.concatenate([turns, shifts[:, :, None]], axis=2).reshape(len(turns), 12)
        blended = blended.reshape(-1, 3, 4)
        return np.einsum("vab,vb->va", blended[:, :, :3], vertices) + blended[:, :, 3]
