"""Live streams: audio as it is spoken goes in, frames come out, idle motion while nobody speaks."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Generic, TypeAlias, TypeVar

from pantomatrix_converters.errors import InvalidInputError, PantomatrixError, within_field
from pantomatrix_converters.ranges import Range
from pantomatrix_models.audio.pcm import PcmFormat
from pantomatrix_models.errors import CapabilityError, OptionError
from pantomatrix_models.generation import Generation
from pantomatrix_models.live import LiveFrames, LiveSession, UtteranceEnded, check_timing, is_too_long
from pantomatrix_models.model import LiveTiming, Push
from pantomatrix_models.options import MotionOptions

from ..errors import MessageError, SilentCallerError
from . import metrics
from .batching import Batcher
from .callers import within_quota
from .compute import Compute
from .events import Frames, MotionEnded, Pack, Timings
from .listener_clock import ListenerClock
from .planning import Planner

_FIRST_IDLE_AFTER_SECONDS, _IDLE_AFTER_SECONDS, _IDLE_STEP_SECONDS = 1.0, 0.25, 0.1
"""How long nothing may come, at first and between utterances, before idle motion continues, and in what steps it is sent."""
DEFAULT_MAX_AHEAD_SECONDS = 0.3
_MAX_AHEAD_SECONDS = Range(0.05, 10.0)
MAX_WAITING_SECONDS = 60.0
_MOST_WAITING_BYTES, _MOST_WAITING = 16 << 20, 4096
"""How much audio, and how many inputs, wait at most; then no more is read."""
_SLICE_SECONDS, _MOST_AT_ONCE_SECONDS = 0.05, 1.0
"""How much audio is heard at a time: at least, so that not every millisecond is a step; and at most."""

T = TypeVar("T")


@dataclass(frozen=True)
class LiveStart:
    """Opens the stream. echo_audio: give the audio back, with its time, before the frames that it settles.
    max_ahead_seconds: how far frames may be ahead of the listener; 0: they leave as soon as they are made."""

    options: MotionOptions
    format: PcmFormat
    timing: LiveTiming = LiveTiming()  # noqa: RUF009
    echo_audio: bool = False
    max_ahead_seconds: float = 0.0


@dataclass(frozen=True)
class LiveAudio:
    """What was said. samples: interleaved, in the stream's format."""

    samples: bytes


@dataclass(frozen=True)
class EndOfUtterance:
    """The speaker has finished a sentence."""


@dataclass(frozen=True)
class Interrupt:
    """Stop talking: audio that has not become a frame yet is dropped. played_seconds: what the listener has seen; None: all
    that was sent. dropped: audio waited, none of which was heard yet."""

    played_seconds: float | None = None
    dropped: bool = False


@dataclass(frozen=True)
class LiveChange:
    """Other options from this second of the stream on; None: at once. replaced: by their names in MotionOptions; the others
    stay."""

    replaced: Mapping[str, Any]
    at_seconds: float | None = None


@dataclass(frozen=True, eq=False)
class NotFollowed:
    """A message that says nothing that can be done. error: why."""

    error: PantomatrixError


@dataclass(frozen=True, eq=False)
class _Heard:
    """Audio that may be heard now."""

    chunks: Sequence[bytes]


@dataclass(frozen=True)
class _Idle:
    """Nothing came. seconds: how far the stream is behind its listener."""

    seconds: float


LiveInput: TypeAlias = LiveStart | LiveAudio | EndOfUtterance | Interrupt | LiveChange | NotFollowed


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


@dataclass(frozen=True, eq=False)
class LiveRefusal:
    """An input that was not followed; the stream goes on."""

    error: PantomatrixError


@dataclass(frozen=True)
class LiveMove:
    """The server ends. within_seconds: how long the stream may go on."""

    within_seconds: float


LiveEvent: TypeAlias = LiveBegun | LiveEcho | Frames[T] | UtteranceEnded | LiveRefusal | LiveMove | MotionEnded


