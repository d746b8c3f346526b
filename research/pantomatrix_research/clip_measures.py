"""One clip, measured: by the published metrics against its recording, and by what real speakers do."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters import rotations
from pantomatrix_converters.errors import FormatError, InvalidInputError
from pantomatrix_converters.face.rigs import ARKIT52, FLAME
from pantomatrix_converters.formats import load_motion
from pantomatrix_converters.kinematics import forward_kinematics
from pantomatrix_converters.motion import Motion
from pantomatrix_converters.network_layout import pelvis_in_model
from pantomatrix_converters.resample import resample
from pantomatrix_models.audio.decode import decode_file

from .body_shape import BodyShape
from .datasets.beat2 import semantic_relevance
from .metrics.beat_consistency import (
    UPPER_BODY,
    BeatConsistency,
    alignment_curve,
    motion_beats,
    onset_times,
    speeds,
)
from .metrics.face_error import FaceError, FaceVelocityError
from .metrics.frechet_distance import FrechetGestureDistance
from .metrics.gesture_recall import GestureRecall
from .metrics.joint_limits import violation_share
from .metrics.l1_diversity import L1Diversity
from .metrics.lip_sync import lip_sync
from .metrics.metric import Metric
from .motion_statistics import motion_statistics
from .phones import read_phones

if TYPE_CHECKING:
    from .metrics.gesture_encoder import GestureEncoder

Array = NDArray[np.float64]

_LEGS = ("hip", "knee", "ankle", "foot")
_SKIPPED_SECONDS = 2.0
_AUDIO_RATE = 16_000


@dataclass(frozen=True)
class ClipFiles:
    """What there is of one clip; only the prediction is always there."""

    name: str
    predicted: Path
    recorded: Path | None = None
    audio: Path | None = None
    phones: Path | None = None
    semantic: Path | None = None


@dataclass(frozen=True)
class Protocol:
    """How clips are measured.

    encoder: FGD's checkpoint; none leaves FGD out. mean_speeds: (55,) m/s for BC; none takes the recordings' own. body_model:
    the user's SMPL-X file; none takes the neutral skeleton and leaves faces' vertices out. resample, cut: whether both are
    brought to one frame rate and to the shorter's length; else a difference is an error. fps: that rate; 0 for the
    recording's. without_legs: both rest their legs.
    """

    encoder: Path | None = None
    mean_speeds: tuple[float, ...] | None = None
    body_model: Path | None = None
    resample: bool = False
    cut: bool = False
    fps: float = 0.0
    without_legs: bool = False


@dataclass
class Measured:
    """Of one clip, or of many joined.

    metrics, recorded: the prediction's, and those that its recording has by itself. natural: by the names of `NATURAL`.
    curve: (N,) shifts in seconds and (N,) alignments. FGD of a single clip says little; join clips first.
    """

    name: str
    seconds: float
    metrics: dict[str, Metric] = field(default_factory=dict)
    recorded: dict[str, Metric] = field(default_factory=dict)
    natural: dict[str, float] = field(default_factory=dict)
    curve: tuple[Array, Array] | None = None
    notes: list[str] = field(default_factory=list)


class ClipMeasurer:
    """What all clips need, loaded once."""

    def __init__(self, protocol: Protocol) -> None:
        """Raises CheckpointError, FormatError if a file of the protocol cannot be read."""
        self._protocol = protocol
        self._encoder = None if protocol.encoder is None else _encoder(protocol.encoder)
        self._body = None if protocol.body_model is None else BodyShape.load(protocol.body_model)

    def speed_sums(self, clip: ClipFiles) -> tuple[Array, int]:
        """(55,) sums of joints' speeds over frames, m/s, and how many frames; of the recording if there is one.

        Raises PantomatrixError.
        """
        motion = _load(clip.recorded or clip.predicted)
        if not motion.has_body:
            return np.zeros(55), 0
        moving = speeds(self._positions(motion, self._betas(clip)), motion.fps)
        return moving.sum(axis=0), len(moving)

    def measure(self, clip: ClipFiles) -> Measured:
        """Raises PantomatrixError."""
        whole = predicted = _load(clip.predicted)
        recorded = None if clip.recorded is None else _load(clip.recorded)
        if recorded is not None:
            predicted, recorded = self._on_one_clock(predicted, recorded)
        result = Measured(clip.name, predicted.duration_seconds, natural=_natural_body(whole))
        result.natural |= _natural_face(clip, whole, result.notes)
        betas = self._betas(clip)
        if predicted.has_body:
            self._measure_bodies(clip, predicted, recorded, betas, result)
        if recorded is not None:
            result.metrics |= self._faces(predicted, recorded, betas, result.notes)
        if not result.metrics and not result.natural:
            raise InvalidInputError("; ".join(result.notes) or _what_a_face_needs(clip))
        return result

    def _on_one_clock(self, predicted: Motion, recorded: Motion) -> tuple[Motion, Motion]:
        fps = self._protocol.fps or recorded.fps
        if not predicted.fps == recorded.fps == fps and not self._protocol.resample:
            raise InvalidInputError(
                f"{predicted.fps:g} frames a second, and its recording {recorded.fps:g}; "
                f"--resample brings both to {fps:g}"
            )
        if predicted.fps != fps:
            predicted = resample(predicted, fps)
        if recorded.fps != fps:
            recorded = resample(recorded, fps)
        if len(predicted) != len(recorded) and not self._protocol.cut:
            raise InvalidInputError(
                f"{len(predicted)} frames, and its recording {len(recorded)}; --cut measures what both have"
            )
        count = min(len(predicted), len(recorded))
        return predicted.frames(0, count), recorded.frames(0, count)

    def _measure_bodies(
        self, clip: ClipFiles, predicted: Motion, recorded: Motion | None, betas: Array, result: Measured
    ) -> None:
        onsets = _onsets(clip, predicted)
        positions = self._positions(predicted, betas)
        result.metrics |= self._of_one(positions, onsets, predicted.fps)
        if onsets is not None and len(onsets) and self._protocol.mean_speeds is not None:
            skipped = round(_SKIPPED_SECONDS * predicted.fps)
            beats = motion_beats(positions, predicted.fps, self._protocol.mean_speeds, skipped, UPPER_BODY)
            result.curve = alignment_curve(onsets, [found / predicted.fps for found in beats])
        if recorded is None:
            return
        if not recorded.has_body:
            result.notes.append("a recording is a face without a body: bodies are not compared")
            return
        truth = self._positions(recorded, betas)
        result.recorded |= self._of_one(truth, onsets, recorded.fps)
        recall = GestureRecall()
        relevance = None if clip.semantic is None else semantic_relevance(clip.semantic, len(truth), recorded.fps)
        recall.update(positions, truth, relevance)
        result.metrics["SRGR"] = recall
        if self._encoder is not None:
            distance = FrechetGestureDistance()
            distance.update_features(*(self._features(motion) for motion in (predicted, recorded)))
            result.metrics["FGD"] = distance

    def _of_one(self, positions: Array, onsets: Array | None, fps: float) -> dict[str, Metric]:
        diversity = L1Diversity()
        diversity.update(positions)
        if onsets is None or self._protocol.mean_speeds is None:
            return {"L1Div": diversity}
        consistency = BeatConsistency(self._protocol.mean_speeds)
        consistency.update(positions, onsets, fps, _SKIPPED_SECONDS)
        return {"L1Div": diversity, "BC": consistency}

    def _features(self, motion: Motion) -> NDArray[np.float32]:
        assert self._encoder is not None
        matrices = rotations.matrix_from_quat(self._turns(motion))
        sixd = rotations.sixd_from_matrix(matrices).reshape(len(motion), -1)
        return self._encoder.features(np.asarray(sixd, np.float32))

    def _positions(self, motion: Motion, betas: Array) -> Array:
        """(T, 55, 3) metres, the pelvis always at its place in the body model: the root's path does not count."""
        skeleton, turns, pelvis = motion.skeleton, self._turns(motion), pelvis_in_model()
        if self._body is not None:
            joints = self._body.rest_joints(betas)
            offsets = joints - np.where(skeleton.parents[:, None] >= 0, joints[skeleton.parents], 0.0)
            skeleton = replace(skeleton, rest_translations=offsets)
            turns, pelvis = self._body.with_mean_hands(turns), joints[0]
        return forward_kinematics(skeleton, turns, np.broadcast_to(pelvis, (len(motion), 3)))[0]

    def _turns(self, motion: Motion) -> NDArray[np.float32]:
        turns = np.array(motion.rotations_xyzw)
        if self._protocol.without_legs:
            legs = [at for at, name in enumerate(motion.skeleton.joint_names) if name.split("_")[-1] in _LEGS]
            turns[:, legs] = (0, 0, 0, 1)
        return turns

    def _betas(self, clip: ClipFiles) -> Array:
        """The recording's, which published metrics take for predictions too."""
        if self._body is None or clip.recorded is None or clip.recorded.suffix != ".npz":
            return np.zeros(0)
        with np.load(clip.recorded, allow_pickle=False) as file:
            return np.asarray(file["betas"], np.float64).reshape(-1)[:300] if "betas" in file.files else np.zeros(0)

    def _faces(self, predicted: Motion, recorded: Motion, betas: Array, notes: list[str]) -> dict[str, Metric]:
        one, other = predicted.face, recorded.face
        if self._body is None or one is None or other is None:
            return {}
        if not one.rig == other.rig == FLAME.name:
            notes.append(f"LVDFace and MSEFace need {FLAME.name} in both, not {one.rig} and {other.rig}")
            return {}
        still = 3 * int((~self._body.moving_vertices()).sum())
        vertices = [self._body.face_vertices(face, betas) for face in (one, other)]
        velocity, error = FaceVelocityError(), FaceError()
        velocity.update(*vertices, still=still)
        error.update(*vertices, still=still)
        return {"LVDFace": velocity, "MSEFace": error}


