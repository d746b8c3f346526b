"""Which gRPC status each error becomes, and its rich details. One table; a test fails if a class is missing."""

from __future__ import annotations

from google.protobuf import any_pb2, duration_pb2, message
from google.rpc import error_details_pb2, status_pb2
from grpc import StatusCode

from pantomatrix_converters import errors as converter_errors
from pantomatrix_converters.errors import PantomatrixError, UnknownNameError
from pantomatrix_models import errors as model_errors

from .. import errors as server_errors
from ..errors import OverloadedError, QuotaError
from ..wire.reasons import reason_of, reason_word

DOMAIN = "pantomatrix"

STATUS_CODES: dict[type[PantomatrixError], StatusCode] = {
    converter_errors.PantomatrixError: StatusCode.INTERNAL,
    converter_errors.InvalidInputError: StatusCode.INVALID_ARGUMENT,
    converter_errors.FormatError: StatusCode.INVALID_ARGUMENT,
    converter_errors.MotionError: StatusCode.INVALID_ARGUMENT,
    converter_errors.UnknownNameError: StatusCode.NOT_FOUND,
    converter_errors.LimitError: StatusCode.RESOURCE_EXHAUSTED,
    converter_errors.UnsupportedError: StatusCode.FAILED_PRECONDITION,
    converter_errors.OutputError: StatusCode.INTERNAL,
    model_errors.AudioError: StatusCode.INVALID_ARGUMENT,
    model_errors.OptionError: StatusCode.INVALID_ARGUMENT,
    model_errors.CapabilityError: StatusCode.FAILED_PRECONDITION,
    server_errors.MessageError: StatusCode.INVALID_ARGUMENT,
    server_errors.OverloadedError: StatusCode.RESOURCE_EXHAUSTED,
    server_errors.QuotaError: StatusCode.RESOURCE_EXHAUSTED,
    model_errors.NotReadyError: StatusCode.UNAVAILABLE,
    server_errors.UnauthenticatedError: StatusCode.UNAUTHENTICATED,
    server_errors.NotAllowedError: StatusCode.PERMISSION_DENIED,
    server_errors.SlowReaderError: StatusCode.DEADLINE_EXCEEDED,
    server_errors.SilentCallerError: StatusCode.DEADLINE_EXCEEDED,
    model_errors.CheckpointError: StatusCode.FAILED_PRECONDITION,
    model_errors.ModelError: StatusCode.INTERNAL,
    model_errors.StartError: StatusCode.FAILED_PRECONDITION,
    server_errors.ServerCallError: StatusCode.INTERNAL,
}


def status_of(error: PantomatrixError, request_id: str) -> status_pb2.Status:
    """The google.rpc.Status of an error: its text, an ErrorInfo with the reason (errors.proto) and the request id, and a
    BadRequest, ResourceInfo, RetryInfo or QuotaFailure where they apply."""
    details: list[message.Message] = [
        error_details_pb2.ErrorInfo(
            reason=reason_word(reason_of(error)), domain=DOMAIN, metadata={"request_id": request_id}
        )
    ]
    if error.field:
        violation = error_details_pb2.BadRequest.FieldViolation(field=error.field, description=str(error))
        details.append(error_details_pb2.BadRequest(field_violations=[violation]))
    if isinstance(error, UnknownNameError):
        named = error_details_pb2.ResourceInfo(resource_type=error.kind, resource_name=error.name)
        details.append(named)
    if isinstance(error, OverloadedError):
        delay = duration_pb2.Duration()
        delay.FromMilliseconds(round(error.retry_after_seconds * 1000))
        details.append(error_details_pb2.RetryInfo(retry_delay=delay))
    if isinstance(error, QuotaError):
        violation = error_details_pb2.QuotaFailure.Violation(subject="token", description=str(error))
        details.append(error_details_pb2.QuotaFailure(violations=[violation]))
    return _status(STATUS_CODES[type(error)], str(error), details)


def internal_status(request_id: str) -> status_pb2.Status:
    """The status of a bug of ours: no traceback and no path leaves the server, the log has them under the request id."""
    info = error_details_pb2.ErrorInfo(reason="INTERNAL", domain=DOMAIN, metadata={"request_id": request_id})
    return _status(StatusCode.INTERNAL, f"internal error; the server's log has it as request {request_id}", [info])


def _status(code: StatusCode, text: str, details: list[message.Message]) -> status_pb2.Status:
    packed = []
    for detail in details:
        wrapped = any_pb2.Any()
        wrapped.Pack(detail)
        packed.append(wrapped)
    return status_pb2.Status(code=code.value[0], message=text, details=packed)
