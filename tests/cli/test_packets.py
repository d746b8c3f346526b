"""Files and live speech as packets: to real UDP receivers, read by other people's libraries."""

from __future__ import annotations

import socket
import struct
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from pylivelinkface import FaceBlendShape, PyLiveLinkFace
from pythonosc.osc_bundle import OscBundle

from command_line import command, fails, run
from folders import AUDIO
from pantomatrix_cli import relay
from server_process import ServerProcess

pytestmark = pytest.mark.service

CLIP = AUDIO / "hu03_speech_m.wav"
_CLOCKS = {"--vmc": "/VMC/Ext/T", "--osc": "/pantomatrix/time"}


@dataclass
class Receivers:
    """One of each kind, and what the commands are told."""

    sockets: dict[str, socket.socket]
    names: set[str] = field(default_factory=set)

    @property
    def options(self) -> list[str]:
        return [word for option, at in self.sockets.items() for word in (option, f"127.0.0.1:{at.getsockname()[1]}")]

    def face(self) -> tuple[int, float]:
        """Number and opening of the jaw of the next Live Link Face frame."""
        data = self.sockets["--livelink"].recv(2048)
        decoded, face = PyLiveLinkFace.decode(data)
        assert decoded
        number = struct.unpack_from(">i", data, 41 + 4 + len("PantoMatrix"))[0]
        return number, face.get_blendshape(FaceBlendShape.JawOpen)

    def time(self, option: str) -> float:
        """Of the next frame."""
        while True:
            messages = {m.address: m.params for m in OscBundle(self.sockets[option].recv(2048))}  # type: ignore[union-attr]
            self.names.update(messages)
            if _CLOCKS[option] in messages:
                return messages[_CLOCKS[option]][0]


@contextmanager
def receivers() -> Iterator[Receivers]:
    with ExitStack() as opened:
        sockets = {}
        for option in ("--vmc", "--osc", "--livelink"):
            sockets[option] = opened.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
            sockets[option].bind(("127.0.0.1", 0))
            sockets[option].setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
            sockets[option].settimeout(60)
        yield Receivers(sockets)


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("take")
    assert run("generate", AUDIO / "hu02_prompt_f.wav", "-o", folder / "take.npz").returncode == 0
    return folder / "take.npz"


class Clock:
    """In place of the module `time`: time passes when somebody sleeps."""

    def __init__(self, awake: Callable[[float], None] = lambda now: None) -> None:
        """awake: told the time whenever somebody wakes up."""
        self._now, self._awake = 100.0, awake

    def monotonic(self) -> float:
        return self._now

    def sleep(self, seconds: float) -> None:
        self._now += seconds
        self._awake(self._now - 100)


def test_a_file_in_real_time_to_several(take: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each frame when it is due, not before."""
    with np.load(take) as file:
        count = len(file["poses"])
    with receivers() as there:
        sent: list[float] = []

        def awake(now: float) -> None:
            """A frame is about to be sent; those before it have been."""
            if sent:
                receive(len(sent) - 1)
            sent.append(now)

        def receive(frame: int) -> None:
            assert there.face()[0] == frame
            assert there.time("--vmc") == pytest.approx(frame / 30, abs=1e-5)
            assert there.time("--osc") == pytest.approx(frame / 30, abs=1e-5)

        monkeypatch.setattr("pantomatrix_cli.send.time", Clock(awake))
        done = run("send", take, "--quiet", *there.options)
        assert done.returncode == 0, done.stderr
        receive(count - 1)
    np.testing.assert_allclose(sent, np.arange(count) / 30, atol=1e-9)
    assert "/pantomatrix/face/jawOpen" in there.names


def test_a_file_is_spoken_in_real_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every piece when its first sample is due."""
    clock = Clock()
    monkeypatch.setattr("pantomatrix_cli.relay.time", clock)
    data, spoken = bytes(range(256)) * 20, []
    for piece in relay._paced(data, 1000):
        spoken.append((clock.monotonic() - 100, piece))
    assert b"".join(piece for _, piece in spoken) == data
    starts = np.cumsum([0, *(len(piece) for _, piece in spoken)])[:-1]
    np.testing.assert_allclose([when for when, _ in spoken], starts / 2 / 1000, atol=1e-9)
    assert max(len(piece) for _, piece in spoken) <= 2 * 1000 * 0.02


def test_frames_wait_until_they_are_due() -> None:
    """Those that come early for the delay, a late one moves all later ones, and slack that lasts is taken back."""
    clock = relay._Clock(30, 0.05)
    clock.hear(0, 100.0)
    assert clock.due(0) == pytest.approx(100.05)
    assert clock.due(30) == pytest.approx(101.05)
    clock.hear(30, 101.25)
    assert clock.due(30) == pytest.approx(101.3)
    for second in range(1, 200):
        clock.hear(30 + 30 * second, 100.55 + second)
    assert clock.due(60) == pytest.approx(101.55 + 0.05)


def test_live_speech_from_a_file(server: ServerProcess) -> None:
    words = ("relay", CLIP, "--server", server.address, "--skeleton", "mixamo")
    with receivers() as there, subprocess.Popen(command(*words, *there.options), stderr=subprocess.PIPE) as sender:
        jaw = []
        for frame in range(330):
            number, opening = there.face()
            assert number == frame
            jaw.append(opening)
            assert there.time("--vmc") == pytest.approx(frame / 30, abs=1e-4)
            assert there.time("--osc") == pytest.approx(frame / 30, abs=1e-4)
        assert sender.wait(timeout=60) == 0
    assert max(jaw) > 0.2
    assert "/pantomatrix/joint/mixamorig:Head" in there.names


def test_live_samples_from_another_program(server: ServerProcess) -> None:
    """Pieces of any size, an odd number of bytes too; the stream ends with its input."""
    samples = CLIP.read_bytes()[44 : 44 + 32_000]
    words = ("relay", "--server", server.address)
    with receivers() as there:
        with subprocess.Popen(command(*words, *there.options), stdin=subprocess.PIPE, stderr=subprocess.PIPE) as sender:
            assert sender.stdin is not None
            for start in range(0, len(samples), 333):
                sender.stdin.write(samples[start : start + 333])
                sender.stdin.flush()
            sender.stdin.close()
            assert [there.face()[0] for _ in range(30)] == list(range(30))
            assert sender.wait(timeout=60) == 0


def test_relay_says_what_is_wrong(server: ServerProcess) -> None:
    for words, text, code in (
        (("relay", CLIP, "--server", "127.0.0.1:1"), "no server answers at 127.0.0.1:1", 3),
        (("relay", CLIP, "--server", server.address, "--model", "emagee"), "unknown model 'emagee'", 2),
        (("relay", CLIP, "--server", server.address, "--livelink", "here"), "for example 127.0.0.1:11111", 2),
        (("relay", "no.wav", "--server", server.address), "no.wav", 2),
    ):
        assert text in fails(*words, code=code)
