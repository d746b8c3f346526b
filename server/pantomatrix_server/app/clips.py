"""Whole clips: speech in, motion out piece by piece, while later pieces are still computed."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from pantomatrix_converters.motion import Motion
from pantomatrix_models.audio.pcm import PcmFormat, decode_pcm
from pantomatrix_models.audio.speech import Speech
from pantomatrix_models.errors import AudioError
from pantomatrix_models.generation import Generation
from pantomatrix_models.options import MotionOptions

from . import metrics
from .callers import within_quota
from .compute import Compute
from .events import Frames, MotionEnded, Pack, Timings
from .planning import Planner

T = TypeVar("T")


@dataclass(frozen=True)
class EncodedAudio:
    """An audio file. data: its bytes. expected_sample_rate_hz: refuse another rate; 0 takes any."""

    source: ClassVar = "encoded"
    data: bytes
    expected_sample_rate_hz: int = 0


@dataclass(frozen=True)
class PcmAudio:
    """Bare samples, interleaved."""

    source: ClassVar = "pcm"
    samples: bytes
    format: PcmFormat


@dataclass(frozen=True, eq=False)
class ClipBegun:
    """What is known before the first frame. notes: about the audio."""

    generation: Generation
    frame_count: int
    look_ahead_seconds: float
    notes: tuple[str, ...]


class Clips:
    """Makes clips for everybody. max_clip_seconds: longer audio is refused."""

    def __init__(self, planner: Planner, compute: Compute, max_clip_seconds: float) -> None:
        self._planner, self._compute, self._max_clip_seconds = planner, compute, max_clip_seconds

    async def generate(
        self, options: MotionOptions, audio: EncodedAudio | PcmAudio, packing: Callable[[Generation], Pack[T]]
    ) -> AsyncGenerator[ClipBegun | Frames[T] | MotionEnded]:
        """ClipBegun, then Frames, then MotionEnded. A slow reader holds neither a thread nor memory. packing: how the clip's
        frames are packed.

        Raises AudioError, LimitError, OverloadedError, QuotaError, and what `Planner.plan` and the model raise.
        """
        generation = await self._planner.plan(options)
        pack = packing(generation)
        async with within_quota(), self._compute.clips.place() as queued:
            started = time.monotonic()
            speech = await self._speech(audio)
            decoded = time.monotonic()
            frame_count = generation.frame_count(speech)
            notes = (*speech.notes, *generation.edits.notes)
            yield ClipBegun(generation, frame_count, generation.model.info.look_ahead_seconds, notes)
            pieces = _ComputeAhead(self._compute, generation.pieces(speech), pack)
            sent = 0
            try:
                while (frames := await pieces.next()) is not None:
                    sent += frames.count
                    yield frames
            finally:
                pieces.stop()
            model = generation.model.info.name
            metrics.QUEUE_SECONDS.labels(model).observe(queued)
            metrics.FRAMES.labels(model).inc(sent)
            metrics.AUDIO_SECONDS.labels(model).inc(speech.duration_seconds)
            metrics.REAL_TIME_FACTOR.labels(model).observe(pieces.compute_seconds / speech.duration_seconds)
            timings = Timings(queued, decoded - started, pieces.compute_seconds)
            yield MotionEnded(sent, speech.duration_seconds, timings)

    async def _speech(self, audio: EncodedAudio | PcmAudio) -> Speech:
        limit = self._max_clip_seconds
        try:
            if isinstance(audio, EncodedAudio):
                return await self._compute.decoders.decode(audio.data, limit, audio.expected_sample_rate_hz)
            return await self._compute.run(decode_pcm, audio.samples, audio.format, limit)
        except AudioError as error:
            error.field = ".".join(filter(None, ("audio", audio.source, error.field)))
            raise


_AHEAD = 4
"""Pieces that may wait for a slow reader before the work pauses."""


class _ComputeAhead(Generic[T]):
    """Computes pieces in a thread while earlier ones are being sent. The thread continues without waiting for the event loop
    until _AHEAD pieces lie ready, is given back, and is asked for again when they have been taken."""

    def __init__(self, compute: Compute, pieces: Iterator[Motion], pack: Pack[T]) -> None:
        self._compute, self._pieces, self._pack = compute, pieces, pack
        self._loop = asyncio.get_running_loop()
        self._ready: deque[Frames[T]] = deque()
        self._arrived = asyncio.Event()
        self._made = 0
        self._stopped = False
        self._exhausted = False
        self.compute_seconds = 0.0
        self._burst = self._begin()

    def _begin(self) -> asyncio.Task[None]:
        burst = asyncio.create_task(self._compute.run(self._work))
        burst.add_done_callback(lambda _: self._arrived.set())
        return burst

    def _work(self) -> None:
        while not self._stopped and len(self._ready) < _AHEAD:
            started = time.monotonic()
            piece = next(self._pieces, None)
            if piece is None:
                self._exhausted = True
                return
            self._ready.append(Frames(self._made, len(piece), self._pack(piece, self._made)))
            self._made += len(piece)
            self.compute_seconds += time.monotonic() - started
            self._loop.call_soon_threadsafe(self._arrived.set)

    async def next(self) -> Frames[T] | None:
        """The next piece, or None after the last."""
        while not self._ready:
            self._arrived.clear()
            if self._burst.done():
                self._burst.result()
                if self._exhausted:
                    return None
                self._burst = self._begin()
            await self._arrived.wait()
        frames = self._ready.popleft()
        if self._burst.done() and not self._exhausted and not self._burst.exception():
            self._burst = self._begin()
        return frames

    def stop(self) -> None:
        """Compute no further; a piece that is under way is thrown away."""
        self._stopped = True
        self._burst.cancel()
