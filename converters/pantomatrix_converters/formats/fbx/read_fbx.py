"""FBX, read by ufbx (the extra `fbx`): binary and text, versions 5 to 7, whatever the tool.

Rest pose: where the meshes were bound to the joints; what no mesh and no bind pose tells, as the file's nodes stand.
"""

from __future__ import annotations

import json
import tempfile
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from ... import rotations
from ...character import Character
from ...errors import FormatError, UnsupportedError
from ...face.named_weights import rig_curves
from ...files.npz_archive import read_arrays
from ...finite_numbers import are_finite
from ...motion import FaceCurves, Motion
from ...retargeting.ground_root import without_followers
from ...retargeting.joint_axes import recognised
from ...skeleton import Skeleton
from ..motion_format import ClipFacts, Loaded, ReadLimits
from ..moving_joints import root_for_moving_joints
from .fbx_document import FbxDocument, is_readable
from .fbx_in_blender import FIGURE
from .fbx_rig import FbxRig
from .own_process import ProcessError, run_python
from .unreal_axes import without_file_axes

Array = NDArray[np.float64]

_SECONDS = 300.0
_BASE_BYTES, _BYTES_PER_BYTE = 2 << 30, 16
"""Memory that reading may take: what Python and its libraries reserve, and as many times the file."""
_MOVED_METRES = 1e-3
_UNEVEN = 1e-2


def recognises(data: bytes) -> bool:
    """Whether it is a binary FBX, or one in text."""
    return data.startswith(b"Kaydara FBX Binary") or b"FBXHeaderExtension" in data[:4096]


def read(data: bytes, name: str, limits: ReadLimits, clip: str = "") -> Loaded:
    """The largest skeleton of a file and a take of it; without one its rest pose, one frame.

    clip: the take's name, or its number from 1; empty for the first that moves anything. What moves above the root moves the
    root. Raises FormatError, LimitError, UnknownNameError for a clip that is not there.
    """
    found = _arrays(data, name, limits, clip)
    notes = [str(note) for note in found["notes"]]
    clips = [str(clip) for clip in found["clips"]]
    if len(clips) > 1 and not clip:
        notes.append(
            f"of {len(clips)} clips {str(found['clip'])!r} is read; others can be chosen by name or number: "
            + ", ".join(repr(other) for other in clips[:8] if other != str(found["clip"]))
        )
    fps = float(found["fps"])
    face = rig_curves([(found["curve_names"].tolist(), found["weights"])], notes) if len(found["curve_names"]) else None
    own = FIGURE.encode() in data  # a figure of sticks is nobody's character
    character = None if own else _character(found, data, name)
    if len(found["joints"]):
        motion = _body(found, Path(name).stem, fps, face, name, notes)
    elif face is None and not (character is not None and found["shapes"]):
        raise FormatError(f"{name}: neither joints nor an animated face")
    else:
        motion = _head(Path(name).stem, fps, face)
    if own:
        motion = _recognised(motion) if motion.has_body else motion
    else:
        motion = replace(motion, skeleton=replace(motion.skeleton, character=character))
    return Loaded(motion, tuple(notes), _clips(found))


def _clips(found: dict[str, np.ndarray]) -> tuple[ClipFacts, ...]:
    facts = zip(found["clips"].tolist(), found["clip_seconds"].tolist(), found["clip_keys"].tolist(), strict=True)
    return tuple(ClipFacts(name, seconds, keys) for name, seconds, keys in facts)


def _head(name: str, fps: float, face: FaceCurves | None) -> Motion:
    """A face alone, or a rig that is one."""
    frames = 1 if face is None else len(face.weights)
    still = np.zeros((frames, 0, 4), np.float32), np.zeros((frames, 3), np.float32)
    return Motion(Skeleton.build(name, (), (), ()), fps, *still, face)


def _recognised(motion: Motion) -> Motion:
    for own in (motion, without_followers(motion)):
        for shown in (own, without_file_axes(own)):
            known = recognised(shown)
            if known is not shown:
                return known
    return motion


def _character(found: dict[str, np.ndarray], data: bytes, name: str) -> Character | None:
    """A file that clips can be written into: a binary one of version 7."""
    if not is_readable(data):
        return None
    paths: list[tuple[str, ...]] = []
    for label, parent in zip(found["names"], found["parents"], strict=True):
        paths.append((*paths[parent], str(label)) if parent >= 0 else ())  # the first is the scene
    try:
        ids = FbxRig(FbxDocument(data, name), name).ids_of(paths[joint] for joint in found["joints"])
    except (
        FormatError,
        UnsupportedError,
    ):  # ufbx mends much that is wrong with files; into such a one nothing is written
        return None
    return None if ids is None else Character(data, "fbx", ids)


def _arrays(data: bytes, name: str, limits: ReadLimits, clip: str = "") -> dict[str, np.ndarray]:
    with tempfile.TemporaryDirectory() as folder:
        source, target, request = (Path(folder, file) for file in ("source.fbx", "scene.npz", "request.json"))
        source.write_bytes(data)
        asked = {
            "name": name,
            "clip": clip,
            "max_frames": limits.max_frames,
            "max_bytes": limits.max_bytes,
            "memory_bytes": _BASE_BYTES + _BYTES_PER_BYTE * len(data),
        }
        request.write_text(json.dumps(asked), encoding="utf-8")
        try:
            run_python("fbx_in_ufbx", [source, target, request], _SECONDS)
            content = target.read_bytes()
        except (ProcessError, OSError) as error:
            raise FormatError(f"{name}: the file is damaged: its reader {error}") from None
    return read_arrays(content, name, 4 * limits.max_bytes)


