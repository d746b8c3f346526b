"""A character's shapes: its morph targets by name, and a VRM's expressions, which are made of morph targets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import NDArray

from .character_document import CharacterDocument

Array = NDArray[np.float64]

_MOST_LETTERS = 200


@dataclass(frozen=True)
class MorphMesh:
    """A node's mesh with morph targets. names: empty where a target has none. defaults: (N,) weights at rest."""

    node: int
    mesh: int
    label: str
    names: tuple[str, ...]
    defaults: Array


@dataclass(frozen=True)
class Expression:
    """One of a VRM's. binds: (place among the meshes, target, weight). binary: it is whole or not at all."""

    name: str
    binds: tuple[tuple[int, int, float], ...]
    binary: bool


def morph_meshes(document: CharacterDocument) -> list[MorphMesh]:
    """Of every node that has some. Raises FormatError where lists are no lists."""
    meshes = document.entries("meshes")
    found: list[MorphMesh] = []
    for index, node in enumerate(document.entries("nodes")):
        at = node.get("mesh")
        if not _is_index(at, len(meshes)):
            continue
        mesh = meshes[at]
        count = _target_count(mesh)
        if count:
            label = str(node.get("name") or mesh.get("name") or f"node{index}")[:_MOST_LETTERS]
            defaults = _weights(node.get("weights"), count)
            if defaults is None:
                defaults = _weights(mesh.get("weights"), count)
            rest = np.zeros(count) if defaults is None else defaults
            found.append(MorphMesh(index, at, label, target_names(mesh), rest))
    return found


def expressions(document: CharacterDocument, meshes: Sequence[MorphMesh]) -> list[Expression]:
    """A VRM's expressions that move morph targets; none for other files. What cannot be understood is passed over."""
    vrm = document.vrm
    if vrm is None:
        return []
    name, content = vrm
    found = _of_vrm1(content, meshes) if name == "VRMC_vrm" else _of_vrm0(content, meshes)
    return [expression for expression in found if expression.binds]


def target_names(mesh: dict[str, Any]) -> tuple[str, ...]:
    """Of a mesh's morph targets, empty where one has none: `extras.targetNames` of the mesh, or of its first primitive, where
    older VRM exporters put them."""
    count, primitives = _target_count(mesh), mesh.get("primitives")
    for holder in (mesh, *(primitives[:1] if isinstance(primitives, list) else ())):
        extras = holder.get("extras") if isinstance(holder, dict) else None
        names = extras.get("targetNames") if isinstance(extras, dict) else None
        if isinstance(names, list) and len(names) == count:
            return tuple(str(name)[:_MOST_LETTERS] for name in names)
    return ("",) * count


def _target_count(mesh: dict[str, Any]) -> int:
    primitives = mesh.get("primitives")
    for primitive in primitives if isinstance(primitives, list) else ():
        targets = primitive.get("targets") if isinstance(primitive, dict) else None
        return len(targets) if isinstance(targets, list) else 0
    return 0


def _weights(value: object, count: int) -> Array | None:
    if not isinstance(value, list) or len(value) != count or not all(map(_is_number, value)):
        return None
    return np.array(value, np.float64)


def _of_vrm1(content: dict[str, Any], meshes: Sequence[MorphMesh]) -> list[Expression]:
    places = {mesh.node: place for place, mesh in enumerate(meshes)}
    groups = _object(content.get("expressions"))
    found = []
    for kind in ("preset", "custom"):
        for name, entry in _object(groups.get(kind)).items():
            binds = [
                (places.get(bind["node"], -1), bind.get("index"), bind.get("weight", 1.0))
                for bind in _objects(_object(entry).get("morphTargetBinds"))
                if isinstance(bind.get("node"), int)
            ]
            found.append(_expression(str(name), binds, meshes, _object(entry).get("isBinary") is True))
    return found


def _of_vrm0(content: dict[str, Any], meshes: Sequence[MorphMesh]) -> list[Expression]:
    places: dict[int, list[int]] = {}
    for place, mesh in enumerate(meshes):
        places.setdefault(mesh.mesh, []).append(place)
    found = []
    for group in _objects(_object(content.get("blendShapeMaster")).get("blendShapeGroups")):
        preset = str(group.get("presetName", "unknown")).lower()
        name = str(group.get("name", "")) if preset in ("", "unknown") else preset
        binds = [
            (place, bind.get("index"), 0.01 * bind["weight"])
            for bind in _objects(group.get("binds"))
            if isinstance(bind.get("mesh"), int) and _is_number(bind.get("weight"))
            for place in places.get(bind["mesh"], ())
        ]
        found.append(_expression(name, binds, meshes, group.get("isBinary") is True))
    return found


def _expression(
    name: str, binds: Sequence[tuple[int, Any, Any]], meshes: Sequence[MorphMesh], binary: bool
) -> Expression:
    known = tuple(
        (place, target, float(weight))
        for place, target, weight in binds
        if place >= 0 and _is_index(target, len(meshes[place].names)) and _is_number(weight)
    )
    return Expression(name[:_MOST_LETTERS], known, binary)


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _objects(value: object) -> list[dict[str, Any]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []


def _is_index(value: object, count: int) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < count


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e6
