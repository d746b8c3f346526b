"""One utterance through CaMN or DisCo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters import rotations
from pantomatrix_converters.motion import Motion, concatenate, frames_in
from pantomatrix_converters.network_layout import joint_groups, upsample
from pantomatrix_converters.skeleton import load_skeleton

from ..audio.speech import SAMPLE_RATE_HZ
from ..constraints import PoseConstraint
from ..model import UtteranceOptions
from ..posture import Poser, still
from ..runtime.hops import HopSession
from ..runtime.timeline import OwnFrames, Timeline
from ..runtime.windows import WindowedSession
from .clock import FIRST_CENTRE, SAMPLES_PER_FRAME, samples_for

Array = NDArray[np.float64]

SEED_FRAMES = 4
REFERENCE_FPS = 30.0
"""Of the published files: the network's frames count as 15 a second and are doubled."""

HOP_FRAMES, CONTEXT_FRAMES, FADE_FRAMES = 810, 60, 8
"""Frames that a window of a long clip settles, what it hears before and after them, and how far two windows blend into each
other around their border."""

LIVE_CONTEXT = 30
"""Frames of the past that a live window hears."""

_JOINTS = joint_groups()["local_upper"]


@dataclass(frozen=True, eq=False)
class RecurrentWindow:
    """What the network hears at once. audio: (S,); speaker: index; seed: (4, 258) the first frames' motion, zeros if none is
    known."""

    audio: NDArray[np.float32]
    speaker: int
    seed: NDArray[np.float32]


class ExactSession(WindowedSession[RecurrentWindow, NDArray[np.float32]]):
    """Frame k at k / fps. Up to HOP_FRAMES + CONTEXT_FRAMES (58 s) the network hears the clip whole. Longer ones it hears
    in windows that overlap, each beginning with the motion of the one before, so that memory does not grow with the clip."""

    def __init__(self, options: UtteranceOptions) -> None:
        super().__init__()
        self._timeline = _timeline(options.fps)
        self._fps, self._speaker = options.fps, int(options.speaker)
        self._seed = _seed_from(options.constraints)
        self._index = 0
        self._settled = 0
        self._overlap: Array | None = None
        self._done = False
        self._moved: list[Array] = []

    @property
    def _first_frame(self) -> int:
        return max(0, HOP_FRAMES * self._index - CONTEXT_FRAMES)

    def next_window(self) -> RecurrentWindow | None:
        """See WindowedSession."""
        if self._done:
            return None
        start = SAMPLES_PER_FRAME * self._first_frame
        stop = SAMPLES_PER_FRAME * (HOP_FRAMES * (self._index + 1) + CONTEXT_FRAMES)
        if self.ended and self._is_last():
            if self._overlap is not None and self._frames_wanted() <= HOP_FRAMES * self._index + FADE_FRAMES:
                self._moved.append(
                    self._overlap[CONTEXT_FRAMES - FADE_FRAMES :][: self._frames_wanted() - self._settled]
                )
                self._done = True
                return None
            stop = start + samples_for(self._frames_wanted() - self._first_frame, self.samples_heard - start)
        elif self.samples_heard < stop and not self.ended:
            return None
        return RecurrentWindow(self.audio(start, stop), self._speaker, self._seed)

    def take(self, result: NDArray[np.float32]) -> None:
        """See WindowedSession."""
        sixd = _orthonormal(result)
        border = HOP_FRAMES * self._index - self._first_frame
        if self._overlap is not None:
            fade = np.linspace(0.0, 1.0, 2 * FADE_FRAMES + 2)[1:-1, None]
            region = slice(border - FADE_FRAMES, border + FADE_FRAMES)
            sixd[region] = fade * sixd[region] + (1 - fade) * self._overlap[CONTEXT_FRAMES - FADE_FRAMES :]
        begin = self._settled - self._first_frame
        if self.ended and self._is_last():
            self._moved.append(sixd[begin : self._frames_wanted() - self._first_frame])
            self._done = True
            return
        end = border + HOP_FRAMES
        self._moved.append(sixd[begin : end - FADE_FRAMES])
        self._settled = self._first_frame + end - FADE_FRAMES
        self._overlap = sixd[end - CONTEXT_FRAMES : end + FADE_FRAMES]
        self._seed = self._overlap[:SEED_FRAMES].astype(np.float32)
        self._index += 1
        self.forget_audio(SAMPLES_PER_FRAME * self._first_frame)

    def frames(self) -> Motion:
        """See WindowedSession."""
        moved, self._moved = self._moved, []
        begun = self._timeline.push(_own_frames(np.concatenate([np.zeros((0, 6 * len(_JOINTS))), *moved])))
        if not self.ended:
            return begun
        return concatenate([begun, self._timeline.finish(self._frames())])

    def _frames(self) -> int:
        return frames_in(self.samples_heard / SAMPLE_RATE_HZ, self._fps)

    def _frames_wanted(self) -> int:
        """Of the network's own."""
        return self._timeline.own_frames_for(self._frames())

    def _is_last(self) -> bool:
        return self._frames_wanted() <= HOP_FRAMES * (self._index + 1) + CONTEXT_FRAMES


