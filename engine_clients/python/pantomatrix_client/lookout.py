"""When a live stream is lost, and where and how often another server is tried. Nothing here reads or writes; times are
seconds of one clock."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from .errors import ServerError
from .motion import Header
from .said import Said

FRAME_SECONDS, IDLE_FRAME_SECONDS = 1.0, 2.5
"""A server that is there sends a frame within this time after the audio that it needs, and between utterances."""
ATTEMPT_SECONDS = 2.0
"""A server that is there answers within this time."""
CHECK_SECONDS = 0.1
RECONNECT_SECONDS = 60.0
_AGAIN_AFTER_SECONDS = 5.0
_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS = 0.1, 1.0
_NOT_WHO_ASKS = frozenset({"UNAVAILABLE", "DATA_LOSS", "INTERNAL", "UNKNOWN"})
_ONLY_THIS_SERVER = frozenset(
    {*_NOT_WHO_ASKS, "RESOURCE_EXHAUSTED", "NOT_FOUND", "FAILED_PRECONDITION", "DEADLINE_EXCEEDED"}
)


def is_lost(error: ServerError) -> bool:
    """Whether a stream that ended so may continue elsewhere. A fault inside the server carries its number, one of the line
    does not."""
    return error.code in _NOT_WHO_ASKS and not (error.code == "INTERNAL" and error.request_id)


def may_differ_elsewhere(error: ServerError) -> bool:
    """Whether another server may take a stream that one refused so."""
    return error.code in _ONLY_THIS_SERVER


class Lookout:
    """Watches over a stream: what was said and not answered, and where it may continue.

    reconnect_seconds: how long without a frame another server is looked for; 0: not at all.
    """

    def __init__(self, said: Said, addresses: tuple[str, ...], reconnect_seconds: float, now: float) -> None:
        self._said, self._addresses, self._reconnect_seconds = said, addresses, reconnect_seconds
        self._heard = self._owed = now
        self._lost: float | None = None
        self._owing = False
        self._not_before = now
        self._tries: Iterator[tuple[str, float]] | None = None

    def heard(self, now: float, *, frame: bool = False) -> None:
        """Something came; a frame says that the server is well."""
        self._heard = now
        if frame:
            self._lost = self._tries = None

    def next_try(self, lost: str, now: float) -> tuple[str, float] | None:
        """Another address, and a pause before it is tried; None where it is time to give up. Longer and longer, until a frame
        comes. lost: the address of the server that was lost."""
        if self._tries is None or self._lost is None:
            self._lost, self._tries = now, tries(self._addresses, lost)
        if not self._reconnect_seconds or now - self._lost > self._reconnect_seconds:
            return None
        return next(self._tries)

    def others(self, address: str) -> Iterator[str]:
        """Each address once, the one after this first."""
        return (other for other, _ in islice(tries(self._addresses, address), len(self._addresses)))

    def gone_on(self, now: float) -> None:
        """At another server, which has to hear again what was said."""
        self._heard, self._not_before = now, now + ATTEMPT_SECONDS

    def tried(self, now: float) -> None:
        """Another server was tried in vain; the next time is later."""
        self._not_before = now + _AGAIN_AFTER_SECONDS

    def is_overdue(self, now: float, waiting_since: float) -> bool:
        """Whether a frame should have come. waiting_since: since when somebody waits for it."""
        header = self._said.header
        if header is None or now < self._not_before or not self._reconnect_seconds:
            return False
        owing = self._said.owed_seconds > header.look_ahead_seconds + CHECK_SECONDS
        if owing and not self._owing:
            self._owed = now
        self._owing = owing
        if owing:
            return now - max(self._owed, self._heard, waiting_since) > FRAME_SECONDS
        idle_seconds = max(IDLE_FRAME_SECONDS, FRAME_SECONDS + header.look_ahead_seconds)
        return not self._said.speaking and now - max(self._heard, waiting_since) > idle_seconds


def tries(addresses: tuple[str, ...], lost: str) -> Iterator[tuple[str, float]]:
    """Addresses with the pause before each: those after the one that was lost first, again and again."""
    at = addresses.index(lost)
    order, pause = [*addresses[at + 1 :], *addresses[: at + 1]], 0.0
    while True:
        for number, address in enumerate(order):
            yield address, 0.0 if number else pause
        pause = min(max(_FIRST_PAUSE_SECONDS, 2 * pause), _LONGEST_PAUSE_SECONDS)


def is_same_motion(first: Header, other: Header) -> bool:
    """Whether frames of one stream can follow those of another."""
    return (first.fps, first.skeleton.joint_names, first.curve_names, first.coordinate_system) == (
        other.fps, other.skeleton.joint_names, other.curve_names, other.coordinate_system
    )  # fmt: skip
