"""Frames as packed floats, in the caller's coordinate system."""

from __future__ import annotations

import numpy as np

from pantomatrix_converters.coordinates import CoordinateSystem
from pantomatrix_converters.motion import Motion


def pack_frames(motion: Motion, coordinates: CoordinateSystem) -> np.ndarray:
    """(T, 3 + 4 J + K) little-endian float32: root translation, rotations x y z w joint after joint, curve weights; a
    motion without joints has the weights alone."""
    parts = []
    if motion.has_body:
        parts.append(coordinates.positions_from_canonical(motion.root_translation))
        parts.append(coordinates.rotations_from_canonical(motion.rotations_xyzw).reshape(len(motion), -1))
    if motion.face is not None:
        parts.append(motion.face.weights)
    return np.concatenate(parts, axis=1).astype("<f4") if parts else np.zeros((len(motion), 0), "<f4")
