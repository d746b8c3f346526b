"""Coordinate systems and skeletons: skeleton.proto."""

from __future__ import annotations

from pantomatrix.v1 import options_pb2, skeleton_pb2
from pantomatrix_converters import rotations
from pantomatrix_converters.coordinates import CANONICAL, CoordinateSystem, coordinate_system
from pantomatrix_converters.errors import in_field
from pantomatrix_converters.retargeting.humanoid import HumanoidMap
from pantomatrix_converters.skeleton import Skeleton
from pantomatrix_models.errors import OptionError

_AXES = {
    skeleton_pb2.AXIS_POSITIVE_X: "+x",
    skeleton_pb2.AXIS_NEGATIVE_X: "-x",
    skeleton_pb2.AXIS_POSITIVE_Y: "+y",
    skeleton_pb2.AXIS_NEGATIVE_Y: "-y",
    skeleton_pb2.AXIS_POSITIVE_Z: "+z",
    skeleton_pb2.AXIS_NEGATIVE_Z: "-z",
}
_AXIS_MESSAGES = {axis: message for message, axis in _AXES.items()}


def coordinates_from_message(message: options_pb2.MotionOptions, field: str) -> CoordinateSystem:
    """The oneof target_coordinates of MotionOptions. Raises InvalidInputError, UnknownNameError."""
    if message.HasField("custom_coordinate_system"):
        custom = message.custom_coordinate_system
        field = f"{field}.custom_coordinate_system"
        axes = {}
        for direction in ("left", "up", "forward"):
            axis = getattr(custom, direction)
            if axis not in _AXES:
                given = f"{axis}, which is not known" if axis else "not given"
                raise OptionError(f"axis {direction} is {given}", f"{field}.{direction}")
            axes[direction] = _AXES[axis]
        with in_field(field):
            return CoordinateSystem(custom.name, units_per_metre=custom.units_per_metre, **axes)
    with in_field(f"{field}.coordinate_system"):
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
    parents = [j.parent if j.HasField("parent") else -1 for j in joints]
    with in_field(field):
        given = Skeleton.build(message.name, [j.name for j in joints], parents, offsets, turns)
        return Skeleton.build(
            given.name,
            given.joint_names,
            given.parents,
            coordinates.positions_to_canonical(given.rest_translations),
            rotations.normalize(coordinates.rotations_to_canonical(given.rest_rotations_xyzw)),
        )


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
