"""ARKit's shapes as displacements of a FLAME or SMPL-X mesh, expressed in that model's own coefficients. Both files are the
user's."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .. import rotations
from ..body_model import BODY_SHAPES, EXPRESSIONS, read_body_model
from ..errors import FormatError
from ..files.npz_archive import read_arrays

Array = NDArray[np.float64]

_MAX_BYTES = 2 << 30
_JAW_OF_JOINTS = {5: 2, 55: 22}
"""Number of joints -> the jaw's, of FLAME and of SMPL-X."""


def arkit_matrix_from_deltas(
    deltas_path: str | Path, model_path: str | Path, rows: tuple[str, ...]
) -> NDArray[np.float32]:
    """(len(rows), 103): per ARKit shape the least-squares expressions and jaw axis-angle (radians, taken as linear). Shapes
    that the file lacks are rows of zeros. See `ArkitMatrix.from_deltas`. Raises FormatError."""
    given = _given(deltas_path)
    model = read_body_model(model_path, "v_template", "shapedirs", "J_regressor", "weights")
    names, deltas = _shapes(given, deltas_path, rows)
    basis = _basis(model, model_path)
    ids = given.get("vertex_ids")
    if ids is not None:
        if ids.dtype.kind not in "iu" or ids.min(initial=0) < 0 or ids.max(initial=0) >= len(basis):
            raise FormatError(f"{deltas_path}: vertex_ids are not vertices of {model_path}")
        basis = basis[ids.reshape(-1)]
    if deltas.shape[1] != len(basis):
        raise FormatError(
            f"{deltas_path}: {deltas.shape[1]} vertices, {model_path} has {len(basis)}; name them in vertex_ids"
        )
    solved = np.linalg.lstsq(basis.reshape(-1, basis.shape[-1]), deltas.reshape(len(deltas), -1).T, rcond=None)[0].T
    matrix = np.zeros((len(rows), solved.shape[1]), np.float32)
    matrix[[rows.index(name) for name in names]] = solved
    return matrix


def _given(path: str | Path) -> dict[str, np.ndarray]:
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise FormatError(f"{path}: {error.strerror or error}") from None
    return read_arrays(data, str(path), _MAX_BYTES, only=("names", "deltas", "vertex_ids"))


def _shapes(given: dict[str, np.ndarray], path: str | Path, rows: tuple[str, ...]) -> tuple[list[str], Array]:
    if "names" not in given or "deltas" not in given:
        raise FormatError(f"{path}: expected arrays `names` (K,) and `deltas` (K, V, 3)")
    names, deltas = [str(name) for name in given["names"].reshape(-1)], given["deltas"]
    if deltas.ndim != 3 or deltas.shape[0] != len(names) or deltas.shape[2] != 3 or deltas.dtype.kind != "f":
        raise FormatError(f"{path}: deltas are {deltas.dtype} {deltas.shape}, expected floats ({len(names)}, V, 3)")
    if not np.isfinite(deltas).all():
        raise FormatError(f"{path}: deltas hold NaN or infinity")
    known = [at for at, name in enumerate(names) if name in rows]
    if not known or len(set(names)) != len(names):
        raise FormatError(f"{path}: names are not ARKit's, for example {rows[24]!r}, each once")
    return [names[at] for at in known], deltas[known].astype(np.float64)


def _basis(model: dict[str, np.ndarray], path: str | Path) -> Array:
    """(V, 3, 103) displacement of each vertex by one unit of each coefficient, in the rest pose."""
    template, shapes, regressor, weights = (
        model[key].astype(np.float64) for key in ("v_template", "shapedirs", "J_regressor", "weights")
    )
    if len(regressor) not in _JAW_OF_JOINTS or shapes.shape[2] < BODY_SHAPES + EXPRESSIONS:
        raise FormatError(
            f"{path}: {len(regressor)} joints and {shapes.shape[2]} shapes are not those of FLAME or SMPL-X: 5 or 55 joints, "
            f"{BODY_SHAPES} + {EXPRESSIONS} shapes"
        )
    jaw = _JAW_OF_JOINTS[len(regressor)]
    away = template - regressor[jaw] @ template
    turns: Array = np.stack([rotations.cross(axis, away) for axis in np.eye(3)], axis=2) * weights[:, jaw, None, None]
    basis: Array = np.concatenate([shapes[..., BODY_SHAPES : BODY_SHAPES + EXPRESSIONS], turns], axis=2)
    return basis
