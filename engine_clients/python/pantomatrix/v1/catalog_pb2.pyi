from pantomatrix.v1 import options_pb2 as _options_pb2
from pantomatrix.v1 import skeleton_pb2 as _skeleton_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetCatalogRequest(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class SpeakerInfo(_message.Message):
    __slots__ = ("id", "display_name")
    ID_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_NAME_FIELD_NUMBER: _ClassVar[int]
    id: str
    display_name: str
    def __init__(self, id: _Optional[str] = ..., display_name: _Optional[str] = ...) -> None: ...

class ModelInfo(_message.Message):
    __slots__ = ("name", "description", "version", "parts", "speakers", "skeleton", "face_rig", "default_fps", "sample_rate_hz", "look_ahead_seconds", "streaming", "constraints", "weights_license", "live_look_ahead_seconds", "gestures", "emotions", "timed_text", "expressions")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    VERSION_FIELD_NUMBER: _ClassVar[int]
    PARTS_FIELD_NUMBER: _ClassVar[int]
    SPEAKERS_FIELD_NUMBER: _ClassVar[int]
    SKELETON_FIELD_NUMBER: _ClassVar[int]
    FACE_RIG_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_FPS_FIELD_NUMBER: _ClassVar[int]
    SAMPLE_RATE_HZ_FIELD_NUMBER: _ClassVar[int]
    LOOK_AHEAD_SECONDS_FIELD_NUMBER: _ClassVar[int]
    STREAMING_FIELD_NUMBER: _ClassVar[int]
    CONSTRAINTS_FIELD_NUMBER: _ClassVar[int]
    WEIGHTS_LICENSE_FIELD_NUMBER: _ClassVar[int]
    LIVE_LOOK_AHEAD_SECONDS_FIELD_NUMBER: _ClassVar[int]
    GESTURES_FIELD_NUMBER: _ClassVar[int]
    EMOTIONS_FIELD_NUMBER: _ClassVar[int]
    TIMED_TEXT_FIELD_NUMBER: _ClassVar[int]
    EXPRESSIONS_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    version: str
    parts: _containers.RepeatedScalarFieldContainer[_options_pb2.BodyPart]
    speakers: _containers.RepeatedCompositeFieldContainer[SpeakerInfo]
    skeleton: str
    face_rig: str
    default_fps: float
    sample_rate_hz: int
    look_ahead_seconds: float
    streaming: bool
    constraints: bool
    weights_license: str
    live_look_ahead_seconds: float
    gestures: bool
    emotions: _containers.RepeatedScalarFieldContainer[str]
    timed_text: bool
    expressions: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ..., version: _Optional[str] = ..., parts: _Optional[_Iterable[_Union[_options_pb2.BodyPart, str]]] = ..., speakers: _Optional[_Iterable[_Union[SpeakerInfo, _Mapping]]] = ..., skeleton: _Optional[str] = ..., face_rig: _Optional[str] = ..., default_fps: _Optional[float] = ..., sample_rate_hz: _Optional[int] = ..., look_ahead_seconds: _Optional[float] = ..., streaming: bool = ..., constraints: bool = ..., weights_license: _Optional[str] = ..., live_look_ahead_seconds: _Optional[float] = ..., gestures: bool = ..., emotions: _Optional[_Iterable[str]] = ..., timed_text: bool = ..., expressions: _Optional[_Iterable[str]] = ...) -> None: ...

class FaceRigInfo(_message.Message):
    __slots__ = ("name", "description", "curve_names")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    CURVE_NAMES_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    curve_names: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ..., curve_names: _Optional[_Iterable[str]] = ...) -> None: ...

class FormatInfo(_message.Message):
    __slots__ = ("name", "description", "extensions", "readable", "writable", "body", "face", "any_coordinates")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    EXTENSIONS_FIELD_NUMBER: _ClassVar[int]
    READABLE_FIELD_NUMBER: _ClassVar[int]
    WRITABLE_FIELD_NUMBER: _ClassVar[int]
    BODY_FIELD_NUMBER: _ClassVar[int]
    FACE_FIELD_NUMBER: _ClassVar[int]
    ANY_COORDINATES_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    extensions: _containers.RepeatedScalarFieldContainer[str]
    readable: bool
    writable: bool
    body: bool
    face: bool
    any_coordinates: bool
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ..., extensions: _Optional[_Iterable[str]] = ..., readable: bool = ..., writable: bool = ..., body: bool = ..., face: bool = ..., any_coordinates: bool = ...) -> None: ...

class EmotionInfo(_message.Message):
    __slots__ = ("name", "description")
    NAME_FIELD_NUMBER: _ClassVar[int]
    DESCRIPTION_FIELD_NUMBER: _ClassVar[int]
    name: str
    description: str
    def __init__(self, name: _Optional[str] = ..., description: _Optional[str] = ...) -> None: ...

