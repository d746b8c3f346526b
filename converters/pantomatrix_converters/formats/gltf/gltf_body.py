"""The joints of a glTF character at rest and in a clip, in metres and in the world as a viewer shows it.

A motion has turns for every joint and one translation, the root's. What stands above the root goes into the root: an
armature's turn, scale and way, also while it moves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ... import rotations
from ...skeleton import Skeleton
from ..moving_joints import MOVED_OF_LONGEST, root_for_moving_joints
from .gltf_nodes import NodeTree, local_matrix, proper_turn
from .gltf_tracks import Channels

Array = NDArray[np.float64]

_UNEVEN = 1e-2


@dataclass(frozen=True)
class Body:
    """skeleton: at rest. nodes: of each joint. stretch: (J, 3, 3) what makes a node's own translation one in metres, in the
    axes of its parent. mirrored: for each joint whether an odd number of mirrors stands above it."""

    skeleton: Skeleton
    nodes: list[int]
    stretch: Array
    mirrored: list[bool]


def body_at_rest(tree: NodeTree, nodes: list[int], name: str, scales: dict[int, Array] | None = None) -> Body:
    """The joints as their nodes stand. scales: node -> (3,) instead of its own."""
    scales = scales or {}
    place, turn, mirror = _above(tree, nodes[0], {}, np.zeros(1), scales)
    joints, parents = {node: joint for joint, node in enumerate(nodes)}, [-1]
    parents += [joints[tree.above[node]] for node in nodes[1:]]
    places, turns, mirrored = np.zeros((len(nodes), 4, 4)), np.zeros((len(nodes), 4)), []
    stretch, offsets, own = np.zeros((len(nodes), 3, 3)), np.zeros((len(nodes), 3)), np.zeros((len(nodes), 4))
    for joint, (at, parent) in enumerate(zip(nodes, parents, strict=True)):
        node = tree.nodes[at]
        above, turned = (place[0], turn[0]) if parent < 0 else (places[parent], turns[parent])
        mirrored.append(mirror if parent < 0 else mirrored[parent] ^ tree.nodes[nodes[parent]].mirrors)
        own[joint] = proper_turn(node, node.rotation, mirrored[joint])
        turns[joint] = rotations.normalize(rotations.multiply(turned, own[joint]))
        places[joint] = above @ local_matrix(node.translation, node.rotation, scales.get(at, node.scale))
        stretch[joint] = rotations.matrix_from_quat(turned).T @ above[:3, :3]
        offsets[joint] = stretch[joint] @ node.translation
    offsets[0], own[0] = places[0, :3, 3], turns[0]
    skeleton = Skeleton.build(Path(name).stem, _unique_names(tree, nodes), parents, offsets, rotations.normalize(own))
    return Body(skeleton, nodes, stretch, mirrored)


def _above(
    tree: NodeTree, root: int, channels: Channels, times: Array, scales: dict[int, Array]
) -> tuple[Array, Array, bool]:
    """(T, 4, 4) and (T, 4) of what the root hangs on, T = 1 where nothing of it moves, and whether it mirrors."""
    place, turn, mirrored = np.eye(4)[None], rotations.IDENTITY_XYZW[None], False
    for at in tree.chain(root)[:0:-1]:
        node = tree.nodes[at]

        def moved(path: str, rest: Array, at: int = at) -> Array:
            channel = channels.get((at, path))
            return rest[None] if channel is None else channel.at(times, turns=path == "rotation")

        turned = moved("rotation", node.rotation)
        size = moved("scale", scales.get(at, node.scale))
        place = place @ local_matrix(moved("translation", node.translation), turned, size)
        turn = rotations.multiply(turn, proper_turn(node, turned, mirrored))
        mirrored ^= node.mirrors
    return place, turn, mirrored


def steady_scales(tree: NodeTree, nodes: list[int], channels: Channels, notes: list[str]) -> dict[int, Array]:
    """Node -> the scale that it has in most of a clip, of joints and what stands above them."""
    inside, scales, changing = set(nodes), {}, []
    for at in [*tree.chain(nodes[0])[1:], *nodes]:
        channel = channels.get((at, "scale"))
        if channel is not None:
            keys = channel.values[:, 1] if channel.kind == "CUBICSPLINE" else channel.values
            scales[at] = np.median(keys, axis=0)
            spread = np.ptp(keys, axis=0).max() > _UNEVEN * np.abs(scales[at]).max()
            if spread and (at not in inside or not inside.isdisjoint(tree.nodes[at].children)):
                changing.append(tree.label(at))
    if changing:
        notes.append(f"{len(changing)} nodes change their scale ({changing[0]!r} first); bones keep their length")
    return scales


def note_shears(tree: NodeTree, body: Body, notes: list[str]) -> None:
    """Say so where scales that differ by direction have turning joints below them."""
    sizes = np.linalg.svd(body.stretch, compute_uv=False)
    uneven = np.flatnonzero(sizes[1:, 0] - sizes[1:, 2] > _UNEVEN * sizes[1:, 0]) + 1
    if len(uneven):
        above = tree.label(body.nodes[body.skeleton.parents[uneven[0]]])
        notes.append(
            f"the scale above {len(uneven)} joints is not the same in all directions ({above!r} first); "
            "their places are exact in the rest pose alone"
        )


@dataclass(frozen=True)
class MovedBody:
    """A clip of a body. rotations_xyzw: (T, J, 4) float32; root_translation: (T, 3) float32."""

    skeleton: Skeleton
    rotations_xyzw: NDArray[np.float32]
    root_translation: NDArray[np.float32]


def body_in_motion(tree: NodeTree, body: Body, channels: Channels, times: Array, notes: list[str]) -> MovedBody:
    """The body at these times, of `frame_times`."""
    nodes, skeleton = body.nodes, body.skeleton
    place, turn, _ = _above(tree, nodes[0], channels, times, {})
    quats = np.tile(skeleton.rest_rotations_xyzw.astype(np.float32), (len(times), 1, 1))
    lengths, ways = skeleton.rest_translations.copy(), {}
    still = MOVED_OF_LONGEST * np.linalg.norm(lengths[1:], axis=1).max(initial=0.0)
    root = tree.nodes[nodes[0]].translation[None]
    own = proper_turn(tree.nodes[nodes[0]], tree.nodes[nodes[0]].rotation, body.mirrored[0])[None]
    for joint, at in enumerate(nodes):
        turns, way = channels.get((at, "rotation")), channels.get((at, "translation"))
        if turns is not None:
            local = proper_turn(tree.nodes[at], turns.at(times, turns=True), body.mirrored[joint])
            if joint:
                quats[:, joint] = local
            else:
                own = local
        if way is not None and joint == 0:
            root = way.at(times)
        elif way is not None:
            track = way.at(times) @ body.stretch[joint].T
            if np.ptp(track, axis=0).max() < still:
                lengths[joint] = np.median(track, axis=0)
            else:
                ways[joint] = track
    quats[:, 0] = rotations.multiply(turn, own)
    root = (place[:, :3, :3] @ root[..., None])[..., 0] + place[:, :3, 3]
    root = np.broadcast_to(root, (len(times), 3)).copy()
    skeleton = replace(skeleton, rest_translations=lengths)
    if ways:
        root = root_for_moving_joints(skeleton, quats, root, ways, notes)
    return MovedBody(skeleton, quats, root.astype(np.float32))


def _unique_names(tree: NodeTree, nodes: list[int]) -> list[str]:
    names: dict[str, None] = {}
    for node in nodes:
        label = tree.label(node)
        names[f"{label}.{node}" if label in names else label] = None
    return list(names)
