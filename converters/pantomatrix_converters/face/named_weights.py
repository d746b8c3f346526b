"""Weights by the names of shapes as curves of a face rig, whatever file they are in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..motion import FaceCurves
from .face_match import FaceRow, MeshNames
from .rigs import FACE_RIGS, FaceRig

_FEWEST = 3
"""Shapes of a rig that a mesh must have to be a face of that rig."""

Named = tuple[Sequence[str], NDArray[np.float64]]
"""Names, and (T, K) weights."""


def rig_curves(shapes: Sequence[Named], notes: list[str], fewest: int = _FEWEST) -> FaceCurves | None:
    """Named weights as curves of the rig that most of them belong to; what it lacks is 0.

    notes: what was left out. fewest: names that a face of a rig has at least.
    """
    places = {rig.name: [_places(rig, names) for names, _ in shapes] for rig in FACE_RIGS.values()}
    counts = {rig: len(set().union(*meshes)) for rig, meshes in places.items()}
    best = max(FACE_RIGS.values(), key=lambda rig: (counts[rig.name], -len(rig.curve_names)))
    if counts[best.name] < fewest:
        count = sum(len(names) for names, _ in shapes)
        notes.append(f"{count} morph targets belong to no known face rig and are left out")
        return None
    weights = np.zeros((len(shapes[0][1]), len(best.curve_names)), np.float32)
    filled: set[str] = set()
    meshes = list(zip(places[best.name], shapes, strict=True))
    for found, (_, values) in sorted(meshes, key=lambda entry: -len(entry[0])):
        for curve in found.keys() - filled:
            weights[:, best.curve_names.index(curve)] = values[:, found[curve]]
        filled |= found.keys()
    absent = [curve for curve in best.curve_names if curve not in filled]
    if absent:
        notes.append(f"{len(absent)} curves are absent and taken as 0: {', '.join(absent)}")
    strange = sum(len(names) - len(set(found.values())) for found, (names, _) in meshes)
    if strange:
        notes.append(f"{strange} morph targets that are not of {best.name} are left out")
    return FaceCurves(best.name, best.curve_names, weights)


def _places(rig: FaceRig, names: Sequence[str]) -> dict[str, int]:
    """Curve -> where the name stands that means it, in any spelling."""
    mesh = MeshNames(names)
    found = {curve: mesh.find(FaceRow(curve, curve, 1.0, 0))[0] for curve in rig.curve_names}
    return {curve: place for curve, place in found.items() if place >= 0}