def _encoder(path: Path) -> GestureEncoder:
    import torch

    from .metrics.gesture_encoder import GestureEncoder

    torch.set_num_threads(1)
    return GestureEncoder.load(path)


def _load(path: Path) -> Motion:
    motion = load_motion(path)[1].motion
    if motion.has_body and motion.skeleton.name != "smplx":
        raise InvalidInputError(
            f"{path}: on skeleton {motion.skeleton.name!r}; bring it to SMPL-X first: "
            f"pantomatrix convert {path.name} {path.stem}.npz --skeleton smplx"
        )
    return motion


def _what_a_face_needs(clip: ClipFiles) -> str:
    vertices = "" if clip.recorded is None else ", or --body-model for its vertices"
    return f"nothing to measure: a face without a body needs --phones for its lips{vertices}"


def _onsets(clip: ClipFiles, motion: Motion) -> Array | None:
    """Seconds after the first two, up to two before the motion's end."""
    if clip.audio is None or motion.duration_seconds <= 2 * _SKIPPED_SECONDS:
        return None
    heard = decode_file(clip.audio.read_bytes(), float("inf"), str(clip.audio))
    last = (len(motion) - round(_SKIPPED_SECONDS * motion.fps)) / motion.fps
    return onset_times(heard.samples[round(_SKIPPED_SECONDS * _AUDIO_RATE) : int(last * _AUDIO_RATE)])


