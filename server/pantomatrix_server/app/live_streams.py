"""Live streams: audio as it is spoken goes in, frames come out, idle motion while nobody speaks."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Generic, TypeAlias, TypeVar

from pantomatrix_converters.errors import InvalidInputError
from pantomatrix_models.audio.pcm import PcmFormat
from pantomatrix_models.errors import CapabilityError, OptionError
from pantomatrix_models.generation import Generation
from pantomatrix_models.live import LiveFrames, LiveSession, UtteranceEnded, check_timing
from pantomatrix_models.model import LiveTiming, Push
from pantomatrix_models.options import MotionOptions

from ..errors import SilentCallerError
from . import metrics
from .batching import Batcher
from .callers import within_quota
from .compute import Compute
from .events import Frames, MotionEnded, Pack, Timings
from .planning import Planner

_FIRST_IDLE_AFTER_SECONDS, _IDLE_AFTER_SECONDS, _IDLE_STEP_SECONDS = 1.0, 0.25, 0.1
"""How long nothing may come, at first and between utterances, before idle motion continues, and in what steps it is sent."""
_MOST_WAITING = 64
"""Inputs that are read ahead."""

T = TypeVar("T")


@dataclass(frozen=True)
class LiveStart:
    """Opens the stream. echo_audio: give each chunk back, with its time, before the frames that it settles."""

    options: MotionOptions
    format: PcmFormat
    timing: LiveTiming = LiveTiming()  # noqa: RUF009
    echo_audio: bool = False


@dataclass(frozen=True)
class LiveAudio:
    """What was said. samples: interleaved, in the stream's format."""

    samples: bytes


@dataclass(frozen=True)
class EndOfUtterance:
    """The speaker has finished a sentence."""


@dataclass(frozen=True)
class Interrupt:
    """Stop talking: audio that has not become a frame yet is dropped."""


@dataclass(frozen=True)
class LiveChange:
    """Options from the next utterance on. replaced: by their names in MotionOptions; the others stay."""

    replaced: Mapping[str, Any]


@dataclass(frozen=True)
class _Idle:
    """Nothing came. seconds: how far idle motion is behind the clock."""

    seconds: float


LiveInput: TypeAlias = LiveStart | LiveAudio | EndOfUtterance | Interrupt | LiveChange


@dataclass(frozen=True, eq=False)
class LiveBegun:
    """What is known before the first frame."""

    generation: Generation
    look_ahead_seconds: float


@dataclass(frozen=True)
class LiveEcho:
    """A chunk of the caller's audio. start_seconds: of its first sample, on the stream's clock."""

    start_seconds: float
    samples: bytes


LiveEvent: TypeAlias = LiveBegun | LiveEcho | Frames[T] | UtteranceEnded | MotionEnded


class LiveStreams:
    """Serves live callers. silent_caller_seconds: who says nothing for so long, first or in mid-utterance, is cut off."""

    def __init__(self, planner: Planner, compute: Compute, silent_caller_seconds: float) -> None:
        self._planner, self._compute, self._silent_caller_seconds = planner, compute, silent_caller_seconds

    async def serve(
        self, inputs: AsyncIterator[LiveInput], packing: Callable[[Generation], Pack[T]]
    ) -> AsyncGenerator[LiveEvent[T]]:
        """LiveBegun first, MotionEnded last, after the inputs have ended. Reads no further while its events are not taken,
        so a slow caller is held back by the transport itself. packing: how this stream's frames are packed.

        Raises OptionError, AudioError, LimitError, CapabilityError, SilentCallerError, OverloadedError, QuotaError, and what
        `Planner.plan`, the model and `inputs` raise.
        """
        if self._compute.streams.takes_none:
            raise CapabilityError("this server serves no live streams: its max_streams is 0")
        async with within_quota(streams=True), self._compute.streams.place():
            incoming = _Incoming(inputs, self._silent_caller_seconds)
            try:
                start = await incoming.first()
                check_timing(start.timing)
                generation = await self._planner.plan(start.options)
                live = await asyncio.to_thread(LiveSession, generation, start.format, start.timing)
                yield LiveBegun(generation, live.look_ahead_seconds)
                with self._compute.batcher(live.model) as batcher:
                    stream = _Stream(live, batcher, packing(generation))
                    async for given in incoming.each(live):
                        if isinstance(given, LiveChange):
                            generation = await self._planner.plan(replace(generation.options, **given.replaced))
                            live.change(generation)
                            continue
                        chunks: list[bytes] = []
                        if isinstance(given, LiveAudio):
                            chunks = [given.samples, *incoming.more_audio(live.bytes_a_second)]
                        if start.echo_audio:
                            for echo in stream.echo(chunks):
                                yield echo
                        for event in await stream.events(stream.step(given, chunks)):
                            yield event
                    for event in await stream.events(live.finish):
                        yield event
                    yield stream.ended()
            finally:
                incoming.stop()


