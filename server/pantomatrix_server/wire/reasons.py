"""Which reason each error has for programs: errors.proto. One table; a test fails if a class is missing."""

from __future__ import annotations

from pantomatrix.v1 import errors_pb2
from pantomatrix.v1.errors_pb2 import ErrorReason
from pantomatrix_converters import errors as converter_errors
from pantomatrix_converters.errors import InvalidInputError, PantomatrixError
from pantomatrix_models import errors as model_errors

from .. import errors as server_errors

REASONS: dict[type[PantomatrixError], ErrorReason] = {
    converter_errors.PantomatrixError: errors_pb2.ERROR_REASON_INTERNAL,
    converter_errors.InvalidInputError: errors_pb2.ERROR_REASON_INVALID_MESSAGE,
    converter_errors.FormatError: errors_pb2.ERROR_REASON_INVALID_MOTION,
    converter_errors.MotionError: errors_pb2.ERROR_REASON_INVALID_MOTION,
    converter_errors.UnknownNameError: errors_pb2.ERROR_REASON_UNKNOWN_NAME,
    converter_errors.LimitError: errors_pb2.ERROR_REASON_OVER_LIMIT,
    converter_errors.UnsupportedError: errors_pb2.ERROR_REASON_NOT_SUPPORTED,
    converter_errors.OutputError: errors_pb2.ERROR_REASON_INTERNAL,
    model_errors.AudioError: errors_pb2.ERROR_REASON_INVALID_AUDIO,
    model_errors.OptionError: errors_pb2.ERROR_REASON_INVALID_OPTION,
    model_errors.CapabilityError: errors_pb2.ERROR_REASON_NOT_SUPPORTED,
    model_errors.NotReadyError: errors_pb2.ERROR_REASON_NOT_READY,
    model_errors.CheckpointError: errors_pb2.ERROR_REASON_NOT_SUPPORTED,
    model_errors.ModelError: errors_pb2.ERROR_REASON_INTERNAL,
    model_errors.StartError: errors_pb2.ERROR_REASON_NOT_SUPPORTED,
    server_errors.MessageError: errors_pb2.ERROR_REASON_INVALID_MESSAGE,
    server_errors.OverloadedError: errors_pb2.ERROR_REASON_OVERLOADED,
    server_errors.QuotaError: errors_pb2.ERROR_REASON_OVER_QUOTA,
    server_errors.UnauthenticatedError: errors_pb2.ERROR_REASON_UNAUTHENTICATED,
    server_errors.NotAllowedError: errors_pb2.ERROR_REASON_NOT_ALLOWED,
    server_errors.SlowReaderError: errors_pb2.ERROR_REASON_SLOW_READER,
    server_errors.SilentCallerError: errors_pb2.ERROR_REASON_SILENT_CALLER,
    server_errors.ServerCallError: errors_pb2.ERROR_REASON_INTERNAL,
}


def reason_of(error: PantomatrixError) -> ErrorReason:
    """What is wrong with a field of the options is wrong with an option, whichever part of the program has found it."""
    if isinstance(error, InvalidInputError) and "options" in error.field.split("."):
        return errors_pb2.ERROR_REASON_INVALID_OPTION
    return REASONS[type(error)]


def reason_word(reason: ErrorReason) -> str:
    """ERROR_REASON_UNKNOWN_NAME -> UNKNOWN_NAME, as google.rpc.ErrorInfo has it."""
    return ErrorReason.Name(reason).removeprefix("ERROR_REASON_")
