"""For clients of NVIDIA's Audio2Face-3D: our motion in their messages, as one live utterance."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing
from dataclasses import replace
from typing import Any, cast

from google.protobuf import message_factory

from nvidia_ace_compat import a2f_controller_pb2, a2x_export_config_pb2, audio_pb2, controller_pb2, status_pb2
from pantomatrix_converters.errors import PantomatrixError
from pantomatrix_converters.face.rigs import ARKIT52, ARKIT_TONGUE
from pantomatrix_models.audio.pcm import PcmFormat
from pantomatrix_models.audio.speech import check_length
from pantomatrix_models.errors import AudioError, OptionError, StartError
from pantomatrix_models.generation import Generation
from pantomatrix_models.live import LOOK_AHEAD_SECONDS
from pantomatrix_models.model import LiveTiming, StreamingModel
from pantomatrix_models.options import MotionOptions

from ..app.application import Application
from ..app.events import Frames, Pack
from ..app.live_inputs import LiveAudio, LiveInput, LiveStart
from ..app.live_streams import LiveRefusal
from ..errors import SilentCallerError
from ..wire.ace_configs import config_files
from ..wire.ace_emotions import EmotionTimeline
from ..wire.ace_parameters import FaceCorrections, ace_name
from ..wire.animation_data import AnimationMessages
from .contract import Method

_CONTROLLER = a2f_controller_pb2.DESCRIPTOR.services_by_name["A2FControllerService"]
_CONFIGS = a2x_export_config_pb2.DESCRIPTOR.services_by_name["A2XExportConfigService"]
SERVICE, CONFIG_SERVICE = _CONTROLLER.full_name, _CONFIGS.full_name
_AS_CLIPS = LiveTiming(look_ahead_seconds=LOOK_AHEAD_SECONDS.most)
"""As much as models have use for: callers send an utterance as fast as it is synthesised, and get what a clip gets."""
_FRAME_BYTES = 2

Asked = controller_pb2.AudioStream
Answer = controller_pb2.AnimationDataStream


class Audio2Face:
    """See a2f_controller.proto; docs/how-to/audio2face.md says what is read and what is not."""

    def __init__(self, application: Application, model: str, skeleton: str, *, low_latency: bool = False) -> None:
        """model: its name. skeleton: whose joints callers get; empty for none. low_latency: the model's own look-ahead of
        live speech in place of what clips have."""
        self._application = application
        self._options = MotionOptions(model=model, skeleton=skeleton)
        self._timing = LiveTiming() if low_latency else _AS_CLIPS

    async def check(self) -> None:
        """Raises StartError if the model or the skeleton cannot do it."""
        try:
            info = (await self._planned()).model.info
        except PantomatrixError as error:
            raise StartError(f"audio2face: {error}") from None
        if not info.streaming:
            raise StartError(f"audio2face: model {info.name!r} does not stream")

    async def _planned(self) -> Generation:
        """With the fullest of NVIDIA's faces that the model has. Raises as `Planner.plan` does."""
        planner = self._application.planner
        info = (await planner.plan(self._options)).model.info
        tongue = ARKIT_TONGUE.name in (info.face_rig, info.fuller_face_rig)
        return await planner.plan(replace(self._options, face_rig=(ARKIT_TONGUE if tongue else ARKIT52).name))

    def methods(self) -> list[Method]:
        """The calls, for gRPC."""
        return [
            _method(_CONTROLLER, "ProcessAudioStream", self._answer),
            _method(_CONFIGS, "GetConfigs", self._configs),
        ]

    async def _answer(self, asked: AsyncIterator[Asked]) -> AsyncGenerator[Answer]:
        header = await self._header(asked)
        clip = _Clip(await self._planned(), header, self._timing, self._application.limits.max_clip_seconds)
        yield clip.header()
        events = self._application.live_streams.serve(clip.inputs(asked), clip.packing)
        async with aclosing(events):
            async for event in events:
                if isinstance(event, LiveRefusal):
                    raise event.error
                if isinstance(event, Frames):
                    for answer in event.packed:
                        yield answer
        yield Answer(event=controller_pb2.Event(event_type=controller_pb2.END_OF_A2F_AUDIO_PROCESSING))
        yield Answer(status=clip.outcome())

    async def _header(self, asked: AsyncIterator[Asked]) -> controller_pb2.AudioStreamHeader:
        """Raises OptionError, SilentCallerError."""
        patience = self._application.limits.silent_caller_seconds
        try:
            async with asyncio.timeout(patience):
                message = await anext(asked, Asked())
        except TimeoutError:
            raise SilentCallerError(f"no audio_stream_header came for {patience:g} s") from None
        if message.WhichOneof("stream_part") != "audio_stream_header":
            raise OptionError("the first message has to be audio_stream_header", "stream_part")
        return message.audio_stream_header

    async def _configs(
        self, request: a2x_export_config_pb2.ConfigsTypeRequest
    ) -> AsyncGenerator[a2x_export_config_pb2.A2XConfig]:
        generation = await self._planned()
        model = cast(StreamingModel, generation.model)
        look_ahead = model.streaming_look_ahead_seconds(generation.fps, self._timing)
        for file in config_files(request, generation, self._application.limits, look_ahead):
            yield file


