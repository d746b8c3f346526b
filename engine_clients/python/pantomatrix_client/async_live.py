"""`LiveMotion` for asyncio."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any, Unpack

import grpc
import numpy as np

from pantomatrix.v1 import motion_pb2_grpc

from .errors import TRY_THE_NEXT, ServerError, all_of, cut_off, server_error
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
        self._own = servers.channel(grpc.aio, address, fresh=True) if channel is None else None
        self._requests: asyncio.Queue = asyncio.Queue()
        for request in requests:
            self.say(request)
        stub = motion_pb2_grpc.MotionServiceStub(channel or self._own)
        self._call = stub.StreamMotion(self._said(), metadata=servers.metadata)

    async def _said(self) -> AsyncIterator[Request]:
        while (request := await self._requests.get()) is not None:
            yield request

    def say(self, request: Request) -> None:
        self.told.add(request)
        self._requests.put_nowait(request)

    def close(self) -> None:
        """Nothing more is said."""
        self._requests.put_nowait(None)

    def end(self) -> None:
        """Break off."""
        self.close()
        self._call.cancel()

    async def forget(self) -> None:
        """Break off, and end the connection."""
        self.end()
        if self._own is not None:
            await self._own.close()

    async def read(self) -> Any:
        """A response. Raises ServerError, at an end without a summary too."""
        try:
            response = await self._call.read()
        except grpc.RpcError as error:
            raise server_error(error, self.address) from None
        except asyncio.CancelledError:
            if not self._call.cancelled() or asyncio.current_task().cancelling():  # type: ignore[union-attr]
                raise
            raise ServerError(f"the call to {self.address} was cut off", "UNAVAILABLE") from None
        if response is grpc.aio.EOF:  # type: ignore[attr-defined]
            raise cut_off("the stream")
        return response

    async def first(self, within_seconds: float) -> Any:
        """The header's response. Raises ServerError."""
        try:
            async with asyncio.timeout(within_seconds):
                return await self.read()
        except TimeoutError:
            raise ServerError(f"no answer came from {self.address} in time", "DEADLINE_EXCEEDED") from None


class AsyncLiveMotion:
    """See LiveMotion. Opened by `async with`."""

    def __init__(
        self,
        servers: Servers,
        channels: Mapping[str, Any],
        first: Request,
        speech: LiveSpeech,
        reconnect_seconds: float,
        open_seconds: float,
    ) -> None:
        self._open_seconds = open_seconds
        self._servers, self._channels, self._speech = servers, channels, speech
        self._state = LiveState(first, speech, servers.addresses, reconnect_seconds, time.monotonic())
        self._lines: set[_Line] = set()
        """All that are told what is said: the one that is read, and what may follow it."""
        self._line: _Line | None = None
        self._closed = self._given_up = False

    async def __aenter__(self) -> AsyncLiveMotion:
        failed = []
        for address, channel in self._channels.items():
            try:
                return await self._opened(address, channel)
            except ServerError as error:
                failed.append(error)
                if error.code not in TRY_THE_NEXT:
                    break
        raise all_of(failed)

    async def _opened(self, address: str, channel: Any) -> AsyncLiveMotion:
        self._line = self._told(_Line(self._servers, address, self._state.said.again(), channel))
        try:
            self.header = self._state.begin(
                await self._line.first(self._servers.open_seconds(address, self._open_seconds))
            )
        except BaseException:
            await self._drop(self._line)
            raise
        return self

    async def __aexit__(self, *error: object) -> None:
        self.cancel()
        for line in tuple(self._lines):
            await self._drop(line)

    def push(self, samples: np.ndarray, timed_text: TimedText | None = None) -> None:
        """See LiveMotion."""
        self._say(self._speech.audio_request(samples, timed_text))

    def end_utterance(self) -> None:
        """See LiveMotion."""
        self._say(end_request())

    def interrupt(self, played_seconds: float | None = None) -> None:
        """See LiveMotion."""
        self._say(interrupt_request(played_seconds))

    def change(self, **changes: Unpack[Changes]) -> None:
        """See LiveMotion."""
        self._say(options_request(changes))

    def close(self) -> None:
        """See LiveMotion."""
        if not self._closed:
            self._closed = True
            for line in self._lines:
                line.close()

    def cancel(self) -> None:
        """See LiveMotion."""
        self.close()
        self._given_up = True
        for line in self._lines:
            line.end()

    def _say(self, request: Request) -> None:
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

    async def _drop(self, line: _Line) -> None:
        self._lines.discard(line)
        await line.forget()

    async def __aiter__(self) -> AsyncIterator[Event]:
        while not self._state.is_whole:
            assert self._line is not None
            try:
                response = await self._next()
            except ServerError as error:
                if self._given_up:
                    raise ServerError("the stream was left before its end", "CANCELLED") from None
                if not is_lost(error):
                    raise
                yield await self._at(await self._found(error), lost=True)
                continue
            if isinstance(response, _Line):
                yield await self._at(response, lost=True)
                continue
            for event in self._state.events(response, self._line.told, time.monotonic()):
                yield event
            if (
                self._state.should_leave(time.monotonic())
                and (line := await self._elsewhere(lambda: self._given_up)) is not None
            ):
                yield await self._at(line, lost=False)

    async def _next(self) -> Any:
        """The next response; where it is overdue and another server takes the stream before it comes, the line there."""
        assert self._line is not None
        since, lookout = time.monotonic(), self._state.lookout
        reading = asyncio.create_task(self._line.read())
        try:
            while not reading.done():
                await asyncio.wait((reading,), timeout=CHECK_SECONDS)
                if not reading.done() and lookout.is_overdue(time.monotonic(), since):
                    line = await self._elsewhere(reading.done)
                    if line is not None and not reading.done():
                        return line
                    lookout.tried(time.monotonic())
                    if line is not None:
                        await self._drop(line)
            return reading.result()
        finally:
            reading.cancel()

    async def _found(self, lost: ServerError) -> _Line:
        """A line on which the stream continues. Raises the error that it was lost by, if nobody takes it."""
        assert self._line is not None
        while (found := self._state.lookout.next_try(self._line.address, time.monotonic())) is not None:
            address, pause = found
            await asyncio.sleep(pause)
            if self._given_up:
                break
            line, error = await self._tried(address)
            if line is not None:
                return line
            if error is not None and not may_differ_elsewhere(error):
                raise error
        raise lost

    async def _elsewhere(self, is_over: Callable[[], bool]) -> _Line | None:
        """At each address once, while the former line is still there."""
        assert self._line is not None
        for address in self._state.lookout.others(self._line.address):
            line, _ = await self._tried(address)
            if line is not None or is_over():
                return line
        return None

    async def _tried(self, address: str) -> tuple[_Line | None, ServerError | None]:
        """A line on which the stream continues, or why there is none."""
        line = self._told(_Line(self._servers, address, self._state.said.again()))
        try:
            self._state.begin(await line.first(ATTEMPT_SECONDS))
        except ServerError as error:
            await self._drop(line)
            return None, error
        return line, None

    async def _at(self, line: _Line, *, lost: bool) -> Event:
        former, self._line = self._line, line
        event = self._state.gone_on(line.address, time.monotonic(), lost=lost)
        if former is not None:
            await self._drop(former)
        return event
