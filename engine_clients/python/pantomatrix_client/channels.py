"""From the bytes of frames to numbers: the channels of frames.proto."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pantomatrix.v1 import frames_pb2

Bytes = NDArray[np.uint8]
"""(T, B): frames, bytes of a channel."""


def _float32(data: Bytes) -> NDArray[np.float32]:
    return data.view("<f4")


def _float16(data: Bytes) -> NDArray[np.float32]:
    return np.ascontiguousarray(data).view("<f2").astype(np.float32)


def _unorm8(data: Bytes) -> NDArray[np.float32]:
    return data.astype(np.float32) / np.float32(255)


def _quaternion48(data: Bytes) -> NDArray[np.float32]:
    words = np.ascontiguousarray(data).view("<u2").reshape(len(data), -1, 3)
    left_out = (words[..., 1] >> 15) * 2 + (words[..., 0] >> 15)
    others = ((words & 0x7FFF).astype(np.float64) - 16384) / (16384 * np.sqrt(2.0))
    quats = np.empty((*words.shape[:2], 4))
    columns = np.arange(3) + (np.arange(3) >= left_out[..., None])
    np.put_along_axis(quats, columns, others, axis=-1)
    largest = np.sqrt(np.maximum(0.0, 1.0 - np.sum(others * others, axis=-1)))
    np.put_along_axis(quats, left_out[..., None].astype(np.int64), largest[..., None], axis=-1)
    return quats.reshape(len(data), -1).astype(np.float32)


_DECODERS: Mapping[int, tuple[int, Callable[[Bytes], NDArray[np.float32]]]] = {
    frames_pb2.CHANNEL_ENCODING_FLOAT32: (16, _float32),
    frames_pb2.CHANNEL_ENCODING_FLOAT16: (8, _float16),
    frames_pb2.CHANNEL_ENCODING_QUATERNION48: (6, _quaternion48),
    frames_pb2.CHANNEL_ENCODING_UNORM8: (4, _unorm8),
}
"""Bytes of four numbers, and how they become numbers."""


def channel_values(
    block: frames_pb2.FrameBlock, channel: frames_pb2.Channel | None, bytes_per_frame: int
) -> NDArray[np.float32]:
    """(T, width) of a block's frames; (T, 0) without a channel. Views of the block's bytes where these are 32-bit floats.

    Raises ValueError for an encoding that this client does not know, and where the sizes do not fit.
    """
    if channel is None:
        return np.zeros((block.frame_count, 0), np.float32)
    if channel.encoding not in _DECODERS:
        raise ValueError(f"channel {channel.name!r} has encoding {channel.encoding}, which this client does not know")
    bytes_of_four, decode = _DECODERS[channel.encoding]
    rows = np.frombuffer(block.data, np.uint8).reshape(block.frame_count, bytes_per_frame)
    stop = channel.offset + channel.width * bytes_of_four // 4
    return decode(rows[:, channel.offset : stop])


def channel_of(channels: Any, kind: frames_pb2.ChannelKind) -> frames_pb2.Channel | None:
    """The first of a kind that is about all joints."""
    return next((channel for channel in channels if channel.kind == kind and not channel.joints), None)
