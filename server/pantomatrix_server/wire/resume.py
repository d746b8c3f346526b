"""Where a live stream continues: Resume in motion.proto."""

from __future__ import annotations

import numpy as np

from pantomatrix.v1 import motion_pb2
from pantomatrix_converters import rotations
from pantomatrix_converters.motion import FaceCurves, Motion
from pantomatrix_models.errors import OptionError
from pantomatrix_models.generation import Generation
from pantomatrix_models.going_on import Resumed

_LEAST_NORM, _MOST = 1e-3, 1e6


def resumed_from_message(message: motion_pb2.Resume, generation: Generation) -> Resumed:
    """generation: of the options that go with it. Raises OptionError with the field of Resume."""
    return Resumed(
        message.first_frame,
        _frame(message.last_frame, generation) if message.last_frame else None,
        message.audio_seconds if message.HasField("audio_seconds") else None,
        message.utterance,
        message.utterance_seconds if message.HasField("utterance_seconds") else None,
    )


def _frame(data: bytes, generation: Generation) -> Motion:
    """A frame of 32-bit floats: the root's place, rotations, weights."""
    joints, curves = len(generation.skeleton), len(generation.curve_names)
    width = (3 + 4 * joints if joints else 0) + curves
    if len(data) != 4 * width:
        raise OptionError(
            f"last_frame has {len(data)} bytes, expected {4 * width}: 4 for each of {width} numbers", "last_frame"
        )
    row = np.frombuffer(data, "<f4").astype(np.float64)
    place, quats, weights = (
        row[: 3 * bool(joints)],
        row[3 * bool(joints) : width - curves].reshape(-1, 4),
        row[width - curves :],
    )
    if not (np.abs(row) < _MOST).all() or (np.linalg.norm(quats, axis=1) < _LEAST_NORM).any():
        raise OptionError("last_frame has numbers that no frame has", "last_frame")
    axes = generation.options.coordinates
    return Motion(
        generation.skeleton,
        generation.fps,
        axes.rotations_to_canonical(rotations.normalize(quats))[None].astype(np.float32),
        axes.positions_to_canonical(place if joints else np.zeros(3))[None].astype(np.float32),
        FaceCurves(generation.face_rig, generation.curve_names, weights[None].astype(np.float32)) if curves else None,
    )
