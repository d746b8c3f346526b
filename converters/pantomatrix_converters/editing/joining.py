"""One clip after another without a jump."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial, reduce

import numpy as np
from numpy.typing import NDArray

from .. import rotations
from ..errors import MotionError
from ..motion import Motion, concatenate
from ..provenance import joined
from ..ranges import BLEND_SECONDS
from ..resample import resample
from .same_body import check_same_body

Array = NDArray[np.float64]

JOIN_SECONDS = 0.4


def join(first: Motion, second: Motion, blend_seconds: float = JOIN_SECONDS) -> Motion:
    """The second motion after the first.

    It continues from the pose that the first was about to take, and comes back to its own within blend_seconds (offsets that
    fade, as in Bollo, "Inertialization", GDC 2018); along the floor it stays shifted to where the first ended. Raises
    MotionError if skeletons, frame rates or curves differ.
    """
    _check(first, second)
    if not len(first) or not len(second):
        return second if not len(first) else first
    frames = np.arange(1, len(second) + 1) / max(1.0, blend_seconds * first.fps)
    fade = 1.0 - np.clip(frames, 0, 1) ** 2 * (3.0 - 2.0 * np.clip(frames, 0, 1))
    quats = second.rotations_xyzw.astype(np.float64)
    if first.has_body:
        away = rotations.multiply(rotations.inverse(quats[0]), _next_rotations(first))
        offset = rotations.axis_angle_from_quat(rotations.shortest(away))
        quats = rotations.multiply(quats, rotations.quat_from_axis_angle(fade[:, None, None] * offset))
    shift = _next_values(first.root_translation) - second.root_translation[0]
    shifts = np.stack([np.full(len(second), shift[0]), fade * shift[1], np.full(len(second), shift[2])], axis=1)
    face = second.face
    if face is not None and first.face is not None:
        off = first.face.weights[-1].astype(np.float64) - face.weights[0]
        face = replace(face, weights=(face.weights + fade[:, None] * off).astype(np.float32))
    moved = replace(
        second,
        rotations_xyzw=quats.astype(np.float32),
        root_translation=(second.root_translation + shifts).astype(np.float32),
        face=face,
    )
    whole = concatenate([first, moved])
    return replace(whole, provenance=joined([first.provenance, second.provenance]))


def join_all(motions: Sequence[Motion], blend_seconds: float = JOIN_SECONDS) -> tuple[Motion, tuple[str, ...]]:
    """One motion of several, in order, and notes; at least one is needed. Later ones are resampled to the first's frame rate.
    blend_seconds: as in `join`. Raises MotionError if skeletons or curves differ."""
    BLEND_SECONDS.check(blend_seconds, "blend_seconds")
    first = motions[0]
    rates = {motion.fps for motion in motions}
    whole = reduce(partial(join, blend_seconds=blend_seconds), (resample(motion, first.fps) for motion in motions))
    notes = (f"frame rates differ: all are brought to {first.fps:g}",) if len(rates) > 1 else ()
    return whole, notes


def _check(first: Motion, second: Motion) -> None:
    check_same_body(first.skeleton, second.skeleton)
    if first.fps != second.fps:
        raise MotionError(f"the frame rates differ: {first.fps:g} and {second.fps:g}; resample one of them")
    if (first.face and first.face.names) != (second.face and second.face.names):
        raise MotionError("the face curves differ")


def _next_rotations(motion: Motion) -> Array:
    """(J, 4) one frame after the last, going on as fast."""
    last = motion.rotations_xyzw[-1].astype(np.float64)
    before = motion.rotations_xyzw[max(0, len(motion) - 2)]
    return rotations.multiply(last, rotations.multiply(rotations.inverse(before), last))


def _next_values(series: NDArray[np.float32]) -> Array:
    """(c,) one frame after the last, going on as fast."""
    last = series[-1].astype(np.float64)
    return 2 * last - series[max(0, len(series) - 2)]
