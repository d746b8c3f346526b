"""Biovision hierarchy (.bvh): a skeleton and its motion as text, degrees and centimetres.

Written so that every reader agrees: root OFFSET 0 0 0, position channels on the root alone, one rotation order, joint axes
along the world in the rest pose (all angles 0), an End Site under every leaf. Read as it is met: any channel order, positions
on any joint, byte order marks, keywords in any case, `Frame Time:` with or without a blank, frames over several lines. A
joint's rotation order is its channels' order.
The parser is iterative and takes memory only for what is there, whatever the file claims.
"""

from __future__ import annotations

import contextlib
import io
import re
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import numpy as np

from .. import rotations
from ..coordinates import BVH, CoordinateSystem
from ..errors import FormatError, LimitError, UnsupportedError
from ..joint_axes import recognised, world_aligned
from ..motion import MAX_FPS, MIN_FPS, Motion
from ..plain_numbers import LARGEST, are_plain
from ..skeleton import MAX_JOINTS, Skeleton
from .motion_format import Loaded, MotionFormat, ReadLimits

WRITTEN_ORDER = "XYZ"
"""Rotation channels of every joint that we write: R = Rx Ry Rz, the order of BEAT's own files."""

_DECIMALS = 6
_SAME_PLACE_METRES = 1e-3
_END_SITE = 0.6
"""Length of a last bone that is not known, in lengths of the bone before."""
_CHANNELS = {f"{axis}{kind}": (kind, axis) for axis in "xyz" for kind in ("position", "rotation")}
_WORD = re.compile(r"\S+")


# --------------------------------------------------------------------------------------------------------- writing


def write(motion: Motion, coordinates: CoordinateSystem) -> bytes:
    """The motion's joints; the face is left out.

    coordinates: axes and unit of the file, "bvh" (Y up, facing +Z, centimetres) unless asked otherwise; right-handed.
    """
    if not coordinates.right_handed:
        raise UnsupportedError(
            f"a BVH file is right-handed, {coordinates.name} is left-handed; "
            "import the file as it is, the engine's importer changes the axes"
        )
    motion = world_aligned(motion)
    skeleton = motion.skeleton
    quats = coordinates.rotations_from_canonical(motion.rotations_xyzw)
    euler = np.degrees(np.unwrap(rotations.euler_from_quat(rotations.normalize(quats), WRITTEN_ORDER), axis=0))
    hierarchy, joint_order = _hierarchy(skeleton, coordinates)
    in_file_order = euler[:, joint_order].reshape(len(motion), -1)
    values = np.concatenate([coordinates.positions_from_canonical(motion.root_translation), in_file_order], axis=1)
    header = "\n".join(
        [
            "HIERARCHY",
            *hierarchy,
            "MOTION",
            f"Frames: {len(motion)}",
            f"Frame Time: {1.0 / motion.fps:.9f}",
        ]
    )
    return header.encode() + b"\n" + fixed_point_lines(values, _DECIMALS)


def _hierarchy(skeleton: Skeleton, coordinates: CoordinateSystem) -> tuple[list[str], list[int]]:
    """The section's lines, and the joints in the order in which it has them: depth first. Channels follow that order."""
    offsets = coordinates.positions_from_canonical(skeleton.rest_translations)
    ends = {skeleton.index(j): coordinates.positions_from_canonical(end) for j, end in skeleton.end_sites.items()}
    rotation_channels = " ".join(f"{axis}rotation" for axis in WRITTEN_ORDER)
    position_channels = " ".join(f"{axis}position" for axis in "XYZ")
    children = skeleton.children
    lines: list[str] = []
    joint_order: list[int] = []
    stack: list[tuple[int, int]] = [(0, 0)]
    while stack:
        joint, depth = stack.pop()
        indent = "\t" * depth
        if joint < 0:
            lines.append(f"{indent}}}")
            continue
        joint_order.append(joint)
        root = depth == 0
        offset = np.zeros(3) if root else offsets[joint]
        lines += [
            f"{indent}{'ROOT' if root else 'JOINT'} {_file_name(skeleton.joint_names[joint])}",
            f"{indent}{{",
            f"{indent}\tOFFSET {_triple(offset)}",
            f"{indent}\tCHANNELS {f'6 {position_channels} ' if root else '3 '}{rotation_channels}",
        ]
        if not children[joint]:
            end = ends.get(joint, offset * _END_SITE)
            lines += [f"{indent}\tEnd Site", f"{indent}\t{{", f"{indent}\t\tOFFSET {_triple(end)}", f"{indent}\t}}"]
        stack.append((-1, depth))
        stack += [(child, depth + 1) for child in reversed(children[joint])]
    return lines, joint_order


