"""A live stream that goes on elsewhere: what a second session makes of it, against the one that was not interrupted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pytest

from folders import AUDIO
from pantomatrix_converters import rotations
from pantomatrix_converters.motion import Motion, concatenate
from pantomatrix_models.audio.decode import decode_file
from pantomatrix_models.audio.pcm import PcmFormat
from pantomatrix_models.emage.model import Emage
from pantomatrix_models.generation import Generation, plan
from pantomatrix_models.going_on import Resumed
from pantomatrix_models.live import LiveSession
from pantomatrix_models.model import Push
from pantomatrix_models.options import MotionOptions
from pantomatrix_models.pretrained import PretrainedModel
from pantomatrix_models.recurrent.model import Camn
from pantomatrix_models.registry import ModelRegistry

pytestmark = pytest.mark.slow

RATE, CHUNK = 16000, 1600
SILENT_SECONDS, IDLE_SECONDS = 3.0, 4.0
SPEECH = [decode_file((AUDIO / name).read_bytes(), 60).samples for name in ("hu05_arctic_f.wav", "hu03_speech_m.wav")]
BUILTIN = MotionOptions(seed=7)


@dataclass(frozen=True)
class Spoken:
    """An utterance: where it begins on the stream's clock, seconds, and its samples."""

    begin: float
    samples: np.ndarray


@dataclass
class Stream:
    """One that idles, speaks, idles, speaks and idles."""

    live: LiveSession
    motion: Motion
    spoken: list[Spoken]


def run(live: LiveSession, pushes: Iterator[Callable[[], Push]]) -> Iterator[Motion]:
    for begin in pushes:
        (motion,) = live.model.advance([begin()])
        yield live.take(motion).motion


def say(live: LiveSession, samples: np.ndarray) -> Iterator[Callable[[], Push]]:
    for at in range(0, len(samples), CHUNK):
        yield lambda at=at: live.push(samples[at : at + CHUNK].astype("<f4").tobytes())


def whole_stream(generation: Generation, speech: list[np.ndarray] = SPEECH) -> Stream:
    live, spoken = LiveSession(generation, PcmFormat("f32le", RATE)), []

    def pushes() -> Iterator[Callable[[], Push]]:
        yield lambda: live.idle(SILENT_SECONDS)
        for samples in speech:
            spoken.append(Spoken(live.seconds, samples))
            yield from say(live, samples)
            yield live.end_utterance
            yield lambda: live.idle(IDLE_SECONDS)

    motion = concatenate(list(run(live, pushes())))
    return Stream(live, motion, spoken)


def gone_on(stream: Stream, generation: Generation, first_frame: int, seconds: float) -> Motion:
    """So many seconds of what another session makes, from this frame on: the utterance that is heard at the split is said
    again up to there, and goes on."""
    fps = generation.fps
    now = first_frame / fps + stream.live.look_ahead_seconds
    under_way = [one for one in stream.spoken if one.begin < now < one.begin + len(one.samples) / RATE]
    resumed = Resumed(
        first_frame,
        stream.motion.frames(first_frame - 1, first_frame),
        under_way[0].begin if under_way else None,
        len([one for one in stream.spoken if one.begin < now]) - len(under_way),
    )
    live = LiveSession(generation, PcmFormat("f32le", RATE), resumed=resumed)

    def pushes() -> Iterator[Callable[[], Push]]:
        for one in under_way:
            yield from say(live, one.samples)
            yield live.end_utterance
        yield lambda: live.idle(seconds)

    made = concatenate(list(run(live, pushes())))
    return made.frames(0, round(seconds * fps))


def degrees(first: Motion, second: Motion) -> np.ndarray:
    """(T, J) between the rotations of two motions."""
    turned = rotations.multiply(rotations.inverse(first.rotations_xyzw), second.rotations_xyzw)
    return np.degrees(np.linalg.norm(rotations.axis_angle_from_quat(rotations.shortest(turned)), axis=-1))


def steps(motion: Motion) -> np.ndarray:
    """(T - 1,) the largest turn of a joint from frame to frame, degrees."""
    return degrees(motion.frames(0, len(motion) - 1), motion.frames(1, len(motion))).max(axis=1)


@pytest.fixture(scope="module")
def registry() -> ModelRegistry:
    return ModelRegistry()


