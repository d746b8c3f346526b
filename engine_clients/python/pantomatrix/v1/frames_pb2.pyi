from google.protobuf import duration_pb2 as _duration_pb2
from pantomatrix.v1 import skeleton_pb2 as _skeleton_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class MotionHeader(_message.Message):
    __slots__ = ("fps", "skeleton", "face_rig", "curve_names", "coordinate_system", "floats_per_frame", "frame_count", "model", "model_version", "speaker", "seed", "look_ahead", "request_id", "notes")
    FPS_FIELD_NUMBER: _ClassVar[int]
    SKELETON_FIELD_NUMBER: _ClassVar[int]
    FACE_RIG_FIELD_NUMBER: _ClassVar[int]
    CURVE_NAMES_FIELD_NUMBER: _ClassVar[int]
    COORDINATE_SYSTEM_FIELD_NUMBER: _ClassVar[int]
    FLOATS_PER_FRAME_FIELD_NUMBER: _ClassVar[int]
    FRAME_COUNT_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    MODEL_VERSION_FIELD_NUMBER: _ClassVar[int]
    SPEAKER_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    LOOK_AHEAD_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    fps: float
    skeleton: _skeleton_pb2.Skeleton
    face_rig: str
    curve_names: _containers.RepeatedScalarFieldContainer[str]
    coordinate_system: _skeleton_pb2.CoordinateSystem
    floats_per_frame: int
    frame_count: int
    model: str
    model_version: str
    speaker: str
    seed: int
    look_ahead: _duration_pb2.Duration
    request_id: str
    notes: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, fps: _Optional[float] = ..., skeleton: _Optional[_Union[_skeleton_pb2.Skeleton, _Mapping]] = ..., face_rig: _Optional[str] = ..., curve_names: _Optional[_Iterable[str]] = ..., coordinate_system: _Optional[_Union[_skeleton_pb2.CoordinateSystem, _Mapping]] = ..., floats_per_frame: _Optional[int] = ..., frame_count: _Optional[int] = ..., model: _Optional[str] = ..., model_version: _Optional[str] = ..., speaker: _Optional[str] = ..., seed: _Optional[int] = ..., look_ahead: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., request_id: _Optional[str] = ..., notes: _Optional[_Iterable[str]] = ...) -> None: ...

class FrameBlock(_message.Message):
    __slots__ = ("first_frame", "frame_count", "data")
    FIRST_FRAME_FIELD_NUMBER: _ClassVar[int]
    FRAME_COUNT_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    first_frame: int
    frame_count: int
    data: bytes
    def __init__(self, first_frame: _Optional[int] = ..., frame_count: _Optional[int] = ..., data: _Optional[bytes] = ...) -> None: ...

class Timings(_message.Message):
    __slots__ = ("queue", "decode", "compute")
    QUEUE_FIELD_NUMBER: _ClassVar[int]
    DECODE_FIELD_NUMBER: _ClassVar[int]
    COMPUTE_FIELD_NUMBER: _ClassVar[int]
    queue: _duration_pb2.Duration
    decode: _duration_pb2.Duration
    compute: _duration_pb2.Duration
    def __init__(self, queue: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., decode: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., compute: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class MotionSummary(_message.Message):
    __slots__ = ("frame_count", "audio_duration", "timings")
    FRAME_COUNT_FIELD_NUMBER: _ClassVar[int]
    AUDIO_DURATION_FIELD_NUMBER: _ClassVar[int]
    TIMINGS_FIELD_NUMBER: _ClassVar[int]
    frame_count: int
    audio_duration: _duration_pb2.Duration
    timings: Timings
    def __init__(self, frame_count: _Optional[int] = ..., audio_duration: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., timings: _Optional[_Union[Timings, _Mapping]] = ...) -> None: ...
