"""Which windows each step sees: told by the seed and the step alone, so that nothing has to be remembered to go on."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Tensor
from torch.utils.data import Sampler


class StepOrder(Sampler[list[int]]):
    """Lists of windows, a list a step, this process' share of the batch."""

    def __init__(
        self,
        windows: int,
        batch: int,
        first_step: int,
        steps: int,
        seed: int,
        rank: int,
        world: int,
        drawn: Tensor | None,
    ) -> None:
        """drawn: (windows,) how often each is drawn; None for each once in an epoch, in a new order."""
        self._windows, self._batch, self._seed, self._drawn = windows, batch, seed, drawn
        self._steps, self._rank, self._world = range(first_step, steps), rank, world

    def __len__(self) -> int:
        return len(self._steps)

    def __iter__(self) -> Iterator[list[int]]:
        for step in self._steps:
            yield self._of(step)[self._rank :: self._world]

    def _of(self, step: int) -> list[int]:
        if self._drawn is not None:
            return torch.multinomial(self._drawn, self._batch, replacement=True, generator=self._random(step)).tolist()
        first = step * self._batch
        return [self._at(place) for place in range(first, first + self._batch)]

    def _at(self, place: int) -> int:
        epoch, index = divmod(place, self._windows)
        if getattr(self, "_epoch", None) != epoch:
            self._epoch, self._permutation = (
                epoch,
                torch.randperm(self._windows, generator=self._random(epoch)).tolist(),
            )
        return self._permutation[index]

    def _random(self, number: int) -> torch.Generator:
        return torch.Generator().manual_seed(self._seed * 1_000_003 + number)
