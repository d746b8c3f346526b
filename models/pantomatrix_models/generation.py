"""From speech and options to motion, piece by piece. The gRPC service and the command line both go through here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, partial

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters import rotations
from pantomatrix_converters.errors import UnknownNameError
from pantomatrix_converters.face_conversion import with_face_rig
from pantomatrix_converters.face_rigs import UNIT_RIGS, face_rig
from pantomatrix_converters.flame_arkit import ArkitMatrix
from pantomatrix_converters.foot_lock import locked_feet
from pantomatrix_converters.humanoid import HumanoidMap
from pantomatrix_converters.motion import FaceCurves, Motion, check_fps, concatenate, face_motion
from pantomatrix_converters.retargeting import Retargeting
from pantomatrix_converters.root import RootMode, with_root
from pantomatrix_converters.skeleton import Skeleton, load_skeleton

from .audio.speech import SAMPLE_RATE_HZ, Speech
from .constraints import check_constraints, constrained
from .errors import CapabilityError, OptionError
from .model import (
    USUAL_GESTURES,
    BodyPart,
    LiveTiming,
    ModelInfo,
    MotionModel,
    MotionSession,
    UtteranceOptions,
)
from .model_faults import finite_motion
from .options import MotionOptions
from .registry import ModelRegistry

_FIRST_PIECE_SECONDS = 0.5
_PIECE_SECONDS = 4.0
"""How much audio a model hears at once: the first frames leave early, and a call that is given up stops within a piece."""

Edit = Callable[[Motion], Motion]


@dataclass(frozen=True)
class Generation:
    """A checked request: what will be made, before any of it is."""

    model: MotionModel
    options: MotionOptions
    speaker: str
    fps: float
    skeleton: Skeleton
    face_rig: str
    edits: tuple[Edit, ...]
    retargeting: Retargeting

    def frame_count(self, speech: Speech) -> int:
        """Frames that `pieces` will make of a clip. Raises AudioError, OptionError if the clip does not fit the options."""
        check_constraints(self.options.constraints, load_skeleton(self.model.info.skeleton), speech.duration_seconds)
        return self.model.frame_count(len(speech.samples), self._utterance)

    def pieces(self, speech: Speech) -> Iterator[Motion]:
        """The motion of a clip in order, a piece at a time; each has at least one frame."""
        constraints = self.options.constraints
        pieces = self._edited(_session_pieces(self.model.info, self.open(), speech.samples))
        if constraints:
            pieces = constrained(pieces, constraints, self.fps, self.frame_count(speech))
        pieces = map(self.retargeting.apply, pieces)
        yield from self._locked(pieces) if self.options.foot_lock else pieces

    def open(self, live: LiveTiming | None = None) -> MotionSession:
        """Begin an utterance of the model's own, without edits. Raises OptionError if it cannot be live with such timing."""
        return self.model.open(replace(self._utterance, live=live))

    def look_ahead_seconds(self, live: LiveTiming | None = None) -> float:
        """Audio after a frame's own time that the frame depends on. Raises OptionError."""
        return self.model.look_ahead_seconds(replace(self._utterance, live=live))

    def finished(self, piece: Motion) -> Motion:
        """The model's frames as they are asked for: edits, then the target skeleton."""
        return self.retargeting.apply(self._with_edits(piece))

    @property
    def curve_names(self) -> tuple[str, ...]:
        """Of the face to come; none without one."""
        return face_rig(self.face_rig).curve_names if self.face_rig else ()

    def _locked(self, pieces: Iterable[Motion]) -> Iterator[Motion]:
        """Where a foot stands is known when it has left, so the whole clip is computed first."""
        whole = locked_feet(concatenate(list(pieces)), self.options.joint_map)
        size = max(1, round(_PIECE_SECONDS * whole.fps))
        yield from (whole.frames(start, start + size) for start in range(0, len(whole), size))

    @property
    def _utterance(self) -> UtteranceOptions:
        options = self.options
        return UtteranceOptions(
            self.speaker,
            self.fps,
            options.seed,
            options.constraints,
            options.reference_timing,
            options.gestures,
            options.emotions,
            fuller_face=self.face_rig != "" and self.face_rig == self.model.info.fuller_face_rig,
        )

    def _edited(self, pieces: Iterable[Motion]) -> Iterator[Motion]:
        return (self._with_edits(piece) for piece in pieces if len(piece))

    def _with_edits(self, piece: Motion) -> Motion:
        for edit in self.edits:
            piece = edit(piece)
        return piece


