"""Eyes and jaw that turn by a face's curves, on characters that have bones for them and no shape that does the same."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ... import rotations
from ...face.face_maps import load_face_map
from ...kinematics import rest_pose
from ...motion import Motion
from ...retargeting.humanoid import guess_roles
from ...retargeting.roles import EYES
from ...skeleton import Skeleton
from .character_body import Channels, turn_above
from .character_face import DrivenFace
from .gltf_nodes import NodeTree

Array = NDArray[np.float64]

_UP = np.array([0.0, 1.0, 0.0])
_STILL_RADIANS = 1e-3
_SHAPES_OF = {"jaw": ("jawOpen", "vowel", "viseme", "mouthOpen"), "eyes": ("eyeLook",)}
"""Curves whose shapes do what the bones would."""
_LIKE = "arkit"
"""The map whose bones are meant where no map fits."""


def face_turns(face: DrivenFace, motion: Motion, tree: NodeTree, body: Channels) -> tuple[Channels, list[str]]:
    """Rotations of the eyes' and the jaw's nodes, and a note. body: what the motion turns itself is left to it."""
    if not face.curves:
        return {}, []
    tables = face.chosen or load_face_map(_LIKE)
    moved = face.chosen.moved if face.chosen else frozenset()
    roles = guess_roles(motion.skeleton).roles if motion.has_body else {}
    nodes = {tree.label(node): node for node in reversed(range(len(tree.nodes)))}
    joints = dict(zip(motion.skeleton.joint_names, _nodes(motion.skeleton), strict=True)) if motion.has_body else {}

    def find(names: Sequence[str], role: str) -> int:
        named = next((nodes[name] for name in names if name in nodes), -1)
        return named if named >= 0 else joints.get(roles.get(role, ""), -1)

    left = _left(motion.skeleton, roles)
    channels: Channels = {}
    for node, yaw, pitch in _wanted(face, tables.jaw, tables.eyes, moved, find):
        own = body.get((node, "rotation"))
        if node < 0 or (own is not None and np.ptp(own, axis=0).max() > _STILL_RADIANS):
            continue
        if max(np.abs(yaw).max(), np.abs(pitch).max()) > _STILL_RADIANS:
            channels[node, "rotation"] = _turned(tree, node, left, yaw, pitch)
    return channels, [f"by the face turn: {', '.join(tree.label(node) for node, _ in channels)}"] if channels else []


def _wanted(
    face: DrivenFace,
    jaw: dict[str, Any],
    eyes: dict[str, Any],
    moved: frozenset[str],
    find: Callable[[Sequence[str], str], int],
) -> list[tuple[int, Array, Array]]:
    """(node, yaw, pitch) in radians: to the character's right, and down."""
    curves = face.curves

    def between(most: float, one: str, other: str) -> Array:
        return np.radians(most) * np.clip(curves[one] - curves[other], -1, 1)

    wanted = []
    if _turns(jaw, moved, _SHAPES_OF["jaw"]):
        opened = np.radians(jaw["open_degrees"]) * np.clip(curves["jawOpen"], 0, 1)
        wanted.append((find(jaw["bones"], "jaw"), between(jaw["side_degrees"], "jawRight", "jawLeft"), opened))
    if _turns(eyes, moved, _SHAPES_OF["eyes"]):
        for side, role, right in zip(("Left", "Right"), EYES, (("In", "Out"), ("Out", "In")), strict=True):
            look = [f"eyeLook{way}{side}" for way in (*right, "Down", "Up")]
            yaw, pitch = between(eyes["yaw_degrees"], *look[:2]), between(eyes["pitch_degrees"], *look[2:])
            wanted.append((find(eyes[side.lower()], role), yaw, pitch))
    return wanted


def _turns(bone: dict[str, Any], moved: frozenset[str], shapes: tuple[str, ...]) -> bool:
    when = bone["when"]
    return when == "always" or (when == "no_shape" and not any(curve.startswith(shapes) for curve in moved))


def _turned(tree: NodeTree, node: int, left: Array, yaw: Array, pitch: Array) -> Array:
    own, into_parent = tree.nodes[node].rotation, rotations.inverse(turn_above(tree, node))
    sideways = rotations.quat_from_axis_angle(-yaw[:, None] * rotations.rotate(into_parent, _UP))
    down = rotations.quat_from_axis_angle(pitch[:, None] * rotations.rotate(into_parent, left))
    return rotations.unbroken(rotations.multiply(rotations.multiply(sideways, down), own))


def _left(skeleton: Skeleton, roles: Mapping[str, str]) -> Array:
    """Where the character's left is, by its hips; a head alone looks along +Z."""
    if not {"left_hip", "right_hip"} <= roles.keys():
        return np.array([1.0, 0.0, 0.0])
    places, _ = rest_pose(skeleton)
    across = places[skeleton.index(roles["left_hip"])] - places[skeleton.index(roles["right_hip"])]
    across[1] = 0.0
    return across / max(float(np.linalg.norm(across)), 1e-9)


def _nodes(skeleton: Skeleton) -> tuple[int, ...]:
    assert skeleton.character is not None
    return skeleton.character.nodes
