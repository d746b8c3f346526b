from pantomatrix.v1 import audio_pb2 as _audio_pb2
from pantomatrix.v1 import errors_pb2 as _errors_pb2
from pantomatrix.v1 import frames_pb2 as _frames_pb2
from pantomatrix.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GenerateMotionRequest(_message.Message):
    __slots__ = ("options", "audio", "frame_encoding", "labels")
    class LabelsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    AUDIO_FIELD_NUMBER: _ClassVar[int]
    FRAME_ENCODING_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    options: _options_pb2.MotionOptions
    audio: _audio_pb2.Audio
    frame_encoding: _frames_pb2.FrameEncoding
    labels: _containers.ScalarMap[str, str]
    def __init__(self, options: _Optional[_Union[_options_pb2.MotionOptions, _Mapping]] = ..., audio: _Optional[_Union[_audio_pb2.Audio, _Mapping]] = ..., frame_encoding: _Optional[_Union[_frames_pb2.FrameEncoding, str]] = ..., labels: _Optional[_Mapping[str, str]] = ...) -> None: ...

class GenerateMotionResponse(_message.Message):
    __slots__ = ("header", "frames", "summary")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    FRAMES_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    header: _frames_pb2.MotionHeader
    frames: _frames_pb2.FrameBlock
    summary: _frames_pb2.MotionSummary
    def __init__(self, header: _Optional[_Union[_frames_pb2.MotionHeader, _Mapping]] = ..., frames: _Optional[_Union[_frames_pb2.FrameBlock, _Mapping]] = ..., summary: _Optional[_Union[_frames_pb2.MotionSummary, _Mapping]] = ...) -> None: ...

class Resume(_message.Message):
    __slots__ = ("first_frame", "last_frame", "audio_seconds", "utterance", "utterance_seconds")
    FIRST_FRAME_FIELD_NUMBER: _ClassVar[int]
    LAST_FRAME_FIELD_NUMBER: _ClassVar[int]
    AUDIO_SECONDS_FIELD_NUMBER: _ClassVar[int]
    UTTERANCE_FIELD_NUMBER: _ClassVar[int]
    UTTERANCE_SECONDS_FIELD_NUMBER: _ClassVar[int]
    first_frame: int
    last_frame: bytes
    audio_seconds: float
    utterance: int
    utterance_seconds: float
    def __init__(self, first_frame: _Optional[int] = ..., last_frame: _Optional[bytes] = ..., audio_seconds: _Optional[float] = ..., utterance: _Optional[int] = ..., utterance_seconds: _Optional[float] = ...) -> None: ...

class StreamStart(_message.Message):
    __slots__ = ("options", "format", "look_ahead_seconds", "echo_audio", "hop_seconds", "max_ahead_seconds", "frame_encoding", "labels", "resume")
    class LabelsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    LOOK_AHEAD_SECONDS_FIELD_NUMBER: _ClassVar[int]
    ECHO_AUDIO_FIELD_NUMBER: _ClassVar[int]
    HOP_SECONDS_FIELD_NUMBER: _ClassVar[int]
    MAX_AHEAD_SECONDS_FIELD_NUMBER: _ClassVar[int]
    FRAME_ENCODING_FIELD_NUMBER: _ClassVar[int]
    LABELS_FIELD_NUMBER: _ClassVar[int]
    RESUME_FIELD_NUMBER: _ClassVar[int]
    options: _options_pb2.MotionOptions
    format: _audio_pb2.PcmFormat
    look_ahead_seconds: float
    echo_audio: bool
    hop_seconds: float
    max_ahead_seconds: float
    frame_encoding: _frames_pb2.FrameEncoding
    labels: _containers.ScalarMap[str, str]
    resume: Resume
    def __init__(self, options: _Optional[_Union[_options_pb2.MotionOptions, _Mapping]] = ..., format: _Optional[_Union[_audio_pb2.PcmFormat, _Mapping]] = ..., look_ahead_seconds: _Optional[float] = ..., echo_audio: bool = ..., hop_seconds: _Optional[float] = ..., max_ahead_seconds: _Optional[float] = ..., frame_encoding: _Optional[_Union[_frames_pb2.FrameEncoding, str]] = ..., labels: _Optional[_Mapping[str, str]] = ..., resume: _Optional[_Union[Resume, _Mapping]] = ...) -> None: ...