class Limits(_message.Message):
    __slots__ = ("max_message_bytes", "max_clip_seconds", "max_concurrent_clips", "max_queued_clips", "max_joints", "max_frames", "max_streams", "max_chunk_seconds", "max_waiting_seconds", "max_block_bytes", "silent_caller_seconds", "reader_timeout_seconds", "drain_seconds")
    MAX_MESSAGE_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_CLIP_SECONDS_FIELD_NUMBER: _ClassVar[int]
    MAX_CONCURRENT_CLIPS_FIELD_NUMBER: _ClassVar[int]
    MAX_QUEUED_CLIPS_FIELD_NUMBER: _ClassVar[int]
    MAX_JOINTS_FIELD_NUMBER: _ClassVar[int]
    MAX_FRAMES_FIELD_NUMBER: _ClassVar[int]
    MAX_STREAMS_FIELD_NUMBER: _ClassVar[int]
    MAX_CHUNK_SECONDS_FIELD_NUMBER: _ClassVar[int]
    MAX_WAITING_SECONDS_FIELD_NUMBER: _ClassVar[int]
    MAX_BLOCK_BYTES_FIELD_NUMBER: _ClassVar[int]
    SILENT_CALLER_SECONDS_FIELD_NUMBER: _ClassVar[int]
    READER_TIMEOUT_SECONDS_FIELD_NUMBER: _ClassVar[int]
    DRAIN_SECONDS_FIELD_NUMBER: _ClassVar[int]
    max_message_bytes: int
    max_clip_seconds: float
    max_concurrent_clips: int
    max_queued_clips: int
    max_joints: int
    max_frames: int
    max_streams: int
    max_chunk_seconds: float
    max_waiting_seconds: float
    max_block_bytes: int
    silent_caller_seconds: float
    reader_timeout_seconds: float
    drain_seconds: float
    def __init__(self, max_message_bytes: _Optional[int] = ..., max_clip_seconds: _Optional[float] = ..., max_concurrent_clips: _Optional[int] = ..., max_queued_clips: _Optional[int] = ..., max_joints: _Optional[int] = ..., max_frames: _Optional[int] = ..., max_streams: _Optional[int] = ..., max_chunk_seconds: _Optional[float] = ..., max_waiting_seconds: _Optional[float] = ..., max_block_bytes: _Optional[int] = ..., silent_caller_seconds: _Optional[float] = ..., reader_timeout_seconds: _Optional[float] = ..., drain_seconds: _Optional[float] = ...) -> None: ...

class GetCatalogResponse(_message.Message):
    __slots__ = ("server_version", "models", "skeletons", "face_rigs", "formats", "coordinate_systems", "limits", "emotions", "features")
    SERVER_VERSION_FIELD_NUMBER: _ClassVar[int]
    MODELS_FIELD_NUMBER: _ClassVar[int]
    SKELETONS_FIELD_NUMBER: _ClassVar[int]
    FACE_RIGS_FIELD_NUMBER: _ClassVar[int]
    FORMATS_FIELD_NUMBER: _ClassVar[int]
    COORDINATE_SYSTEMS_FIELD_NUMBER: _ClassVar[int]
    LIMITS_FIELD_NUMBER: _ClassVar[int]
    EMOTIONS_FIELD_NUMBER: _ClassVar[int]
    FEATURES_FIELD_NUMBER: _ClassVar[int]
    server_version: str
    models: _containers.RepeatedCompositeFieldContainer[ModelInfo]
    skeletons: _containers.RepeatedCompositeFieldContainer[_skeleton_pb2.Skeleton]
    face_rigs: _containers.RepeatedCompositeFieldContainer[FaceRigInfo]
    formats: _containers.RepeatedCompositeFieldContainer[FormatInfo]
    coordinate_systems: _containers.RepeatedCompositeFieldContainer[_skeleton_pb2.CoordinateSystem]
    limits: Limits
    emotions: _containers.RepeatedCompositeFieldContainer[EmotionInfo]
    features: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, server_version: _Optional[str] = ..., models: _Optional[_Iterable[_Union[ModelInfo, _Mapping]]] = ..., skeletons: _Optional[_Iterable[_Union[_skeleton_pb2.Skeleton, _Mapping]]] = ..., face_rigs: _Optional[_Iterable[_Union[FaceRigInfo, _Mapping]]] = ..., formats: _Optional[_Iterable[_Union[FormatInfo, _Mapping]]] = ..., coordinate_systems: _Optional[_Iterable[_Union[_skeleton_pb2.CoordinateSystem, _Mapping]]] = ..., limits: _Optional[_Union[Limits, _Mapping]] = ..., emotions: _Optional[_Iterable[_Union[EmotionInfo, _Mapping]]] = ..., features: _Optional[_Iterable[str]] = ...) -> None: ...
