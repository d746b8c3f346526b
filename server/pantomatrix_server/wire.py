"""Between protobuf messages and our own dataclasses. Below this file nothing knows protobuf."""

from __future__ import annotations

import math
from dataclasses import replace

from google.protobuf import duration_pb2

from pantomatrix.v1 import audio_pb2, catalog_pb2, frames_pb2, motion_pb2, options_pb2, skeleton_pb2
from pantomatrix_converters import rotations
from pantomatrix_converters.coordinates import CANONICAL, CoordinateSystem, coordinate_system
from pantomatrix_converters.errors import InvalidInputError
from pantomatrix_converters.face_rigs import FaceRig
from pantomatrix_converters.formats import MotionFormat
from pantomatrix_converters.humanoid import HumanoidMap
from pantomatrix_converters.motion import Motion
from pantomatrix_converters.root import RootMode
from pantomatrix_converters.skeleton import Skeleton
from pantomatrix_models.audio.pcm import PcmFormat
from pantomatrix_models.constraints import PoseConstraint
from pantomatrix_models.errors import AudioError, OptionError
from pantomatrix_models.generation import Generation
from pantomatrix_models.model import BodyPart, Emotion, EmotionStrengths, Gestures, ModelInfo
from pantomatrix_models.options import CurveAdjustment, MotionOptions

from .frames import pack_frames
from .settings import Settings

_PARTS = {
    options_pb2.BODY_PART_FACE: BodyPart.FACE,
    options_pb2.BODY_PART_UPPER_BODY: BodyPart.UPPER_BODY,
    options_pb2.BODY_PART_HANDS: BodyPart.HANDS,
    options_pb2.BODY_PART_LOWER_BODY: BodyPart.LOWER_BODY,
    options_pb2.BODY_PART_TRANSLATION: BodyPart.TRANSLATION,
}
_ROOT_MODES = {
    options_pb2.ROOT_MODE_UNSPECIFIED: RootMode.FREE,
    options_pb2.ROOT_MODE_FREE: RootMode.FREE,
    options_pb2.ROOT_MODE_IN_PLACE: RootMode.IN_PLACE,
    options_pb2.ROOT_MODE_LOCKED: RootMode.LOCKED,
}
_EMOTIONS = dict(enumerate(Emotion, start=1))
_AXES = {
    skeleton_pb2.AXIS_POSITIVE_X: "+x",
    skeleton_pb2.AXIS_NEGATIVE_X: "-x",
    skeleton_pb2.AXIS_POSITIVE_Y: "+y",
    skeleton_pb2.AXIS_NEGATIVE_Y: "-y",
    skeleton_pb2.AXIS_POSITIVE_Z: "+z",
    skeleton_pb2.AXIS_NEGATIVE_Z: "-z",
}
_AXIS_MESSAGES = {axis: message for message, axis in _AXES.items()}
_ENCODINGS = {audio_pb2.PCM_ENCODING_S16LE: "s16le", audio_pb2.PCM_ENCODING_F32LE: "f32le"}


# ------------------------------------------------------------------------------------------------ from the caller


def options_from_message(message: options_pb2.MotionOptions) -> MotionOptions:
    """Raises InvalidInputError with the field, UnknownNameError."""
    coordinates = coordinates_from_message(message, "options")
    skeleton: str | Skeleton = message.skeleton
    joint_map = None
    if message.HasField("custom_skeleton"):
        field = "options.custom_skeleton"
        skeleton = skeleton_from_message(message.custom_skeleton, coordinates, field)
        joint_map = joint_map_from_message(message.custom_skeleton, skeleton, field)
    return MotionOptions(
        model=message.model,
        speaker=message.speaker,
        seed=message.seed,
        fps=message.fps,
        skeleton=skeleton,
        joint_map=joint_map,
        face_rig=message.face_rig,
        coordinates=coordinates,
        parts=tuple(_part(part, f"options.parts[{index}]") for index, part in enumerate(message.parts)),
        root_mode=root_mode_from_message(message.root_mode, "options.root_mode"),
        foot_lock=message.foot_lock,
        part_strengths=_strengths(message.part_strengths, "options"),
        curve_adjustments=tuple(_adjustment(adjustment) for adjustment in message.curve_adjustments),
        constraints=tuple(
            _constraint(constraint, coordinates, f"options.constraints[{index}]")
            for index, constraint in enumerate(message.constraints)
        ),
        reference_timing=_reference_timing(message.timing),
        gestures=_gestures(message.gestures),
        emotions=_emotions(message.emotions),
    )


def _emotions(messages) -> EmotionStrengths:
    for index, message in enumerate(messages):
        if message.emotion not in _EMOTIONS:
            raise OptionError(
                f"emotion {message.emotion} is not known, expected 1 to {max(_EMOTIONS)}",
                f"options.emotions[{index}].emotion",
            )
    return tuple((_EMOTIONS[message.emotion], message.strength) for message in messages)


def _gestures(message: options_pb2.Gestures) -> Gestures:
    return Gestures(**{field.name: value for field, value in message.ListFields()})


