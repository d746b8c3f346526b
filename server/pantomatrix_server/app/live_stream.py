"""One StreamMotion call: requests in, responses out, idle motion while nobody speaks."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Iterator
from functools import partial
from typing import TypeAlias

from pantomatrix.v1 import frames_pb2, motion_pb2
from pantomatrix_converters.errors import InvalidInputError
from pantomatrix_models.errors import OptionError
from pantomatrix_models.generation import Generation
from pantomatrix_models.live import Heard, LiveSession
from pantomatrix_models.model import LiveTiming
from pantomatrix_models.options import MotionOptions

from .. import metrics
from ..errors import SilentCallerError
from ..tokens import caller, within_quota
from ..transports.call import request_id
from ..wire.audio import pcm_format_from_message
from ..wire.durations import duration
from ..wire.frames import frame_block, header_message, timings_message
from ..wire.motion import changed_options
from ..wire.options import options_from_message
from .batching import Batcher, Step
from .compute import Workers

_FIRST_IDLE_AFTER_SECONDS, _IDLE_AFTER_SECONDS, _IDLE_STEP_SECONDS = 1.0, 0.25, 0.1
"""How long nothing may come, at first and between utterances, before idle motion goes on, and in what steps it is sent."""
MAX_LOOK_AHEAD_SECONDS = 0.5
_HOP_SECONDS = (0.03, 2.0)
_MOST_WAITING = 64
"""Requests that are read ahead."""

Request: TypeAlias = motion_pb2.StreamMotionRequest
Response: TypeAlias = motion_pb2.StreamMotionResponse
_NOTHING_CAME = Request()


class LiveStream:
    """Reads no further while its answers are not taken, so a slow caller is held back by the transport itself."""

    def __init__(
        self, plan: Callable[[MotionOptions], Awaitable[Generation]], workers: Workers, silent_caller_seconds: float
    ) -> None:
        self._plan, self._workers, self._silent_caller_seconds = plan, workers, silent_caller_seconds
        self._sent = 0
        self._audio_bytes = 0
        self._compute_seconds = 0.0

    async def serve(self, requests: AsyncIterator[Request]) -> AsyncGenerator[Response]:
        """All responses of the call. Raises what the services' errors are made of."""
        async with within_quota(streams=True), self._workers.streams.place():
            incoming = _Incoming(requests, self._silent_caller_seconds)
            try:
                start = await incoming.first()
                pcm = pcm_format_from_message(start.format, "start.format")
                generation = await self._plan(options_from_message(start.options))
                caller.get().check_model(generation.model.info.name)
                timing = LiveTiming(
                    _seconds(start, "hop", _HOP_SECONDS), _seconds(start, "look_ahead", (0.0, MAX_LOOK_AHEAD_SECONDS))
                )
                live = await asyncio.to_thread(LiveSession, generation, pcm, timing)
                yield Response(header=header_message(generation, live.look_ahead_seconds, request_id.get()))
                with self._workers.batcher(live.model) as batcher:
                    bytes_a_second = live.bytes_a_second
                    async for request, idle_seconds in incoming.each(live):
                        kind = request.WhichOneof("message")
                        if kind == "options":
                            generation = await self._plan(changed_options(generation.options, request.options))
                            live.change(generation)
                            continue
                        chunks = [request.audio.samples] if kind == "audio" else []
                        if chunks:
                            chunks += incoming.more_audio(bytes_a_second)
                            for response in self._echo(live, chunks, bytes_a_second) if start.echo_audio else ():
                                yield response
                        begin = self._step(live, kind if request is not _NOTHING_CAME else "idle", chunks, idle_seconds)
                        for response in await self._responses(batcher, begin, generation):
                            yield response
                    for response in await self._responses(batcher, live.finish, generation):
                        yield response
                    yield Response(summary=self._summary(bytes_a_second))
                    self._observe(live.model.info.name, bytes_a_second)
            finally:
                incoming.stop()

    def _step(
        self, live: LiveSession, kind: str | None, chunks: list[bytes], idle_seconds: float
    ) -> Callable[[], Step[Heard]]:
        match kind:
            case "audio":
                return partial(self._push, live, chunks)
            case "idle":
                return partial(live.idle, idle_seconds)
            case "end_of_utterance":
                return live.end_utterance
            case "interrupt":
                return live.interrupt
            case "start":
                raise OptionError("start may come only once", "start")
        raise OptionError("a request without a message", "message")

    def _echo(self, live: LiveSession, chunks: list[bytes], bytes_a_second: int) -> Iterator[Response]:
        seconds = live.seconds
        for samples in filter(None, chunks):
            yield Response(audio=motion_pb2.AudioEcho(start=duration(seconds), samples=samples))
            seconds += len(samples) / bytes_a_second

    def _push(self, live: LiveSession, chunks: list[bytes]) -> Step[Heard]:
        try:
            step = live.push(*chunks)
        except InvalidInputError as error:
            error.field = "audio.samples"
            raise
        heard = sum(map(len, chunks))
        self._audio_bytes += heard
        metrics.AUDIO_SECONDS.labels(live.model.info.name).inc(heard / live.bytes_a_second)
        return step

    async def _responses(
        self, batcher: Batcher, begin: Callable[[], Step[Heard]], generation: Generation
    ) -> list[Response]:
        """What a step comes to. Messages are made where the step is computed."""

        def step() -> Step[list[Response]]:
            begun = begin()
            return Step(begun.push, lambda motion: self._messages(begun.finish(motion), generation))

        started = time.monotonic()
        try:
            return await batcher.run(step)
        finally:
            self._compute_seconds += time.monotonic() - started

    def _messages(self, heard: Heard, generation: Generation) -> list[Response]:
        messages = []
        if len(heard.motion):
            block = frame_block(heard.motion, self._sent, generation.options.coordinates)
            messages.append(Response(frames=block))
            self._sent += len(heard.motion)
            metrics.FRAMES.labels(generation.model.info.name).inc(len(heard.motion))
        if heard.ended is not None:
            ended = heard.ended
            messages.append(
                Response(
                    utterance_end=motion_pb2.UtteranceEnd(
                        utterance=ended.utterance, end_frame=ended.end_frame, interrupted=ended.interrupted
                    )
                )
            )
        return messages

    def _observe(self, model: str, bytes_a_second: int) -> None:
        if self._audio_bytes:
            metrics.REAL_TIME_FACTOR.labels(model).observe(self._compute_seconds * bytes_a_second / self._audio_bytes)

    def _summary(self, bytes_a_second: int) -> frames_pb2.MotionSummary:
        return frames_pb2.MotionSummary(
            frame_count=self._sent,
            audio_duration=duration(self._audio_bytes / bytes_a_second),
            timings=timings_message(queue=0.0, decode=0.0, compute=self._compute_seconds),
        )


