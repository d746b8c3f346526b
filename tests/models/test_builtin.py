"""The builtin model: cuts, determinism, limits of the body, lips that close, and the judge's score."""

from __future__ import annotations

import itertools
import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from folders import AUDIO
from pantomatrix_converters import rotations
from pantomatrix_converters.face.rigs import ARKIT_TONGUE
from pantomatrix_converters.kinematics import forward_kinematics
from pantomatrix_converters.motion import Motion, concatenate, frames_in
from pantomatrix_models.audio.decode import decode_file
from pantomatrix_models.audio.speech import SAMPLE_RATE_HZ
from pantomatrix_models.builtin.model import BuiltinModel
from pantomatrix_models.model import LiveTiming, Push, UtteranceOptions
from pantomatrix_models.stepping import step

pytestmark = pytest.mark.unit

MODEL = BuiltinModel()
HUMAN = sorted(AUDIO.glob("hu*.wav"))

JOINT_LIMITS_DEGREES = {
    "shoulder": 110, "elbow": 150, "wrist": 60, "collar": 25, "hip": 40, "knee": 60, "ankle": 30, "neck": 30, "head": 30,
    "spine1": 12, "spine2": 12, "spine3": 12, "pelvis": 12, "jaw": 25, "index": 80, "middle": 80, "ring": 80, "pinky": 80,
    "thumb": 50, "foot": 5, "eye_smplhf": 20,
}  # fmt: skip


def samples(path: Path) -> np.ndarray:
    return decode_file(path.read_bytes(), 600).samples


def generate(audio: np.ndarray, *, seed: int = 0, fps: float = 30.0, cuts: tuple[int, ...] = ()) -> Motion:
    session = MODEL.open(UtteranceOptions("default", fps, seed))
    bounds = [0, *sorted(cut % (len(audio) + 1) for cut in cuts), len(audio)]
    pieces = [step(MODEL, session, audio[start:stop]) for start, stop in itertools.pairwise(bounds)]
    return concatenate([*pieces, step(MODEL, session, ended=True)])


def curve(motion: Motion, name: str) -> np.ndarray:
    assert motion.face is not None
    return motion.face.weights[:, motion.face.names.index(name)]


@pytest.fixture(scope="module")
def long_talk() -> Motion:
    """100 s of human speech with pauses of one second between the clips."""
    pause = np.zeros(SAMPLE_RATE_HZ, np.float32)
    clips = [np.concatenate([samples(path), pause]) for path in HUMAN]
    return generate(np.concatenate(clips * 3)[: 100 * SAMPLE_RATE_HZ], seed=3)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 10**6), max_size=12), st.sampled_from([24.0, 30.0, 60.0, 59.94]))
def test_cuts_change_nothing(cuts: list[int], fps: float) -> None:
    audio = samples(AUDIO / "hu05_arctic_f.wav")
    whole, cut = generate(audio, fps=fps), generate(audio, fps=fps, cuts=tuple(cuts))
    np.testing.assert_array_equal(cut.rotations_xyzw, whole.rotations_xyzw)
    np.testing.assert_array_equal(cut.root_translation, whole.root_translation)
    assert cut.face is not None
    assert whole.face is not None
    np.testing.assert_array_equal(cut.face.weights, whole.face.weights)


def test_a_frame_at_a_time_is_the_same() -> None:
    audio = samples(AUDIO / "hu05_arctic_f.wav")[: 3 * SAMPLE_RATE_HZ]
    whole, cut = generate(audio), generate(audio, cuts=tuple(range(0, len(audio), 480)))
    np.testing.assert_array_equal(cut.rotations_xyzw, whole.rotations_xyzw)
    np.testing.assert_array_equal(cut.root_translation, whole.root_translation)


def test_live_chunks_change_nothing_and_come_in_time() -> None:
    audio = samples(AUDIO / "hu05_arctic_f.wav")
    session, pieces = MODEL.open(UtteranceOptions("default", 30)), []
    for start in range(0, len(audio), 320):
        pieces.append(step(MODEL, session, audio[start : start + 320]))
        heard = min(start + 320, len(audio)) / SAMPLE_RATE_HZ
        settled = frames_in(heard - MODEL.info.look_ahead_seconds - 0.02, 30)
        assert sum(map(len, pieces)) >= settled
    np.testing.assert_array_equal(
        concatenate([*pieces, step(MODEL, session, ended=True)]).rotations_xyzw, generate(audio).rotations_xyzw
    )