def _session_pieces(info: ModelInfo, session: MotionSession, samples: NDArray[np.float32]) -> Iterator[Motion]:
    start, stop = 0, int(_FIRST_PIECE_SECONDS * SAMPLE_RATE_HZ)
    while start < len(samples):
        with finite_motion(info):
            piece = session.push(samples[start:stop])
        yield piece
        start, stop = stop, stop + int(_PIECE_SECONDS * SAMPLE_RATE_HZ)
    with finite_motion(info):
        piece = session.finish()
    yield piece


def plan(options: MotionOptions, registry: ModelRegistry, matrix: ArkitMatrix | None = None) -> Generation:
    """Check a request against the model.

    matrix: for faces between FLAME and ARKit, if there is one.
    Raises UnknownNameError, OptionError, MotionError, UnsupportedError, CapabilityError.
    """
    model = registry.get(options.model)
    info = model.info
    _refuse_what_is_not_there(options, model)
    skeleton = load_skeleton(info.skeleton)
    target = load_skeleton(options.skeleton or info.skeleton) if isinstance(options.skeleton, str) else options.skeleton
    parts = frozenset(options.parts) or info.parts
    has_face = BodyPart.FACE in parts and bool(info.face_rig)
    rig = face_rig(options.face_rig or info.face_rig).name if has_face else ""
    curve_names = face_rig(rig).curve_names if rig else ()
    return Generation(
        model=model,
        options=options,
        speaker=info.checked_speaker(options.speaker),
        fps=check_fps(options.fps, "options.fps") if options.fps else info.default_fps,
        skeleton=target,
        face_rig=rig,
        edits=(*_face_edits(info, rig, matrix), *_edits(options, skeleton, info.parts, parts, curve_names)),
        retargeting=_retargeting(skeleton, target, options.joint_map),
    )


def _refuse_what_is_not_there(options: MotionOptions, model: MotionModel) -> None:
    info = model.info
    absent = [part for part in options.parts if part not in info.parts]
    if absent:
        raise CapabilityError(
            f"model {info.name!r} does not move {absent[0]} (it moves {', '.join(sorted(info.parts))})"
        )
    if options.face_rig and face_rig(options.face_rig) and not info.face_rig:
        raise CapabilityError(f"model {info.name!r} moves no face")
    if options.reference_timing and not info.reference_timing:
        raise CapabilityError(f"model {info.name!r} has no reference timing; leave timing out")
    gestures = options.gestures
    if not 0.0 <= gestures.amplitude <= 2.0:
        raise OptionError(f"amplitude is {gestures.amplitude:g}, expected 0 to 2", "options.gestures.amplitude")
    if not 0.25 <= gestures.rate <= 2.0:
        raise OptionError(f"rate is {gestures.rate:g}, expected 0.25 to 2", "options.gestures.rate")
    for emotion, strength in options.emotions:
        if not 0.0 <= strength <= 1.0:
            raise OptionError(f"the strength of {emotion} is {strength:g}, expected 0 to 1", "options.emotions")
    if len(dict(options.emotions)) < len(options.emotions):
        raise OptionError("an emotion occurs twice", "options.emotions")
    if options.emotions and not info.emotions:
        raise CapabilityError(f"model {info.name!r} shows no emotions; leave emotions out")
    if gestures != USUAL_GESTURES and not info.gestures:
        raise CapabilityError(f"model {info.name!r} has no gestures to make larger or more; leave gestures out")


def _retargeting(skeleton: Skeleton, target: Skeleton, joint_map: HumanoidMap | None) -> Retargeting:
    return _known_retargeting(skeleton, target) if joint_map is None else Retargeting(skeleton, target, None, joint_map)


@lru_cache(maxsize=32)
def _known_retargeting(skeleton: Skeleton, target: Skeleton) -> Retargeting:
    return Retargeting(skeleton, target)


def _face_edits(info: ModelInfo, rig: str, matrix: ArkitMatrix | None) -> Iterator[Edit]:
    """Raises UnsupportedError if the face cannot become one of this rig."""
    if rig and rig not in (info.face_rig, info.fuller_face_rig):
        own = face_rig(info.face_rig)
        nothing = FaceCurves(own.name, own.curve_names, np.zeros((1, len(own.curve_names)), np.float32))
        with_face_rig(face_motion(nothing, info.default_fps), rig, matrix)
        yield lambda motion: with_face_rig(motion, rig, matrix)[0]


