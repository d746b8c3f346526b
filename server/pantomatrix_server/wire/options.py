"""Motion options: options.proto."""

from __future__ import annotations

import math

from pantomatrix.v1 import options_pb2
from pantomatrix_converters.coordinates import CoordinateSystem
from pantomatrix_converters.root import RootMode
from pantomatrix_converters.skeleton import Skeleton
from pantomatrix_models.constraints import PoseConstraint
from pantomatrix_models.errors import OptionError
from pantomatrix_models.model import BodyPart, Emotion, EmotionStrengths, Gestures
from pantomatrix_models.options import CurveAdjustment, MotionOptions

from .skeleton import coordinates_from_message, joint_map_from_message, skeleton_from_message

BODY_PARTS = {
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
        part_strengths=strengths_from_messages(message.part_strengths, "options"),
        curve_adjustments=tuple(adjustment_from_message(adjustment) for adjustment in message.curve_adjustments),
        constraints=tuple(
            _constraint(constraint, coordinates, f"options.constraints[{index}]")
            for index, constraint in enumerate(message.constraints)
        ),
        reference_timing=_reference_timing(message.timing),
        gestures=_gestures(message.gestures),
        emotions=emotions_from_messages(message.emotions),
    )


def emotions_from_messages(messages) -> EmotionStrengths:
    for index, message in enumerate(messages):
        if message.emotion not in _EMOTIONS:
            raise OptionError(
                f"emotion {message.emotion} is not known, expected 1 to {max(_EMOTIONS)}",
                f"options.emotions[{index}].emotion",
            )
    return tuple((_EMOTIONS[message.emotion], message.strength) for message in messages)


def _gestures(message: options_pb2.Gestures) -> Gestures:
    return Gestures(**{field.name: value for field, value in message.ListFields()})


def strengths_from_messages(messages, field: str) -> tuple[tuple[BodyPart, float], ...]:
    return tuple(
        (_part(strength.part, f"{field}.part_strengths[{index}].part"), strength.gain)
        for index, strength in enumerate(messages)
    )


def _part(part: int, field: str) -> BodyPart:
    if part not in BODY_PARTS:
        raise OptionError(f"body part {part} is not known, expected 1 to {max(BODY_PARTS)}", field)
    return BODY_PARTS[part]  # type: ignore[index]


def root_mode_from_message(mode: int, field: str) -> RootMode:
    """Raises OptionError."""
    if mode not in _ROOT_MODES:
        raise OptionError(f"root mode {mode} is not known, expected 0 to {max(_ROOT_MODES)}", field)
    return _ROOT_MODES[mode]  # type: ignore[index]


def _reference_timing(timing: int) -> bool:
    if timing not in options_pb2.Timing.values():
        raise OptionError(f"timing {timing} is not known, expected 0 to 2", "options.timing")
    return timing == options_pb2.TIMING_REFERENCE


def adjustment_from_message(message: options_pb2.CurveAdjustment) -> CurveAdjustment:
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
