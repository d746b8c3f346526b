"""Clients of NVIDIA's Audio2Face-3D against a real server process: the shape of a call, its limits, the services beside it."""

from __future__ import annotations

import contextlib
import json
import queue
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import grpc
import numpy as np
import pytest
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

from ace_calls import (
    EMOTIONS,
    END,
    RATE,
    SHAPES,
    SPEECH,
    Answers,
    audio,
    call,
    chunks,
    header,
    weights,
)
from nvidia_ace_compat import (
    a2f_controller_pb2_grpc,
    a2f_pb2,
    a2x_export_config_pb2,
    a2x_export_config_pb2_grpc,
    controller_pb2,
    status_pb2,
)
from pantomatrix_converters.motion import Motion, concatenate
from pantomatrix_converters.skeleton import load_skeleton
from pantomatrix_models.audio.pcm import PcmFormat, decode_pcm
from pantomatrix_models.generation import plan
from pantomatrix_models.options import MotionOptions
from pantomatrix_models.registry import ModelRegistry
from server_process import ServerProcess, running_server
from service_calls import details_of, field_of, open_channel

pytestmark = pytest.mark.service

Code = grpc.StatusCode


@pytest.fixture(scope="module")
def compatible(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    log = tmp_path_factory.mktemp("audio2face") / "log"
    with running_server(log, "--audio2face", "builtin", PANTOMATRIX_MAX_CLIP_SECONDS="5") as running:
        yield running


@pytest.fixture
def channel(compatible: ServerProcess) -> Iterator[grpc.Channel]:
    with open_channel(compatible.address) as channel:
        yield channel


def as_a_clip(skeleton: str) -> Motion:
    """What the library makes of the same speech."""
    options = MotionOptions(skeleton=skeleton, face_rig="arkit52+tongue16")
    generation = plan(options, ModelRegistry())
    return concatenate(list(generation.pieces(decode_pcm(SPEECH.tobytes(), PcmFormat("s16le", RATE), 60))))


class Stepwise:
    """A call that a test writes to and reads from by turns."""

    def __init__(self, channel: grpc.Channel) -> None:
        self._asked: queue.Queue = queue.Queue()
        stub = a2f_controller_pb2_grpc.A2FControllerServiceStub(channel)
        self._call = stub.ProcessAudioStream(iter(self._asked.get, None), timeout=60)

    def send(self, message: controller_pb2.AudioStream) -> None:
        self._asked.put(message)

    def close(self) -> None:
        """Send nothing more."""
        self._asked.put(None)

    def read(self) -> controller_pb2.AnimationDataStream:
        return next(self._call)

    def read_into(self, come: queue.Queue) -> None:
        for answer in self._call:
            come.put(answer)

    def rest(self) -> Answers:
        self.close()
        return list(self._call)


# ------------------------------------------------------------------------------------------------------- what comes back


@pytest.mark.parametrize("size", [480, 16000, 48000])
def test_the_face_of_a_clip_with_the_audio_beside_it(channel: grpc.Channel, size: int) -> None:
    answers = call(channel, header(), *chunks(SPEECH, size), END)
    kinds = [answer.WhichOneof("stream_part") for answer in answers]
    assert kinds == ["animation_data_stream_header", *["animation_data"] * (len(kinds) - 3), "event", "status"]
    assert answers[-1].status == status_pb2.Status(code=status_pb2.Status.SUCCESS, message="sent all data")

    begun = answers[0].animation_data_stream_header
    assert list(begun.skel_animation_header.blend_shapes) == SHAPES
    assert not begun.skel_animation_header.joints
    assert begun.audio_header.samples_per_second == RATE
    assert begun.start_time_code_since_epoch > 1.7e9

    ours = as_a_clip("")
    assert ours.face is not None
    animated = [answer.animation_data for answer in answers[1:-2]]
    assert len(animated) == len(ours) == 90
    np.testing.assert_array_equal(weights(answers), ours.face.weights)
    for number, data in enumerate(animated):
        frame = data.skel_animation
        assert frame.blend_shape_weights[0].time_code == number / 30
        assert {field.name for field, _ in frame.ListFields()} == {"blend_shape_weights"}
        assert data.audio.time_code == pytest.approx(number / 30, abs=1 / RATE)
    assert b"".join(data.audio.audio_buffer for data in animated) == SPEECH.tobytes()


def test_the_tongue_moves(channel: grpc.Channel) -> None:
    moved = weights(call(channel, header(), audio(SPEECH), END))[:, 52:].max(axis=0)
    assert (moved > 0.05).sum() >= 3


def test_joints_of_the_skeleton_that_is_set(tmp_path: Path) -> None:
    with running_server(tmp_path / "log", "--audio2face", "builtin", PANTOMATRIX_AUDIO2FACE_SKELETON="mixamo") as own:
        with open_channel(own.address) as channel:
            answers = call(channel, header(), audio(SPEECH), END)
    skeleton, ours = load_skeleton("mixamo"), as_a_clip("mixamo")
    assert tuple(answers[0].animation_data_stream_header.skel_animation_header.joints) == skeleton.joint_names
    for number, answer in enumerate(answers[1:-2]):
        frame = answer.animation_data.skel_animation
        places, turns = frame.translations[0], frame.rotations[0]
        assert {places.time_code, turns.time_code} == {number / 30}
        quats = np.array([(q.i, q.j, q.k, q.real) for q in turns.values], np.float32)
        np.testing.assert_array_equal(quats, ours.rotations_xyzw[number])
        positions = np.array([(p.x, p.y, p.z) for p in places.values], np.float32)
        np.testing.assert_array_equal(positions[0], ours.root_translation[number])
        np.testing.assert_allclose(positions[1:], skeleton.rest_translations[1:], atol=1e-6)


def test_the_header_comes_before_any_audio(channel: grpc.Channel) -> None:
    stepwise = Stepwise(channel)
    stepwise.send(header())
    assert list(stepwise.read().animation_data_stream_header.skel_animation_header.blend_shapes) == SHAPES
    stepwise.send(audio(SPEECH))
    stepwise.send(END)
    assert len(weights(stepwise.rest())) == 90


def test_the_clock_is_the_audio_however_late_it_comes(channel: grpc.Channel) -> None:
    """No idle frames before it, and none where the caller pauses."""
    stepwise = Stepwise(channel)
    stepwise.send(header())
    stepwise.read()
    for part in (SPEECH[:RATE], SPEECH[RATE:]):
        time.sleep(1.5)  # after 1 s StreamMotion has idle frames
        stepwise.send(audio(part))
    stepwise.send(END)
    at_once = call(channel, header(), audio(SPEECH), END)
    np.testing.assert_array_equal(weights(stepwise.rest()), weights(at_once))


def test_a_caller_who_closes_its_side_has_ended_the_audio(channel: grpc.Channel) -> None:
    assert len(weights(call(channel, header(), audio(SPEECH)))) == 90


def held_back(channel: grpc.Channel) -> float:
    """Seconds of 2 s of audio whose frames wait for more of it."""
    stepwise, come = Stepwise(channel), queue.Queue()
    stepwise.send(header())
    stepwise.send(audio(SPEECH[: 2 * RATE]))
    reader = threading.Thread(target=stepwise.read_into, args=[come])
    reader.start()
    frames = -1
    with contextlib.suppress(queue.Empty):
        while come.get(timeout=2.0):
            frames += 1
    stepwise.close()
    reader.join()
    return 2.0 - frames / 30


def look_ahead(channel: grpc.Channel) -> float:
    """As the server tells it, seconds."""
    return json.loads(configs(channel, "JSON")["deployment_config.json"])["output"]["look_ahead_seconds"]


def test_low_latency_looks_ahead_as_live_speech_does(channel: grpc.Channel, tmp_path: Path) -> None:
    usual = held_back(channel)
    with running_server(tmp_path / "log", "--audio2face", "builtin", PANTOMATRIX_AUDIO2FACE_LOW_LATENCY="1") as own:
        with open_channel(own.address) as fast:
            live, told = held_back(fast), look_ahead(fast)
    saved = look_ahead(channel) - told
    assert saved > 0.15
    assert usual - live == pytest.approx(saved, abs=2 / 30)


# -------------------------------------------------------------------------------------------------------------- refusals

PARAMS = a2f_pb2.BlendShapeParameters
FACE = a2f_pb2.FaceParameters
FEELING = a2f_pb2.EmotionPostProcessingParameters
HEAD = "audio_stream_header"


@pytest.mark.parametrize(
    ("messages", "field", "text"),
    [
        ([audio(SPEECH)], "stream_part", "the first message has to be audio_stream_header"),
        ([], "stream_part", "the first message has to be audio_stream_header"),
        ([header(), header()], HEAD, "audio_stream_header may come only once"),
        ([header(), END], "audio_with_emotion.audio_buffer", "no audio came"),
        ([header(channels=2)], f"{HEAD}.audio_header.channel_count", "channel_count is 2, expected 1"),
        ([header(bits=32)], f"{HEAD}.audio_header.bits_per_sample", "bits_per_sample is 32, expected 16"),
        ([header(rate=0)], f"{HEAD}.audio_header.samples_per_second", "sample_rate_hz is 0"),
        ([header(rate=4_000_000_000)], f"{HEAD}.audio_header.samples_per_second", "is 4000000000"),
        ([header(), controller_pb2.AudioStream()], "stream_part", "a message without a part"),
        ([header(), audio(np.zeros(3, np.uint8)), END], "audio.samples", "3 bytes are not a whole number"),
        (
            [header(blendshape_params=PARAMS(bs_weight_multipliers={"JawOpn": 1})), audio(SPEECH), END],
            "",
            "unknown blendshape 'JawOpn'",
        ),
        (
            [header(blendshape_params=PARAMS(bs_weight_offsets={"JawOpen": np.nan}))],
            f"{HEAD}.blendshape_params.bs_weight_offsets",
            "'JawOpen' is nan, expected a finite number",
        ),
        (
            [header(blendshape_params=PARAMS(bs_weight_offsets={"JawOpen": 0.1, "jawOpen": 0.2}))],
            f"{HEAD}.blendshape_params.bs_weight_offsets",
            "occurs twice",
        ),
        (
            [header(face_params=FACE(float_params={"skinStrength": np.inf}))],
            f"{HEAD}.face_params.float_params",
            "'skinStrength' is inf",
        ),
        (
            [header(emotion_post_processing_params=FEELING(emotion_strength=np.nan))],
            f"{HEAD}.emotion_post_processing_params.emotion_strength",
            "emotion_strength is nan, expected 0 to 1",
        ),
        (
            [header(), audio(SPEECH, [(np.nan, {"joy": 1.0})])],
            "audio_with_emotion.emotions.time_code",
            "time_code is nan",
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
        assert field_of(found) == field


@pytest.mark.parametrize("size", [RATE, 6 * RATE])
def test_a_clip_over_the_servers_limit(channel: grpc.Channel, size: int) -> None:
    long = np.resize(SPEECH, 6 * RATE)
    with pytest.raises(grpc.RpcError) as caught:
        call(channel, header(), *chunks(long, size), END)
    code, told, _ = details_of(caught.value)
    assert (code, told) == (Code.RESOURCE_EXHAUSTED, "the clip is 6.0 s long, at most 5 s are allowed")


def test_a_caller_who_sends_nothing_is_cut_off(tmp_path: Path) -> None:
    with running_server(tmp_path / "log", "--audio2face", "builtin", PANTOMATRIX_SILENT_CALLER_SECONDS="0.2") as own:
        for messages in ([], [header()]):
            with open_channel(own.address) as channel:
                stepwise = Stepwise(channel)
                for message in messages:
                    stepwise.send(message)
                with pytest.raises(grpc.RpcError) as caught:
                    stepwise.read_into(queue.Queue())
                assert caught.value.code() == Code.DEADLINE_EXCEEDED
                stepwise.close()


# ------------------------------------------------------------------------------------------------- the services beside it


def configs(channel: grpc.Channel, form: str) -> dict[str, str]:
    stub = a2x_export_config_pb2_grpc.A2XExportConfigServiceStub(channel)
    kind = a2x_export_config_pb2.ConfigsTypeRequest.ConfigType.Value(form)
    request = a2x_export_config_pb2.ConfigsTypeRequest(config_type=kind)
    return {file.name: file.content for file in stub.GetConfigs(request, timeout=10)}


def test_settings_in_force(channel: grpc.Channel) -> None:
    files = configs(channel, "JSON")
    assert set(files) == {"stylization_config.json", "deployment_config.json"}
    style, deployment = (json.loads(files[f"{name}_config.json"]) for name in ("stylization", "deployment"))
    assert deployment["limits"]["max_clip_seconds"] == 5
    assert deployment["model"]["name"] == "builtin"
    assert list(style["blendshape_parameters"]["multipliers"]) == SHAPES
    assert list(style["beginning_emotion"]) == EMOTIONS
    assert style["post_processing_parameters"]["emotion_strength"] == 0.6
    assert style["face_parameters"]["lowerFaceStrength"] == 1


def test_settings_as_yaml_say_the_same(channel: grpc.Channel) -> None:
    def read(text: str) -> dict:
        """Names that end a line open a table, two spaces deeper."""
        tables = [{}]
        for line in text.splitlines():
            name, _, value = line.strip().partition(":")
            del tables[1 + (len(line) - len(line.lstrip())) // 2 :]
            tables[-1][name] = json.loads(value) if value else {}
            tables += [] if value else [tables[-1][name]]
        return tables[0]

    files = configs(channel, "JSON")
    in_yaml = configs(channel, "YAML")
    assert {name.replace("yaml", "json"): read(text) for name, text in in_yaml.items()} == {
        name: json.loads(text) for name, text in files.items()
    }


def test_the_readiness_that_nvidias_clients_ask_for(compatible: ServerProcess) -> None:
    with urllib.request.urlopen(f"http://{compatible.web}/v1/health/ready", timeout=10) as answer:
        assert (answer.status, answer.read()) == (200, b"ready\n")


def test_reflection_describes_their_services_and_ours(channel: grpc.Channel) -> None:
    database = ProtoReflectionDescriptorDatabase(channel)
    theirs = {
        "nvidia_ace.services.a2f_controller.v1.A2FControllerService",
        "nvidia_ace.services.a2x_export_config.v1.A2XExportConfigService",
    }
    assert theirs | {"pantomatrix.v1.MotionService"} <= set(database.get_services())
    for name in theirs:
        assert database.FindFileContainingSymbol(name).package == name.rpartition(".")[0]
    assert database.FindFileContainingSymbol("pantomatrix.v1.MotionService").name == "pantomatrix/v1/motion.proto"


def test_it_is_not_there_unless_it_is_switched_on(server: ServerProcess) -> None:
    with open_channel(server.address) as channel:
        for ask in (lambda: call(channel, header(), audio(SPEECH), END), lambda: configs(channel, "YAML")):
            with pytest.raises(grpc.RpcError) as caught:
                ask()
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
