"""What a model is to the rest of the server."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters.editing.options import BodyPart
from pantomatrix_converters.errors import UnknownNameError
from pantomatrix_converters.motion import Motion

from .constraints import PoseConstraint
from .options import USUAL_GESTURES, EmotionKey, EmotionStrengths, Expression, Gestures
from .timed_text import Said


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
    streaming: whether it is a StreamingModel. live_look_ahead_seconds: the look-ahead of live speech where a caller does not
    set it; 0 if it is `look_ahead_seconds`.
    fuller_face_rig: one with more curves than `face_rig`, which it makes where it is asked for; empty if there is none.
    memory_seconds: of live speech, how much of the past of an utterance a frame depends on; infinite: all of it.
    gestures, emotions, expressions, timed_text: whether it honours those of `UtteranceOptions`; with timed_text its live
    sessions are ReadingSessions.
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
    live_look_ahead_seconds: float = 0.0
    memory_seconds: float = math.inf
    fuller_face_rig: str = ""
    gestures: bool = False
    emotions: bool = False
    timed_text: bool = False
    expressions: bool = False
    reference_timing: bool = False
    weights_license: str = ""

    def checked_speaker(self, wanted: str) -> str:
        """The speaker's id; empty for the first. Raises UnknownNameError."""
        ids = [speaker.id for speaker in self.speakers]
        if wanted and wanted not in ids:
            raise UnknownNameError(f"speaker of model {self.name!r}:", wanted, ids)
        return wanted or ids[0]


@dataclass(frozen=True)
class LiveTiming:
    """How a live utterance is heard; None for the model's own.

    hop_seconds: how much is new at a time; for models that hear as it comes it means nothing. look_ahead_seconds: audio after
    a frame's own time that the frame may depend on, for networks beyond the hop.
    """

    hop_seconds: float | None = None
    look_ahead_seconds: float | None = None


@dataclass(frozen=True)
class UtteranceOptions:
    """What a session is asked for.

    speaker: an id from `ModelInfo.speakers`. fps: frames per second of the result. constraints: poses to aim for;
    `constrained` then bends the motion to pass through them exactly. reference_timing: see ModelInfo. emotions: in the
    order of their times. fuller_face: make the
    face of `ModelInfo.fuller_face_rig`. first_frame: of a live stream that continues, the frame at which the session begins
    to hear; what is drawn by chance at a time of the stream is then the same, and all times are the stream's. wanted_frame:
    its first frame that is asked for, not before that; those between are left out. timed_text: what is said, in order; lips
    follow it where it is there.
    """

    speaker: str
    fps: float
    seed: int = 0
    constraints: tuple[PoseConstraint, ...] = ()
    reference_timing: bool = False
    gestures: Gestures = USUAL_GESTURES
    emotions: tuple[EmotionKey, ...] = ()
    expression: Expression = Expression.NEUTRAL
    fuller_face: bool = False
    first_frame: int = 0
    wanted_frame: int = 0
    timed_text: tuple[Said, ...] = ()


class MotionSession(Protocol):
    """The state of one utterance. Only the model that opened it reads and changes it; `MotionModel.advance` is the only way
    to step it."""


class StreamingSession(MotionSession, Protocol):
    """The state of one live stream."""

    def begin_utterance(self) -> None:
        """The samples that come next are the first of an utterance. It does not depend on those before."""
        ...

    def speak_as(self, speaker: str, emotions: EmotionStrengths, expression: Expression, from_seconds: float) -> None:
        """Change the speaker of all that is computed from now on, and emotions and expression from this second of the stream
        on, which is not before the next frame. speaker: one of `ModelInfo.speakers`."""
        ...


class ReadingSession(StreamingSession, Protocol):
    """The state of one live stream of a model that follows timed text."""

    def read(self, said: Sequence[Said]) -> None:
        """What will be said, in order, in seconds of the stream; it comes after what was read before. What is late for
        frames that are computed already is left out of them."""
        ...

    def stop_reading(self, at_seconds: float) -> None:
        """Forget what was to be said from this second of the stream on."""
        ...


S = TypeVar("S", bound=MotionSession)


@dataclass(frozen=True, eq=False)
class Push(Generic[S]):
    """More audio for one session. samples: (S,) mono at the model's sample rate; ended: no audio follows."""

    session: S
    samples: NDArray[np.float32]
    ended: bool = False


class MotionModel(Protocol):
    """A model, ready to serve any number of sessions at once. Weights are shared, state is the session's."""

    info: ModelInfo

    def open(self, options: UtteranceOptions) -> MotionSession:
        """Begin the utterance of a clip."""
        ...

    def advance(self, pushes: Sequence[Push]) -> list[Motion]:
        """Give audio to several sessions of this model, each at most once, and get for each the frames that this settles.

        The frames of a session come in order; there may be none. After `ended` come all that remain, together `frame_count`.
        They do not depend on how the audio was cut, nor on the other sessions.
        """
        ...

    def frame_count(self, samples: int, options: UtteranceOptions) -> int:
        """How many frames a session makes of a clip with this number of samples. Raises AudioError if it makes none,
        OptionError."""
        ...


class StreamingModel(MotionModel, Protocol):
    """A model that can also hear speech as it is spoken."""

    def open_streaming(self, options: UtteranceOptions, timing: LiveTiming) -> StreamingSession:
        """Begin a live stream. Raises OptionError if the timing is not possible."""
        ...

    def streaming_look_ahead_seconds(self, fps: float, timing: LiveTiming) -> float:
        """Audio after a frame's own time that a live frame depends on. Raises OptionError if the timing is not possible."""
        ...
