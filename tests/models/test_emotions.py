"""What feelings do to the builtin model's face and body."""

from __future__ import annotations

import numpy as np
import pytest

from folders import AUDIO
from pantomatrix_converters.editing.option_kinds import read_options
from pantomatrix_converters.face.rigs import ARKIT52
from pantomatrix_converters.kinematics import forward_kinematics
from pantomatrix_converters.motion import Motion, concatenate
from pantomatrix_converters.rotations import rotate
from pantomatrix_models.audio.decode import decode_file
from pantomatrix_models.builtin.emotions import FEELINGS
from pantomatrix_models.builtin.model import BuiltinModel
from pantomatrix_models.builtin.moods import CURVES, strengths
from pantomatrix_models.model import LiveTiming, UtteranceOptions
from pantomatrix_models.options import SHOWN_AS, Emotion, EmotionKey, Expression, MotionOptions
from pantomatrix_models.stepping import step

pytestmark = pytest.mark.unit

MODEL = BuiltinModel()
SPEECH = decode_file((AUDIO / "hu05_arctic_f.wav").read_bytes(), 60).samples


UNSEEN_SPEECH = decode_file((AUDIO / "hu02_prompt_f.wav").read_bytes(), 60).samples


def talk(seed: int = 5, speech: np.ndarray = SPEECH, **emotions: float) -> Motion:
    felt = tuple((Emotion(name), strength) for name, strength in emotions.items())
    return talk_with((EmotionKey(0.0, felt),), seed, speech)


def talk_with(keys: tuple[EmotionKey, ...], seed: int, speech: np.ndarray) -> Motion:
    session = MODEL.open(UtteranceOptions("default", 30.0, seed, emotions=keys))
    return step(MODEL, session, speech, ended=True)


def weights(motion: Motion) -> np.ndarray:
    assert motion.face is not None
    return motion.face.weights


def curve(motion: Motion, name: str) -> np.ndarray:
    return weights(motion)[:, ARKIT52.curve_names.index(name)]


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
    jaw, neutral_jaw = curve(felt, "jawOpen"), curve(NEUTRAL, "jawOpen")
    np.testing.assert_allclose(jaw, np.minimum(1.0, FEELINGS[emotion].opening * neutral_jaw), atol=1e-6)
    gained = (felt.face.weights - NEUTRAL.face.weights).mean(axis=0)
    wanted = CURVES[list(Emotion).index(emotion)]
    assert np.corrcoef(gained, wanted)[0, 1] > 0.9
    assert curve(felt, "jawOpen")[-1] == 0


def cosines(rows: np.ndarray, others: np.ndarray) -> np.ndarray:
    """(R, O) of each row with each other."""
    rows, others = (all_ / np.linalg.norm(all_, axis=1, keepdims=True) for all_ in (rows, others))
    return rows @ others.T


def shown(speech: np.ndarray, seed: int, strength: float) -> np.ndarray:
    """(10, T, 52) curves of the ten."""
    return np.stack([weights(talk(seed, speech, **{emotion.value: strength})) for emotion in Emotion])


def test_no_two_are_alike() -> None:
    gained = shown(SPEECH, 5, 1.0).mean(axis=1) - weights(NEUTRAL).mean(axis=0)
    for faces in (CURVES, gained):
        alike = cosines(faces, faces)
        assert alike[~np.eye(10, dtype=bool)].max() < 0.75


@pytest.mark.parametrize(("strength", "read"), [(1.0, 0.98), (0.6, 0.95)])
def test_a_reader_who_knows_them_from_one_speaker_tells_the_ten_apart(strength: float, read: float) -> None:
    """The nearest of the ten mean faces of one speech, from another speaker's in windows of half a second."""
    usual = weights(NEUTRAL).mean(axis=0)
    known = shown(SPEECH, 5, 1.0).mean(axis=1) - usual
    unseen = shown(UNSEEN_SPEECH, 11, strength) - usual
    windows = unseen.shape[1] // 15
    means = unseen[:, : 15 * windows].reshape(10, windows, 15, -1).mean(axis=2)
    nearest = np.array([cosines(each, known).argmax(axis=1) for each in means])
    assert windows > 5
    assert (nearest == np.arange(10)[:, None]).mean() >= read


@pytest.mark.parametrize("emotion", Emotion)
def test_lips_that_speech_shuts_stay_shut(emotion: Emotion) -> None:
    def parted(motion: Motion) -> np.ndarray:
        lips = curve(motion, "jawOpen") - curve(motion, "mouthClose")
        lower, upper = curve(motion, "mouthLowerDownLeft"), curve(motion, "mouthUpperUpLeft")
        return np.maximum(0.0, lips + 0.3 * lower + 0.2 * upper)

    neutral, felt = parted(NEUTRAL), parted(talk(**{emotion.value: 1.0}))
    shut = neutral < 0.02
    assert shut.sum() > 5
    assert felt[shut].max() < 0.25 * np.percentile(felt, 90)


def test_anger_opens_the_jaw_wider_than_grief() -> None:
    widest = {name: np.percentile(curve(talk(**{name: 1.0}), "jawOpen"), 95) for name in ("anger", "joy", "grief")}
    assert widest["anger"] > 1.4 * widest["grief"]
    assert widest["joy"] > 1.3 * widest["grief"]


def test_lids_shut_in_a_blink_however_wide_fear_opens_them() -> None:
    def eyes(motion: Motion) -> tuple[np.ndarray, np.ndarray]:
        return curve(motion, "eyeBlinkLeft"), curve(motion, "eyeWideLeft")

    blink, wide = eyes(talk(seed=2, speech=UNSEEN_SPEECH, fear=1.0))
    assert blink.max() > 0.8
    assert wide[blink.argmax()] < 0.25
    assert wide.max() > 0.9


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


