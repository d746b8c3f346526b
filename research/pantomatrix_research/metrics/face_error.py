"""LVDFace and MSEFace: how far the vertices of two faces are apart, in motion and in place (EMAGE, CVPR 2024; LVD after Yi et
al., TalkSHOW, CVPR 2023)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .metric import WeightedMean


class FaceVelocityError(WeightedMean):
    """LVDFace: mean absolute difference of vertices' steps from frame to frame, metres a frame; clips weighted by frames.

    As published it is the sum over T - 1 steps divided by T frames.
    """

    def update(self, predicted: ArrayLike, target: ArrayLike, still: int = 0) -> float:
        """predicted, target: (T, ...) vertices, metres, on the same frames. still: how many more coordinates a frame has that
        are the same in both, and count in the mean. Returns the clip's own."""
        one, other = _pair(predicted, target)
        return self._add(float(np.abs(np.diff(one - other, axis=0)).sum() / (one.size + still * len(one))), len(one))


class FaceError(WeightedMean):
    """MSEFace: mean squared difference of vertices' coordinates, square metres; clips weighted by frames."""

    def update(self, predicted: ArrayLike, target: ArrayLike, still: int = 0) -> float:
        """As `FaceVelocityError.update`."""
        one, other = _pair(predicted, target)
        return self._add(float(np.square(one - other).sum() / (one.size + still * len(one))), len(one))


def _pair(predicted: ArrayLike, target: ArrayLike) -> tuple[np.ndarray, np.ndarray]:
    one, other = np.asarray(predicted, np.float64), np.asarray(target, np.float64)
    if one.shape != other.shape:
        raise ValueError(f"predicted {one.shape} and target {other.shape} have to be of one shape")
    return one, other