def _strengths(messages, field: str) -> tuple[tuple[BodyPart, float], ...]:
    return tuple(
        (_part(strength.part, f"{field}.part_strengths[{index}].part"), strength.gain)
        for index, strength in enumerate(messages)
    )


def _part(part: int, field: str) -> BodyPart:
    if part not in _PARTS:
        raise OptionError(f"body part {part} is not known, expected 1 to {max(_PARTS)}", field)
    return _PARTS[part]  # type: ignore[index]


def root_mode_from_message(mode: int, field: str) -> RootMode:
    """Raises OptionError."""
    if mode not in _ROOT_MODES:
        raise OptionError(f"root mode {mode} is not known, expected 0 to {max(_ROOT_MODES)}", field)
    return _ROOT_MODES[mode]  # type: ignore[index]


def _reference_timing(timing: int) -> bool:
    if timing not in options_pb2.Timing.values():
        raise OptionError(f"timing {timing} is not known, expected 0 to 2", "options.timing")
    return timing == options_pb2.TIMING_REFERENCE


def _adjustment(message: options_pb2.CurveAdjustment) -> CurveAdjustment:
    given = {
        name: getattr(message, name) for name in ("gain", "offset", "minimum", "maximum") if message.HasField(name)
    }
    return CurveAdjustment(message.curve, **given)


def _constraint(message: options_pb2.PoseConstraint, coordinates: CoordinateSystem, field: str) -> PoseConstraint:
    turns = {}
    for entry in message.rotations:
        q = entry.rotation
        length = math.sqrt(q.x * q.x + q.y * q.y + q.z * q.z + q.w * q.w)
        if not abs(length - 1.0) < 1e-3:
            raise OptionError(f"the rotation of {entry.joint!r} is not a unit quaternion", f"{field}.rotations")
        if entry.joint in turns:
            raise OptionError(f"joint {entry.joint!r} occurs twice", f"{field}.rotations")
        turns[entry.joint] = coordinates.rotations_to_canonical((q.x, q.y, q.z, q.w))
    place = None
    if message.HasField("root_translation"):
        p = message.root_translation
        place = coordinates.positions_to_canonical((p.x, p.y, p.z))
    return PoseConstraint(message.time_seconds, turns, place)


def coordinates_from_message(message, field: str) -> CoordinateSystem:
    """The oneof target_coordinates of MotionOptions or FrameOutput. Raises InvalidInputError, UnknownNameError."""
    if message.HasField("custom_coordinate_system"):
        custom = message.custom_coordinate_system
        field = f"{field}.custom_coordinate_system"
        axes = {}
        for direction in ("left", "up", "forward"):
            axis = getattr(custom, direction)
            if axis not in _AXES:
                raise OptionError(f"axis {direction} is not given", f"{field}.{direction}")
            axes[direction] = _AXES[axis]
        return _with_field(lambda: CoordinateSystem(custom.name, units_per_metre=custom.units_per_metre, **axes), field)
    return coordinate_system(message.coordinate_system) if message.coordinate_system else CANONICAL


def skeleton_from_message(message: skeleton_pb2.Skeleton, coordinates: CoordinateSystem, field: str) -> Skeleton:
    """A caller's skeleton in canonical axes. Raises MotionError with the field, LimitError."""
    joints = message.joints
    if not joints:
        raise OptionError("a skeleton without joints", f"{field}.joints")
    offsets = [(j.rest_translation.x, j.rest_translation.y, j.rest_translation.z) for j in joints]
    turns = [
        (q.x, q.y, q.z, q.w) if (q := j.rest_rotation) != skeleton_pb2.Quaternion() else (0.0, 0.0, 0.0, 1.0)
        for j in joints
    ]

    def build() -> Skeleton:
        given = Skeleton.build(message.name, [j.name for j in joints], [j.parent for j in joints], offsets, turns)
        return Skeleton.build(
            given.name,
            given.joint_names,
            given.parents,
            coordinates.positions_to_canonical(given.rest_translations),
            rotations.normalize(coordinates.rotations_to_canonical(given.rest_rotations_xyzw)),
        )

    return _with_field(build, field)


def joint_map_from_message(message: skeleton_pb2.Skeleton, skeleton: Skeleton, field: str) -> HumanoidMap | None:
    """The joints' roles if the caller gives any. Raises UnknownNameError, MotionError with the field."""
    pairs = [(joint.role, joint.name) for joint in message.joints if joint.role]
    return _with_field(lambda: HumanoidMap.of_pairs(pairs, skeleton), f"{field}.joints") if pairs else None


def _with_field(build, field: str):
    try:
        return build()
    except InvalidInputError as error:
        error.field = error.field or field
        raise


def pcm_format_from_message(message: audio_pb2.PcmFormat, field: str) -> PcmFormat:
    """Raises AudioError with the field."""
    try:
        return PcmFormat(_ENCODINGS.get(message.encoding, ""), message.sample_rate_hz, message.channels or 1)
    except AudioError as error:
        error.field = f"{field}.{error.field}"
        raise


