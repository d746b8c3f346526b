"""Lips that follow timed text: the judge's score, every alphabet, cuts, text that is late, and where there is none."""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import pantomatrix as pm
from folders import AUDIO, DATA
from pantomatrix_converters.face.rigs import ARKIT52
from pantomatrix_converters.motion import Motion, concatenate
from pantomatrix_models.alphabets import ARPABET, IPA_LETTERS, SILENCES, VISEMES
from pantomatrix_models.audio.decode import decode_file
from pantomatrix_models.builtin.phones import shapes
from pantomatrix_models.live_text import check_reads
from pantomatrix_models.timed_text import Alphabet, TimedSymbol, TimedText, ipa_of, said_in
from shown_lips import curve, opening

pytestmark = pytest.mark.unit

RATE = 16000
SPEECH = AUDIO / "hu05_arctic_f.wav"
PHONES = AUDIO / "hu05_arctic_f.phones.json"
SAMPLES = decode_file(SPEECH.read_bytes(), 60).samples
TEXT = pm.read_timed_text(PHONES)
FAINT = (0.01 * np.sin(2 * np.pi * 150 * np.arange(2 * RATE) / RATE)).astype(np.float32)
"""Two seconds of a hum, in which the network hears little."""


def weights(motion: Motion) -> np.ndarray:
    assert motion.face is not None
    return motion.face.weights


def text(alphabet: str, *symbols: tuple[str, float] | tuple[str, float, float]) -> Any:
    names = ("symbol", "start_seconds", "end_seconds")
    return {"alphabet": alphabet, "symbols": [dict(zip(names, symbol, strict=False)) for symbol in symbols]}


@pytest.mark.parametrize("fps", [60, 30])
def test_the_judge_is_content_where_phones_are_known(tmp_path: Path, fps: int) -> None:
    """tests/data/lipsync_eval.py on the five human clips; and P, B and M are shut in the frame nearest to their middle."""
    for path in sorted(AUDIO.glob("hu*.wav")):
        phones = path.with_suffix(".phones.json")
        motion = pm.generate(path, fps=fps, timed_text=phones)
        assert motion.face is not None
        names = np.array(motion.face.names)
        np.savez(tmp_path / f"{path.stem}.npz", names=names, values=motion.face.weights, fps=fps)
        lips = opening(motion)
        closures = [phone for phone in json.loads(phones.read_text()) if phone["phone"] in ("P", "B", "M")]
        middles = [round(fps * (phone["start_s"] + phone["end_s"]) / 2) for phone in closures]
        assert lips[middles].max() < 0.1 * np.percentile(lips, 90)
    result = tmp_path / "result.json"
    command = [sys.executable, DATA / "lipsync_eval.py", "--phones", AUDIO, "--curves", tmp_path, "--json", result]
    subprocess.run([*map(str, command), "--match", "hu*"], check=True, capture_output=True)
    clips = json.loads(result.read_text())["clips"]
    assert len(clips) == 5
    assert min(clip["score"] for clip in clips.values()) >= 0.95


def test_every_alphabet_has_shapes_for_what_it_names() -> None:
    letters = {*IPA_LETTERS, *ARPABET.values(), *(one for table in VISEMES.values() for one in table.values())}
    assert not [spelt for spelt in letters if spelt and len(shapes(spelt)) != len(spelt)]


@pytest.mark.parametrize(
    ("alphabet", "shut", "wide"),
    [
        ("ipa", "m", "ɑː"),
        ("arpabet", "B", "AA1"),
        ("kokoro", "p", "ˈæ"),
        ("azure_visemes", "21", "2"),
        ("ovr_visemes", "PP", "aa"),
        ("inworld_visemes", "bmp", "aei"),
        ("polly_visemes", "p", "a"),
        ("rhubarb_visemes", "A", "D"),
    ],
)
def test_each_alphabet_shuts_and_opens_the_lips(alphabet: str, shut: str, wide: str) -> None:
    motion = pm.generate(
        (FAINT, RATE), fps=60, timed_text=text(alphabet, (wide, 0.2), (shut, 0.6), (wide, 0.7), ("", 1.0))
    )
    lips = opening(motion)
    assert lips[24] > 0.3 < lips[51]
    assert lips[39] < 0.02 > lips[75:110].max()


def test_a_word_of_phones_shares_its_time() -> None:
    said = said_in(TimedText(Alphabet.KOKORO, (TimedSymbol("bˈIb", 0.5, 0.9),)))
    assert [one.letters for one in said] == ["baɪb"]
    lips = opening(pm.generate((FAINT, RATE), fps=60, timed_text=text("kokoro", ("bˈIb", 0.5, 0.9))))
    assert lips[33] < 0.02 > lips[51]
    assert lips[39] > 0.3


