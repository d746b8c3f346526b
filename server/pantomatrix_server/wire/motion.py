"""Clips and live streams: motion.proto."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from pantomatrix.v1 import frames_pb2, motion_pb2
from pantomatrix_converters.editing.option_kinds import options_of, read_options
from pantomatrix_models.errors import OptionError
from pantomatrix_models.live import UtteranceEnded
from pantomatrix_models.model import LiveTiming
from pantomatrix_models.options import MotionOptions

from ..app.clips import ClipBegun
from ..app.events import Frames, MotionEnded
from ..app.live_streams import (
    EndOfUtterance,
    Interrupt,
    LiveAudio,
    LiveBegun,
    LiveChange,
    LiveEcho,
    LiveEvent,
    LiveInput,
    LiveStart,
)
from .audio import pcm_format_from_message
from .durations import duration
from .frames import header_message, summary_message
from .options import options_from_message
from .plain_messages import plain_values

# ------------------------------------------------------------------------------------------------ from the caller


async def inputs_from_messages(requests: AsyncIterator[motion_pb2.StreamMotionRequest]) -> AsyncIterator[LiveInput]:
    """Raises what `input_from_message` and `requests` raise."""
    async for request in requests:
        yield input_from_message(request)


def input_from_message(request: motion_pb2.StreamMotionRequest) -> LiveInput:
    """Raises InvalidInputError with the field, UnknownNameError."""
    match request.WhichOneof("message"):
        case "audio":
            return LiveAudio(request.audio.samples)
        case "end_of_utterance":
            return EndOfUtterance()
        case "interrupt":
            return Interrupt()
        case "options":
            return LiveChange(_replaced_options(request.options))
        case "start":
            return _start(request.start)
    raise OptionError("a request without a message", "message")


def _start(message: motion_pb2.StreamStart) -> LiveStart:
    format = pcm_format_from_message(message.format, "start.format")
    hop = message.hop.ToNanoseconds() / 1e9 if message.HasField("hop") else None
    look_ahead = message.look_ahead.ToNanoseconds() / 1e9 if message.HasField("look_ahead") else None
    return LiveStart(options_from_message(message.options), format, LiveTiming(hop, look_ahead), message.echo_audio)


def _replaced_options(message: motion_pb2.StreamOptions) -> dict[str, Any]:
    """What is not given is as if it had never been, except for the speaker."""
    defaults = options_of(MotionOptions)
    given = {field.name: defaults[field.name][1] for field in message.DESCRIPTOR.fields}
    changed = read_options(MotionOptions, {**given, **plain_values(message, "options")})
    return {name: getattr(changed, name) for name in given if name != "speaker" or changed.speaker}


# -------------------------------------------------------------------------------------------------- to the caller


def clip_message(
    event: ClipBegun | Frames[frames_pb2.FrameBlock] | MotionEnded, request_id: str
) -> motion_pb2.GenerateMotionResponse:
    match event:
        case ClipBegun():
            header = header_message(event.generation, event.look_ahead_seconds, request_id)
            header.frame_count = event.frame_count
            header.notes.extend(event.notes)
            return motion_pb2.GenerateMotionResponse(header=header)
        case Frames():
            return motion_pb2.GenerateMotionResponse(frames=event.packed)
        case MotionEnded():
            return motion_pb2.GenerateMotionResponse(summary=summary_message(event))


def live_message(event: LiveEvent[frames_pb2.FrameBlock], request_id: str) -> motion_pb2.StreamMotionResponse:
    match event:
        case LiveBegun():
            header = header_message(event.generation, event.look_ahead_seconds, request_id)
            return motion_pb2.StreamMotionResponse(header=header)
        case LiveEcho():
            echo = motion_pb2.AudioEcho(start=duration(event.start_seconds), samples=event.samples)
            return motion_pb2.StreamMotionResponse(audio=echo)
        case Frames():
            return motion_pb2.StreamMotionResponse(frames=event.packed)
        case UtteranceEnded():
            end = motion_pb2.UtteranceEnd(
                utterance=event.utterance, end_frame=event.end_frame, interrupted=event.interrupted
            )
            return motion_pb2.StreamMotionResponse(utterance_end=end)
        case MotionEnded():
            return motion_pb2.StreamMotionResponse(summary=summary_message(event))
