"""FGD: Fréchet distance of gestures' features (Yoon et al., "Speech Gesture Generation from the Trimodal Context", 2020)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import sqrtm

from .metric import Metric

_OFFSET = 1e-6
"""On the diagonals under the root, as published; so a set is about -2e-6 D from itself."""


class Encoder(Protocol):
    def features(self, sixd: NDArray[np.float32]) -> NDArray[np.float32]: ...


class FrechetGestureDistance(Metric):
    """FGD on the raw scale; papers also print it times ten. Blind to what is faster than its encoder and to feet."""

    def __init__(self, encoder: Encoder | None = None) -> None:
        """encoder: what makes features of motion; none for a metric that only joins others' states."""
        self._encoder = encoder
        self.reset()

    def reset(self) -> None:
        self._predicted: list[NDArray[np.float32]] = []
        self._target: list[NDArray[np.float32]] = []

    def update(self, predicted: ArrayLike, target: ArrayLike) -> None:
        """predicted, target: (T, J * 6) rotations as two columns of their matrices, see `GestureEncoder`."""
        if self._encoder is None:
            raise ValueError("a metric without an encoder takes states, no motions")
        self.update_features(
            self._encoder.features(np.asarray(predicted, np.float32)),
            self._encoder.features(np.asarray(target, np.float32)),
        )

    def update_features(self, predicted: ArrayLike, target: ArrayLike) -> None:
        """predicted, target: (N, D) features."""
        self._predicted.append(np.asarray(predicted, np.float32))
        self._target.append(np.asarray(target, np.float32))

    def merge_state(self, others: Iterable[Self]) -> None:
        for other in others:
            self._predicted += other._predicted
            self._target += other._target

    def compute(self) -> float:
        if sum(map(len, self._predicted)) < 2 or sum(map(len, self._target)) < 2:
            return float("nan")
        return frechet_distance(np.concatenate(self._predicted), np.concatenate(self._target))


def frechet_distance(one: ArrayLike, other: ArrayLike) -> float:
    """Between the normal distributions of two sets of features.

    one, other: (N, D) and (M, D), N and M at least 2. |m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)), with 1e-6 on the
    diagonals under the root (Dowson and Landau, 1982; the offset is the published code's).
    """
    first, second = np.asarray(one, np.float64), np.asarray(other, np.float64)
    spread, other_spread = (np.atleast_2d(np.cov(features, rowvar=False)) for features in (first, second))
    offset = _OFFSET * np.eye(len(spread))
    root = np.asarray(sqrtm((spread + offset) @ (other_spread + offset)))
    apart = np.square(first.mean(axis=0) - second.mean(axis=0)).sum()
    return float(apart + np.trace(spread) + np.trace(other_spread) - 2 * np.trace(root).real)