def test_marks_of_the_ipa_are_ignored() -> None:
    assert ipa_of("t͡ʃˈeɪnd͡ʒː") == "tʃeɪndʒ"
    assert ipa_of("kʰæ̃tⁿ") == "kætn"[:3]
    assert ipa_of("ç") == "c"
    assert ipa_of("Ж") is None


def test_lips_are_shut_between_words_and_follow_the_sound_in_them() -> None:
    heard = opening(pm.generate((SAMPLES, RATE), fps=60))
    words = text("words", ("one", 0.0, 0.9), ("two", 1.3, 3.0))
    told = opening(pm.generate((SAMPLES, RATE), fps=60, timed_text=words))
    np.testing.assert_allclose(told[10:48], heard[10:48], atol=1e-6)
    np.testing.assert_allclose(told[92:170], heard[92:170], atol=1e-6)
    assert heard[60:73].max() > 0.15
    assert told[60:73].max() < 0.01


def test_where_no_text_is_lips_follow_the_sound() -> None:
    heard = opening(pm.generate((SAMPLES, RATE), fps=60))
    told = opening(pm.generate((SAMPLES, RATE), fps=60, timed_text=text("ipa", ("u", 1.0, 1.5))))
    np.testing.assert_array_equal(told[:48], heard[:48])
    np.testing.assert_array_equal(told[105:], heard[105:])
    assert np.abs(np.diff(told)).max() < 1.5 * np.abs(np.diff(heard)).max()


def test_a_softer_voice_opens_less_and_shuts_its_lips_all_the_same() -> None:
    """From the second second on the voice is 18 dB softer."""
    soft = SAMPLES * np.where(np.arange(len(SAMPLES)) < RATE, 1.0, 0.125).astype(np.float32)
    vowels = text("ipa", *((name, 0.2 * number) for number, name in enumerate("abababababababa")))
    usual, softer = (opening(pm.generate((samples, RATE), fps=60, timed_text=vowels)) for samples in (SAMPLES, soft))
    np.testing.assert_allclose(softer[:48], usual[:48], atol=1e-6)
    open_, shut = slice(78, 140, 24), slice(90, 140, 24)
    assert (0.5 * usual[open_] < softer[open_]).all()
    assert (softer[open_] < 0.9 * usual[open_]).all()
    assert softer[shut].max() < 0.02 > usual[shut].max()


def stream(cuts: Sequence[int], timed: Any, *, ahead: bool = False, late: float = 0.0) -> Motion:
    """Each symbol comes with the chunk in which it starts, or all come first, or so many seconds too late."""
    with pm.live(RATE, dtype="float32") as live:
        pieces = []
        waiting = list(timed["symbols"])
        if ahead:
            pieces.append(live.push(SAMPLES[:0], timed))
            waiting = []
        for start, stop in itertools.pairwise([0, *sorted(cuts), len(SAMPLES)]):
            here = [one for one in waiting if one["start_seconds"] + late < stop / RATE]
            waiting = waiting[len(here) :]
            told = {**timed, "symbols": here} if here else None
            pieces.append(live.push(SAMPLES[start:stop], told))
        return concatenate([*pieces, live.close()])


AHEAD = stream([8000], TEXT, ahead=True)


@settings(max_examples=12, deadline=None)
@given(st.lists(st.integers(0, len(SAMPLES)), max_size=60), st.booleans())
def test_cuts_of_sound_and_text_change_nothing(cuts: list[int], ahead: bool) -> None:
    np.testing.assert_array_equal(weights(stream(cuts, TEXT, ahead=ahead)), weights(AHEAD))


def test_small_chunks_with_their_text_are_what_all_the_text_ahead_is() -> None:
    np.testing.assert_array_equal(weights(stream(range(320, len(SAMPLES), 320), TEXT)), weights(AHEAD))


def test_late_text_is_left_out_of_frames_that_were_sent() -> None:
    """A vowel half a second too late changes nothing before it comes; what is left of it is reached as smoothly as else."""
    cuts, rounded = range(320, len(SAMPLES), 320), text("ipa", ("u", 1.0, 2.0))
    heard, timely, late = stream(cuts, text("ipa")), stream(cuts, rounded), stream(cuts, rounded, late=0.5)
    come = int((1.5 - 0.1) * 30)
    np.testing.assert_array_equal(weights(late)[:come], weights(heard)[:come])
    # The eyes blink by the syllables of the phrase, which are others.
    lips = [at for at, name in enumerate(ARKIT52.curve_names) if name.startswith(("jaw", "mouth"))]
    np.testing.assert_array_equal(weights(late)[come + 10 :, lips], weights(timely)[come + 10 :, lips])
    assert curve(late, "mouthFunnel")[54] > 0.3
    # A jump would be 0.4, and 0.8 of the pucker, in one frame.
    assert np.diff(curve(late, "mouthFunnel")).max() < 0.25


