"""A face in another rig. Between FLAME and ARKit goes what the user brings; between ARKit and the others go fixed tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ..errors import UnsupportedError
from ..motion import FaceCurves, Motion
from .arkit_tables import ARKIT_FROM_OCULUS, METAHUMAN_FROM_ARKIT, VRM_FROM_ARKIT
from .bounded_solve import bounded_least_squares
from .flame_arkit import WHERE_TO_GET_IT, ArkitMatrix, with_arkit_face, with_flame_face
from .rigs import ARKIT52, ARKIT_TONGUE, FLAME, METAHUMAN, OCULUS, VRM, FaceRig, face_rig

Array = NDArray[np.float32]

_SHRINKAGE = 1e-3
"""Small, because some visemes are nearly others' fractions."""


def with_face_rig(
    motion: Motion, rig: str, matrix: ArkitMatrix | None, jaw_turns: bool | None = None
) -> tuple[Motion, tuple[str, ...]]:
    """The motion with its face in another rig, and notes. jaw_turns: see `with_flame_face`. Raises UnknownNameError,
    UnsupportedError."""
    target = face_rig(rig)
    if motion.face is None:
        raise UnsupportedError(f"the motion has no face that could become {rig!r}")
    notes: tuple[str, ...] = ()
    if motion.face.rig == target.name:
        return motion, notes
    if motion.face.rig == FLAME.name:
        motion, notes = with_arkit_face(motion, _needed(matrix, rig))
    elif motion.face.rig != ARKIT52.name:
        motion = _by_table(motion, _TO_ARKIT, motion.face.rig, ARKIT52)
    if target is FLAME:
        motion, more = with_flame_face(motion, _needed(matrix, rig), jaw_turns)
        return motion, (*notes, *more)
    return (motion if target is ARKIT52 else _by_table(motion, _FROM_ARKIT, target.name, target)), notes


def check_face_rig(rig: str, target: FaceRig, matrix: ArkitMatrix | None) -> tuple[str, ...]:
    """Whether a face of a rig can become one of another: notes, whatever its frames are. Raises UnsupportedError."""
    notes: tuple[str, ...] = ()
    if rig == target.name:
        return notes
    if rig == FLAME.name:
        notes = _needed(matrix, target.name).notes
    elif rig != ARKIT52.name:
        _table(_TO_ARKIT, rig, ARKIT52)
    if target is FLAME:
        return _needed(matrix, target.name).notes
    if target is not ARKIT52:
        _table(_FROM_ARKIT, target.name, target)
    return notes


def _needed(matrix: ArkitMatrix | None, rig: str) -> ArkitMatrix:
    if matrix is None:
        raise UnsupportedError(
            f"this face becomes {rig!r} by way of the user's own {WHERE_TO_GET_IT}, given as --arkit-matrix; or of ARKit's "
            "shapes as vertex deltas (as LAM_Audio2Expression publishes them) with a FLAME or SMPL-X model "
            "(flame.is.tue.mpg.de, smpl-x.is.tue.mpg.de), given as --arkit-deltas and --face-model"
        )
    return matrix


def _by_table(motion: Motion, tables: dict[str, Callable[[Array], Array]], name: str, target: FaceRig) -> Motion:
    assert motion.face is not None
    weights = _table(tables, name, target)(motion.face.weights)
    return replace(motion, face=FaceCurves(target.name, target.curve_names, weights))


def _table(tables: dict[str, Callable[[Array], Array]], name: str, target: FaceRig) -> Callable[[Array], Array]:
    if name not in tables:
        raise UnsupportedError(f"a face of {name!r} cannot become {target.name!r}: it has too few shapes")
    return tables[name]


def _vrm(arkit: Array) -> Array:
    table = np.zeros((len(ARKIT52.curve_names), len(VRM.curve_names)), np.float32)
    for column, shapes in enumerate(VRM_FROM_ARKIT.values()):
        for shape, weight in shapes.items():
            table[ARKIT52.curve_names.index(shape), column] = weight
    return np.clip(arkit @ table, 0.0, 1.0)


def _oculus(arkit: Array) -> Array:
    """The visemes whose ARKit shapes are nearest to the mouth's, at most 1 together; "sil" is what is left."""
    shapes = _oculus_shapes()[1:]
    used = shapes.any(axis=0)
    shapes = shapes[:, used]
    gram = shapes @ shapes.T + _SHRINKAGE * np.eye(len(shapes))
    weights = bounded_least_squares(gram.astype(np.float32), shapes @ arkit[:, used].T).T
    weights = weights / np.maximum(weights.sum(axis=1, keepdims=True), 1.0)
    silence = np.maximum(1.0 - weights.sum(axis=1, keepdims=True), 0.0)
    return np.concatenate([silence, weights], axis=1).astype(np.float32)


@cache
def _oculus_shapes() -> Array:
    """(15, 52)"""
    table = np.zeros((len(OCULUS.curve_names), len(ARKIT52.curve_names)), np.float32)
    for row, shapes in enumerate(ARKIT_FROM_OCULUS.values()):
        for shape, weight in shapes.items():
            table[row, ARKIT52.curve_names.index(shape)] = weight
    return table


def _arkit_from_oculus(visemes: Array) -> Array:
    return np.clip(visemes @ _oculus_shapes(), 0.0, 1.0)


def _metahuman(arkit: Array) -> Array:
    return arkit[:, [at for at, name in enumerate(ARKIT52.curve_names) for _ in METAHUMAN_FROM_ARKIT[name]]]


def _arkit_from_metahuman(controls: Array) -> Array:
    """A shape is the mean of its controls."""
    columns = [[METAHUMAN.curve_names.index(c) for c in METAHUMAN_FROM_ARKIT[name]] for name in ARKIT52.curve_names]
    return np.stack([controls[:, group].mean(axis=1) for group in columns], axis=1)


def _with_still_tongue(arkit: Array) -> Array:
    return np.pad(arkit, ((0, 0), (0, len(ARKIT_TONGUE.curve_names) - len(ARKIT52.curve_names))))


def _without_tongue(weights: Array) -> Array:
    return weights[:, : len(ARKIT52.curve_names)]


_FROM_ARKIT = {
    VRM.name: _vrm,
    OCULUS.name: _oculus,
    METAHUMAN.name: _metahuman,
    ARKIT_TONGUE.name: _with_still_tongue,
}
_TO_ARKIT = {
    OCULUS.name: _arkit_from_oculus,
    METAHUMAN.name: _arkit_from_metahuman,
    ARKIT_TONGUE.name: _without_tongue,
}
