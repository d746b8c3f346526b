"""Frames as packed floats, in the caller's coordinate system."""

from __future__ import annotations

import numpy as np

from pantomatrix_converters.coordinates import CoordinateSystem
from pantomatrix_converters.motion import Motion


def pack_frames(motion: Motion, coordinates: CoordinateSystem) -> np.ndarray:
    """(T, 3 + 4 J + K) little-endian float32: root translation, rotations x y z w joint after joint, curve weights; a
    motion without joints has the weights alone."""
    body = 3 + 4 * len(motion.skeleton) if motion.has_body else 0
    curves = len(motion.face.names) if motion.face is not None else 0
    packed = np.empty((len(motion), body + curves), "<f4")
    if body:
        packed[:, :3] = coordinates.positions_from_canonical(motion.root_translation)
        packed[:, 3:body] = coordinates.rotations_from_canonical(motion.rotations_xyzw).reshape(len(motion), -1)
    if motion.face is not None:
        packed[:, body:] = motion.face.weights
    return packed
