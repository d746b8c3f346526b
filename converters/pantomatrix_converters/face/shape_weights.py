"""What a face's curves ask of a character's own shapes, whatever file they are in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from ..errors import LimitError, UnsupportedError
from ..face_map import FaceMap
from ..motion import Motion
from .conversion import with_face_rig
from .derived_curves import derived_curves
from .map_choice import ChosenMap, choose_map, map_on
from .rigs import ARKIT52, ARKIT_TONGUE

Array = NDArray[np.float64]

_MOST_BYTES = 2 << 30
"""Of all weights."""
_MOST_NAMED = 6


class ShapesOfMesh(Protocol):
    """A mesh that has shapes."""

    @property
    def label(self) -> str: ...
    @property
    def names(self) -> Sequence[str]: ...


def fitting(face_map: FaceMap | None, shapes: Sequence[Sequence[str]]) -> ChosenMap | None:
    """A map on these meshes; None if it moves nothing. face_map: None for the one that fits best."""
    found = choose_map(shapes) if face_map is None else map_on(face_map, shapes)
    return found if found is not None and found.links else None


def curves_of(motion: Motion, notes: list[str]) -> dict[str, Array] | None:
    """(T,) by name: ARKit's curves and what is derived from them. None, and a note, for a face that has none of them."""
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


def asked_weights(chosen: ChosenMap, curves: dict[str, Array]) -> dict[tuple[int, int], Array]:
    """(mesh, shape) -> (T,): the sum of what moves it, within 0 and 1, or as far as a gain goes beyond."""
    sums: dict[tuple[int, int], Array] = {}
    gains: dict[tuple[int, int], list[float]] = {}
    for link in chosen.links:
        if link.row.curve in curves:
            at = (link.mesh, link.shape)
            sums[at] = sums.get(at, 0.0) + link.row.gain * curves[link.row.curve]
            gains.setdefault(at, []).append(link.row.gain)
    return {at: np.clip(values, min(0.0, *gains[at]), max(1.0, *gains[at])) for at, values in sums.items()}


def check_size(motion: Motion, meshes: Sequence[ShapesOfMesh]) -> None:
    """Raise LimitError for more weights than 2 GiB."""
    size = 8 * len(motion) * sum(len(mesh.names) for mesh in meshes)
    if size > _MOST_BYTES:
        raise LimitError(
            f"weights of {len(motion)} frames would take {size >> 20} MiB, at most {_MOST_BYTES >> 20} are allowed"
        )


def report(chosen: ChosenMap, shapes: int, whose: list[str], names: Sequence[Sequence[str]]) -> list[str]:
    """Notes: what moves what. shapes: how many. whose: of which meshes. names: of the shapes of every mesh."""
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


def nothing_fits(meshes: Sequence[ShapesOfMesh], face_map: FaceMap | None, joints: Sequence[str]) -> str:
    """A note: why no shape moves. face_map: the one that was tried; None for all. joints: of eyes and jaw, which turn all the
    same."""
    still = f"of its face only joints turn: {_listed(joints)}" if joints else "its face stays still"
    if not meshes:
        return f"the character has no morph targets: {still}"
    names = [name for mesh in meshes for name in mesh.names if name]
    if not names:
        return f"the morph targets of {_listed([mesh.label for mesh in meshes])} have no names: {still}"
    knows = "no face map knows" if face_map is None else f"face map {face_map.name!r} knows none of"
    return (
        f"{knows} the morph targets {_listed(names)}: {still}; `pantomatrix face-maps` shows "
        "tables to copy, --face-map takes one of your own"
    )


def _listed(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMED} more" if len(names) > _MOST_NAMED + 1 else ""
    return ", ".join(names[:_MOST_NAMED] if more else names) + more
