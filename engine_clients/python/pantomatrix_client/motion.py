"""What comes back: numpy arrays in the axes that were asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from pantomatrix.v1 import frames_pb2

from .channels import channel_of, channel_values


@dataclass(frozen=True, eq=False)
class Skeleton:
    """Joints, parents before children.

    parents: (J,), -1 for the root. rest_translations: (J, 3), in the parent's frame, the coordinate system's unit.
    rest_rotations_xyzw: (J, 4), relative to the parent.
    """

    name: str
    joint_names: tuple[str, ...]
    parents: NDArray[np.int64]
    rest_translations: NDArray[np.float32]
    rest_rotations_xyzw: NDArray[np.float32]

    def __repr__(self) -> str:
        return f"Skeleton({self.name!r}, {len(self.joint_names)} joints)"


class SkeletonLike(Protocol):
    """What a request needs of a skeleton of one's own: the fields of `Skeleton`. Any class that has them will do."""

    @property
    def name(self) -> str: ...
    @property
    def joint_names(self) -> tuple[str, ...]: ...
    @property
    def parents(self) -> NDArray[np.int64]: ...
    @property
    def rest_translations(self) -> NDArray[Any]: ...
    @property
    def rest_rotations_xyzw(self) -> NDArray[Any]: ...


@dataclass(frozen=True, eq=False)
class Header:
    """What the numbers of every frame mean; see MotionHeader in frames.proto."""

    fps: float
    skeleton: Skeleton
    face_rig: str
    curve_names: tuple[str, ...]
    coordinate_system: str
    frame_count: int
    model: str
    speaker: str
    seed: int
    look_ahead_seconds: float
    request_id: str
    notes: tuple[str, ...]
    labels: Mapping[str, str]
    features: tuple[str, ...]
    channels: tuple[frames_pb2.Channel, ...]
    bytes_per_frame: int

    def __repr__(self) -> str:
        return f"Header({_contents(self)}, {self.coordinate_system!r}, model {self.model!r}, seed {self.seed})"

    @classmethod
    def from_message(cls, message: frames_pb2.MotionHeader) -> Header:
        """From the contract's header."""
        joints = message.skeleton.joints
        skeleton = Skeleton(
            message.skeleton.name,
            tuple(joint.name for joint in joints),
            np.array([joint.parent if joint.HasField("parent") else -1 for joint in joints], np.int64),
            np.array([_vector(joint.rest_translation) for joint in joints], np.float32).reshape(-1, 3),
            np.array([_quaternion(joint.rest_rotation) for joint in joints], np.float32).reshape(-1, 4),
        )
        return cls(
            fps=message.fps,
            skeleton=skeleton,
            face_rig=message.face_rig,
            curve_names=tuple(message.curve_names),
            coordinate_system=message.coordinate_system.name,
            frame_count=message.frame_count,
            model=message.model,
            speaker=message.speaker,
            seed=message.seed,
            look_ahead_seconds=message.look_ahead_seconds,
            request_id=message.request_id,
            notes=tuple(message.notes),
            labels=dict(message.labels),
            features=tuple(message.features),
            channels=tuple(message.channels),
            bytes_per_frame=message.bytes_per_frame,
        )


def _contents(header: Header) -> str:
    joints, curves = len(header.skeleton.joint_names), len(header.curve_names)
    body = f", {header.skeleton.name!r} with {joints} joints" if joints else ""
    face = f", {header.face_rig!r} with {curves} curves" if curves else ""
    return f"{header.fps:g} fps{body}{face}"


def _vector(message) -> tuple[float, float, float]:
    return message.x, message.y, message.z


def _quaternion(message) -> tuple[float, float, float, float]:
    quat = message.x, message.y, message.z, message.w
    return quat if any(quat) else (0.0, 0.0, 0.0, 1.0)


_KINDS = (
    frames_pb2.CHANNEL_KIND_ROOT_TRANSLATION,
    frames_pb2.CHANNEL_KIND_JOINT_ROTATIONS,
    frames_pb2.CHANNEL_KIND_CURVES,
)


@dataclass(frozen=True, eq=False)
class FrameBlock:
    """Consecutive frames; frame k is at k / fps seconds of the audio.

    root_translation: (T, 3), the coordinate system's unit. rotations_xyzw: (T, J, 4) unit quaternions, local to the parent.
    curves: (T, K) weights. idle: of a live stream, nobody speaks in them.
    """

    first_frame: int
    root_translation: NDArray[np.float32]
    rotations_xyzw: NDArray[np.float32]
    curves: NDArray[np.float32]
    idle: bool = False

    def __repr__(self) -> str:
        return f"FrameBlock(frames {self.first_frame} to {self.first_frame + len(self) - 1})"

    def __len__(self) -> int:
        return len(self.curves)

    def frames(self, start: int, stop: int) -> FrameBlock:
        """The frames start to stop of the block, stop not included."""
        return FrameBlock(
            self.first_frame + start,
            self.root_translation[start:stop],
            self.rotations_xyzw[start:stop],
            self.curves[start:stop],
            self.idle,
        )

    @classmethod
    def from_message(cls, message: frames_pb2.FrameBlock, header: Header) -> FrameBlock:
        """Arrays are views of the message's bytes where these are 32-bit floats."""
        root, rotations, curves = (
            channel_values(message, channel_of(header.channels, kind), header.bytes_per_frame) for kind in _KINDS
        )
        count, rest = message.frame_count, header.skeleton
        if not root.size:
            place = rest.rest_translations[0] if rest.joint_names else np.zeros(3, np.float32)
            root = np.broadcast_to(place, (count, 3))
        rotations = rotations.reshape(count, -1, 4)
        if not rotations.size:
            rotations = np.broadcast_to(rest.rest_rotations_xyzw, (count, len(rest.joint_names), 4))
        return cls(
            first_frame=message.first_frame,
            root_translation=root,
            rotations_xyzw=rotations,
            curves=curves,
            idle=message.idle,
        )


@dataclass(frozen=True, eq=False)
class Motion:
    """A whole clip; the arrays are as in FrameBlock."""

    header: Header
    root_translation: NDArray[np.float32]
    rotations_xyzw: NDArray[np.float32]
    curves: NDArray[np.float32]
    audio_seconds: float
    queue_seconds: float
    decode_seconds: float
    compute_seconds: float

    def __repr__(self) -> str:
        return f"Motion({len(self)} frames, {len(self) / self.fps:.2f} s, {_contents(self.header)})"

    def __len__(self) -> int:
        return len(self.curves)

    @property
    def fps(self) -> float:
        return self.header.fps

    @property
    def skeleton(self) -> Skeleton:
        return self.header.skeleton

    @property
    def curve_names(self) -> tuple[str, ...]:
        return self.header.curve_names

    @property
    def face_rig(self) -> str:
        return self.header.face_rig

    @property
    def notes(self) -> tuple[str, ...]:
        return self.header.notes


def join(header: Header, blocks: Sequence[FrameBlock], summary: frames_pb2.MotionSummary) -> Motion:
    """All blocks of a clip as one motion."""
    timings = summary.timings
    return Motion(
        header=header,
        root_translation=np.concatenate([block.root_translation for block in blocks]),
        rotations_xyzw=np.concatenate([block.rotations_xyzw for block in blocks]),
        curves=np.concatenate([block.curves for block in blocks]),
        audio_seconds=summary.audio_seconds,
        queue_seconds=timings.queue_seconds,
        decode_seconds=timings.decode_seconds,
        compute_seconds=timings.compute_seconds,
    )
