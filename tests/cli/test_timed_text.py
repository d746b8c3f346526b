"""Timed text on the command line: a file for one recording, here, at a server, and relayed."""

from __future__ import annotations

import socket
import subprocess
from pathlib import Path

import numpy as np
import pytest
from pylivelinkface import FaceBlendShape, PyLiveLinkFace

import pantomatrix as pm
from command_line import command, fails, run
from folders import AUDIO
from server_process import ServerProcess

pytestmark = pytest.mark.service

CLIP, PHONES = AUDIO / "hu05_arctic_f.wav", AUDIO / "hu05_arctic_f.phones.json"


def curves(path: Path) -> np.ndarray:
    face = pm.load(path).face
    assert face is not None
    return face.weights


def test_the_same_here_and_at_a_server(tmp_path: Path, server: ServerProcess) -> None:
    words = ("generate", CLIP, "--timed-text", PHONES, "-o")
    assert run(*words, tmp_path / "here.npz").returncode == 0
    assert run(*words, tmp_path / "there.npz", "--server", server.address).returncode == 0
    expected = pm.generate(CLIP, timed_text=PHONES).face
    assert expected is not None
    np.testing.assert_allclose(curves(tmp_path / "here.npz"), expected.weights, atol=1e-6)
    np.testing.assert_allclose(curves(tmp_path / "there.npz"), expected.weights, atol=1e-6)


def test_errors_are_one_line(tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text('[{"phone": "QQ", "start_s": 0}]')
    take = tmp_path / "take.npz"
    for words, text in (
        (("generate", CLIP, "-o", take, "--timed-text", bad), f"{bad}: the alphabet arpabet does not have 'QQ'"),
        (("generate", CLIP, "-o", take, "--timed-text", "none.json"), "none.json: No such file"),
        (
            ("generate", CLIP, CLIP.with_name("hu03_speech_m.wav"), "-o", tmp_path, "--timed-text", PHONES),
            "and 2 are given",
        ),
    ):
        assert text in fails(*words)


def test_relay_tells_it(server: ServerProcess) -> None:
    expected = pm.generate(CLIP, timed_text=PHONES).face
    assert expected is not None
    jaw = expected.weights[:, expected.names.index("jawOpen")]
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as receiver:
        receiver.bind(("127.0.0.1", 0))
        receiver.settimeout(60)
        place = f"127.0.0.1:{receiver.getsockname()[1]}"
        words = ("relay", CLIP, "--server", server.address, "--livelink", place, "--timed-text", PHONES)
        with subprocess.Popen(command(*words), stderr=subprocess.PIPE) as sender:
            faces = [PyLiveLinkFace.decode(receiver.recv(2048))[1] for _ in range(80)]
            sender.kill()
    got = [face.get_blendshape(FaceBlendShape.JawOpen) for face in faces]
    # Loudness is heard less far ahead than in a clip.
    np.testing.assert_allclose(got, jaw[:80], atol=0.06)
