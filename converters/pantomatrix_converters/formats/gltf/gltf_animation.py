"""The character and one clip in a glTF document, at an even frame rate."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from ...retargeting.humanoid import guess_roles, with_more_roles
from ..motion_format import ClipFacts, ReadLimits
from .gltf_body import MovedBody, body_at_rest, body_in_motion, note_shears, steady_scales
from .gltf_document import GltfReader
from .gltf_nodes import NodeTree
from .gltf_rest import straighter_rest
from .gltf_skeleton import joints_of_skins, moving_joints, with_moving_nodes
from .gltf_tracks import Channels, GltfClips, frame_times
from .vrm_humanoid import ANIMATION, humanoid_nodes, vrm_roles

_LATE_FRAMES = 1.5
_MOST_NAMES = 8
_OF_JOINTS = ("rotation", "translation", "scale")


@dataclass(frozen=True)
class Clip:
    """What was found, in metres and glTF's axes. Frame k is at times[k] = k / fps.

    nodes: of each joint; empty without a body. mirrored: whether joints hang on a mirror, so that their axes are not their
    nodes' own. channels: keys of what moves, faces as well. clips: all that there are; chosen: which of them this is.
    """

    fps: float
    times: NDArray[np.float64]
    nodes: list[int]
    body: MovedBody | None
    mirrored: bool
    channels: Channels
    clips: tuple[ClipFacts, ...]
    chosen: int | None
    notes: list[str] = field(default_factory=list)


def find_clip(document: GltfReader, limits: ReadLimits, wanted: str | None = "") -> Clip:
    """The skeleton, and a clip of it. wanted: its name or number; empty for the first that moves the skeleton, else a face;
    None for the rest pose.

    Raises FormatError, LimitError, UnsupportedError, UnknownNameError.
    """
    notes = [
        f"it needs the extension {extension!r}, which is not known here; it is read without that"
        for extension in document.unknown_extensions
    ]
    tree, clips, humanoid = NodeTree(document), GltfClips(document), humanoid_nodes(document)
    chosen = clips.find(wanted) if wanted else None
    nodes = _joints(document, tree, clips, chosen, humanoid, notes)
    inside = {*nodes, *(tree.chain(nodes[0]) if nodes else ())}
    if wanted == "":
        chosen = _first(clips, inside, notes)
    channels: Channels = {}
    if chosen is not None:
        moved = clips.moved(chosen)
        of_face = humanoid and document.extension(ANIMATION)
        channels = clips.channels(chosen, {key for key in moved if key[0] in inside or key[1] == "weights" or of_face})
    times, fps = frame_times(channels, document.name, limits)
    first = min((channel.times[0] for channel in channels.values()), default=0.0)
    if first * fps > _LATE_FRAMES and len(times) > 1:
        notes.append(f"the first key is at {first:.3g} s; its pose is held until then")
    body, mirrored = None, False
    if nodes:
        limits.check_size(len(times), len(nodes), 0, document.name)
        body, mirrored = _moved(document, tree, nodes, channels, times, bool(humanoid), notes)
    return Clip(fps, times, nodes, body, mirrored, channels, clips.facts(), chosen, notes)


def _joints(
    document: GltfReader, tree: NodeTree, clips: GltfClips, chosen: int | None, humanoid: list[int], notes: list[str]
) -> list[int]:
    def is_body(nodes: list[int]) -> bool:
        return {"pelvis", "head"} <= guess_roles(body_at_rest(tree, nodes, document.name).skeleton).roles.keys()

    led = {node for node, path in clips.moved(chosen) if path in _OF_JOINTS} if chosen is not None else set()
    joints = joints_of_skins(document, tree, humanoid, is_body, led, notes)
    if document.extension(ANIMATION):
        return joints
    moved = clips.moved()
    moving = {node for node, path in moved if path in ("rotation", "translation")}
    if joints:
        return with_moving_nodes(document, tree, joints, moving, notes)
    joints = moving_joints(tree, moving, document.name)
    if joints and any(path == "weights" for _, path in moved) and not is_body(joints):
        notes.append(f"{len(joints)} nodes that move beside the face are no body; they are left out")
        return []
    return joints


def _first(clips: GltfClips, inside: set[int], notes: list[str]) -> int | None:
    """The first clip that moves the skeleton, else a face, else at all."""
    if not len(clips):
        return None

    def rank(at: int) -> int:
        moved = clips.moved(at)
        if any(node in inside and path in _OF_JOINTS for node, path in moved):
            return 0
        return 1 if any(path == "weights" for _, path in moved) else 2

    chosen = min(range(len(clips)), key=rank)
    if len(clips) > 1:
        others = [repr(name) for at, name in enumerate(clips.names) if at != chosen]
        more = ", ..." if len(others) > _MOST_NAMES else ""
        notes.append(
            f"of {len(clips)} clips {clips.names[chosen]!r} is read; others can be chosen by name or number: "
            f"{', '.join(others[:_MOST_NAMES])}{more}"
        )
    return chosen


def _moved(
    document: GltfReader, tree: NodeTree, nodes: list[int], channels: Channels, times: NDArray[np.float64],
    is_vrm: bool, notes: list[str],
) -> tuple[MovedBody, bool]:  # fmt: skip
    scales = steady_scales(tree, nodes, channels, notes)
    body = body_at_rest(tree, nodes, document.name, scales)
    joints = dict(zip(nodes, body.skeleton.joint_names, strict=True))
    roles = vrm_roles(document, document.name, joints, notes)
    if roles:
        body = replace(body, skeleton=with_more_roles(replace(body.skeleton, roles=roles)))
    note_shears(tree, body, notes)
    repeated = len(nodes) - len({tree.label(node) for node in nodes})
    if repeated:
        notes.append(f"{repeated} joints have another's name; the number of their node is put behind it")
    moved = body_in_motion(tree, body, channels, times, notes)
    mirrored = any(body.mirrored)
    if not is_vrm and not mirrored:
        rest = straighter_rest(document, moved.skeleton, nodes, notes)
        moved = replace(moved, skeleton=replace(moved.skeleton, rest_rotations_xyzw=rest))
    return moved, mirrored