def test_the_number_of_threads_changes_nothing() -> None:
    """Two servers may have different processors."""
    program = (
        "import sys, hashlib, pantomatrix as pm;"
        "motion = pm.generate(sys.argv[1], seed=3);"
        "print(hashlib.sha256(motion.face.weights.tobytes() + motion.rotations_xyzw.tobytes()).hexdigest())"
    )
    command = [sys.executable, "-c", program, str(HUMAN[4])]
    told = {
        subprocess.run(
            command, env=os.environ | {"OPENBLAS_NUM_THREADS": threads, "OMP_NUM_THREADS": threads}, check=True,
            capture_output=True, text=True,
        ).stdout
        for threads in ("1", "2")
    }  # fmt: skip
    assert len(told) == 1


def test_same_seed_same_motion_other_seed_other_gestures() -> None:
    audio = samples(AUDIO / "hu05_arctic_f.wav")
    first, again, other = generate(audio, seed=1), generate(audio, seed=1), generate(audio, seed=2)
    np.testing.assert_array_equal(first.rotations_xyzw, again.rotations_xyzw)
    assert np.abs(first.rotations_xyzw - other.rotations_xyzw).max() > 0.05
    np.testing.assert_array_equal(curve(first, "jawOpen"), curve(other, "jawOpen"))


@pytest.mark.parametrize("count", [1, 100, 160, 511, 800, 1600, 5333, 16000, 16001])
@pytest.mark.parametrize("fps", [1.0, 30.0, 59.94, 240.0])
def test_every_length_has_its_frames(count: int, fps: float) -> None:
    noise = np.random.default_rng(0).normal(scale=0.1, size=count).astype(np.float32)
    motion = generate(noise, fps=fps)
    assert len(motion) == frames_in(count / SAMPLE_RATE_HZ, fps) >= 1


@pytest.mark.parametrize(
    "path", [*HUMAN, AUDIO / "es01_us_m.wav", AUDIO / "loud_clipped.wav"], ids=lambda path: path.stem
)
def test_the_mouth_is_shut_at_the_end(path: Path) -> None:
    motion = generate(samples(path))
    assert curve(motion, "jawOpen")[-1] == 0
    assert curve(motion, "mouthFunnel")[-1] == 0


def test_silence_keeps_the_mouth_shut_and_the_body_alive() -> None:
    motion = generate(np.zeros(10 * SAMPLE_RATE_HZ, np.float32))
    assert curve(motion, "jawOpen").max() == 0
    assert curve(motion, "eyeBlinkLeft").max() > 0.9
    positions, _ = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)
    assert np.ptp(positions[:, motion.skeleton.index("left_wrist")], axis=0).max() > 0.01


def test_three_seconds_of_silence_then_the_same_speech() -> None:
    late = generate(samples(AUDIO / "lead_silence_3s.wav"))
    assert curve(late, "jawOpen")[:85].max() < 0.02
    plain = generate(samples(AUDIO / "es01_us_m.wav"))
    shifted = curve(late, "jawOpen")[90 : 90 + len(plain)]
    assert np.corrcoef(shifted, curve(plain, "jawOpen")[: len(shifted)])[0, 1] > 0.95


@pytest.mark.parametrize(
    "name", ["stereo_48k_float", "quiet_minus40dB", "dc_offset", "compressed_mp3", "compressed_ogg", "mono_8k"]
)
def test_the_same_words_move_the_same_lips(name: str) -> None:
    path = next(path for path in AUDIO.glob(f"{name}.*") if path.suffix != ".json")
    plain, other = generate(samples(AUDIO / "es01_us_m.wav")), generate(samples(path))
    length = min(len(plain), len(other))
    assert np.corrcoef(curve(plain, "jawOpen")[:length], curve(other, "jawOpen")[:length])[0, 1] > 0.9


def test_the_body_keeps_to_its_limits(long_talk: Motion) -> None:
    degrees = np.degrees(2 * np.arccos(np.clip(np.abs(long_talk.rotations_xyzw[..., 3]), 0, 1))).max(axis=0)
    for joint, angle in zip(long_talk.skeleton.joint_names, degrees, strict=True):
        limit = next(limit for part, limit in JOINT_LIMITS_DEGREES.items() if part in joint)
        assert angle <= limit, f"{joint} turns {angle:.0f} degrees, at most {limit}"


