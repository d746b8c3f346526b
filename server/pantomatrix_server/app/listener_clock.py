"""Where a live stream's listener is."""

from __future__ import annotations

import time


class ListenerClock:
    """Plays the stream in real time, from its first moment on, and waits where there is nothing to play: audio that comes
    late in mid-utterance is heard late.

    max_ahead_seconds: how far frames may be ahead of it; 0: as far as they are made. look_ahead_seconds: how far frames are
    behind the audio that was heard. from_seconds: where the listener is.
    """

    def __init__(self, max_ahead_seconds: float, look_ahead_seconds: float, from_seconds: float) -> None:
        self._from_seconds, self._began = from_seconds, time.monotonic() - from_seconds
        self._most_ahead = max_ahead_seconds + look_ahead_seconds if max_ahead_seconds else None

    @property
    def seconds(self) -> float:
        """On the stream's clock."""
        return time.monotonic() - self._began

    def wait_for(self, there_seconds: float) -> None:
        """It cannot be past the audio that was there: more has come only now. What was heard before it began may be heard
        again."""
        self._began = max(self._began, time.monotonic() - max(there_seconds, self._from_seconds))

    def room(self, heard_seconds: float) -> float | None:
        """How much more may be heard now, seconds; below 0 nothing for so long. None: everything."""
        return None if self._most_ahead is None else self._most_ahead - (heard_seconds - self.seconds)
