"""The builtin model's gestures against what recorded speakers do (docs/reference/builtin-model.md tells the source of the ranges)."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from folders import AUDIO
from pantomatrix_converters.kinematics import forward_kinematics
from pantomatrix_converters.motion import Motion
from pantomatrix_models.audio.decode import decode_file
from pantomatrix_models.audio.speech import SAMPLE_RATE_HZ
from pantomatrix_models.builtin.gesture_units import UNITS
from pantomatrix_models.builtin.model import BuiltinModel
from pantomatrix_models.builtin.styles import STYLES
from pantomatrix_models.model import UtteranceOptions
from pantomatrix_models.options import Gestures
from pantomatrix_models.stepping import step
from pantomatrix_research.motion_statistics import MotionStatistics, motion_statistics

pytestmark = pytest.mark.slow

MODEL = BuiltinModel()
SEEDS = (0, 1, 2, 3, 4, 5)
FPS = 30.0

REAL_SPEAKERS = {
    "wrist_speed_mean": (0.34, 0.55),
    "wrist_speed_p99": (1.2, 1.75),
    "wrist_jerk_p50": (22, 32),
    "above_3hz": (0.010, 0.0165),
    "strokes_per_minute": (44, 65),
    "stroke_speed_p50": (0.8, 1.1),
    "stroke_width_p50": (0.25, 0.40),
    "rest_share": (0.01, 0.12),
    "frozen_share": (0.0, 0.012),
    "hands_speed_correlation": (0.42, 0.75),
    "finger_bend_1": (21, 31),
    "finger_bend_2": (20, 40),
    "nods_per_minute": (42, 60),
    "foot_speed_mean": (0.0, 0.01),
}
"""From recorded speakers: the range over three clips; of p99, energy, widths, rest and nods wider, see docs/reference/builtin-model.md."""


@lru_cache
def long_talk(seed: int = 0, speaker: str = "default") -> Motion:
    """100 s of human speech."""
    return generated(np.tile(human_speech(), 3)[: 100 * SAMPLE_RATE_HZ], seed, speaker)


@lru_cache
def human_speech() -> np.ndarray:
    """The five human clips one after another."""
    return np.concatenate([decode_file(path.read_bytes(), 600).samples for path in sorted(AUDIO.glob("hu*.wav"))])


def generated(audio: np.ndarray, seed: int = 0, speaker: str = "default") -> Motion:
    session = MODEL.open(UtteranceOptions(speaker, FPS, seed))
    return step(MODEL, session, audio.astype(np.float32), ended=True)


@lru_cache
def statistics(speaker: str = "default") -> dict[str, np.ndarray]:
    """Name -> a value for each seed."""
    every = [motion_statistics(long_talk(seed, speaker)) for seed in SEEDS]
    return {name: np.array([getattr(one, name) for one in every]) for name in MotionStatistics.__annotations__}


@pytest.mark.slow
@pytest.mark.parametrize("name", REAL_SPEAKERS)
def test_hands_move_as_recorded_speakers_do(name: str) -> None:
    low, high = REAL_SPEAKERS[name]
    mean = statistics()[name].mean()
    assert low <= mean <= high, f"{name} is {mean:.3f} over {len(SEEDS)} seeds"


def test_widths_of_strokes_are_human() -> None:
    found = statistics()
    assert found["stroke_width_p5"].mean() > 0.18
    assert found["stroke_width_p95"].mean() < 0.6


def test_head_and_pelvis_sway() -> None:
    found = statistics()
    np.testing.assert_allclose(found["head_std_degrees"].mean(axis=0), [7.0, 4.7, 4.2], atol=1.2)
    np.testing.assert_allclose(found["head_speed_p95"].mean(axis=0), [0.68, 0.64, 0.48], atol=0.12)
    assert 3 < found["pelvis_yaw_std_degrees"].mean() < 9.5
    assert 2 < found["root_path_per_minute"].mean() < 9


def syllables(seed: int) -> tuple[np.ndarray, np.ndarray]:
    """A voice with 4.5 weak syllables a second and every 1.5 to 2.4 s a loud and high one; the middles of the latter."""
    random = np.random.default_rng(seed)
    middles = 1.0 + np.cumsum(random.uniform(1.5, 2.4, size=24))
    times = np.arange(int((middles[-1] + 1.5) * SAMPLE_RATE_HZ)) / SAMPLE_RATE_HZ
    stressed = sum(np.exp(-0.5 * ((times - middle) / 0.06) ** 2) for middle in middles)
    weak = 0.15 * (0.55 + 0.45 * np.cos(2 * np.pi * 4.5 * times)) * (1 - stressed)
    phase = 2 * np.pi * np.cumsum(120 + 30 * stressed) / SAMPLE_RATE_HZ
    voice = sum(np.sin(k * phase) / k for k in range(1, 24))
    return 0.15 * voice * (weak + stressed), middles


@pytest.mark.slow
def test_strokes_fall_on_stressed_syllables() -> None:
    offsets = []
    for seed in SEEDS:
        audio, middles = syllables(seed)
        motion = generated(audio, seed)
        speed = wrist_speeds(motion).max(axis=1)
        for middle in middles[1:]:
            near = slice(int((middle - 0.4) * FPS), int((middle + 0.4) * FPS) + 1)
            if speed[near].max() > 0.6:
                offsets.append((near.start + int(np.argmax(speed[near]))) / FPS - middle)
    assert len(offsets) > 0.5 * len(SEEDS) * 24
    assert abs(np.mean(offsets)) * FPS <= 2
    assert np.median(np.abs(offsets)) * FPS <= 4


def wrist_speeds(motion: Motion) -> np.ndarray:
    """(T, 2) m/s, left and right."""
    positions, _ = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)
    wrists = positions[:, motion.skeleton.indices(["left_wrist", "right_wrist"])]
    return np.linalg.norm(np.gradient(wrists, 1 / motion.fps, axis=0), axis=2)


def between_segments(a0: np.ndarray, a1: np.ndarray, b0: np.ndarray, b1: np.ndarray) -> np.ndarray:
    """(T,) least distance of segments, (T, 3) ends each, by a grid of 24 points on both: within a millimetre or two."""
    along = np.linspace(0, 1, 24)[None, :, None]
    first, second = a0[:, None] + along * (a1 - a0)[:, None], b0[:, None] + along * (b1 - b0)[:, None]
    return np.linalg.norm(first[:, :, None] - second[:, None], axis=3).min(axis=(1, 2))


BODY_CAPSULES = {
    "torso": ("pelvis", "neck", 0.105),
    "left thigh": ("left_hip", "left_knee", 0.075),
    "right thigh": ("right_hip", "right_knee", 0.075),
    "head": ("neck", "head", 0.09),
}


@pytest.mark.slow
@pytest.mark.parametrize("speaker", STYLES)
def test_hands_do_not_enter_the_body(speaker: str) -> None:
    for seed in SEEDS[:3]:
        motion = long_talk(seed, speaker)
        positions, _ = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)
        at = {name: positions[:, index] for index, name in enumerate(motion.skeleton.joint_names)}
        hands = {side: (at[f"{side}_wrist"], at[f"{side}_middle3"]) for side in ("left", "right")}
        for side, hand in hands.items():
            for name, (start, end, radius) in BODY_CAPSULES.items():
                gap = between_segments(*hand, at[start], at[end]) - radius - 0.03
                assert gap.min() > 0, f"{side} hand, {name}: {gap.min():.3f} m at frame {gap.argmin()}, seed {seed}"
        assert (between_segments(*hands["left"], *hands["right"]) > 0.06).all()


@pytest.mark.slow
def test_speakers_differ_as_they_are_called() -> None:
    lead = {
        speaker: np.mean([wrist_speeds(long_talk(seed, speaker)).mean(axis=0) for seed in SEEDS[:3]], axis=0)
        for speaker in STYLES
    }
    left, right = lead["default"]
    assert right > 1.1 * left
    left, right = lead["left_handed"]
    assert left > 1.1 * right
    assert lead["calm"].mean() < 0.85 * lead["default"].mean() < 0.75 * lead["lively"].mean()


def test_amplitude_and_rate_are_heeded() -> None:
    audio = human_speech()

    def fast(**gestures: float) -> float:
        session = MODEL.open(UtteranceOptions("default", FPS, 4, gestures=Gestures(**gestures)))
        return float(np.percentile(wrist_speeds(step(MODEL, session, audio, ended=True)), 95))

    assert fast(amplitude=0.2) < 0.75 * fast() < 0.75 * fast(amplitude=1.5)
    assert fast(rate=0.25) < 0.9 * fast()
    assert 0.05 < fast(amplitude=0.0) < 0.5 * fast()


def test_the_hands_rise_with_speech_and_fall_after_it() -> None:
    speech = decode_file((AUDIO / "hu03_speech_m.wav").read_bytes(), 60).samples
    pause = np.zeros(5 * SAMPLE_RATE_HZ, np.float32)
    motion = generated(np.concatenate([pause[: 2 * SAMPLE_RATE_HZ], speech, pause]))
    positions, _ = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)
    heights = positions[:, motion.skeleton.indices(["left_wrist", "right_wrist"]), 1] - positions[:, :1, 1]
    assert heights[:30].max() < 0.08
    assert np.median(heights[90:-150]) > 0.08
    assert heights[-30:].max() < 0.08


def test_gestures_do_not_repeat() -> None:
    """No two stretches of two seconds are alike, within a clip and between seeds."""
    first, second = (wrist_speeds(long_talk(seed)) for seed in (0, 1))
    assert abs(np.corrcoef(first.ravel(), second.ravel())[0, 1]) < 0.5
    windows = np.stack([first[start : start + 60].ravel() for start in range(0, len(first) - 60, 15)])
    alike = np.corrcoef(windows)
    far = np.abs(np.subtract.outer(range(len(windows)), range(len(windows)))) >= 4
    assert alike[far].max() < 0.97


def test_every_unit_is_some_speakers() -> None:
    for _, style in STYLES.values():
        assert {name for name, _ in style.units} == set(UNITS)
