"""A motion's joints as values local to a character's own nodes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ... import rotations
from ...motion import Motion
from ...retargeting.ground_root import joint_tracks
from .character_document import RestNodes

Array = NDArray[np.float64]
Channels = dict[tuple[int, str], Array]
"""(node, path) -> values (T, width)."""

_STILL_RADIANS = 2e-5
_STILL_METRES = 1e-6
_OTHER_SIZE = 1e-3


def body_channels(motion: Motion, nodes: tuple[int, ...], rest: RestNodes) -> tuple[Channels, list[str]]:
    """What moves, of the root at least, and notes. nodes: of each joint.

    Joints hang on each other as their nodes do and have their axes, so that rotations are the nodes' own; the root's come
    through what stands above it.
    """
    skeleton = motion.skeleton
    tracks = joint_tracks(motion)
    quats = rotations.normalize(tracks.rotations)
    place, turn, scale = rest.world(rest.parents[nodes[0]])
    size = _size(motion, nodes, rest)
    ways = rotations.rotate(rotations.inverse(turn), tracks.translations[0] / size - place) / scale
    quats[:, 0] = rotations.multiply(rotations.inverse(turn), quats[:, 0])
    channels: Channels = {}
    for joint, node in enumerate(nodes):
        translation, rotation, _ = rest.local(node)
        away = rotations.multiply(rotations.inverse(rotation), quats[:, joint])
        if np.abs(away[:, :3]).max() > _STILL_RADIANS / 2:
            channels[node, "rotation"] = rotations.unbroken(quats[:, joint])
        if joint == 0 and np.abs(ways - translation).max() * scale > _STILL_METRES:
            channels[node, "translation"] = ways
        elif joint in tracks.translations:
            moved = (tracks.translations[joint] - skeleton.rest_translations[joint]) / size
            if np.abs(moved).max() > _STILL_METRES:
                channels[node, "translation"] = translation + moved / rest.world(rest.parents[node])[2]
    if not channels:
        channels[nodes[0], "translation"] = ways
    notes = []
    if abs(size - 1.0) > _OTHER_SIZE:
        notes.append(
            f"the character keeps the size that it has in its file; {skeleton.name} is {size:.3g} times as large"
        )
    return channels, notes


def _size(motion: Motion, nodes: tuple[int, ...], rest: RestNodes) -> float:
    """How much larger the skeleton is than the character in its file."""
    own = float(np.linalg.norm(motion.skeleton.rest_translations[1:], axis=1).sum())
    in_file = 0.0
    scales = [rest.world(nodes[0])[2]]
    for node, parent in zip(nodes[1:], motion.skeleton.parents[1:], strict=True):
        translation, _, scale = rest.local(node)
        in_file += float(np.linalg.norm(translation)) * scales[parent]
        scales.append(scales[parent] * float(scale.mean()))
    return own / in_file if own > 0 and in_file > 0 else 1.0
