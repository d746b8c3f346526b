"""NVIDIA's own Python packages beside ours: imported in one process, and as clients of a real server."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import dev
from ace_calls import SHAPES, SPEECH
from folders import ROOT
from server_process import running_server

OURS = "from nvidia_ace_compat import a2f_controller_pb2_grpc, a2x_export_config_pb2_grpc, emotion_aggregate_pb2"
WHEELS = ("nvidia-ace==1.0.0", "nvidia-audio2face-3d==1.3.0")


def run(code: str, folder: Path, *words: str) -> str:
    """What a program prints that imports from a folder too."""
    command = [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(folder)!r})\n{code}", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what NVIDIA has on the Python package index."""
    folder = tmp_path_factory.mktemp("published")
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--only-binary", ":all:"]
    done = subprocess.run([*command, "--target", folder, *WHEELS], capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"no package index: {done.stderr[-200:]}")
    return folder


@pytest.fixture(scope="module")
def equal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a package as the one in NVIDIA's repository: the same messages in files of other names, in protobuf's
    usual pool."""
    folder = tmp_path_factory.mktemp("equal")
    (folder / "proto" / "nvidia_ace").mkdir(parents=True)
    for file in (ROOT / "proto" / "compat" / "nvidia_ace_compat").glob("*.proto"):
        text = file.read_text().replace("nvidia_ace_compat/", "nvidia_ace/")
        (folder / "proto" / "nvidia_ace" / file.name).write_text(text)
    with dev.stub_generator() as generator:
        dev.generate_stubs(generator, folder / "proto", "nvidia_ace", folder)
    return folder


@pytest.mark.unit
def test_beside_a_package_with_the_same_messages(equal: Path) -> None:
    theirs = OURS.replace("nvidia_ace_compat", "nvidia_ace")
    for code in (f"{OURS}\n{theirs}", f"{theirs}\n{OURS}"):
        run(code, equal)


@pytest.mark.slow
def test_beside_the_published_packages(published: Path) -> None:
    theirs = "from nvidia_audio2face_3d import audio2face_pb2_grpc, a2x_export_config_pb2_grpc"
    for code in (f"{OURS}\n{theirs}", f"{theirs}\n{OURS}"):
        run(code, published)


_CLIENT = """
import json, grpc
from nvidia_ace.audio_pb2 import AudioHeader
from nvidia_audio2face_3d import a2x_export_config_pb2, a2x_export_config_pb2_grpc, audio2face_pb2_grpc, messages_pb2

def asked():
    form = AudioHeader(samples_per_second=16000, channel_count=1, bits_per_sample=16)
    feeling = messages_pb2.EmotionPostProcessingParameters(emotion_strength=1.0, preferred_emotion_strength=1.0)
    yield messages_pb2.AudioWithEmotionStream(
        audio_stream_header=messages_pb2.AudioWithEmotionStreamHeader(
            audio_header=form, emotion_post_processing_params=feeling
        )
    )
    keys = [messages_pb2.EmotionWithTimeCode(time_code=1.0, emotion={"joy": 1.0})]
    heard = messages_pb2.AudioWithEmotion(audio_buffer=open(sys.argv[2], "rb").read(), emotions=keys)
    yield messages_pb2.AudioWithEmotionStream(audio_with_emotion=heard)
    yield messages_pb2.AudioWithEmotionStream(end_of_audio=messages_pb2.AudioWithEmotionStream.EndOfAudio())

with grpc.insecure_channel(sys.argv[1]) as channel:
    answers = list(audio2face_pb2_grpc.A2FControllerServiceStub(channel).ProcessAudioStream(asked(), timeout=60))
    configs = a2x_export_config_pb2_grpc.A2XExportConfigServiceStub(channel)
    files = list(configs.GetConfigs(a2x_export_config_pb2.ConfigsTypeRequest(), timeout=60))
names = list(answers[0].animation_data_stream_header.skel_animation_header.blend_shapes)
frames = [answer.animation_data.skel_animation.blend_shape_weights[0] for answer in answers[1:-2]]
smile = [frame.values[names.index("MouthSmileLeft")] for frame in frames]
told = {"names": names, "times": [frame.time_code for frame in frames], "smile": smile}
told |= {"code": answers[-1].status.code, "event": answers[-2].HasField("event"), "files": [file.name for file in files]}
print(json.dumps(told))
"""


@pytest.mark.slow
@pytest.mark.service
def test_a_client_of_the_published_packages(published: Path, tmp_path: Path) -> None:
    (tmp_path / "speech").write_bytes(SPEECH.tobytes())
    with running_server(tmp_path / "log", "--audio2face", "builtin") as server:
        told = json.loads(run(_CLIENT, published, server.address, str(tmp_path / "speech")))
    assert told["names"] == SHAPES
    assert told["times"] == [number / 30 for number in range(90)]
    assert (told["code"], told["event"]) == (0, True)
    assert told["files"] == ["stylization_config.yaml", "deployment_config.yaml"]
    assert max(told["smile"][:30]) < 0.3
    assert min(told["smile"][60:]) > 0.6