class _Incoming:
    """The caller's requests, read ahead so that audio which came while the last was computed is heard in one go; and between
    utterances the passing of time. Where _MOST_WAITING wait, no more are read."""

    def __init__(self, requests: AsyncIterator[Request], silent_caller_seconds: float) -> None:
        self._silent_caller_seconds = silent_caller_seconds
        self._waiting: deque[Request] = deque()
        self._arrived, self._room = asyncio.Event(), asyncio.Event()
        self._reader = asyncio.create_task(self._read(requests))
        self._reader.add_done_callback(lambda _: self._arrived.set())

    async def first(self) -> motion_pb2.StreamStart:
        """What opens the stream. Raises OptionError, SilentCallerError."""
        if not await self._comes(self._silent_caller_seconds):
            raise SilentCallerError(f"no start came for {self._silent_caller_seconds:g} s")
        request = self._take() if self._waiting else None
        if request is None or request.WhichOneof("message") != "start":
            raise OptionError("the first request has to be start", "start")
        return request.start

    async def _read(self, requests: AsyncIterator[Request]) -> None:
        async for request in requests:
            self._waiting.append(request)
            self._arrived.set()
            while len(self._waiting) >= _MOST_WAITING:
                self._room.clear()
                await self._room.wait()

    def _take(self) -> Request:
        request = self._waiting.popleft()
        self._room.set()
        return request

    async def each(self, live: LiveSession) -> AsyncIterator[tuple[Request, float]]:
        """Requests until the caller closes its side; _NOTHING_CAME with the seconds that idle motion is behind the clock.
        Raises SilentCallerError."""
        idle_from, wait = time.monotonic(), _FIRST_IDLE_AFTER_SECONDS
        while True:
            while not await self._comes(self._silent_caller_seconds if live.speaking else wait):
                if live.speaking:
                    raise SilentCallerError(f"nothing came for {self._silent_caller_seconds:g} s in mid-utterance")
                now = time.monotonic()
                yield _NOTHING_CAME, now - idle_from
                idle_from, wait = now, _IDLE_STEP_SECONDS
            if not self._waiting:
                return
            yield self._take(), 0.0
            idle_from, wait = time.monotonic(), _IDLE_AFTER_SECONDS

    async def _comes(self, seconds: float) -> bool:
        """Whether a request, or the end of all, comes within so many seconds."""
        while not self._waiting:
            if self._reader.done():
                self._reader.result()
                return True
            self._arrived.clear()
            try:
                async with asyncio.timeout(seconds):
                    await self._arrived.wait()
            except TimeoutError:
                return False
        return True

    def more_audio(self, most_bytes: int) -> Iterator[bytes]:
        """Chunks that wait already and follow the one that was just taken, until there are so many bytes."""
        while self._waiting and most_bytes > 0 and self._waiting[0].WhichOneof("message") == "audio":
            chunk = self._take().audio.samples
            most_bytes -= len(chunk)
            yield chunk

    def stop(self) -> None:
        """Read nothing more."""
        self._reader.cancel()


def _seconds(start: motion_pb2.StreamStart, field: str, within: tuple[float, float]) -> float | None:
    """A duration of the start's, None if it is not given. Raises OptionError."""
    if not start.HasField(field):  # pyright: ignore[reportArgumentType]
        return None
    seconds = getattr(start, field).ToNanoseconds() / 1e9
    if not within[0] <= seconds <= within[1]:
        raise OptionError(f"{field} is {seconds:g} s, expected {within[0]:g} to {within[1]:g} s", f"start.{field}")
    return seconds
