"""A header and frames as the contract sends them, in one file: about a fifth of the bytes of BVH.

bytes   what
8       "PMCLIP1\\n"
4       how many bytes the header has, unsigned, little-endian as all
4       CRC-32 (zlib's) of header and frames
        MotionHeader of frames.proto, as protobuf stores it, with frame_count
        frame_count frames of bytes_per_frame bytes, each as the header's channels say

The axes are Unity's. Rotations are QUATERNION48 (at most 0.02 degrees off), weights that stay within 0 and 1 UNORM8 (at
most 0.002 off), others FLOAT16, the root's translation FLOAT32.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...coordinates import UNITY, CoordinateSystem
from ...errors import FormatError, LimitError
from ...finite_numbers import are_finite
from ...motion import FaceCurves, Motion
from ...number_encodings import (
    Bytes,
    load_float16,
    load_float32,
    load_quaternion48,
    load_unorm8,
    store_float16,
    store_float32,
    store_quaternion48,
    store_unorm8,
)  # fmt: skip
from ...ranges import FPS
from ...retargeting.humanoid import guess_roles
from ...retargeting.joint_axes import recognised
from ..motion_format import Loaded, MotionFormat, ReadLimits
from .motion_header import Channel, ChannelEncoding, ChannelKind, MotionHeader

_MAGIC = b"PMCLIP1\n"
_START = struct.Struct("<8sII")
_MOST_HEADER_BYTES = 1 << 20
_UNIT = 2e-3
"""How far a rotation's length may be from 1."""


@dataclass(frozen=True)
class _Encoding:
    """bytes_of_four: of each four numbers."""

    bytes_of_four: int
    store: Callable[[NDArray], Bytes]
    load: Callable[[Bytes], NDArray[np.float32]]


_ENCODINGS: Mapping[int, _Encoding] = {
    ChannelEncoding.FLOAT32: _Encoding(16, store_float32, load_float32),
    ChannelEncoding.FLOAT16: _Encoding(8, store_float16, load_float16),
    ChannelEncoding.QUATERNION48: _Encoding(6, store_quaternion48, load_quaternion48),
    ChannelEncoding.UNORM8: _Encoding(4, store_unorm8, load_unorm8),
}


def recognises(data: bytes) -> bool:
    """Whether it begins as such a file."""
    return data.startswith(_MAGIC)


def read(data: bytes, name: str, limits: ReadLimits) -> Loaded:
    """The motion. Raises FormatError for what is damaged or cut off, MotionError, LimitError."""
    if len(data) < _START.size or not recognises(data):
        raise FormatError(f"{name}: not a .pmclip file, or cut off")
    _, header_bytes, checksum = _START.unpack_from(data)
    if header_bytes > len(data) - _START.size:
        raise FormatError(f"{name}: the file is cut off within its header")
    if header_bytes > _MOST_HEADER_BYTES:
        raise LimitError(f"{name}: the header has {header_bytes} bytes, at most {_MOST_HEADER_BYTES} are allowed")
    if zlib.crc32(memoryview(data)[_START.size :]) != checksum:
        raise FormatError(f"{name}: the file is damaged or cut off, its checksum is another")
    start = _START.size + header_bytes
    header = MotionHeader.of_bytes(data[_START.size : start], name)
    size, count = header.bytes_per_frame, header.frame_count
    if size < 1 or count < 0 or len(data) - start != size * count:
        raise FormatError(f"{name}: {len(data) - start} bytes of frames, the header says {count} frames of {size}")
    limits.check_frames(count, name)
    limits.check_size(count, len(header.skeleton), len(header.curve_names), name)
    if header.fps not in FPS:
        raise FormatError(f"{name}: {header.fps:g} frames per second, expected {FPS}")
    motion = _motion(header, np.frombuffer(data, np.uint8, offset=start).reshape(count, size), name)
    return Loaded(recognised(motion) if motion.has_body else motion)


