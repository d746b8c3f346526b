"""Networks live, in this process: hops through sessions, alone and together."""

from __future__ import annotations

import numpy as np
import pytest

from checkpoints import write_emage, write_recurrent
from golden_case import pseudo_speech
from pantomatrix_converters import rotations
from pantomatrix_converters.motion import Motion, concatenate
from pantomatrix_models.audio.pcm import PcmFormat
from pantomatrix_models.emage.model import Emage
from pantomatrix_models.errors import OptionError
from pantomatrix_models.generation import plan
from pantomatrix_models.live import Heard, LiveSession
from pantomatrix_models.model import LiveTiming, Push, UtteranceOptions
from pantomatrix_models.options import MotionOptions
from pantomatrix_models.pretrained import PretrainedModel
from pantomatrix_models.recurrent.model import Camn, Disco
from pantomatrix_models.registry import ModelRegistry
from pantomatrix_server.app.batching import Step

pytestmark = pytest.mark.unit

RATE = 16000
KINDS: dict[str, type[PretrainedModel]] = {"camn": Camn, "disco": Disco, "emage": Emage}
AUDIO = pseudo_speech(4 * RATE + 333, 1)


@pytest.fixture(scope="module", params=KINDS)
def model(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> PretrainedModel:
    folder = tmp_path_factory.mktemp("live") / request.param
    if request.param == "emage":
        write_emage(folder)
    else:
        write_recurrent(folder, request.param)
    return KINDS[request.param].from_pretrained(folder, device="cpu")


def pieces(model: PretrainedModel, options: UtteranceOptions, chunk: int) -> list[tuple[float, Motion]]:
    """What comes, with how much audio had been heard by then, seconds; the rest after the end last."""
    session, made = model.open(options), []
    for at in range(0, len(AUDIO), chunk):
        motion = session.push(AUDIO[at : at + chunk])
        made.append((min(at + chunk, len(AUDIO)) / RATE, motion))
    return [*made, (np.inf, session.finish())]


def whole(made: list[tuple[float, Motion]]) -> Motion:
    return concatenate([motion for _, motion in made])


@pytest.mark.parametrize("fps", [30.0, 60.0, 25.0])
def test_cuts_change_nothing_and_frames_are_in_time(model: PretrainedModel, fps: float) -> None:
    options = UtteranceOptions("0", fps, live=LiveTiming())
    small = pieces(model, options, 320)
    for chunk in (7777, len(AUDIO)):
        np.testing.assert_array_equal(whole(pieces(model, options, chunk)).rotations_xyzw, whole(small).rotations_xyzw)
    assert len(whole(small)) == np.ceil(len(AUDIO) / RATE * fps)
    look_ahead, sent = model.look_ahead_seconds(options), 0
    for heard, motion in small[:-1]:
        due = int(max(0.0, heard - 320 / RATE - look_ahead) * fps)
        sent += len(motion)
        assert sent >= due
    assert sent > 0


def test_sessions_together_are_each_alone(model: PretrainedModel) -> None:
    options = UtteranceOptions("0", 30.0, live=LiveTiming())
    alone = whole(pieces(model, options, 1600))
    sessions = [model.open(options) for _ in range(3)]
    other = model.open(UtteranceOptions("0", 30.0, live=LiveTiming(hop_seconds=0.5)))
    together = []
    for at in range(0, len(AUDIO), 1600):
        chunk = AUDIO[at : at + 1600]
        together.append(model.advance([Push(session, chunk) for session in (*sessions, other)])[0])
    together.append(sessions[0].finish())
    np.testing.assert_allclose(concatenate(together).rotations_xyzw, alone.rotations_xyzw, atol=2e-4)


def test_hops_follow_one_another_without_a_jump(model: PretrainedModel) -> None:
    """Acceleration where hops meet is about that within them; a cut would be many times as much."""
    hop = 8 / 30 if model.info.name == "emage" else 4 * 1080 / RATE
    motion = whole(pieces(model, UtteranceOptions("0", 30.0, live=LiveTiming(hop)), 320))
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
        return model.look_ahead_seconds(UtteranceOptions("0", 30.0, live=LiveTiming(hop, look)))

    assert look_ahead(0.07, 0.06) <= 0.25
    assert look_ahead(0.0, 0.2) > look_ahead(0.0, 0.1)
    assert model.look_ahead_seconds(UtteranceOptions("0", 30.0, live=LiveTiming())) == pytest.approx(
        model.info.live_look_ahead_seconds
    )
    with pytest.raises(OptionError, match="together at most"):
        model.open(UtteranceOptions("0", 30.0, live=LiveTiming(3.0)))


def test_another_speaker_from_the_next_utterance_on(model: PretrainedModel) -> None:
    class Registry(ModelRegistry):
        def get(self, name: str) -> PretrainedModel:
            return model

    def utterances(*speakers: str) -> list[Motion]:
        """What each comes to; the speaker is told before it begins."""
        live, made = LiveSession(plan(MotionOptions(speaker=speakers[0]), Registry()), PcmFormat("f32le", RATE)), []

        def computed(step: Step[Heard]) -> Motion:
            return step.finish(model.advance([step.push])[0]).motion

        for speaker in speakers:
            live.change(plan(MotionOptions(speaker=speaker), Registry()))
            spoken = computed(live.push(AUDIO[: 2 * RATE].tobytes()))
            made.append(concatenate([spoken, computed(live.end_utterance())]))
        return made

    same, other = utterances("0", "0"), utterances("0", "1")
    np.testing.assert_array_equal(other[0].rotations_xyzw, same[0].rotations_xyzw)
    assert np.abs(other[1].rotations_xyzw - same[1].rotations_xyzw).max() > 1e-3


def test_an_instant_of_audio_is_a_whole_utterance(model: PretrainedModel) -> None:
    session = model.open(UtteranceOptions("0", 30.0, live=LiveTiming()))
    assert len(session.push(AUDIO[:1])) == 0
    assert len(session.finish()) == 1
