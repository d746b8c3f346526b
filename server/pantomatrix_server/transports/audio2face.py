"""A2FControllerService: clients of NVIDIA's Audio2Face-3D get our motion, as one live utterance."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import aclosing

import grpc
import numpy as np
from google.protobuf.duration_pb2 import Duration
from numpy.typing import NDArray

from nvidia_ace_compat import (
    a2f_controller_pb2_grpc,
    a2f_pb2,
    animation_data_pb2,
    audio_pb2,
    controller_pb2,
    status_pb2,
)
from pantomatrix.v1 import audio_pb2 as pantomatrix_audio_pb2
from pantomatrix.v1 import frames_pb2, motion_pb2, options_pb2
from pantomatrix_converters.errors import PantomatrixError, UnknownNameError
from pantomatrix_converters.face_rigs import ARKIT52
from pantomatrix_models.audio.pcm import PcmFormat
from pantomatrix_models.errors import AudioError, OptionError, StartError

from ..app.live_stream import MAX_LOOK_AHEAD_SECONDS
from ..app.motion_service import MotionService
from ..settings import Settings
from ..wire.options import options_from_message

_LOOK_AHEAD = Duration(nanos=round(MAX_LOOK_AHEAD_SECONDS * 1e9))
"""As much as models have use for: callers send an utterance as fast as it is synthesised, and get what a clip gets."""
BLEND_SHAPES = {name[0].upper() + name[1:]: name for name in ARKIT52.curve_names}
"""NVIDIA's name -> ARKit's, in the order that both have."""
_TONGUE_SHAPES = {
    *("TongueTipUp", "TongueTipDown", "TongueTipLeft", "TongueTipRight"),
    *("TongueRollUp", "TongueRollDown", "TongueRollLeft", "TongueRollRight"),
    *("TongueUp", "TongueDown", "TongueLeft", "TongueRight"),
    *("TongueIn", "TongueStretch", "TongueWide", "TongueNarrow"),
}
"""Names of NVIDIA's that ARKit's shapes do not have."""
_ANY_WEIGHT = float(np.finfo(np.float32).max)
_SAMPLE_BYTES = 2

Asked = controller_pb2.AudioStream
Answer = controller_pb2.AnimationDataStream


class Audio2FaceService(a2f_controller_pb2_grpc.A2FControllerServiceServicer):
    """See a2f_controller.proto; docs/how-to/audio2face.md says what is read and what is not."""

    def __init__(self, motion: MotionService, settings: Settings) -> None:
        self._motion = motion
        self._options = options_pb2.MotionOptions(
            model=settings.audio2face or "", skeleton=settings.audio2face_skeleton, face_rig=ARKIT52.name
        )
        self._shows_emotions = False

    async def check(self) -> None:
        """Raises StartError if the settings name a model, or a skeleton, that cannot do it."""
        try:
            generation = await self._motion.plan(options_from_message(self._options))
        except PantomatrixError as error:
            raise StartError(f"audio2face: {error}") from None
        self._shows_emotions = generation.model.info.emotions

    async def ProcessAudioStream(  # noqa: N802
        self, request_iterator: AsyncIterator[Asked], context: grpc.aio.ServicerContext
    ) -> AsyncIterator[Answer]:
        clip = _Clip(self._options, self._shows_emotions)
        live = self._motion.StreamMotion(clip.requests(request_iterator), context)
        async with aclosing(live) as responses:
            async for response in responses:
                match response.WhichOneof("message"):
                    case "header":
                        yield clip.begun(response.header)
                    case "frames":
                        for answer in await asyncio.to_thread(clip.animated, response.frames):
                            yield answer
        yield Answer(event=controller_pb2.Event(event_type=controller_pb2.END_OF_A2F_AUDIO_PROCESSING))
        yield Answer(status=status_pb2.Status(code=status_pb2.Status.SUCCESS, message=clip.outcome()))


class _Clip:
    """One call, between the two contracts. Its clock is the audio alone, so nothing is opened before the first of it."""

    def __init__(self, options: options_pb2.MotionOptions, shows_emotions: bool) -> None:
        self._shows_emotions = shows_emotions
        self._options = options_pb2.MotionOptions()
        self._options.CopyFrom(options)
        self._audio_header = audio_pb2.AudioHeader()
        self._audio = bytearray()
        self._audio_sent = 0
        self._notices: dict[str, None] = {}

    async def requests(self, asked: AsyncIterator[Asked]) -> AsyncIterator[motion_pb2.StreamMotionRequest]:
        """As a live stream's. Raises OptionError, AudioError, UnknownNameError."""
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
                    yield motion_pb2.StreamMotionRequest(start=self._start())
                if started:
                    self._audio += heard.audio_buffer
                    yield motion_pb2.StreamMotionRequest(audio=motion_pb2.AudioChunk(samples=heard.audio_buffer))
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
        self._options.curve_adjustments.extend(self._adjustments(header.blendshape_params))
        self._feel(header.emotion_params.beginning_emotion)

    def _feel(self, emotions: Mapping[str, float]) -> None:
        """From the beginning on; the last that are given before it count."""
        if emotions and not self._shows_emotions:
            self._not_used("emotions")
            return
        known = {name: number for name, number in options_pb2.Emotion.items() if number}
        felt = {f"EMOTION_{name.upper().replace(' ', '_')}": strength for name, strength in emotions.items()}
        if set(felt) - set(known):
            self._not_used("emotions of other names than NVIDIA's ten")
        if felt:
            del self._options.emotions[:]
        for name in sorted(set(felt) & set(known)):
            strength = float(np.clip(np.nan_to_num(felt[name]), 0.0, 1.0))
            self._options.emotions.add(emotion=known[name], strength=strength)

    def _adjustments(self, params: a2f_pb2.BlendShapeParameters) -> Iterable[options_pb2.CurveAdjustment]:
        low, high = (0.0, 1.0) if params.enable_clamping_bs_weight else (-_ANY_WEIGHT, _ANY_WEIGHT)
        for name in sorted({*params.bs_weight_multipliers, *params.bs_weight_offsets}):
            if name in _TONGUE_SHAPES:
                self._not_used("tongue shapes")
            elif name not in BLEND_SHAPES:
                raise UnknownNameError("blendshape", name, list(BLEND_SHAPES))
            else:
                yield options_pb2.CurveAdjustment(
                    curve=BLEND_SHAPES[name],
                    gain=params.bs_weight_multipliers.get(name, 1.0),
                    offset=params.bs_weight_offsets.get(name, 0.0),
                    minimum=low,
                    maximum=high,
                )

    def _not_used(self, what: str) -> None:
        self._notices[f"{what} are not used"] = None

    def _start(self) -> motion_pb2.StreamStart:
        encoding, rate = pantomatrix_audio_pb2.PCM_ENCODING_S16LE, self._audio_header.samples_per_second
        format = pantomatrix_audio_pb2.PcmFormat(encoding=encoding, sample_rate_hz=rate)
        return motion_pb2.StreamStart(options=self._options, format=format, look_ahead=_LOOK_AHEAD)

    def begun(self, header: frames_pb2.MotionHeader) -> Answer:
        """The answer's header."""
        self._fps, joints = header.fps, header.skeleton.joints
        self._rest_positions = [
            animation_data_pb2.Float3(
                x=joint.rest_translation.x, y=joint.rest_translation.y, z=joint.rest_translation.z
            )
            for joint in joints
        ]
        names = animation_data_pb2.SkelAnimationHeader(
            blend_shapes=BLEND_SHAPES, joints=[joint.name for joint in joints]
        )
        return Answer(
            animation_data_stream_header=controller_pb2.AnimationDataStreamHeader(
                audio_header=self._audio_header, skel_animation_header=names, start_time_code_since_epoch=time.time()
            )
        )

    def animated(self, block: frames_pb2.FrameBlock) -> list[Answer]:
        """A message for each frame, with the audio that plays while it is seen: some clients read one frame a message."""
        rows = np.frombuffer(block.data, "<f4").reshape(block.frame_count, -1)
        answers = []
        for frame, row in enumerate(rows, block.first_frame):
            data = animation_data_pb2.AnimationData(skel_animation=self._frame(frame / self._fps, row))
            start, samples = self._audio_until((frame + 1) / self._fps)
            if samples:
                data.audio.time_code, data.audio.audio_buffer = start, samples
            answers.append(Answer(animation_data=data))
        return answers

    def _frame(self, seconds: float, row: NDArray[np.float32]) -> animation_data_pb2.SkelAnimation:
        joints = len(self._rest_positions)
        root, weights = row[:3].tolist(), row[3 + 4 * joints :].tolist()
        turns = row[3 : 3 + 4 * joints].reshape(joints, 4).tolist()
        frame = animation_data_pb2.SkelAnimation()
        frame.blend_shape_weights.add(time_code=seconds, values=weights)
        positions = frame.translations.add(time_code=seconds, values=self._rest_positions).values
        positions[0].x, positions[0].y, positions[0].z = root
        frame.rotations.add(
            time_code=seconds, values=[animation_data_pb2.QuatF(real=w, i=x, j=y, k=z) for x, y, z, w in turns]
        )
        return frame

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
