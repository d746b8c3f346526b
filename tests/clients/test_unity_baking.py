"""Baking for Unity without Unity: an editor of stand-ins, against a real server; clips in files, in players, on a Timeline."""

from __future__ import annotations

import os
import signal
import sys
import wave
from pathlib import Path

import numpy as np
import pytest

import pantomatrix
import unity_assemblies
from avatars import write_avatar
from folders import AUDIO
from pantomatrix_converters.coordinates import UNITY
from pantomatrix_converters.formats import decode_motion, encode_motion
from pantomatrix_models.audio.decode import decode_file
from pantomatrix_models.audio.speech import SAMPLE_RATE_HZ, Speech
from server_process import ServerProcess, running_server
from unity_programs import RUNTIMES, SOURCES, Program, build, built

SPEECH = AUDIO / "hu03_speech_m.wav"

pytestmark = pytest.mark.client


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unity_baking")
    sources = [*(SOURCES / "Baking").glob("*.cs"), SOURCES / "Character" / "Actor.cs"]
    build(unity_assemblies.EDITOR.with_packages(), "BakingTests", sources, folder)
    return folder


@pytest.fixture(params=RUNTIMES)
def editor(request: pytest.FixtureRequest, compiled: Path) -> Program:
    """The tests of baking."""
    return built("BakingTests", request.param, compiled)


@pytest.fixture(scope="module")
def avatar(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("avatar") / "joints"
    write_avatar(path)
    return path


def _write_wav(path: Path, seconds: float) -> Path:
    samples = decode_file(SPEECH.read_bytes(), 60).samples[: int(seconds * SAMPLE_RATE_HZ)]
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, SAMPLE_RATE_HZ, 0, "NONE", ""))
        file.writeframes((samples * 32767).astype("<i2").tobytes())
    return path


@pytest.fixture(scope="module")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _write_wav(tmp_path_factory.mktemp("speech") / "hello.wav", 4)


def _write_clip(path: Path, seconds: float) -> Path:
    """For SMPL-X's body."""
    speech = decode_file(SPEECH.read_bytes(), 60)
    motion = pantomatrix.generate(Speech(speech.samples[: int(seconds * SAMPLE_RATE_HZ)]))
    path.write_bytes(encode_motion(motion, "pmclip").data)
    return path


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _write_clip(tmp_path_factory.mktemp("clip") / "said.pmclip", 6)


def test_baking(editor: Program, server: ServerProcess, speech: Path, avatar: Path) -> None:
    """Clips are the server's frames; curves are them within the tolerance; nothing is overwritten, nothing is left half done."""
    printed = editor.run("bakes", server.web, speech, avatar)
    assert [line.split(":")[0] for line in printed.splitlines()] == ["clip", "generic", "humanoid"]


def test_a_server_is_lost(editor: Program, tmp_path: Path) -> None:
    samples = tmp_path / "samples"
    samples.write_bytes((decode_file(SPEECH.read_bytes(), 60).samples * 32767).astype("<i2").tobytes())
    with running_server(tmp_path / "log") as server, editor.start("lost", server.web, samples) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "now\n"
        server.process.send_signal(signal.SIGKILL)
        server.process.wait()
        _, complaints = process.communicate("gone\n", timeout=60)
    assert process.returncode == 0, complaints


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--help"], 0, "Bakes speech into assets"),
        ([], 2, "no speech was named; --help says more"),
        (["Assets/Speech", "--result", "film"], 2, "--result is 'film', expected clip, generic, humanoid or face"),
        (["Assets/Speech", "--fps"], 2, "--fps needs a value"),
        (["Assets/Speech", "--loudness", "3"], 2, "unknown option --loudness"),
        (["Assets/Speech", "--result", "face"], 2, "--character names one"),
        (["Assets/Nowhere"], 2, "no speech at 'Assets/Nowhere'"),
        (["Assets/Speech", "--model", "nobody"], 1, "Error: Assets/Speech/hello.wav: NotFound: unknown model"),
        (
            ["Assets/Speech", "--emotions", "joy=0.5", "--fps", "25", "--folder", "Assets/Out"],
            0,
            "Log: Assets/Speech/hello.wav -> Assets/Out/hello.asset",
        ),
    ],
)
def test_command_line(
    editor: Program, server: ServerProcess, speech: Path, words: list[str], code: int, said: str
) -> None:
    printed = editor.run("command", speech, "--", *words, "--server", server.web if words != ["--help"] else "x:1")
    assert said in printed
    assert printed.splitlines()[-1] == f"exit {code}"
    assert ("asset " in printed) == (code == 0 and words != ["--help"])


def test_settings(editor: Program) -> None:
    assert editor.run("settings") == ""


def test_window(editor: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)
    assert editor.run("window") == ""


def test_files(editor: Program, clip: Path, tmp_path: Path) -> None:
    """What Python writes C# reads, number for number, and the other way round."""
    rows = tmp_path / "rows"
    editor.run("file", clip, rows)
    assert Path(f"{rows}.pmclip").read_bytes() == clip.read_bytes()
    motion = decode_motion(clip.read_bytes())[1].motion
    assert motion.face is not None
    found = np.fromfile(rows, "<f4").reshape(len(motion), -1)
    root = UNITY.positions_from_canonical(motion.root_translation)
    quats = UNITY.rotations_from_canonical(motion.rotations_xyzw)
    assert np.abs(found[:, :3] - root).max() < 1e-6
    turned = found[:, 3:-52].reshape(quats.shape)
    turned = np.where((turned * quats).sum(axis=-1, keepdims=True) < 0, -turned, turned)
    assert np.abs(turned - quats).max() < 1e-5
    assert np.abs(found[:, -52:] - motion.face.weights).max() < 1e-6


@pytest.fixture(scope="module")
def small_clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return _write_clip(tmp_path_factory.mktemp("clip") / "small.pmclip", 0.3)


def test_damaged_files(editor: Program, small_clip: Path) -> None:
    assert editor.run("fuzz", small_clip).startswith("fuzz ok")


def test_imported_again(editor: Program, clip: Path, small_clip: Path) -> None:
    """The frames are those of the new file."""
    assert editor.run("again", clip, small_clip) == ""


def test_recording(editor: Program, small_clip: Path, avatar: Path) -> None:
    """In a scene of its own, where no script of the character runs; the same wherever the Animator is."""
    assert editor.run("records", small_clip, avatar) == ""


def test_playing(editor: Program, clip: Path, avatar: Path) -> None:
    assert editor.run("plays", clip, avatar) == ""


def test_another_body(editor: Program, clip: Path, avatar: Path) -> None:
    assert editor.run("other", clip, avatar) == ""


def test_timeline(editor: Program, clip: Path, avatar: Path) -> None:
    assert editor.run("timeline", clip, avatar) == ""
