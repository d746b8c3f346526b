"""A live stream that continues after its server, its connection or its network was lost: where, and without a jump."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters import rotations
from pantomatrix_converters.motion import Motion
from pantomatrix_converters.ranges import Range

from .errors import OptionError

MAX_SAID_AGAIN_SECONDS = 60.0
"""How much of an utterance may be said again."""
_FIRST_FRAME, _UTTERANCE = Range(1, 10**9), Range(0, 2**31 - 1)
_BODY_SECONDS, _FACE_SECONDS, _PLACE_SECONDS = 0.6, 0.15, 4.0
"""Within these the difference to what was shown is let go: of rotations, of the face's weights, and of the root's place, at
which feet would slide."""
_OVER_SECONDS = 15.0
"""After this long nothing of it is left."""
_SILENCE_SECONDS = 0.5
"""So much is heard before an utterance, as it was at first."""
_TICKS_PER_SECOND = 100
"""Models hear on a grid of this rate; a session that begins on it hears exactly as one that began earlier."""


@dataclass(frozen=True, eq=False)
class Resumed:
    """Where a stream continues.

    first_frame: the first that is to come. last_frame: the one before it as it was delivered, a motion of one frame; None if
    it is not known. audio_seconds: where on the stream's clock the audio begins that is pushed first, that of the utterance
    under way; None where nobody speaks. utterance: number of the utterance under way, or else of the next.
    utterance_seconds: where it began, if that is before audio_seconds: times of its text count from there.
    """

    first_frame: int
    last_frame: Motion | None = None
    audio_seconds: float | None = None
    utterance: int = 0
    utterance_seconds: float | None = None

    def origin_frame(self, fps: float, memory_seconds: float) -> int:
        """From which frame on the motion has to be made to be as it was. memory_seconds: see ModelInfo."""
        latest = max(0, self.first_frame - 1)
        if self.audio_seconds is not None:
            remembered = latest / fps - memory_seconds
            latest = min(latest, max(0, int((max(self.audio_seconds, remembered) - _SILENCE_SECONDS) * fps)))
        for frame in range(latest, max(-1, latest - math.ceil(fps)), -1):
            ticks = frame / fps * _TICKS_PER_SECOND
            if abs(ticks - round(ticks)) < 1e-6:
                return frame
        return latest


class Seam:
    """From the last frame that was shown to what is made now: the difference between the two at that frame fades like a
    critically damped spring."""

    def __init__(self, resumed: Resumed) -> None:
        self._first_frame, self._last = resumed.first_frame, resumed.last_frame
        self._difference: _Difference | None = None

    def applied(self, motion: Motion, first_frame: int) -> Motion:
        """The frames from where the stream continues; none before. first_frame: of the first of them."""
        at = self._first_frame - 1 - first_frame
        if self._last is not None and 0 <= at < len(motion):
            self._difference = _Difference.between(self._last, motion.frames(at, at + 1))
        motion = motion.frames(min(max(0, at + 1), len(motion)), len(motion))
        if self._difference is None or not len(motion):
            return motion
        first = max(first_frame, self._first_frame)
        seconds = (np.arange(first, first + len(motion)) - (self._first_frame - 1)) / motion.fps
        difference = self._difference
        if seconds[0] > _OVER_SECONDS:
            self._difference = None
        return difference.added_to(motion, seconds)


@dataclass(frozen=True, eq=False)
class _Difference:
    """What was shown and is not made. turns: (J, 3) axis-angles in the joints' own axes, radians; place: (3,) metres;
    weights: (K,)."""

    turns: NDArray[np.float64]
    place: NDArray[np.float64]
    weights: NDArray[np.float64]

    @classmethod
    def between(cls, shown: Motion, made: Motion) -> _Difference:
        """Of two motions of one frame each."""
        turns = rotations.shortest(
            rotations.multiply(rotations.inverse(made.rotations_xyzw[0]), shown.rotations_xyzw[0])
        )
        weights = np.zeros(0)
        if made.face is not None and shown.face is not None:
            weights = shown.face.weights[0].astype(np.float64) - made.face.weights[0]
        place = shown.root_translation[0].astype(np.float64) - made.root_translation[0]
        return cls(rotations.axis_angle_from_quat(turns), place, weights)

    def added_to(self, motion: Motion, seconds: NDArray[np.float64]) -> Motion:
        """seconds: (T,) since the frame of the difference."""
        turns = rotations.quat_from_axis_angle(_left(seconds, _BODY_SECONDS)[:, None, None] * self.turns)
        quats = rotations.multiply(motion.rotations_xyzw, turns)
        place = motion.root_translation + _left(seconds, _PLACE_SECONDS)[:, None] * self.place
        face = motion.face
        if face is not None:
            weights = face.weights + _left(seconds, _FACE_SECONDS)[:, None] * self.weights
            face = replace(face, weights=weights.astype(np.float32))
        return replace(
            motion, rotations_xyzw=quats.astype(np.float32), root_translation=place.astype(np.float32), face=face
        )


def _left(seconds: NDArray[np.float64], within: float) -> NDArray[np.float64]:
    """The share that is left, from 1 to 2 % after that time and to 0."""
    time = 6.0 * seconds / within
    return np.where(time < 20.0, (1.0 + time) * np.exp(-time), 0.0)


def check_resumed(resumed: Resumed, fps: float) -> None:
    """Raises OptionError with the field of StreamStart.resume."""
    if resumed.first_frame not in _FIRST_FRAME:
        raise OptionError(f"first_frame is {resumed.first_frame}, expected {_FIRST_FRAME}", "first_frame")
    if resumed.utterance not in _UTTERANCE:
        raise OptionError(f"utterance is {resumed.utterance}, expected {_UTTERANCE}", "utterance")
    if resumed.utterance_seconds is not None and not math.isfinite(resumed.utterance_seconds):
        text = f"utterance_seconds is {resumed.utterance_seconds:g}, expected a time of the stream"
        raise OptionError(text, "utterance_seconds")
    if resumed.audio_seconds is None:
        return
    now = resumed.first_frame / fps
    within = Range(max(0.0, now - MAX_SAID_AGAIN_SECONDS), now + MAX_SAID_AGAIN_SECONDS)
    if resumed.audio_seconds not in within:
        raise OptionError(
            f"audio_seconds is {resumed.audio_seconds:g}, expected {within} where frame {resumed.first_frame} is to come; "
            "send the last seconds of a longer utterance",
            "audio_seconds",
        )
