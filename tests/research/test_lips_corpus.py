"""What the lips' network learns from: shapes of phones in time, and what a room does to speech."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load_file

from folders import AUDIO, ROOT
from pantomatrix_models.audio.decode import decode_file
from pantomatrix_models.builtin import lips
from pantomatrix_models.builtin.lips import TARGETS
from pantomatrix_models.builtin.phones import articulated, from_arpabet
from pantomatrix_tools.lips import alignment, neural, rooms, sounds, train
from pantomatrix_tools.lips.phones import as_ipa
from pantomatrix_tools.lips.recorded import without_gaps
from pantomatrix_tools.lips.recording_conditions import as_recorded, without_speech
from pantomatrix_tools.lips.speech import Speech, load_part, save_part

pytestmark = pytest.mark.slow

TOOLS = ROOT / "tools"


def track(name: str, *phones: tuple[str, float, float]) -> np.ndarray:
    return articulated(phones, 16_000)[:, TARGETS.index(name)]


def test_lips_shut_in_b_and_open_in_ah() -> None:
    phones = ("ɑ", 0.2, 0.4), ("b", 0.4, 0.5), ("ɑ", 0.5, 0.7)
    closed, openness = track("closed", *phones), track("openness", *phones)
    assert closed[45] > 0.95 > 0.05 > closed[30]
    assert openness[30] > 0.9 > 0.3 > openness[45]
    assert not openness[90:].any()


def test_lips_round_before_the_vowel_that_rounds_them() -> None:
    rounding = track("rounding", ("s", 0.2, 0.4), ("u", 0.4, 0.6))
    assert rounding[50] > 0.9
    assert 0.05 < rounding[37] < 0.5


def test_a_diphthong_goes_from_its_first_shape_to_its_last() -> None:
    openness = track("openness", (from_arpabet("AY"), 0.2, 0.6))
    assert openness[28] > openness[52] + 0.3
    np.testing.assert_array_equal(openness, track("openness", ("aɪ", 0.2, 0.6)))


def test_every_phone_of_the_aligned_clips_has_a_shape() -> None:
    names = {
        from_arpabet(phone["phone"]) for path in AUDIO.glob("*.phones.json") for phone in json.loads(path.read_text())
    } - {""}
    assert len(names) > 35
    silent = [name for name in names if track("speech", (name, 0.3, 0.6))[45] < 0.9]
    assert not silent


def test_every_phone_that_the_aligner_knows_has_a_shape() -> None:
    assert not [name for name in alignment.NEAREST if track("speech", (name, 0.3, 0.6))[45] < 0.9]


def test_the_russian_y_is_not_rounded() -> None:
    assert track("rounding", (as_ipa("y", "ru+m1"), 0.3, 0.6))[45] < 0.1
    assert track("rounding", (as_ipa("y", "fr"), 0.3, 0.6))[45] > 0.9


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_words_are_said_in_their_language() -> None:
    assert alignment.spoken("Please, hold.", "en-us") == [["p", "l", "i", "z"], ["h", "oʊ", "l", "d"]]
    assert alignment.spoken("Aggiunto.", "it") == [["a", "dʒ", "u", "n", "t", "o"]]


def test_aligned_phones_become_a_timeline_without_gaps() -> None:
    phones = [("b", 0.1, 0.2), ("aʊ", 0.2, 0.4), ("m", 0.5, 0.9)]
    assert list(without_gaps(phones, 0.8)) == [
        ("SIL", 0.0, 0.1), ("B", 0.1, 0.2), ("AW", 0.2, 0.4), ("SIL", 0.4, 0.5), ("M", 0.5, 0.8),
    ]  # fmt: skip


@pytest.fixture(scope="module")
def speech() -> Speech:
    samples = decode_file((AUDIO / "es01_us_m.wav").read_bytes(), 60).samples
    phones = [
        (from_arpabet(p["phone"]), p["start_s"], p["end_s"])
        for p in json.loads((AUDIO / "es01_us_m.phones.json").read_text())
    ]
    return Speech((samples * 32767).astype(np.int16), phones, "espeak", "en-us")


@pytest.mark.parametrize("seed", range(8))
def test_the_world_keeps_sound_and_targets_together(speech: Speech, seed: int) -> None:
    heard, again = (as_recorded(speech, np.random.default_rng(seed)) for _ in range(2))
    np.testing.assert_array_equal(heard.samples, again.samples)
    assert len(heard.samples) == 160 * len(heard.targets)
    assert heard.targets.shape[1] == len(TARGETS)
    assert np.isfinite(heard.samples).all()
    assert not heard.targets[:10].any()
    assert heard.targets[:, TARGETS.index("speech")].max() > 0.95


@pytest.mark.parametrize(("t60_seconds", "direct_db"), [(0.2, 10.0), (0.5, 0.0), (0.8, -5.0)])
def test_a_room_is_as_long_and_as_loud_as_it_is_asked_to_be(t60_seconds: float, direct_db: float) -> None:
    room = rooms.response(np.random.default_rng(3), t60_seconds, direct_db)
    assert 10 * np.log10(room[0] ** 2 / np.sum(room[1:] ** 2)) == pytest.approx(direct_db, abs=1e-6)
    left = np.cumsum(room[:0:-1] ** 2)[::-1]
    fallen = 10 * np.log10(left / left[0])
    # Schroeder's method: between 10 and 30 dB below its beginning.
    first, last = np.argmax(fallen < -10), np.argmax(fallen < -30)
    assert 3 * (last - first) / 16_000 == pytest.approx(t60_seconds, rel=0.2)


@pytest.mark.parametrize("sound", sounds.SILENT)
def test_other_sounds_last_as_long_as_asked(sound: sounds.Sound) -> None:
    samples = sound(np.random.default_rng(1), 40_000)
    assert samples.shape == (40_000,)
    assert np.isfinite(samples).all()
    assert samples.std() > 0


def test_sounds_without_speech_move_nothing() -> None:
    heard = without_speech(np.random.default_rng(5), 3.0)
    assert len(heard.samples) == 160 * len(heard.targets) == 48_000
    assert not heard.targets.any()


def test_letters_of_a_neural_voice_sound_before_its_durations_say() -> None:
    sound = np.sin(np.arange(16_000) * 0.1)
    sound[:3_200] = sound[-3_200:] = 0.0
    letters = "ˈɑːmə"
    phones = neural.phones_of(letters, np.array([10, 2, 6, 2, 6, 9, 5.0]), sound.astype(np.float32), 1.0)
    assert [name for name, _, _ in phones] == ["ɑ", "m", "ə"]
    # Frames of 25 ms; all is 68 ms late, M 17 ms more; silence is silence.
    np.testing.assert_allclose([start for _, start, _ in phones], [0.2, 0.5 - 0.068 - 0.017, 0.65 - 0.068], atol=0.02)
    assert phones[-1][2] == pytest.approx(0.8, abs=0.02)


def test_parts_of_a_corpus_come_back(speech: Speech, tmp_path: Path) -> None:
    other = Speech(speech.samples[:100], [("a", 0.0, 0.5)], "b", "fr")
    save_part(tmp_path / "neural-000.npz", [speech, other])
    back = list(load_part(tmp_path / "neural-000.npz"))
    np.testing.assert_array_equal(back[0].samples, speech.samples)
    assert back[0].phones == speech.phones
    assert (back[1].speaker, back[1].language, len(back[1].samples)) == ("b", "fr", 100)
    assert [path.name for path in tmp_path.iterdir()] == ["neural-000.npz"]


def test_training_gives_weights_that_the_lips_read_and_twice_the_same(
    speech: Speech, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for kind in ("neural", "unseen"):
        save_part(tmp_path / f"{kind}-000.npz", [speech])
    command = [
        "train",
        str(tmp_path),
        "--epochs",
        "1",
        "--steps",
        "3",
        "--processes",
        "1",
        "--silent-seconds",
        "24",
        "--out",
    ]
    for name in ("a", "b"):
        monkeypatch.setattr(sys, "argv", [*command, str(tmp_path / name)])
        assert train.main() == 0
    made = load_file(tmp_path / "a")
    assert {name: tensor.shape for name, tensor in made.items()} == {
        name: tensor.shape for name, tensor in load_file(lips.WEIGHTS).items()
    }
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize("program", ["corpus", "train"])
def test_tools_say_what_they_need_before_they_start(program: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", f"pantomatrix_tools.lips.{program}"]
    shown = subprocess.run([*command, "--help"], cwd=TOOLS, capture_output=True, text=True, check=True).stdout
    assert "pip install" in shown
    environment = {**os.environ, "PATH": str(tmp_path)}
    where = [str(tmp_path), *(["--out", "a"] if program == "train" else [])]
    refused = subprocess.run([*command, *where], cwd=TOOLS, env=environment, capture_output=True, text=True)
    assert refused.returncode == 2
    assert ("flite, ffmpeg" if program == "corpus" else "holds no corpus") in refused.stderr
    assert "Traceback" not in refused.stderr
