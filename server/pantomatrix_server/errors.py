"""Errors of the server, beside those of pantomatrix_models.errors.

PantomatrixError
├── InvalidInputError
│   └── MessageError          a message out of order, or of the wrong kind
├── OverloadedError           too many at once; come back after `retry_after_seconds`
│   └── QuotaError            more than this caller's token allows
├── UnauthenticatedError      no token, or a wrong one
├── NotAllowedError           a token that does not allow this
├── SlowReaderError           the caller takes no more of the answer
├── SilentCallerError         a live caller that says nothing
└── ServerCallError           a server that we called answered with an error
"""

from __future__ import annotations

from pantomatrix_converters.errors import InvalidInputError, PantomatrixError


class MessageError(InvalidInputError):
    """A message of the caller's that is out of order, of the wrong kind, or that this server does not know."""


class OverloadedError(PantomatrixError):
    """Too many clips at once."""

    def __init__(self, message: str, retry_after_seconds: float) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class QuotaError(OverloadedError):
    """More at once than the caller's token allows."""


class UnauthenticatedError(PantomatrixError):
    """No token, or one that the server does not know."""


class NotAllowedError(PantomatrixError):
    """The caller's token does not allow what was asked for."""


class SlowReaderError(PantomatrixError):
    """The caller takes no more of the answer, so the place that it holds is given to others."""


class SilentCallerError(PantomatrixError):
    """A caller of a live stream that says nothing."""


class ServerCallError(PantomatrixError):
    """A server that we called cannot be reached, or answered with an error; `code` is the gRPC status' name."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code