class _Stream(Generic[T]):
    """The work of one stream."""

    def __init__(self, live: LiveSession, batcher: Batcher, pack: Pack[T]) -> None:
        self._live, self._batcher, self._pack = live, batcher, pack
        self._model = live.model.info.name
        self._sent = 0
        self._audio_bytes = 0
        self._compute_seconds = 0.0

    def step(self, given: LiveInput | _Idle, chunks: list[bytes]) -> Callable[[], Push]:
        """What makes the push that an input asks for. Raises OptionError."""
        match given:
            case LiveAudio():
                return partial(self._push, chunks)
            case _Idle(seconds):
                return partial(self._live.idle, seconds)
            case EndOfUtterance():
                return self._live.end_utterance
            case Interrupt():
                return self._live.interrupt
        raise OptionError("start may come only once", "start")

    def echo(self, chunks: list[bytes]) -> Iterator[LiveEcho]:
        """The chunks with their times, before they are heard."""
        seconds = self._live.seconds
        for samples in filter(None, chunks):
            yield LiveEcho(seconds, samples)
            seconds += len(samples) / self._live.bytes_a_second

    def _push(self, chunks: list[bytes]) -> Push:
        try:
            push = self._live.push(*chunks)
        except InvalidInputError as error:
            error.field = "audio.samples"
            raise
        heard = sum(map(len, chunks))
        self._audio_bytes += heard
        metrics.AUDIO_SECONDS.labels(self._model).inc(heard / self._live.bytes_a_second)
        return push

    async def events(self, begin: Callable[[], Push]) -> list[Frames[T] | UtteranceEnded]:
        """The events of one push. Frames are packed in the thread that computes them."""
        started = time.monotonic()
        try:
            return await self._batcher.run(begin, lambda motion: self._packed(self._live.take(motion)))
        finally:
            self._compute_seconds += time.monotonic() - started

    def _packed(self, made: LiveFrames) -> list[Frames[T] | UtteranceEnded]:
        events: list[Frames[T] | UtteranceEnded] = []
        count = len(made.motion)
        if count:
            events.append(Frames(self._sent, count, self._pack(made.motion, self._sent)))
            self._sent += count
            metrics.FRAMES.labels(self._model).inc(count)
        if made.ended is not None:
            events.append(made.ended)
        return events

    def ended(self) -> MotionEnded:
        """Counted, and how it went."""
        audio_seconds = self._audio_bytes / self._live.bytes_a_second
        if audio_seconds:
            metrics.REAL_TIME_FACTOR.labels(self._model).observe(self._compute_seconds / audio_seconds)
        return MotionEnded(self._sent, audio_seconds, Timings(compute=self._compute_seconds))


class _Incoming:
    """The caller's inputs, read ahead so that audio which came while the last was computed is heard in one go; and between
    utterances the passing of time. Where _MOST_WAITING wait, no more are read."""

    def __init__(self, inputs: AsyncIterator[LiveInput], silent_caller_seconds: float) -> None:
        self._silent_caller_seconds = silent_caller_seconds
        self._waiting: deque[LiveInput] = deque()
        self._arrived, self._room = asyncio.Event(), asyncio.Event()
        self._reader = asyncio.create_task(self._read(inputs))
        self._reader.add_done_callback(lambda _: self._arrived.set())

    async def first(self) -> LiveStart:
        """What opens the stream. Raises OptionError, SilentCallerError."""
        if not await self._comes(self._silent_caller_seconds):
            raise SilentCallerError(f"no start came for {self._silent_caller_seconds:g} s")
        first = self._take() if self._waiting else None
        if not isinstance(first, LiveStart):
            raise OptionError("the first request has to be start", "start")
        return first

    async def _read(self, inputs: AsyncIterator[LiveInput]) -> None:
        async for given in inputs:
            self._waiting.append(given)
            self._arrived.set()
            while len(self._waiting) >= _MOST_WAITING:
                self._room.clear()
                await self._room.wait()

    def _take(self) -> LiveInput:
        given = self._waiting.popleft()
        self._room.set()
        return given

    async def each(self, live: LiveSession) -> AsyncIterator[LiveInput | _Idle]:
        """Inputs until the caller closes its side, and _Idle where none comes. Raises SilentCallerError."""
        idle_from, wait = time.monotonic(), _FIRST_IDLE_AFTER_SECONDS
        while True:
            while not await self._comes(self._silent_caller_seconds if live.speaking else wait):
                if live.speaking:
                    raise SilentCallerError(f"nothing came for {self._silent_caller_seconds:g} s in mid-utterance")
                now = time.monotonic()
                yield _Idle(now - idle_from)
                idle_from, wait = now, _IDLE_STEP_SECONDS
            if not self._waiting:
                return
            yield self._take()
            idle_from, wait = time.monotonic(), _IDLE_AFTER_SECONDS

    async def _comes(self, seconds: float) -> bool:
        """Whether an input, or the end of all, comes within these seconds."""
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
        """Chunks that wait already and follow the one that was just taken, until there are `most_bytes` of them."""
        while self._waiting and most_bytes > 0 and isinstance(chunk := self._waiting[0], LiveAudio):
            self._take()
            most_bytes -= len(chunk.samples)
            yield chunk.samples

    def stop(self) -> None:
        """Read nothing more."""
        self._reader.cancel()