def test_each_is_held_in_its_own_way() -> None:
    def held(motion: Motion) -> dict[str, float]:
        """Degrees that the chest and the head lean forward, and metres from the chest up to the shoulders."""
        places, turns = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)
        at = motion.skeleton.index
        up = {name: rotate(turns[:, at(name)], [0.0, 1.0, 0.0]) for name in ("spine3", "head")}
        leans = {name: float(np.degrees(np.arctan2(axis[:, 2], axis[:, 1])).mean()) for name, axis in up.items()}
        shoulders = places[:, motion.skeleton.indices(["left_shoulder", "right_shoulder"]), 1]
        return {**leans, "shoulders": float((shoulders - places[:, [at("spine3")], 1]).mean())}

    bodies = {
        name: held(talk(**({name: 1.0} if name else {}))) for name in ("", "anger", "fear", "grief", "joy", "sadness")
    }
    usual = bodies.pop("")
    assert bodies["anger"]["spine3"] > usual["spine3"] + 6
    assert bodies["joy"]["spine3"] < usual["spine3"] - 3
    assert bodies["fear"]["spine3"] < usual["spine3"] - 5
    assert bodies["fear"]["shoulders"] > usual["shoulders"] + 0.01
    for bowed in (bodies["grief"], bodies["sadness"]):
        assert bowed["spine3"] > usual["spine3"] + 8
        assert bowed["head"] > usual["head"] + 8


def test_joy_and_anger_move_more_and_grief_less() -> None:
    def speed(**emotions: float) -> float:
        """Metres a second of both wrists, three seeds."""
        motions = [talk(seed, UNSEEN_SPEECH, **emotions) for seed in range(3)]
        places = [forward_kinematics(each.skeleton, each.rotations_xyzw, each.root_translation)[0] for each in motions]
        wrists = np.stack(places)[:, :, motions[0].skeleton.indices(["left_wrist", "right_wrist"])]
        return float(30.0 * np.linalg.norm(np.diff(wrists, axis=1), axis=-1).mean())

    usual = speed()
    assert speed(joy=1.0) > 1.12 * usual
    assert speed(anger=1.0) > 1.25 * usual
    assert speed(grief=1.0) < 0.75 * usual


def test_a_live_mood_changes_without_a_jump() -> None:
    session = MODEL.open_streaming(UtteranceOptions("default", 30.0, 5), LiveTiming())
    pieces = [step(MODEL, session, SPEECH)]
    session.speak_as("calm", ((Emotion.SADNESS, 1.0),), Expression.NEUTRAL, len(pieces[0]) / 30)
    pieces += [step(MODEL, session, SPEECH), step(MODEL, session, ended=True)]
    frown, brows = (curve(concatenate(pieces), name) for name in ("mouthFrownLeft", "browInnerUp"))
    assert frown[: len(pieces[0])].max() < 0.05
    assert frown[-30:].min() > 0.4
    assert np.abs(np.diff(brows)).max() < 0.09


def in_time(*keys: tuple[float, dict[str, float]], seed: int = 5) -> Motion:
    """UNSEEN_SPEECH with other feelings from these seconds on."""
    return talk_with(read_options(MotionOptions, {"emotions": keys}).emotions, seed, UNSEEN_SPEECH)


def below_the_eyes(motion: Motion) -> np.ndarray:
    """Curves of jaw, mouth, cheeks and nose. Eyes and lids make up for the head, which may stand elsewhere."""
    return weights(motion)[
        :, [at for at, name in enumerate(ARKIT52.curve_names) if not name.startswith(("eye", "brow"))]
    ]


def test_feelings_change_at_their_times() -> None:
    joy, anger = talk(speech=UNSEEN_SPEECH, joy=1.0), talk(speech=UNSEEN_SPEECH, anger=1.0)
    changed = in_time((0.0, {"joy": 1.0}), (3.0, {"anger": 1.0}))
    np.testing.assert_array_equal(weights(changed)[:91], weights(joy)[:91])
    np.testing.assert_allclose(below_the_eyes(changed)[115:], below_the_eyes(anger)[115:], atol=1e-6)
    assert np.abs(np.diff(curve(changed, "browDownLeft"))).max() < 0.1
    assert 0.3 < curve(changed, "browDownLeft")[90:115].mean() < 0.7


def test_a_key_at_zero_is_the_plain_option_and_none_ends_it() -> None:
    plain, keyed = talk(speech=UNSEEN_SPEECH, fear=0.7), in_time((0.0, {"fear": 0.7}))
    np.testing.assert_array_equal(weights(plain), weights(keyed))
    np.testing.assert_array_equal(plain.rotations_xyzw, keyed.rotations_xyzw)
    ended = in_time((0.0, {"fear": 0.7}), (2.0, {}))
    np.testing.assert_allclose(below_the_eyes(ended)[90:], below_the_eyes(talk(speech=UNSEEN_SPEECH))[90:], atol=1e-6)


def test_cuts_change_nothing_where_feelings_change() -> None:
    keys = read_options(MotionOptions, {"emotions": "joy,1.2:anger,1.5:grief=0.5,joy=0.5,4:"}).emotions
    whole = talk_with(keys, 3, UNSEEN_SPEECH)
    session = MODEL.open(UtteranceOptions("default", 30.0, 3, emotions=keys))
    cut = [step(MODEL, session, part) for part in np.array_split(UNSEEN_SPEECH, 37)]
    pieces = concatenate([*cut, step(MODEL, session, ended=True)])
    np.testing.assert_array_equal(weights(whole), weights(pieces))
    np.testing.assert_array_equal(whole.rotations_xyzw, pieces.rotations_xyzw)
