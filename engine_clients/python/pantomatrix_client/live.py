"""A live stream: speech as it is spoken goes in, frames come out as soon as they are settled."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Unpack

import grpc
import numpy as np

from pantomatrix.v1 import motion_pb2_grpc

from .errors import ServerError, cut_off, server_error
from .live_messages import Event, LiveSpeech, end_request, interrupt_request, options_request
from .live_state import LiveState, Told
from .lookout import ATTEMPT_SECONDS, CHECK_SECONDS, is_lost, may_differ_elsewhere
from .options import Changes, TimedText
from .said import Request
from .servers import Servers


class _Line:
    """One call to one server, by a connection of its own or by the client's."""

    def __init__(self, servers: Servers, address: str, requests: list[Request], channel: Any = None) -> None:
        self.address = address
        self.told = Told()
        self._own = servers.channel(grpc, address, fresh=True) if channel is None else None
        self._requests: queue.SimpleQueue = queue.SimpleQueue()
        for request in requests:
            self.say(request)
        stub = motion_pb2_grpc.MotionServiceStub(channel or self._own)
        self._call = stub.StreamMotion(iter(self._requests.get, None), metadata=servers.metadata)

    def say(self, request: Request) -> None:
        self.told.add(request)
        self._requests.put(request)

    def close(self) -> None:
        """Nothing more is said."""
        self._requests.put(None)

    def end(self) -> None:
        """Break off."""
        self.close()
        self._call.cancel()
        if self._own is not None:
            self._own.close()

    def read(self) -> Any:
        """A response. Raises ServerError, at an end without a summary too."""
        try:
            response = next(self._call, None)
        except grpc.RpcError as error:
            self.close()  # a thread of grpc's waits for what is said
            raise server_error(error, self.address) from None
        if response is None:
            raise cut_off("the stream")
        return response

    def first(self, within_seconds: float) -> Any:
        """The header's response. Raises ServerError."""
        is_late = threading.Event()

        def give_up() -> None:
            is_late.set()
            self._call.cancel()

        timer = threading.Timer(within_seconds, give_up)
        timer.daemon = True
        timer.start()
        try:
            return self.read()
        except ServerError:
            if is_late.is_set():
                raise ServerError(f"no answer came from {self.address} in time", "DEADLINE_EXCEEDED") from None
            raise
        finally:
            timer.cancel()


