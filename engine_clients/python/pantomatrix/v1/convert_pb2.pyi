from pantomatrix.v1 import frames_pb2 as _frames_pb2
from pantomatrix.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class FrameOutput(_message.Message):
    __slots__ = ("encoding",)
    ENCODING_FIELD_NUMBER: _ClassVar[int]
    encoding: _frames_pb2.FrameEncoding
    def __init__(self, encoding: _Optional[_Union[_frames_pb2.FrameEncoding, str]] = ...) -> None: ...

class FileOutput(_message.Message):
    __slots__ = ("format",)
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    format: str
    def __init__(self, format: _Optional[str] = ...) -> None: ...

class ConvertRequest(_message.Message):
    __slots__ = ("data", "source_format", "file", "frames", "options", "labels")
    class LabelsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    DATA_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FORMAT_FIELD_NUMBER: _ClassVar[int]
    FILE_FIELD_NUMBER: _ClassVar[int]
    FRAMES_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    data: bytes
    source_format: str
    file: FileOutput
    frames: FrameOutput
    options: _options_pb2.MotionOptions
    labels: _containers.ScalarMap[str, str]
    def __init__(self, data: _Optional[bytes] = ..., source_format: _Optional[str] = ..., file: _Optional[_Union[FileOutput, _Mapping]] = ..., frames: _Optional[_Union[FrameOutput, _Mapping]] = ..., options: _Optional[_Union[_options_pb2.MotionOptions, _Mapping]] = ..., labels: _Optional[_Mapping[str, str]] = ...) -> None: ...

class ConvertHeader(_message.Message):
    __slots__ = ("source_format", "frame_count", "fps", "extension", "notes", "request_id", "labels")
    class LabelsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    SOURCE_FORMAT_FIELD_NUMBER: _ClassVar[int]
    FRAME_COUNT_FIELD_NUMBER: _ClassVar[int]
    FPS_FIELD_NUMBER: _ClassVar[int]
    EXTENSION_FIELD_NUMBER: _ClassVar[int]
    NOTES_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    source_format: str
    frame_count: int
    fps: float
    extension: str
    notes: _containers.RepeatedScalarFieldContainer[str]
    request_id: str
    labels: _containers.ScalarMap[str, str]
    def __init__(self, source_format: _Optional[str] = ..., frame_count: _Optional[int] = ..., fps: _Optional[float] = ..., extension: _Optional[str] = ..., notes: _Optional[_Iterable[str]] = ..., request_id: _Optional[str] = ..., labels: _Optional[_Mapping[str, str]] = ...) -> None: ...

class FileChunk(_message.Message):
    __slots__ = ("data",)
    DATA_FIELD_NUMBER: _ClassVar[int]
    data: bytes
    def __init__(self, data: _Optional[bytes] = ...) -> None: ...

class ConvertSummary(_message.Message):
    __slots__ = ("frame_count", "byte_count", "timings")
    FRAME_COUNT_FIELD_NUMBER: _ClassVar[int]
    BYTE_COUNT_FIELD_NUMBER: _ClassVar[int]
    TIMINGS_FIELD_NUMBER: _ClassVar[int]
    frame_count: int
    byte_count: int
    timings: _frames_pb2.Timings
    def __init__(self, frame_count: _Optional[int] = ..., byte_count: _Optional[int] = ..., timings: _Optional[_Union[_frames_pb2.Timings, _Mapping]] = ...) -> None: ...

class ConvertResponse(_message.Message):
    __slots__ = ("header", "chunk", "motion_header", "frames", "summary")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    CHUNK_FIELD_NUMBER: _ClassVar[int]
    MOTION_HEADER_FIELD_NUMBER: _ClassVar[int]
    FRAMES_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    header: ConvertHeader
    chunk: FileChunk
    motion_header: _frames_pb2.MotionHeader
    frames: _frames_pb2.FrameBlock
    summary: ConvertSummary
    def __init__(self, header: _Optional[_Union[ConvertHeader, _Mapping]] = ..., chunk: _Optional[_Union[FileChunk, _Mapping]] = ..., motion_header: _Optional[_Union[_frames_pb2.MotionHeader, _Mapping]] = ..., frames: _Optional[_Union[_frames_pb2.FrameBlock, _Mapping]] = ..., summary: _Optional[_Union[ConvertSummary, _Mapping]] = ...) -> None: ...
