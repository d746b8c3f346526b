"""`Speech`: what every model hears."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import soxr
from numpy.typing import NDArray

from pantomatrix_converters.errors import LimitError

from ..errors import AudioError

SAMPLE_RATE_HZ = 16_000
_SILENT_DBFS = -65.0
"""Below it nobody is heard, whatever is done with the recording."""


@dataclass(frozen=True, eq=False)
class Speech:
    """Mono speech at SAMPLE_RATE_HZ.

    samples: (S,) float32, full scale 1.0, S > 0.
    notes: what a person should know about the source, one sentence each.
    """

    samples: NDArray[np.float32]
    notes: tuple[str, ...] = ()

    @property
    def duration_seconds(self) -> float:
        return len(self.samples) / SAMPLE_RATE_HZ

    @property
    def level_dbfs(self) -> float:
        """The root mean square in decibels below full scale; -200 for zeros."""
        return 20 * float(np.log10(max(1e-10, float(np.sqrt(np.mean(np.square(self.samples, dtype=np.float64)))))))

    def __repr__(self) -> str:
        return f"Speech({self.duration_seconds:.2f} s, {self.level_dbfs:.0f} dBFS)"


def mono(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean of the channels. samples: (S, channels). Returns (S,)."""
    return samples.mean(axis=1, dtype=np.float32) if samples.shape[1] > 1 else samples[:, 0]


def speech_from_mono(samples: NDArray[np.float32], sample_rate_hz: int, notes: tuple[str, ...] = ()) -> Speech:
    """Resample to SAMPLE_RATE_HZ.

    samples: (S,) finite, at sample_rate_hz. Raises AudioError if there are none.
    """
    if len(samples) == 0:
        raise AudioError("the audio has no samples")
    speech = Speech(np.ascontiguousarray(resampled(samples, sample_rate_hz), np.float32), notes)
    level = speech.level_dbfs
    if level < _SILENT_DBFS:
        text = f"the recording is silent: its level is {level:.0f} dBFS, that of speech is -45 to -10"
        speech = replace(speech, notes=(*notes, text))
    return speech


def resampled(samples: NDArray[np.float32], sample_rate_hz: int) -> NDArray[np.float32]:
    """(S,) at sample_rate_hz to (S',) at SAMPLE_RATE_HZ, S' = S / sample_rate_hz * SAMPLE_RATE_HZ, rounded up."""
    if sample_rate_hz == SAMPLE_RATE_HZ:
        return samples
    values = soxr.resample(samples, sample_rate_hz, SAMPLE_RATE_HZ, quality="HQ")
    whole = np.zeros(-(-len(samples) * SAMPLE_RATE_HZ // sample_rate_hz), np.float32)
    whole[: len(values)] = values[: len(whole)]
    return whole


def check_finite(samples: NDArray[np.float32], sample_rate_hz: int, first: int = 0) -> None:
    """Raise AudioError naming the first sample that is NaN or infinite. `first`: index of samples[0] in the clip."""
    finite = np.isfinite(samples).all(axis=1)
    if not finite.all():
        index = first + int(np.argmin(finite))
        raise AudioError(f"sample {index} ({index / sample_rate_hz:.4f} s) is NaN or infinite")


def check_length(frames: int, sample_rate_hz: int, max_seconds: float) -> None:
    """Raise LimitError for a clip that is longer than allowed."""
    if frames > max_seconds * sample_rate_hz:
        raise LimitError(f"the clip is {frames / sample_rate_hz:.1f} s long, at most {max_seconds:g} s are allowed")
