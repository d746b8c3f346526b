"""The skeleton and the animation in a glTF document, sampled at an even frame rate."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ... import rotations
from ...errors import FormatError, LimitError
from ...ranges import FPS
from ...resample import between
from ...skeleton import MAX_JOINTS
from ..motion_format import ReadLimits
from .gltf_document import GltfReader

Array = NDArray[np.float64]

_DEFAULT_FPS = 30.0
_MAX_DEPTH = 4096
_MOVED_METRES = 1e-3
_SAME_TIME_SECONDS = 1e-4


@dataclass
class Clip:
    """What was found. Arrays in metres and glTF's axes; nodes are joints, parents before children."""

    fps: float = _DEFAULT_FPS
    nodes: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    parents: list[int] = field(default_factory=list)
    rest_translations: Array = field(default_factory=lambda: np.zeros((0, 3)))
    rest_rotations_xyzw: Array = field(default_factory=lambda: np.zeros((0, 4)))
    rotations_xyzw: NDArray[np.float32] = field(default_factory=lambda: np.zeros((1, 0, 4), np.float32))
    root_translation: NDArray[np.float32] = field(default_factory=lambda: np.zeros((1, 3), np.float32))
    curve_names: tuple[str, ...] = ()
    weights: NDArray[np.float32] | None = None
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Channel:
    times: Array
    values: Array
    stepped: bool

    def at(self, times: Array, *, turns: bool) -> Array:
        """(T, width) values at these times: on the shortest arc or linear; held before the first and after the last."""
        if len(times) == len(self.times) and np.abs(times - self.times).max() < _SAME_TIME_SECONDS:
            return self.values
        before, after, fraction = between(self.times, times)
        if self.stepped:
            return self.values[np.where(fraction >= 1.0, after, before)]
        if turns:
            return rotations.slerp(self.values[before], self.values[after], fraction)
        return self.values[before] + fraction[:, None] * (self.values[after] - self.values[before])


@dataclass(frozen=True)
class _Node:
    name: str
    children: tuple[int, ...]
    translation: Array
    rotation: Array
    scale: float


def find_clip(document: GltfReader, name: str, limits: ReadLimits) -> Clip:
    """Raises FormatError, LimitError."""
    nodes = [_node(document, entry, f"nodes[{index}]", name) for index, entry in enumerate(document.list_of("nodes"))]
    above = _parents(nodes, name)
    channels = _channels(document, name)
    clip = Clip()
    times, clip.fps = _frame_times(channels, name, limits)
    joints = _joints(document, above, name)
    if joints:
        limits.check_size(len(times), len(joints), 0, name)
        _add_body(clip, nodes, above, joints, channels, times, name)
    _add_face(clip, document, channels, times, name)
    return clip


def _node(document: GltfReader, entry: dict, where: str, name: str) -> _Node:
    children = entry.get("children", [])
    if not isinstance(children, list):
        raise FormatError(f"{name}: {where}.children is not a list")
    indices = tuple(document.index(child, "nodes", f"{where}.children") for child in children)
    if "matrix" in entry:
        matrix = document.numbers(entry["matrix"], 16, f"{where}.matrix").reshape(4, 4).T
        scales = np.linalg.norm(matrix[:3, :3], axis=0)
        if scales.min() <= 1e-9 or np.linalg.det(matrix[:3, :3]) <= 0:
            raise FormatError(f"{name}: {where}.matrix is not a rotation with a scale")
        turn, place = rotations.quat_from_matrix(matrix[:3, :3] / scales), matrix[:3, 3]
    else:
        turn = document.numbers(entry.get("rotation", [0, 0, 0, 1]), 4, f"{where}.rotation")
        place = document.numbers(entry.get("translation", [0, 0, 0]), 3, f"{where}.translation")
        scales = document.numbers(entry.get("scale", [1, 1, 1]), 3, f"{where}.scale")
    if np.linalg.norm(turn) < 1e-6:
        raise FormatError(f"{name}: {where}.rotation is zero")
    if scales.min() <= 0 or np.ptp(scales) > 1e-3 * scales.max():
        scales = np.zeros(3)  # an error only if a joint hangs on it
    label = entry.get("name")
    return _Node(str(label)[:200] if label else "", indices, place, rotations.normalize(turn), float(scales.mean()))


def _parents(nodes: list[_Node], name: str) -> list[int]:
    above = [-1] * len(nodes)
    for index, node in enumerate(nodes):
        for child in node.children:
            if above[child] >= 0:
                raise FormatError(f"{name}: nodes[{child}] has two parents")
            above[child] = index
    level, reached, depth = [index for index, parent in enumerate(above) if parent < 0], 0, 0
    while level:
        reached, depth = reached + len(level), depth + 1
        if depth > _MAX_DEPTH:
            raise LimitError(f"{name}: nodes lie more than {_MAX_DEPTH} deep")
        level = [child for index in level for child in nodes[index].children]
    if reached < len(nodes):
        raise FormatError(f"{name}: a node is its own ancestor")
    return above


