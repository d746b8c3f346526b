"""Several channels to one, which a person would hear in all of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from .speech import mono

Array = NDArray[np.float32]

_SPEECH_HZ = 8_000
"""Channels are compared at about this rate, in their differences from sample to sample: neither hum nor hiss decides."""
_STRETCH = _SPEECH_HZ
"""Samples of that rate which are judged together."""
_KEPT_ENERGY = 0.5
"""Of the sum of the channels' energies. What has nothing in common keeps 1, what is the same keeps more."""
_CANCELLED_SHARE = 0.1
_SILENT_SHARE = 1e-4
"""Of the loudest channel's energy: 40 dB below it."""


def one_channel(blocks: Callable[[], Iterable[Array]], sample_rate_hz: int) -> tuple[Array, tuple[str, ...]]:
    """(S,) samples, and what was done beyond taking the mean.

    blocks: gives the recording, a block (S, channels) at a time, from its beginning each time it is called.
    Where channels cancel each other in the mean, the louder one is taken. Silent channels do not weaken the others.
    """
    means: list[Array] = []
    judge = _Judge(sample_rate_hz)
    for block in blocks():
        judge.add(block)
        means.append(mono(block))
    if not means:
        return np.zeros(0, np.float32), ()
    judge.finish()
    if not judge.cancels:
        mean = np.concatenate(means) if len(means) > 1 else means[0]
        return (mean * np.float32(judge.gain) if judge.gain != 1 else mean), ()
    del means
    loudest = int(np.argmax(judge.energies))
    note = (
        f"the channels cancel each other: channel {loudest + 1} of {len(judge.energies)}, the loudest, is taken alone"
    )
    return np.concatenate([block[:, loudest] for block in blocks()]), (note,)


class _Judge:
    """Measures channels. energies: (channels,)."""

    def __init__(self, sample_rate_hz: int) -> None:
        self._group = max(1, round(sample_rate_hz / _SPEECH_HZ))
        self._rest: Array | None = None
        self._total = self._cancelled = 0.0
        self.energies = np.zeros(1)

    def add(self, block: Array) -> None:
        if self._rest is None:
            self.energies = np.zeros(block.shape[1])
        if block.shape[1] == 1:
            self._rest = block[:0]
            return
        if self._rest is not None and len(self._rest):
            block = np.concatenate([self._rest, block])
        stretch = self._group * _STRETCH
        whole = len(block) // stretch * stretch
        for start in range(0, whole, stretch):
            self._judge(block[start : start + stretch])
        self._rest = block[whole:]

    def finish(self) -> None:
        """Judge what is left over."""
        if self._rest is not None and len(self._rest) > 1:
            self._judge(self._rest)

    def _judge(self, stretch: Array) -> None:
        if len(stretch) >= 4 * self._group:
            whole = len(stretch) // self._group * self._group
            stretch = stretch[:whole].reshape(-1, self._group, stretch.shape[1]).mean(axis=1, dtype=np.float32)
        change = np.diff(stretch.astype(np.float64), axis=0)
        energies = np.square(change).sum(axis=0)
        of_all = float(energies.sum())
        self.energies += energies
        self._total += of_all
        if float(np.square(change.sum(axis=1)).sum()) < _KEPT_ENERGY * of_all:
            self._cancelled += of_all

    @property
    def cancels(self) -> bool:
        """Whether much of the recording is lost in the mean."""
        return self._cancelled > _CANCELLED_SHARE * self._total

    @property
    def gain(self) -> float:
        """By which the mean of all is that of the channels that are not silent."""
        heard = int((self.energies > _SILENT_SHARE * self.energies.max()).sum())
        return len(self.energies) / heard if heard else 1.0
