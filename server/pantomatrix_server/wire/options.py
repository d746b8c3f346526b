"""Motion options: options.proto."""

from __future__ import annotations

import math
from typing import Any

from pantomatrix.v1 import options_pb2
from pantomatrix_converters.coordinates import CoordinateSystem
from pantomatrix_converters.editing.option_kinds import options_of, read_options
from pantomatrix_converters.editing.options import MotionEdits
from pantomatrix_models.constraints import PoseConstraint
from pantomatrix_models.errors import OptionError
from pantomatrix_models.options import MotionOptions

from .plain_messages import plain_values
from .skeleton import coordinates_from_message, skeleton_from_message


def options_from_message(message: options_pb2.MotionOptions) -> MotionOptions:
    """Raises InvalidInputError with the field, UnknownNameError."""
    return read_options(MotionOptions, _plain_options(message))


def edits_from_message(message: options_pb2.MotionOptions) -> MotionEdits:
    """Options of a motion that is there. Raises InvalidInputError with the field, UnknownNameError."""
    values = _plain_options(message)
    for name in values:
        if name not in options_of(MotionEdits):
            raise OptionError(f"{name} says how motion is made from speech; leave it out", f"options.{name}")
    return read_options(MotionEdits, values)


def _plain_options(message: options_pb2.MotionOptions) -> dict[str, Any]:
    """What is given, with skeletons and poses in canonical axes."""
    values = plain_values(message, "options")
    coordinates = coordinates_from_message(message, "options")
    if message.HasField("custom_coordinate_system"):
        values["coordinate_system"] = coordinates
        del values["custom_coordinate_system"]
    if message.HasField("custom_skeleton"):
        field = "options.custom_skeleton"
        values["skeleton"] = skeleton_from_message(message.custom_skeleton, coordinates, field)
        values["joint_map"] = [(joint.role, joint.name) for joint in message.custom_skeleton.joints if joint.role]
        del values["custom_skeleton"]
    if message.constraints:
        values["constraints"] = [
            _constraint(constraint, coordinates, f"options.constraints[{index}]")
            for index, constraint in enumerate(message.constraints)
        ]
    if message.emotion_keys:
        first = [[0.0, values["emotions"]]] if message.emotions else []
        values["emotions"] = [*first, *values.pop("emotion_keys")]
    return values


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
