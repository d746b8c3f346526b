"""MotionService: speech in, motion out."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing

import grpc

from pantomatrix.v1 import audio_pb2, frames_pb2, motion_pb2, motion_pb2_grpc
from pantomatrix_converters.coordinates import CoordinateSystem
from pantomatrix_converters.flame_arkit import ArkitMatrix
from pantomatrix_converters.motion import Motion
from pantomatrix_models.audio.pcm import decode_pcm
from pantomatrix_models.audio.speech import Speech
from pantomatrix_models.errors import AudioError
from pantomatrix_models.generation import Generation, plan
from pantomatrix_models.options import MotionOptions
from pantomatrix_models.registry import ModelRegistry

from .. import metrics
from ..settings import Settings
from ..tokens import caller, within_quota
from ..transports.call import request_id
from ..wire.audio import pcm_format_from_message
from ..wire.durations import duration
from ..wire.frames import frame_block, header_message, timings_message
from ..wire.options import options_from_message
from .compute import Workers
from .live_stream import LiveStream


class MotionService(motion_pb2_grpc.MotionServiceServicer):
    """See motion.proto."""

    def __init__(
        self, registry: ModelRegistry, workers: Workers, settings: Settings, matrix: ArkitMatrix | None
    ) -> None:
        self._registry, self._workers, self._settings, self._matrix = registry, workers, settings, matrix

    async def GenerateMotion(  # noqa: N802
        self, request: motion_pb2.GenerateMotionRequest, context: grpc.aio.ServicerContext
    ) -> AsyncIterator[motion_pb2.GenerateMotionResponse]:
        generation = await self.plan(options_from_message(request.options))
        caller.get().check_model(generation.model.info.name)
        async with within_quota(), self._workers.admission.place() as queued:
            started = time.monotonic()
            speech = await self._speech(request.audio)
            decoded = time.monotonic()
            yield motion_pb2.GenerateMotionResponse(header=_clip_header(generation, speech))
            coordinates = generation.options.coordinates
            pieces = _ComputeAhead(self._workers, generation.pieces(speech), coordinates)
            sent = 0
            try:
                while (block := await pieces.next()) is not None:
                    block.first_frame = sent
                    sent += block.frame_count
                    yield motion_pb2.GenerateMotionResponse(frames=block)
            finally:
                pieces.stop()
            model = generation.model.info.name
            metrics.QUEUE_SECONDS.labels(model).observe(queued)
            metrics.FRAMES.labels(model).inc(sent)
            metrics.AUDIO_SECONDS.labels(model).inc(speech.duration_seconds)
            metrics.REAL_TIME_FACTOR.labels(model).observe(pieces.compute_seconds / speech.duration_seconds)
            timings = timings_message(queue=queued, decode=decoded - started, compute=pieces.compute_seconds)
            yield motion_pb2.GenerateMotionResponse(
                summary=frames_pb2.MotionSummary(
                    frame_count=sent, audio_duration=duration(speech.duration_seconds), timings=timings
                )
            )

    async def StreamMotion(  # noqa: N802
        self, request_iterator: AsyncIterator[motion_pb2.StreamMotionRequest], context: grpc.aio.ServicerContext
    ) -> AsyncGenerator[motion_pb2.StreamMotionResponse]:
        stream = LiveStream(self.plan, self._workers, self._settings.silent_caller_seconds)
        async with aclosing(stream.serve(request_iterator)) as responses:
            async for response in responses:
                yield response

    async def plan(self, options: MotionOptions) -> Generation:
        """Raises what is wrong with the options."""
        return await asyncio.to_thread(plan, options, self._registry, self._matrix)

    async def _speech(self, audio: audio_pb2.Audio) -> Speech:
        limit = self._settings.max_clip_seconds
        try:
            match audio.WhichOneof("source"):
                case "encoded":
                    encoded = audio.encoded
                    return await self._workers.decoders.decode(encoded.data, limit, encoded.expected_sample_rate_hz)
                case "pcm":
                    pcm = pcm_format_from_message(audio.pcm.format, "format")
                    return await self._workers.run(decode_pcm, audio.pcm.samples, pcm, limit)
        except AudioError as error:
            error.field = ".".join(filter(None, ("audio", audio.WhichOneof("source"), error.field)))
            raise
        raise AudioError("no audio is given, expected audio.encoded or audio.pcm", "audio")


def _clip_header(generation: Generation, speech: Speech) -> frames_pb2.MotionHeader:
    header = header_message(generation, generation.look_ahead_seconds(), request_id.get())
    header.frame_count = generation.frame_count(speech)
    header.notes.extend(speech.notes)
    return header


_AHEAD = 4
"""Blocks that may wait for a slow reader before the work pauses."""


class _ComputeAhead:
    """Computes pieces in a worker while earlier ones are being sent. The worker goes on without waiting for the event loop
    until _AHEAD blocks lie ready, gives its thread back, and is called again when they have been taken."""

    def __init__(self, workers: Workers, pieces: Iterator[Motion], coordinates: CoordinateSystem) -> None:
        self._workers, self._pieces, self._coordinates = workers, pieces, coordinates
        self._loop = asyncio.get_running_loop()
        self._ready: deque[frames_pb2.FrameBlock] = deque()
        self._arrived = asyncio.Event()
        self._stopped = False
        self._exhausted = False
        self.compute_seconds = 0.0
        self._burst = self._begin()

    def _begin(self) -> asyncio.Task[None]:
        burst = asyncio.create_task(self._workers.run(self._compute))
        burst.add_done_callback(lambda _: self._arrived.set())
        return burst

    def _compute(self) -> None:
        while not self._stopped and len(self._ready) < _AHEAD:
            started = time.monotonic()
            piece = next(self._pieces, None)
            if piece is None:
                self._exhausted = True
                return
            self._ready.append(frame_block(piece, 0, self._coordinates))
            self.compute_seconds += time.monotonic() - started
            self._loop.call_soon_threadsafe(self._arrived.set)

    async def next(self) -> frames_pb2.FrameBlock | None:
        """The next block, or None after the last."""
        while not self._ready:
            self._arrived.clear()
            if self._burst.done():
                self._burst.result()
                if self._exhausted:
                    return None
                self._burst = self._begin()
            await self._arrived.wait()
        block = self._ready.popleft()
        if self._burst.done() and not self._exhausted and not self._burst.exception():
            self._burst = self._begin()
        return block

    def stop(self) -> None:
        """Compute no further; a piece that is under way comes to nothing."""
        self._stopped = True
        self._burst.cancel()
