"""What the two kinds of live streams, for threads and for asyncio, have in common. Nothing here reads or writes."""

from __future__ import annotations

import math
from collections.abc import Iterator

from pantomatrix.v1 import motion_pb2

from .errors import ServerError
from .live_messages import Event, GoneOn, LiveSpeech, event_of
from .lookout import Lookout, is_same_motion
from .motion import FrameBlock, Header
from .said import Request, Said

_STAYS_SECONDS = 5.0


class Told:
    """The messages of one call, so that it is known which a refusal answers."""

    def __init__(self) -> None:
        self._count = 0
        self._changes: dict[int, Request] = {}

    def add(self, request: Request) -> None:
        """The next message."""
        if request.HasField("options"):
            self._changes[self._count] = request
        self._count += 1

    def change(self, index: int) -> Request | None:
        """The options that were the message of this number."""
        return self._changes.pop(index, None)


class LiveState:
    """A stream, whichever server it is at."""

    def __init__(
        self, first: Request, speech: LiveSpeech, addresses: tuple[str, ...], reconnect_seconds: float, now: float
    ) -> None:
        self.said = Said(first, speech.bytes_per_second)
        self.lookout = Lookout(self.said, addresses, reconnect_seconds, now)
        self.heard_at = now
        self.is_whole = False
        """Whether the summary has come."""
        self._leave_by: float | None = None
        self._moved_at = -math.inf

    def begin(self, response: motion_pb2.StreamMotionResponse) -> Header:
        """The first response of a call: the header, of the same motion as before. Raises ServerError."""
        header = Header.from_message(response.header)
        if self.said.header is None:
            self.said.header = header
        elif not is_same_motion(self.said.header, header):
            raise ServerError(
                "the other server makes another motion: joints, curves or fps differ", "FAILED_PRECONDITION"
            )
        elif "resume" not in header.features:
            raise ServerError("the other server cannot go on with a stream", "FAILED_PRECONDITION")
        return header

    def events(self, response: motion_pb2.StreamMotionResponse, told: Told, now: float) -> Iterator[Event]:
        """What a response is to the caller."""
        self.heard_at = now
        self.lookout.heard(now, frame=response.HasField("frames"))
        self.said.hear(response)
        match response.WhichOneof("message"):
            case "frames":
                assert self.said.header is not None
                block = self.said.take(FrameBlock.from_message(response.frames, self.said.header))
                if block is not None:
                    yield block
                return
            case "refusal":
                change = told.change(response.refusal.request_index)
                if change is not None:
                    self.said.refused(change)
            case "move":
                self._leave_by = now + response.move.within_seconds / 2
            case "summary":
                self.is_whole = True
        event = event_of(response)
        if event is not None:
            yield event

    def should_leave(self, now: float) -> bool:
        """Whether the server is about to end and it is time to go: between utterances, else halfway to its end. One that it
        was just left for, since there is no other, is not left again at once."""
        early = not self.said.speaking and now > self._moved_at + _STAYS_SECONDS
        return self._leave_by is not None and (early or now > self._leave_by)

    def gone_on(self, address: str, now: float, *, lost: bool) -> GoneOn:
        """At another server."""
        self._leave_by = None
        seconds = now - self.heard_at if lost else 0.0
        if not lost:
            self._moved_at = now
        self.heard_at = now
        self.lookout.gone_on(now)
        return GoneOn(address, self.said.next_frame, seconds)
