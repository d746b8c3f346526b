from google.protobuf import duration_pb2 as _duration_pb2
from pantomatrix.v1 import audio_pb2 as _audio_pb2
from pantomatrix.v1 import frames_pb2 as _frames_pb2
from pantomatrix.v1 import options_pb2 as _options_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Iterable as _Iterable, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GenerateMotionRequest(_message.Message):
    __slots__ = ("options", "audio")
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    AUDIO_FIELD_NUMBER: _ClassVar[int]
    options: _options_pb2.MotionOptions
    audio: _audio_pb2.Audio
    def __init__(self, options: _Optional[_Union[_options_pb2.MotionOptions, _Mapping]] = ..., audio: _Optional[_Union[_audio_pb2.Audio, _Mapping]] = ...) -> None: ...

class GenerateMotionResponse(_message.Message):
    __slots__ = ("header", "frames", "summary")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    FRAMES_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    header: _frames_pb2.MotionHeader
    frames: _frames_pb2.FrameBlock
    summary: _frames_pb2.MotionSummary
    def __init__(self, header: _Optional[_Union[_frames_pb2.MotionHeader, _Mapping]] = ..., frames: _Optional[_Union[_frames_pb2.FrameBlock, _Mapping]] = ..., summary: _Optional[_Union[_frames_pb2.MotionSummary, _Mapping]] = ...) -> None: ...

class StreamStart(_message.Message):
    __slots__ = ("options", "format", "look_ahead", "echo_audio", "hop")
    OPTIONS_FIELD_NUMBER: _ClassVar[int]
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    LOOK_AHEAD_FIELD_NUMBER: _ClassVar[int]
    ECHO_AUDIO_FIELD_NUMBER: _ClassVar[int]
    HOP_FIELD_NUMBER: _ClassVar[int]
    options: _options_pb2.MotionOptions
    format: _audio_pb2.PcmFormat
    look_ahead: _duration_pb2.Duration
    echo_audio: bool
    hop: _duration_pb2.Duration
    def __init__(self, options: _Optional[_Union[_options_pb2.MotionOptions, _Mapping]] = ..., format: _Optional[_Union[_audio_pb2.PcmFormat, _Mapping]] = ..., look_ahead: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., echo_audio: bool = ..., hop: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ...) -> None: ...

class AudioChunk(_message.Message):
    __slots__ = ("samples",)
    SAMPLES_FIELD_NUMBER: _ClassVar[int]
    samples: bytes
    def __init__(self, samples: _Optional[bytes] = ...) -> None: ...

class EndOfUtterance(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class Interrupt(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class StreamOptions(_message.Message):
    __slots__ = ("speaker", "part_strengths", "curve_adjustments", "emotions")
    SPEAKER_FIELD_NUMBER: _ClassVar[int]
    PART_STRENGTHS_FIELD_NUMBER: _ClassVar[int]
    CURVE_ADJUSTMENTS_FIELD_NUMBER: _ClassVar[int]
    EMOTIONS_FIELD_NUMBER: _ClassVar[int]
    speaker: str
    part_strengths: _containers.RepeatedCompositeFieldContainer[_options_pb2.PartStrength]
    curve_adjustments: _containers.RepeatedCompositeFieldContainer[_options_pb2.CurveAdjustment]
    emotions: _containers.RepeatedCompositeFieldContainer[_options_pb2.EmotionStrength]
    def __init__(self, speaker: _Optional[str] = ..., part_strengths: _Optional[_Iterable[_Union[_options_pb2.PartStrength, _Mapping]]] = ..., curve_adjustments: _Optional[_Iterable[_Union[_options_pb2.CurveAdjustment, _Mapping]]] = ..., emotions: _Optional[_Iterable[_Union[_options_pb2.EmotionStrength, _Mapping]]] = ...) -> None: ...

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

class UtteranceEnd(_message.Message):
    __slots__ = ("utterance", "end_frame", "interrupted")
    UTTERANCE_FIELD_NUMBER: _ClassVar[int]
    END_FRAME_FIELD_NUMBER: _ClassVar[int]
    INTERRUPTED_FIELD_NUMBER: _ClassVar[int]
    utterance: int
    end_frame: int
    interrupted: bool
    def __init__(self, utterance: _Optional[int] = ..., end_frame: _Optional[int] = ..., interrupted: bool = ...) -> None: ...

class AudioEcho(_message.Message):
    __slots__ = ("start", "samples")
    START_FIELD_NUMBER: _ClassVar[int]
    SAMPLES_FIELD_NUMBER: _ClassVar[int]
    start: _duration_pb2.Duration
    samples: bytes
    def __init__(self, start: _Optional[_Union[_duration_pb2.Duration, _Mapping]] = ..., samples: _Optional[bytes] = ...) -> None: ...

class StreamMotionResponse(_message.Message):
    __slots__ = ("header", "frames", "utterance_end", "audio", "summary")
    HEADER_FIELD_NUMBER: _ClassVar[int]
    FRAMES_FIELD_NUMBER: _ClassVar[int]
    UTTERANCE_END_FIELD_NUMBER: _ClassVar[int]
    AUDIO_FIELD_NUMBER: _ClassVar[int]
    SUMMARY_FIELD_NUMBER: _ClassVar[int]
    header: _frames_pb2.MotionHeader
    frames: _frames_pb2.FrameBlock
    utterance_end: UtteranceEnd
    audio: AudioEcho
    summary: _frames_pb2.MotionSummary
    def __init__(self, header: _Optional[_Union[_frames_pb2.MotionHeader, _Mapping]] = ..., frames: _Optional[_Union[_frames_pb2.FrameBlock, _Mapping]] = ..., utterance_end: _Optional[_Union[UtteranceEnd, _Mapping]] = ..., audio: _Optional[_Union[AudioEcho, _Mapping]] = ..., summary: _Optional[_Union[_frames_pb2.MotionSummary, _Mapping]] = ...) -> None: ...
