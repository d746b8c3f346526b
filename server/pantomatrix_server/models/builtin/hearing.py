"""What the builtin model hears: band levels, voicing and pitch, a hundred times a second."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ...audio.speech import SAMPLE_RATE_HZ

HOPS_PER_SECOND = 100
HOP = SAMPLE_RATE_HZ // HOPS_PER_SECOND
WINDOW = 512
"""Samples in an analysis window, 32 ms, centred on its hop."""

BAND_EDGES_HZ = (100, 300, 500, 800, 1200, 1800, 2600, 3800, 5500, 7600)
_FFT = 1024
_PITCH_HZ = (75.0, 400.0)
_SILENCE_POWER = 1e-10
_BLOCK = 100
"""Hops analysed at once: more no longer fit into the processor's cache and take three times as long."""


@dataclass(frozen=True, eq=False)
class Heard:
    """Consecutive hops; hop h is at h / HOPS_PER_SECOND seconds.

    bands_db: (H, 9) power in the bands between BAND_EDGES_HZ, decibels relative to full scale.
    voicing: (H,) height of the autocorrelation's peak at the pitch, 0 to 1.
    pitch_hz: (H,) fundamental frequency; means something where voicing is above about 0.5.
    """

    bands_db: NDArray[np.float64]
    voicing: NDArray[np.float64]
    pitch_hz: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.voicing)


def join_heard(pieces: Sequence[Heard]) -> Heard:
    """Consecutive pieces as one; at least one is needed."""
    return Heard(
        np.concatenate([piece.bands_db for piece in pieces]),
        np.concatenate([piece.voicing for piece in pieces]),
        np.concatenate([piece.pitch_hz for piece in pieces]),
    )


class Hearing:
    """Cuts samples into windows and analyses each. Windows reach half their length beyond the ends of the audio, where
    there is silence. What comes out does not depend on how the samples were cut."""

    def __init__(self) -> None:
        self._pending = np.zeros(WINDOW // 2, np.float32)
        self._hops = 0
        frequencies = np.fft.rfftfreq(_FFT, 1 / SAMPLE_RATE_HZ)
        self._edges = np.searchsorted(frequencies, BAND_EDGES_HZ)
        self._window = np.hanning(WINDOW + 1)[:-1]
        window_correlation = np.fft.irfft(np.abs(np.fft.rfft(self._window, _FFT)) ** 2)
        shortest, longest = (int(SAMPLE_RATE_HZ / hz) for hz in reversed(_PITCH_HZ))
        self._lags = slice(shortest, longest + 1)
        self._lag_bias = window_correlation[self._lags] / window_correlation[0]

    def push(self, samples: NDArray[np.float32]) -> Heard:
        """Hops whose windows are complete."""
        self._pending = np.concatenate([self._pending, samples])
        hops = max(0, (len(self._pending) - WINDOW) // HOP + 1)
        windows = np.zeros((0, WINDOW), np.float32)
        if hops:
            windows = np.lib.stride_tricks.sliding_window_view(self._pending, WINDOW)[: hops * HOP : HOP]
        self._pending = self._pending[hops * HOP :]
        self._hops += hops
        return join_heard([self._analyse(windows[at : at + _BLOCK]) for at in range(0, max(hops, 1), _BLOCK)])

    def finish(self, hops: int) -> Heard:
        """The remaining hops up to a total of `hops`, the audio followed by silence."""
        missing = (hops - self._hops - 1) * HOP + WINDOW - len(self._pending)
        return self.push(np.zeros(max(0, missing), np.float32))

    def _analyse(self, windows: NDArray[np.float32]) -> Heard:
        power = np.abs(np.fft.rfft(windows * self._window, _FFT, axis=1)) ** 2
        power[:, : self._edges[0]] = 0
        bands = np.add.reduceat(power, self._edges, axis=1)[:, :-1] * (4.0 / WINDOW**2 / 1.5)
        correlation = np.fft.irfft(power, axis=1)
        total = correlation[:, :1]
        normalised = correlation[:, self._lags] / np.where(total > 0, total, 1.0) / self._lag_bias
        best = np.argmax(normalised, axis=1)
        voicing = np.clip(normalised[np.arange(len(best)), best], 0.0, 1.0)
        pitch = SAMPLE_RATE_HZ / (best + self._lags.start)
        return Heard(10.0 * np.log10(bands + _SILENCE_POWER), voicing, pitch)
