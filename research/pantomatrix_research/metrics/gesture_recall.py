"""SRGR: semantic-relevant gesture recall (Liu et al., BEAT, ECCV 2022)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .metric import WeightedMean

MEAN_RELEVANCE = 0.165
"""Of BEAT's annotations, as published: what weights are divided by, so that the score may be above 1."""


class GestureRecall(WeightedMean):
    """Share of joints that are nearer than a threshold to the recorded ones, frames weighted by how semantic they are."""

    def __init__(self, threshold: float = 0.1) -> None:
        """threshold: in the unit of the positions; the published one is 0.1 m."""
        super().__init__()
        self._threshold = threshold

    def update(self, predicted: ArrayLike, target: ArrayLike, relevance: ArrayLike | None = None) -> float:
        """predicted, target: (T, J, 3) joint positions. relevance: (T,) of BEAT's annotators, 0 to 1; none counts every frame
        alike. Returns the clip's own."""
        distance = np.linalg.norm(np.asarray(predicted) - np.asarray(target), axis=-1)
        hits = distance < self._threshold
        weights = 1.0 if relevance is None else np.asarray(relevance, np.float64)[:, None] / MEAN_RELEVANCE
        return self._add(float((hits * weights).mean()), len(hits))