def _body(
    found: dict[str, np.ndarray], skeleton_name: str, fps: float, face: FaceCurves | None, name: str, notes: list[str]
) -> Motion:
    for key in ("rest", "tracks"):
        if not are_finite(found[key]):
            raise FormatError(f"{name}: a node's transform is not a finite number")
    joints, above = found["joints"], found["parents"]
    labels = _unique([str(found["names"][joint]) for joint in joints], notes)
    places = {int(node): joint for joint, node in enumerate(joints)}
    parents = np.array([places.get(int(above[node]), -1) for node in joints])
    positions, turns, uneven = _world(found["tracks"].astype(np.float64), above, found["scaled_by"])
    rest_positions, rest_turns, _ = _world(found["rest"][None], above, found["scaled_by"])
    if uneven:
        notes.append("joints are scaled unevenly; places below them are near, not exact")
    positions, turns, rest_positions = positions[:, joints], turns[:, joints], rest_positions[0, joints]
    rest_turns = _bound(found["bind"], found["rest"], above, rest_turns[0])[joints]
    offsets, moving = _offsets(positions, turns, parents, rest_positions, found["bind"][joints])
    quats = np.concatenate(
        [turns[:, :1], rotations.multiply(rotations.inverse(turns[:, parents[1:]]), turns[:, 1:])], axis=1
    )
    rest_quats = np.concatenate(
        [rest_turns[:1], rotations.multiply(rotations.inverse(rest_turns[parents[1:]]), rest_turns[1:])]
    )
    skeleton = Skeleton.build(skeleton_name, labels, parents, offsets, rotations.normalize(rest_quats))
    local = rotations.normalize(quats).astype(np.float32)
    root = root_for_moving_joints(skeleton, local, positions[:, 0], moving, notes)
    return Motion(skeleton, fps, local, root.astype(np.float32), face)


def _world(tracks: Array, parents: np.ndarray, scaled_by: np.ndarray) -> tuple[Array, Array, bool]:
    """tracks: (T, N, 10); scaled_by: (N,) whose scale each has on top of its own, -1 for none. Returns positions (T, N, 3),
    turns (T, N, 4), and whether a scale that matters is uneven."""
    positions, turns, scales = np.empty_like(tracks[..., :3]), rotations.normalize(tracks[..., 3:7]), tracks[..., 7:]
    scales, uneven = scales.copy(), False
    for node, parent in enumerate(parents):
        positions[:, node] = tracks[:, node, :3]
        if parent < 0:
            continue
        offset = tracks[:, node, :3] * scales[:, parent]
        positions[:, node] = positions[:, parent] + rotations.rotate(turns[:, parent], offset)
        turns[:, node] = rotations.multiply(turns[:, parent], turns[:, node])
        ratio = np.ptp(scales[:, parent], axis=-1) > _UNEVEN * np.abs(scales[:, parent]).max(axis=-1)
        uneven = uneven or bool((ratio & (np.abs(tracks[:, node, :3]).max(axis=-1) > 0)).any())
        if scaled_by[node] >= 0:
            scales[:, node] *= scales[:, scaled_by[node]]
    return positions, turns, uneven


def _bound(bind: np.ndarray, rest: np.ndarray, parents: np.ndarray, standing: Array) -> Array:
    """(N, 4) turns of the nodes in the world of the bind pose; where it tells none, as they stand on their parents."""
    turns = standing.copy()
    for node, parent in enumerate(parents):
        matrix = bind[node, :, :3]
        lengths = np.linalg.norm(matrix, axis=0)
        if np.isfinite(bind[node]).all() and lengths.min() > 0 and np.linalg.det(matrix / lengths) > 1 - _UNEVEN:
            turns[node] = rotations.quat_from_matrix(matrix / lengths)
        elif parent >= 0:
            turns[node] = rotations.multiply(turns[parent], rotations.normalize(rest[node, 3:7]))
    return turns


def _offsets(
    positions: Array, turns: Array, parents: np.ndarray, rest_positions: Array, bind: np.ndarray
) -> tuple[Array, dict[int, Array]]:
    """(J, 3) of the joints from their parents, in these's axes: as the clip has them, as the bind pose where the clip moves
    them; and (T, 3) of those. bind: (J, 3, 4)."""
    offsets, moving = rest_positions.copy(), {}
    for joint, parent in enumerate(parents):
        if parent < 0:
            continue
        away = rotations.rotate(rotations.inverse(turns[:, parent]), positions[:, joint] - positions[:, parent])
        offsets[joint] = np.median(away, axis=0)
        if np.ptp(away, axis=0).max() > _MOVED_METRES:
            moving[joint] = away
            if np.isfinite(bind[[joint, parent]]).all():
                axes = bind[parent, :, :3] / np.linalg.norm(bind[parent, :, :3], axis=0)
                offsets[joint] = axes.T @ (bind[joint, :, 3] - bind[parent, :, 3])
    return offsets, moving


def _unique(labels: list[str], notes: list[str]) -> list[str]:
    names: list[str] = []
    for joint, given in enumerate(labels):
        label = given[:200] or f"node{joint}"
        if label in names:
            notes.append(f"joint name {label!r} occurs twice; the second is called {label}.{joint}")
            label = f"{label}.{joint}"
        names.append(label)
    return names
