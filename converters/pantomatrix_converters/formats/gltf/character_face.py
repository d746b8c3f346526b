"""A face's curves as weights of a character's own morph targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ...errors import LimitError, UnsupportedError
from ...face.conversion import with_face_rig
from ...face.derived_curves import derived_curves
from ...face.face_maps import FaceMap
from ...face.map_choice import ChosenMap, choose_map, map_on
from ...face.rigs import ARKIT52, ARKIT_TONGUE
from ...motion import Motion
from .character_body import Channels
from .character_document import CharacterDocument
from .morph_shapes import Expression, MorphMesh, expressions, morph_meshes

Array = NDArray[np.float64]

_MOST_BYTES = 2 << 30
"""Of all weights."""
_MOST_NAMED = 6
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
    curves = _curves(motion, face.notes)
    if curves is None:
        return face
    face.curves = curves
    shapes, spoken = [mesh.names for mesh in meshes], expressions(document, meshes)
    by_mesh = _fitting(face_map, shapes)
    by_expression = _fitting(face_map, [[one.name for one in spoken]]) if spoken else None
    if by_expression is not None and (by_mesh is None or by_expression.score >= by_mesh.score):
        face.chosen = by_expression
        _check_size(motion, meshes)
        weights = _of_expressions(by_expression, spoken, meshes, curves)
        whose = ["VRM expressions"]
        count, names = len({link.shape for link in by_expression.links}), [[one.name for one in spoken]]
    elif by_mesh is not None:
        face.chosen = by_mesh
        whose = [meshes[at].label for at in sorted({link.mesh for link in by_mesh.links})]
        _check_size(motion, [meshes[at] for at in {link.mesh for link in by_mesh.links}])
        weights = _of_meshes(by_mesh, meshes, curves)
        count, names = len({(link.mesh, link.shape) for link in by_mesh.links}), shapes
    else:
        face.notes.append(_nothing_fits(meshes))
        return face
    for place, values in weights.items():
        if np.abs(values - meshes[place].defaults).max() > _STILL:
            face.channels[meshes[place].node, "weights"] = values.reshape(-1)
    face.notes += _report(face.chosen, count, whose, names)
    return face


def _fitting(face_map: FaceMap | None, shapes: Sequence[Sequence[str]]) -> ChosenMap | None:
    found = choose_map(shapes) if face_map is None else map_on(face_map, shapes)
    return found if found is not None and found.links else None


def _curves(motion: Motion, notes: list[str]) -> dict[str, Array] | None:
    """ARKit's curves and what is derived from them."""
    assert motion.face is not None
    if motion.face.rig not in (ARKIT52.name, ARKIT_TONGUE.name):
        try:
            motion = with_face_rig(motion, ARKIT52.name, None)[0]
        except UnsupportedError as error:
            notes.append(f"the character's face stays still, for ARKit's curves move it: {error}")
            return None
    assert motion.face is not None
    weights = motion.face.weights.astype(np.float64)
    return {**dict(zip(motion.face.names, weights.T, strict=True)), **derived_curves(weights)}


def _of_meshes(chosen: ChosenMap, meshes: list[MorphMesh], curves: dict[str, Array]) -> dict[int, Array]:
    """Place among the meshes -> (T, N). Targets that nothing moves keep the weights that they have in the file."""
    found: dict[int, Array] = {}
    for (mesh, shape), values in _asked(chosen, curves).items():
        weights = found.setdefault(mesh, np.tile(meshes[mesh].defaults, (len(values), 1)))
        weights[:, shape] = values
    return found


def _of_expressions(
    chosen: ChosenMap, spoken: list[Expression], meshes: list[MorphMesh], curves: dict[str, Array]
) -> dict[int, Array]:
    """The same by way of expressions, which add up where they share a target."""
    found: dict[int, Array] = {}
    for (_, number), values in _asked(chosen, curves).items():
        shown = (values > _WHOLE).astype(np.float64) if spoken[number].binary else values
        for mesh, target, weight in spoken[number].binds:
            weights = found.setdefault(mesh, np.tile(meshes[mesh].defaults, (len(values), 1)))
            weights[:, target] += weight * shown
    return found


def _asked(chosen: ChosenMap, curves: dict[str, Array]) -> dict[tuple[int, int], Array]:
    """(mesh, shape) -> (T,): the sum of what moves it, within 0 and 1, or as far as a gain goes beyond."""
    sums: dict[tuple[int, int], Array] = {}
    gains: dict[tuple[int, int], list[float]] = {}
    for link in chosen.links:
        if link.row.curve in curves:
            at = (link.mesh, link.shape)
            sums[at] = sums.get(at, 0.0) + link.row.gain * curves[link.row.curve]
            gains.setdefault(at, []).append(link.row.gain)
    return {at: np.clip(values, min(0.0, *gains[at]), max(1.0, *gains[at])) for at, values in sums.items()}


def _check_size(motion: Motion, meshes: list[MorphMesh]) -> None:
    size = 8 * len(motion) * sum(len(mesh.names) for mesh in meshes)
    if size > _MOST_BYTES:
        raise LimitError(
            f"weights of {len(motion)} frames would take {size >> 20} MiB, at most {_MOST_BYTES >> 20} are allowed"
        )


def _report(chosen: ChosenMap, shapes: int, whose: list[str], names: Sequence[Sequence[str]]) -> list[str]:
    own = sum(curve in chosen.moved for curve in ARKIT52.curve_names)
    by = [f"{own} of ARKit's 52 curves"] if own else []
    if chosen.derived:
        by.append(f"{len(chosen.derived)} vowels, visemes or feelings made of ARKit's curves")
    moved_by = " and ".join(by) or "the tongue's curves"
    notes = [f"face map {chosen.name!r}: {shapes} shapes of {_listed(whose)} are moved by {moved_by}"]
    if chosen.missing:
        notes.append(f"no shape for {_listed(chosen.missing)}")
    doubtful = {(link.mesh, link.shape, link.other) for link in chosen.links if link.other >= 0}
    notes += [
        f"{names[mesh][shape]!r} is moved; {names[mesh][other]!r} has the same name in another spelling and stays still"
        for mesh, shape, other in sorted(doubtful)
    ]
    return notes


def _nothing_fits(meshes: list[MorphMesh]) -> str:
    if not meshes:
        return "the character has no morph targets: its face stays still"
    names = [name for mesh in meshes for name in mesh.names if name]
    if not names:
        return f"the morph targets of {_listed([mesh.label for mesh in meshes])} have no names: the face stays still"
    return (
        f"no face map knows the morph targets {_listed(names)}: the face stays still; `pantomatrix face-maps` shows "
        "tables to copy, --face-map takes one of your own"
    )


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED + 1 else ""
    return ", ".join(names[:_MOST_NAMED] if more else names) + more