def _motion(header: MotionHeader, rows: Bytes, name: str) -> Motion:
    skeleton, system = header.skeleton, header.coordinates
    root, quats = np.zeros((len(rows), 3)), np.zeros((len(rows), 0, 4))
    if len(skeleton):
        root = _numbers(header, rows, ChannelKind.ROOT_TRANSLATION, 3, name)
        root = (
            np.tile(skeleton.rest_translations[0], (len(rows), 1))
            if root is None
            else system.positions_to_canonical(root)
        )
        turns = _numbers(header, rows, ChannelKind.JOINT_ROTATIONS, 4 * len(skeleton), name)
        if turns is None:
            quats = np.tile(skeleton.rest_rotations_xyzw, (len(rows), 1, 1))
        else:
            quats = turns.reshape(len(rows), -1, 4)
            if not (np.abs(np.linalg.norm(quats, axis=-1) - 1) <= _UNIT).all():
                raise FormatError(f"{name}: a rotation is not a unit quaternion")
            quats = system.rotations_to_canonical(quats)
    elif not header.curve_names:
        raise FormatError(f"{name}: neither joints nor curves")
    face = None
    if header.curve_names:
        weights = _numbers(header, rows, ChannelKind.CURVES, len(header.curve_names), name)
        if weights is None:
            raise FormatError(f"{name}: no channel has the curves' weights")
        face = FaceCurves(header.face_rig, header.curve_names, weights.astype(np.float32))
    return Motion(skeleton, header.fps, quats.astype(np.float32), root.astype(np.float32), face)


def _numbers(header: MotionHeader, rows: Bytes, kind: ChannelKind, width: int, name: str) -> NDArray[np.float64] | None:
    """(T, width) of the first channel of a kind; None where there is none. Raises FormatError."""
    channel = next((one for one in header.channels if one.kind == kind and one.is_of_all), None)
    if channel is None:
        return None
    encoding = _ENCODINGS.get(channel.encoding)
    if encoding is None:
        raise FormatError(f"{name}: channel {channel.name!r} has encoding {channel.encoding}, which is not known")
    size = width * encoding.bytes_of_four // 4
    is_inside = channel.offset >= 0 and channel.offset + size <= header.bytes_per_frame
    if channel.width != width or not is_inside or size * 4 != width * encoding.bytes_of_four:
        raise FormatError(f"{name}: channel {channel.name!r} does not hold {width} numbers within a frame")
    values = encoding.load(rows[:, channel.offset : channel.offset + size]).astype(np.float64)
    if not are_finite(values):
        raise FormatError(f"{name}: channel {channel.name!r} holds NaN, infinity or a number that is too large")
    return values


def write(motion: Motion, coordinates: CoordinateSystem) -> bytes:
    """The whole motion, with the roles of its joints, by which it moves other bodies."""
    channels: list[Channel] = []
    parts: list[Bytes] = []

    def add(name: str, kind: ChannelKind, values: NDArray, stored: ChannelEncoding) -> None:
        offset = sum(part.shape[1] for part in parts)
        channels.append(Channel(name, kind, values.shape[1], offset, stored))
        parts.append(_ENCODINGS[stored].store(values))

    face = motion.face
    if motion.has_body:
        root = coordinates.positions_from_canonical(motion.root_translation)
        quats = coordinates.rotations_from_canonical(motion.rotations_xyzw).reshape(len(motion), -1)
        add("root_translation", ChannelKind.ROOT_TRANSLATION, root, ChannelEncoding.FLOAT32)
        add("joint_rotations", ChannelKind.JOINT_ROTATIONS, quats, ChannelEncoding.QUATERNION48)
    if face is not None and face.names:
        is_unit = bool(((face.weights >= 0) & (face.weights <= 1)).all())
        stored = ChannelEncoding.UNORM8 if is_unit else ChannelEncoding.FLOAT16
        add("curves", ChannelKind.CURVES, face.weights, stored)
    frames = np.concatenate(parts, axis=1)
    header = MotionHeader(
        motion.fps, motion.skeleton, face.rig if face else "", face.names if face else (), coordinates, channels,
        frames.shape[1], len(motion), guess_roles(motion.skeleton) if motion.has_body else None,
    ).to_bytes()  # fmt: skip
    content = header + frames.tobytes()
    return _START.pack(_MAGIC, len(header), zlib.crc32(content)) + content


PMCLIP = MotionFormat(
    name="pmclip",
    description="PantoMatrix' Unity package: a file that it imports as a clip",
    extensions=(".pmclip",),
    body=True,
    face=True,
    native_coordinates=UNITY,
    any_coordinates=False,
    recognises=recognises,
    read=read,
    write=write,
)
