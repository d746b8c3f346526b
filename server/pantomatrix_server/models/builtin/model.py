"""The builtin model: hears, articulates, plans and poses, 0.2 s behind the ear."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters.face_rigs import ARKIT52
from pantomatrix_converters.motion import FaceCurves, Motion, frames_in
from pantomatrix_converters.skeleton import load_skeleton

from ...audio.speech import SAMPLE_RATE_HZ
from ..model import BodyPart, ModelInfo, Speaker, UtteranceOptions
from .articulation import LOOK_AHEAD_HOPS, Articulation, Articulator
from .face import Eyes, Mouth, face_weights
from .gestures import GesturePlanner
from .hearing import HOP, HOPS_PER_SECOND, WINDOW, Hearing
from .posture import Poser, Posture
from .submovements import Drift

Array = NDArray[np.float64]

_LOOK_AHEAD_SECONDS = WINDOW / 2 / SAMPLE_RATE_HZ + (LOOK_AHEAD_HOPS + 2) / HOPS_PER_SECOND
_CLOSE_SECONDS = 0.08
"""The mouth closes over this long before the last frame; shorter than the look-ahead, so that no sent frame is wrong."""
_BREATHS_HZ = 0.27
_MOUTH_TRACKS = tuple(field.name for field in fields(Mouth))


class BuiltinModel:
    """See ModelInfo.description."""

    info = ModelInfo(
        name="builtin",
        description=(
            "Rule-based, not a trained network: ARKit lip shapes from formants and bands, blinks, beat gestures on stressed "
            "syllables, weight shifts with planted feet. Needs no download and no GPU."
        ),
        version="1",
        parts=frozenset(BodyPart),
        speakers=(Speaker("default", "Default"),),
        skeleton="smplx",
        face_rig=ARKIT52.name,
        default_fps=30.0,
        sample_rate_hz=SAMPLE_RATE_HZ,
        look_ahead_seconds=_LOOK_AHEAD_SECONDS,
        streaming=True,
    )

    def __init__(self) -> None:
        self._poser = Poser()

    def open(self, options: UtteranceOptions) -> BuiltinSession:
        """Begin an utterance. There is one speaker; constraints are not aimed for."""
        assert options.speaker == "default"
        assert not options.reference_timing
        return BuiltinSession(self._poser, options.seed, options.fps)

    def frame_count(self, samples: int, options: UtteranceOptions) -> int:
        """See MotionModel."""
        return frames_in(samples / SAMPLE_RATE_HZ, options.fps)


class BuiltinSession:
    """One utterance. Holds a few hops of context and the gestures under way, whatever the audio's length."""

    def __init__(self, poser: Poser, seed: int, fps: float) -> None:
        gesture_seed, eye_seed, drift_seed = np.random.SeedSequence(seed).spawn(3)
        self._poser, self._fps = poser, fps
        self._nothing = _motion(fps, np.zeros((0, 55, 4)), np.zeros((0, 3)), np.zeros((0, 52), np.float32))
        self._hearing, self._articulator = Hearing(), Articulator()
        self._planner = GesturePlanner(np.random.default_rng(gesture_seed))
        self._eyes = Eyes(np.random.default_rng(eye_seed))
        random = np.random.default_rng(drift_seed)
        self._sway = Drift(random, np.array([0.014, 0.003, 0.008]), (0.05, 0.16))
        self._turns = Drift(random, np.radians([0.8, 2.2, 0.8, 1.2, 2.0, 1.0, 3.0, 5.5, 3.0]), (0.06, 0.30))
        self._fidget = Drift(random, np.array([0.014] * 6 + [0.10] * 2 + [0.12] * 2), (0.12, 0.45))
        self._breath_phase = random.uniform(0, 2 * np.pi)
        self._samples = 0
        self._next_frame = 0
        self._first_hop = 0
        self._mouth = np.zeros((0, len(_MOUTH_TRACKS)))

    def push(self, samples: NDArray[np.float32]) -> Motion:
        """See MotionSession."""
        self._samples += len(samples)
        self._hear(self._articulator.push(self._hearing.push(samples)))
        settled_seconds = (self._first_hop + len(self._mouth) - 2) / HOPS_PER_SECOND
        return self._frames(min(frames_in(settled_seconds, self._fps), self._frames_so_far()), last=None)

    def finish(self) -> Motion:
        """See MotionSession."""
        hops = -(-self._samples // HOP) + 2
        self._hear(self._articulator.push(self._hearing.finish(hops)))
        self._hear(self._articulator.finish())
        frames = self._frames_so_far()
        return self._frames(frames, last=(frames - 1) / self._fps)

    def _frames_so_far(self) -> int:
        return frames_in(self._samples / SAMPLE_RATE_HZ, self._fps)

    def _hear(self, articulation: Articulation) -> None:
        self._planner.push(articulation)
        self._eyes.push(articulation)
        tracks = np.stack([getattr(articulation, name) for name in _MOUTH_TRACKS], axis=1)
        self._mouth = np.concatenate([self._mouth, tracks])

    def _frames(self, stop: int, last: float | None) -> Motion:
        if stop <= self._next_frame:
            return self._nothing
        times = np.arange(self._next_frame, stop) / self._fps
        mouth = self._mouth_at(times)
        if last is not None:
            mouth *= np.clip((last - times) / _CLOSE_SECONDS, 0.0, 1.0)[:, None]
        self._next_frame += len(times)
        self._forget_hops()
        head = self._planner.tracks.head.at(times)
        gaze = self._eyes.gaze(times)
        shapes = Mouth(*mouth.T)
        weights = face_weights(shapes, self._eyes.blink(times), gaze, head[:, 1])
        quats, translation = self._poser.pose(self._posture(times, head[:, 0], shapes.openness, gaze))
        return _motion(self._fps, quats, translation, weights)

    def _mouth_at(self, times: Array) -> Array:
        """(T, tracks) between hops, linearly."""
        position = times * HOPS_PER_SECOND - self._first_hop
        before = np.minimum(position.astype(np.int64), len(self._mouth) - 2)
        fraction = (position - before)[:, None]
        return (1.0 - fraction) * self._mouth[before] + fraction * self._mouth[before + 1]

    def _forget_hops(self) -> None:
        needed = int(self._next_frame / self._fps * HOPS_PER_SECOND) - 2
        drop = max(0, min(needed - self._first_hop, len(self._mouth) - 2))
        self._mouth = self._mouth[drop:]
        self._first_hop += drop

    def _posture(self, times: Array, nod: Array, openness: Array, gaze: Array) -> Posture:
        turns, fidget = self._turns.at(times), self._fidget.at(times)
        head = turns[:, 6:9]
        head[:, 0] += nod
        return Posture(
            pelvis=self._sway.at(times),
            pelvis_turn=turns[:, 0:3],
            spine=turns[:, 3:6],
            head=head,
            breath=np.sin(2 * np.pi * _BREATHS_HZ * times + self._breath_phase),
            hands=self._planner.tracks.hands.at(times) + fidget[:, 0:6],
            palms=self._planner.tracks.palms.at(times) + fidget[:, 6:8],
            curl=fidget[:, 8:10],
            jaw=openness,
            gaze=gaze,
        )


def _motion(fps: float, quats: Array, translation: Array, weights: NDArray[np.float32]) -> Motion:
    face = FaceCurves(ARKIT52.name, ARKIT52.curve_names, weights)
    return Motion(load_skeleton("smplx"), fps, quats.astype(np.float32), translation.astype(np.float32), face)
