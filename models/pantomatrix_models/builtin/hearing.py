"""What the builtin model hears: band levels, voicing and pitch, a hundred times a second."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..audio.speech import SAMPLE_RATE_HZ

HOPS_PER_SECOND = 100
HOP_SAMPLES = SAMPLE_RATE_HZ // HOPS_PER_SECOND
WINDOW_SAMPLES = 512
"""Samples in an analysis window, 32 ms, centred on its hop."""

BAND_EDGES_HZ = (100, 300, 500, 800, 1200, 1800, 2600, 3800, 5500, 7600)
_MELS, _MEL_RANGE_HZ = 28, (90.0, 7600.0)
COLUMNS = 11 + _MELS
_FFT = 1024
_PITCH_HZ = (75.0, 400.0)
_SILENCE_POWER = 1e-10
_ROWS, _TERMS = 8, 256
_BLOCK = 12 * _ROWS
"""Hops analysed at once: more no longer fit into the processor's cache and take three times as long."""


@dataclass(frozen=True, eq=False)
class Heard:
    """Consecutive hops; hop h is at h / HOPS_PER_SECOND seconds.

    values: (H, COLUMNS), the columns that follow as properties.
    """

    values: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.values)

    @property
    def bands_db(self) -> NDArray[np.float64]:
        """(H, 9) power in the bands between BAND_EDGES_HZ, decibels relative to full scale."""
        return self.values[:, :9]

    @property
    def voicing(self) -> NDArray[np.float64]:
        """(H,) height of the autocorrelation's peak at the pitch, 0 to 1."""
        return self.values[:, 9]

    @property
    def pitch_hz(self) -> NDArray[np.float64]:
        """(H,) fundamental frequency; means something where voicing is above about 0.5."""
        return self.values[:, 10]

    @property
    def level_db(self) -> NDArray[np.float64]:
        """(H,) power from 300 Hz to 3.8 kHz, where speech is, decibels relative to full scale."""
        return 10.0 * np.log10((10.0 ** (self.bands_db[:, 1:7] / 10.0)).sum(axis=1) + 1e-12)

    @property
    def mels_db(self) -> NDArray[np.float64]:
        """(H, 28) power in triangular bands of equal width on the mel scale, decibels relative to full scale."""
        return self.values[:, 11:]


class Hearing:
    """Cuts the samples of one utterance into windows, which `analysed` hears. Windows reach half their length beyond the ends
    of the audio, where there is silence. Which windows there are does not depend on how the samples were cut."""

    def __init__(self) -> None:
        self._pending = np.zeros(WINDOW_SAMPLES // 2, np.float32)
        self._hops = 0

    def push(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        """(H, WINDOW_SAMPLES) those that are complete."""
        self._pending = np.concatenate([self._pending, samples])
        hops = max(0, (len(self._pending) - WINDOW_SAMPLES) // HOP_SAMPLES + 1)
        if not hops:
            return np.zeros((0, WINDOW_SAMPLES), np.float32)
        step = self._pending.strides[0]
        windows = np.lib.stride_tricks.as_strided(
            self._pending, (hops, WINDOW_SAMPLES), (HOP_SAMPLES * step, step), writeable=False
        )
        self._pending = self._pending[hops * HOP_SAMPLES :]
        self._hops += hops
        return windows

    def finish(self, hops: int) -> NDArray[np.float32]:
        """The remaining windows up to a total of `hops`, the audio followed by silence."""
        missing = (hops - self._hops - 1) * HOP_SAMPLES + WINDOW_SAMPLES - len(self._pending)
        return self.push(np.zeros(max(0, missing), np.float32))


_FREQUENCIES = np.fft.rfftfreq(_FFT, 1 / SAMPLE_RATE_HZ)
_EDGES = np.searchsorted(_FREQUENCIES, BAND_EDGES_HZ)
_HANN = np.hanning(WINDOW_SAMPLES + 1)[:-1]
_LAGS = slice(int(SAMPLE_RATE_HZ / _PITCH_HZ[1]), int(SAMPLE_RATE_HZ / _PITCH_HZ[0]) + 1)
_HANN_CORRELATION = np.fft.irfft(np.abs(np.fft.rfft(_HANN, _FFT)) ** 2)
_LAG_BIAS = _HANN_CORRELATION[_LAGS] / _HANN_CORRELATION[0]


def _mel_bands() -> NDArray[np.float64]:
    """(bins, _MELS) weights of the triangles; the mel scale is O'Shaughnessy's, 2595 log10(1 + f / 700)."""
    low, high = (2595.0 * np.log10(1.0 + hertz / 700.0) for hertz in _MEL_RANGE_HZ)
    edges = 700.0 * (10.0 ** (np.linspace(low, high, _MELS + 2) / 2595.0) - 1.0)
    rising = (_FREQUENCIES[:, None] - edges[:-2]) / (edges[1:-1] - edges[:-2])
    falling = (edges[2:] - _FREQUENCIES[:, None]) / (edges[2:] - edges[1:-1])
    return np.maximum(np.minimum(rising, falling), 0.0)


_MEL_BANDS = _mel_bands()


def steady_product(values: NDArray, matrix: NDArray) -> NDArray:
    """values @ matrix, _ROWS rows and _TERMS terms at a time. Products of other sizes may differ in their last bits, large
    ones even by row, or with the number of threads; and what is heard may depend neither on how the audio
    was cut nor on the machine."""
    count, width = values.shape
    padded = np.concatenate([values, np.zeros((-count % _ROWS, width), values.dtype)]).reshape(-1, _ROWS, width)
    total = padded[..., :_TERMS] @ matrix[:_TERMS]
    for first in range(_TERMS, width, _TERMS):
        total += padded[..., first : first + _TERMS] @ matrix[first : first + _TERMS]
    return total.reshape(-1, matrix.shape[1])[:count]


def analysed(windows: NDArray[np.float32]) -> Heard:
    """windows: (H, WINDOW_SAMPLES), of one utterance or of several."""
    return Heard(
        np.concatenate([_analysed(windows[at : at + _BLOCK]) for at in range(0, max(len(windows), 1), _BLOCK)])
    )


def _analysed(windows: NDArray[np.float32]) -> NDArray[np.float64]:
    power = np.abs(np.fft.rfft(windows * _HANN, _FFT, axis=1)) ** 2
    power[:, : _EDGES[0]] = 0
    scale = 4.0 / WINDOW_SAMPLES**2 / 1.5
    bands = np.add.reduceat(power, _EDGES, axis=1)[:, :-1] * scale
    correlation = np.fft.irfft(power, axis=1)
    total = correlation[:, :1]
    normalised = correlation[:, _LAGS] / np.where(total > 0, total, 1.0) / _LAG_BIAS
    best = np.argmax(normalised, axis=1)
    voicing = np.clip(normalised[np.arange(len(best)), best], 0.0, 1.0)
    pitch = SAMPLE_RATE_HZ / (best + _LAGS.start)
    mels_db = 10.0 * np.log10(steady_product(power, _MEL_BANDS) * scale + _SILENCE_POWER)
    return np.column_stack([10.0 * np.log10(bands + _SILENCE_POWER), voicing, pitch, mels_db])
