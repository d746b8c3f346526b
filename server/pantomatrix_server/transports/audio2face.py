"""For clients of NVIDIA's Audio2Face-3D: our motion in their messages, as one live utterance."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, AsyncIterator, Iterable, Mapping
from contextlib import aclosing
from dataclasses import replace

import numpy as np

from nvidia_ace_compat import (
    a2f_controller_pb2,
    a2f_pb2,
    animation_data_pb2,
    audio_pb2,
    controller_pb2,
    status_pb2,
)
from pantomatrix_converters.editing.options import CurveAdjustment
from pantomatrix_converters.errors import PantomatrixError, UnknownNameError
from pantomatrix_converters.face.rigs import ARKIT52, TONGUE_CURVES
from pantomatrix_converters.motion import Motion
from pantomatrix_models.audio.pcm import PcmFormat
from pantomatrix_models.errors import AudioError, OptionError, StartError
from pantomatrix_models.generation import Generation
from pantomatrix_models.live import LOOK_AHEAD_SECONDS
from pantomatrix_models.model import LiveTiming
from pantomatrix_models.options import Emotion, MotionOptions

from ..app.application import Application
from ..app.events import Frames, Pack
from ..app.live_inputs import LiveAudio, LiveInput, LiveStart
from ..app.live_streams import LiveBegun
from ..wire.animation_data import PoseMessages
from .contract import Method

SERVICE = a2f_controller_pb2.DESCRIPTOR.services_by_name["A2FControllerService"].full_name
_TIMING = LiveTiming(look_ahead_seconds=LOOK_AHEAD_SECONDS.most)
"""As much as models have use for: callers send an utterance as fast as it is synthesised, and get what a clip gets."""
BLEND_SHAPES = {name[0].upper() + name[1:]: name for name in ARKIT52.curve_names}
"""NVIDIA's name -> ARKit's, in the order that both have."""
_TONGUE_SHAPES = {name[0].upper() + name[1:] for name in TONGUE_CURVES}
"""Names of NVIDIA's that ARKit's shapes do not have."""
_ANY_WEIGHT = float(np.finfo(np.float32).max)
_SAMPLE_BYTES = 2

Asked = controller_pb2.AudioStream
Answer = controller_pb2.AnimationDataStream


class Audio2Face:
    """See a2f_controller.proto; docs/how-to/audio2face.md says what is read and what is not."""

    def __init__(self, application: Application, model: str, skeleton: str) -> None:
        """model: its name. skeleton: whose joints callers get; empty for the model's own."""
        self._application = application
        self._options = MotionOptions(model=model, skeleton=skeleton, face_rig=ARKIT52.name)
        self._shows_emotions = False

    async def check(self) -> None:
        """Raises StartError if the model or the skeleton cannot do it."""
        try:
            generation = await self._application.planner.plan(self._options)
        except PantomatrixError as error:
            raise StartError(f"audio2face: {error}") from None
        self._shows_emotions = generation.model.info.emotions

    def method(self) -> Method:
        """The call, for gRPC."""
        return Method.of_contract(f"{SERVICE}/ProcessAudioStream", self._answer)

    async def _answer(self, asked: AsyncIterator[Asked]) -> AsyncGenerator[Answer]:
        clip = _Clip(self._options, self._shows_emotions)
        events = self._application.live_streams.serve(clip.inputs(asked), clip.packing)
        async with aclosing(events):
            async for event in events:
                match event:
                    case LiveBegun():
                        yield clip.header(event.generation)
                    case Frames():
                        for answer in event.packed:
                            yield answer
        yield Answer(event=controller_pb2.Event(event_type=controller_pb2.END_OF_A2F_AUDIO_PROCESSING))
        yield Answer(status=status_pb2.Status(code=status_pb2.Status.SUCCESS, message=clip.outcome()))


