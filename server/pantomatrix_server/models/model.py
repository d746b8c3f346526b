"""What a model is to the rest of the server."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters.motion import Motion

from .constraints import PoseConstraint


class BodyPart(StrEnum):
    """A part of the body that a model can move. The values of joint parts are the keys of `Skeleton.parts`."""

    FACE = "face"
    UPPER_BODY = "upper_body"
    HANDS = "hands"
    LOWER_BODY = "lower_body"
    TRANSLATION = "translation"


@dataclass(frozen=True)
class Speaker:
    """A voice or style that a model knows."""

    id: str
    display_name: str


@dataclass(frozen=True)
class ModelInfo:
    """What a model can do. Requests beyond it are refused, never served with less.

    version: changes whenever the same input may give another motion.
    speakers: at least one; the first is the default.
    look_ahead_seconds: audio after a frame's own time that the frame depends on.
    reference_timing: whether it can lay its frames in time as the publications' code did.
    """

    name: str
    description: str
    version: str
    parts: frozenset[BodyPart]
    speakers: tuple[Speaker, ...]
    skeleton: str
    face_rig: str
    default_fps: float
    sample_rate_hz: int
    look_ahead_seconds: float
    streaming: bool = False
    reference_timing: bool = False
    weights_license: str = ""


class MotionSession(Protocol):
    """One utterance in the making. What comes out does not depend on how the audio was cut."""

    def push(self, samples: NDArray[np.float32]) -> Motion:
        """Hear more audio, get the frames that are settled by it, in order; there may be none.

        samples: (S,) mono at the model's sample rate.
        """
        ...

    def finish(self) -> Motion:
        """The audio has ended: get the remaining frames. Together there are `frames_in(audio seconds, fps)`."""
        ...


class MotionModel(Protocol):
    """A model, ready to serve any number of sessions at once. Weights are shared, state is the session's."""

    info: ModelInfo

    def open(
        self,
        *,
        speaker: str,
        seed: int,
        fps: float,
        constraints: Sequence[PoseConstraint] = (),
        reference_timing: bool = False,
    ) -> MotionSession:
        """Begin an utterance.

        speaker: an id from `info.speakers`; fps: frames per second of what comes out. constraints: poses to aim for; whoever
        asks bends the motion to pass through them exactly (`constrained`). reference_timing: see `info`.
        """
        ...

    def frame_count(self, samples: int, fps: float, *, reference_timing: bool = False) -> int:
        """How many frames a session will make of so many samples. Raises AudioError if it can make none."""
        ...
