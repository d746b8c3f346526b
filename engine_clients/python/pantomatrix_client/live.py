"""A live stream: speech as it is spoken goes in, frames come out as soon as they are settled."""

from __future__ import annotations

import asyncio
import queue
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any, Unpack

import grpc
import numpy as np

from pantomatrix.v1 import audio_pb2, errors_pb2, motion_pb2

from .errors import cut_off, server_error
from .motion import FrameBlock, Header
from .options import Changes, Options
from .request import Delivery, changes_message, options_message


@dataclass(frozen=True)
class UtteranceEnd:
    """All frames of an utterance have come. utterance: counts from 0; -1 where there was none. end_frame: the first that is
    no longer of it."""

    utterance: int
    end_frame: int
    interrupted: bool


@dataclass(frozen=True)
class Refusal:
    """What `change` asked for was not done, and the stream continues. reason: see ErrorReason in errors.proto, without its
    "ERROR_REASON_"; field: the path in StreamMotionRequest."""

    reason: str
    text: str
    field: str


@dataclass(frozen=True)
class Move:
    """The server is about to end: open a stream at another one, best when the utterance is over. within_seconds: how long
    this one may go on."""

    within_seconds: float


Event = FrameBlock | UtteranceEnd | Refusal | Move


@dataclass(frozen=True)
class LiveSpeech:
    """What a live stream is fed with, and how it is timed: see `Client.live`."""

    sample_rate_hz: int
    dtype: Any
    channels: int
    look_ahead_seconds: float | None
    hop_seconds: float | None
    max_ahead_seconds: float | None

    def start_request(self, options: Options, delivery: Delivery) -> motion_pb2.StreamMotionRequest:
        """Raises ValueError for a name that the contract does not have, TypeError for samples of another type."""
        encodings = {np.dtype("<i2"): audio_pb2.PCM_ENCODING_S16LE, np.dtype("<f4"): audio_pb2.PCM_ENCODING_F32LE}
        dtype = np.dtype(self.dtype)
        if dtype not in encodings:
            raise TypeError(f"dtype is {dtype}, expected int16 or float32")
        form = audio_pb2.PcmFormat(
            encoding=encodings[dtype], sample_rate_hz=self.sample_rate_hz, channels=self.channels
        )
        start = motion_pb2.StreamStart(
            options=options_message(options),
            format=form,
            look_ahead_seconds=self.look_ahead_seconds,
            hop_seconds=self.hop_seconds,
            max_ahead_seconds=self.max_ahead_seconds,
        )
        delivery.fill(start)
        return motion_pb2.StreamMotionRequest(start=start)

    def audio_request(self, samples: np.ndarray) -> motion_pb2.StreamMotionRequest:
        """samples: (S,) or (S, channels). Raises TypeError if they are of another type than was announced."""
        if samples.dtype != np.dtype(self.dtype):
            raise TypeError(f"samples are {samples.dtype}, the stream was opened with {np.dtype(self.dtype)}")
        chunk = motion_pb2.AudioChunk(samples=np.ascontiguousarray(samples).tobytes())
        return motion_pb2.StreamMotionRequest(audio=chunk)


def options_request(changes: Changes) -> motion_pb2.StreamMotionRequest:
    """What is to change."""
    return motion_pb2.StreamMotionRequest(options=changes_message(changes))


def interrupt_request(played_seconds: float | None) -> motion_pb2.StreamMotionRequest:
    """Stop talking."""
    return motion_pb2.StreamMotionRequest(interrupt=motion_pb2.Interrupt(played_seconds=played_seconds))


_END = motion_pb2.StreamMotionRequest(end_of_utterance=motion_pb2.EndOfUtterance())


def event_of(response: motion_pb2.StreamMotionResponse, header: Header) -> Event | None:
    """None for what a caller need not see."""
    match response.WhichOneof("message"):
        case "frames":
            return FrameBlock.from_message(response.frames, header)
        case "utterance_end":
            end = response.utterance_end
            return UtteranceEnd(end.utterance, end.end_frame, end.interrupted)
        case "refusal":
            refusal = response.refusal
            word = errors_pb2.ErrorReason.Name(refusal.reason).removeprefix("ERROR_REASON_")
            return Refusal(word, refusal.text, refusal.field)
        case "move":
            return Move(response.move.within_seconds)
    return None


