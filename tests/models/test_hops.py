"""Networks live, in this process: hops through sessions, alone and together."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from golden_case import pseudo_speech
from pantomatrix_converters import rotations
from pantomatrix_converters.motion import Motion, concatenate
from pantomatrix_models.audio.pcm import PcmFormat
from pantomatrix_models.emage.model import Emage
from pantomatrix_models.errors import OptionError
from pantomatrix_models.generation import plan
from pantomatrix_models.live import LiveSession
from pantomatrix_models.model import LiveTiming, Push, UtteranceOptions
from pantomatrix_models.options import MotionOptions
from pantomatrix_models.pretrained import PretrainedModel
from pantomatrix_models.recurrent.model import Camn, Disco
from pantomatrix_models.registry import ModelRegistry
from pantomatrix_models.stepping import step

pytestmark = pytest.mark.unit

RATE = 16000
KINDS: dict[str, type[PretrainedModel]] = {"camn": Camn, "disco": Disco, "emage": Emage}
AUDIO = pseudo_speech(3 * RATE + 333, 1)


@pytest.fixture(
    scope="module",
    params=[pytest.param("camn", marks=pytest.mark.slow), "disco", pytest.param("emage", marks=pytest.mark.slow)],
)
def model(request: pytest.FixtureRequest, checkpoint: Callable[..., Path]) -> PretrainedModel:
    return KINDS[request.param].from_pretrained(checkpoint(request.param), device="cpu")


LIVE = LiveTiming()
OPTIONS = UtteranceOptions("0", 30.0)


def pieces(
    model: PretrainedModel, chunk: int, fps: float = 30.0, timing: LiveTiming = LIVE
) -> list[tuple[float, Motion]]:
    """What comes, with how much audio had been heard by then, seconds; the rest after the end last."""
    session, made = model.open_streaming(UtteranceOptions("0", fps), timing), []
    for at in range(0, len(AUDIO), chunk):
        motion = step(model, session, AUDIO[at : at + chunk])
        made.append((min(at + chunk, len(AUDIO)) / RATE, motion))
    return [*made, (np.inf, step(model, session, ended=True))]


def whole(made: list[tuple[float, Motion]]) -> Motion:
    return concatenate([motion for _, motion in made])


@pytest.mark.parametrize("fps", [30.0, *(pytest.param(fps, marks=pytest.mark.slow) for fps in (60.0, 25.0))])
def test_cuts_change_nothing_and_frames_are_in_time(model: PretrainedModel, fps: float) -> None:
    small = pieces(model, 320, fps)
    for chunk in (7777, len(AUDIO)):
        np.testing.assert_array_equal(whole(pieces(model, chunk, fps)).rotations_xyzw, whole(small).rotations_xyzw)
    assert len(whole(small)) == np.ceil(len(AUDIO) / RATE * fps)
    look_ahead, sent = model.streaming_look_ahead_seconds(fps, LIVE), 0
    for heard, motion in small[:-1]:
        due = int(max(0.0, heard - 320 / RATE - look_ahead) * fps)
        sent += len(motion)
        assert sent >= due
    assert sent > 0


def test_sessions_together_are_each_alone(model: PretrainedModel) -> None:
    alone = whole(pieces(model, 1600))
    sessions = [model.open_streaming(OPTIONS, LIVE) for _ in range(3)]
    other = model.open_streaming(OPTIONS, LiveTiming(hop_seconds=0.5))
    together = []
    for at in range(0, len(AUDIO), 1600):
        chunk = AUDIO[at : at + 1600]
        together.append(model.advance([Push(session, chunk) for session in (*sessions, other)])[0])
    together.append(step(model, sessions[0], ended=True))
    np.testing.assert_allclose(concatenate(together).rotations_xyzw, alone.rotations_xyzw, atol=2e-4)


def test_hops_follow_one_another_without_a_jump(model: PretrainedModel) -> None:
    """Acceleration where hops meet is about that within them; a cut would be many times as much."""
    hop = 8 / 30 if model.info.name == "emage" else 4 * 1080 / RATE
    motion = whole(pieces(model, 320, timing=LiveTiming(hop)))
    quats = rotations.shortest(motion.rotations_xyzw)
    turns = rotations.axis_angle_from_quat(
        rotations.shortest(rotations.multiply(rotations.inverse(quats[:-1]), quats[1:]))
    )
    each = np.linalg.norm(np.diff(turns, axis=0), axis=-1).mean(axis=1)
    since = (np.arange(1, len(each) + 1) / 30 + 1e-6) % hop
    seam = np.minimum(since, hop - since) < 1.01 / 30
    assert each[seam].mean() / each[~seam].mean() < 1.8


def test_what_a_caller_may_set(model: PretrainedModel) -> None:
    def look_ahead(hop: float, look: float) -> float:
        return model.streaming_look_ahead_seconds(30.0, LiveTiming(hop, look))

    assert look_ahead(0.07, 0.06) <= 0.25
    assert look_ahead(0.0, 0.2) > look_ahead(0.0, 0.1)
    assert model.streaming_look_ahead_seconds(30.0, LIVE) == pytest.approx(model.info.live_look_ahead_seconds)
    with pytest.raises(OptionError, match="together at most"):
        model.open_streaming(OPTIONS, LiveTiming(3.0))


def test_another_speaker_from_the_next_utterance_on(model: PretrainedModel) -> None:
    class Registry(ModelRegistry):
        def get(self, name: str) -> PretrainedModel:
            return model

    def utterances(*speakers: str) -> list[Motion]:
        """What each comes to; the speaker is told before it begins."""
        live, made = LiveSession(plan(MotionOptions(speaker=speakers[0]), Registry()), PcmFormat("f32le", RATE)), []

        def computed(push: Push) -> Motion:
            return live.take(model.advance([push])[0]).motion

        for speaker in speakers:
            live.change({"speaker": speaker})
            spoken = computed(live.push(AUDIO[: 2 * RATE].tobytes()))
            made.append(concatenate([spoken, computed(live.end_utterance())]))
        return made

    same, other = utterances("0", "0"), utterances("0", "1")
    np.testing.assert_array_equal(other[0].rotations_xyzw, same[0].rotations_xyzw)
    assert np.abs(other[1].rotations_xyzw - same[1].rotations_xyzw).max() > 1e-3


def test_an_instant_of_audio_is_a_whole_utterance(model: PretrainedModel) -> None:
    session = model.open_streaming(OPTIONS, LIVE)
    assert len(step(model, session, AUDIO[:1])) == 0
    assert len(step(model, session, ended=True)) == 1
