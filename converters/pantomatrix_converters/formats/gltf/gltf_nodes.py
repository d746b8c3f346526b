"""The nodes of a glTF document: what hangs on what, and where it stands.

A node's matrix is taken apart into a translation, a proper turn, and what stretches its children: scales, which may differ
by direction and may mirror. Under a mirrored node everything is mirrored; places stay exact, and turns are those of the
mirror image, so that they are turns.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ... import rotations
from ...errors import FormatError, LimitError
from .gltf_document import GltfReader

Array = NDArray[np.float64]

_MAX_DEPTH = 4096
_MIRROR = np.array([1.0, -1.0, -1.0, 1.0])
"""On quaternions: what a mirror across x makes of a turn."""


@dataclass(frozen=True)
class Node:
    """One node.

    rotation: (4,) as the file has it. after: (4,) the half turn that scales of two signs are, identity for most.
    scale: (3,). carries: whether a mesh, a camera or a light hangs on it.
    """

    name: str
    children: tuple[int, ...]
    translation: Array
    rotation: Array
    scale: Array
    carries: bool

    @property
    def mirrors(self) -> bool:
        return bool(np.prod(np.sign(self.scale)) < 0)

    @property
    def after(self) -> Array:
        """Of scales with two negative signs, or with one beside a mirror across x: the half turn in them."""
        signs = np.where(self.scale < 0, -1.0, 1.0)
        if self.mirrors:
            signs[0] = -signs[0]
        return rotations.IDENTITY_XYZW if (signs > 0).all() else np.append(np.where(signs > 0, 1.0, 0.0), 0.0)


class NodeTree:
    """All nodes of a document.

    above: each node's parent, -1 for those that hang on none. order: all nodes, parents first. depths: how many nodes stand
    above each. starts: for each the one without a parent that it hangs on.
    Raises FormatError for cycles and nodes with two parents, LimitError for endless depth.
    """

    def __init__(self, document: GltfReader) -> None:
        self.nodes = [_node(document, entry, f"nodes[{at}]") for at, entry in enumerate(document.list_of("nodes"))]
        self.above = _parents(self.nodes, document.name)
        self.order = [node for node, parent in enumerate(self.above) if parent < 0]
        self.depths, self.starts = [0] * len(self.nodes), list(range(len(self.nodes)))
        for node in self.order:
            for child in self.nodes[node].children:
                self.depths[child], self.starts[child] = self.depths[node] + 1, self.starts[node]
                self.order.append(child)
        if len(self.order) < len(self.nodes):
            raise FormatError(f"{document.name}: a node is its own ancestor")
        if max(self.depths, default=0) >= _MAX_DEPTH:
            raise LimitError(f"{document.name}: nodes lie more than {_MAX_DEPTH} deep")

    def chain(self, node: int) -> list[int]:
        """A node and its ancestors."""
        chain = [node]
        while self.above[chain[-1]] >= 0:
            chain.append(self.above[chain[-1]])
        return chain

    def below(self, node: int) -> list[int]:
        """A node and its descendants, parents first."""
        found = [node]
        for at in found:
            found.extend(self.nodes[at].children)
        return found

    def label(self, node: int) -> str:
        """A node's name, or one made of its number."""
        return self.nodes[node].name or f"node{node}"


def local_matrix(translation: Array, rotation: Array, scale: Array) -> Array:
    """(..., 4, 4) of what stands so. translation, scale: (..., 3); rotation: (..., 4)."""
    shape = np.broadcast_shapes(translation.shape[:-1], rotation.shape[:-1], scale.shape[:-1])
    matrix = np.zeros((*shape, 4, 4))
    matrix[..., :3, :3] = rotations.matrix_from_quat(rotation) * scale[..., None, :]
    matrix[..., :3, 3] = translation
    matrix[..., 3, 3] = 1.0
    return matrix


def proper_turn(node: Node, rotation: Array, mirrored: bool) -> Array:
    """(..., 4) how a node turns what hangs on it. mirrored: whether an odd number of mirrors stands above it."""
    turn = rotations.multiply(rotation, node.after)
    return turn * _MIRROR if mirrored else turn


def _node(document: GltfReader, entry: dict, where: str) -> Node:
    children = entry.get("children", [])
    if not isinstance(children, list):
        raise FormatError(f"{document.name}: {where}.children is not a list")
    indices = tuple(document.index(child, "nodes", f"{where}.children") for child in children)
    if "matrix" in entry:
        place, turn, scale = _taken_apart(document.numbers(entry["matrix"], 16, f"{where}.matrix").reshape(4, 4).T)
    else:
        turn = document.numbers(entry.get("rotation", [0, 0, 0, 1]), 4, f"{where}.rotation")
        place = document.numbers(entry.get("translation", [0, 0, 0]), 3, f"{where}.translation")
        scale = document.numbers(entry.get("scale", [1, 1, 1]), 3, f"{where}.scale")
        if np.linalg.norm(turn) < 1e-6:
            raise FormatError(f"{document.name}: {where}.rotation is zero")
    extensions = entry.get("extensions")
    lit = isinstance(extensions, dict) and "KHR_lights_punctual" in extensions
    label = entry.get("name")
    return Node(
        str(label)[:200] if label else "", indices, place, rotations.normalize(turn), scale,
        "mesh" in entry or "camera" in entry or lit,
    )  # fmt: skip


def _taken_apart(matrix: Array) -> tuple[Array, Array, Array]:
    """Translation, rotation and scale of a matrix; of one that shears, the nearest."""
    linear = matrix[:3, :3]
    scale = np.linalg.norm(linear, axis=0)
    if np.linalg.det(linear) < 0:
        scale[0] = -scale[0]
    left, _, right = np.linalg.svd(linear / np.where(np.abs(scale) > 1e-12, scale, 1.0))
    turn = left @ np.diag([1.0, 1.0, np.sign(np.linalg.det(left @ right))]) @ right
    return matrix[:3, 3], rotations.quat_from_matrix(turn), scale


def _parents(nodes: list[Node], name: str) -> list[int]:
    above = [-1] * len(nodes)
    for index, node in enumerate(nodes):
        for child in node.children:
            if above[child] >= 0:
                raise FormatError(f"{name}: nodes[{child}] has two parents")
            above[child] = index
    return above
