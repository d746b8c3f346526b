"""The builtin model's eyes, brows and face at rest, beside figures of recorded faces."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from folders import AUDIO
from pantomatrix_converters.face.rigs import ARKIT52
from pantomatrix_converters.motion import Motion, concatenate
from pantomatrix_models.audio.decode import decode_file
from pantomatrix_models.builtin.model import BuiltinModel
from pantomatrix_models.builtin.styles import STYLES
from pantomatrix_models.model import LiveTiming, UtteranceOptions
from pantomatrix_models.options import Emotion, Expression
from pantomatrix_models.stepping import step

pytestmark = pytest.mark.slow

MODEL, FPS, RATE = BuiltinModel(), 60.0, 16000
SEEDS = range(4)
GAP = np.zeros(RATE // 3, np.float32)
CLIPS = [
    np.concatenate([decode_file((AUDIO / f"{name}.wav").read_bytes(), 60).samples, GAP])
    for name in ("hu01_librivox_m", "hu02_prompt_f", "hu03_speech_m", "hu04_talk_m", "hu05_arctic_f", "es01_us_m")
]
SPEECH = np.concatenate([*CLIPS, *CLIPS[:2]])
SILENCE = np.zeros(40 * RATE, np.float32)


@lru_cache(maxsize=64)
def _made(what: str, seed: int, speaker: str, expression: Expression) -> Motion:
    audio = {"speech": SPEECH, "silence": SILENCE, "other words": np.concatenate(CLIPS[::-1])}[what]
    session = MODEL.open(UtteranceOptions(speaker, FPS, seed, expression=expression))
    return concatenate([step(MODEL, session, audio), step(MODEL, session, ended=True)])


def made(
    what: str = "speech", seed: int = 0, speaker: str = "default", expression: Expression = Expression.NEUTRAL
) -> Motion:
    """Some 55 s of speech, or as the first argument says."""
    return _made(what, seed, speaker, expression)


def curve(motion: Motion, name: str) -> np.ndarray:
    assert motion.face is not None
    return motion.face.weights[:, ARKIT52.curve_names.index(name)].astype(np.float64)


def gaze(motion: Motion) -> np.ndarray:
    """(T, 2) weights to the left and down."""
    left = curve(motion, "eyeLookOutLeft") - curve(motion, "eyeLookInLeft")
    return np.stack([left, curve(motion, "eyeLookDownLeft") - curve(motion, "eyeLookUpLeft")], axis=1)


def runs(on: np.ndarray) -> np.ndarray:
    """(N, 2) first and last + 1 of each run of True."""
    return np.flatnonzero(np.diff(np.concatenate([[0], on.astype(int), [0]]))).reshape(-1, 2)


def blinks(motion: Motion) -> np.ndarray:
    """(N, 3) when, how deep, how long above half of that, seconds."""
    lid = curve(motion, "eyeBlinkLeft")
    found = []
    for start, stop in runs(lid > 0.4):
        depth = lid[start:stop].max()
        found.append((start / FPS, depth, (lid[max(0, start - 12) : stop + 12] > depth / 2).sum() / FPS))
    return np.array(found)


def a_minute(count: float, motion: Motion) -> float:
    return 60.0 * count / motion.duration_seconds


def saccades(motion: Motion) -> float:
    """A minute: faster than half a weight a second, but for those behind shut lids."""
    fast = np.linalg.norm(np.diff(gaze(motion), axis=0), axis=1) * FPS > 0.5
    lid = curve(motion, "eyeBlinkLeft")[1:]
    return a_minute(sum(lid[start:stop].max() < 0.3 for start, stop in runs(fast)), motion)


def raises(motion: Motion) -> float:
    """A minute: by 0.08 of browInnerUp, and down again by as much before the next counts."""
    count, low, up = 0, 1.0, False
    for value in curve(motion, "browInnerUp"):
        low = min(low, value)
        if not up and value > low + 0.08:
            count, up, high = count + 1, True, value
        if up:
            high = max(high, value)
            if value < high - 0.08:
                up, low = False, value
    return a_minute(count, motion)


def test_blinks_are_unlike() -> None:
    """Recorded: 2.7 to 37 a minute, depths of 0.3 to 0.98, widths with a spread of 0.03 s and more."""
    found = [blinks(made(seed=seed)) for seed in SEEDS]
    gaps = [np.diff(one[:, 0]) for one in found]
    spreads = [one.std() / one.mean() for one in gaps]
    assert np.mean(spreads) > 0.7
    assert min(spreads) > 0.5
    for one in gaps:
        assert 12 < 60 / one.mean() < 40
    together = np.concatenate(gaps)
    assert 0.04 < (together < 0.7).mean() < 0.3
    assert together.max() > 6
    depths, widths = np.concatenate(found)[:, 1:].T
    assert np.ptp(np.percentile(depths, [5, 95])) > 0.15
    assert widths.std() > 0.02


def test_other_words_are_blinked_otherwise() -> None:
    first, second = (blinks(made(what))[:, 0] for what in ("speech", "other words"))
    nearest = np.abs(first[:, None] - second).min(axis=1)[first < second[-1]]
    assert (nearest < 0.05).mean() < 0.3


def test_lids_are_open_at_rest_and_follow_the_eyes() -> None:
    motion = made()
    lid, down = curve(motion, "eyeBlinkLeft"), gaze(motion)[:, 1]
    assert np.median(lid) < 0.05
    blinking = np.convolve(lid > 0.4, np.ones(31), "same") > 0
    still = ~blinking & (down > 0)
    slope, _ = np.polyfit(down[still], lid[still], 1)
    assert 0.5 < slope < 0.8
    wide = curve(motion, "eyeWideLeft")
    assert np.corrcoef(-down[~blinking & (down < 0)], wide[~blinking & (down < 0)])[0, 1] > 0.5


def test_eyes_jump_in_speech_and_rest_in_silence() -> None:
    for seed in SEEDS:
        speaking, listening = made(seed=seed), made("silence", seed)
        assert 80 < saccades(speaking) < 180
        assert saccades(listening) < 0.6 * saccades(speaking)
        far = [np.linalg.norm(gaze(motion), axis=1) > 0.15 for motion in (speaking, listening)]
        assert far[1].mean() < 0.6 * far[0].mean()


def test_eyes_are_on_the_listener_when_a_phrase_has_ended() -> None:
    away, back = [], []
    for seed in range(8):
        session = MODEL.open(UtteranceOptions("default", FPS, seed))
        audio = np.concatenate([CLIPS[4], np.zeros(RATE, np.float32)])
        motion = concatenate([step(MODEL, session, audio), step(MODEL, session, ended=True)])
        off = np.linalg.norm(gaze(motion), axis=1)
        end = len(CLIPS[4]) / RATE - 1 / 3
        away.append(off[: round(end * FPS)].max())
        back.append(np.median(off[round((end + 0.7) * FPS) : round((end + 1.0) * FPS)]))
    assert np.median(away) > 0.2
    assert np.median(back) < 0.1
    assert max(back) < 0.25


@pytest.mark.parametrize("speaker", STYLES)
def test_brows_go_up_as_often_as_recorded_ones(speaker: str) -> None:
    """12.5 a minute in a recorded face."""
    counts = [raises(made(seed=seed, speaker=speaker)) for seed in SEEDS]
    assert 8 <= np.mean(counts) <= 16
    assert min(counts) > 5


def test_what_a_person_uses_moves() -> None:
    """46 of the recorded face's 51 curves do."""
    for seed in SEEDS:
        face = made(seed=seed).face
        assert face is not None
        low, high = np.percentile(face.weights, [5, 95], axis=0)
        assert (high - low > 0.02).sum() >= 45
    face = made("silence").face
    assert face is not None
    assert (np.ptp(face.weights, axis=0) > 0.005).sum() > 20


