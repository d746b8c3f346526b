"""A face's curves as weights of a character's own morph targets."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ...face.map_choice import ChosenMap
from ...face.shape_weights import asked_weights, check_size, curves_of, fitting, nothing_fits, report
from ...face_map import FaceMap
from ...motion import Motion
from ...retargeting.humanoid import face_joints
from .character_body import Channels
from .character_document import CharacterDocument
from .morph_shapes import Expression, MorphMesh, expressions, morph_meshes

Array = NDArray[np.float64]

_STILL = 1e-4
_WHOLE = 0.5
"""From this weight on an expression is shown that knows only all or nothing."""


@dataclass
class DrivenFace:
    """What a motion's face does to a character. curves: (T,) by name, ARKit's and those derived from them."""

    channels: Channels = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    chosen: ChosenMap | None = None
    curves: dict[str, Array] = field(default_factory=dict)


def driven_face(motion: Motion, document: CharacterDocument, face_map: FaceMap | None) -> DrivenFace:
    """face_map: None for the one that fits best. Raises LimitError for more weights than 2 GiB."""
    face = DrivenFace()
    meshes = morph_meshes(document)
    curves = curves_of(motion, face.notes)
    if curves is None:
        return face
    face.curves = curves
    shapes, spoken = [mesh.names for mesh in meshes], expressions(document, meshes)
    by_mesh = fitting(face_map, shapes)
    by_expression = fitting(face_map, [[one.name for one in spoken]]) if spoken else None
    if by_expression is not None and (by_mesh is None or by_expression.score >= by_mesh.score):
        face.chosen = by_expression
        check_size(motion, meshes)
        weights = _of_expressions(by_expression, spoken, meshes, curves)
        whose = ["VRM expressions"]
        count, names = len({link.shape for link in by_expression.links}), [[one.name for one in spoken]]
    elif by_mesh is not None:
        face.chosen = by_mesh
        whose = [meshes[at].label for at in sorted({link.mesh for link in by_mesh.links})]
        check_size(motion, [meshes[at] for at in {link.mesh for link in by_mesh.links}])
        weights = _of_meshes(by_mesh, meshes, curves)
        count, names = len({(link.mesh, link.shape) for link in by_mesh.links}), shapes
    else:
        face.notes.append(nothing_fits(meshes, face_map, face_joints(motion.skeleton)))
        return face
    for place, values in weights.items():
        if np.abs(values - meshes[place].defaults).max() > _STILL:
            face.channels[meshes[place].node, "weights"] = values.reshape(-1)
    face.notes += report(face.chosen, count, whose, names)
    return face


def _of_meshes(chosen: ChosenMap, meshes: list[MorphMesh], curves: dict[str, Array]) -> dict[int, Array]:
    """Place among the meshes -> (T, N). Targets that nothing moves keep the weights that they have in the file."""
    found: dict[int, Array] = {}
    for (mesh, shape), values in asked_weights(chosen, curves).items():
        weights = found.setdefault(mesh, np.tile(meshes[mesh].defaults, (len(values), 1)))
        weights[:, shape] = values
    return found


def _of_expressions(
    chosen: ChosenMap, spoken: list[Expression], meshes: list[MorphMesh], curves: dict[str, Array]
) -> dict[int, Array]:
    """The same by way of expressions, which add up where they share a target."""
    found: dict[int, Array] = {}
    for (_, number), values in asked_weights(chosen, curves).items():
        shown = (values > _WHOLE).astype(np.float64) if spoken[number].binary else values
        for mesh, target, weight in spoken[number].binds:
            weights = found.setdefault(mesh, np.tile(meshes[mesh].defaults, (len(values), 1)))
            weights[:, target] += weight * shown
    return found