def test_nothing_pops(long_talk: Motion) -> None:
    positions, _ = forward_kinematics(long_talk.skeleton, long_talk.rotations_xyzw, long_talk.root_translation)
    acceleration = np.linalg.norm(np.diff(positions, 2, axis=0), axis=-1) * long_talk.fps**2
    wrists = long_talk.skeleton.indices(["left_wrist", "right_wrist"])
    assert acceleration[:, wrists].max() < 25
    assert acceleration.max() < 80
    turned = rotations.multiply(rotations.inverse(long_talk.rotations_xyzw[:-1]), long_talk.rotations_xyzw[1:])
    body = [i for i, name in enumerate(long_talk.skeleton.joint_names) if "eye" not in name and name != "jaw"]
    degrees = np.degrees(2 * np.arccos(np.clip(np.abs(turned[:, body, 3]), 0, 1)))
    assert degrees.max() * long_talk.fps < 600


def test_the_feet_stay_where_they_stand(long_talk: Motion) -> None:
    positions, _ = forward_kinematics(long_talk.skeleton, long_talk.rotations_xyzw, long_talk.root_translation)
    feet = positions[:, long_talk.skeleton.indices(["left_ankle", "right_ankle", "left_foot", "right_foot"])]
    assert np.ptp(feet, axis=0).max() < 1e-4
    assert np.ptp(long_talk.root_translation, axis=0).min() > 0.003


def test_the_face_keeps_to_its_range_and_blinks(long_talk: Motion) -> None:
    assert long_talk.face is not None
    assert long_talk.face.weights.min() >= 0
    assert long_talk.face.weights.max() <= 1
    lids = curve(long_talk, "eyeBlinkLeft")
    blinks = ((lids[1:] > 0.5) & (lids[:-1] <= 0.5)).sum() / long_talk.duration_seconds * 60
    assert 8 < blinks < 35
    assert np.ptp(curve(long_talk, "browInnerUp")) > 0.1


def test_memory_does_not_grow_with_the_clip() -> None:
    session = MODEL.open(UtteranceOptions("default", 30))
    minute = np.tile(samples(HUMAN[2]), 6)[: 60 * SAMPLE_RATE_HZ]
    sizes = []
    for _ in range(4):
        step(MODEL, session, minute)
        kept = [session.planner.movements.planned, session.eyes.gaze.planned, session.eyes.blinks._planned]
        sizes.append(sum(map(len, kept)) + len(session._mouth))
    assert max(sizes) < 100


def test_sessions_with_and_without_a_tongue_are_stepped_together() -> None:
    """Also where one of them has no frames yet."""
    plain = MODEL.open_streaming(UtteranceOptions("default", 30.0), LiveTiming())
    tongue = MODEL.open_streaming(UtteranceOptions("default", 30.0, fuller_face=True), LiveTiming())
    audio = samples(HUMAN[0])[:8000]
    first, nothing = MODEL.advance([Push(plain, audio), Push(tongue, audio[:0])])
    later, second = MODEL.advance([Push(plain, audio[:0]), Push(tongue, audio)])
    widths = [motion.face.weights.shape for motion in (first, nothing, later, second) if motion.face is not None]
    assert widths == [(len(first), 52), (0, 68), (0, 52), (len(first), 68)]
    assert len(first) > 5


def test_the_tongue_is_beside_the_52_where_it_is_asked_for() -> None:
    path = AUDIO / "hu05_arctic_f.wav"
    plain = generate(samples(path), fps=60).face
    session = MODEL.open(UtteranceOptions("default", 60, fuller_face=True))
    other = MODEL.open(UtteranceOptions("default", 60))
    pushed = MODEL.advance([Push(session, samples(path), ended=True), Push(other, samples(path), ended=True)])
    face, beside = pushed[0].face, pushed[1].face
    assert plain is not None
    assert face is not None
    assert beside is not None
    assert face.names == ARKIT_TONGUE.curve_names
    np.testing.assert_array_equal(face.weights[:, :52], plain.weights)
    np.testing.assert_array_equal(beside.weights, plain.weights)
    tip = face.weights[:, face.names.index("tongueTipUp")]
    raised, low = [], []
    for phone in json.loads(path.with_suffix(".phones.json").read_text()):
        middle = int(30 * (phone["start_s"] + phone["end_s"]))
        if phone["phone"] != "SIL":
            (raised if phone["phone"] in ("L", "N", "T", "D", "TH", "DH") else low).append(tip[middle])
    assert np.mean([high > other for high in raised for other in low]) > 0.8
    assert face.weights.min() >= 0
    assert face.weights.max() <= 1
