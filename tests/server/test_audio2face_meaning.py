"""What Audio2Face-3D's parameters do to the face: emotions, strengths, corrections, as NVIDIA publishes them."""

from __future__ import annotations

from collections.abc import Iterator

import grpc
import numpy as np
import pytest

from ace_calls import (
    EMOTIONS,
    END,
    RATE,
    SHAPES,
    SPEECH,
    Answers,
    Keys,
    audio,
    call,
    chunks,
    column,
    header,
    weights,
)
from nvidia_ace_compat import a2f_pb2, controller_pb2, status_pb2
from nvidia_ace_compat.emotion_aggregate_pb2 import EmotionAggregate
from server_process import ServerProcess, running_server
from service_calls import open_channel

pytestmark = pytest.mark.service

Feeling = a2f_pb2.EmotionPostProcessingParameters
SMILE, CHEEK, BROW = column("MouthSmileLeft"), column("CheekSquintLeft"), column("BrowInnerUp")
FULL_JOY, FULL_FEAR = 0.8, 1.0
"""How much joy raises the cheek and fear the inner brow, at full strength, of what the plain face leaves to raise."""
NOTHING = 0.08
"""More than a feeling takes from the rest face, whose place it has."""
SETTLED = slice(30, None)
"""Frames after the face has moved to an emotion of second 0."""


