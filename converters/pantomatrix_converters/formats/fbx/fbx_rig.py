"""What a binary FBX says of its nodes: who hangs on whom, and how a node's local transform is made of its properties.

FBX's own formula: T * Roff * Rp * Rpre * R * Rpost^-1 * Rp^-1 * Soff * Sp * S * Sp^-1, each a property.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ... import rotations
from ...errors import FormatError, UnsupportedError
from .fbx_document import FbxDocument, Record

Array = NDArray[np.float64]

_ORDERS = ("xyz", "xzy", "yzx", "yxz", "zxy", "zyx")
_PIVOTS = ("RotationOffset", "RotationPivot", "ScalingOffset", "ScalingPivot")
_MAX_DEPTH = 4096
_METRES_PER_UNIT = 0.01


def _no_numbers() -> dict[str, Array]:
    return {}


@dataclass
class Node:
    """A model. numbers: its numeric properties, with the defaults of the file's template."""

    id: int
    name: str
    parent: int = 0
    numbers: dict[str, Array] = field(default_factory=_no_numbers)

    def vector(self, name: str, default: float = 0.0) -> Array:
        """(3,)."""
        found = self.numbers.get(name, np.zeros(0))
        return found if len(found) == 3 else np.full(3, default)

    @property
    def order(self) -> str:
        """As `quat_from_euler` takes it."""
        number = int(next(iter(self.numbers.get("RotationOrder", np.zeros(1))), 0))
        return _ORDERS[number] if 0 <= number < len(_ORDERS) else "xyz"

    @property
    def rotation(self) -> Array:
        """(4,) that it stands with."""
        return self.rotation_of(self.vector("Lcl Rotation"))

    def rotation_of(self, degrees: Array) -> Array:
        """(..., 4) local turns of angles about its x, y and z: (..., 3)."""
        order = self.order if self._has_axes else "xyz"
        angles = np.radians(degrees)[..., ["xyz".index(axis) for axis in order]]
        before, after = self._axes
        return rotations.multiply(rotations.multiply(before, rotations.quat_from_euler(angles, order)), after)

    def degrees_of(self, quats: Array) -> Array:
        """(T, 3) about x, y and z, going on from frame to frame; inverse of `rotation_of`. quats: (T, 4)."""
        order = self.order if self._has_axes else "xyz"
        before, after = self._axes
        own = rotations.multiply(rotations.multiply(rotations.inverse(before), quats), rotations.inverse(after))
        angles = _steady(rotations.euler_from_quat(own, order))
        return np.degrees(angles)[:, [order.index(axis) for axis in "xyz"]]

    def translation_of(self, places: Array, quats: Array) -> Array:
        """(T, 3) property "Lcl Translation" of a node that stands there. places: (T, 3) and quats: (T, 4), local."""
        offset, pivot, scaling_offset, scaling_pivot = (self.vector(name) for name in _PIVOTS)
        behind = scaling_offset + scaling_pivot - pivot - self.vector("Lcl Scaling", 1.0) * scaling_pivot
        return places - offset - pivot - rotations.rotate(quats, behind)

    @property
    def place(self) -> Array:
        """(3,) local, that it stands at."""
        zero = self.translation_of(np.zeros((1, 3)), self.rotation[None])[0]
        return self.vector("Lcl Translation") - zero

    @property
    def _has_axes(self) -> bool:
        return bool(next(iter(self.numbers.get("RotationActive", np.ones(1))), 1.0))

    @property
    def _axes(self) -> tuple[Array, Array]:
        if not self._has_axes:
            return rotations.IDENTITY_XYZW, rotations.IDENTITY_XYZW
        before, after = (
            rotations.quat_from_euler(np.radians(self.vector(name)), "xyz") for name in ("PreRotation", "PostRotation")
        )
        return before, rotations.inverse(after)


def _steady(angles: Array) -> Array:
    """Of the two triples that mean a rotation, and their whole turns, the one nearest to the frame before."""
    steady = angles.copy()
    other = np.stack([angles[:, 0] + np.pi, np.pi - angles[:, 1], angles[:, 2] + np.pi], axis=1)
    for frame in range(1, len(angles)):
        before = steady[frame - 1]
        choices = [
            triple - 2 * np.pi * np.round((triple - before) / (2 * np.pi)) for triple in (angles[frame], other[frame])
        ]
        steady[frame] = min(choices, key=lambda triple: float(np.abs(triple - before).sum()))
    return steady


@dataclass
class Shape:
    """A blend shape's channel. percent: how far it is on without a take."""

    id: int
    name: str
    percent: float


@dataclass
class ShapedMesh:
    """The blend shapes of a mesh. label: its name."""

    label: str
    shapes: list[Shape]

    @property
    def names(self) -> list[str]:
        return [shape.name for shape in self.shapes]


