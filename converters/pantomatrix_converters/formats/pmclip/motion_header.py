"""MotionHeader of frames.proto, as bytes and as values: what the bytes of every frame mean."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from ... import rotations
from ...coordinates import CoordinateSystem
from ...errors import FormatError, LimitError
from ...retargeting.humanoid import HumanoidMap
from ...skeleton import MAX_JOINTS, NO_JOINTS, Skeleton
from .protobuf_fields import Fields, bytes_field, double_field, float_field, number_field, text_field

_AXES = ("", "+x", "-x", "+y", "-y", "+z", "-z")


class ChannelKind(IntEnum):
    """What this package knows of ChannelKind."""

    ROOT_TRANSLATION = 1
    JOINT_ROTATIONS = 2
    CURVES = 3


class ChannelEncoding(IntEnum):
    """See ChannelEncoding in frames.proto."""

    FLOAT32 = 1
    FLOAT16 = 2
    QUATERNION48 = 3
    UNORM8 = 4


@dataclass(frozen=True)
class Channel:
    """Numbers that every frame has. kind and encoding: any numbers where they were read. width: numbers in a frame.
    offset: bytes from the beginning of a frame. is_of_all: whether it is about all joints."""

    name: str
    kind: int
    width: int
    offset: int
    encoding: int
    is_of_all: bool = True


@dataclass(frozen=True)
class MotionHeader:
    """skeleton: in canonical axes. roles: only written."""

    fps: float
    skeleton: Skeleton
    face_rig: str
    curve_names: tuple[str, ...]
    coordinates: CoordinateSystem
    channels: Sequence[Channel]
    bytes_per_frame: int
    frame_count: int
    roles: HumanoidMap | None = None

    def to_bytes(self) -> bytes:
        """As protobuf stores it."""
        parts = [
            double_field(1, self.fps),
            bytes_field(2, _skeleton_bytes(self.skeleton, self.coordinates, self.roles)) if len(self.skeleton) else b"",
            text_field(3, self.face_rig),
            *(text_field(4, name, keep_empty=True) for name in self.curve_names),
            bytes_field(5, _coordinates_bytes(self.coordinates)),
            *(bytes_field(6, _channel_bytes(channel)) for channel in self.channels),
            number_field(7, self.bytes_per_frame),
            number_field(8, self.frame_count),
        ]
        return b"".join(parts)

    @classmethod
    def of_bytes(cls, data: bytes, name: str) -> MotionHeader:
        """Raises FormatError, MotionError, LimitError, InvalidInputError for axes that are none."""
        fields = Fields(data, f"{name}: header")
        coordinates = _coordinates(fields.message(5))
        return cls(
            fields.double(1),
            _skeleton(fields.message(2), coordinates),
            fields.text(3)[:200],
            tuple(fields.texts(4)),
            coordinates,
            tuple(map(_channel, fields.messages(6))),
            fields.number(7),
            fields.number(8),
        )


def _coordinates_bytes(system: CoordinateSystem) -> bytes:
    axes = [number_field(2 + at, _AXES.index(axis)) for at, axis in enumerate((system.left, system.up, system.forward))]
    return b"".join((text_field(1, system.name), *axes, double_field(5, system.units_per_metre)))


def _coordinates(fields: Fields) -> CoordinateSystem:
    axes = [fields.number(number) for number in (2, 3, 4)]
    if not all(0 < axis < len(_AXES) for axis in axes):
        raise FormatError(f"{fields.where}: the coordinate system has axes {axes}, expected 1 to 6")
    left, up, forward = (_AXES[axis] for axis in axes)
    return CoordinateSystem(fields.text(1)[:200], left, up, forward, fields.double(5))


def _skeleton_bytes(skeleton: Skeleton, system: CoordinateSystem, roles: HumanoidMap | None) -> bytes:
    offsets = system.positions_from_canonical(skeleton.rest_translations).tolist()
    turns = system.rotations_from_canonical(skeleton.rest_rotations_xyzw).tolist()
    joints = []
    for name, parent, offset, turn in zip(skeleton.joint_names, skeleton.parents.tolist(), offsets, turns, strict=True):
        joint = (
            text_field(1, name),
            number_field(2, parent, keep_zero=True),
            bytes_field(3, _floats_bytes(offset), keep_empty=True),
            bytes_field(4, _floats_bytes(turn), keep_empty=True),
            text_field(5, roles.role_of(name) if roles else ""),
        )
        joints.append(bytes_field(2, b"".join(joint)))
    return b"".join((text_field(1, skeleton.name), *joints))


def _skeleton(fields: Fields, system: CoordinateSystem) -> Skeleton:
    if fields.count(2) > MAX_JOINTS:
        raise LimitError(f"{fields.where}: {fields.count(2)} joints, at most {MAX_JOINTS} are allowed")
    joints = fields.messages(2)
    if not joints:
        return NO_JOINTS
    offsets = np.array([_floats(joint.message(3), 3) for joint in joints])
    turns = np.array([_floats(joint.message(4), 4) for joint in joints])
    turns[~turns.any(axis=1)] = rotations.IDENTITY_XYZW
    if not (np.abs(np.linalg.norm(turns, axis=1) - 1) < 1e-3).all():  # not true of NaN either
        raise FormatError(f"{fields.where}: a joint's rest rotation is not a unit quaternion")
    return Skeleton.build(
        fields.text(1)[:200] or "skeleton",
        [joint.text(1) for joint in joints],
        [joint.number(2, -1) for joint in joints],
        system.positions_to_canonical(offsets),
        rotations.shortest(system.rotations_to_canonical(turns)),
    )


def _floats_bytes(values: Sequence[float]) -> bytes:
    return b"".join(float_field(number, value) for number, value in enumerate(values, 1))


def _floats(fields: Fields, count: int) -> list[float]:
    return [fields.float(number) for number in range(1, count + 1)]


def _channel_bytes(channel: Channel) -> bytes:
    numbers = (channel.kind, channel.width, channel.offset, channel.encoding)
    fields = [number_field(number, value) for number, value in enumerate(numbers, 2)]
    return b"".join((text_field(1, channel.name), *fields))


def _channel(fields: Fields) -> Channel:
    kind, width, offset, encoding = (fields.number(number) for number in (2, 3, 4, 5))
    return Channel(fields.text(1), kind, width, offset, encoding, not fields.numbers(6))
