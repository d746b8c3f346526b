from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Axis(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    AXIS_UNSPECIFIED: _ClassVar[Axis]
    AXIS_POSITIVE_X: _ClassVar[Axis]
    AXIS_NEGATIVE_X: _ClassVar[Axis]
    AXIS_POSITIVE_Y: _ClassVar[Axis]
    AXIS_NEGATIVE_Y: _ClassVar[Axis]
    AXIS_POSITIVE_Z: _ClassVar[Axis]
    AXIS_NEGATIVE_Z: _ClassVar[Axis]
AXIS_UNSPECIFIED: Axis
AXIS_POSITIVE_X: Axis
AXIS_NEGATIVE_X: Axis
AXIS_POSITIVE_Y: Axis
AXIS_NEGATIVE_Y: Axis
AXIS_POSITIVE_Z: Axis
AXIS_NEGATIVE_Z: Axis

class CoordinateSystem(_message.Message):
    __slots__ = ("name", "left", "up", "forward", "units_per_metre")
    NAME_FIELD_NUMBER: _ClassVar[int]
    LEFT_FIELD_NUMBER: _ClassVar[int]
    UP_FIELD_NUMBER: _ClassVar[int]
    FORWARD_FIELD_NUMBER: _ClassVar[int]
    UNITS_PER_METRE_FIELD_NUMBER: _ClassVar[int]
    name: str
    left: Axis
    up: Axis
    forward: Axis
    units_per_metre: float
    def __init__(self, name: _Optional[str] = ..., left: _Optional[_Union[Axis, str]] = ..., up: _Optional[_Union[Axis, str]] = ..., forward: _Optional[_Union[Axis, str]] = ..., units_per_metre: _Optional[float] = ...) -> None: ...

class Vector3(_message.Message):
    __slots__ = ("x", "y", "z")
    X_FIELD_NUMBER: _ClassVar[int]
    Y_FIELD_NUMBER: _ClassVar[int]
    Z_FIELD_NUMBER: _ClassVar[int]
    x: float
    y: float
    z: float
    def __init__(self, x: _Optional[float] = ..., y: _Optional[float] = ..., z: _Optional[float] = ...) -> None: ...

class Quaternion(_message.Message):
    __slots__ = ("x", "y", "z", "w")
    X_FIELD_NUMBER: _ClassVar[int]
    Y_FIELD_NUMBER: _ClassVar[int]
    Z_FIELD_NUMBER: _ClassVar[int]
    W_FIELD_NUMBER: _ClassVar[int]
    x: float
    y: float
    z: float
    w: float
    def __init__(self, x: _Optional[float] = ..., y: _Optional[float] = ..., z: _Optional[float] = ..., w: _Optional[float] = ...) -> None: ...

class Joint(_message.Message):
    __slots__ = ("name", "parent", "rest_translation", "rest_rotation", "role")
    NAME_FIELD_NUMBER: _ClassVar[int]
    PARENT_FIELD_NUMBER: _ClassVar[int]
    REST_TRANSLATION_FIELD_NUMBER: _ClassVar[int]
    REST_ROTATION_FIELD_NUMBER: _ClassVar[int]
    ROLE_FIELD_NUMBER: _ClassVar[int]
    name: str
    parent: int
    rest_translation: Vector3
    rest_rotation: Quaternion
    role: str
    def __init__(self, name: _Optional[str] = ..., parent: _Optional[int] = ..., rest_translation: _Optional[_Union[Vector3, _Mapping]] = ..., rest_rotation: _Optional[_Union[Quaternion, _Mapping]] = ..., role: _Optional[str] = ...) -> None: ...

class Skeleton(_message.Message):
    __slots__ = ("name", "joints")
    NAME_FIELD_NUMBER: _ClassVar[int]
    JOINTS_FIELD_NUMBER: _ClassVar[int]
    name: str
    joints: _containers.RepeatedCompositeFieldContainer[Joint]
    def __init__(self, name: _Optional[str] = ..., joints: _Optional[_Iterable[_Union[Joint, _Mapping]]] = ...) -> None: ...
