"""Unity's characters without Unity: a player loop on stand-ins of its modules, against a real server."""

from __future__ import annotations

import signal
from pathlib import Path

import numpy as np
import pytest

import unity_assemblies
from avatars import write_avatar
from eventually import eventually
from folders import AUDIO
from pantomatrix_client import Client
from pantomatrix_converters.kinematics import forward_kinematics
from pantomatrix_converters.skeleton import Skeleton
from pantomatrix_models.audio.decode import decode_file
from server_process import ServerProcess, metrics, running_server
from unity_programs import RUNTIMES, SOURCES, Program, build, built

SPEECH = AUDIO / "hu03_speech_m.wav"
MOST_METRES = 1e-4
CURVES = 52

pytestmark = pytest.mark.client


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unity_character")
    build(unity_assemblies.PLAYER, "CharacterTests", list((SOURCES / "Character").glob("*.cs")), folder)
    return folder


@pytest.fixture(params=RUNTIMES)
def character(request: pytest.FixtureRequest, compiled: Path) -> Program:
    """The tests of the components."""
    return built("CharacterTests", request.param, compiled)


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """16-bit PCM at 16 kHz."""
    path = tmp_path_factory.mktemp("speech") / "samples"
    path.write_bytes((decode_file(SPEECH.read_bytes(), 60).samples * 32767).astype("<i2").tobytes())
    return path


@pytest.fixture(scope="module")
def avatar(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("avatar") / "joints"
    write_avatar(path)
    return path


def test_clocks(character: Program) -> None:
    assert character.run("clocks").startswith("clocks ok")


def test_mistakes(character: Program, samples: Path) -> None:
    assert character.run("mistakes", samples) == "mistakes ok\n"


def test_what_games_do(character: Program, server: ServerProcess, samples: Path, avatar: Path) -> None:
    """Options twenty times a second; sources and meshes that are gone; what is no number."""
    assert character.run("mishaps", server.web, samples, avatar) == "mishaps ok\n"


def test_rigs(character: Program, avatar: Path) -> None:
    assert character.run("rigs", avatar) == "rigs ok\n"


def test_a_clip_is_spoken(
    character: Program, server: ServerProcess, samples: Path, avatar: Path, tmp_path: Path
) -> None:
    """Joints are where forward kinematics has them, weights are those of the clip's frames at what is heard."""
    out, weights = tmp_path / "rows", tmp_path / "weights"
    assert character.run("speaks", server.web, samples, avatar, out, weights).startswith("latency")
    lines = [line.split("\t") for line in (tmp_path / "rows.skeleton").read_text().splitlines()]
    names = [line[0] for line in lines]
    joints = len(names)
    assert lines[0][5] == "pelvis"
    parents, places = [int(line[1]) for line in lines], np.array([line[2:5] for line in lines], float)
    skeleton = Skeleton.build("character", names, parents, places)
    rows = np.fromfile(out, "<f4").reshape(-1, 3 + 7 * joints + CURVES + 16)
    quats = rows[:, 3 : 3 + 4 * joints].reshape(-1, joints, 4)
    masked = [names.index(name) for name in names if "LeftHand" in name and name != "mixamorig:LeftHand"]
    found = rows[:, 3 + 4 * joints + CURVES : -16].reshape(-1, joints, 3)
    expected, _ = forward_kinematics(skeleton, quats, rows[:, :3])
    world = rows[:, -16:].reshape(-1, 4, 4)
    expected = np.einsum("tab,tjb->tja", world[:, :3, :3], expected) + world[:, None, :3, 3]
    off = np.linalg.norm(found - expected, axis=-1)
    moved = [joint for joint in range(joints) if joint not in masked]
    assert off[:, moved].max() <= MOST_METRES
    assert np.ptp(found, axis=0).max() > 0.01, "it moves"

    with Client(server.address) as client:
        motion = client.generate((_start(samples, 2.5), 16_000), parts=["face"])
    heard, shown, told = np.loadtxt(weights).T
    jaw = motion.curves[:, motion.curve_names.index("jawOpen")]
    wanted = np.interp(heard, np.arange(len(jaw)) / motion.fps, jaw)
    within = heard < 2.0  # at its end an utterance is not a clip's end: idling follows
    assert np.abs(told - wanted)[within].max() < 1e-5
    assert np.abs(shown - wanted)[within].max() < 1e-5
    assert wanted.max() > 0.3


def _start(path: Path, seconds: float) -> np.ndarray:
    return np.fromfile(path, "<i2")[: int(seconds * 16_000)]


def test_speech_is_pushed(character: Program, server: ServerProcess, samples: Path, avatar: Path) -> None:
    assert character.run("pushes", server.web, samples, avatar).startswith("pushed ok")


def test_listening(character: Program, server: ServerProcess, samples: Path) -> None:
    assert character.run("listens", server.web, samples).startswith("listens ok")


def test_changes(character: Program, server: ServerProcess, samples: Path) -> None:
    assert character.run("changes", server.web, samples) == "changes ok\n"


def test_who_is_told_does_anything(character: Program, server: ServerProcess, samples: Path) -> None:
    assert character.run("handlers", server.web, samples) == "handlers ok\n"


def test_voices(character: Program, server: ServerProcess, samples: Path) -> None:
    assert character.run("voices", server.web, samples) == "voices ok\n"


def test_two_characters_at_one_server(character: Program, server: ServerProcess, samples: Path, avatar: Path) -> None:
    assert character.run("two", server.web, samples, avatar) == "two ok\n"


def test_a_server_is_killed_in_mid_sentence(
    character: Program, server: ServerProcess, samples: Path, tmp_path: Path
) -> None:
    with (
        running_server(tmp_path / "first") as first,
        character.start("lost", first.web, server.web, samples) as process,
    ):
        assert process.stdout is not None
        assert process.stdout.readline() == "now\n"
        first.process.send_signal(signal.SIGKILL)
        printed, complaints = process.communicate(timeout=200)
    assert printed == "lost ok\n", complaints


def test_no_server(character: Program, samples: Path) -> None:
    assert character.run("alone", samples) == "alone ok\n"


def test_nothing_is_left_at_the_server(character: Program, samples: Path, tmp_path: Path) -> None:
    with running_server(tmp_path / "log") as server, character.start("ends", server.web, samples) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        ways = []
        while (line := process.stdout.readline().strip()) not in ("", "ends ok"):
            _wait_for_streams(server, 1 if line == "open" else 0)
            ways.append(line)
            process.stdin.write("\n")
            process.stdin.flush()
        assert line == "ends ok", process.stderr.read()
    assert [way for way in ways if way != "open"] == ["stop", "disable", "inactive", "destroy", "pause", "quit"]


def _wait_for_streams(server: ServerProcess, count: int) -> None:
    def are_there() -> bool:
        return sum(value for name, value in metrics(server).items() if name.startswith("pantomatrix_streams")) == count

    eventually(are_there)
