"""Less jitter."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .. import rotations
from ..motion import Motion
from ..ranges import SMOOTH_SECONDS


def smoothed(motion: Motion, seconds: float) -> Motion:
    """Joints, root and face averaged over time under a Gaussian.

    seconds: its standard deviation, 0 to 2. The ends lean on what is there. Raises MotionError.
    """
    if check_smoothing(seconds) == 0 or len(motion) < 2:
        return motion
    sigma = seconds * motion.fps
    reach = int(np.ceil(3 * sigma))
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) / sigma) ** 2)
    quats = _averaged(_on_one_side(motion.rotations_xyzw), kernel)
    return replace(
        motion,
        rotations_xyzw=rotations.normalize(quats).astype(np.float32),
        root_translation=_averaged(motion.root_translation, kernel).astype(np.float32),
        face=motion.face and replace(motion.face, weights=_averaged(motion.face.weights, kernel).astype(np.float32)),
    )


def check_smoothing(seconds: float) -> float:
    """The same number. Raises MotionError unless it is 0 to 2."""
    return SMOOTH_SECONDS.check(seconds, "smooth_seconds", "options.smooth_seconds")


def _on_one_side(quats: NDArray[np.float32]) -> NDArray[np.float32]:
    """Signs chosen so that no quaternion leaps to its negative. quats: (T, J, 4)."""
    leaps = np.sum(quats[1:] * quats[:-1], axis=-1) < 0
    signs = np.concatenate([np.ones((1, quats.shape[1])), np.where(np.cumsum(leaps, axis=0) % 2, -1.0, 1.0)])
    return quats * signs[..., None].astype(np.float32)


def _averaged(values: NDArray[np.float32], kernel: NDArray[np.float64]) -> NDArray[np.float64]:
    """values: (T, ...). Weighted means over the first axis; outside there is nothing, so the ends weigh what is inside."""
    reach = len(kernel) // 2
    padded = np.pad(values.reshape(len(values), -1).astype(np.float64), ((reach, reach), (0, 0)))
    inside = np.pad(np.ones(len(values)), reach)
    total, weight = np.zeros((len(values), padded.shape[1])), np.zeros(len(values))
    for shift, share in enumerate(kernel):
        total += share * padded[shift : shift + len(values)]
        weight += share * inside[shift : shift + len(values)]
    return (total / weight[:, None]).reshape(values.shape)