class RecurrentHops(HopSession[RecurrentWindow, NDArray[np.float32]]):
    """A live utterance. A window hears up to LIVE_CONTEXT frames of the past and begins with the first of them as they were
    made."""

    def __init__(self, options: UtteranceOptions, *, hop: int, look: int) -> None:
        step = SAMPLES_PER_FRAME / SAMPLE_RATE_HZ
        super().__init__(_timeline(options.fps), options, hop=hop, look=look, own_fps=1 / step)
        self._past = np.zeros((0, 6 * len(_JOINTS)))

    def _samples_until(self, frame: int) -> int:
        return SAMPLES_PER_FRAME * frame

    def _window(self, stop: int) -> RecurrentWindow:
        first = self._made - len(self._past)
        seed = _seed_from(())
        seed[: len(self._past[:SEED_FRAMES])] = self._past[:SEED_FRAMES]
        return RecurrentWindow(self.audio(SAMPLES_PER_FRAME * first, SAMPLES_PER_FRAME * stop), self._speaker, seed)

    def _own_frames(self, result: NDArray[np.float32], start: int, stop: int) -> OwnFrames:
        first = self._made - len(self._past)
        sixd = _orthonormal(result[: stop - first])
        self._past = np.concatenate([self._past, sixd[len(self._past) :][: self._hop]])[-LIVE_CONTEXT:]
        self.forget_audio(SAMPLES_PER_FRAME * (self._made + self._hop - len(self._past)))
        return _own_frames(sixd[start - first :])


class ReferenceSession(WindowedSession[RecurrentWindow, NDArray[np.float32]]):
    """As the publication's code does it: the whole clip at once, frames labelled 15 a second, axis-angles doubled to 30."""

    def __init__(self, options: UtteranceOptions) -> None:
        super().__init__()
        self._speaker, self._seed = int(options.speaker), _seed_from(options.constraints)
        self._result: NDArray[np.float32] | None = None

    def next_window(self) -> RecurrentWindow | None:
        """See WindowedSession."""
        if not self.ended or self._result is not None:
            return None
        return RecurrentWindow(self.audio(0, self.samples_heard), self._speaker, self._seed)

    def take(self, result: NDArray[np.float32]) -> None:
        """See WindowedSession."""
        self._result = result

    def frames(self) -> Motion:
        """See WindowedSession."""
        smplx = load_skeleton("smplx")
        result = self._result if self._result is not None else np.zeros((0, 6 * len(_JOINTS)), np.float32)
        vectors = rotations.axis_angle_from_quat(_quats(result))
        if len(vectors):
            vectors = upsample(vectors.reshape(len(result), -1), 2).reshape(2 * len(result), -1, 3)
        quats = np.tile(smplx.rest_rotations_xyzw, (len(vectors), 1, 1))
        quats[:, _JOINTS] = rotations.quat_from_axis_angle(vectors)
        translation = np.tile(smplx.rest_translations[0], (len(vectors), 1))
        return Motion(smplx, REFERENCE_FPS, quats.astype(np.float32), translation.astype(np.float32))


def _timeline(fps: float) -> Timeline:
    start, step = FIRST_CENTRE / SAMPLE_RATE_HZ, SAMPLES_PER_FRAME / SAMPLE_RATE_HZ
    return Timeline(load_skeleton("smplx"), None, start=start, step=step, fps=fps)


def _seed_from(constraints: Sequence[PoseConstraint]) -> NDArray[np.float32]:
    """The first frames' motion, if all that the network moves is known at the start; else zeros."""
    smplx = load_skeleton("smplx")
    names = [smplx.joint_names[joint] for joint in _JOINTS]
    for constraint in sorted(constraints, key=lambda known: known.time_seconds):
        at_start = constraint.time_seconds * SAMPLE_RATE_HZ < SEED_FRAMES * SAMPLES_PER_FRAME
        if at_start and set(names) <= set(constraint.rotations):
            quats = np.stack([constraint.rotations[joint] for joint in names])
            sixd = rotations.sixd_from_matrix(rotations.matrix_from_quat(quats)).reshape(-1)
            return np.tile(sixd, (SEED_FRAMES, 1)).astype(np.float32)
    return np.zeros((SEED_FRAMES, 6 * len(_JOINTS)), np.float32)


def _orthonormal(sixd: NDArray[np.float32]) -> Array:
    """(T, 258) to the same, each rotation's two rows made orthonormal."""
    matrices = rotations.matrix_from_sixd(sixd.reshape(len(sixd), len(_JOINTS), 6))
    return rotations.sixd_from_matrix(matrices).reshape(len(sixd), -1)


def _quats(sixd: NDArray) -> Array:
    """(T, 258) to (T, 43, 4)."""
    return rotations.quat_from_matrix(rotations.matrix_from_sixd(sixd.reshape(len(sixd), len(_JOINTS), 6)))


def _own_frames(sixd: Array) -> OwnFrames:
    """The network's joints, the others in a relaxed stance."""
    stance, translation = _relaxed_stance()
    quats = np.tile(stance, (len(sixd), 1, 1))
    quats[:, _JOINTS] = _quats(sixd)
    return OwnFrames(quats, np.tile(translation, (len(sixd), 1)), np.zeros((len(sixd), 0)))


@cache
def _relaxed_stance() -> tuple[Array, Array]:
    """(55, 4) rotations and (3,) place of the root: knees loose, feet on the floor."""
    quats, translation = Poser().pose(still(1))
    return quats[0], translation[0]
