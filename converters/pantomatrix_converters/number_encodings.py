"""How a motion's numbers are stored in the bytes of frames: what ChannelEncoding in frames.proto says, in numpy.

Everything is little-endian. Storing takes (T, W) numbers and gives (T, B) bytes, loading the other way round.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Bytes = NDArray[np.uint8]
"""(T, B): frames, bytes of a channel."""
_QUATERNION_SCALE = np.sqrt(2.0) * 16384


def store_float32(values: NDArray[Any]) -> Bytes:
    return np.ascontiguousarray(values, "<f4").view(np.uint8)


def store_float16(values: NDArray[Any]) -> Bytes:
    """Beyond the largest number they are the largest."""
    largest = float(np.finfo(np.float16).max)
    return np.ascontiguousarray(np.clip(values, -largest, largest), "<f2").view(np.uint8)


def store_quaternion48(values: NDArray[Any]) -> Bytes:
    """values: (T, 4 J) unit quaternions x y z w."""
    quats = np.asarray(values, np.float64).reshape(len(values), -1, 4)
    left_out = np.abs(quats).argmax(axis=-1)[..., None]
    quats = np.where(np.take_along_axis(quats, left_out, axis=-1) < 0, -quats, quats)
    others = np.arange(3) + (np.arange(3) >= left_out)
    words = np.rint(np.take_along_axis(quats, others, axis=-1) * _QUATERNION_SCALE) + 16384
    words = np.clip(words, 0, 32767).astype("<u2")
    words[..., 0] |= ((left_out[..., 0] & 1) << 15).astype(np.uint16)
    words[..., 1] |= ((left_out[..., 0] >> 1) << 15).astype(np.uint16)
    return words.reshape(len(values), -1).view(np.uint8)


def store_unorm8(values: NDArray[Any]) -> Bytes:
    return np.rint(np.clip(values, 0.0, 1.0) * 255).astype(np.uint8)


def load_float32(data: Bytes) -> NDArray[np.float32]:
    return np.ascontiguousarray(data).view("<f4").astype(np.float32)


def load_float16(data: Bytes) -> NDArray[np.float32]:
    return np.ascontiguousarray(data).view("<f2").astype(np.float32)


def load_quaternion48(data: Bytes) -> NDArray[np.float32]:
    """(T, 4 J), of length 1, to rounding, where the bytes come from quaternions."""
    words = np.ascontiguousarray(data).view("<u2").reshape(len(data), -1, 3).astype(np.int64)
    left_out = (2 * (words[..., 1] >> 15) + (words[..., 0] >> 15))[..., None]
    given = ((words & 0x7FFF) - 16384) / _QUATERNION_SCALE
    quats = np.zeros((*given.shape[:2], 4))
    np.put_along_axis(quats, np.arange(3) + (np.arange(3) >= left_out), given, axis=-1)
    rest = np.sqrt(np.maximum(0.0, 1.0 - (given**2).sum(axis=-1, keepdims=True)))
    np.put_along_axis(quats, left_out, rest, axis=-1)
    return quats.reshape(len(data), -1).astype(np.float32)


def load_unorm8(data: Bytes) -> NDArray[np.float32]:
    return data.astype(np.float32) / np.float32(255)