class _Clip:
    """One call, between their messages and our live streams. Its clock is the audio alone, so nothing is opened before the
    first of it."""

    def __init__(self, options: MotionOptions, shows_emotions: bool) -> None:
        self._options, self._shows_emotions = options, shows_emotions
        self._audio_header = audio_pb2.AudioHeader()
        self._audio = bytearray()
        self._audio_sent = 0
        self._notices: dict[str, None] = {}

    async def inputs(self, asked: AsyncIterator[Asked]) -> AsyncIterator[LiveInput]:
        """Raises OptionError, AudioError, UnknownNameError."""
        started = False
        async for message in asked:
            kind = message.WhichOneof("stream_part")
            if not self._audio_header.samples_per_second:
                if kind != "audio_stream_header":
                    raise OptionError("the first message has to be audio_stream_header", "stream_part")
                self._read_header(message.audio_stream_header)
            elif kind == "audio_with_emotion":
                heard = message.audio_with_emotion
                if heard.emotions and started:
                    self._not_used("emotions after the beginning")
                elif heard.emotions:
                    self._feel(heard.emotions[0].emotion)
                if not started and heard.audio_buffer:
                    started = True
                    yield LiveStart(self._options, PcmFormat("s16le", self._audio_header.samples_per_second), _TIMING)
                if started:
                    self._audio += heard.audio_buffer
                    yield LiveAudio(heard.audio_buffer)
            elif kind == "end_of_audio":
                break
            elif kind == "audio_stream_header":
                raise OptionError("audio_stream_header may come only once", "audio_stream_header")
            else:
                raise OptionError("a message without a part", "stream_part")
        if not started:
            raise AudioError("no audio came", "audio_with_emotion.audio_buffer")

    def _read_header(self, header: controller_pb2.AudioStreamHeader) -> None:
        _check_audio(header.audio_header)
        self._audio_header = header.audio_header
        adjustments = tuple(self._adjustments(header.blendshape_params))
        self._options = replace(self._options, curve_adjustments=adjustments)
        self._feel(header.emotion_params.beginning_emotion)

    def _feel(self, emotions: Mapping[str, float]) -> None:
        """From the beginning on; the last that are given before it count."""
        if emotions and not self._shows_emotions:
            self._not_used("emotions")
            return
        felt = {name.lower().replace(" ", "_"): strength for name, strength in emotions.items()}
        known = sorted(set(felt) & set(Emotion))
        if len(known) < len(felt):
            self._not_used("emotions of other names than NVIDIA's ten")
        if felt:
            strengths = ((Emotion(name), float(np.clip(np.nan_to_num(felt[name]), 0.0, 1.0))) for name in known)
            self._options = replace(self._options, emotions=tuple(strengths))

    def _adjustments(self, params: a2f_pb2.BlendShapeParameters) -> Iterable[CurveAdjustment]:
        low, high = (0.0, 1.0) if params.enable_clamping_bs_weight else (-_ANY_WEIGHT, _ANY_WEIGHT)
        for name in sorted({*params.bs_weight_multipliers, *params.bs_weight_offsets}):
            if name in _TONGUE_SHAPES:
                self._not_used("tongue shapes")
            elif name not in BLEND_SHAPES:
                raise UnknownNameError("blendshape", name, list(BLEND_SHAPES))
            else:
                yield CurveAdjustment(
                    curve=BLEND_SHAPES[name],
                    gain=params.bs_weight_multipliers.get(name, 1.0),
                    offset=params.bs_weight_offsets.get(name, 0.0),
                    minimum=low,
                    maximum=high,
                )

    def _not_used(self, what: str) -> None:
        self._notices[f"{what} are not used"] = None

    def packing(self, generation: Generation) -> Pack[list[Answer]]:
        """How frames become messages, once it is known what they are."""
        self._fps = generation.fps
        self._poses = PoseMessages(generation.skeleton)
        return self._animated

    def header(self, generation: Generation) -> Answer:
        """The answer's header."""
        names = animation_data_pb2.SkelAnimationHeader(
            blend_shapes=BLEND_SHAPES, joints=generation.skeleton.joint_names
        )
        return Answer(
            animation_data_stream_header=controller_pb2.AnimationDataStreamHeader(
                audio_header=self._audio_header, skel_animation_header=names, start_time_code_since_epoch=time.time()
            )
        )

    def _animated(self, motion: Motion, first_frame: int) -> list[Answer]:
        """A message for each frame, with the audio that plays while it is seen: some clients read one frame a message."""
        assert motion.face is not None
        frames = zip(motion.root_translation, motion.rotations_xyzw, motion.face.weights, strict=True)
        answers = []
        for number, frame in enumerate(frames, first_frame):
            data = animation_data_pb2.AnimationData(skel_animation=self._poses.frame(number / self._fps, *frame))
            start, samples = self._audio_until((number + 1) / self._fps)
            if samples:
                data.audio.time_code, data.audio.audio_buffer = start, samples
            answers.append(Answer(animation_data=data))
        return answers

    def _audio_until(self, seconds: float) -> tuple[float, bytes]:
        """What was not sent yet; its own time and its bytes."""
        rate = self._audio_header.samples_per_second
        start = self._audio_sent
        due = bytes(self._audio[: _SAMPLE_BYTES * max(0, round(seconds * rate) - start)])
        del self._audio[: len(due)]
        self._audio_sent += len(due) // _SAMPLE_BYTES
        return start / rate, due

    def outcome(self) -> str:
        """For people."""
        return "; ".join(["sent all data", *self._notices])


def _check_audio(header: audio_pb2.AudioHeader) -> None:
    """Raises AudioError for what Audio2Face-3D does not take either."""
    for field, given, right in (
        ("audio_format", header.audio_format, audio_pb2.AudioHeader.AUDIO_FORMAT_PCM),
        ("channel_count", header.channel_count, 1),
        ("bits_per_sample", header.bits_per_sample, 8 * _SAMPLE_BYTES),
    ):
        if given != right:
            raise AudioError(f"{field} is {given}, expected {right}", f"audio_stream_header.audio_header.{field}")
    try:
        PcmFormat("s16le", header.samples_per_second)
    except AudioError as error:
        raise AudioError(str(error), "audio_stream_header.audio_header.samples_per_second") from None