def _method(service: Any, name: str, answer: Callable[[Any], AsyncGenerator[Any]]) -> Method:
    """Of a descriptor in NVIDIA's words."""
    found = service.methods_by_name[name]
    request, response = map(message_factory.GetMessageClass, (found.input_type, found.output_type))
    path = f"{service.full_name}/{name}"
    return Method(path, request, response, found.client_streaming, found.server_streaming, answer)


class _Clip:
    """One call, between their messages and our live streams. Its clock is the audio alone, so nothing is opened before the
    first of it. Raises OptionError, AudioError, UnknownNameError."""

    def __init__(
        self, generation: Generation, header: controller_pb2.AudioStreamHeader, timing: LiveTiming, max_seconds: float
    ) -> None:
        self._audio_header, self._timing, self._max_seconds = header.audio_header, timing, max_seconds
        self._pcm = _checked_audio(header.audio_header)
        self._curves, self._skeleton = generation.curve_names, None
        if generation.options.skeleton:
            self._skeleton = generation.skeleton
        self._corrections = FaceCorrections(header.face_params, header.blendshape_params, self._curves)
        self._options = replace(generation.options, curve_adjustments=tuple(self._corrections.adjustments()))
        self._emotions = EmotionTimeline(
            header.emotion_post_processing_params,
            header.emotion_params,
            generation.fps,
            can_show=generation.model.info.emotions,
        )
        self._messages = AnimationMessages(generation.fps, self._pcm.sample_rate_hz, self._emotions, self._skeleton)
        self._heard = 0

    async def inputs(self, asked: AsyncIterator[Asked]) -> AsyncIterator[LiveInput]:
        """Raises OptionError, AudioError, LimitError."""
        async for message in asked:
            kind = message.WhichOneof("stream_part")
            if kind == "audio_with_emotion":
                heard = message.audio_with_emotion
                self._emotions.add(heard.emotions)
                if heard.audio_buffer:
                    for given in self._hear(heard.audio_buffer):
                        yield given
            elif kind == "end_of_audio":
                break
            elif kind == "audio_stream_header":
                raise OptionError("audio_stream_header may come only once", "audio_stream_header")
            else:
                raise OptionError("a message without a part", "stream_part")
        if not self._heard:
            raise AudioError("no audio came", "audio_with_emotion.audio_buffer")

    def _hear(self, samples: bytes) -> list[LiveInput]:
        """The audio, after the emotions that change while it is heard."""
        given: list[LiveInput] = []
        if not self._heard:
            options = replace(self._options, emotions=self._emotions.begin())
            given.append(LiveStart(options, self._pcm, self._timing))
        self._heard += len(samples)
        check_length(self._heard // _FRAME_BYTES, self._pcm.sample_rate_hz, self._max_seconds)
        given += self._emotions.changes(self._heard / _FRAME_BYTES / self._pcm.sample_rate_hz)
        self._messages.hear(samples)
        return [*given, LiveAudio(samples)]

    def packing(self, _: Generation) -> Pack[list[Answer]]:
        """How frames become messages."""
        return lambda motion, first: [Answer(animation_data=data) for data in self._messages.frames(motion, first)]

    def header(self) -> Answer:
        """The answer's header."""
        header = controller_pb2.AnimationDataStreamHeader(
            audio_header=self._audio_header, start_time_code_since_epoch=time.time()
        )
        header.skel_animation_header.blend_shapes.extend(map(ace_name, self._curves))
        if self._skeleton is not None:
            header.skel_animation_header.joints.extend(self._skeleton.joint_names)
        return Answer(animation_data_stream_header=header)

    def outcome(self) -> status_pb2.Status:
        """What was not used is said by a warning."""
        not_used = [*self._corrections.not_used, *self._emotions.not_used]
        if not not_used:
            return status_pb2.Status(code=status_pb2.Status.SUCCESS, message="sent all data")
        text = f"sent all data; not used: {', '.join(not_used)}"
        return status_pb2.Status(code=status_pb2.Status.WARNING, message=text)


def _checked_audio(header: audio_pb2.AudioHeader) -> PcmFormat:
    """Raises AudioError for what Audio2Face-3D does not take either."""
    for field, given, right in (
        ("audio_format", header.audio_format, audio_pb2.AudioHeader.AUDIO_FORMAT_PCM),
        ("channel_count", header.channel_count, 1),
        ("bits_per_sample", header.bits_per_sample, 8 * _FRAME_BYTES),
    ):
        if given != right:
            raise AudioError(f"{field} is {given}, expected {right}", f"audio_stream_header.audio_header.{field}")
    try:
        return PcmFormat("s16le", header.samples_per_second)
    except AudioError as error:
        raise AudioError(str(error), "audio_stream_header.audio_header.samples_per_second") from None
