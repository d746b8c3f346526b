"""What live callers say: inputs read ahead, speech that waits to be played, and the passing of time."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from pantomatrix_converters.errors import PantomatrixError
from pantomatrix_models.audio.pcm import PcmFormat
from pantomatrix_models.generation import Generation
from pantomatrix_models.going_on import Resumed
from pantomatrix_models.live import LiveSession, is_too_long
from pantomatrix_models.model import LiveTiming
from pantomatrix_models.options import MotionOptions
from pantomatrix_models.timed_text import MAX_SYMBOLS, TimedText

from ..errors import MessageError, SilentCallerError
from .listener_clock import ListenerClock

_FIRST_IDLE_AFTER_SECONDS, _IDLE_AFTER_SECONDS, _IDLE_STEP_SECONDS = 1.0, 0.25, 0.1
"""How long nothing may come, at first and between utterances, before idle motion continues; and in what steps it is sent, so
far ahead of the listener."""
DEFAULT_MAX_AHEAD_SECONDS = 0.3
MAX_WAITING_SECONDS = 60.0
_MOST_WAITING_BYTES, _MOST_WAITING = 16 << 20, 4096
"""How much audio, and how many inputs, wait at most, beside MAX_SYMBOLS of text; then no more is read."""
_SLICE_SECONDS, _MOST_AT_ONCE_SECONDS = 0.05, 1.0
"""How much audio is heard at a time: at least, so that not every millisecond is a step; and at most."""


@dataclass(frozen=True)
class LiveStart:
    """Opens the stream. echo_audio: give the audio back, with its time, before the frames that it settles.
    max_ahead_seconds: how far frames may be ahead of the listener; 0: they leave as soon as they are made. resumed: where it
    goes on, once it is known what its frames are; None where it is new."""

    options: MotionOptions
    format: PcmFormat
    timing: LiveTiming = LiveTiming()  # noqa: RUF009
    echo_audio: bool = False
    max_ahead_seconds: float = 0.0
    resumed: Callable[[Generation], Resumed] | None = None


@dataclass(frozen=True)
class LiveText:
    """What is said in the utterance, or in the next one. index: which input it came with, the start being 0."""

    text: TimedText
    index: int = 0


@dataclass(frozen=True)
class LiveAudio:
    """What was said. samples: interleaved, in the stream's format. text: what tells of it or of what follows, if anything."""

    samples: bytes
    text: LiveText | None = None


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
    stay. index: which input it was, the start being 0."""

    replaced: Mapping[str, Any]
    at_seconds: float | None = None
    index: int = 0


@dataclass(frozen=True, eq=False)
class NotFollowed:
    """A message that says nothing that can be done. error: why; index: which input it was, the start being 0."""

    error: PantomatrixError
    index: int = 0


@dataclass(frozen=True, eq=False)
class Heard:
    """Audio that may be heard now, and the texts that came with it."""

    chunks: Sequence[bytes]
    texts: Sequence[LiveText] = ()


@dataclass(frozen=True)
class Idle:
    """Nothing came. seconds: how far the stream is behind its listener."""

    seconds: float


LiveInput: TypeAlias = LiveStart | LiveAudio | EndOfUtterance | Interrupt | LiveChange | NotFollowed


@dataclass(frozen=True)
class LiveMove:
    """The server ends. within_seconds: how long the stream may go on."""

    within_seconds: float


class LiveInputs:
    """The caller's inputs, read ahead so that audio which came while the last was computed is heard in one go, and so that an
    interrupt is found behind audio that waits to be played; and between utterances the passing of time."""

    def __init__(self, inputs: AsyncIterator[LiveInput], silent_caller_seconds: float) -> None:
        self._silent_caller_seconds = silent_caller_seconds
        self._waiting: deque[LiveInput] = deque()
        self._urgent: deque[LiveChange | NotFollowed] = deque()
        self._move: LiveMove | None = None
        self._waiting_bytes, self._most_bytes = 0, _MOST_WAITING_BYTES
        self._waiting_symbols = 0
        self._arrived, self._room = asyncio.Event(), asyncio.Event()
        self._reader = asyncio.create_task(self._read(inputs))
        self._reader.add_done_callback(lambda _: self._arrived.set())

    async def first(self) -> LiveStart:
        """What opens the stream. Raises MessageError, SilentCallerError."""
        if not await self._comes(self._silent_caller_seconds, or_move=False):
            raise SilentCallerError(f"no start came for {self._silent_caller_seconds:g} s")
        first = self._take() if self._waiting else None
        if not isinstance(first, LiveStart):
            raise MessageError("the first request has to be start", "start")
        return first

    async def _read(self, inputs: AsyncIterator[LiveInput]) -> None:
        async for given in inputs:
            if isinstance(given, Interrupt):
                given = replace(given, dropped=self._drop_speech())
            if isinstance(given, NotFollowed) or (isinstance(given, LiveChange) and given.at_seconds is not None):
                self._urgent.append(given)
            else:
                self._waiting.append(given)
            self._waiting_bytes += _bytes_of(given)
            self._waiting_symbols += _symbols_of(given)
            self._arrived.set()
            while self._has_too_much:
                self._room.clear()
                await self._room.wait()

    @property
    def _has_too_much(self) -> bool:
        inputs = len(self._waiting) + len(self._urgent)
        return self._waiting_bytes > self._most_bytes or self._waiting_symbols > MAX_SYMBOLS or inputs >= _MOST_WAITING

    def _drop_speech(self) -> bool:
        """What waits is not said any more. Whether anything was to be said."""
        dropped = self._waiting_bytes > 0
        self._waiting = deque(given for given in self._waiting if not isinstance(given, LiveAudio | EndOfUtterance))
        self._waiting_bytes = self._waiting_symbols = 0
        return dropped

    def _take(self) -> LiveInput:
        given = self._waiting.popleft()
        self._waiting_bytes -= _bytes_of(given)
        self._waiting_symbols -= _symbols_of(given)
        self._room.set()
        return given

    def move(self, within_seconds: float) -> None:
        """To be told before anything else."""
        self._move = LiveMove(within_seconds)
        self._arrived.set()

    async def each(self, live: LiveSession, clock: ListenerClock) -> AsyncIterator[LiveInput | LiveMove | Heard | Idle]:
        """Inputs until the caller closes its side, audio as it is to be heard, and Idle where none comes. Raises
        SilentCallerError."""
        self._most_bytes = min(_MOST_WAITING_BYTES, round(MAX_WAITING_SECONDS * live.bytes_a_second))
        self._room.set()
        quiet_from = time.monotonic()
        wait = _IDLE_AFTER_SECONDS if live.first_frame else _FIRST_IDLE_AFTER_SECONDS
        there_seconds = live.seconds
        while True:
            was_there_seconds, there_seconds = there_seconds, live.seconds + self._waiting_bytes / live.bytes_a_second
            if self._move is not None:
                move, self._move = self._move, None
                yield move
            elif self._urgent:
                yield self._urgent.popleft()
                self._room.set()
            elif self._waiting:
                if isinstance(self._waiting[0], LiveAudio):
                    # The listener goes on where it is this server that was slow.
                    clock.wait_for(max(live.seconds, was_there_seconds))
                    # Nothing is held back of a caller that has closed its side: there is no interrupt to come.
                    room = None if self._reader.done() else clock.room(live.seconds)
                    if room is not None and room < _SLICE_SECONDS:
                        await self._changes(_SLICE_SECONDS - room)
                        continue
                    most = _MOST_AT_ONCE_SECONDS if room is None else min(room, _MOST_AT_ONCE_SECONDS)
                    audio = list(self._audio(live.pcm, round(most * live.pcm.sample_rate_hz), cut=room is not None))
                    texts = [chunk.text for chunk in audio if chunk.text is not None]
                    yield Heard([chunk.samples for chunk in audio], texts)
                else:
                    yield self._take()
                quiet_from, wait = time.monotonic(), _IDLE_AFTER_SECONDS
            elif self._reader.done():
                self._reader.result()
                return
            elif live.speaking:
                if not await self._comes(self._silent_caller_seconds):
                    raise SilentCallerError(f"nothing came for {self._silent_caller_seconds:g} s in mid-utterance")
            else:
                ahead = live.seconds - clock.seconds
                left = max(ahead, quiet_from + wait - time.monotonic())
                if left > 0:
                    await self._comes(left)
                else:
                    yield Idle(_IDLE_STEP_SECONDS - ahead)
                    quiet_from, wait = time.monotonic(), 0.0

    def _audio(self, pcm: PcmFormat, samples: int, *, cut: bool) -> Iterator[LiveAudio]:
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
            yield LiveAudio(data, chunk.text)

    async def _changes(self, seconds: float) -> None:
        """Until something comes or ends, or so long."""
        self._arrived.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._arrived.wait()

    async def _comes(self, seconds: float, *, or_move: bool = True) -> bool:
        """Whether an input, the end of all, or a move comes within these seconds."""
        while not self._waiting and not self._urgent and not self._reader.done() and not (or_move and self._move):
            self._arrived.clear()
            try:
                async with asyncio.timeout(seconds):
                    await self._arrived.wait()
            except TimeoutError:
                return False
        if not self._waiting and not self._urgent and self._reader.done():
            self._reader.result()
        return True

    def stop(self) -> None:
        """Read nothing more."""
        self._reader.cancel()


def _bytes_of(given: LiveInput) -> int:
    return len(given.samples) if isinstance(given, LiveAudio) else 0


def _symbols_of(given: LiveInput) -> int:
    return len(given.text.text.symbols) if isinstance(given, LiveAudio) and given.text is not None else 0
