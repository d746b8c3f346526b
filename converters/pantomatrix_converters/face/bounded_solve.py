"""Least squares with weights from 0 to 1, for many right-hand sides at once."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

_OVER_RELAXATION = 1.6
_ROUND, _MOST_ROUNDS = 10, 60
_CLOSE_ENOUGH = 1e-4
"""Largest change of a weight over the last step of a round."""


def bounded_least_squares(gram: Array, target: NDArray) -> Array:
    """Minimise w' G w / 2 - b' w over 0 <= w <= 1 for many b, by the alternating direction method of multipliers (Boyd et al.
    2011): every step is one product with a matrix that is the same for all.

    gram: (K, K) positive definite; target: (K, T). Returns (K, T).
    """
    exact = gram.astype(np.float64)
    weights = np.linalg.solve(exact, target).astype(np.float32)
    active = np.flatnonzero(((weights < 0) | (weights > 1)).any(axis=0))
    np.clip(weights, 0.0, 1.0, out=weights)
    eigenvalues = np.linalg.eigvalsh(exact)
    penalty = float(np.sqrt(eigenvalues[0] * eigenvalues[-1]))
    inverse = np.linalg.inv(exact + penalty * np.eye(len(exact)))
    step = (penalty * inverse).astype(np.float32)
    shift = (inverse @ target[:, active]).astype(np.float32)
    bounded = weights[:, active]
    dual = np.zeros_like(bounded)
    for _ in range(_MOST_ROUNDS):
        if not len(active):
            break
        before = bounded
        for _ in range(_ROUND):
            before = bounded
            free = step @ (bounded - dual)
            free += shift
            free *= _OVER_RELAXATION
            free += (1.0 - _OVER_RELAXATION) * bounded
            free += dual
            bounded = np.clip(free, 0.0, 1.0)
            dual = free - bounded
        moving = np.abs(bounded - before).max(axis=0) > _CLOSE_ENOUGH
        weights[:, active] = bounded
        active, shift, bounded, dual = active[moving], shift[:, moving], bounded[:, moving], dual[:, moving]
    return weights
