"""One utterance through EMAGE: which windows it hears, and what becomes of the codes that they give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters import rotations
from pantomatrix_converters.face.rigs import FLAME
from pantomatrix_converters.motion import Motion, concatenate, frames_in
from pantomatrix_converters.skeleton import load_skeleton

from ..audio.speech import SAMPLE_RATE_HZ
from ..constraints import PoseConstraint
from ..model import UtteranceOptions
from ..runtime.hops import HopSession
from ..runtime.timeline import OwnFrames, Timeline
from ..runtime.windows import WindowedSession
from .root_path import PublishedRoot, SteadyRoot

Array = NDArray[np.float64]

FPS = 30
WINDOW_FRAMES, OVERLAP_FRAMES = 64, 4
HOP_FRAMES = WINDOW_FRAMES - OVERLAP_FRAMES
"""Frames of a window, those that it shares with the one before, and from one to the next."""

_JOINTS, _JAW = 55, 22
_SIXD = 6 * _JOINTS
_CHANNELS = _SIXD + 7
_DECODER_FRAMES = 30
"""Frames on either side that a decoded frame depends on: 9 through the lower body's decoder, 21 through the global one."""
_DECODE_AT_LEAST = 120
"""How many frames are decoded at once, since each time _DECODER_FRAMES are decoded twice."""
_REFERENCE_SAMPLES = 533


@dataclass(frozen=True, eq=False)
class EmageWindow:
    """What EMAGE hears at once.

    audio: (S,); speaker: index; motion, mask: (T, 337), mask 1 where motion is hidden. past: (P, 4) codes before the last
    `new` frames; if they are given, the result is decoded at once.
    """

    audio: NDArray[np.float32]
    speaker: int
    motion: NDArray[np.float32]
    mask: NDArray[np.float32]
    past: NDArray[np.int64] | None = None
    new: int = 0


@dataclass(frozen=True, eq=False)
class Codes:
    """Codes of a clip to decode. codes: (T, 4) of face, upper body, hands, lower body."""

    codes: NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class DecodedFrames:
    """motion: (T, 337); expression: (T, 100); root: (T, 3); see EmageCodec.decode_with_root."""

    motion: NDArray
    expression: NDArray
    root: NDArray


@dataclass(frozen=True, eq=False)
class EmageResult:
    """codes: (T, 4) as in Codes; tail: (4, 337) the frames that the next window begins with; decoded: the past codes of the
    window and its new ones."""

    codes: NDArray[np.int64]
    tail: NDArray[np.float32]
    decoded: DecodedFrames | None = None


@dataclass(frozen=True)
class Span:
    """A window's place: its frames, how many of them to keep, and its samples from start to stop."""

    first_frame: int
    frames: int
    keep: int
    start: int
    stop: int


class WindowLayout(Protocol):
    """How windows lie in the audio."""

    def span(self, index: int, samples: int, ended: bool) -> Span | None:
        """The window of that index, or None if it cannot be heard yet or is not needed."""
        ...

    def own_frames(self, samples: int) -> int:
        """How many frames, at 30 a second, these samples need."""
        ...

    def frames(self, samples: int) -> int:
        """Frames that come out in the end."""
        ...


class ExactLayout:
    """Frame k is at k / 30 s. The last window is filled up with silence, so that each has the length that the network has
    learned; frames that a window overlaps with the next are kept if no more are wanted."""

    def __init__(self, timeline: Timeline, fps: float) -> None:
        self._timeline, self._fps = timeline, fps

    def own_frames(self, samples: int) -> int:
        """See WindowLayout."""
        return self._timeline.own_frames_for(self.frames(samples))

    def frames(self, samples: int) -> int:
        """See WindowLayout."""
        return frames_in(samples / SAMPLE_RATE_HZ, self._fps)

    def span(self, index: int, samples: int, ended: bool) -> Span | None:
        """See WindowLayout."""
        first = HOP_FRAMES * index
        start, stop = first * SAMPLE_RATE_HZ // FPS, (first + WINDOW_FRAMES) * SAMPLE_RATE_HZ // FPS
        if samples >= stop:
            return Span(first, WINDOW_FRAMES, HOP_FRAMES, start, stop)
        if not ended:
            return None
        remaining = self.own_frames(samples) - first
        if remaining <= (OVERLAP_FRAMES if index else 0):
            return None
        return Span(first, WINDOW_FRAMES, remaining if remaining <= WINDOW_FRAMES else HOP_FRAMES, start, stop)