class LiveMotion:
    """An open stream. One thread may speak while another iterates over what comes; `header` is there at once.

    Where its server, the connection or the network is lost, it continues at the next of the client's addresses, or at the
    same one, for up to `reconnect_seconds`: no frame is left out or comes twice, and a GoneOn comes. Iteration ends after
    `close`, when the last frame has come. Everything raises ServerError.
    """

    def __init__(
        self,
        servers: Servers,
        channel: Any,
        address: str,
        first: Request,
        speech: LiveSpeech,
        reconnect_seconds: float,
        open_seconds: float,
    ) -> None:
        self._servers, self._speech = servers, speech
        self._state = LiveState(first, speech, servers.addresses, reconnect_seconds, time.monotonic())
        self._lock = threading.RLock()
        self._closed = self._given_up = False
        self._over = threading.Event()
        self._waiting_since: float | None = None
        self._lines: set[_Line] = set()
        """All that are told what is said: the one that is read, and what may follow it."""
        self._ready: _Line | None = None
        self._line = self._told(_Line(servers, address, [first], channel))
        try:
            self.header = self._state.begin(self._line.first(open_seconds))
        except BaseException:
            self._line.end()
            raise
        threading.Thread(target=self._watch, name="watch of a live stream", daemon=True).start()

    def push(self, samples: np.ndarray, timed_text: TimedText | None = None) -> None:
        """Speak. samples: (S,) or (S, channels) of the dtype that the stream was opened with; any number, up to 10 s.
        timed_text: what is said in them or in what follows, as far as it is known, in seconds since the utterance began.
        It has most effect where it comes with its sound or earlier, with no samples too."""
        self._say(self._speech.audio_request(samples, timed_text))

    def end_utterance(self) -> None:
        """A sentence is over: its frames come, the mouth closes, the body idles."""
        self._say(end_request())

    def interrupt(self, played_seconds: float | None = None) -> None:
        """Stop talking at once: speech that was pushed and not played is dropped. played_seconds: what the listener has seen,
        on the stream's clock; later frames come again with the mouth shut."""
        self._say(interrupt_request(played_seconds))

    def change(self, **changes: Unpack[Changes]) -> None:
        """What is given changes, in mid-sentence too, and the rest stays. at_seconds: when, on the stream's clock, 0 for at
        once; without it where it stands among what is pushed. A Refusal comes where it cannot be done."""
        self._say(options_request(changes))

    def close(self) -> None:
        """Nothing more will be said; the frames that are due still come."""
        with self._lock:
            if not self._closed:
                self._closed = True
                for line in self._lines:
                    line.close()

    def _say(self, request: Request) -> None:
        with self._lock:
            if not self._closed:
                self._state.said.add(request)
                for line in self._lines:
                    line.say(request)

    def _told(self, line: _Line) -> _Line:
        """From now on, until it is dropped."""
        self._lines.add(line)
        if self._closed:
            line.close()
        return line

    def _drop(self, line: _Line) -> None:
        with self._lock:
            self._lines.discard(line)
        line.end()

    def __iter__(self) -> Iterator[Event]:
        while not self._state.is_whole:
            try:
                events = self._next_events()
            except ServerError:
                self._leave()
                raise
            yield from events
        self._leave()

    def _next_events(self) -> list[Event]:
        try:
            response = self._read()
        except ServerError as error:
            if self._given_up:
                raise ServerError("the stream was left before its end", "CANCELLED") from None
            return [self._taken_up(error)]
        with self._lock:
            events = list(self._state.events(response, self._line.told, time.monotonic()))
        if self._state.should_leave(time.monotonic()) and (gone := self._left()) is not None:
            events.append(gone)
        return events

    def __enter__(self) -> LiveMotion:
        return self

    def __exit__(self, *error: object) -> None:
        self.cancel()

    def cancel(self) -> None:
        """Break off."""
        self.close()
        self._given_up = True
        self._leave()

    def _leave(self) -> None:
        self._over.set()
        for line in tuple(self._lines):
            self._drop(line)

    def _read(self) -> Any:
        self._waiting_since = time.monotonic()
        try:
            return self._line.read()
        finally:
            self._waiting_since = None

    def _taken_up(self, lost: ServerError) -> Event:
        """Where the lost stream continues. Raises the error that it was lost by, if nobody takes it."""
        with self._lock:
            ready, self._ready = self._ready, None
        if ready is None:
            if not is_lost(lost):
                raise lost
            ready = self._found(lost)
        return self._at(ready, lost=True)

    def _found(self, lost: ServerError) -> _Line:
        while (found := self._state.lookout.next_try(self._line.address, time.monotonic())) is not None:
            address, pause = found
            if self._over.wait(pause):
                break
            line, error = self._tried(address)
            if line is not None:
                return line
            if error is not None and not may_differ_elsewhere(error):
                raise error
        raise lost

    def _left(self) -> Event | None:
        """The stream at another server before this one ends; None where nobody takes it yet."""
        line = self._elsewhere(self._line, self._over.is_set)
        return None if line is None else self._at(line, lost=False)

    def _elsewhere(self, former: _Line, is_over: Callable[[], bool]) -> _Line | None:
        """At each address once, while the former line is still there."""
        for address in self._state.lookout.others(former.address):
            line, _ = self._tried(address)
            if line is not None or is_over():
                return line
        return None

    def _tried(self, address: str) -> tuple[_Line | None, ServerError | None]:
        """A line on which the stream continues, or why there is none."""
        with self._lock:
            line = self._told(_Line(self._servers, address, self._state.said.again()))
        try:
            self._state.begin(line.first(ATTEMPT_SECONDS))
        except ServerError as error:
            self._drop(line)
            return None, error
        return line, None

    def _at(self, line: _Line, *, lost: bool) -> Event:
        with self._lock:
            former, self._line = self._line, line
            ready, self._ready = self._ready, None
            event = self._state.gone_on(line.address, time.monotonic(), lost=lost)
        for other in (former, ready):
            if other is not None and other is not line:
                self._drop(other)
        return event

    def _watch(self) -> None:
        """Where a frame is overdue, look for another server, and take it if none has come until then."""
        while not self._over.wait(CHECK_SECONDS):
            since, line, heard = self._waiting_since, self._line, self._state.heard_at
            with self._lock:
                overdue = since is not None and self._state.lookout.is_overdue(time.monotonic(), since)
            if not overdue:
                continue
            self._look_elsewhere(line, heard)

    def _look_elsewhere(self, line: _Line, heard: float) -> None:
        """heard: when something came on this line last."""
        ready = self._elsewhere(line, lambda: self._state.heard_at != heard)
        with self._lock:
            is_silent = self._line is line and self._state.heard_at == heard and not self._over.is_set()
            if ready is not None and is_silent:
                self._ready, ready = ready, None
                line.end()
            else:
                self._state.lookout.tried(time.monotonic())
        if ready is not None:
            self._drop(ready)
