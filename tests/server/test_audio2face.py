"""Clients of NVIDIA's Audio2Face-3D against a real server process."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import grpc
import numpy as np
import pytest

from folders import AUDIO, DATA
from live_stream import Live
from nvidia_ace_compat import a2f_controller_pb2_grpc, a2f_pb2, audio_pb2, controller_pb2, status_pb2
from nvidia_ace_compat.emotion_with_timecode_pb2 import EmotionWithTimeCode
from pantomatrix.v1 import audio_pb2 as pantomatrix_audio_pb2
from pantomatrix_converters.face.rigs import ARKIT52
from pantomatrix_converters.skeleton import load_skeleton
from pantomatrix_models.audio.decode import decode_file
from server_process import ServerProcess, running_server
from service_calls import details_of, field_of, frames, generate, open_channel, pcm

pytestmark = pytest.mark.service

Code = grpc.StatusCode
ORDERS = json.loads((DATA / "arkit_orders.json").read_text())
RATE = 16000
SPEECH = (decode_file((AUDIO / "hu03_speech_m.wav").read_bytes(), 60).samples[: 3 * RATE] * 32767).astype("<i2")
END = controller_pb2.AudioStream(end_of_audio=controller_pb2.AudioStream.EndOfAudio())


@pytest.fixture(scope="module")
def compatible(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    log = tmp_path_factory.mktemp("audio2face") / "log"
    with running_server(log, "--audio2face", "builtin", PANTOMATRIX_AUDIO2FACE_SKELETON="mixamo") as running:
        yield running


@pytest.fixture
def channel(compatible: ServerProcess) -> Iterator[grpc.Channel]:
    with open_channel(compatible.address) as channel:
        yield channel


def header(rate: int = RATE, channels: int = 1, bits: int = 16, **params) -> controller_pb2.AudioStream:
    audio = audio_pb2.AudioHeader(samples_per_second=rate, channel_count=channels, bits_per_sample=bits)
    return controller_pb2.AudioStream(
        audio_stream_header=controller_pb2.AudioStreamHeader(audio_header=audio, **params)
    )


def audio(samples: np.ndarray, **emotion: float) -> controller_pb2.AudioStream:
    emotions = [EmotionWithTimeCode(emotion=emotion)] if emotion else []
    return controller_pb2.AudioStream(
        audio_with_emotion=a2f_pb2.AudioWithEmotion(audio_buffer=samples.tobytes(), emotions=emotions)
    )


def chunks(samples: np.ndarray, size: int) -> list[controller_pb2.AudioStream]:
    return [audio(samples[start : start + size]) for start in range(0, len(samples), size)]


def call(channel: grpc.Channel, *messages: controller_pb2.AudioStream) -> list[controller_pb2.AnimationDataStream]:
    stub = a2f_controller_pb2_grpc.A2FControllerServiceStub(channel)
    return list(stub.ProcessAudioStream(iter(messages), timeout=60))


def weights(answers: list[controller_pb2.AnimationDataStream]) -> np.ndarray:
    animated = [a.animation_data.skel_animation for a in answers if a.HasField("animation_data")]
    return np.array([frame.blend_shape_weights[0].values for frame in animated], np.float32)


@pytest.mark.parametrize("size", [480, 16000, 48000])
def test_the_same_motion_as_of_our_own_call_with_the_audio_beside_it(channel: grpc.Channel, size: int) -> None:
    answers = call(channel, header(), *chunks(SPEECH, size), END)
    kinds = [answer.WhichOneof("stream_part") for answer in answers]
    assert kinds == ["animation_data_stream_header", *["animation_data"] * (len(kinds) - 3), "event", "status"]
    assert answers[-1].status == status_pb2.Status(code=status_pb2.Status.SUCCESS, message="sent all data")

    begun = answers[0].animation_data_stream_header
    skeleton = load_skeleton("mixamo")
    assert list(begun.skel_animation_header.blend_shapes) == ORDERS["audio2face_52"]
    assert tuple(begun.skel_animation_header.joints) == skeleton.joint_names
    assert begun.audio_header.samples_per_second == RATE
    assert begun.start_time_code_since_epoch > 1.7e9

    samples = pcm(SPEECH, encoding=pantomatrix_audio_pb2.PCM_ENCODING_S16LE)
    ours = frames(generate(channel, samples, skeleton="mixamo", face_rig="arkit52"))
    animated = [answer.animation_data for answer in answers[1:-2]]
    assert len(animated) == len(ours) == 90
    for number, (data, row) in enumerate(zip(animated, ours, strict=True)):
        face, places, turns = (
            getattr(data.skel_animation, name)[0] for name in ("blend_shape_weights", "translations", "rotations")
        )
        assert {face.time_code, places.time_code, turns.time_code} == {number / 30}
        np.testing.assert_array_equal(np.array(face.values, np.float32), row[3 + 4 * len(skeleton) :])
        np.testing.assert_array_equal(
            np.array([(q.i, q.j, q.k, q.real) for q in turns.values], np.float32).ravel(), row[3:][: 4 * len(skeleton)]
        )
        positions = np.array([(p.x, p.y, p.z) for p in places.values], np.float32)
        np.testing.assert_array_equal(positions[0], row[:3])
        np.testing.assert_allclose(positions[1:], skeleton.rest_translations[1:], atol=1e-6)
        assert data.audio.time_code == pytest.approx(number / 30, abs=1 / RATE)
    assert b"".join(data.audio.audio_buffer for data in animated) == SPEECH.tobytes()


def test_multipliers_offsets_and_clamp(channel: grpc.Channel) -> None:
    plain = weights(call(channel, header(), audio(SPEECH), END))
    jaw, blink = ARKIT52.curve_names.index("jawOpen"), ARKIT52.curve_names.index("eyeBlinkLeft")
    params = a2f_pb2.BlendShapeParameters(
        bs_weight_multipliers={"JawOpen": 4.0, "EyeBlinkLeft": 0.0}, bs_weight_offsets={"JawOpen": -0.5}
    )
    free = weights(call(channel, header(blendshape_params=params), audio(SPEECH), END))
    params.enable_clamping_bs_weight = True
    clamped = weights(call(channel, header(blendshape_params=params), audio(SPEECH), END))

    assert free[:, jaw].min() < 0
    np.testing.assert_allclose(free[:, jaw], plain[:, jaw] * 4 - 0.5, atol=1e-6)
    np.testing.assert_array_equal(clamped[:, jaw], np.clip(free[:, jaw], 0, 1))
    assert not free[:, blink].any()
    others = [at for at in range(52) if at not in (jaw, blink)]
    np.testing.assert_array_equal(free[:, others], plain[:, others])


def test_what_is_not_used_is_said_at_the_end(channel: grpc.Channel) -> None:
    params = a2f_pb2.BlendShapeParameters(bs_weight_multipliers=dict.fromkeys(ORDERS["audio2face_tongue_16"], 1.0))
    later = audio(SPEECH[RATE : 2 * RATE], joy=1.0)
    answers = call(channel, header(blendshape_params=params), audio(SPEECH[:RATE], envy=1.0), later, END)
    assert answers[-1].status.code == status_pb2.Status.SUCCESS
    assert answers[-1].status.message == (
        "sent all data; tongue shapes are not used; emotions of other names than NVIDIA's ten are not used; "
        "emotions after the beginning are not used"
    )


def test_emotions_from_the_beginning_are_ours(channel: grpc.Channel) -> None:
    smile = ARKIT52.curve_names.index("mouthSmileLeft")
    plain = weights(call(channel, header(), audio(SPEECH[:RATE]), END))
    glad = a2f_pb2.EmotionParameters(beginning_emotion={"joy": 0.5})
    of_header = weights(call(channel, header(emotion_params=glad), audio(SPEECH[:RATE]), END))
    of_audio = weights(call(channel, header(), audio(SPEECH[:RATE], joy=0.5), END))
    np.testing.assert_array_equal(of_header, of_audio)
    assert (of_header[:, smile] - plain[:, smile]).mean() > 0.25


def test_the_clock_is_the_audio_however_late_it_comes(channel: grpc.Channel) -> None:
    """No idle frames before it, and none where the caller pauses."""

    def pause() -> None:
        """As long as a listener of StreamMotion takes to get idle frames."""
        listener = Live(channel)
        listener.until(lambda: len(listener.rows) >= 45)
        listener.cancel()

    def late() -> Iterator[controller_pb2.AudioStream]:
        yield header()
        pause()
        yield audio(SPEECH[:RATE])
        pause()
        yield audio(SPEECH[RATE:])
        yield END

    stub = a2f_controller_pb2_grpc.A2FControllerServiceStub(channel)
    late_answers = list(stub.ProcessAudioStream(late(), timeout=60))
    at_once = call(channel, header(), audio(SPEECH), END)
    np.testing.assert_array_equal(weights(late_answers), weights(at_once))


def test_a_caller_who_closes_its_side_has_ended_the_audio(channel: grpc.Channel) -> None:
    assert len(weights(call(channel, header(), audio(SPEECH)))) == 90


PARAMS = a2f_pb2.BlendShapeParameters


@pytest.mark.parametrize(
    ("messages", "field", "text"),
    [
        ([audio(SPEECH)], "stream_part", "the first message has to be audio_stream_header"),
        ([header(), header()], "audio_stream_header", "audio_stream_header may come only once"),
        ([header(), END], "audio_with_emotion.audio_buffer", "no audio came"),
        ([header(channels=2)], "audio_stream_header.audio_header.channel_count", "channel_count is 2, expected 1"),
        ([header(bits=32)], "audio_stream_header.audio_header.bits_per_sample", "bits_per_sample is 32, expected 16"),
        ([header(rate=0)], "audio_stream_header.audio_header.samples_per_second", "sample_rate_hz is 0"),
        ([header(rate=4_000_000_000)], "audio_stream_header.audio_header.samples_per_second", "is 4000000000"),
        ([header(), controller_pb2.AudioStream()], "stream_part", "a message without a part"),
        ([header(), audio(np.zeros(3, np.uint8)), END], "audio.samples", "3 bytes are not a whole number"),
        (
            [header(blendshape_params=PARAMS(bs_weight_multipliers={"JawOpn": 1})), audio(SPEECH), END],
            "",
            "unknown blendshape 'JawOpn'",
        ),
        (
            [header(blendshape_params=PARAMS(bs_weight_offsets={"JawOpen": np.nan})), audio(SPEECH), END],
            "start.options.curve_adjustments",
            "expected finite numbers",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) and " " in value else "",
)
def test_what_is_refused(channel: grpc.Channel, messages, field: str, text: str) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        call(channel, *messages)
    code, told, found = details_of(caught.value)
    assert text in told
    assert code == (Code.INVALID_ARGUMENT if field else Code.NOT_FOUND)
    if field:
        assert field_of(found) in (field, field.removeprefix("start."))


def test_it_is_not_there_unless_it_is_switched_on(server: ServerProcess) -> None:
    with open_channel(server.address) as channel, pytest.raises(grpc.RpcError) as caught:
        call(channel, header(), audio(SPEECH), END)
    assert caught.value.code() == Code.UNIMPLEMENTED


@pytest.mark.parametrize(
    ("flag", "skeleton", "text"),
    [("bultin", "", "unknown model 'bultin'"), ("builtin", "mixmo", "unknown skeleton 'mixmo'")],
)
def test_a_server_with_a_wrong_name_does_not_start(tmp_path: Path, flag: str, skeleton: str, text: str) -> None:
    with pytest.raises(AssertionError) as caught:
        with running_server(tmp_path / "log", "--audio2face", flag, PANTOMATRIX_AUDIO2FACE_SKELETON=skeleton):
            pass
    assert "error: audio2face: " in str(caught.value)
    assert text in str(caught.value)
