"""A stream of StreamMotion that a test writes to and reads from by turns, over gRPC or WebSockets."""

from __future__ import annotations

import queue

import grpc
import numpy as np
import pytest

from folders import AUDIO
from pantomatrix.v1 import audio_pb2, motion_pb2, options_pb2
from pantomatrix_models.audio.decode import decode_file
from service_calls import details_of
from websocket_channel import stream_motion

Code = grpc.StatusCode
RATE = 16000
F32 = audio_pb2.PcmFormat(encoding=audio_pb2.PCM_ENCODING_F32LE, sample_rate_hz=RATE)
SPEECH = decode_file((AUDIO / "hu03_speech_m.wav").read_bytes(), 60).samples
WHOLE_CLIPS = 0.5
"""Seconds: more look-ahead than the builtin model has use for: it then makes the frames of a whole clip."""
_OF_START = {field.name for field in motion_pb2.StreamStart.DESCRIPTOR.fields}


class Live:
    """A stream that a test writes to and reads from by turns. Unless they are given, its look-ahead is with the builtin model
    that of whole clips, and frames come as soon as they are made."""

    def __init__(self, channel: grpc.Channel, format=F32, timeout: float = 60.0, **start) -> None:
        self._requests: queue.Queue = queue.Queue()
        if "model" not in start:
            start = {"look_ahead_seconds": WHOLE_CLIPS, **start}
        start = {"max_ahead_seconds": 0.0, **start}
        options = {key: start.pop(key) for key in tuple(start) if key not in _OF_START}
        self.send(start=motion_pb2.StreamStart(options=options_pb2.MotionOptions(**options), format=format, **start))
        self._call = stream_motion(channel, iter(self._requests.get, None), timeout)
        self.rows: list[np.ndarray] = []
        self.idle: list[bool] = []
        self.moves: list[float] = []
        self.refusals: list[motion_pb2.Refusal] = []
        self.played = False
        """Whether an interrupt has said what was played, so that frames may come again."""
        self.begins: list[motion_pb2.UtteranceBegin] = []
        self.ends: list[motion_pb2.UtteranceEnd] = []
        self.echoes: list[motion_pb2.AudioEcho] = []
        self.summary = None
        self.header = self._next().header
        assert self.header.bytes_per_frame

    def send(self, **message) -> None:
        self._requests.put(motion_pb2.StreamMotionRequest(**message))

    def say(self, samples: np.ndarray, chunk: int = 320) -> None:
        for start in range(0, len(samples), chunk):
            self.send(audio=motion_pb2.AudioChunk(samples=samples[start : start + chunk].tobytes()))

    def read(self) -> str:
        """One response; its kind."""
        response = self._next()
        kind = response.WhichOneof("message")
        match kind:
            case "frames":
                block, first = response.frames, response.frames.first_frame - self.header.first_frame
                assert first == len(self.rows) or (self.played and first < len(self.rows))
                rows = np.frombuffer(block.data, "<f4").reshape(block.frame_count, -1)
                self.rows[first:], self.idle[first:] = rows, [block.idle] * block.frame_count
            case "move":
                self.moves.append(response.move.within_seconds)
            case "refusal":
                self.refusals.append(response.refusal)
            case "utterance_begin":
                self.begins.append(response.utterance_begin)
            case "utterance_end":
                self.ends.append(response.utterance_end)
            case "audio":
                self.echoes.append(response.audio)
            case "summary":
                self.summary = response.summary
        return kind

    def _next(self) -> motion_pb2.StreamMotionResponse:
        """With the call's end ends what is sent, which a thread waits for."""
        try:
            return next(self._call)
        except Exception:
            self.close()
            raise

    def until(self, condition) -> None:
        while not condition():
            self.read()

    def close(self) -> None:
        """Nothing more is sent."""
        self._requests.put(None)

    def finish(self) -> np.ndarray:
        """Close it, read the rest; all frames."""
        self.close()
        self.until(lambda: self.summary is not None)
        assert next(self._call, None) is None
        return np.stack(self.rows)

    def cancel(self) -> None:
        self._call.cancel()
        self._requests.put(None)


def ends_with(channel: grpc.Channel, *requests: motion_pb2.StreamMotionRequest) -> tuple[Code, str, dict]:
    with pytest.raises(grpc.RpcError) as caught:
        list(stream_motion(channel, requests, timeout=30))
    return details_of(caught.value)


def request(**message) -> motion_pb2.StreamMotionRequest:
    return motion_pb2.StreamMotionRequest(**message)


def start(form=F32, **more) -> motion_pb2.StreamMotionRequest:
    options = {key: more.pop(key) for key in tuple(more) if key not in _OF_START}
    return request(start=motion_pb2.StreamStart(options=options_pb2.MotionOptions(**options), format=form, **more))


def chunk(data: bytes) -> motion_pb2.StreamMotionRequest:
    return request(audio=motion_pb2.AudioChunk(samples=data))
