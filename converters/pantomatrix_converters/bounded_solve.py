"""Least squares with weights from 0 to 1, for many right-hand sides at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

_SWEEPS, _CLOSE_ENOUGH = 400, 2e-5


def bounded_least_squares(gram: Array, target: NDArray) -> Array:
    """Minimise w' G w / 2 - b' w over 0 <= w <= 1 for many b. gram: (K, K); target: (K, T). Returns (K, T)."""
    diagonal = np.diag(gram)
    weights = np.clip(np.linalg.solve(gram.astype(np.float64), target), 0.0, 1.0).astype(np.float32)
    for _ in range(_SWEEPS):
        largest = 0.0
        for row in range(len(gram)):
            before = weights[row].copy()
            weights[row] = np.clip(before - (gram[row] @ weights - target[row]) / diagonal[row], 0.0, 1.0)
            largest = max(largest, float(np.abs(weights[row] - before).max(initial=0.0)))
        if largest < _CLOSE_ENOUGH:
            break
    return weights