def _file_name(joint_name: str) -> str:
    return re.sub(r"\s+", "_", joint_name)


def _triple(values: np.ndarray) -> str:
    return " ".join(f"{value:.6f}" for value in values)


def fixed_point_lines(values: np.ndarray, decimals: int) -> bytes:
    """Numbers as text, a row a line, with so many decimals: digit columns are computed for the whole array at once.

    values: (T, C), finite. Returns lines that end in "\\n"; numbers are right-aligned in columns of one width.
    """
    frames, channels = values.shape
    if values.size == 0:
        return b"\n" * frames
    scaled = np.rint(values * 10.0**decimals).astype(np.int64)
    magnitude = np.abs(scaled)
    integer_digits = max(1, len(str(int(magnitude.max()) // 10**decimals)))
    width = integer_digits + decimals + 3
    text = np.full((frames, channels, width), ord(" "), np.uint8)
    rest = magnitude if magnitude.max() > np.iinfo(np.uint32).max else magnitude.astype(np.uint32)
    zero = np.uint8(ord("0"))
    for place in range(decimals):
        quotient = rest // rest.dtype.type(10)
        text[..., width - 1 - place] = (rest - quotient * rest.dtype.type(10)).astype(np.uint8) + zero
        rest = quotient
    text[..., width - 1 - decimals] = ord(".")
    sign_column = np.full((frames, channels), width - 2 - decimals, np.intp)
    for place in range(integer_digits):
        column = width - 2 - decimals - place
        quotient = rest // rest.dtype.type(10)
        digit = (rest - quotient * rest.dtype.type(10)).astype(np.uint8) + zero
        shown = (rest > 0) if place else np.ones(rest.shape, bool)
        text[..., column] = np.where(shown, digit, ord(" "))
        sign_column[shown] = column - 1
        rest = quotient
    negative = np.nonzero(scaled < 0)
    text[(*negative, sign_column[negative])] = ord("-")
    lines = np.full((frames, channels * width + 1), ord("\n"), np.uint8)
    lines[:, :-1] = text.reshape(frames, -1)
    return lines.tobytes()


# --------------------------------------------------------------------------------------------------------- reading


@dataclass
class _FileJoint:
    name: str
    parent: int
    offset: tuple[float, float, float] = (0.0, 0.0, 0.0)
    channels: list[str] = field(default_factory=list)
    end_site: tuple[float, float, float] | None = None


def recognises(data: bytes) -> bool:
    """Whether the first word is HIERARCHY."""
    return data.lstrip(b"\xef\xbb\xbf \t\r\n")[:9].upper() == b"HIERARCHY"


def read(data: bytes, name: str, limits: ReadLimits) -> Loaded:
    """The file's skeleton and motion. If joints, parents and offsets are those of a known skeleton, it is that one.

    A root OFFSET is replaced by position channels where there are some, as Blender and bvhio do.
    Centimetres are taken for granted. Raises FormatError with the line, LimitError.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = data.decode("latin-1")
    motion_start = re.search(r"^[ \t]*MOTION\b", text, re.MULTILINE | re.IGNORECASE)
    if motion_start is None:
        raise FormatError(f"{name}: no line MOTION")
    joints = _HierarchyParser(text[: motion_start.start()], name).joints()
    fps, values = _read_frames(text, motion_start.end(), sum(len(j.channels) for j in joints), name, limits)
    if not MIN_FPS <= fps <= MAX_FPS:
        raise FormatError(f"{name}: Frame Time means {fps:g} frames per second, expected {MIN_FPS:g} to {MAX_FPS:g}")
    return _motion(joints, values, fps, name)


class _HierarchyParser:
    """Words of the HIERARCHY section, one after another, with their lines."""

    def __init__(self, text: str, name: str) -> None:
        self._text = text.replace("{", " { ").replace("}", " } ")  # braces may touch a name
        self._words = _WORD.finditer(self._text)
        self._name, self._position = name, 0

    def joints(self) -> list[_FileJoint]:
        """All joints, parents before children."""
        joints: list[_FileJoint] = []
        open_joints: list[int] = []
        self._expect("HIERARCHY")
        while (word := self._next(optional=True)) is not None:
            keyword = word.upper()
            if keyword in ("ROOT", "JOINT"):
                self._open(keyword, joints, open_joints)
            elif keyword == "END":
                self._end_site(joints, open_joints)
            elif keyword == "OFFSET" and open_joints:
                joints[open_joints[-1]].offset = (self._number(), self._number(), self._number())
            elif keyword == "CHANNELS" and open_joints:
                joints[open_joints[-1]].channels = self._channels()
            elif keyword == "}" and open_joints:
                open_joints.pop()
            else:
                raise self._error(f"found {word[:40]!r}, expected ROOT, JOINT, OFFSET, CHANNELS, End Site or }}")
        if open_joints:
            raise self._error(f"joint {joints[open_joints[-1]].name!r} is not closed")
        if not joints:
            raise FormatError(f"{self._name}: no ROOT")
        return joints

    def _open(self, keyword: str, joints: list[_FileJoint], open_joints: list[int]) -> None:
        if keyword == "ROOT" and joints:
            raise self._error("a second ROOT; one hierarchy in a file is supported")
        if keyword == "JOINT" and not open_joints:
            raise self._error("a JOINT outside of any other")
        if len(joints) >= MAX_JOINTS:
            raise LimitError(f"{self._name} line {self._line()}: more than {MAX_JOINTS} joints")
        words = []
        while (word := self._next()) != "{":
            words.append(word)
        joints.append(_FileJoint(" ".join(words), open_joints[-1] if open_joints else -1))
        open_joints.append(len(joints) - 1)

    def _end_site(self, joints: list[_FileJoint], open_joints: list[int]) -> None:
        self._expect("SITE")
        while self._next() != "{":
            pass
        while (word := self._next()) != "}":
            if word.upper() == "OFFSET" and open_joints:
                joints[open_joints[-1]].end_site = (self._number(), self._number(), self._number())

    def _channels(self) -> list[str]:
        count = self._number()
        if count != int(count) or not 0 <= count <= 6:
            raise self._error(f"{count:g} channels, expected 0 to 6")
        channels = [self._next().lower() for _ in range(int(count))]
        for channel in channels:
            if channel not in _CHANNELS:
                raise self._error(f"unknown channel {channel[:40]!r}, expected Xposition, Zrotation, ...")
        if len(set(channels)) != len(channels):
            raise self._error("a channel occurs twice in one joint")
        return channels

    def _number(self) -> float:
        word = self._next()
        try:
            number = float(word)
        except ValueError:
            raise self._error(f"found {word[:40]!r}, expected a number") from None
        if not abs(number) <= LARGEST:
            raise self._error(f"found {word}, expected a finite number")
        return number

    def _expect(self, keyword: str) -> None:
        word = self._next()
        if word.upper() != keyword:
            raise self._error(f"found {word[:40]!r}, expected {keyword}")

    def _next(self, optional: bool = False) -> str:
        match = next(self._words, None)
        if match is None:
            if optional:
                return None  # type: ignore[return-value]
            raise self._error("the hierarchy ends in the middle of a joint")
        self._position = match.start()
        return match.group()

    def _line(self) -> int:
        return self._text.count("\n", 0, self._position) + 1

    def _error(self, message: str) -> FormatError:
        return FormatError(f"{self._name} line {self._line()}: {message}")


def _read_frames(text: str, start: int, channels: int, name: str, limits: ReadLimits) -> tuple[float, np.ndarray]:
    """Frames per second and values (T, C). The claimed number of frames is only compared with what is there."""
    head = re.compile(r"\s*Frames\s*:\s*(\S+)\s+Frame\s*Time\s*:\s*(\S+)[ \t]*", re.IGNORECASE).match(text, start)
    if head is None:
        raise FormatError(f"{name} line {text.count(chr(10), 0, start) + 1}: expected 'Frames:' and 'Frame Time:'")
    try:
        claimed, frame_time = int(head[1]), float(head[2])
    except ValueError:
        raise FormatError(
            f"{name}: Frames is {head[1][:40]!r}, Frame Time {head[2][:40]!r}; expected numbers"
        ) from None
    if not 0 < frame_time < np.inf:
        raise FormatError(f"{name}: Frame Time is {head[2][:40]}, expected seconds above 0")
    if claimed < 1 or channels == 0:
        raise FormatError(f"{name}: {claimed} frames of {channels} channels hold no motion")
    if claimed > limits.max_frames:
        raise LimitError(f"{name}: {claimed} frames, at most {limits.max_frames} are allowed")
    block = text[head.end() :]
    values = _numbers(block, channels)
    if values is None or not are_plain(values):
        raise _bad_number(block, name, text.count("\n", 0, head.end()) + 1)
    if len(values) != claimed * channels:
        raise FormatError(
            f"{name}: {len(values)} numbers in the MOTION block, expected {claimed} frames of {channels} channels "
            f"= {claimed * channels}"
        )
    rate = 1.0 / frame_time
    return (float(round(rate)) if abs(rate - round(rate)) < 0.01 else rate), values.reshape(claimed, channels)


def _numbers(block: str, channels: int) -> np.ndarray | None:
    """All numbers of the block, or None if something in it is none. Works line by line, so that memory follows the text."""
    if len(block.lstrip().partition("\n")[0].split()) == channels:
        with contextlib.suppress(ValueError):  # one frame a line, as most files have it: numpy reads it a third faster
            return np.loadtxt(io.StringIO(block), comments=None, ndmin=1).ravel()
    words = chain.from_iterable(map(str.split, io.StringIO(block)))
    try:
        return np.fromiter(map(float, words), np.float64)
    except ValueError:
        return None


def _bad_number(block: str, name: str, first_line: int) -> FormatError:
    for number, line in enumerate(block.split("\n")):
        for word in line.split():
            try:
                finite = abs(float(word)) <= LARGEST
            except ValueError:
                finite = False
            if not finite:
                return FormatError(f"{name} line {first_line + number}: {word[:40]!r} is not a finite number")
    return FormatError(f"{name}: the MOTION block holds something that is not a number")


def _motion(joints: list[_FileJoint], values: np.ndarray, fps: float, name: str) -> Loaded:
    frames = len(values)
    quats = np.zeros((frames, len(joints), 4), np.float32)
    quats[..., 3] = 1
    translation = np.tile(BVH.positions_to_canonical(joints[0].offset), (frames, 1))
    notes: list[str] = []
    column = 0
    for index, joint in enumerate(joints):
        order, angle_columns, position_columns = "", [], {}
        for channel in joint.channels:
            kind, axis = _CHANNELS[channel]
            if kind == "rotation":
                order += axis.upper()
                angle_columns.append(column)
            else:
                position_columns["xyz".index(axis)] = column
            column += 1
        if order:
            quats[:, index] = _quats(np.radians(values[:, angle_columns]), order)
        if position_columns and index == 0:
            for axis, at in position_columns.items():
                translation[:, axis] = values[:, at] / BVH.units_per_metre
        elif position_columns:
            offset = np.array([joint.offset[axis] for axis in position_columns])
            if (
                np.abs(values[:, list(position_columns.values())] - offset).max()
                > _SAME_PLACE_METRES * BVH.units_per_metre
            ):
                notes.append(f"joint {joint.name!r} changes its length; its position channels are left out")
    offsets = BVH.positions_to_canonical([joint.offset for joint in joints])
    skeleton = Skeleton.build(
        Path(name).stem,
        [joint.name for joint in joints],
        [joint.parent for joint in joints],
        offsets,
        end_sites={j.name: tuple(BVH.positions_to_canonical(j.end_site)) for j in joints if j.end_site is not None},
    )
    motion = Motion(skeleton, fps, quats, translation.astype(np.float32))
    return Loaded(recognised(motion), tuple(notes))


def _quats(angles: np.ndarray, order: str) -> np.ndarray:
    """(T, n) angles about n <= 3 different axes, applied as channels are: the first outermost."""
    missing = [axis for axis in "XYZ" if axis not in order]
    padded = np.concatenate([angles, np.zeros((len(angles), len(missing)))], axis=1)
    return rotations.quat_from_euler(padded, order + "".join(missing))


BVH_FORMAT = MotionFormat(
    name="bvh",
    description="Skeleton and joint rotations, Biovision hierarchy",
    extensions=(".bvh",),
    body=True,
    face=False,
    native_coordinates=BVH,
    any_coordinates=True,
    recognises=recognises,
    read=read,
    write=write,
)