def test_later_text_takes_the_place_of_earlier() -> None:
    with pm.live(RATE, dtype="float32") as live:
        live.push(SAMPLES[:0], text("ipa", ("u", 0.5), ("u", 1.0), ("u", 2.0)))
        live.push(SAMPLES[:0], text("ipa", ("a", 0.9, 3.0)))
        motion = concatenate([live.push(SAMPLES), live.close()])
    assert curve(motion, "mouthFunnel")[18] > 0.3
    assert curve(motion, "mouthFunnel")[33:80].max() < 0.05


@pytest.mark.parametrize("how", ["end_utterance", "interrupt"])
def test_the_next_utterance_has_text_of_its_own(how: str) -> None:
    """The last vowel without an end does not go on, and times count anew."""
    with pm.live(RATE, dtype="float32") as live:
        first = [live.push(FAINT[:RATE], text("ipa", ("a", 0.2))), getattr(live, how)(), live.idle(1.0)]
        begins = round(live.seconds * 30)
        second = [live.push(FAINT, text("ipa", ("", 0.0), ("a", 1.0, 1.5), ("", 1.5))), live.close()]
    lips = opening(concatenate([*first, *second]))
    assert lips[15:24].max() > 0.3
    assert lips[38 : begins + 24].max() < 0.05
    assert lips[begins + 38] > 0.3


def test_emotions_and_gestures_stay_those_of_the_sound() -> None:
    told, heard = pm.generate(SPEECH, timed_text=TEXT), pm.generate(SPEECH)
    body = [number for number, name in enumerate(told.skeleton.joint_names) if name != "jaw"]
    np.testing.assert_allclose(told.rotations_xyzw[:, body], heard.rotations_xyzw[:, body], atol=1e-6)


@pytest.mark.parametrize(
    ("timed", "field", "message"),
    [
        (
            text("arpabet", ("AA", 0.0), ("QQ", 0.1), ("QQ", 0.2), ("Ж", 0.3)),
            "symbols",
            "does not have 'QQ', 'Ж' (valid: aa,",
        ),
        (text("ipa", ("AA1", 0.0)), "symbols", "the alphabet ipa does not have 'AA1'"),
        (text("azure_visemes", ("22", 0.0)), "symbols", "does not have '22'"),
        (text("visemes", ("p", 0.0)), "alphabet", "alphabet is 'visemes', expected one of ipa, arpabet"),
        (
            text("ipa", ("p", 1.0), ("a", 0.5)),
            "symbols[1].start_seconds",
            "'a' starts at 0.5 s, before the symbol ahead of it",
        ),
        (text("ipa", ("p", 1.0, 0.5)), "symbols[0].end_seconds", "'p' ends at 0.5 s, before its start at 1 s"),
        (text("ipa", ("p", float("nan"))), "symbols[0].start_seconds", "start_seconds is nan, expected seconds"),
        ({"alphabet": "ipa", "symbols": [{"phone": "p"}]}, "symbols[0]", "expected symbol, start_seconds"),
    ],
)
def test_text_that_cannot_be_followed_is_refused(timed: Any, field: str, message: str) -> None:
    with pytest.raises(pm.errors.InvalidInputError) as caught:
        pm.generate((FAINT, RATE), timed_text=timed)
    assert caught.value.field == f"options.timed_text.{field}"
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_what_is_no_mapping_says_what_would_be() -> None:
    with pytest.raises(pm.errors.InvalidInputError, match="expected a mapping of alphabet and symbols"):
        pm.generate((FAINT, RATE), timed_text=5)  # type: ignore[arg-type]


def test_whole_clips_only_have_it_among_their_options() -> None:
    with pytest.raises(pm.errors.CapabilityError, match="comes with its audio"):
        pm.live(RATE, timed_text=TEXT)


def test_models_that_follow_the_sound_alone_refuse_it() -> None:
    for info in pm.models():
        if info.timed_text:
            continue
        with pytest.raises(
            pm.errors.CapabilityError, match=f"model '{info.name}' follows the sound alone; leave timed_text out"
        ):
            check_reads(info)
    assert [info.name for info in pm.models() if info.timed_text] == ["builtin"]


def test_a_file_keeps_how_many_symbols_it_followed() -> None:
    (entry,) = pm.generate((FAINT, RATE), timed_text=TEXT).provenance
    assert entry.options["timed_symbols"] == len(TEXT["symbols"])
    assert "timed_text" not in entry.options


def test_silences() -> None:
    for name in SILENCES:
        assert said_in(TimedText(Alphabet.ARPABET, (TimedSymbol(name),)))[0].letters == ""
