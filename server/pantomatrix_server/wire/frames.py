"""Headers, frames and timings: frames.proto."""

from __future__ import annotations

from functools import partial

import numpy as np

from pantomatrix.v1 import frames_pb2
from pantomatrix_converters.coordinates import CoordinateSystem
from pantomatrix_converters.motion import Motion
from pantomatrix_models.generation import Generation

from ..app.events import MotionEnded, Pack, Timings
from .durations import duration
from .skeleton import coordinates_message, skeleton_message


def header_message(generation: Generation, look_ahead_seconds: float, request_id: str) -> frames_pb2.MotionHeader:
    """What is known before the first frame; how many there will be is not."""
    info, options = generation.model.info, generation.options
    return frames_pb2.MotionHeader(
        fps=generation.fps,
        skeleton=skeleton_message(generation.skeleton, options.coordinates, generation.outline.humanoid),
        face_rig=generation.face_rig,
        curve_names=generation.curve_names,
        coordinate_system=coordinates_message(options.coordinates),
        floats_per_frame=floats_per_frame(len(generation.skeleton), len(generation.curve_names)),
        model=info.name,
        model_version=info.version,
        speaker=generation.speaker,
        seed=options.seed,
        look_ahead=duration(look_ahead_seconds),
        request_id=request_id,
    )


def motion_header_message(motion: Motion, coordinates: CoordinateSystem, request_id: str) -> frames_pb2.MotionHeader:
    """Of a motion that is there."""
    face = motion.face
    return frames_pb2.MotionHeader(
        fps=motion.fps,
        skeleton=skeleton_message(motion.skeleton, coordinates),
        face_rig=face.rig if face else "",
        curve_names=face.names if face else (),
        coordinate_system=coordinates_message(coordinates),
        floats_per_frame=floats_per_frame(len(motion.skeleton), len(face.names) if face else 0),
        frame_count=len(motion),
        request_id=request_id,
    )


def floats_per_frame(joints: int, curves: int) -> int:
    """See MotionHeader.floats_per_frame."""
    return (3 + 4 * joints if joints else 0) + curves


def frame_block(motion: Motion, first_frame: int, coordinates: CoordinateSystem) -> frames_pb2.FrameBlock:
    return frames_pb2.FrameBlock(
        first_frame=first_frame, frame_count=len(motion), data=pack_frames(motion, coordinates).tobytes()
    )


def block_packing(coordinates: CoordinateSystem) -> Pack[frames_pb2.FrameBlock]:
    """Packs pieces of motion as blocks in these axes."""
    return partial(frame_block, coordinates=coordinates)


def summary_message(ended: MotionEnded) -> frames_pb2.MotionSummary:
    return frames_pb2.MotionSummary(
        frame_count=ended.frame_count,
        audio_duration=duration(ended.audio_seconds),
        timings=timings_message(ended.timings),
    )


def timings_message(timings: Timings) -> frames_pb2.Timings:
    return frames_pb2.Timings(
        queue=duration(timings.queue), decode=duration(timings.decode), compute=duration(timings.compute)
    )


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
