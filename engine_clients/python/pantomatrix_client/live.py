"""A live stream: speech as it is spoken goes in, frames come out as soon as they are settled."""

from __future__ import annotations

import asyncio
import queue
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any, Unpack

import grpc
import numpy as np
from google.protobuf.duration_pb2 import Duration

from pantomatrix.v1 import audio_pb2, motion_pb2

from .errors import server_error
from .motion import FrameBlock, Header
from .options import Changes, Options
from .request import changes_message, options_message


@dataclass(frozen=True)
class UtteranceEnd:
    """All frames of an utterance have come. utterance: counts from 0. end_frame: the first that is no longer of it."""

    utterance: int
    end_frame: int
    interrupted: bool


Event = FrameBlock | UtteranceEnd


def start_request(
    options: Options, sample_rate_hz: int, dtype: Any, channels: int, look_ahead: float | None, hop: float | None
) -> motion_pb2.StreamMotionRequest:
    """Raises ValueError for a name that the contract does not have, TypeError for samples of another type."""
    encodings = {np.dtype("<i2"): audio_pb2.PCM_ENCODING_S16LE, np.dtype("<f4"): audio_pb2.PCM_ENCODING_F32LE}
    if np.dtype(dtype) not in encodings:
        raise TypeError(f"dtype is {np.dtype(dtype)}, expected int16 or float32")
    form = audio_pb2.PcmFormat(encoding=encodings[np.dtype(dtype)], sample_rate_hz=sample_rate_hz, channels=channels)
    start = motion_pb2.StreamStart(options=options_message(options), format=form)
    for name, seconds in (("look_ahead", look_ahead), ("hop", hop)):
        if seconds is not None:
            getattr(start, name).CopyFrom(Duration(nanos=round(seconds % 1 * 1e9), seconds=int(seconds)))
    return motion_pb2.StreamMotionRequest(start=start)


def audio_request(samples: np.ndarray, dtype: Any) -> motion_pb2.StreamMotionRequest:
    """samples: (S,) or (S, channels). Raises TypeError if they are of another type than was announced."""
    if samples.dtype != np.dtype(dtype):
        raise TypeError(f"samples are {samples.dtype}, the stream was opened with {np.dtype(dtype)}")
    return motion_pb2.StreamMotionRequest(audio=motion_pb2.AudioChunk(samples=np.ascontiguousarray(samples).tobytes()))


def options_request(changes: Changes) -> motion_pb2.StreamMotionRequest:
    """What changes with the next utterance."""
    return motion_pb2.StreamMotionRequest(options=changes_message(changes))


_END = motion_pb2.StreamMotionRequest(end_of_utterance=motion_pb2.EndOfUtterance())
_INTERRUPT = motion_pb2.StreamMotionRequest(interrupt=motion_pb2.Interrupt())


def event_of(response: motion_pb2.StreamMotionResponse, header: Header) -> Event | None:
    """None for what is neither frames nor an end."""
    match response.WhichOneof("message"):
        case "frames":
            return FrameBlock.from_message(response.frames, header)
        case "utterance_end":
            end = response.utterance_end
            return UtteranceEnd(end.utterance, end.end_frame, end.interrupted)
    return None


class LiveMotion:
    """An open stream. One thread may speak while another iterates over what comes; `header` is there at once.

    Iteration ends after `close`, when the last frame has come. Everything raises ServerError.
    """

    def __init__(self, stub, first: motion_pb2.StreamMotionRequest, dtype: Any, address: str, more: dict) -> None:
        self._dtype, self._address = dtype, address
        self._requests: queue.SimpleQueue = queue.SimpleQueue()
        self._requests.put(first)
        self._call = stub.StreamMotion(iter(self._requests.get, None), **more)
        self._closed = False
        response = self._read()
        assert response is not None
        self.header = Header.from_message(response.header)

    def push(self, samples: np.ndarray) -> None:
        """Speak. samples: (S,) or (S, channels) of the dtype that the stream was opened with; any number, up to 10 s."""
        self._requests.put(audio_request(samples, self._dtype))

    def end_utterance(self) -> None:
        """A sentence is over: its frames come, the mouth closes, the body idles."""
        self._requests.put(_END)

    def interrupt(self) -> None:
        """Stop talking at once."""
        self._requests.put(_INTERRUPT)

    def change(self, **changes: Unpack[Changes]) -> None:
        """From the next utterance on; what is not given is taken back, except for the speaker."""
        self._requests.put(options_request(changes))

    def close(self) -> None:
        """Nothing more will be said; the frames that are due still come."""
        if not self._closed:
            self._closed = True
            self._requests.put(None)

    def __iter__(self) -> Iterator[Event]:
        while (response := self._read()) is not None:
            if (event := event_of(response, self.header)) is not None:
                yield event

    def __enter__(self) -> LiveMotion:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()
        self._call.cancel()

    def _read(self):
        try:
            return next(self._call, None)
        except grpc.RpcError as error:
            self.close()  # a thread of grpc's waits for what is said
            raise server_error(error, self._address) from None


class AsyncLiveMotion:
    """`LiveMotion` for asyncio."""

    def __init__(self, stub, first: motion_pb2.StreamMotionRequest, dtype: Any, address: str, more: dict) -> None:
        self._dtype, self._address = dtype, address
        self._requests: asyncio.Queue = asyncio.Queue()
        self._requests.put_nowait(first)
        self._call = stub.StreamMotion(self._said(), **more)
        self._responses = aiter(self._call)
        self._closed = False

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
        self._call.cancel()

    def push(self, samples: np.ndarray) -> None:
        """See LiveMotion."""
        self._requests.put_nowait(audio_request(samples, self._dtype))

    def end_utterance(self) -> None:
        """See LiveMotion."""
        self._requests.put_nowait(_END)

    def interrupt(self) -> None:
        """See LiveMotion."""
        self._requests.put_nowait(_INTERRUPT)

    def change(self, **changes: Unpack[Changes]) -> None:
        """See LiveMotion."""
        self._requests.put_nowait(options_request(changes))

    def close(self) -> None:
        """See LiveMotion."""
        if not self._closed:
            self._closed = True
            self._requests.put_nowait(None)

    async def __aiter__(self) -> AsyncIterator[Event]:
        try:
            async for response in self._responses:
                if (event := event_of(response, self.header)) is not None:
                    yield event
        except grpc.RpcError as error:
            raise server_error(error, self._address) from None
