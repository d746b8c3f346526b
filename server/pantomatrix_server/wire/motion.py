"""Clips and live streams: motion.proto."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator, Iterator
from functools import partial
from typing import Any

from pantomatrix.v1 import frames_pb2, motion_pb2
from pantomatrix_converters.editing.option_kinds import read_options
from pantomatrix_converters.errors import PantomatrixError, within_field
from pantomatrix_models.errors import CapabilityError, OptionError
from pantomatrix_models.generation import Generation
from pantomatrix_models.live import UtteranceBegun, UtteranceEnded
from pantomatrix_models.model import LiveTiming
from pantomatrix_models.options import MotionOptions

from ..app.clips import ClipBegun
from ..app.events import Frames, MotionEnded, Pack
from ..app.live_inputs import (
    DEFAULT_MAX_AHEAD_SECONDS,
    EndOfUtterance,
    Interrupt,
    LiveAudio,
    LiveChange,
    LiveInput,
    LiveMove,
    LiveStart,
    LiveText,
    NotFollowed,
)
from ..app.live_streams import LiveBegun, LiveEcho, LiveEvent, LiveRefusal
from ..errors import MessageError
from .audio import pcm_format_from_message
from .channels import FrameEncoding, FrameLayout
from .frames import block_packing, generation_layout, header_message, summary_message, weights_stay_unit
from .labels import checked_labels
from .options import options_from_message
from .plain_messages import enum_word, plain_values
from .reasons import reason_of
from .resume import resumed_from_message
from .timed_text import timed_text_from_message
from .unknown_fields import notes_on_unknown_fields

Blocks = list[frames_pb2.FrameBlock]


class ClipCall:
    """One clip: how its frames are packed, and its messages. Raises InvalidInputError with the field."""

    def __init__(self, request: motion_pb2.GenerateMotionRequest, request_id: str) -> None:
        self._request_id = request_id
        self._encoding = frame_encoding(request, "frame_encoding", "frame_encoding")
        self._labels = checked_labels(request.labels, "labels")
        self._notes = notes_on_unknown_fields(request)

    def packing(self, generation: Generation) -> Pack[Blocks]:
        """How frames become blocks, once it is known what they are."""
        self._layout = generation_layout(generation, self._encoding)
        return block_packing(self._layout, generation.options.coordinates)

    def messages(self, event: ClipBegun | Frames[Blocks] | MotionEnded) -> Iterator[motion_pb2.GenerateMotionResponse]:
        """What an event is to the caller."""
        match event:
            case ClipBegun():
                generation, look_ahead = event.generation, event.look_ahead_seconds
                header = header_message(generation, self._layout, look_ahead, self._request_id, self._labels)
                header.frame_count = event.frame_count
                header.notes.extend((*event.notes, *self._notes))
                yield motion_pb2.GenerateMotionResponse(header=header)
            case Frames():
                for block in event.packed:
                    yield motion_pb2.GenerateMotionResponse(frames=block)
            case MotionEnded():
                yield motion_pb2.GenerateMotionResponse(summary=summary_message(event))


class LiveCall:
    """One live stream between the contract's messages and the application."""

    def __init__(self, request_id: str) -> None:
        self._request_id = request_id
        self._layout: FrameLayout | None = None
        self._encoding = FrameEncoding.FLOAT32
        self._labels: dict[str, str] = {}
        self._notes: tuple[str, ...] = ()

    async def inputs(self, requests: AsyncIterator[motion_pb2.StreamMotionRequest]) -> AsyncIterator[LiveInput]:
        """Raises InvalidInputError with the field, UnknownNameError, and what `requests` raises."""
        index = -1
        async for request in requests:
            index += 1
            match request.WhichOneof("message"):
                case "audio":
                    for given in _audio(request.audio, index):
                        yield given
                case "end_of_utterance":
                    yield EndOfUtterance()
                case "interrupt":
                    yield _interrupt(request.interrupt, index)
                case "start":
                    with within_field("start"):
                        start = self._start(request.start)
                    yield start
                case "options":
                    try:
                        yield self._change(request.options, index)
                    except PantomatrixError as error:
                        yield NotFollowed(error, index)
                case _:
                    notes = notes_on_unknown_fields(request)
                    text = notes[0] if notes else "a request without a message"
                    yield NotFollowed(MessageError(text, "message"), index)

    def _start(self, message: motion_pb2.StreamStart) -> LiveStart:
        self._encoding = frame_encoding(message, "frame_encoding", "frame_encoding")
        self._labels = checked_labels(message.labels, "labels")
        self._notes = notes_on_unknown_fields(message)
        format = pcm_format_from_message(message.format, "format")
        ahead = message.max_ahead_seconds if message.HasField("max_ahead_seconds") else DEFAULT_MAX_AHEAD_SECONDS
        timing = LiveTiming(
            message.hop_seconds if message.HasField("hop_seconds") else None,
            message.look_ahead_seconds if message.HasField("look_ahead_seconds") else None,
        )
        resumed = partial(resumed_from_message, message.resume) if message.HasField("resume") else None
        return LiveStart(options_from_message(message.options), format, timing, message.echo_audio, ahead, resumed)

    def _change(self, message: motion_pb2.StreamOptions, index: int) -> LiveChange:
        """Raises InvalidInputError with the field, UnknownNameError, CapabilityError."""
        unknown = notes_on_unknown_fields(message)
        if unknown:
            raise OptionError(unknown[0], "options")
        values = plain_values(message, "options")
        at_seconds = values.pop("at_seconds", None)
        changed = read_options(MotionOptions, values)
        if self._encoding is FrameEncoding.COMPACT and not weights_stay_unit(changed):
            raise CapabilityError("compact frames hold weights of 0 to 1; open the stream with another frame_encoding")
        return LiveChange({name: getattr(changed, name) for name in values}, at_seconds, index)

    def packing(self, generation: Generation) -> Pack[Blocks]:
        """See ClipCall."""
        self._layout = generation_layout(generation, self._encoding)
        return block_packing(self._layout, generation.options.coordinates)

    def messages(self, event: LiveEvent[Blocks]) -> Iterator[motion_pb2.StreamMotionResponse]:
        """See ClipCall."""
        response = motion_pb2.StreamMotionResponse
        match event:
            case LiveBegun():
                assert self._layout is not None
                generation, look_ahead = event.generation, event.look_ahead_seconds
                header = header_message(generation, self._layout, look_ahead, self._request_id, self._labels)
                header.notes.extend(self._notes)
                header.first_frame = event.first_frame
                yield response(header=header)
            case LiveEcho():
                yield response(audio=motion_pb2.AudioEcho(start_seconds=event.start_seconds, samples=event.samples))
            case Frames():
                for block in event.packed:
                    block.idle = event.idle
                    yield response(frames=block)
            case UtteranceBegun():
                yield response(
                    utterance_begin=motion_pb2.UtteranceBegin(utterance=event.utterance, begin_seconds=event.seconds)
                )
            case UtteranceEnded():
                yield response(
                    utterance_end=motion_pb2.UtteranceEnd(
                        utterance=event.utterance, end_frame=event.end_frame, interrupted=event.interrupted
                    )
                )
            case LiveRefusal(error, index):
                refusal = motion_pb2.Refusal(
                    reason=reason_of(error), text=str(error), field=error.field, request_index=index
                )
                yield response(refusal=refusal)
            case LiveMove(within_seconds):
                yield response(move=motion_pb2.Move(within_seconds=within_seconds))
            case MotionEnded():
                yield response(summary=summary_message(event))


def _audio(message: motion_pb2.AudioChunk, index: int) -> Iterator[LiveAudio | NotFollowed]:
    """The samples are heard, whatever is wrong with the text."""
    text = None
    if message.HasField("timed_text"):
        try:
            text = LiveText(timed_text_from_message(message.timed_text, "audio.timed_text"), index)
        except PantomatrixError as error:
            yield NotFollowed(error, index)
    yield LiveAudio(message.samples, text)


def _interrupt(message: motion_pb2.Interrupt, index: int) -> Interrupt | NotFollowed:
    if not message.HasField("played_seconds"):
        return Interrupt()
    if not math.isfinite(message.played_seconds):
        text = f"played_seconds is {message.played_seconds:g}, expected a time of the stream"
        return NotFollowed(OptionError(text, "interrupt.played_seconds"), index)
    return Interrupt(message.played_seconds)


def frame_encoding(message: Any, name: str, path: str) -> FrameEncoding:
    """Of a request that delivers frames. path: of the field. Raises OptionError."""
    return FrameEncoding(enum_word(message, name, path) or FrameEncoding.FLOAT32)
