"""Faces in glTF documents: weights of morph targets, whatever their meshes call them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ...face.face_match import FaceRow, MeshNames
from ...face.rigs import FACE_RIGS, FaceRig
from ...motion import FaceCurves
from ..motion_format import ReadLimits
from .gltf_animation import Clip
from .gltf_document import GltfReader
from .morph_shapes import target_names

_FEWEST = 3
"""Shapes of a rig that a mesh must have to be a face of that rig."""

Named = tuple[Sequence[str], NDArray[np.float64]]
"""Names, and (T, K) weights."""


def animated_face(document: GltfReader, clip: Clip, limits: ReadLimits) -> FaceCurves | None:
    """The curves of the face rig that most of the animated shapes belong to, from all meshes; None if there are none."""
    shapes = _animated_shapes(document, clip, limits)
    return rig_curves(shapes, clip.notes) if shapes else None


def _animated_shapes(document: GltfReader, clip: Clip, limits: ReadLimits) -> list[Named]:
    found: list[Named] = []
    for (node, path), channel in clip.channels.items():
        entry = document.list_of("nodes")[node]
        if path != "weights" or "mesh" not in entry:
            continue
        mesh = document.list_of("meshes")[document.index(entry["mesh"], "meshes", f"nodes[{node}].mesh")]
        names = target_names(mesh)
        if len(names) != channel.width or "" in names:
            clip.notes.append(
                f"{channel.width} morph targets of nodes[{node}] have no names of their own; they are left out"
            )
            continue
        limits.check_size(len(clip.times), 0, sum(map(len, (other for other, _ in found))) + len(names), document.name)
        found.append((names, channel.at(clip.times)))
    return found


def rig_curves(shapes: list[Named], notes: list[str], fewest: int = _FEWEST) -> FaceCurves | None:
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