@pytest.fixture(scope="module")
def compatible(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with running_server(tmp_path_factory.mktemp("audio2face") / "log", "--audio2face", "builtin") as running:
        yield running


@pytest.fixture
def channel(compatible: ServerProcess) -> Iterator[grpc.Channel]:
    with open_channel(compatible.address) as channel:
        yield channel


@pytest.fixture(scope="module")
def plain(compatible: ServerProcess) -> np.ndarray:
    """(90, 68) without emotions or parameters."""
    with open_channel(compatible.address) as channel:
        return weights(call(channel, header(), audio(SPEECH), END))


def added(channel: grpc.Channel, plain: np.ndarray, *messages: controller_pb2.AudioStream) -> np.ndarray:
    """(90, 68) what is there beside the plain face, as a share of what that leaves."""
    return share_added(call(channel, *messages, END), plain)


def share_added(answers: Answers, plain: np.ndarray) -> np.ndarray:
    felt = weights(answers)
    plain = plain[: len(felt)]
    return (felt - plain) / np.maximum(1.0 - plain, 1e-6)


def status(answers: Answers) -> tuple[str, str]:
    told = answers[-1].status
    return status_pb2.Status.Code.Name(told.code), told.message


# -------------------------------------------------------------------------------------------------------------- emotions


@pytest.mark.parametrize(
    ("feeling", "share"),
    [
        ({}, 0.3),
        ({"enable_preferred_emotion": False}, 0.0),
        ({"enable_preferred_emotion": False, "preferred_emotion_strength": 1.0, "emotion_strength": 1.0}, 0.0),
        ({"enable_preferred_emotion": True, "preferred_emotion_strength": 1.0, "emotion_strength": 1.0}, 1.0),
        ({"preferred_emotion_strength": 1.0}, 0.6),
        ({"preferred_emotion_strength": 0.0}, 0.0),
        ({"emotion_strength": 1.0}, 0.5),
        ({"emotion_strength": 0.0}, 0.0),
    ],
    ids=str,
)
def test_strengths_by_nvidias_formula(channel: grpc.Channel, plain: np.ndarray, feeling: dict, share: float) -> None:
    messages = header(emotion_post_processing_params=Feeling(**feeling)), audio(SPEECH, [(0.0, {"joy": 1.0})])
    cheek = added(channel, plain, *messages)[:, CHEEK]
    assert cheek.mean() == pytest.approx(share * FULL_JOY, abs=0.02)
    if not share:
        assert not cheek.any()


ALL = Feeling(preferred_emotion_strength=1.0, emotion_strength=1.0)
"""So that what is given is shown as it is."""
IN_TIME: Keys = [(0.0, {"joy": 1.0}), (1.0, {"fear": 1.0})]


@pytest.mark.parametrize("order", ["in order", "out of order", "in a later message", "one by one"])
def test_keys_arrive_at_their_time(channel: grpc.Channel, plain: np.ndarray, order: str) -> None:
    messages = [header(emotion_post_processing_params=ALL)]
    match order:
        case "in order":
            messages += [audio(SPEECH, IN_TIME)]
        case "out of order":
            messages += [audio(SPEECH, IN_TIME[::-1])]
        case "in a later message":
            messages += [audio(SPEECH[: RATE // 2], IN_TIME[:1]), audio(SPEECH[RATE // 2 :], IN_TIME[1:])]
        case "one by one":
            parts = chunks(SPEECH, 480)
            messages += [audio(SPEECH[:0], IN_TIME[1:]), audio(SPEECH[:0], IN_TIME[:1]), *parts]
    beside = added(channel, plain, *messages)
    cheek, brow = beside[:, CHEEK], beside[:, BROW]
    np.testing.assert_allclose(cheek[:30], FULL_JOY, atol=0.12)
    assert abs(brow[:31]).max() < 0.1, "nothing of fear before second 1"
    np.testing.assert_allclose(beside[56:, BROW], FULL_FEAR, atol=0.15)
    assert abs(cheek[56:]).max() < 0.12


def test_a_single_key_waits_for_its_time(channel: grpc.Channel, plain: np.ndarray) -> None:
    messages = header(emotion_post_processing_params=ALL), audio(SPEECH, [(2.0, {"fear": 1.0})])
    beside = added(channel, plain, *messages)
    assert not beside[:61, BROW].any()
    np.testing.assert_allclose(beside[-5:, BROW], FULL_FEAR, atol=0.15)


def test_a_key_that_comes_late_counts_from_its_message_on(channel: grpc.Channel, plain: np.ndarray) -> None:
    late = audio(SPEECH[2 * RATE :], [(0.0, {"fear": 1.0})])
    brow = added(channel, plain, header(emotion_post_processing_params=ALL), audio(SPEECH[: 2 * RATE]), late)[:, BROW]
    assert not brow[:45].any()
    assert brow[-1] > 0.7


def test_a_late_key_does_not_undo_a_later_one(channel: grpc.Channel, plain: np.ndarray) -> None:
    early = audio(SPEECH[: 2 * RATE], [(1.0, {"joy": 1.0})])
    late = audio(SPEECH[2 * RATE :], [(0.5, {"fear": 1.0})])
    beside = added(channel, plain, header(emotion_post_processing_params=ALL), early, late)
    assert abs(beside[:, BROW]).max() < NOTHING
    np.testing.assert_allclose(beside[60:, CHEEK], FULL_JOY, atol=0.12)


def test_a_key_each_frame(channel: grpc.Channel, plain: np.ndarray) -> None:
    """More keys in one message than changes may wait in a stream."""
    keys: Keys = [(number / 1000, {"joy": 1.0 if number % 2 else 0.9}) for number in range(3000)]
    answers = call(channel, header(emotion_post_processing_params=ALL), audio(SPEECH, keys), END)
    assert status(answers) == ("SUCCESS", "sent all data")
    cheek = share_added(answers, plain)[:, CHEEK]
    assert 0.7 < cheek.min() <= cheek.max() < 0.81


def test_the_beginning_emotion_fades(channel: grpc.Channel, plain: np.ndarray) -> None:
    glad = a2f_pb2.EmotionParameters(beginning_emotion={"joy": 1.0})
    opening = header(emotion_params=glad, emotion_post_processing_params=ALL)
    cheek = added(channel, plain, opening, audio(SPEECH))[:, CHEEK]
    assert cheek[0] == pytest.approx(FULL_JOY, abs=0.05)
    assert not cheek[SETTLED].any()
    beside = added(channel, plain, opening, audio(SPEECH, [(0.0, {"fear": 1.0})]))
    np.testing.assert_allclose(beside[:, BROW], FULL_FEAR, atol=0.15)
    assert abs(beside[:, CHEEK]).max() < 0.01


def test_all_ten_names_are_known(channel: grpc.Channel, plain: np.ndarray) -> None:
    for name in EMOTIONS:
        answers = call(
            channel, header(emotion_post_processing_params=ALL), audio(SPEECH[:RATE], [(0.0, {name: 1.0})]), END
        )
        assert status(answers) == ("SUCCESS", "sent all data")
        shown = (weights(answers) - plain[:30]).mean(axis=0)
        assert shown.max() > 0.2, name
    assert shown[BROW] > 0.2
    answers = call(
        channel, header(emotion_post_processing_params=ALL), audio(SPEECH[:RATE], [(0.0, {"outofbreath": 1.0})]), END
    )
    assert share_added(answers, plain)[:, BROW].mean() == pytest.approx(0.45, abs=NOTHING)


def aggregates(answers: Answers) -> list[EmotionAggregate]:
    found = []
    for answer in answers:
        if answer.HasField("animation_data"):
            (name,) = answer.animation_data.metadata
            assert name == "emotion_aggregate"
            packed = answer.animation_data.metadata[name]
            assert packed.type_url == "type.googleapis.com/nvidia_ace.emotion_aggregate.v1.EmotionAggregate"
            found.append(EmotionAggregate.FromString(packed.value))
    return found


def test_emotions_come_back_with_each_frame(channel: grpc.Channel) -> None:
    told = aggregates(call(channel, header(), audio(SPEECH, IN_TIME), END))
    assert len(told) == 90
    for number, aggregate in enumerate(told):
        (given,), (shown,) = aggregate.input_emotions, aggregate.a2f_smoothed_output
        assert not aggregate.a2e_output, "NVIDIA's sample client ends with KeyError if it is filled"
        assert given.time_code == shown.time_code == number / 30
        assert sorted(given.emotion) == sorted(shown.emotion) == EMOTIONS
        felt = "joy" if number < 30 else "fear"
        assert dict(given.emotion) == {**dict.fromkeys(EMOTIONS, 0.0), felt: 1.0}
        assert dict(shown.emotion) == {**dict.fromkeys(EMOTIONS, 0.0), felt: pytest.approx(0.3)}


# ------------------------------------------------------------------------------------------------------------ parameters

Shapes = a2f_pb2.BlendShapeParameters


@pytest.mark.parametrize("spelt", [str, lambda name: name[0].lower() + name[1:]], ids=["NVIDIA's", "Apple's"])
def test_multipliers_offsets_and_clamp(channel: grpc.Channel, plain: np.ndarray, spelt) -> None:
    multipliers = {"JawOpen": 4.0, "EyeBlinkLeft": 0.0, "TongueUp": 2.0}
    offsets = {"JawOpen": -0.5, "TongueWide": 0.25}
    params = Shapes(
        bs_weight_multipliers={spelt(name): value for name, value in multipliers.items()},
        bs_weight_offsets={spelt(name): value for name, value in offsets.items()},
    )
    free = weights(call(channel, header(blendshape_params=params), audio(SPEECH), END))
    params.enable_clamping_bs_weight = True
    clamped = weights(call(channel, header(blendshape_params=params), audio(SPEECH), END))

    assert free.min() < 0
    assert free.max() > 1
    wanted = plain.copy()
    for name, value in multipliers.items():
        wanted[:, column(name)] *= value
    for name, value in offsets.items():
        wanted[:, column(name)] += value
    np.testing.assert_allclose(free, wanted, atol=1e-6)
    np.testing.assert_allclose(clamped, np.clip(wanted, 0, 1), atol=1e-6)


def starting_with(*words: str) -> list[int]:
    return [at for at, name in enumerate(SHAPES) if name.startswith(words)]


UPPER = starting_with("Brow", "EyeSquint", "EyeWide", "CheekSquint", "NoseSneer")
LOWER = starting_with("Jaw", "Mouth", "CheekPuff")
TONGUE, BLINK = starting_with("Tongue"), starting_with("EyeBlink")
LIPS, WIDE = starting_with("MouthLowerDown", "MouthUpperUp"), starting_with("EyeWide")


@pytest.mark.parametrize(
    ("params", "gains", "offsets"),
    [
        ({"lowerFaceStrength": 0.0}, {0.0: LOWER}, {}),
        ({"lowerFaceStrength": 1.5}, {1.5: LOWER}, {}),
        ({"upperFaceStrength": 0.0}, {0.0: UPPER}, {}),
        ({"skinStrength": 0.5}, {0.5: [*UPPER, *LOWER]}, {}),
        ({"tongueStrength": 1.3}, {1.3: TONGUE}, {}),
        ({"blinkStrength": 0.0}, {0.0: BLINK}, {}),
        ({"eyelidOpenOffset": -0.4}, {}, {0.4: BLINK, -0.4: WIDE}),
        ({"eyelidOpenOffset": 0.2}, {}, {-0.2: BLINK, 0.2: WIDE}),
        ({"blinkOffset": 0.1}, {}, {0.1: BLINK}),
        ({"lipOpenOffset": 0.1}, {}, {0.1: LIPS}),
        ({"lipOpenOffset": -0.1}, {}, {-0.1: LIPS}),
    ],
    ids=str,
)
def test_face_parameters(channel: grpc.Channel, plain: np.ndarray, params: dict, gains: dict, offsets: dict) -> None:
    wanted = plain.copy()
    for gain, columns in gains.items():
        wanted[:, columns] *= gain
    for offset, columns in offsets.items():
        wanted[:, columns] += offset
    wanted = np.clip(wanted, 0, 1)
    assert (wanted != plain).any()
    answers = call(channel, header(face_params=a2f_pb2.FaceParameters(float_params=params)), audio(SPEECH), END)
    np.testing.assert_allclose(weights(answers), wanted, atol=1e-6)
    assert status(answers) == ("SUCCESS", "sent all data")


def test_multipliers_come_after_face_parameters(channel: grpc.Channel, plain: np.ndarray) -> None:
    params = header(
        face_params=a2f_pb2.FaceParameters(float_params={"eyelidOpenOffset": -0.4, "lowerFaceStrength": 1.5}),
        blendshape_params=Shapes(bs_weight_multipliers={"EyeBlinkLeft": 2.0, "JawOpen": -3.0}),
    )
    made, blink, jaw = weights(call(channel, params, audio(SPEECH), END)), column("EyeBlinkLeft"), column("JawOpen")
    np.testing.assert_allclose(made[:, blink], 2 * np.clip(plain[:, blink] + 0.4, 0, 1), atol=1e-6)
    np.testing.assert_allclose(made[:, jaw], -3 * np.clip(plain[:, jaw] * 1.5, 0, 1), atol=1e-6)


def test_what_is_not_used_is_said_in_a_warning(channel: grpc.Channel) -> None:
    face = a2f_pb2.FaceParameters(
        float_params={
            "faceMaskLevel": 0.6,
            "upperFaceSmoothing": 0.001,
            "tongueHeightOffset": 0.0,
            "noseStrength": 1.0,
        },
        integer_params={"source": 1},
    )
    feeling = Feeling(emotion_contrast=2.0, live_blend_coef=0.7, max_emotions=1)
    emotions = a2f_pb2.EmotionParameters(live_transition_time=0.0001)
    opening = header(face_params=face, emotion_post_processing_params=feeling, emotion_params=emotions)
    answers = call(channel, opening, audio(SPEECH[:RATE], [(0.0, {"envy": 1.0, "joy": 1.0})]), END)
    assert status(answers) == (
        "WARNING",
        "sent all data; not used: face_params.faceMaskLevel, face_params.noseStrength, face_params.upperFaceSmoothing, "
        "face_params.source, emotion_post_processing_params.emotion_contrast, "
        "emotion_post_processing_params.max_emotions, emotion_params.live_transition_time, emotion 'envy'",
    )


# ---------------------------------------------------------------------------------------------------- NVIDIA's own sample


def as_the_sample_sends(samples: np.ndarray, **changed: float | bool) -> list[controller_pb2.AudioStream]:
    """With the settings that come with NVIDIA's sample client for one of its faces: 1 s a message, all keys in the first, the
    last without audio. changed: other values for how emotions are shown."""
    face = {
        "upperFaceStrength": 1.0, "upperFaceSmoothing": 0.001, "lowerFaceStrength": 1.2, "lowerFaceSmoothing": 0.006,
        "faceMaskLevel": 0.6, "faceMaskSoftness": 0.0085, "skinStrength": 1.0, "eyelidOpenOffset": 0.06,
        "lipOpenOffset": -0.02, "tongueStrength": 1.3, "tongueHeightOffset": 0.0, "tongueDepthOffset": 0.0,
    }  # fmt: skip
    feeling: dict = {
        "emotion_contrast": 1.0, "live_blend_coef": 0.7, "enable_preferred_emotion": False,
        "preferred_emotion_strength": 0.5, "emotion_strength": 0.6, "max_emotions": 3, **changed,
    }  # fmt: skip
    none = dict.fromkeys(EMOTIONS, 0.0)
    looks = dict.fromkeys([name for name in SHAPES if name.startswith("EyeLook")], 0.0)
    opening = header(
        face_params=a2f_pb2.FaceParameters(float_params=face),
        emotion_post_processing_params=Feeling(**feeling),
        blendshape_params=Shapes(
            bs_weight_multipliers={**dict.fromkeys(SHAPES, 1.0), **looks},
            bs_weight_offsets=dict.fromkeys(SHAPES, 0.0),
            enable_clamping_bs_weight=False,
        ),
        emotion_params=a2f_pb2.EmotionParameters(live_transition_time=0.0001, beginning_emotion={**none, "fear": 1.0}),
    )
    keys: Keys = [(0.0, {**none, "joy": 1.0}), (1.0, {**none, "fear": 1.0, "pain": 0.1})]
    seconds = [samples[start : start + RATE] for start in range(0, len(samples) + 1, RATE)]
    return [opening, audio(seconds[0], keys), *map(audio, seconds[1:]), END]


def test_the_sample_clients_call(channel: grpc.Channel, plain: np.ndarray) -> None:
    """Its settings switch the sent emotions off. With the switch on they show 0.3 of their full strength, each at its time."""
    off = call(channel, *as_the_sample_sends(SPEECH))
    on = call(channel, *as_the_sample_sends(SPEECH, enable_preferred_emotion=True))
    assert (
        status(off)
        == status(on)
        == (
            "WARNING",
            "sent all data; not used: face_params.faceMaskLevel, face_params.faceMaskSoftness, "
            "face_params.lowerFaceSmoothing, face_params.upperFaceSmoothing, emotion_params.live_transition_time",
        )
    )
    assert weights(off).shape == weights(on).shape == (90, 68)
    assert not weights(off)[:, starting_with("EyeLook")].any()
    np.testing.assert_allclose(
        weights(off)[:, [SMILE, BROW]], np.clip(plain[:, [SMILE, BROW]] * [1.2, 1.0], 0, 1), atol=1e-6
    )
    beside = share_added(on, weights(off))
    assert beside[:30, CHEEK].mean() == pytest.approx(0.3 * FULL_JOY, abs=0.02)
    assert abs(beside[:31, BROW]).max() < NOTHING
    assert beside[56:, BROW].mean() == pytest.approx(0.3 * FULL_FEAR, abs=0.05)
    assert abs(beside[56:, CHEEK]).max() < 0.04
