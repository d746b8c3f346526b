"""Another frame rate for the same motion."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from . import rotations
from .motion import Motion, check_fps, frames_in


def resample(motion: Motion, fps: float) -> Motion:
    """The motion at another frame rate.

    Rotations are interpolated on the shortest arc, translations and weights linearly; what lies after the last frame
    repeats it. The length in seconds is kept to within one frame. Raises MotionError for an fps out of range.
    """
    check_fps(fps)
    if fps == motion.fps or len(motion) == 0:
        return replace(motion, fps=fps)
    source = np.arange(frames_in(motion.duration_seconds, fps)) * (motion.fps / fps)
    source = np.minimum(source, len(motion) - 1)
    before = np.minimum(source.astype(np.int64), max(len(motion) - 2, 0))
    after = np.minimum(before + 1, len(motion) - 1)
    fraction = source - before

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