def sides(motion: Motion, name: str) -> tuple[np.ndarray, np.ndarray]:
    return curve(motion, f"{name}Left"), curve(motion, f"{name}Right")


@pytest.mark.parametrize("name", ["mouthSmile", "mouthStretch", "cheekSquint", "browOuterUp", "browDown", "eyeSquint"])
def test_left_and_right_differ_a_little(name: str) -> None:
    """Recorded: 0.85 to 0.99."""
    for seed in SEEDS:
        assert 0.85 < np.corrcoef(sides(made(seed=seed), name))[0, 1] < 0.995


def test_each_speaker_and_seed_is_uneven_in_its_own_way() -> None:
    ratios = [
        np.divide(*(side.mean() for side in sides(made(seed=seed, speaker=speaker), "mouthSmile")))
        for seed in SEEDS
        for speaker in ("default", "calm")
    ]
    assert len(np.unique(np.round(ratios, 3))) == len(ratios)
    assert min(ratios) < 1 < max(ratios)
    assert 0.6 < min(ratios) < max(ratios) < 1.7


def test_faces_at_rest() -> None:
    """Recorded faces that talk have means of 0.03 to 0.27 in the smile and 0.14 to 0.47 in the squint."""
    neutral, friendly, serious = (made("silence", expression=expression) for expression in Expression)
    for motion in (neutral, friendly, serious):
        assert 0.1 < curve(motion, "eyeSquintLeft").mean() < 0.3
        assert curve(motion, "jawOpen").max() == 0
    smiles = [np.sort([side.mean() for side in sides(motion, "mouthSmile")]) for motion in (neutral, friendly, serious)]
    assert 0.02 < smiles[0][0] < 0.1
    assert 0.18 < smiles[1][0] < smiles[1][1] / 1.08
    assert smiles[1][1] < 0.4
    assert smiles[2][1] < 0.02
    assert curve(friendly, "cheekSquintLeft").mean() > 0.12
    assert curve(serious, "browDownLeft").mean() > 0.2 > curve(neutral, "browDownLeft").mean() + 0.1
    assert 0.1 < curve(serious, "mouthPressLeft").mean() < 0.25


