"""Live streams: audio as it is spoken goes in, frames come out, idle motion while nobody speaks."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeAlias, TypeVar

from pantomatrix_converters.errors import InvalidInputError, PantomatrixError, within_field
from pantomatrix_converters.ranges import Range
from pantomatrix_models.errors import CapabilityError, OptionError
from pantomatrix_models.generation import Generation
from pantomatrix_models.going_on import check_resumed
from pantomatrix_models.live import LiveFrames, LiveSession, UtteranceBegun, UtteranceEnded, check_timing
from pantomatrix_models.model import Push

from ..errors import MessageError
from . import metrics
from .batching import Batcher
from .callers import within_quota
from .compute import Compute
from .events import Frames, MotionEnded, Pack, Timings
from .listener_clock import ListenerClock
from .live_inputs import (
    EndOfUtterance,
    Heard,
    Idle,
    Interrupt,
    LiveChange,
    LiveInput,
    LiveInputs,
    LiveMove,
    NotFollowed,
)
from .planning import Planner

_MAX_AHEAD_SECONDS = Range(0.05, 10.0)

T = TypeVar("T")


@dataclass(frozen=True, eq=False)
class LiveBegun:
    """What is known before the first frame."""

    generation: Generation
    look_ahead_seconds: float
    first_frame: int


@dataclass(frozen=True)
class LiveEcho:
    """A chunk of the caller's audio. start_seconds: of its first sample, on the stream's clock."""

    start_seconds: float
    samples: bytes


@dataclass(frozen=True, eq=False)
class LiveRefusal:
    """An input that was not followed; the stream continues. index: which it was, the start being 0."""

    error: PantomatrixError
    index: int


_Made: TypeAlias = Frames[T] | UtteranceBegun | UtteranceEnded
LiveEvent: TypeAlias = LiveBegun | LiveEcho | _Made[T] | LiveRefusal | LiveMove | MotionEnded


class LiveStreams:
    """Serves live callers. silent_caller_seconds: who says nothing for so long, first or in mid-utterance, is cut off."""

    def __init__(self, planner: Planner, compute: Compute, silent_caller_seconds: float) -> None:
        self._planner, self._compute, self._silent_caller_seconds = planner, compute, silent_caller_seconds
        self._open: set[LiveInputs] = set()
        self._ends_at: float | None = None

    def move(self, within_seconds: float) -> None:
        """Tell all that are open, and those that will be, to go elsewhere."""
        self._ends_at = time.monotonic() + within_seconds
        for incoming in self._open:
            incoming.move(within_seconds)

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
            incoming = LiveInputs(inputs, self._silent_caller_seconds)
            self._open.add(incoming)
            if self._ends_at is not None:
                incoming.move(max(0.0, self._ends_at - time.monotonic()))
            try:
                start = await incoming.first()
                with within_field("start"):
                    check_timing(start.timing)
                    _check_ahead(start.max_ahead_seconds)
                    generation = await self._planner.plan(start.options)
                    with within_field("resume"):
                        resumed = start.resumed(generation) if start.resumed is not None else None
                        if resumed is not None:
                            check_resumed(resumed, generation.fps)
                    live = await asyncio.to_thread(LiveSession, generation, start.format, start.timing, resumed)
                pack = packing(generation)
                yield LiveBegun(generation, live.look_ahead_seconds, live.first_frame)
                listener_seconds = live.first_frame / generation.fps
                clock = ListenerClock(start.max_ahead_seconds, live.look_ahead_seconds, listener_seconds)
                with self._compute.batcher(live.model) as batcher:
                    stream = _Stream(live, batcher, pack)
                    if resumed is not None and resumed.audio_seconds is None:
                        for event in await stream.events(partial(live.idle, 0.0)):
                            yield event
                    async for given in incoming.each(live, clock):
                        if isinstance(given, LiveMove):
                            yield given
                            continue
                        if isinstance(given, NotFollowed):
                            yield LiveRefusal(given.error, given.index)
                            continue
                        if isinstance(given, LiveChange):
                            try:
                                await asyncio.to_thread(live.change, given.replaced, given.at_seconds)
                            except PantomatrixError as error:
                                yield LiveRefusal(error, given.index)
                            continue
                        if isinstance(given, Heard):
                            for told in given.texts:
                                try:
                                    await asyncio.to_thread(live.text.read, told.text)
                                except PantomatrixError as error:
                                    error.field = error.field or "audio.timed_text"
                                    yield LiveRefusal(error, told.index)
                            if start.echo_audio:
                                for echo in stream.echo(given.chunks):
                                    yield echo
                        for event in await stream.events(stream.step(given)):
                            yield event
                    for event in await stream.events(live.finish):
                        yield event
                    yield stream.ended()
            finally:
                self._open.discard(incoming)
                incoming.stop()


def _check_ahead(seconds: float) -> None:
    if seconds and seconds not in _MAX_AHEAD_SECONDS:
        raise OptionError(
            f"max_ahead_seconds is {seconds:g}, expected {_MAX_AHEAD_SECONDS}, or 0 for as soon as it is made",
            "max_ahead_seconds",
        )


class _Stream(Generic[T]):
    """The work of one stream."""

    def __init__(self, live: LiveSession, batcher: Batcher, pack: Pack[T]) -> None:
        self._live, self._batcher, self._pack = live, batcher, pack
        self._model = live.model.info.name
        self._sent = 0
        self._audio_bytes = 0
        self._compute_seconds = 0.0

    def step(self, given: LiveInput | Heard | Idle) -> Callable[[], Push]:
        """What makes the push that an input asks for. Raises MessageError."""
        match given:
            case Heard(chunks, _):
                return partial(self._push, chunks)
            case Idle(seconds):
                return partial(self._live.idle, seconds)
            case EndOfUtterance():
                return self._live.end_utterance
            case Interrupt(played_seconds, dropped):
                return partial(self._live.interrupt, played_seconds, unheard=dropped)
        raise MessageError("start may come only once", "start")

    def echo(self, chunks: Sequence[bytes]) -> Iterator[LiveEcho]:
        """The audio with its times, before it is heard."""
        seconds = self._live.seconds
        for samples in filter(None, chunks):
            yield LiveEcho(seconds, samples)
            seconds += len(samples) / self._live.bytes_a_second

    def _push(self, chunks: Sequence[bytes]) -> Push:
        try:
            push = self._live.push(*chunks)
        except InvalidInputError as error:
            error.field = "audio.samples"
            raise
        heard = sum(map(len, chunks))
        self._audio_bytes += heard
        metrics.AUDIO_SECONDS.labels(self._model).inc(heard / self._live.bytes_a_second)
        return push

    async def events(self, begin: Callable[[], Push]) -> list[_Made[T]]:
        """The events of one push. Frames are packed in the thread that computes them."""
        started = time.monotonic()
        try:
            return await self._batcher.run(begin, lambda motion: self._packed(self._live.take(motion)))
        finally:
            self._compute_seconds += time.monotonic() - started

    def _packed(self, made: LiveFrames) -> list[_Made[T]]:
        events: list[_Made[T]] = []
        for piece in made.pieces:
            count = len(piece.motion)
            packed = self._pack(piece.motion, piece.first_frame)
            events.append(Frames(piece.first_frame, count, packed, piece.idle))
            self._sent = piece.first_frame + count
            metrics.FRAMES.labels(self._model).inc(count)
        if made.ended is not None:
            # After an interrupt the frames that follow are no longer of the utterance.
            events.insert(0 if made.ended.interrupted else len(events), made.ended)
        if made.begun is not None:
            events.insert(0, made.begun)
        return events

    def ended(self) -> MotionEnded:
        """Counted, and how it went."""
        audio_seconds = self._audio_bytes / self._live.bytes_a_second
        if audio_seconds:
            metrics.REAL_TIME_FACTOR.labels(self._model).observe(self._compute_seconds / audio_seconds)
        return MotionEnded(self._sent, audio_seconds, Timings(compute=self._compute_seconds))
