"""The user's SMPL-X model as the metrics need it: where a speaker's joints rest, and the vertices of a speaking face.

Pavlakos et al., "Expressive Body Capture" (CVPR 2019), equations 2 to 6. The model file is the user's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters import rotations
from pantomatrix_converters.body_model import BODY_SHAPES, EXPRESSIONS, read_body_model
from pantomatrix_converters.errors import FormatError
from pantomatrix_converters.motion import FaceCurves

Array = NDArray[np.float32]

_JOINTS, _JAW = 55, 22
_HANDS = slice(25, 55)
_ARRAYS = ("v_template", "shapedirs", "posedirs", "J_regressor", "weights", "hands_meanl", "hands_meanr")


@dataclass(frozen=True, eq=False)
class BodyShape:
    """template: (V, 3) metres. shapes: (V, 3, 300). expressions: (V, 3, 100). joints: (55, V) that makes joints of vertices.
    jaw: (V,) skinning weights of the jaw. corrections: (V, 3, 9), of the jaw's rotation, per element of its matrix less
    identity. hands: (30, 3) mean hand poses, left then right, axis-angle."""

    template: Array
    shapes: Array
    expressions: Array
    joints: Array
    jaw: Array
    corrections: Array
    hands: Array

    @classmethod
    def load(cls, path: Path) -> BodyShape:
        """SMPLX_NEUTRAL_2020.npz as published. Raises FormatError."""
        arrays = {name: np.asarray(array, np.float32) for name, array in read_body_model(path, *_ARRAYS).items()}
        shapes, joints = arrays["shapedirs"], arrays["J_regressor"]
        if shapes.shape[2] < BODY_SHAPES + EXPRESSIONS:
            raise FormatError(f"{path}: {shapes.shape[2]} shapes, expected 400: 300 of bodies, 100 of faces")
        if len(joints) != _JOINTS:
            raise FormatError(f"{path}: {len(joints)} joints, expected SMPL-X's {_JOINTS}")
        return cls(
            arrays["v_template"],
            shapes[:, :, :BODY_SHAPES],
            shapes[:, :, BODY_SHAPES : BODY_SHAPES + EXPRESSIONS],
            joints,
            arrays["weights"][:, _JAW],
            arrays["posedirs"][:, :, 9 * (_JAW - 1) : 9 * _JAW],
            np.concatenate([arrays[name].reshape(15, 3) for name in ("hands_meanl", "hands_meanr")]),
        )

    def rest_joints(self, betas: NDArray[np.floating]) -> NDArray[np.float64]:
        """(55, 3) metres. betas: (300,) or fewer."""
        return np.asarray(self.joints @ self._shaped(betas), np.float64)

    def with_mean_hands(self, rotations_xyzw: NDArray[np.floating]) -> Array:
        """(T, 55, 4) as the published metrics have them: the model's mean hand pose is added to hands' rotation vectors,
        although BEAT2's are absolute already."""
        turned = np.array(rotations_xyzw, np.float32)
        vectors = rotations.axis_angle_from_quat(turned[:, _HANDS]) + self.hands
        turned[:, _HANDS] = rotations.quat_from_axis_angle(vectors)
        return np.asarray(turned, np.float32)

    def moving_vertices(self) -> NDArray[np.bool_]:
        """(V,) those that a face moves."""
        moved = np.concatenate([self.expressions, self.corrections], axis=2)
        return (self.jaw > 0) | moved.any(axis=(1, 2))

    def face_vertices(self, face: FaceCurves, betas: NDArray[np.floating]) -> Array:
        """(T, M, 3) metres: of `moving_vertices`, the body at rest, only jaw and expression moving.

        face: of the rig flame100+jaw.
        """
        weights = np.asarray(face.weights, np.float32)
        moving = self.moving_vertices()
        shaped = self._shaped(betas)
        matrices = rotations.matrix_from_quat(rotations.quat_from_axis_angle(weights[:, EXPRESSIONS:])).astype(
            np.float32
        )
        expressed = shaped[moving] + np.tensordot(weights[:, :EXPRESSIONS], self.expressions[moving], (1, 2))
        shifts = np.tensordot(self.joints[_JAW], self.expressions, 1)
        hinge = self.joints[_JAW] @ shaped + weights[:, :EXPRESSIONS] @ shifts.T
        bent = (matrices - np.eye(3, dtype=np.float32)).reshape(-1, 9)
        expressed += np.tensordot(bent, self.corrections[moving], (1, 2))
        relative = expressed - hinge[:, None]
        turned = np.einsum("tij,tvj->tvi", matrices, relative) - relative
        return np.asarray(expressed + self.jaw[moving, None] * turned, np.float32)

    def _shaped(self, betas: NDArray[np.floating]) -> Array:
        return np.asarray(self.template + self.shapes[:, :, : len(betas)] @ np.asarray(betas, np.float32), np.float32)
