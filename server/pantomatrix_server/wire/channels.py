"""How frames lie in bytes: the channels of frames.proto."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pantomatrix.v1 import frames_pb2
from pantomatrix_converters.coordinates import CoordinateSystem
from pantomatrix_converters.motion import Motion
from pantomatrix_converters.number_encodings import (
    Bytes,
    store_float16,
    store_float32,
    store_quaternion48,
    store_unorm8,
)  # fmt: skip

BLOCK_BYTES = 1 << 20
"""Most bytes of frames in one message."""


class FrameEncoding(StrEnum):
    """See FrameEncoding in frames.proto."""

    FLOAT32 = "float32"
    FLOAT16 = "float16"
    COMPACT = "compact"


@dataclass(frozen=True)
class _Form:
    """How numbers are stored: `bytes` of them for each four numbers."""

    encoding: frames_pb2.ChannelEncoding
    bytes_of_four: int
    store: Callable[[NDArray[Any]], Bytes]


_FLOAT32 = _Form(frames_pb2.CHANNEL_ENCODING_FLOAT32, 16, store_float32)
_FLOAT16 = _Form(frames_pb2.CHANNEL_ENCODING_FLOAT16, 8, store_float16)
_QUATERNION48 = _Form(frames_pb2.CHANNEL_ENCODING_QUATERNION48, 6, store_quaternion48)
_UNORM8 = _Form(frames_pb2.CHANNEL_ENCODING_UNORM8, 4, store_unorm8)


@dataclass(frozen=True)
class _Forms:
    """Of rotations, of weights that stay within 0 and 1, and of others."""

    rotations: _Form
    unit_weights: _Form
    weights: _Form


_FORMS: Mapping[FrameEncoding, _Forms] = {
    FrameEncoding.FLOAT32: _Forms(_FLOAT32, _FLOAT32, _FLOAT32),
    FrameEncoding.FLOAT16: _Forms(_FLOAT16, _FLOAT16, _FLOAT16),
    FrameEncoding.COMPACT: _Forms(_QUATERNION48, _UNORM8, _FLOAT16),
}


@dataclass(frozen=True)
class _Channel:
    message: frames_pb2.Channel
    store: Callable[[NDArray[Any]], Bytes]


class FrameLayout:
    """Where the numbers of one motion lie in the bytes of its frames.

    joints: how many; 0 for a face alone. curves: how many. unit_weights: whether they stay within 0
    and 1.
    """

    def __init__(self, joints: int, curves: int, encoding: FrameEncoding, *, unit_weights: bool) -> None:
        forms = _FORMS[encoding]
        self._channels: list[_Channel] = []
        self.bytes_per_frame = 0
        if joints:
            self._add("root_translation", frames_pb2.CHANNEL_KIND_ROOT_TRANSLATION, 3, _FLOAT32)
            self._add("joint_rotations", frames_pb2.CHANNEL_KIND_JOINT_ROTATIONS, 4 * joints, forms.rotations)
        if curves:
            form = forms.unit_weights if unit_weights else forms.weights
            self._add("curves", frames_pb2.CHANNEL_KIND_CURVES, curves, form)

    def _add(self, name: str, kind: frames_pb2.ChannelKind, width: int, form: _Form) -> None:
        channel = frames_pb2.Channel(
            name=name, kind=kind, width=width, offset=self.bytes_per_frame, encoding=form.encoding
        )
        self._channels.append(_Channel(channel, form.store))
        self.bytes_per_frame += width * form.bytes_of_four // 4

    @property
    def channels(self) -> list[frames_pb2.Channel]:
        """For the header."""
        return [channel.message for channel in self._channels]

    @property
    def frames_per_block(self) -> int:
        """As many as fit into BLOCK_BYTES, at least one."""
        return max(1, BLOCK_BYTES // max(1, self.bytes_per_frame))

    def packed(self, motion: Motion, coordinates: CoordinateSystem) -> bytes:
        """The frames of a motion, in these axes."""
        frames, parts = len(motion), []
        for channel in self._channels:
            match channel.message.kind:
                case frames_pb2.CHANNEL_KIND_ROOT_TRANSLATION:
                    values = coordinates.positions_from_canonical(motion.root_translation)
                case frames_pb2.CHANNEL_KIND_JOINT_ROTATIONS:
                    values = coordinates.rotations_from_canonical(motion.rotations_xyzw).reshape(frames, -1)
                case _:
                    assert motion.face is not None
                    values = motion.face.weights
            parts.append(channel.store(values))
        return np.concatenate(parts, axis=1).tobytes() if parts else b""