def test_lips_do_what_the_speech_needs_under_each_expression() -> None:
    needed = ("jawOpen", "mouthClose", "mouthFunnel", "mouthPucker", "mouthLowerDownLeft", "mouthUpperUpLeft")
    neutral, *others = (made(expression=expression) for expression in Expression)
    for motion in others:
        for name in needed:
            np.testing.assert_array_equal(curve(motion, name), curve(neutral, name))
    closed = curve(neutral, "mouthPressLeft") > np.percentile(curve(neutral, "mouthPressLeft"), 97)
    smile = curve(others[0], "mouthSmileLeft")
    assert smile[closed].mean() < smile.mean()


def test_an_expression_changes_live_without_a_jump_and_a_feeling_takes_its_place() -> None:
    session = MODEL.open_streaming(UtteranceOptions("default", 30.0, 5), LiveTiming())
    pieces = [step(MODEL, session, CLIPS[4])]
    session.speak_as("default", (), Expression.FRIENDLY, len(pieces[0]) / 30)
    pieces.append(step(MODEL, session, SILENCE[: 2 * RATE]))
    session.speak_as("default", ((Emotion.SADNESS, 1.0),), Expression.FRIENDLY, sum(map(len, pieces)) / 30)
    pieces.append(step(MODEL, session, SILENCE[: 2 * RATE]))
    before, friendly, sad = (curve(piece, "mouthSmileLeft") for piece in pieces)
    assert friendly[-10:].min() > 0.15 > before.mean()
    assert sad[-10:].max() < 0.05
    assert np.abs(np.diff(np.concatenate([friendly, sad]))).max() < 0.04


def test_cuts_change_nothing_of_a_friendly_face() -> None:
    def cut(*stops: int) -> np.ndarray:
        session = MODEL.open(UtteranceOptions("lively", 30.0, 3, expression=Expression.FRIENDLY))
        pieces = [step(MODEL, session, piece) for piece in np.split(CLIPS[0], stops)]
        face = concatenate([*pieces, step(MODEL, session, ended=True)]).face
        assert face is not None
        return face.weights

    np.testing.assert_array_equal(cut(), cut(7, 4000, 4001, 50_000))
