"""A motion out of the text of a BVH file.

Read as it is met: any channel order, positions on any joint, byte order marks, keywords in any case, `Frame Time:` with or
without a blank, frames over several lines. A joint's rotation order is its channels' order.
Memory is taken only for what is there, whatever the file claims.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import numpy as np

from ... import rotations
from ...coordinates import BVH
from ...errors import FormatError, LimitError, UnknownNameError
from ...motion import Motion
from ...ranges import FPS
from ...retargeting.joint_axes import recognised
from ...skeleton import Skeleton
from ..motion_format import ClipFacts, Loaded, ReadLimits
from ..moving_joints import MOVED_OF_LONGEST, root_for_moving_joints
from .frame_block import read_frames
from .hierarchy import CHANNELS, FileJoint, HierarchyParser

_MOTION = re.compile(rb"^[ \t]*MOTION\b", re.MULTILINE | re.IGNORECASE)
_MAX_HIERARCHY_BYTES = 4 << 20
"""Joints are at most 1024: 4 KiB for each."""


def recognises(data: bytes) -> bool:
    """Whether the first word is HIERARCHY."""
    return data.lstrip(b"\xef\xbb\xbf \t\r\n")[:9].upper() == b"HIERARCHY"


def read(data: bytes, name: str, limits: ReadLimits, clip: str = "") -> Loaded:
    """The file's skeleton and motion. If joints, parents and offsets are those of a known skeleton, it is that one.

    clip: of a file with several characters which: its ROOT's name, or its number from 1; empty for the first.

    Where a joint has position channels they replace its OFFSET, as in Blender and bvhio: bones have the lengths of their
    channels, the root's OFFSET is only where the actor once stood, and the root goes the way of the pelvis (`moving_joints`).
    Y up and centimetres are taken for granted; `reading` looks at the body afterwards. Raises FormatError with the line,
    LimitError, UnknownNameError for a character that is not there.
    """
    motion_start = _MOTION.search(data)
    if motion_start is None:
        raise FormatError(f"{name}: no line MOTION")
    if motion_start.start() > _MAX_HIERARCHY_BYTES:
        raise LimitError(
            f"{name}: the hierarchy has {motion_start.start()} bytes, at most {_MAX_HIERARCHY_BYTES} are allowed"
        )
    joints = HierarchyParser(_text(data[: motion_start.start()]), name).joints()
    fps, values = read_frames(data, motion_start.end(), sum(len(j.channels) for j in joints), name, limits)
    if fps not in FPS:
        raise FormatError(f"{name}: Frame Time means {fps:g} frames per second, expected {FPS}")
    starts = [at for at, joint in enumerate(joints) if joint.parent < 0]
    names = [joints[start].name for start in starts]
    chosen = _chosen(names, clip, name)
    start, stop = [*starts, len(joints)][chosen : chosen + 2]
    column = sum(len(joint.channels) for joint in joints[:start])
    own = [replace(joint, parent=max(joint.parent - start, -1)) for joint in joints[start:stop]]
    notes: list[str] = []
    if len(names) > 1 and not clip:
        notes.append(
            f"{len(names)} characters are in the file: the first is read, {names[0]!r}; --clip names another, or all"
        )
    loaded = _motion(own, values[:, column : column + sum(len(joint.channels) for joint in own)], fps, name, notes)
    facts = tuple(ClipFacts(root, len(values) / fps, len(values)) for root in names) if len(names) > 1 else ()
    return replace(loaded, clips=facts)


def _chosen(names: list[str], wanted: str, name: str) -> int:
    """Which of the characters. Raises UnknownNameError."""
    if not wanted:
        return 0
    if names.count(wanted) == 1:
        return names.index(wanted)
    if wanted.isascii() and wanted.isdigit() and 0 < int(wanted) <= len(names):
        return int(wanted) - 1
    raise UnknownNameError(f"character of {name}:", wanted, names)


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _motion(joints: list[FileJoint], values: np.ndarray, fps: float, name: str, notes: list[str]) -> Loaded:
    frames = len(values)
    quats = np.zeros((frames, len(joints), 4), np.float32)
    quats[..., 3] = 1
    offsets = BVH.positions_to_canonical([joint.offset for joint in joints])
    translation = np.tile(offsets[0], (frames, 1))
    placed: dict[int, np.ndarray] = {}
    column = 0
    for index, joint in enumerate(joints):
        order, angle_columns, position_columns = "", [], {}
        for channel in joint.channels:
            kind, axis = CHANNELS[channel]
            if kind == "rotation":
                order += axis.upper()
                angle_columns.append(column)
            else:
                position_columns["xyz".index(axis)] = column
            column += 1
        if order:
            quats[:, index] = _quats(np.radians(values[:, angle_columns]), order)
        if position_columns:
            places = np.tile(offsets[index], (frames, 1))
            for axis, at in position_columns.items():
                places[:, axis] = values[:, at] / BVH.units_per_metre
            placed[index] = places
    translation = placed.pop(0, translation)
    bones = [*offsets[1:], *(places[0] for places in placed.values())]
    moved = MOVED_OF_LONGEST * max((float(np.linalg.norm(bone)) for bone in bones), default=0.0)
    moving = {index: places for index, places in placed.items() if np.ptp(places, axis=0).max() > moved}
    for index in placed.keys() - moving.keys():
        if np.abs(placed[index][0] - offsets[index]).max() > moved:
            offsets[index] = placed[index][0]
    skeleton = Skeleton.build(
        Path(name).stem,
        [joint.name for joint in joints],
        [joint.parent for joint in joints],
        offsets,
        end_sites={j.name: tuple(BVH.positions_to_canonical(j.end_site)) for j in joints if j.end_site is not None},
    )
    if moving:
        translation = root_for_moving_joints(skeleton, quats, translation, moving, notes)
    motion = Motion(skeleton, fps, quats, translation.astype(np.float32))
    return Loaded(recognised(motion), tuple(notes))


def _quats(angles: np.ndarray, order: str) -> np.ndarray:
    """(T, n) angles about n <= 3 different axes, applied as channels are: the first outermost."""
    missing = [axis for axis in "XYZ" if axis not in order]
    padded = np.concatenate([angles, np.zeros((len(angles), len(missing)))], axis=1)
    return rotations.quat_from_euler(padded, order + "".join(missing))
