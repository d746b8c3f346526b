"""Errors of the models, beside those of pantomatrix_converters.errors.

PantomatrixError
├── InvalidInputError
│   ├── AudioError            bytes that are not usable speech
│   └── OptionError           an option out of range; `field` says which
├── CapabilityError           the model or this version cannot do what an option asks for
├── CheckpointError           weights that are missing, damaged, or of another network
├── NotReadyError             a model that is still being loaded
├── ModelError                a model that produced NaN or infinite values
└── StartError                a setting that a model or a server cannot start with
"""

from __future__ import annotations

from pantomatrix_converters.errors import InvalidInputError, PantomatrixError


class AudioError(InvalidInputError):
    """Bytes that are not usable speech: not audio, empty, truncated, NaN, or of another sample rate than declared."""


class OptionError(InvalidInputError):
    """An option out of range; the message has the value and the range, `field` its path in the request."""


class CapabilityError(PantomatrixError):
    """The model, or this version, cannot do what an option asks for. Nothing is left out in silence instead."""


class CheckpointError(PantomatrixError):
    """Weights that are missing, damaged, or of another network; the message names the file and the key."""


class ModelError(PantomatrixError):
    """A model that produced NaN or infinite values; none of it is sent. model: its name."""

    def __init__(self, message: str, model: str) -> None:
        super().__init__(message)
        self.model = model


class StartError(PantomatrixError):
    """The server cannot start: the address is taken or not allowed, or a setting is wrong."""


class NotReadyError(PantomatrixError):
    """A model that is still being loaded; it will be there soon."""
