"""The root of all errors that a caller is meant to see, and those of the converters.

PantomatrixError                  base: a message for people, never a traceback
├── InvalidInputError             what was given cannot be used
│   ├── FormatError               a file's content is wrong
│   └── MotionError               arrays that do not make a motion
├── UnknownNameError              no such skeleton, format, model, ...; lists the nearest names
├── LimitError                    larger than a limit in force
├── UnsupportedError              well-formed, but it cannot be done
└── OutputError                   a target cannot be written
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any


class PantomatrixError(Exception):
    """Base of every error that is not a bug of ours. `str(error)` is one line: what was wrong, where, what would be right.

    Errors survive `pickle`, whatever their constructors take, so that they come whole out of a process pool.
    """

    field: str = ""
    """Where in a request it stands, as a protobuf path (`audio.pcm.format.channels`); empty if that is not known."""

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuilt, (type(self), self.args), self.__dict__


class InvalidInputError(PantomatrixError):
    """What was given cannot be used.

    Parameters
    ----------
    message : str
    field : str
        See PantomatrixError.
    """

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


class FormatError(InvalidInputError):
    """A file's content is not what its format asks for; the message names the file and, in texts, the line."""


class MotionError(InvalidInputError):
    """Arrays whose shapes or values do not make a motion or a skeleton."""


class UnknownNameError(PantomatrixError):
    """No such name. The message has the nearest names and all valid ones.

    Parameters
    ----------
    kind : str
        What is named: "skeleton", "format", "model", ...
    name : str
    valid : iterable of str
    also_called : mapping of str to str
        Other word -> the valid name that is meant by it.
    """

    def __init__(
        self, kind: str, name: str, valid: Iterable[str], also_called: Mapping[str, str] | None = None
    ) -> None:
        self.kind, self.name, self.valid = kind, name, sorted(set(valid))
        meant = dict(also_called or {})
        words = [name.lower()] if name.lower() in meant else [*self.valid, *meant]
        matches = difflib.get_close_matches(name.lower(), words, n=3, cutoff=0.5)
        nearest = dict.fromkeys(meant.get(word, word) for word in matches)
        hint = f"; did you mean {' or '.join(nearest)}?" if nearest else ""
        super().__init__(f"unknown {kind} {name!r}{hint} (valid: {', '.join(self.valid)})")


class LimitError(PantomatrixError):
    """Larger than a limit in force; the message has the size and the limit."""


class UnsupportedError(PantomatrixError):
    """Well-formed, but it cannot be done: the target cannot hold it, or the capability is absent."""


class OutputError(PantomatrixError):
    """A target cannot be written. Nothing was written; what stood there before is intact."""


@contextmanager
def in_field(field: str) -> Iterator[None]:
    """Errors inside are about this field of the request, unless they name their own."""
    try:
        yield
    except PantomatrixError as error:
        error.field = error.field or field
        raise


@contextmanager
def within_field(parent: str) -> Iterator[None]:
    """The fields that errors inside name are fields of this one."""
    try:
        yield
    except PantomatrixError as error:
        error.field = f"{parent}.{error.field}" if error.field else parent
        raise


def _rebuilt(error: type[PantomatrixError], args: tuple[Any, ...]) -> PantomatrixError:
    """The error without its constructor; pickle sets its attributes afterwards."""
    return error.__new__(error, *args)
