"""Headers, frames and timings: frames.proto."""

from __future__ import annotations

from collections.abc import Mapping

from pantomatrix.v1 import frames_pb2
from pantomatrix_converters.coordinates import CoordinateSystem
from pantomatrix_converters.editing.options import BodyPart, MotionEdits
from pantomatrix_converters.face.rigs import UNIT_RIGS
from pantomatrix_converters.motion import Motion
from pantomatrix_models.generation import Generation

from ..app.events import MotionEnded, Pack, Timings
from .channels import FrameEncoding, FrameLayout
from .features import FEATURES
from .skeleton import coordinates_message, skeleton_message


def generation_layout(generation: Generation, encoding: FrameEncoding) -> FrameLayout:
    """Of the frames to come."""
    unit_weights = generation.face_rig in UNIT_RIGS and weights_stay_unit(generation.options)
    # The jaw and the eyes, joints of the face, say nothing that its curves do not.
    face_alone = generation.outline.parts == {BodyPart.FACE} and bool(generation.curve_names)
    joints = 0 if face_alone and encoding is FrameEncoding.COMPACT else len(generation.skeleton)
    return FrameLayout(joints, len(generation.curve_names), encoding, unit_weights=unit_weights)


def motion_layout(motion: Motion, encoding: FrameEncoding) -> FrameLayout:
    """Of a motion that is there."""
    face = motion.face
    unit_weights = face is not None and bool(((face.weights >= 0) & (face.weights <= 1)).all())
    joints = len(motion.skeleton) if motion.has_body else 0
    return FrameLayout(joints, len(face.names) if face else 0, encoding, unit_weights=unit_weights)


def weights_stay_unit(edits: MotionEdits) -> bool:
    """Whether no correction of a curve leads beyond 0 and 1."""
    return all(change.minimum >= 0 and change.maximum <= 1 for change in edits.curve_adjustments)


def header_message(
    generation: Generation, layout: FrameLayout, look_ahead_seconds: float, request_id: str, labels: Mapping[str, str]
) -> frames_pb2.MotionHeader:
    """What is known before the first frame; how many there will be is not."""
    info, options = generation.model.info, generation.options
    return frames_pb2.MotionHeader(
        fps=generation.fps,
        skeleton=skeleton_message(generation.skeleton, options.coordinates, generation.outline.humanoid),
        face_rig=generation.face_rig,
        curve_names=generation.curve_names,
        coordinate_system=coordinates_message(options.coordinates),
        channels=layout.channels,
        bytes_per_frame=layout.bytes_per_frame,
        model=info.name,
        model_version=info.version,
        speaker=generation.speaker,
        seed=options.seed,
        look_ahead_seconds=look_ahead_seconds,
        request_id=request_id,
        labels=labels,
        features=FEATURES,
    )


def motion_header_message(
    motion: Motion, layout: FrameLayout, coordinates: CoordinateSystem, request_id: str, labels: Mapping[str, str]
) -> frames_pb2.MotionHeader:
    """Of a motion that is there."""
    face = motion.face
    return frames_pb2.MotionHeader(
        fps=motion.fps,
        skeleton=skeleton_message(motion.skeleton, coordinates),
        face_rig=face.rig if face else "",
        curve_names=face.names if face else (),
        coordinate_system=coordinates_message(coordinates),
        channels=layout.channels,
        bytes_per_frame=layout.bytes_per_frame,
        frame_count=len(motion),
        request_id=request_id,
        labels=labels,
        features=FEATURES,
    )


def block_packing(layout: FrameLayout, coordinates: CoordinateSystem) -> Pack[list[frames_pb2.FrameBlock]]:
    """Packs pieces of motion as blocks in these axes."""

    def pack(motion: Motion, first_frame: int) -> list[frames_pb2.FrameBlock]:
        size, most = layout.bytes_per_frame, layout.frames_per_block
        data, count = layout.packed(motion, coordinates), len(motion)
        return [
            frames_pb2.FrameBlock(
                first_frame=first_frame + start,
                frame_count=min(most, count - start),
                data=data[size * start : size * (start + most)],
            )
            for start in range(0, count, most)
        ]

    return pack


def summary_message(ended: MotionEnded) -> frames_pb2.MotionSummary:
    return frames_pb2.MotionSummary(
        frame_count=ended.frame_count, audio_seconds=ended.audio_seconds, timings=timings_message(ended.timings)
    )


def timings_message(timings: Timings) -> frames_pb2.Timings:
    return frames_pb2.Timings(
        queue_seconds=timings.queue, decode_seconds=timings.decode, compute_seconds=timings.compute
    )
