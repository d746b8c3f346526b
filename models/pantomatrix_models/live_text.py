"""The text of a live stream: with times of its utterance, read before it begins or while it is said."""

from __future__ import annotations

from typing import cast

from pantomatrix_converters.errors import LimitError

from .errors import CapabilityError
from .model import ModelInfo, ReadingSession, StreamingSession
from .timed_text import MAX_SYMBOLS, TimedText, said_in


def check_reads(info: ModelInfo) -> None:
    """Raises CapabilityError if the model follows no timed text."""
    if not info.timed_text:
        raise CapabilityError(f"model {info.name!r} follows the sound alone; leave timed_text out")


class LiveText:
    """What tells a session of what is said. utterance_seconds: where the first utterance began, if that is known already."""

    def __init__(self, info: ModelInfo, session: StreamingSession, utterance_seconds: float | None) -> None:
        self._info, self._session = info, session
        self._next_begins_at, self._begins_at = utterance_seconds, None
        self._unread: list[TimedText] = []

    def read(self, text: TimedText) -> None:
        """Of the utterance, or of the next one where nobody speaks, with times since its first sample. From its first start
        on it takes the place of what was read before. What is late for frames that are made already is left out of them.
        Raises CapabilityError, LimitError over MAX_SYMBOLS that wait."""
        check_reads(self._info)
        if self._begins_at is not None:
            cast(ReadingSession, self._session).read(said_in(text, self._begins_at))
            return
        waiting = sum(len(unread.symbols) for unread in self._unread) + len(text.symbols)
        if waiting > MAX_SYMBOLS:
            raise LimitError(f"{waiting} symbols wait for an utterance, at most {MAX_SYMBOLS} may")
        self._unread.append(text)

    def begin(self, seconds: float) -> None:
        """An utterance begins."""
        self._begins_at = seconds if self._next_begins_at is None else self._next_begins_at
        self._next_begins_at = None
        for text in self._unread:
            cast(ReadingSession, self._session).read(said_in(text, self._begins_at))
        self._unread = []

    def end(self, seconds: float) -> None:
        """Nobody speaks from now on: what was read is forgotten."""
        self._unread = []
        if self._begins_at is not None and self._info.timed_text:
            cast(ReadingSession, self._session).stop_reading(seconds)
        self._begins_at = None
