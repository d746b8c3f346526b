"""Weights by the names of shapes as curves of a face rig, whatever file they are in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from ..motion import FaceCurves
from .rigs import FACE_RIGS, FaceRig
from .shape_spelling import without_prefix

_FEWEST = 3
"""Shapes of a rig that a mesh must have to be a face of that rig."""

Named = tuple[Sequence[str], NDArray[np.float64]]
"""Names, and (T, K) weights."""


def rig_curves(shapes: Sequence[Named], notes: list[str], fewest: int = _FEWEST) -> FaceCurves | None:
    """Named weights as curves of the rig that most of them belong to; what it lacks is 0.

    shapes: of each mesh. notes: what was left out. fewest: names that a face of a rig has at least.
    """
    names = {name for mesh, _ in shapes for name in mesh}
    counts = {rig.name: len(_places(rig, names)) for rig in FACE_RIGS.values()}
    best = max(FACE_RIGS.values(), key=lambda rig: (counts[rig.name], -len(rig.curve_names)))
    if counts[best.name] < fewest:
        notes.append(f"{len(names)} blend shapes belong to no known face rig and are left out")
        return None
    weights = np.zeros((len(shapes[0][1]), len(best.curve_names)), np.float32)
    filled: set[str] = set()
    for mesh, values in sorted(shapes, key=lambda entry: -len(_places(best, entry[0]))):
        for curve, name in _places(best, mesh).items():
            if curve not in filled:
                filled.add(curve)
                weights[:, best.curve_names.index(curve)] = values[:, list(mesh).index(name)]
    absent = [curve for curve in best.curve_names if curve not in filled]
    if absent:
        notes.append(f"{len(absent)} curves are absent and taken as 0: {', '.join(absent)}")
    strange = len(names - {name for mesh, _ in shapes for name in _places(best, mesh).values()})
    if strange:
        notes.append(f"{strange} blend shapes that are not of {best.name} are left out")
    return FaceCurves(best.name, best.curve_names, weights)


def _places(rig: FaceRig, names: Iterable[str]) -> dict[str, str]:
    """Curve -> the name that means it, in any spelling, with or without what exporters put before it."""
    keys = {_key(curve): curve for curve in rig.curve_names}
    found: dict[str, str] = {}
    for name in names:
        curve = keys.get(_key(name)) or keys.get(_key(without_prefix(name)))
        if curve is not None:
            found.setdefault(curve, name)
    return found


def _key(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())