def _natural_body(motion: Motion) -> dict[str, float]:
    """Of the prediction as it is: with its own frame rate, length and legs."""
    if not motion.has_body or motion.duration_seconds < 1:
        return {}
    found = motion_statistics(motion)
    return {
        "wrist speed": found.wrist_speed_mean,
        "wrist speed p99": found.wrist_speed_p99,
        "wrist jerk": found.wrist_jerk_p50,
        "wrist above 3 Hz": found.above_3hz,
        "strokes": found.strokes_per_minute,
        "hands at rest": found.rest_share,
        "hands together": found.hands_speed_correlation,
        "nods": found.nods_per_minute,
        "pelvis path": found.root_path_per_minute,
        "standing foot": 100 * found.foot_speed_mean,
        "foot slide": 100 * found.foot_slide,
        "joints beyond limits": violation_share(motion),
    }


def _natural_face(clip: ClipFiles, motion: Motion, notes: list[str]) -> dict[str, float]:
    if clip.phones is None or motion.face is None:
        return {}
    if motion.face.rig != ARKIT52.name:
        notes.append(
            f"lips are scored by {ARKIT52.name}, not {motion.face.rig}: pantomatrix convert --face-rig arkit52"
        )
        return {}
    try:
        found = lip_sync(motion.face, motion.fps, read_phones(clip.phones))
    except FormatError as error:
        notes.append(str(error))
        return {}
    return {
        "lip score": found.score,
        "lips shut at P B M": found.closure_share,
        "lips shut, above chance": found.closure_skill,
        "lips open with phones": found.opening,
        "lips round": found.rounding,
        "lips late": found.lag_ms,
        "lips open in silence": found.silence,
    }
