"""A motion's joints as values local to a character's own nodes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ... import rotations
from ...motion import Motion
from ...retargeting.ground_root import joint_tracks
from .gltf_body import Body, body_at_rest
from .gltf_nodes import NodeTree, proper_turn

Array = NDArray[np.float64]
Channels = dict[tuple[int, str], Array]
"""(node, path) -> values (T, width)."""

_STILL_RADIANS = 2e-5
_STILL_METRES = 1e-6
_OTHER_PLACE_METRES = 1e-4
_OTHER_SIZE = 1e-3


def body_channels(motion: Motion, nodes: tuple[int, ...], tree: NodeTree) -> tuple[Channels, list[str]]:
    """What moves, of the root at least, and notes. nodes: of each joint.

    Joints hang on each other as their nodes do and have their axes, so that rotations are the nodes' own, but for half turns
    that are in their scales; the root's come through what stands above it.
    """
    skeleton = motion.skeleton
    body = body_at_rest(tree, list(nodes), skeleton.name)
    size = _size(motion, body)
    tracks = joint_tracks(motion)
    quats = rotations.normalize(tracks.rotations)
    root = tree.nodes[nodes[0]]
    turn = turn_above(tree, nodes[0])
    quats[:, 0] = rotations.multiply(rotations.inverse(turn), quats[:, 0])
    away = tracks.translations[0] / size - body.skeleton.rest_translations[0]
    # `stretch` is in the axes of what stands above, the way in the world's.
    ways = root.translation + np.linalg.solve(rotations.matrix_from_quat(turn) @ body.stretch[0], away.T).T
    channels: Channels = {}
    for joint, node in enumerate(nodes):
        local = rotations.multiply(quats[:, joint], rotations.inverse(tree.nodes[node].after))
        apart = rotations.multiply(rotations.inverse(tree.nodes[node].rotation), local)
        if np.abs(apart[:, :3]).max() > _STILL_RADIANS / 2:
            channels[node, "rotation"] = rotations.unbroken(local)
        own = body.skeleton.rest_translations[joint]
        moving = tracks.translations
        places = (moving[joint] if joint in moving else skeleton.rest_translations[joint][None]) / size
        if joint > 0 and np.abs(places - own).max() > _OTHER_PLACE_METRES:
            places = np.broadcast_to(places, (len(motion), 3))
            channels[node, "translation"] = np.linalg.solve(body.stretch[joint], places.T).T
    if not channels or np.abs(away).max() > _STILL_METRES:
        channels[nodes[0], "translation"] = ways
    notes = []
    if size != 1.0:
        notes.append(
            f"the character keeps the size that it has in its file; {skeleton.name} is {size:.3g} times as large"
        )
    return channels, notes


def _size(motion: Motion, body: Body) -> float:
    """How much larger the skeleton is than the character in its file."""
    own, in_file = (
        np.linalg.norm(skeleton.rest_translations[1:], axis=1) for skeleton in (motion.skeleton, body.skeleton)
    )
    long = in_file > _OTHER_PLACE_METRES
    size = float(np.median(own[long] / in_file[long])) if long.any() else 1.0
    return size if abs(size - 1.0) > _OTHER_SIZE else 1.0


def turn_above(tree: NodeTree, node: int) -> Array:
    """(4,) of what a node hangs on, in the world."""
    turn, mirrored = rotations.IDENTITY_XYZW, False
    for at in tree.chain(node)[:0:-1]:
        turn = rotations.multiply(turn, proper_turn(tree.nodes[at], tree.nodes[at].rotation, mirrored))
        mirrored ^= tree.nodes[at].mirrors
    return turn


def scale_above(tree: NodeTree, node: int) -> float:
    """How long 1 is in what a node hangs on, metres; of scales that differ by direction, the geometric mean."""
    scales = [np.abs(np.prod(tree.nodes[at].scale)) ** (1 / 3) for at in tree.chain(node)[1:]]
    return float(np.prod(scales))