def _channels(document: GltfReader, name: str) -> dict[tuple[int, str], _Channel]:
    """(node, path) -> channel, of the first animation."""
    found: dict[tuple[int, str], _Channel] = {}
    for animation in document.list_of("animations")[:1]:
        samplers = animation.get("samplers", [])
        if not isinstance(samplers, list) or not isinstance(animation.get("channels", []), list):
            raise FormatError(f"{name}: animations[0] has no lists of channels and samplers")
        for number, channel in enumerate(animation.get("channels", [])):
            where = f"animations[0].channels[{number}]"
            target = channel.get("target") if isinstance(channel, dict) else None
            if not isinstance(target, dict):
                raise FormatError(f"{name}: {where} has no target")
            path = target.get("path")
            if "node" not in target or path not in ("rotation", "translation", "weights"):
                continue
            node, at = document.index(target["node"], "nodes", where), channel.get("sampler")
            if not isinstance(at, int) or not 0 <= at < len(samplers) or not isinstance(samplers[at], dict):
                raise FormatError(f"{name}: {where}.sampler is {at!r}")
            found[node, path] = _channel(document, samplers[at], path, where, name)
    return found


def _channel(document: GltfReader, sampler: dict, path: str, where: str, name: str) -> _Channel:
    times = document.array(sampler.get("input"), 1, f"{where} times")[:, 0]
    if np.any(np.diff(times) <= 0):
        raise FormatError(f"{name}: {where} times do not increase")
    values = document.array(sampler.get("output"), {"rotation": 4, "translation": 3, "weights": 1}[path], where)
    cubic = sampler.get("interpolation") == "CUBICSPLINE"
    per_frame, rest = divmod(len(values), len(times))
    if rest or (path != "weights" and per_frame != (3 if cubic else 1)) or (cubic and per_frame % 3):
        raise FormatError(f"{name}: {where} has {len(values)} values for {len(times)} times")
    values = values.reshape(len(times), -1)
    if cubic:
        width = values.shape[1] // 3
        values = values[:, width : 2 * width]
    if path == "rotation":
        lengths = np.linalg.norm(values, axis=1, keepdims=True)
        if lengths.min() < 1e-6:
            raise FormatError(f"{name}: {where} holds a rotation that is zero")
        values = values / lengths
    return _Channel(times, values, sampler.get("interpolation") == "STEP")


def _frame_times(channels: dict[tuple[int, str], _Channel], name: str, limits: ReadLimits) -> tuple[Array, float]:
    """Times of the frames, from the first key to the last, at the keys' usual distance."""
    longest = max((channel.times for channel in channels.values()), key=len, default=np.zeros(1))
    if len(longest) < 2:
        return longest[:1], _DEFAULT_FPS
    start = min(channel.times[0] for channel in channels.values())
    stop = max(channel.times[-1] for channel in channels.values())
    fps = float(np.clip(1.0 / np.median(np.diff(longest)), FPS.least, FPS.most))
    fps = float(round(fps)) if abs(fps - round(fps)) < 0.02 else fps
    frames = (stop - start) * fps + 1
    if frames > limits.max_frames:
        raise LimitError(f"{name}: {frames:.0f} frames, at most {limits.max_frames} are allowed")
    return start + np.arange(round(frames)) / fps, fps


def _joints(document: GltfReader, above: list[int], name: str) -> list[int]:
    """Nodes of the first skin and those between them, parents first."""
    skins = document.list_of("skins")
    if not skins:
        return []
    listed = skins[0].get("joints")
    if not isinstance(listed, list) or not listed:
        raise FormatError(f"{name}: skins[0] has no joints")
    if len(listed) > MAX_JOINTS:
        raise LimitError(f"{name}: skins[0] has {len(listed)} joints, at most {MAX_JOINTS} are allowed")
    joints = [document.index(joint, "nodes", "skins[0].joints") for joint in listed]
    if len(set(joints)) != len(joints):
        raise FormatError(f"{name}: skins[0] names a joint twice")
    chains = [_chain(joint, above) for joint in joints]
    shared = set(chains[0]).intersection(*chains[1:])
    if not shared:
        raise FormatError(f"{name}: the joints of skins[0] have no root in common")
    places = {joint: place for place, joint in enumerate(joints)}
    roots = [chain[0] for chain in chains if places.keys().isdisjoint(chain[1:])]
    top = roots[0] if len(roots) == 1 else next(node for node in chains[0] if node in shared)
    wanted = {node for chain in chains for node in chain[: chain.index(top) + 1]}
    if len(wanted) > MAX_JOINTS:
        raise FormatError(f"{name}: {len(wanted)} joints, at most {MAX_JOINTS} are allowed")
    return sorted(wanted, key=lambda node: (len(_chain(node, above)), places.get(node, -1)))