@pytest.mark.parametrize(
    "fps", [30.0, pytest.param(24.0, marks=pytest.mark.slow), pytest.param(60.0, marks=pytest.mark.slow)]
)
def test_the_builtin_model_moves_on_alike_wherever_it_is_cut(registry: ModelRegistry, fps: float) -> None:
    generation = plan(MotionOptions(seed=7, fps=fps), registry)
    stream = whole_stream(generation)
    usual = np.percentile(steps(stream.motion), 99)
    first_word, second_word = (one.begin for one in stream.spoken)
    first_end = first_word + len(SPEECH[0]) / RATE
    idle = (first_word - 1.5, first_end + 2.0, second_word - 0.5)
    for seconds in (*idle, first_word + 0.3, first_end - 0.4, second_word + 0.3, second_word + 5.0, second_word + 9.2):
        first = round(seconds * fps)
        until = next((one.begin for one in stream.spoken if one.begin > seconds), seconds + 3)
        made = gone_on(stream, generation, first, min(3.0, until - seconds - 0.1))
        expected = stream.motion.frames(first, first + len(made))
        shown = stream.motion.frames(first - 1, first)
        assert degrees(shown, made.frames(0, 1)).max() <= usual
        np.testing.assert_allclose(made.root_translation, expected.root_translation, atol=1e-5)
        # Of hands that were on their way down after the last word nothing is known any more: they follow within a second.
        known = round(fps) if seconds in idle else 0
        assert degrees(made, expected)[known:].max(initial=0) < 0.1
        assert made.face is not None
        assert expected.face is not None
        np.testing.assert_allclose(made.face.weights[known:], expected.face.weights[known:], atol=2e-3)


def test_what_was_shown_gives_way_without_a_jump(registry: ModelRegistry) -> None:
    generation = plan(MotionOptions(seed=7), registry)
    stream, other = whole_stream(generation), whole_stream(plan(MotionOptions(seed=8), registry))
    first, usual = round((stream.spoken[1].begin + 3) * 30), np.percentile(steps(stream.motion), 99)
    of_another = Stream(stream.live, other.motion, stream.spoken)
    shown, made = other.motion.frames(first - 1, first), gone_on(of_another, generation, first, 3.0)
    assert degrees(shown, stream.motion.frames(first - 1, first)).max() > 30
    turns = steps(concatenate([shown, made]))
    assert turns[0] <= usual
    assert turns.max() <= steps(stream.motion).max()
    expected = stream.motion.frames(first, first + len(made))
    assert degrees(made, expected)[30:].max() < 0.1


def test_a_quaternion_and_its_negative_are_the_same_to_go_on_from(registry: ModelRegistry) -> None:
    generation = plan(MotionOptions(seed=7, skeleton="mixamo"), registry)
    stream = whole_stream(generation, SPEECH[:1])
    first = round((stream.spoken[0].begin + 1.5) * 30)
    other_signs = replace(stream.motion, rotations_xyzw=-stream.motion.rotations_xyzw)
    made = gone_on(stream, generation, first, 0.8)
    same = gone_on(Stream(stream.live, other_signs, stream.spoken), generation, first, 0.8)
    assert degrees(made, same).max() < 0.01


@pytest.mark.parametrize("kind", [Camn, pytest.param(Emage, marks=pytest.mark.slow)])
def test_networks_go_on_from_what_was_shown(kind: type[PretrainedModel], checkpoint: Callable[..., Path]) -> None:
    model = kind.from_pretrained(checkpoint(kind.__name__.lower()), device="cpu")

    class Registry(ModelRegistry):
        def get(self, name: str) -> PretrainedModel:
            return model

    generation = plan(MotionOptions(speaker=model.info.speakers[0].id), Registry())
    stream = whole_stream(generation, SPEECH[:1])
    usual = np.percentile(steps(stream.motion), 99)
    for seconds in (1.5, stream.spoken[0].begin + 2.5):
        first = round(seconds * 30)
        made = gone_on(stream, generation, first, 1.0)
        assert len(made) == 30
        assert degrees(stream.motion.frames(first - 1, first), made.frames(0, 1)).max() <= usual
        assert steps(made).max() <= 1.5 * steps(stream.motion).max()
