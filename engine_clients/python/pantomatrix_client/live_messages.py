"""What is said to a live stream and what comes of it, between plain values and the contract's messages."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from pantomatrix.v1 import audio_pb2, errors_pb2, motion_pb2

from .motion import FrameBlock
from .options import Changes, Options, TimedText
from .request import Delivery, changes_message, options_message, timed_text_message


@dataclass(frozen=True)
class UtteranceEnd:
    """All frames of an utterance have come. utterance: counts from 0; -1 where there was none. end_frame: the first that is
    no longer of it."""

    utterance: int
    end_frame: int
    interrupted: bool


@dataclass(frozen=True)
class Refusal:
    """What `change` asked for was not done, or a text was not followed; the stream continues. reason: see
    ErrorReason in errors.proto, without its "ERROR_REASON_"; field: the path in StreamMotionRequest."""

    reason: str
    text: str
    field: str


@dataclass(frozen=True)
class Move:
    """The server is about to end. When the utterance is over the stream continues at another one. within_seconds: how long
    this one could still go on."""

    within_seconds: float


@dataclass(frozen=True)
class GoneOn:
    """The stream continues after its server or the line to it was lost, or was to end. address: where; first_frame: the next
    that comes; lost_seconds: how long there was no server."""

    address: str
    first_frame: int
    lost_seconds: float


Event = FrameBlock | UtteranceEnd | Refusal | Move | GoneOn


@dataclass(frozen=True)
class LiveSpeech:
    """What a live stream is fed with, and how it is timed: see `Client.live`."""

    sample_rate_hz: int
    dtype: Any
    channels: int
    look_ahead_seconds: float | None
    hop_seconds: float | None
    max_ahead_seconds: float | None

    @property
    def bytes_per_second(self) -> int:
        """Of the samples."""
        return self.sample_rate_hz * self.channels * np.dtype(self.dtype).itemsize

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

    def audio_request(self, samples: np.ndarray, timed_text: TimedText | None) -> motion_pb2.StreamMotionRequest:
        """samples: (S,), interleaved, or (S, channels). Raises TypeError if they are of another type than was announced,
        ValueError for another shape or an alphabet that the contract does not have."""
        if not isinstance(samples, np.ndarray):
            raise TypeError(f"samples are {type(samples).__name__}, expected a numpy array of {np.dtype(self.dtype)}")
        if samples.ndim != 1 and samples.shape[1:] != (self.channels,):
            raise ValueError(f"samples have shape {samples.shape}, expected (S,) or (S, {self.channels})")
        if samples.dtype != np.dtype(self.dtype):
            raise TypeError(f"samples are {samples.dtype}, the stream was opened with {np.dtype(self.dtype)}")
        text = None if timed_text is None else timed_text_message(timed_text)
        chunk = motion_pb2.AudioChunk(samples=np.ascontiguousarray(samples).tobytes(), timed_text=text)
        return motion_pb2.StreamMotionRequest(audio=chunk)


def end_request() -> motion_pb2.StreamMotionRequest:
    """A sentence is over."""
    return motion_pb2.StreamMotionRequest(end_of_utterance=motion_pb2.EndOfUtterance())


def options_request(changes: Changes) -> motion_pb2.StreamMotionRequest:
    """What is to change."""
    return motion_pb2.StreamMotionRequest(options=changes_message(changes))


def interrupt_request(played_seconds: float | None) -> motion_pb2.StreamMotionRequest:
    """Stop talking. Raises ValueError for what is no time."""
    if played_seconds is not None and not math.isfinite(played_seconds):
        raise ValueError(f"played_seconds is {played_seconds:g}, expected a time of the stream")
    return motion_pb2.StreamMotionRequest(interrupt=motion_pb2.Interrupt(played_seconds=played_seconds))


def event_of(response: motion_pb2.StreamMotionResponse) -> Event | None:
    """Of a response that is no frames; None for what a caller need not see."""
    match response.WhichOneof("message"):
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