# -------------------------------------------------------------------------------------------------- to the caller


def duration(seconds: float) -> duration_pb2.Duration:
    """Seconds as a Duration, to the nanosecond."""
    result = duration_pb2.Duration()
    result.FromNanoseconds(round(seconds * 1e9))
    return result


def coordinates_message(system: CoordinateSystem) -> skeleton_pb2.CoordinateSystem:
    return skeleton_pb2.CoordinateSystem(
        name=system.name,
        left=_AXIS_MESSAGES[system.left],
        up=_AXIS_MESSAGES[system.up],
        forward=_AXIS_MESSAGES[system.forward],
        units_per_metre=system.units_per_metre,
    )


def skeleton_message(
    skeleton: Skeleton, coordinates: CoordinateSystem, roles: HumanoidMap | None = None
) -> skeleton_pb2.Skeleton:
    offsets = coordinates.positions_from_canonical(skeleton.rest_translations).tolist()
    turns = coordinates.rotations_from_canonical(skeleton.rest_rotations_xyzw).tolist()
    return skeleton_pb2.Skeleton(
        name=skeleton.name,
        joints=[
            skeleton_pb2.Joint(
                name=name,
                parent=int(parent),
                rest_translation=skeleton_pb2.Vector3(x=offset[0], y=offset[1], z=offset[2]),
                rest_rotation=skeleton_pb2.Quaternion(x=turn[0], y=turn[1], z=turn[2], w=turn[3]),
                role=roles.role_of(name) if roles else "",
            )
            for name, parent, offset, turn in zip(skeleton.joint_names, skeleton.parents, offsets, turns, strict=True)
        ],
    )


def header_message(generation: Generation, look_ahead_seconds: float, request_id: str) -> frames_pb2.MotionHeader:
    """What is known before the first frame; how many there will be is not."""
    info, options = generation.model.info, generation.options
    return frames_pb2.MotionHeader(
        fps=generation.fps,
        skeleton=skeleton_message(generation.skeleton, options.coordinates, generation.retargeting.target_map),
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


def changed_options(options: MotionOptions, message: motion_pb2.StreamOptions) -> MotionOptions:
    """A stream's options from the next utterance on. Raises OptionError with the field."""
    return replace(
        options,
        speaker=message.speaker or options.speaker,
        part_strengths=_strengths(message.part_strengths, "options"),
        curve_adjustments=tuple(_adjustment(adjustment) for adjustment in message.curve_adjustments),
        emotions=_emotions(message.emotions),
    )


def floats_per_frame(joints: int, curves: int) -> int:
    """See MotionHeader.floats_per_frame."""
    return (3 + 4 * joints if joints else 0) + curves


def frame_block(motion: Motion, first_frame: int, coordinates: CoordinateSystem) -> frames_pb2.FrameBlock:
    return frames_pb2.FrameBlock(
        first_frame=first_frame, frame_count=len(motion), data=pack_frames(motion, coordinates).tobytes()
    )


def timings_message(*, queue: float, decode: float, compute: float) -> frames_pb2.Timings:
    """Seconds of each."""
    return frames_pb2.Timings(queue=duration(queue), decode=duration(decode), compute=duration(compute))


def model_message(info: ModelInfo) -> catalog_pb2.ModelInfo:
    messages = {part: message for message, part in _PARTS.items()}
    return catalog_pb2.ModelInfo(
        name=info.name,
        description=info.description,
        version=info.version,
        parts=sorted(messages[part] for part in info.parts),
        speakers=[catalog_pb2.SpeakerInfo(id=s.id, display_name=s.display_name) for s in info.speakers],
        skeleton=info.skeleton,
        face_rig=info.face_rig,
        default_fps=info.default_fps,
        sample_rate_hz=info.sample_rate_hz,
        look_ahead=duration(info.look_ahead_seconds),
        streaming=info.streaming,
        live_look_ahead=duration(info.live_look_ahead_seconds or info.look_ahead_seconds),
        constraints=True,
        weights_license=info.weights_license,
        gestures=info.gestures,
        emotions=info.emotions,
    )


def face_rig_message(rig: FaceRig) -> catalog_pb2.FaceRigInfo:
    return catalog_pb2.FaceRigInfo(name=rig.name, description=rig.description, curve_names=rig.curve_names)


def format_message(entry: MotionFormat) -> catalog_pb2.FormatInfo:
    return catalog_pb2.FormatInfo(
        name=entry.name,
        description=entry.description,
        extensions=entry.extensions,
        readable=entry.read is not None,
        writable=entry.write is not None,
        body=entry.body,
        face=entry.face,
        any_coordinates=entry.any_coordinates,
    )


def limits_message(settings: Settings, max_joints: int) -> catalog_pb2.Limits:
    return catalog_pb2.Limits(
        max_message_bytes=settings.max_message_bytes,
        max_clip_duration=duration(settings.max_clip_seconds),
        max_concurrent_clips=settings.max_concurrent_clips,
        max_queued_clips=settings.max_queued_clips,
        max_joints=max_joints,
        max_frames=settings.max_convert_frames,
    )
