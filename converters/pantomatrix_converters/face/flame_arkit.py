"""Between FLAME and ARKit faces, by the matrix that the authors of BEAT2 publish and the user brings (`mat_final.npy`), or by
one that follows from ARKit's shapes as vertex deltas.

flame103 = arkit51 @ M: 100 expression coefficients and the jaw's axis-angle in radians from 51 ARKit weights, in alphabetical
order without tongueOut. The matrix is not part of this project: it comes with the BEAT2 tools, for non-commercial research.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .. import rotations
from ..errors import FormatError, InvalidInputError, MotionError, UnsupportedError
from ..motion import FaceCurves, Motion
from .arkit_deltas import arkit_matrix_from_deltas
from .bounded_solve import bounded_least_squares
from .rigs import ARKIT52, FLAME

Array = NDArray[np.float32]

PUBLISHED_SHA256 = "f055de09c64182696499a26c2d6109349c627195bcd40c6adc3dd27f3922b34b"
WHERE_TO_GET_IT = "mat_final.npy of the BEAT2 tools (H-Liu1997/BEAT2_Tools on Hugging Face, non-commercial)"
ROWS = tuple(sorted(name for name in ARKIT52.curve_names if name != "tongueOut"))
"""Shapes in the order of the matrix's rows."""

_EYE_LOOK = tuple(name for name in ROWS if name.startswith("eyeLook"))
_SOLVED = tuple(name for name in ROWS if name not in _EYE_LOOK)
_MOVE_THE_JAW = ("jawForward", "jawLeft", "jawOpen", "jawRight", "mouthClose")
_EXPRESSIONS = 100
_JAW_WEIGHT = 50.0
"""On the jaw's three rows, whose radians are small beside expression coefficients."""
_SHRINKAGE, _SYMMETRY = 1e-4, 1e-4
"""Of the mean square of a shape: how dear a weight is, and a difference of left and right. They decide between shapes that do
nearly the same."""
_FRAMES_AT_ONCE = 1024
JAW = "jaw"
"""The joint whose turn FLAME's face repeats."""
_MOVING_RADIANS = 1e-3
_GAZE_RADIANS = {"yaw": np.radians(35.0), "pitch": np.radians(30.0)}
"""Turns of an eye at which a look is 1; no figure is official."""


@dataclass(frozen=True, eq=False)
class ArkitMatrix:
    """matrix: (51, 103), rows as in ROWS. notes: what a person should know of it."""

    matrix: Array
    notes: tuple[str, ...] = ()

    @classmethod
    def load(cls, path: str | Path) -> ArkitMatrix:
        """Read a .npy. Raises FormatError; a matrix that is not the published one gets a note."""
        try:
            data = Path(path).read_bytes()
            matrix = np.load(io.BytesIO(data), allow_pickle=False)
        except OSError as error:
            raise FormatError(f"{path}: {error.strerror or error} (wanted: {WHERE_TO_GET_IT})") from None
        except (ValueError, EOFError):
            raise FormatError(f"{path}: no readable .npy (wanted: {WHERE_TO_GET_IT})") from None
        if not isinstance(matrix, np.ndarray) or matrix.shape != (51, 103) or matrix.dtype.kind != "f":
            raise FormatError(f"{path}: expected floats of shape (51, 103), {WHERE_TO_GET_IT}")
        if not np.isfinite(matrix).all():
            raise FormatError(f"{path}: holds NaN or infinity")
        known = hashlib.sha256(data).hexdigest() == PUBLISHED_SHA256
        notes = () if known else (f"{Path(path).name} is not the published matrix (its checksum differs)",)
        return cls(np.ascontiguousarray(matrix, np.float32), notes)

    @classmethod
    def from_deltas(cls, deltas_path: str | Path, model_path: str | Path) -> ArkitMatrix:
        """The matrix that follows from ARKit's shapes on FLAME's or SMPL-X's vertices and that model's own shapes: each
        displacement as the expressions and the small turn of the jaw nearest to it.

        deltas_path: .npz with `names` (K,) ARKit names and `deltas` (K, V, 3) metres; `vertex_ids` (V,) where the V vertices
        are some of the model's. model_path: .npz of FLAME or SMPL-X with v_template, shapedirs (300 shape and 100
        expression coefficients), J_regressor and weights. Raises FormatError.
        """
        return cls(
            arkit_matrix_from_deltas(deltas_path, model_path, ROWS), ("ARKit's shapes by vertex deltas of the user's",)
        )

    def flame(self, weights: Array) -> Array:
        """weights: (T, 52) ARKit, Apple's order. Returns (T, 103) expression and jaw."""
        return weights[:, [ARKIT52.curve_names.index(name) for name in ROWS]] @ self.matrix

    def arkit(self, flame: Array) -> tuple[Array, float]:
        """The weights in [0, 1] whose FLAME face is nearest: least squares with bounds, the jaw's rows weighted. eyeLook
        and tongueOut stay 0.

        flame: (T, 103). Returns (T, 52) in Apple's order, and the residual: what no weights explain, as a share of the
        face's own root mean square, 0 for a face at rest.
        """
        shapes, gram = self._system
        weighted = np.asarray(flame, np.float32) * _row_weights()
        solved = np.empty((len(flame), len(_SOLVED)), np.float32)
        for start in range(0, len(flame), _FRAMES_AT_ONCE):
            part = slice(start, start + _FRAMES_AT_ONCE)
            solved[part] = bounded_least_squares(gram, shapes @ weighted[part].T).T
        off, size = np.linalg.norm(solved @ shapes - weighted), np.linalg.norm(weighted)
        weights = np.zeros((len(flame), len(ARKIT52.curve_names)), np.float32)
        weights[:, [ARKIT52.curve_names.index(name) for name in _SOLVED]] = solved
        return weights, float(off / size) if size > 1e-9 else 0.0

    @cached_property
    def _system(self) -> tuple[Array, Array]:
        """(43, 103) weighted shapes and their regularised (43, 43) products."""
        shapes = self.matrix[[ROWS.index(name) for name in _SOLVED]] * _row_weights()
        still = [index for index, name in enumerate(_SOLVED) if name not in _MOVE_THE_JAW]
        shapes[still, _EXPRESSIONS:] = 0.0
        gram = (shapes @ shapes.T).astype(np.float64)
        scale = np.trace(gram) / len(gram)
        gram += _SHRINKAGE * scale * np.eye(len(gram))
        for index, name in enumerate(_SOLVED):
            if name.endswith("Left"):
                other = _SOLVED.index(name.removesuffix("Left") + "Right")
                difference = np.zeros(len(gram))
                difference[[index, other]] = 1.0, -1.0
                gram += _SYMMETRY * scale * np.outer(difference, difference)
        return shapes, gram.astype(np.float32)


