from pantomatrix.v1 import skeleton_pb2 as _skeleton_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class ChannelKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CHANNEL_KIND_UNSPECIFIED: _ClassVar[ChannelKind]
    CHANNEL_KIND_ROOT_TRANSLATION: _ClassVar[ChannelKind]
    CHANNEL_KIND_JOINT_ROTATIONS: _ClassVar[ChannelKind]
    CHANNEL_KIND_CURVES: _ClassVar[ChannelKind]
    CHANNEL_KIND_JOINT_TRANSLATIONS: _ClassVar[ChannelKind]
    CHANNEL_KIND_CONTACTS: _ClassVar[ChannelKind]
    CHANNEL_KIND_GAZE_TARGET: _ClassVar[ChannelKind]

class ChannelEncoding(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CHANNEL_ENCODING_UNSPECIFIED: _ClassVar[ChannelEncoding]
    CHANNEL_ENCODING_FLOAT32: _ClassVar[ChannelEncoding]
    CHANNEL_ENCODING_FLOAT16: _ClassVar[ChannelEncoding]
    CHANNEL_ENCODING_QUATERNION48: _ClassVar[ChannelEncoding]
    CHANNEL_ENCODING_UNORM8: _ClassVar[ChannelEncoding]

class FrameEncoding(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FRAME_ENCODING_UNSPECIFIED: _ClassVar[FrameEncoding]
    FRAME_ENCODING_FLOAT32: _ClassVar[FrameEncoding]
    FRAME_ENCODING_FLOAT16: _ClassVar[FrameEncoding]
    FRAME_ENCODING_COMPACT: _ClassVar[FrameEncoding]
CHANNEL_KIND_UNSPECIFIED: ChannelKind
CHANNEL_KIND_ROOT_TRANSLATION: ChannelKind
CHANNEL_KIND_JOINT_ROTATIONS: ChannelKind
CHANNEL_KIND_CURVES: ChannelKind
CHANNEL_KIND_JOINT_TRANSLATIONS: ChannelKind
CHANNEL_KIND_CONTACTS: ChannelKind
CHANNEL_KIND_GAZE_TARGET: ChannelKind
CHANNEL_ENCODING_UNSPECIFIED: ChannelEncoding
CHANNEL_ENCODING_FLOAT32: ChannelEncoding
CHANNEL_ENCODING_FLOAT16: ChannelEncoding
CHANNEL_ENCODING_QUATERNION48: ChannelEncoding
CHANNEL_ENCODING_UNORM8: ChannelEncoding
FRAME_ENCODING_UNSPECIFIED: FrameEncoding
FRAME_ENCODING_FLOAT32: FrameEncoding
FRAME_ENCODING_FLOAT16: FrameEncoding
FRAME_ENCODING_COMPACT: FrameEncoding

class Channel(_message.Message):
    __slots__ = ("name", "kind", "width", "offset", "encoding", "joints")
    NAME_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    WIDTH_FIELD_NUMBER: _ClassVar[int]
    OFFSET_FIELD_NUMBER: _ClassVar[int]
    ENCODING_FIELD_NUMBER: _ClassVar[int]
    JOINTS_FIELD_NUMBER: _ClassVar[int]
    name: str
    kind: ChannelKind
    width: int
    offset: int
    encoding: ChannelEncoding
    joints: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, name: _Optional[str] = ..., kind: _Optional[_Union[ChannelKind, str]] = ..., width: _Optional[int] = ..., offset: _Optional[int] = ..., encoding: _Optional[_Union[ChannelEncoding, str]] = ..., joints: _Optional[_Iterable[int]] = ...) -> None: ...

class MotionHeader(_message.Message):
    __slots__ = ("fps", "skeleton", "face_rig", "curve_names", "coordinate_system", "channels", "bytes_per_frame", "frame_count", "model", "model_version", "speaker", "seed", "look_ahead_seconds", "request_id", "notes", "labels", "features", "first_frame")
    class LabelsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    FPS_FIELD_NUMBER: _ClassVar[int]
    SKELETON_FIELD_NUMBER: _ClassVar[int]
    FACE_RIG_FIELD_NUMBER: _ClassVar[int]
    CURVE_NAMES_FIELD_NUMBER: _ClassVar[int]
    COORDINATE_SYSTEM_FIELD_NUMBER: _ClassVar[int]
    CHANNELS_FIELD_NUMBER: _ClassVar[int]
    BYTES_PER_FRAME_FIELD_NUMBER: _ClassVar[int]
    FRAME_COUNT_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    SPEAKER_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    LOOK_AHEAD_SECONDS_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    FEATURES_FIELD_NUMBER: _ClassVar[int]
    FIRST_FRAME_FIELD_NUMBER: _ClassVar[int]
    fps: float
    skeleton: _skeleton_pb2.Skeleton
    face_rig: str
    curve_names: _containers.RepeatedScalarFieldContainer[str]
    coordinate_system: _skeleton_pb2.CoordinateSystem
    channels: _containers.RepeatedCompositeFieldContainer[Channel]
    bytes_per_frame: int
    frame_count: int
    model: str
    model_version: str
    speaker: str
    seed: int
    look_ahead_seconds: float
    request_id: str
    notes: _containers.RepeatedScalarFieldContainer[str]
    labels: _containers.ScalarMap[str, str]
    features: _containers.RepeatedScalarFieldContainer[str]
    first_frame: int
    def __init__(self, fps: _Optional[float] = ..., skeleton: _Optional[_Union[_skeleton_pb2.Skeleton, _Mapping]] = ..., face_rig: _Optional[str] = ..., curve_names: _Optional[_Iterable[str]] = ..., coordinate_system: _Optional[_Union[_skeleton_pb2.CoordinateSystem, _Mapping]] = ..., channels: _Optional[_Iterable[_Union[Channel, _Mapping]]] = ..., bytes_per_frame: _Optional[int] = ..., frame_count: _Optional[int] = ..., model: _Optional[str] = ..., model_version: _Optional[str] = ..., speaker: _Optional[str] = ..., seed: _Optional[int] = ..., look_ahead_seconds: _Optional[float] = ..., request_id: _Optional[str] = ..., notes: _Optional[_Iterable[str]] = ..., labels: _Optional[_Mapping[str, str]] = ..., features: _Optional[_Iterable[str]] = ..., first_frame: _Optional[int] = ...) -> None: ...

class FrameBlock(_message.Message):
    __slots__ = ("first_frame", "frame_count", "data", "idle")
    FIRST_FRAME_FIELD_NUMBER: _ClassVar[int]
    FRAME_COUNT_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    IDLE_FIELD_NUMBER: _ClassVar[int]
    first_frame: int
    frame_count: int
    data: bytes
    idle: bool
    def __init__(self, first_frame: _Optional[int] = ..., frame_count: _Optional[int] = ..., data: _Optional[bytes] = ..., idle: bool = ...) -> None: ...

class Timings(_message.Message):
    __slots__ = ("queue_seconds", "decode_seconds", "compute_seconds")
    QUEUE_SECONDS_FIELD_NUMBER: _ClassVar[int]
    DECODE_SECONDS_FIELD_NUMBER: _ClassVar[int]
    COMPUTE_SECONDS_FIELD_NUMBER: _ClassVar[int]
    queue_seconds: float
    decode_seconds: float
    compute_seconds: float
    def __init__(self, queue_seconds: _Optional[float] = ..., decode_seconds: _Optional[float] = ..., compute_seconds: _Optional[float] = ...) -> None: ...

class MotionSummary(_message.Message):
    __slots__ = ("frame_count", "audio_seconds", "timings")
    FRAME_COUNT_FIELD_NUMBER: _ClassVar[int]
    AUDIO_SECONDS_FIELD_NUMBER: _ClassVar[int]
    TIMINGS_FIELD_NUMBER: _ClassVar[int]
    frame_count: int
    audio_seconds: float
    timings: Timings
    def __init__(self, frame_count: _Optional[int] = ..., audio_seconds: _Optional[float] = ..., timings: _Optional[_Union[Timings, _Mapping]] = ...) -> None: ...
