"""Measures that need no recording: lips against an independent judge, joints against what bodies can do."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from folders import AUDIO, DATA
from pantomatrix_converters import rotations
from pantomatrix_converters.errors import FormatError
from pantomatrix_converters.face.rigs import ARKIT52
from pantomatrix_converters.motion import FaceCurves, Motion
from pantomatrix_converters.skeleton import load_skeleton
from pantomatrix_models.audio.decode import decode_file
from pantomatrix_models.builtin.model import BuiltinModel
from pantomatrix_models.model import UtteranceOptions
from pantomatrix_models.stepping import step
from pantomatrix_research.metrics.beat_consistency import alignment, alignment_curve
from pantomatrix_research.metrics.joint_limits import beyond_limits, violation_share
from pantomatrix_research.metrics.lip_sync import OPENING, lip_sync
from pantomatrix_research.motion_statistics import motion_statistics
from pantomatrix_research.phones import ARPABET, Phone, read_phones

pytestmark = pytest.mark.slow

SMPLX = load_skeleton("smplx")
CLIPS = ("hu01_librivox_m", "hu03_speech_m", "hu05_arctic_f", "es01_us_m", "silence_2s")


def face(weights: np.ndarray) -> FaceCurves:
    return FaceCurves(ARKIT52.name, ARKIT52.curve_names, weights.astype(np.float32))


def faces_of(clip: str) -> dict[str, np.ndarray]:
    """A good face, the same one late and cut short, a random one, a shut and an open mouth."""
    path = AUDIO / f"{clip}.wav"
    model = BuiltinModel()
    session = model.open(UtteranceOptions("default", 60))
    samples = decode_file(path.read_bytes(), float("inf"), clip).samples
    pieces = [step(model, session, samples), step(model, session, ended=True)]
    weights = np.concatenate([piece.face.weights for piece in pieces if piece.face is not None])
    noise = np.random.default_rng(1).random((len(weights) // 6 + 2, 52)).repeat(6, axis=0)[: len(weights)]
    return {
        "good": weights,
        "late": np.roll(weights, 6, axis=0),
        "short": weights[: len(weights) * 2 // 3],
        "random": noise,
        "shut": np.zeros_like(weights),
        "open": np.full_like(weights, 0.6),
    }


@pytest.mark.parametrize("clip", CLIPS)
def test_lips_are_judged_as_by_the_independent_judge(clip: str, tmp_path: Path) -> None:
    phones = AUDIO / f"{clip}.phones.json"
    read = read_phones(phones)
    for name, weights in faces_of(clip).items():
        np.savez(tmp_path / "curves.npz", names=np.array(ARKIT52.curve_names), values=weights, fps=60.0)
        result = tmp_path / "result.json"
        judge = [sys.executable, DATA / "lipsync_eval.py", "--phones", phones, "--curves", tmp_path / "curves.npz"]
        subprocess.run([*judge, "--json", result], check=True, capture_output=True)
        (judged,) = json.loads(result.read_text())["clips"].values()
        own = lip_sync(face(weights), 60, read)
        pairs = {
            "closures": judged["closure"]["n"],
            "closure_share": judged["closure"]["fraction"],
            "closure_chance": judged["closure"]["chance"],
            "closure_skill": judged["closure"]["skill"],
            "opening": judged["opening"]["r_speech"],
            "lag_ms": judged["opening"]["lag_ms"],
            "rounding": judged["rounding"]["auc"],
            "score": judged["score"],
        }
        for field, value in pairs.items():
            expected = float("nan") if value is None else value
            assert getattr(own, field) == pytest.approx(expected, abs=2e-5, nan_ok=True), (name, field)


def test_a_textgrid_is_read_like_the_json(tmp_path: Path) -> None:
    phones = read_phones(AUDIO / "hu03_speech_m.phones.json")
    end = phones[-1].end
    lines = ['File type = "ooTextFile"', 'Object class = "TextGrid"', "", "0", str(end), "<exists>", "2"]
    lines += ['"IntervalTier"', '"words"', "0", str(end), "1", "0", str(end), '"all"']
    lines += ['"IntervalTier"', '"phones"', "0", str(end), str(len(phones))]
    for phone in phones:
        stressed = f"{phone.label}1" if phone.label in ("AA", "IY") else phone.label.replace("SIL", "")
        lines += [str(phone.start), str(phone.end), f'"{stressed}"']
    path = tmp_path / "x.TextGrid"
    path.write_text("\n".join(lines) + "\n")
    assert read_phones(path) == phones


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("x.phones.json", "{", "not a list of"),
        ("x.phones.json", '[{"phone": "AA", "start_s": 1, "end_s": 1}]', "not an interval"),
        ("x.phones.json", '[{"phone": "Q", "start_s": 0, "end_s": 1}]', "'Q' is not a phone of ARPABET"),
        ("x.phones.json", "[]", "no phones"),
        ("x.TextGrid", "nonsense", "not a TextGrid"),
    ],
)
def test_bad_phones_are_named(tmp_path: Path, name: str, text: str, message: str) -> None:
    path = tmp_path / name
    path.write_text(text)
    with pytest.raises(FormatError, match=message) as caught:
        read_phones(path)
    assert str(path) in str(caught.value)


# ------------------------------------------------------------------------------------------------------------ bodies


def posed(frames: int = 60, **turns: tuple[float, float, float]) -> Motion:
    """Axis-angles in degrees by joint, in every frame; the others at rest."""
    axis_angle = np.zeros((frames, 55, 3))
    for name, degrees in turns.items():
        axis_angle[:, SMPLX.index(name)] = np.radians(degrees)
    quats = np.asarray(rotations.quat_from_axis_angle(axis_angle), np.float32)
    return Motion(SMPLX, 30, quats, np.zeros((frames, 3), np.float32))


def test_a_body_knows_its_limits() -> None:
    assert beyond_limits(posed()) == {}
    possible = posed(left_knee=(140, 0, 0), left_elbow=(0, -150, 0), right_elbow=(0, 150, 0), left_index2=(0, 0, -100))
    assert beyond_limits(possible) == {}
    assert violation_share(possible) == 0
    backwards = posed(left_knee=(-40, 0, 0), left_elbow=(0, 60, 0), right_elbow=(0, -60, 0), right_index2=(0, 0, -60))
    assert set(beyond_limits(backwards)) == {"left_knee", "left_elbow", "right_elbow", "right_index2"}
    assert set(beyond_limits(posed(head=(0, 100, 0), right_wrist=(120, 0, 0)))) == {"head", "right_wrist"}
    assert 0.05 < violation_share(backwards) < 0.2


def test_a_recorded_speaker_stays_within_them() -> None:
    """1st and 99th percentiles of three clips of BEAT2's speaker 2, as rotation vectors; radians."""
    percentiles = json.loads((DATA / "speaker_joint_percentiles.json").read_text())["components_p1_p99"]
    for side in (0, 1):
        turns = {name: tuple(np.degrees([axis[side] for axis in axes])) for name, axes in percentiles.items()}
        assert beyond_limits(posed(**turns)) == {}


def test_feet_that_slide_are_seen() -> None:
    still = motion_statistics(posed())
    assert still.foot_slide == pytest.approx(0, abs=1e-6)
    drift = np.zeros((60, 3), np.float32)
    drift[:, 0] = np.arange(60) / 30 * 0.1
    assert motion_statistics(replace(posed(), root_translation=drift)).foot_slide == pytest.approx(0.1, rel=1e-3)


def test_the_alignment_curve_peaks_where_the_motion_is_in_time() -> None:
    onsets = np.arange(1, 20) * 1.1
    for late in (-0.2, 0.0, 0.15):
        shifts, scores = alignment_curve(onsets, [onsets + late, onsets + late])
        assert shifts[scores.argmax()] == pytest.approx(-late)
        assert scores.max() == pytest.approx(1)
        assert scores[len(scores) // 2] == alignment(onsets, [onsets + late])


def test_a_phone_outside_the_table_cannot_be() -> None:
    assert set(OPENING) == ARPABET
    flat = lip_sync(face(np.zeros((60, 52))), 60, [Phone("P", 0.2, 0.4), Phone("SIL", 0.4, 1.0)])
    assert (flat.closure_skill, flat.closures) == (0, 1)
