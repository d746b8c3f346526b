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

from folders import AUDIO, ROOT
from pantomatrix_models.audio.decode import decode_file
from pantomatrix_models.builtin.lips import TARGETS
from pantomatrix_models.builtin.phones import articulated, from_arpabet
from pantomatrix_tools.lips import prompts
from pantomatrix_tools.lips.phones import Utterance, as_ipa
from pantomatrix_tools.lips.recording_conditions import as_recorded

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
    assert not [name for name in prompts.NEAREST if track("speech", (name, 0.3, 0.6))[45] < 0.9]


def test_the_russian_y_is_not_rounded() -> None:
    assert track("rounding", (as_ipa("y", "ru+m1"), 0.3, 0.6))[45] < 0.1
    assert track("rounding", (as_ipa("y", "fr"), 0.3, 0.6))[45] > 0.9


@pytest.mark.skipif(shutil.which("espeak-ng") is None, reason="espeak-ng is not installed")
def test_words_are_said_in_their_language() -> None:
    assert prompts.spoken("Please, hold.", "en-us") == [["p", "l", "i", "z"], ["h", "oʊ", "l", "d"]]
    assert prompts.spoken("Aggiunto.", "it") == [["a", "dʒ", "u", "n", "t", "o"]]


def test_aligned_phones_become_a_timeline_without_gaps() -> None:
    phones = [("b", 0.1, 0.2), ("aʊ", 0.2, 0.4), ("m", 0.5, 0.9)]
    assert list(prompts.without_gaps(phones, 0.8)) == [
        ("SIL", 0.0, 0.1), ("B", 0.1, 0.2), ("AW", 0.2, 0.4), ("SIL", 0.4, 0.5), ("M", 0.5, 0.8),
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(8))
def test_the_world_keeps_sound_and_targets_together(seed: int) -> None:
    samples = decode_file((AUDIO / "es01_us_m.wav").read_bytes(), 60).samples
    phones = [
        (from_arpabet(p["phone"]), p["start_s"], p["end_s"])
        for p in json.loads((AUDIO / "es01_us_m.phones.json").read_text())
    ]
    utterance = Utterance(samples, articulated(phones, len(samples)))
    heard, again = (as_recorded(utterance, np.random.default_rng(seed)) for _ in range(2))
    np.testing.assert_array_equal(heard.samples, again.samples)
    assert len(heard.samples) == 160 * len(heard.targets)
    assert heard.targets.shape[1] == len(TARGETS)
    assert np.isfinite(heard.samples).all()
    assert not heard.targets[:10].any()
    assert heard.targets[:, TARGETS.index("speech")].max() > 0.95


def test_the_training_says_what_it_needs_before_it_starts(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "pantomatrix_tools.lips.train"]
    shown = subprocess.run([*command, "--help"], cwd=TOOLS, capture_output=True, text=True, check=True).stdout
    assert "apt-get install" in shown
    environment = {**os.environ, "PATH": str(tmp_path)}
    refused = subprocess.run(
        [*command, "--out", tmp_path / "a"], cwd=TOOLS, env=environment, capture_output=True, text=True
    )
    assert refused.returncode == 2
    assert "flite, ffmpeg" in refused.stderr
    assert "Traceback" not in refused.stderr
