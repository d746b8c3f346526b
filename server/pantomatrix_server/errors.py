"""Errors of the server, beside those of pantomatrix_converters.errors.

PantomatrixError
├── InvalidInputError
│   ├── AudioError            bytes that are no usable speech
│   └── OptionError           an option out of range; `field` says which
├── CapabilityError           the model or this version cannot do what an option asks for
├── OverloadedError           too many at once; come back after `retry_after_seconds`
│   └── QuotaError            more than this caller's token allows
├── NotReadyError             a model that is still being loaded
├── UnauthenticatedError      no token, or a wrong one
├── NotAllowedError           a token that does not allow this
├── SlowReaderError           the caller takes no more of the answer
├── SilentCallerError         a live caller that says nothing
├── CheckpointError           weights that are missing, damaged, or of another network
├── ModelError                a model that made no finite motion
├── StartError                the server cannot start
└── ServerCallError           a server that we called answered with an error
"""

from __future__ import annotations

from pantomatrix_converters.errors import InvalidInputError, PantomatrixError


class AudioError(InvalidInputError):
    """Bytes that are no usable speech: not audio, empty, truncated, NaN, or of another sample rate than declared."""


class OptionError(InvalidInputError):
    """An option out of range; the message has the value and the range, `field` its path in the request."""


class CapabilityError(PantomatrixError):
    """The model, or this version, cannot do what an option asks for. Nothing is left out in silence instead."""


class OverloadedError(PantomatrixError):
    """Too many clips at once."""

    def __init__(self, message: str, retry_after_seconds: float) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class QuotaError(OverloadedError):
    """More at once than the caller's token allows."""


class NotReadyError(PantomatrixError):
    """A model that is still being loaded; it will be there soon."""


class UnauthenticatedError(PantomatrixError):
    """No token, or one that the server does not know."""


class NotAllowedError(PantomatrixError):
    """The caller's token does not allow what was asked for."""


class SlowReaderError(PantomatrixError):
    """The caller takes no more of the answer, so the place that it holds is given to others."""


class SilentCallerError(PantomatrixError):
    """A caller of a live stream that says nothing."""


class CheckpointError(PantomatrixError):
    """Weights that are missing, damaged, or of another network; the message names the file and the key."""


class ModelError(PantomatrixError):
    """A model that made NaN or infinity; none of it is sent."""


class StartError(PantomatrixError):
    """The server cannot start: the address is taken or not allowed, or a setting is wrong."""


class ServerCallError(PantomatrixError):
    """A server that we called cannot be reached, or answered with an error; `code` is the gRPC status' name."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.code = code
