"""L1Div: how far poses are spread (Liu et al., EMAGE, CVPR 2024)."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from .metric import WeightedMean


class L1Diversity(WeightedMean):
    """Sum over coordinates of the mean absolute deviation from the clip's mean pose; clips weighted by their frames."""

    def update(self, positions: ArrayLike) -> float:
        """positions: (T, ...) joint positions, metres. Returns the clip's own."""
        flat = np.asarray(positions, np.float64).reshape(len(np.asarray(positions)), -1)
        return self._add(float(np.abs(flat - flat.mean(axis=0)).sum() / len(flat)), len(flat))