class LiveStreams:
    """Serves live callers. silent_caller_seconds: who says nothing for so long, first or in mid-utterance, is cut off."""

    def __init__(self, planner: Planner, compute: Compute, silent_caller_seconds: float) -> None:
        self._planner, self._compute, self._silent_caller_seconds = planner, compute, silent_caller_seconds
        self._open: set[_Incoming] = set()

    def move(self, within_seconds: float) -> None:
        """Tell all that are open to go elsewhere."""
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
            incoming = _Incoming(inputs, self._silent_caller_seconds)
            self._open.add(incoming)
            try:
                start = await incoming.first()
                with within_field("start"):
                    check_timing(start.timing)
                    _check_ahead(start.max_ahead_seconds)
                    generation = await self._planner.plan(start.options)
                    live = await asyncio.to_thread(LiveSession, generation, start.format, start.timing)
                pack = packing(generation)
                yield LiveBegun(generation, live.look_ahead_seconds)
                clock = ListenerClock(start.max_ahead_seconds, live.look_ahead_seconds)
                with self._compute.batcher(live.model) as batcher:
                    stream = _Stream(live, batcher, pack)
                    async for given in incoming.each(live, clock):
                        if isinstance(given, LiveMove):
                            yield given
                            continue
                        if isinstance(given, NotFollowed):
                            yield LiveRefusal(given.error)
                            continue
                        if isinstance(given, LiveChange):
                            try:
                                generation = await asyncio.to_thread(generation.changed, given.replaced)
                                live.change(given.replaced, given.at_seconds)
                            except PantomatrixError as error:
                                yield LiveRefusal(error)
                            continue
                        if start.echo_audio and isinstance(given, _Heard):
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

    def step(self, given: LiveInput | _Heard | _Idle) -> Callable[[], Push]:
        """What makes the push that an input asks for. Raises MessageError."""
        match given:
            case _Heard(chunks):
                return partial(self._push, chunks)
            case _Idle(seconds):
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

    async def events(self, begin: Callable[[], Push]) -> list[Frames[T] | UtteranceEnded]:
        """The events of one push. Frames are packed in the thread that computes them."""
        started = time.monotonic()
        try:
            return await self._batcher.run(begin, lambda motion: self._packed(self._live.take(motion)))
        finally:
            self._compute_seconds += time.monotonic() - started

    def _packed(self, made: LiveFrames) -> list[Frames[T] | UtteranceEnded]:
        events: list[Frames[T] | UtteranceEnded] = []
        for piece in made.pieces:
            count = len(piece.motion)
            packed = self._pack(piece.motion, piece.first_frame)
            events.append(Frames(piece.first_frame, count, packed, piece.idle))
            self._sent = piece.first_frame + count
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
    """The caller's inputs, read ahead so that audio which came while the last was computed is heard in one go, and so that an
    interrupt is found behind audio that waits to be played; and between utterances the passing of time."""

    def __init__(self, inputs: AsyncIterator[LiveInput], silent_caller_seconds: float) -> None:
        self._silent_caller_seconds = silent_caller_seconds
        self._waiting: deque[LiveInput] = deque()
        self._move: LiveMove | None = None
        self._waiting_bytes, self._most_bytes = 0, _MOST_WAITING_BYTES
        self._arrived, self._room = asyncio.Event(), asyncio.Event()
        self._reader = asyncio.create_task(self._read(inputs))
        self._reader.add_done_callback(lambda _: self._arrived.set())

    async def first(self) -> LiveStart:
        """What opens the stream. Raises MessageError, SilentCallerError."""
        while not self._waiting and not self._reader.done():
            if not await self._comes(self._silent_caller_seconds):
                raise SilentCallerError(f"no start came for {self._silent_caller_seconds:g} s")
        first = self._take() if self._waiting else None
        if not isinstance(first, LiveStart):
            raise MessageError("the first request has to be start", "start")
        return first

    async def _read(self, inputs: AsyncIterator[LiveInput]) -> None:
        async for given in inputs:
            if isinstance(given, Interrupt):
                given = replace(given, dropped=self._drop_speech())
            self._waiting.append(given)
            self._waiting_bytes += _bytes_of(given)
            self._arrived.set()
            while self._waiting_bytes > self._most_bytes or len(self._waiting) >= _MOST_WAITING:
                self._room.clear()
                await self._room.wait()

    def _drop_speech(self) -> bool:
        """What waits is not said any more. Whether anything was to be said."""
        dropped = self._waiting_bytes > 0
        self._waiting = deque(given for given in self._waiting if not isinstance(given, LiveAudio | EndOfUtterance))
        self._waiting_bytes = 0
        return dropped

    def _take(self) -> LiveInput:
        given = self._waiting.popleft()
        self._waiting_bytes -= _bytes_of(given)
        self._room.set()
        return given

    def move(self, within_seconds: float) -> None:
        """To be told before anything else."""
        self._move = LiveMove(within_seconds)
        self._arrived.set()

    async def each(
        self, live: LiveSession, clock: ListenerClock
    ) -> AsyncIterator[LiveInput | LiveMove | _Heard | _Idle]:
        """Inputs until the caller closes its side, audio as it is to be heard, and _Idle where none comes. Raises
        SilentCallerError."""
        self._most_bytes = min(_MOST_WAITING_BYTES, round(MAX_WAITING_SECONDS * live.bytes_a_second))
        self._room.set()
        wait = _FIRST_IDLE_AFTER_SECONDS
        while True:
            if self._move is not None:
                move, self._move = self._move, None
                yield move
            elif self._waiting:
                if isinstance(self._waiting[0], LiveAudio):
                    clock.wait_for(live.seconds)
                    # Nothing is held back of a caller that has closed its side: there is no interrupt to come.
                    room = None if self._reader.done() else clock.room(live.seconds)
                    if room is not None and room < _SLICE_SECONDS:
                        await self._changes(_SLICE_SECONDS - room)
                        continue
                    most = _MOST_AT_ONCE_SECONDS if room is None else min(room, _MOST_AT_ONCE_SECONDS)
                    yield _Heard(
                        list(self._audio(live.pcm, round(most * live.pcm.sample_rate_hz), cut=room is not None))
                    )
                else:
                    yield self._take()
                wait = _IDLE_AFTER_SECONDS
            elif self._reader.done():
                self._reader.result()
                return
            elif live.speaking:
                if not await self._comes(self._silent_caller_seconds):
                    raise SilentCallerError(f"nothing came for {self._silent_caller_seconds:g} s in mid-utterance")
            elif (behind := clock.seconds - live.seconds) >= wait:
                yield _Idle(behind)
                wait = _IDLE_STEP_SECONDS
            else:
                await self._comes(wait - behind)

    def _audio(self, pcm: PcmFormat, samples: int, *, cut: bool) -> Iterator[bytes]:
        """Audio that waits, until there is so much of it. cut: not more, so that the rest of a chunk waits on."""
        most_bytes = max(1, samples) * pcm.frame_bytes
        while self._waiting and most_bytes > 0 and isinstance(chunk := self._waiting[0], LiveAudio):
            data = chunk.samples
            self._take()
            # A chunk that will be refused is refused whole.
            if cut and len(data) > most_bytes and len(data) % pcm.frame_bytes == 0 and not is_too_long(data, pcm):
                self._waiting.appendleft(LiveAudio(data[most_bytes:]))
                self._waiting_bytes += len(data) - most_bytes
                data = data[:most_bytes]
            most_bytes -= len(data)
            yield data

    async def _changes(self, seconds: float) -> None:
        """Until something comes or ends, or so long."""
        self._arrived.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._arrived.wait()

    async def _comes(self, seconds: float) -> bool:
        """Whether an input, the end of all, or a move comes within these seconds."""
        while not self._waiting and not self._reader.done() and self._move is None:
            self._arrived.clear()
            try:
                async with asyncio.timeout(seconds):
                    await self._arrived.wait()
            except TimeoutError:
                return False
        if not self._waiting and self._reader.done():
            self._reader.result()
        return True

    def stop(self) -> None:
        """Read nothing more."""
        self._reader.cancel()


def _bytes_of(given: LiveInput) -> int:
    return len(given.samples) if isinstance(given, LiveAudio) else 0