class FbxRig:
    """The nodes and blend shapes of a document. Raises FormatError."""

    def __init__(self, document: FbxDocument, name: str) -> None:
        self._name = name
        objects = document.root.find("Objects")
        if objects is None:
            raise FormatError(f"{name}: no Objects in the FBX")
        try:
            self.basis, self.metres_per_unit = _axes(document.root.find("GlobalSettings"), name)
            template = _template(document.root.find("Definitions"))
            self.nodes = {node.id: node for record in objects.all("Model") for node in [_node(record, template)]}
            links = [link for link in map(_link, _connections(document.root)) if link is not None]
            channels = {shape.id: shape for record in objects.all("Deformer") for shape in _shape(record)}
        except (ValueError, IndexError, TypeError, OverflowError) as error:
            raise FormatError(f"{name}: the FBX is damaged ({error})") from None
        for child, parent in links:
            if child in self.nodes and (parent in self.nodes or parent == 0):
                self.nodes[child].parent = parent
        self.meshes = _meshes(channels, links, self.nodes)

    def chain(self, node: int) -> list[int]:
        """A node and those above it. Raises FormatError."""
        found = [node]
        while (above := self.nodes[found[-1]].parent) in self.nodes:
            found.append(above)
            if len(found) > _MAX_DEPTH:
                raise FormatError(f"{self._name}: a node is its own ancestor, or {_MAX_DEPTH} deep")
        return found

    def ids_of(self, paths: Iterable[tuple[str, ...]]) -> tuple[int, ...] | None:
        """The nodes with these names from the scene down; None if one is not there, or not alone."""
        by_path: dict[tuple[int, str], list[int]] = {}
        for node in self.nodes.values():
            by_path.setdefault((node.parent, node.name), []).append(node.id)
        found: list[int] = []
        for path in paths:
            at = 0
            for name in path:
                there = by_path.get((at, name), [])
                if len(there) != 1:
                    return None
                at = there[0]
            found.append(at)
        return tuple(found)

    def above(self, node: int) -> tuple[Array, Array, Array]:
        """What a node hangs on, standing: place (3,) in metres, turn (4,) and scale (3,), in canonical axes."""
        place, scale = np.zeros(3), np.full(3, self.metres_per_unit)
        turn = rotations.quat_from_matrix(self.basis)
        for above in reversed(self.chain(node)[1:]):
            entry = self.nodes[above]
            place = place + rotations.rotate(turn, entry.place * scale)
            turn = rotations.multiply(turn, entry.rotation)
            scale = scale * entry.vector("Lcl Scaling", 1.0)
        return place, turn, scale


def _axes(settings: Record | None, name: str) -> tuple[Array, float]:
    """(3, 3) canonical from the file's axes, and metres a unit."""
    numbers = _numbers(settings)

    def axis(key: str, default: int) -> Array:
        number = int(next(iter(numbers.get(f"{key}Axis", np.array([default])))))
        sign = float(next(iter(numbers.get(f"{key}AxisSign", np.ones(1)))))
        return np.eye(3)[number] * (1.0 if sign >= 0 else -1.0)

    basis = np.stack([axis("Coord", 0), axis("Up", 1), axis("Front", 2)])
    if np.linalg.det(basis) < 0.5:
        raise UnsupportedError(f"{name}: its axes are left-handed; save it with right-handed ones")
    return basis, float(next(iter(numbers.get("UnitScaleFactor", np.ones(1))))) * _METRES_PER_UNIT


def _template(definitions: Record | None) -> dict[str, Array]:
    for kind in definitions.all("ObjectType") if definitions else ():
        if kind.read()[:1] == [b"Model"]:
            return _numbers(kind.find("PropertyTemplate"))
    return {}


def _numbers(owner: Record | None) -> dict[str, Array]:
    """Numeric properties by name."""
    listed = owner.find("Properties70") if owner is not None else None
    found: dict[str, Array] = {}
    for entry in listed.all("P") if listed else ():
        name, _, _, _, *values = entry.read()
        numbers = [value for value in values if isinstance(value, int | float)]
        if isinstance(name, bytes) and numbers:
            found[name.decode("utf-8", "replace")] = np.array(numbers, np.float64)
    return found


def _node(record: Record, template: dict[str, Array]) -> Node:
    number, name = record.read()[:2]
    return Node(_whole(number), label(name), numbers=template | _numbers(record))


def _shape(record: Record) -> list[Shape]:
    values = record.read()
    if values[2:3] != [b"BlendShapeChannel"]:
        return []
    percent = record.find("DeformPercent")
    standing = percent.read()[0] if percent is not None else 0.0
    return [Shape(_whole(values[0]), label(values[1]), standing if isinstance(standing, float) else 0.0)]


def _whole(value: object) -> int:
    if not isinstance(value, int):
        raise ValueError(f"an object's number is {value!r}")
    return value


def label(value: object) -> str:
    """An object's name without its class."""
    return value.split(b"\x00\x01")[0].decode("utf-8", "replace") if isinstance(value, bytes) else ""


def _connections(root: Record) -> list[Record]:
    listed = root.find("Connections")
    return list(listed.all("C")) if listed else []


def _link(record: Record) -> tuple[int, int] | None:
    """(child, parent) of a connection between objects."""
    kind, *ends = record.read()
    return (_whole(ends[0]), _whole(ends[1])) if kind == b"OO" else None


def _meshes(channels: dict[int, Shape], links: list[tuple[int, int]], nodes: dict[int, Node]) -> list[ShapedMesh]:
    """Channels together that belong to one deformer, by the name of the node that its geometry is of."""
    above = {child: parent for child, parent in links if child not in nodes}
    found: dict[int, ShapedMesh] = {}
    for child, parent in links:
        if child in channels:
            node = nodes.get(above.get(above.get(parent, 0), 0))
            found.setdefault(parent, ShapedMesh(node.name if node else "", [])).shapes.append(channels[child])
    return list(found.values())