class AudioChunk(_message.Message):
    __slots__ = ("samples", "timed_text")
    SAMPLES_FIELD_NUMBER: _ClassVar[int]
    TIMED_TEXT_FIELD_NUMBER: _ClassVar[int]
    samples: bytes
    timed_text: _options_pb2.TimedText
    def __init__(self, samples: _Optional[bytes] = ..., timed_text: _Optional[_Union[_options_pb2.TimedText, _Mapping]] = ...) -> None: ...

class EndOfUtterance(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class Interrupt(_message.Message):
    __slots__ = ("played_seconds",)
    PLAYED_SECONDS_FIELD_NUMBER: _ClassVar[int]
    played_seconds: float
    def __init__(self, played_seconds: _Optional[float] = ...) -> None: ...

class PartStrengths(_message.Message):
    __slots__ = ("entries",)
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    entries: _containers.RepeatedCompositeFieldContainer[_options_pb2.PartStrength]
    def __init__(self, entries: _Optional[_Iterable[_Union[_options_pb2.PartStrength, _Mapping]]] = ...) -> None: ...

class CurveAdjustments(_message.Message):
    __slots__ = ("entries",)
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    entries: _containers.RepeatedCompositeFieldContainer[_options_pb2.CurveAdjustment]
    def __init__(self, entries: _Optional[_Iterable[_Union[_options_pb2.CurveAdjustment, _Mapping]]] = ...) -> None: ...

class Emotions(_message.Message):
    __slots__ = ("entries",)
    ENTRIES_FIELD_NUMBER: _ClassVar[int]
    entries: _containers.RepeatedCompositeFieldContainer[_options_pb2.EmotionStrength]
    def __init__(self, entries: _Optional[_Iterable[_Union[_options_pb2.EmotionStrength, _Mapping]]] = ...) -> None: ...

class StreamOptions(_message.Message):
    __slots__ = ("speaker", "part_strengths", "curve_adjustments", "emotions", "at_seconds", "expression")
    SPEAKER_FIELD_NUMBER: _ClassVar[int]
    PART_STRENGTHS_FIELD_NUMBER: _ClassVar[int]
    CURVE_ADJUSTMENTS_FIELD_NUMBER: _ClassVar[int]
    EMOTIONS_FIELD_NUMBER: _ClassVar[int]
    AT_SECONDS_FIELD_NUMBER: _ClassVar[int]
    EXPRESSION_FIELD_NUMBER: _ClassVar[int]
    speaker: str
    part_strengths: PartStrengths
    curve_adjustments: CurveAdjustments
    emotions: Emotions
    at_seconds: float
    expression: str
    def __init__(self, speaker: _Optional[str] = ..., part_strengths: _Optional[_Union[PartStrengths, _Mapping]] = ..., curve_adjustments: _Optional[_Union[CurveAdjustments, _Mapping]] = ..., emotions: _Optional[_Union[Emotions, _Mapping]] = ..., at_seconds: _Optional[float] = ..., expression: _Optional[str] = ...) -> None: ...

class StreamMotionRequest(_message.Message):
    __slots__ = ("start", "audio", "end_of_utterance", "interrupt", "options")
    START_FIELD_NUMBER: _ClassVar[int]
    AUDIO_FIELD_NUMBER: _ClassVar[int]
    END_OF_UTTERANCE_FIELD_NUMBER: _ClassVar[int]
    INTERRUPT_FIELD_NUMBER: _ClassVar[int]
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    start: StreamStart
    audio: AudioChunk
    end_of_utterance: EndOfUtterance
    interrupt: Interrupt
    options: StreamOptions
    def __init__(self, start: _Optional[_Union[StreamStart, _Mapping]] = ..., audio: _Optional[_Union[AudioChunk, _Mapping]] = ..., end_of_utterance: _Optional[_Union[EndOfUtterance, _Mapping]] = ..., interrupt: _Optional[_Union[Interrupt, _Mapping]] = ..., options: _Optional[_Union[StreamOptions, _Mapping]] = ...) -> None: ...

class UtteranceBegin(_message.Message):
    __slots__ = ("utterance", "begin_seconds")
    UTTERANCE_FIELD_NUMBER: _ClassVar[int]
    BEGIN_SECONDS_FIELD_NUMBER: _ClassVar[int]
    utterance: int
    begin_seconds: float
    def __init__(self, utterance: _Optional[int] = ..., begin_seconds: _Optional[float] = ...) -> None: ...

class UtteranceEnd(_message.Message):
    __slots__ = ("utterance", "end_frame", "interrupted")
    UTTERANCE_FIELD_NUMBER: _ClassVar[int]
    END_FRAME_FIELD_NUMBER: _ClassVar[int]
    INTERRUPTED_FIELD_NUMBER: _ClassVar[int]
    utterance: int
    end_frame: int
    interrupted: bool
    def __init__(self, utterance: _Optional[int] = ..., end_frame: _Optional[int] = ..., interrupted: bool = ...) -> None: ...

class Refusal(_message.Message):
    __slots__ = ("reason", "text", "field", "request_index")
    REASON_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    FIELD_FIELD_NUMBER: _ClassVar[int]
    REQUEST_INDEX_FIELD_NUMBER: _ClassVar[int]
    reason: _errors_pb2.ErrorReason
    text: str
    field: str
    request_index: int
    def __init__(self, reason: _Optional[_Union[_errors_pb2.ErrorReason, str]] = ..., text: _Optional[str] = ..., field: _Optional[str] = ..., request_index: _Optional[int] = ...) -> None: ...

class AudioEcho(_message.Message):
    __slots__ = ("start_seconds", "samples")
    START_SECONDS_FIELD_NUMBER: _ClassVar[int]
    SAMPLES_FIELD_NUMBER: _ClassVar[int]
    start_seconds: float
    samples: bytes
    def __init__(self, start_seconds: _Optional[float] = ..., samples: _Optional[bytes] = ...) -> None: ...

class Move(_message.Message):
    __slots__ = ("within_seconds",)
    WITHIN_SECONDS_FIELD_NUMBER: _ClassVar[int]
    within_seconds: float
    def __init__(self, within_seconds: _Optional[float] = ...) -> None: ...

class StreamMotionResponse(_message.Message):
    __slots__ = ("header", "frames", "utterance_end", "audio", "summary", "refusal", "move", "utterance_begin")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    FRAMES_FIELD_NUMBER: _ClassVar[int]
    UTTERANCE_END_FIELD_NUMBER: _ClassVar[int]
    AUDIO_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    REFUSAL_FIELD_NUMBER: _ClassVar[int]
    MOVE_FIELD_NUMBER: _ClassVar[int]
    UTTERANCE_BEGIN_FIELD_NUMBER: _ClassVar[int]
    header: _frames_pb2.MotionHeader
    frames: _frames_pb2.FrameBlock
    utterance_end: UtteranceEnd
    audio: AudioEcho
    summary: _frames_pb2.MotionSummary
    refusal: Refusal
    move: Move
    utterance_begin: UtteranceBegin
    def __init__(self, header: _Optional[_Union[_frames_pb2.MotionHeader, _Mapping]] = ..., frames: _Optional[_Union[_frames_pb2.FrameBlock, _Mapping]] = ..., utterance_end: _Optional[_Union[UtteranceEnd, _Mapping]] = ..., audio: _Optional[_Union[AudioEcho, _Mapping]] = ..., summary: _Optional[_Union[_frames_pb2.MotionSummary, _Mapping]] = ..., refusal: _Optional[_Union[Refusal, _Mapping]] = ..., move: _Optional[_Union[Move, _Mapping]] = ..., utterance_begin: _Optional[_Union[UtteranceBegin, _Mapping]] = ...) -> None: ...
