from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from typing import ClassVar as _ClassVar, Mapping as _Mapping, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class PcmEncoding(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PCM_ENCODING_UNSPECIFIED: _ClassVar[PcmEncoding]
    PCM_ENCODING_S16LE: _ClassVar[PcmEncoding]
    PCM_ENCODING_F32LE: _ClassVar[PcmEncoding]
PCM_ENCODING_UNSPECIFIED: PcmEncoding
PCM_ENCODING_S16LE: PcmEncoding
PCM_ENCODING_F32LE: PcmEncoding

class PcmFormat(_message.Message):
    __slots__ = ("encoding", "sample_rate_hz", "channels")
    ENCODING_FIELD_NUMBER: _ClassVar[int]
    SAMPLE_RATE_HZ_FIELD_NUMBER: _ClassVar[int]
    CHANNELS_FIELD_NUMBER: _ClassVar[int]
    encoding: PcmEncoding
    sample_rate_hz: int
    channels: int
    def __init__(self, encoding: _Optional[_Union[PcmEncoding, str]] = ..., sample_rate_hz: _Optional[int] = ..., channels: _Optional[int] = ...) -> None: ...

class PcmAudio(_message.Message):
    __slots__ = ("format", "samples")
    FORMAT_FIELD_NUMBER: _ClassVar[int]
    SAMPLES_FIELD_NUMBER: _ClassVar[int]
    format: PcmFormat
    samples: bytes
    def __init__(self, format: _Optional[_Union[PcmFormat, _Mapping]] = ..., samples: _Optional[bytes] = ...) -> None: ...

class EncodedAudio(_message.Message):
    __slots__ = ("data", "expected_sample_rate_hz")
    DATA_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_SAMPLE_RATE_HZ_FIELD_NUMBER: _ClassVar[int]
    data: bytes
    expected_sample_rate_hz: int
    def __init__(self, data: _Optional[bytes] = ..., expected_sample_rate_hz: _Optional[int] = ...) -> None: ...

class Audio(_message.Message):
    __slots__ = ("encoded", "pcm")
    ENCODED_FIELD_NUMBER: _ClassVar[int]
    PCM_FIELD_NUMBER: _ClassVar[int]
    encoded: EncodedAudio
    pcm: PcmAudio
    def __init__(self, encoded: _Optional[_Union[EncodedAudio, _Mapping]] = ..., pcm: _Optional[_Union[PcmAudio, _Mapping]] = ...) -> None: ...
