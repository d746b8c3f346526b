"""What feelings do to the builtin model's face and body."""

from __future__ import annotations

import numpy as np
import pytest

from folders import AUDIO
from pantomatrix_converters.face.rigs import ARKIT52
from pantomatrix_converters.motion import Motion, concatenate
from pantomatrix_models.audio.decode import decode_file
from pantomatrix_models.builtin.emotions import CURVES, FEELINGS, strengths
from pantomatrix_models.builtin.model import BuiltinModel
from pantomatrix_models.model import LiveTiming, UtteranceOptions
from pantomatrix_models.options import SHOWN_AS, Emotion, Expression
from pantomatrix_models.stepping import step

pytestmark = pytest.mark.unit

MODEL = BuiltinModel()
SPEECH = decode_file((AUDIO / "hu05_arctic_f.wav").read_bytes(), 60).samples


def talk(seed: int = 5, **emotions: float) -> Motion:
    felt = tuple((Emotion(name), strength) for name, strength in emotions.items())
    session = MODEL.open(UtteranceOptions("default", 30.0, seed, emotions=felt))
    return concatenate([step(MODEL, session, SPEECH), step(MODEL, session, ended=True)])


def curve(motion: Motion, name: str) -> np.ndarray:
    assert motion.face is not None
    return motion.face.weights[:, ARKIT52.curve_names.index(name)]


NEUTRAL = talk()


def test_all_emotions_are_there() -> None:
    assert set(SHOWN_AS) == set(Emotion)
    assert set(FEELINGS) == set(Emotion)
    assert (np.abs(CURVES).max(axis=1) > 0.3).all()


@pytest.mark.parametrize("emotion", Emotion)
def test_each_is_seen_and_keeps_the_speech(emotion: Emotion) -> None:
    felt = talk(**{emotion.value: 1.0})
    assert felt.face is not None
    assert NEUTRAL.face is not None
    assert felt.face.weights.min() >= 0
    assert felt.face.weights.max() <= 1
    np.testing.assert_array_equal(curve(felt, "jawOpen"), curve(NEUTRAL, "jawOpen"))
    np.testing.assert_array_equal(curve(felt, "mouthFunnel"), curve(NEUTRAL, "mouthFunnel"))
    gained = (felt.face.weights - NEUTRAL.face.weights).mean(axis=0)
    wanted = CURVES[list(Emotion).index(emotion)]
    assert np.corrcoef(gained, wanted)[0, 1] > 0.9
    assert curve(felt, "jawOpen")[-1] == 0


def test_no_two_are_alike() -> None:
    alike = np.corrcoef(CURVES)
    assert alike[~np.eye(10, dtype=bool)].max() < 0.85


def test_half_is_half_and_nothing_is_nothing() -> None:
    def smile(strength: float) -> float:
        return float((curve(talk(joy=strength), "mouthSmileLeft") - curve(NEUTRAL, "mouthSmileLeft")).mean())

    assert smile(0.5) == pytest.approx(0.5 * smile(1.0), rel=0.05)
    nothing = talk(joy=0.0)
    assert nothing.face is not None
    assert NEUTRAL.face is not None
    np.testing.assert_array_equal(nothing.face.weights, NEUTRAL.face.weights)
    np.testing.assert_array_equal(nothing.rotations_xyzw, NEUTRAL.rotations_xyzw)


def test_mixtures_count_in_proportion() -> None:
    np.testing.assert_allclose(strengths(((Emotion.JOY, 1.0), (Emotion.FEAR, 1.0))).sum(), 1.0)
    both = talk(joy=0.5, amazement=0.5)
    assert curve(both, "mouthSmileLeft").mean() > curve(NEUTRAL, "mouthSmileLeft").mean() + 0.2
    assert curve(both, "browInnerUp").mean() > curve(NEUTRAL, "browInnerUp").mean() + 0.25


def test_grief_bows_the_head_and_stills_the_hands() -> None:
    def head_pitch(motion: Motion) -> float:
        joint = motion.skeleton.index("head")
        return float(np.degrees(2 * np.arcsin(motion.rotations_xyzw[:, joint, 0])).mean())

    def wandering(**emotions: float) -> float:
        motions = [talk(seed, **emotions) for seed in range(6)]
        elbows = [
            motion.rotations_xyzw[:, motion.skeleton.indices(["left_elbow", "right_elbow"])] for motion in motions
        ]
        return float(np.abs(np.diff(elbows, axis=1)).sum())

    assert head_pitch(talk(grief=1.0)) > head_pitch(NEUTRAL) + 3
    assert wandering(grief=1.0) < 0.85 * wandering()
    assert wandering(joy=1.0) > wandering(grief=1.0)


def test_a_live_mood_changes_without_a_jump() -> None:
    session = MODEL.open_streaming(UtteranceOptions("default", 30.0, 5), LiveTiming())
    pieces = [step(MODEL, session, SPEECH)]
    session.speak_as("calm", ((Emotion.SADNESS, 1.0),), Expression.NEUTRAL, len(pieces[0]) / 30)
    pieces += [step(MODEL, session, SPEECH), step(MODEL, session, ended=True)]
    frown = curve(concatenate(pieces), "mouthFrownLeft")
    assert frown[: len(pieces[0])].max() < 0.05
    assert frown[-30:].min() > 0.4
    assert np.abs(np.diff(frown)).max() < 0.06
