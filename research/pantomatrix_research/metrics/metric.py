"""What every metric does."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any, Self


class Metric(ABC):
    """A number over many clips, as in torchmetrics: `update` takes a clip, `compute` gives the number for all since `reset`.

    Metrics of one kind and one configuration that have seen different clips join by `merge_state`, in whatever processes they
    were. `compute` gives NaN before the first clip.
    """

    @abstractmethod
    def reset(self) -> None:
        """Forget every clip."""

    @abstractmethod
    def merge_state(self, others: Iterable[Any]) -> None:
        """Take in what others of its kind have seen, in that order."""

    @abstractmethod
    def compute(self) -> float:
        """The number for all clips seen."""


class WeightedMean(Metric):
    """A metric that is a mean over clips, each with a weight, most often its frames."""

    def __init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self._sum, self._weight = 0.0, 0.0

    def merge_state(self, others: Iterable[Self]) -> None:
        for other in others:
            self._sum += other._sum
            self._weight += other._weight

    def compute(self) -> float:
        return self._sum / self._weight if self._weight else float("nan")

    def _add(self, value: float, weight: float) -> float:
        self._sum += value * weight
        self._weight += weight
        return value