class ReferenceLayout:
    """As the publication's code does it: 533 samples a frame, a shorter last window, a rest of up to 4 frames dropped."""

    def own_frames(self, samples: int) -> int:
        """See WindowLayout."""
        return self.frames(samples)

    def frames(self, samples: int) -> int:
        """See WindowLayout."""
        whole, rest = self._whole_and_rest(samples)
        return HOP_FRAMES * whole + (rest + OVERLAP_FRAMES if rest > OVERLAP_FRAMES else 0)

    def span(self, index: int, samples: int, ended: bool) -> Span | None:
        """See WindowLayout."""
        if not ended:
            return None
        whole, rest = self._whole_and_rest(samples)
        first = HOP_FRAMES * index
        if index < whole:
            frames, keep = WINDOW_FRAMES, HOP_FRAMES
        elif index == whole and rest > OVERLAP_FRAMES:
            frames = keep = rest + OVERLAP_FRAMES
        else:
            return None
        start = first * _REFERENCE_SAMPLES
        return Span(first, frames, keep, start, min(start + frames * _REFERENCE_SAMPLES, samples))

    @staticmethod
    def _whole_and_rest(samples: int) -> tuple[int, int]:
        return divmod(max(0, samples * FPS // SAMPLE_RATE_HZ - OVERLAP_FRAMES), HOP_FRAMES)


class KnownMotion:
    """Poses that are known ahead, as the network takes them: visible motion at some joints of some frames."""

    def __init__(self, constraints: Sequence[PoseConstraint]) -> None:
        smplx = load_skeleton("smplx")
        self._frames = [
            (round(constraint.time_seconds * FPS), smplx.index(joint), _sixd_from_quat(quat))
            for constraint in constraints
            for joint, quat in constraint.rotations.items()
        ]

    def window(self, first_frame: int, frames: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """motion and mask, (frames, 337) each: rest pose and hidden, but for what is known."""
        motion = np.zeros((frames, _CHANNELS), np.float32)
        motion[:, 0:_SIXD:6] = motion[:, 4:_SIXD:6] = 1.0
        mask = np.ones((frames, _CHANNELS), np.float32)
        for frame, joint, sixd in self._frames:
            place = frame - first_frame
            if 0 <= place < frames:
                motion[place, 6 * joint : 6 * joint + 6] = sixd
                mask[place, 6 * joint : 6 * joint + 6] = 0.0
        return motion, mask


class EmageSession(WindowedSession[EmageWindow | Codes, EmageResult | DecodedFrames]):
    """The utterance of a clip. Each window begins with the last frames of the one before. The codes are decoded in runs that
    overlap by what a frame depends on, which gives the same as decoding all of them at once."""

    def __init__(
        self,
        windows: WindowLayout,
        root: PublishedRoot | SteadyRoot,
        timeline: Timeline,
        *,
        speaker: int,
        known: KnownMotion,
    ) -> None:
        super().__init__()
        self._windows, self._root, self._timeline = windows, root, timeline
        self._speaker, self._known = speaker, known
        self._index = 0
        self._tail: NDArray[np.float32] | None = None
        self._codes = np.zeros((0, 4), np.int64)
        self._spare = self._codes
        self._first_code = 0
        self._decoded = 0
        self._fresh: list[OwnFrames] = []

    def next_window(self) -> EmageWindow | Codes | None:
        """See WindowedSession."""
        span = self._windows.span(self._index, self.samples_heard, self.ended)
        if self._decodable(last=span is None) > self._decoded:
            return Codes(self._codes)
        if span is None:
            return None
        motion, mask = self._known.window(span.first_frame, span.frames)
        if self._tail is not None:
            hidden = mask[:OVERLAP_FRAMES] == 1
            motion[:OVERLAP_FRAMES][hidden] = self._tail[hidden]
        mask[:OVERLAP_FRAMES] = 0.0
        return EmageWindow(self.audio(span.start, span.stop), self._speaker, motion, mask)

    def take(self, result: EmageResult | DecodedFrames) -> None:
        """See WindowedSession."""
        if isinstance(result, EmageResult):
            self._take_codes(result)
        else:
            self._take_frames(result)

    def _take_codes(self, result: EmageResult) -> None:
        span = self._windows.span(self._index, self.samples_heard, self.ended)
        assert span is not None
        self._codes = np.concatenate([self._codes, result.codes[: span.keep]])
        self._spare = result.codes[span.keep :]
        self._tail = result.tail
        self._index += 1
        self.forget_audio(span.start + HOP_FRAMES * _REFERENCE_SAMPLES)

    def frames(self) -> Motion:
        """See WindowedSession."""
        pieces = [self._timeline.nothing, *map(self._timeline.push, self._fresh)]
        self._fresh = []
        if self.ended:
            pieces.append(self._timeline.finish(self._windows.frames(self.samples_heard)))
        return concatenate(pieces)

    def _decodable(self, last: bool) -> int:
        """Up to which frame to decode now. last: no window is left, or none yet."""
        if not self.ended:
            settled = self._first_code + len(self._codes) - _DECODER_FRAMES
            return settled if settled - self._decoded >= _DECODE_AT_LEAST else 0
        if not last:
            return 0
        missing = self._windows.own_frames(self.samples_heard) - (self._first_code + len(self._codes))
        if missing > 0:
            self._codes = np.concatenate([self._codes, self._spare[:missing]])
            self._spare = self._spare[missing:]
        return self._first_code + len(self._codes)

    def _take_frames(self, decoded: DecodedFrames) -> None:
        """The codes that `next_window` gave last, decoded."""
        reach = 0 if self.ended else _DECODER_FRAMES
        first, stop = self._decoded - self._first_code, len(self._codes) - reach
        quats, face = _pose(decoded.motion[first:stop], decoded.expression[first:stop])
        self._fresh.append(OwnFrames(quats, self._root.push(decoded.root[first:stop]), face))
        self._decoded = self._first_code + stop
        drop = max(0, stop - _DECODER_FRAMES)
        self._codes = self._codes[drop:]
        self._first_code += drop


class EmageHops(HopSession[EmageWindow, EmageResult]):
    """A live utterance. A window always has 64 frames; those before the utterance are silence and hidden."""

    def __init__(self, options: UtteranceOptions, *, hop: int, look: int) -> None:
        super().__init__(smplx_timeline(options.fps), options, hop=hop, look=look, own_fps=FPS)
        self._root, self._places = SteadyRoot(FPS), np.zeros((0, 3))
        self._codes = np.zeros((0, 4), np.int64)
        self._motion, self._mask = KnownMotion(()).window(0, WINDOW_FRAMES)

    def _samples_until(self, frame: int) -> int:
        return -(-frame * SAMPLE_RATE_HZ // FPS)

    def _window(self, stop: int) -> EmageWindow:
        new = self._hop + self._look
        end = self._samples_until(stop)
        motion, mask = KnownMotion(()).window(0, WINDOW_FRAMES)
        motion[:-new], mask[:-new] = self._motion[new:], self._mask[new:]
        mask[:OVERLAP_FRAMES] = 0.0
        audio = self.audio(end - WINDOW_FRAMES * SAMPLE_RATE_HZ // FPS, end)
        return EmageWindow(audio, self._speaker, motion, mask, self._codes, new)

    def _own_frames(self, result: EmageResult, start: int, stop: int) -> OwnFrames:
        assert result.decoded is not None
        motion, expression, root = result.decoded.motion, result.decoded.expression, result.decoded.root
        past, new = len(self._codes), self._hop + self._look
        fresh = result.codes[-new:][: self._hop]
        self._codes = np.concatenate([self._codes, fresh])[-_DECODER_FRAMES:]
        made = slice(past, past + self._hop)
        self._motion = np.concatenate([self._motion[self._hop :], motion[made]])
        self._mask = np.concatenate([self._mask[self._hop :], np.zeros_like(motion[made])])
        places = np.concatenate([self._places, self._root.push(root[made])])
        self._places = places[-2:]
        self.forget_audio(self._samples_until(stop) - WINDOW_FRAMES * SAMPLE_RATE_HZ // FPS)
        quats, face = _pose(motion[past - (stop - new - start) :], expression[past - (stop - new - start) :])
        return OwnFrames(quats, np.concatenate([places, np.repeat(places[-1:], self._look, axis=0)]), face)


def _pose(motion: NDArray, expression: NDArray) -> tuple[Array, Array]:
    """motion: (T, 337); expression: (T, 100). Returns rotations (T, 55, 4) and FLAME's face with the jaw (T, 103)."""
    sixd = motion[:, :_SIXD].reshape(-1, _JOINTS, 6)
    quats = rotations.quat_from_matrix(rotations.matrix_from_sixd(sixd))
    return quats, np.concatenate([expression, rotations.axis_angle_from_quat(quats[:, _JAW])], axis=1)


def _sixd_from_quat(quat: Array) -> Array:
    return rotations.sixd_from_matrix(rotations.matrix_from_quat(quat))


def smplx_timeline(fps: float) -> Timeline:
    """Frames at 30 a second, of SMPL-X with a FLAME face."""
    return Timeline(load_skeleton("smplx"), (FLAME.name, FLAME.curve_names), start=0.0, step=1 / FPS, fps=fps)