def _edits(
    options: MotionOptions,
    skeleton: Skeleton,
    made: frozenset[BodyPart],
    wanted: frozenset[BodyPart],
    curve_names: tuple[str, ...],
) -> Iterator[Edit]:
    """Each works frame by frame, so that pieces and whole clips come out the same."""
    if made - wanted:
        yield _only_parts(skeleton, made - wanted)
    if options.part_strengths:
        yield _strengths(options, skeleton)
    if options.curve_adjustments:
        yield _adjustments(options, curve_names)
    if options.root_mode is not RootMode.FREE:
        yield partial(with_root, mode=options.root_mode)


def _only_parts(skeleton: Skeleton, dropped: frozenset[BodyPart]) -> Edit:
    joints = skeleton.indices(name for part in dropped for name in skeleton.parts.get(part, ()))

    def edit(motion: Motion) -> Motion:
        quats = motion.rotations_xyzw.copy()
        quats[:, joints] = skeleton.rest_rotations_xyzw[joints]
        translation = motion.root_translation
        if BodyPart.TRANSLATION in dropped:
            translation = np.broadcast_to(skeleton.rest_translations[0].astype(np.float32), translation.shape)
        face = None if BodyPart.FACE in dropped else motion.face
        return replace(motion, rotations_xyzw=quats, root_translation=translation, face=face)

    return edit


def _strengths(options: MotionOptions, skeleton: Skeleton) -> Edit:
    gains = dict(options.part_strengths)
    if len(gains) < len(options.part_strengths):
        raise OptionError("a part occurs twice", "options.part_strengths")
    for part, gain in gains.items():
        if not 0 <= gain <= 2:
            raise OptionError(f"the gain of {part} is {gain:g}, expected 0 to 2", "options.part_strengths")
    joint_gains = np.ones(len(skeleton))
    for part, gain in gains.items():
        joint_gains[skeleton.indices(skeleton.parts.get(part, ()))] = gain
    moved = np.flatnonzero(joint_gains != 1)
    rest = skeleton.rest_rotations_xyzw[moved]

    def edit(motion: Motion) -> Motion:
        quats = motion.rotations_xyzw.copy()
        away = rotations.shortest(rotations.multiply(rotations.inverse(rest), quats[:, moved]))
        scaled = rotations.axis_angle_from_quat(away) * joint_gains[moved, None]
        quats[:, moved] = rotations.multiply(rest, rotations.quat_from_axis_angle(scaled))
        home = skeleton.rest_translations[0]
        translation = home + (motion.root_translation - home) * gains.get(BodyPart.TRANSLATION, 1.0)
        face, gain = motion.face, gains.get(BodyPart.FACE, 1.0)
        if face is not None and gain != 1:
            scaled_weights = face.weights * np.float32(gain)
            face = replace(face, weights=np.clip(scaled_weights, 0, 1) if face.rig in UNIT_RIGS else scaled_weights)
        return replace(motion, rotations_xyzw=quats, root_translation=translation.astype(np.float32), face=face)

    return edit


def _adjustments(options: MotionOptions, curve_names: tuple[str, ...]) -> Edit:
    field = "options.curve_adjustments"
    columns = []
    for adjustment in options.curve_adjustments:
        if adjustment.curve not in curve_names:
            raise UnknownNameError("face curve", adjustment.curve, curve_names)
        column = curve_names.index(adjustment.curve)
        if column in columns:
            raise OptionError(f"curve {adjustment.curve!r} occurs twice", field)
        numbers = (adjustment.gain, adjustment.offset, adjustment.minimum, adjustment.maximum)
        if not np.isfinite(numbers).all() or adjustment.minimum > adjustment.maximum:
            raise OptionError(f"curve {adjustment.curve!r}: expected finite numbers with minimum <= maximum", field)
        columns.append(column)
    gain, offset, minimum, maximum = (
        np.array([getattr(adjustment, name) for adjustment in options.curve_adjustments], np.float32)
        for name in ("gain", "offset", "minimum", "maximum")
    )

    def edit(motion: Motion) -> Motion:
        assert motion.face is not None
        weights = motion.face.weights.copy()
        weights[:, columns] = np.clip(weights[:, columns] * gain + offset, minimum, maximum)
        return replace(motion, face=replace(motion.face, weights=weights))

    return edit