def _chain(node: int, above: list[int]) -> list[int]:
    """A node and its ancestors."""
    chain = [node]
    while above[chain[-1]] >= 0:
        chain.append(above[chain[-1]])
    return chain


def _add_body(
    clip: Clip, nodes: list[_Node], above: list[int], joints: list[int],
    channels: dict[tuple[int, str], _Channel], times: Array, name: str,
) -> None:  # fmt: skip
    place, turn, scale = _above_root(nodes, above, joints[0])
    clip.nodes, clip.parents = joints, [-1, *(joints.index(above[joint]) for joint in joints[1:])]
    clip.names = _unique_names(nodes, joints, clip.notes)
    scales = [scale]
    for parent in clip.parents[1:]:
        scales.append(scales[parent] * nodes[joints[parent]].scale)
    if min(scales) <= 0:
        at = joints[int(np.argmin(scales))]
        raise FormatError(f"{name}: above node {nodes[at].name!r} the scale is not the same in all directions")
    offsets = np.stack([nodes[joint].translation for joint in joints]) * np.array(scales)[:, None]
    turns = np.stack([nodes[joint].rotation for joint in joints])
    offsets[0], turns[0] = place + rotations.rotate(turn, offsets[0]), rotations.multiply(turn, turns[0])
    clip.rest_translations, clip.rest_rotations_xyzw = offsets, turns
    quats = np.tile(turns.astype(np.float32), (len(times), 1, 1))
    root = np.tile(offsets[0], (len(times), 1))
    moved = []
    for index, joint in enumerate(joints):
        if (joint, "rotation") in channels:
            local = channels[joint, "rotation"].at(times, turns=True)
            quats[:, index] = rotations.multiply(turn, local) if index == 0 else local
        if (joint, "translation") in channels:
            track = channels[joint, "translation"].at(times, turns=False) * scales[index]
            if index == 0:
                root = place + rotations.rotate(turn, track)
            elif np.abs(track - offsets[index]).max() > _MOVED_METRES:
                moved.append(clip.names[index])
    if moved:
        clip.notes.append(f"{len(moved)} joints change their length ({moved[0]!r} first); only the root moves")
    if any((node, path) in channels for node in _chain(joints[0], above)[1:] for path in ("rotation", "translation")):
        clip.notes.append("a node above the root joint is animated; its motion is left out")
    clip.rotations_xyzw, clip.root_translation = quats, root.astype(np.float32)


def _above_root(nodes: list[_Node], above: list[int], root: int) -> tuple[Array, Array, float]:
    """Translation, rotation and scale of what the root hangs on."""
    place, turn, scale = np.zeros(3), rotations.IDENTITY_XYZW, 1.0
    for node in reversed(_chain(root, above)[1:]):
        place = place + rotations.rotate(turn, nodes[node].translation) * scale
        turn = rotations.multiply(turn, nodes[node].rotation)
        scale *= nodes[node].scale
    return place, turn, scale


def _unique_names(nodes: list[_Node], joints: list[int], notes: list[str]) -> list[str]:
    names: list[str] = []
    for joint in joints:
        label = nodes[joint].name or f"node{joint}"
        if label in names:
            notes.append(f"joint name {label!r} occurs twice; the second is called {label}.{joint}")
            label = f"{label}.{joint}"
        names.append(label)
    return names


def _add_face(
    clip: Clip, document: GltfReader, channels: dict[tuple[int, str], _Channel], times: Array, name: str
) -> None:
    """The animated mesh with the most named morph targets."""
    best: tuple[str, ...] = ()
    for (node, path), channel in channels.items():
        entry = document.list_of("nodes")[node]
        if path != "weights" or "mesh" not in entry:
            continue
        mesh = document.list_of("meshes")[document.index(entry["mesh"], "meshes", f"nodes[{node}].mesh")]
        extras = mesh.get("extras")
        labels = extras.get("targetNames") if isinstance(extras, dict) else None
        if not isinstance(labels, list) or len(labels) != channel.values.shape[1]:
            continue
        labels = tuple(str(label) for label in labels)
        if len(set(labels)) == len(labels) and len(labels) > len(best):
            best, clip.weights = labels, channel.at(times, turns=False).astype(np.float32)
    clip.curve_names = best
    if clip.weights is not None and not clip.nodes:
        frames = len(clip.weights)
        clip.rotations_xyzw, clip.root_translation = (
            np.zeros((frames, 0, 4), np.float32),
            np.zeros((frames, 3), np.float32),
        )