def find_matrix(matrix: Path | None, deltas: Path | None, model: Path | None) -> ArkitMatrix | None:
    """The matrix from the user's file, or from deltas and a model, or None without either. Raises FormatError,
    InvalidInputError."""
    if matrix is not None:
        return ArkitMatrix.load(matrix)
    if (deltas is None) != (model is None):
        raise InvalidInputError("ARKit's shapes as vertex deltas need a FLAME or SMPL-X model, and the other way round")
    return ArkitMatrix.from_deltas(deltas, model) if deltas is not None and model is not None else None


def _row_weights() -> Array:
    return np.concatenate([np.ones(_EXPRESSIONS), np.full(3, _JAW_WEIGHT)]).astype(np.float32)


def with_arkit_face(motion: Motion, matrix: ArkitMatrix) -> tuple[Motion, tuple[str, ...]]:
    """The motion with its FLAME face as ARKit's 52, looks taken from the eyes' joints; and notes. The jaw's joint keeps its
    degrees. Raises UnsupportedError for another face."""
    face = _face_of(motion, FLAME.name)
    weights, residual = matrix.arkit(face.weights)
    _look(motion, weights)
    notes = (*matrix.notes, f"{100 * residual:.0f} % of the FLAME face's movement is beyond ARKit's shapes")
    return replace(motion, face=FaceCurves(ARKIT52.name, ARKIT52.curve_names, weights)), notes


def with_flame_face(
    motion: Motion, matrix: ArkitMatrix, jaw_turns: bool | None = None
) -> tuple[Motion, tuple[str, ...]]:
    """The motion with its ARKit face as FLAME's expression and jaw; and notes. A jaw joint that turns already says how far,
    in degrees, whatever the matrix does; else it is turned as the matrix says.

    jaw_turns: whether it does, where that is known. None: it does if it turns in one of these frames, so a piece of a motion
    may give another answer than the whole. Raises UnsupportedError for another face.
    """
    face = _face_of(motion, ARKIT52.name)
    flame = matrix.flame(face.weights)
    quats = motion.rotations_xyzw
    if JAW in motion.skeleton.joint_names:
        joint = motion.skeleton.index(JAW)
        turn = rotations.axis_angle_from_quat(rotations.shortest(quats[:, joint]))
        if jaw_turns or (jaw_turns is None and np.abs(turn).max(initial=0.0) > _MOVING_RADIANS):
            flame[:, _EXPRESSIONS:] = turn
        else:
            quats = quats.copy()
            quats[:, joint] = rotations.quat_from_axis_angle(flame[:, _EXPRESSIONS:])
    moved = replace(motion, rotations_xyzw=quats, face=FaceCurves(FLAME.name, FLAME.curve_names, flame))
    return moved, matrix.notes


def _face_of(motion: Motion, rig: str) -> FaceCurves:
    if motion.face is None or motion.face.rig != rig:
        found = motion.face.rig if motion.face else "no face"
        raise UnsupportedError(f"a face of {rig!r} is needed, the motion has {found!r}")
    if len(motion.face.names) != (103 if rig == FLAME.name else 52):
        raise MotionError(f"a face of {rig!r} with {len(motion.face.names)} curves")
    return motion.face


def _look(motion: Motion, weights: Array) -> None:
    """Turns of the eye joints, in canonical axes: yaw about +Y is to the character's left, pitch about +X is down."""
    for side, out_sign in (("left", 1.0), ("right", -1.0)):
        joint = f"{side}_eye_smplhf"
        if joint not in motion.skeleton.joint_names:
            continue
        turn = rotations.axis_angle_from_quat(
            rotations.shortest(motion.rotations_xyzw[:, motion.skeleton.index(joint)])
        )
        pitch, yaw = turn[:, 0] / _GAZE_RADIANS["pitch"], out_sign * turn[:, 1] / _GAZE_RADIANS["yaw"]
        for way, amount in (("Down", pitch), ("Up", -pitch), ("Out", yaw), ("In", -yaw)):
            column = ARKIT52.curve_names.index(f"eyeLook{way}{side.capitalize()}")
            weights[:, column] = np.clip(amount, 0.0, 1.0)