class LiveMotion:
    """An open stream. One thread may speak while another iterates over what comes; `header` is there at once.

    Iteration ends after `close`, when the last frame has come. Everything raises ServerError.
    """

    def __init__(
        self, stub, first: motion_pb2.StreamMotionRequest, speech: LiveSpeech, address: str, more: dict
    ) -> None:
        self._speech, self._address = speech, address
        self._requests: queue.SimpleQueue = queue.SimpleQueue()
        self._requests.put(first)
        self._call = stub.StreamMotion(iter(self._requests.get, None), **more)
        self._closed = self._given_up = False
        response = self._read()
        if response is None:
            raise cut_off("the stream")
        self.header = Header.from_message(response.header)

    def push(self, samples: np.ndarray) -> None:
        """Speak. samples: (S,) or (S, channels) of the dtype that the stream was opened with; any number, up to 10 s."""
        self._requests.put(self._speech.audio_request(samples))

    def end_utterance(self) -> None:
        """A sentence is over: its frames come, the mouth closes, the body idles."""
        self._requests.put(_END)

    def interrupt(self, played_seconds: float | None = None) -> None:
        """Stop talking at once: speech that was pushed and not played is dropped. played_seconds: what the listener has seen,
        on the stream's clock; later frames come again with the mouth shut."""
        self._requests.put(interrupt_request(played_seconds))

    def change(self, **changes: Unpack[Changes]) -> None:
        """What is given changes, in mid-sentence too, and the rest stays. at_seconds: when, on the stream's clock; at once
        without. A Refusal comes where it cannot be done."""
        self._requests.put(options_request(changes))

    def close(self) -> None:
        """Nothing more will be said; the frames that are due still come."""
        if not self._closed:
            self._closed = True
            self._requests.put(None)

    def __iter__(self) -> Iterator[Event]:
        whole = False
        while (response := self._read()) is not None:
            whole = response.WhichOneof("message") == "summary"
            if (event := event_of(response, self.header)) is not None:
                yield event
        if not whole:
            raise cut_off("the stream")

    def __enter__(self) -> LiveMotion:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()
        self._given_up = True
        self._call.cancel()

    def _read(self):
        try:
            return next(self._call, None)
        except grpc.RpcError as error:
            self.close()  # a thread of grpc's waits for what is said
            raise server_error(error, self._address, given_up=self._given_up) from None


class AsyncLiveMotion:
    """`LiveMotion` for asyncio."""

    def __init__(
        self, stub, first: motion_pb2.StreamMotionRequest, speech: LiveSpeech, address: str, more: dict
    ) -> None:
        self._speech, self._address = speech, address
        self._requests: asyncio.Queue = asyncio.Queue()
        self._requests.put_nowait(first)
        self._call = stub.StreamMotion(self._said(), **more)
        self._responses = aiter(self._call)
        self._closed = self._given_up = False

    async def _said(self) -> AsyncIterator[motion_pb2.StreamMotionRequest]:
        while (request := await self._requests.get()) is not None:
            yield request

    async def __aenter__(self) -> AsyncLiveMotion:
        try:
            self.header = Header.from_message((await anext(self._responses)).header)
        except grpc.RpcError as error:
            raise server_error(error, self._address) from None
        return self

    async def __aexit__(self, *error: object) -> None:
        self.close()
        self._given_up = True
        self._call.cancel()

    def push(self, samples: np.ndarray) -> None:
        """See LiveMotion."""
        self._requests.put_nowait(self._speech.audio_request(samples))

    def end_utterance(self) -> None:
        """See LiveMotion."""
        self._requests.put_nowait(_END)

    def interrupt(self, played_seconds: float | None = None) -> None:
        """See LiveMotion."""
        self._requests.put_nowait(interrupt_request(played_seconds))

    def change(self, **changes: Unpack[Changes]) -> None:
        """See LiveMotion."""
        self._requests.put_nowait(options_request(changes))

    def close(self) -> None:
        """See LiveMotion."""
        if not self._closed:
            self._closed = True
            self._requests.put_nowait(None)

    async def __aiter__(self) -> AsyncIterator[Event]:
        whole = False
        try:
            async for response in self._responses:
                whole = response.WhichOneof("message") == "summary"
                if (event := event_of(response, self.header)) is not None:
                    yield event
        except grpc.RpcError as error:
            raise server_error(error, self._address, given_up=self._given_up) from None
        if not whole:
            raise cut_off("the stream")
