"""From speech and options to motion, piece by piece. The gRPC service and the command line both go through here."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters.editing.clip_edits import first_frame
from pantomatrix_converters.editing.outline import Outline
from pantomatrix_converters.editing.plan import EditPlan, plan_edits
from pantomatrix_converters.errors import in_field
from pantomatrix_converters.face.flame_arkit import ArkitMatrix
from pantomatrix_converters.face.rigs import face_rig
from pantomatrix_converters.motion import Motion, check_fps
from pantomatrix_converters.provenance import Provenance
from pantomatrix_converters.skeleton import Skeleton, load_skeleton

from .audio.speech import SAMPLE_RATE_HZ, Speech
from .constraints import PoseConstraint, check_constraints, constrained
from .errors import CapabilityError, OptionError
from .live_text import check_reads
from .model import ModelInfo, MotionModel, MotionSession, UtteranceOptions
from .options import USUAL_GESTURES, EmotionKey, Expression, MotionOptions, Timing
from .provenance import provenance_of
from .registry import ModelRegistry
from .stepping import step
from .timed_text import said_in

_FIRST_PIECE_SECONDS = 0.5
_PIECE_SECONDS = 4.0
"""How much audio a model hears at once: the first frames leave early, and a call that is given up stops within a piece."""


@dataclass(frozen=True)
class Generation:
    """A checked request: what will be made, before any of it is. fps: at which the model makes frames, as asked for."""

    model: MotionModel
    options: MotionOptions
    speaker: str
    fps: float
    edits: EditPlan
    matrix: ArkitMatrix | None = None

    def changed(self, replaced: Mapping[str, Any]) -> Generation:
        """The same with other options, by their names. Raises as `plan` does."""
        return _planned(self.model, replace(self.options, **replaced), self.matrix)

    @property
    def outline(self) -> Outline:
        """What the motion will be."""
        return self.edits.after

    @property
    def skeleton(self) -> Skeleton:
        """Of the motion to come."""
        return self.outline.skeleton

    @property
    def face_rig(self) -> str:
        """Of the face to come; empty without one."""
        return self.outline.face_rig

    @property
    def curve_names(self) -> tuple[str, ...]:
        """Of the face to come; none without one."""
        return self.outline.curve_names

    def provenance(self, speech: str) -> Provenance:
        """What files keep of this request. speech: a file's name; empty for other speech."""
        return provenance_of(self.options, self.speaker, speech)

    def frame_count(self, speech: Speech) -> int:
        """Frames that `pieces` will make of a clip. Raises AudioError, InvalidInputError if it does not fit."""
        options, seconds = self.options, speech.duration_seconds
        check_constraints(
            options.constraints,
            load_skeleton(self.model.info.skeleton),
            min(options.end_seconds or seconds, seconds),
            options.start_seconds,
        )
        if options.emotions and options.emotions[-1].seconds >= seconds:
            text = f"emotions change at {options.emotions[-1].seconds:g} s, but the clip ends at {seconds:.4g} s"
            raise OptionError(text, "options.emotions")
        return self.edits.frame_count(self._own_frame_count(speech))

    def pieces(self, speech: Speech) -> Iterator[Motion]:
        """The motion of a clip in order, a piece at a time; each has at least one frame. Pieces come as they are computed,
        unless an edit needs the whole clip."""
        made = (
            piece for piece in _model_pieces(self.model, self.model.open(self.utterance), speech.samples) if len(piece)
        )
        before, after = self.edits.split("skeleton")
        pieces = before.pieces(made)
        if self.options.constraints:
            pieces = constrained(
                pieces, self._constraints(), self.fps, before.frame_count(self._own_frame_count(speech))
            )
        yield from after.pieces(pieces)

    def finished(self, piece: Motion) -> Motion:
        """The model's frames as they are asked for, where all edits work frame by frame."""
        return self.edits.apply(piece)[0]

    def _own_frame_count(self, speech: Speech) -> int:
        return self.model.frame_count(len(speech.samples), self.utterance)

    def _constraints(self) -> tuple[PoseConstraint, ...]:
        """At the times of the frames that are kept."""
        start = first_frame(self.options, self.fps) / self.fps
        known = self.options.constraints
        return tuple(replace(pose, time_seconds=max(0.0, pose.time_seconds - start)) for pose in known)

    @property
    def utterance(self) -> UtteranceOptions:
        """What a session of the model is asked for."""
        options = self.options
        return UtteranceOptions(
            self.speaker,
            self.fps,
            options.seed,
            options.constraints,
            options.timing is Timing.REFERENCE,
            options.gestures,
            options.emotions,
            options.expression,
            fuller_face=self.face_rig != "" and self.face_rig == self.model.info.fuller_face_rig,
            timed_text=said_in(options.timed_text) if options.timed_text else (),
        )


