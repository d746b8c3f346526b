"""Another frame rate for the same motion."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from . import rotations
from .motion import Motion, check_fps, frames_in


def resample(motion: Motion, fps: float) -> Motion:
    """The motion at another frame rate.

    Rotations are interpolated on the shortest arc, translations and weights linearly; what lies after the last frame
    repeats it. The length in seconds is kept to within one frame. Raises MotionError for an fps out of range.
    """
    check_fps(fps)
    if fps == motion.fps:
        return motion
    if len(motion) == 0:
        return replace(motion, fps=fps)
    source = np.arange(frames_in(motion.duration_seconds, fps)) * (motion.fps / fps)
    before, after, fraction = between(np.arange(len(motion)), source)

    def linear(values: np.ndarray) -> np.ndarray:
        return values[before] + fraction[:, None] * (values[after] - values[before])

    quats = motion.rotations_xyzw
    return replace(
        motion,
        fps=fps,
        rotations_xyzw=rotations.slerp(
            quats[before], quats[after], np.broadcast_to(fraction[:, None], quats[before].shape[:2])
        ),
        root_translation=linear(motion.root_translation),
        face=motion.face and replace(motion.face, weights=linear(motion.face.weights)),
    )


def between(keys: NDArray, times: NDArray) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Where times lie among keys.

    keys: (n,) increasing, n >= 1; times: (T,). Returns for each time the keys before and after it, and how far it is from one
    to the other, 0 to 1; times outside take the first or the last key.
    """
    before = np.clip(np.searchsorted(keys, times, side="right") - 1, 0, max(len(keys) - 2, 0))
    after = np.minimum(before + 1, len(keys) - 1)
    span = np.where(after > before, keys[after] - keys[before], 1)
    return before, after, np.clip((times - keys[before]) / span, 0.0, 1.0)
