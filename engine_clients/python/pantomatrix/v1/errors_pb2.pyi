from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from typing import ClassVar as _ClassVar

DESCRIPTOR: _descriptor.FileDescriptor

class ErrorReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    ERROR_REASON_UNSPECIFIED: _ClassVar[ErrorReason]
    ERROR_REASON_INVALID_MESSAGE: _ClassVar[ErrorReason]
    ERROR_REASON_INVALID_OPTION: _ClassVar[ErrorReason]
    ERROR_REASON_INVALID_AUDIO: _ClassVar[ErrorReason]
    ERROR_REASON_INVALID_MOTION: _ClassVar[ErrorReason]
    ERROR_REASON_UNKNOWN_NAME: _ClassVar[ErrorReason]
    ERROR_REASON_OVER_LIMIT: _ClassVar[ErrorReason]
    ERROR_REASON_OVERLOADED: _ClassVar[ErrorReason]
    ERROR_REASON_OVER_QUOTA: _ClassVar[ErrorReason]
    ERROR_REASON_NOT_SUPPORTED: _ClassVar[ErrorReason]
    ERROR_REASON_NOT_READY: _ClassVar[ErrorReason]
    ERROR_REASON_UNAUTHENTICATED: _ClassVar[ErrorReason]
    ERROR_REASON_NOT_ALLOWED: _ClassVar[ErrorReason]
    ERROR_REASON_SLOW_READER: _ClassVar[ErrorReason]
    ERROR_REASON_SILENT_CALLER: _ClassVar[ErrorReason]
    ERROR_REASON_INTERNAL: _ClassVar[ErrorReason]
ERROR_REASON_UNSPECIFIED: ErrorReason
ERROR_REASON_INVALID_MESSAGE: ErrorReason
ERROR_REASON_INVALID_OPTION: ErrorReason
ERROR_REASON_INVALID_AUDIO: ErrorReason
ERROR_REASON_INVALID_MOTION: ErrorReason
ERROR_REASON_UNKNOWN_NAME: ErrorReason
ERROR_REASON_OVER_LIMIT: ErrorReason
ERROR_REASON_OVERLOADED: ErrorReason
ERROR_REASON_OVER_QUOTA: ErrorReason
ERROR_REASON_NOT_SUPPORTED: ErrorReason
ERROR_REASON_NOT_READY: ErrorReason
ERROR_REASON_UNAUTHENTICATED: ErrorReason
ERROR_REASON_NOT_ALLOWED: ErrorReason
ERROR_REASON_SLOW_READER: ErrorReason
ERROR_REASON_SILENT_CALLER: ErrorReason
ERROR_REASON_INTERNAL: ErrorReason