def _model_pieces(model: MotionModel, session: MotionSession, samples: NDArray[np.float32]) -> Iterator[Motion]:
    start, stop = 0, int(_FIRST_PIECE_SECONDS * SAMPLE_RATE_HZ)
    while start < len(samples):
        yield step(model, session, samples[start:stop])
        start, stop = stop, stop + int(_PIECE_SECONDS * SAMPLE_RATE_HZ)
    yield step(model, session, ended=True)


def plan(options: MotionOptions, registry: ModelRegistry, matrix: ArkitMatrix | None = None) -> Generation:
    """Check a request against the model.

    matrix: for faces between FLAME and ARKit, if there is one.
    Raises UnknownNameError, InvalidInputError, UnsupportedError, CapabilityError.
    """
    with in_field("options.model"):
        model = registry.get(options.model)
    return _planned(model, options, matrix)


def _planned(model: MotionModel, options: MotionOptions, matrix: ArkitMatrix | None) -> Generation:
    info = model.info
    _refuse_what_is_not_there(options, info)
    fps = check_fps(options.fps, "options.fps") if options.fps else info.default_fps
    with in_field("options.speaker"):
        speaker = info.checked_speaker(options.speaker)
    edits = plan_edits(options, _outline(info, options.face_rig, fps), matrix)
    return Generation(model, options, speaker, fps, edits, matrix)


def _outline(info: ModelInfo, wanted_rig: str, fps: float) -> Outline:
    """What the model makes: its fuller face where that is asked for, at the rate that is asked for."""
    rig = info.fuller_face_rig if wanted_rig and wanted_rig == info.fuller_face_rig else info.face_rig
    return Outline(
        f"model {info.name!r}",
        load_skeleton(info.skeleton),
        fps,
        info.parts,
        rig,
        face_rig(rig).curve_names if rig else (),
        on_floor=True,
        jaw_turns=True,
    )


def _refuse_what_is_not_there(options: MotionOptions, info: ModelInfo) -> None:
    if options.timing is Timing.REFERENCE and not info.reference_timing:
        raise CapabilityError(f"model {info.name!r} has no reference timing; leave timing out")
    gestures = options.gestures
    if not 0.0 <= gestures.amplitude <= 2.0:
        raise OptionError(f"amplitude is {gestures.amplitude:g}, expected 0 to 2", "options.gestures.amplitude")
    if not 0.25 <= gestures.rate <= 2.0:
        raise OptionError(f"rate is {gestures.rate:g}, expected 0.25 to 2", "options.gestures.rate")
    _check_emotions(options.emotions)
    if options.emotions and not info.emotions:
        raise CapabilityError(f"model {info.name!r} shows no emotions; leave emotions out")
    if options.expression is not Expression.NEUTRAL and not info.expressions:
        raise CapabilityError(f"model {info.name!r} has one rest expression; leave expression out")
    if gestures != USUAL_GESTURES and not info.gestures:
        raise CapabilityError(f"model {info.name!r} has no gestures to make larger or more; leave gestures out")
    if options.timed_text is not None:
        check_reads(info)


def _check_emotions(keys: Sequence[EmotionKey]) -> None:
    """Raises OptionError."""
    field, before = "options.emotions", -math.inf
    for seconds, emotions in keys:
        if not 0.0 <= seconds < math.inf:
            raise OptionError(f"emotions change at {seconds:g} s, expected a time of the speech, from 0", field)
        if seconds <= before:
            raise OptionError(
                f"emotions change at {before:g} s and then at {seconds:g} s, expected times that rise", field
            )
        for emotion, strength in emotions:
            if not 0.0 <= strength <= 1.0:
                raise OptionError(f"the strength of {emotion} is {strength:g}, expected 0 to 1", field)
        if len(dict(emotions)) < len(emotions):
            raise OptionError("an emotion occurs twice", field)
        before = seconds


def refuse_emotions_with_times(generation: Generation) -> None:
    """Of a stream. Raises CapabilityError."""
    if any(key.seconds > 0.0 for key in generation.options.emotions):
        raise CapabilityError("emotions with times are of whole clips; a stream's options change at a time: at_seconds")
