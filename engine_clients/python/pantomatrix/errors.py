"""Every error that the package raises, and its warnings.

PantomatrixError                  base of all of them but ServerError
├── InvalidInputError             what was given cannot be used; `field` or `line` says where
│   ├── AudioError                bytes or samples that are not usable speech
│   ├── FormatError               a file's content is wrong
│   ├── MotionError               arrays that do not make a motion
│   └── OptionError               an option out of range
├── UnknownNameError              no such skeleton, format, model, ...; lists the nearest names
├── LimitError                    larger than a limit in force
├── UnsupportedError              well-formed, but it cannot be done
├── CapabilityError               the model cannot do what an option asks for
├── CheckpointError               weights that are missing, damaged, or of another network
├── ModelError                    a model that produced NaN or infinite values
├── NotReadyError                 a model that is still being loaded
├── StartError                    a model or a server that cannot start with these settings
└── OutputError                   a file cannot be written
ServerError                       a server refused a call, failed, or cannot be reached; from `Client` and `AsyncClient`
LossWarning                       a file or a format could not hold all of a motion, or a reader had to assume something
SpeechWarning                     a recording that is silent, or that is not what its name says
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ._install import imported

if TYPE_CHECKING:
    from pantomatrix_client.errors import ServerError
    from pantomatrix_converters.errors import (
        FormatError,
        InvalidInputError,
        LimitError,
        MotionError,
        OutputError,
        PantomatrixError,
        UnknownNameError,
        UnsupportedError,
    )
    from pantomatrix_models.errors import (
        AudioError,
        CapabilityError,
        CheckpointError,
        ModelError,
        NotReadyError,
        OptionError,
        StartError,
    )

__all__ = [
    "AudioError", "CapabilityError", "CheckpointError", "FormatError", "InvalidInputError", "LimitError", "LossWarning",
    "ModelError", "MotionError", "NotReadyError", "OptionError", "OutputError", "PantomatrixError", "ServerError",
    "SpeechWarning", "StartError", "UnknownNameError", "UnsupportedError",
]  # fmt: skip

_HOMES = {
    "pantomatrix_client.errors": ("ServerError",),
    "pantomatrix_converters.errors": (
        "FormatError", "InvalidInputError", "LimitError", "MotionError", "OutputError", "PantomatrixError",
        "UnknownNameError", "UnsupportedError",
    ),
    "pantomatrix_models.errors": (
        "AudioError", "CapabilityError", "CheckpointError", "ModelError", "NotReadyError", "OptionError", "StartError",
    ),
}  # fmt: skip
"""The module of each error."""


class LossWarning(UserWarning):
    """Something of a motion was left out or assumed, in one sentence. `warnings.simplefilter("error", LossWarning)` makes it
    an error."""


class SpeechWarning(UserWarning):
    """Something about a recording that a person should know, in one sentence: it is silent, or not what its name says."""


def __getattr__(name: str) -> Any:
    home = next((module for module, names in _HOMES.items() if name in names), None)
    if home is None:
        raise AttributeError(f"module 'pantomatrix.errors' has no attribute {name!r}")
    return imported(name, home)


def __dir__() -> list[str]:
    return sorted(__all__)
