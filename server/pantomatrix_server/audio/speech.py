"""`Speech`: what every model hears."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import NDArray

from pantomatrix_converters.errors import LimitError

from ..errors import AudioError

SAMPLE_RATE_HZ = 16_000


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


def speech_from_samples(samples: NDArray[np.float32], sample_rate_hz: int, notes: tuple[str, ...] = ()) -> Speech:
    """Average the channels and resample.

    samples: (S, channels) float32 at sample_rate_hz. Raises AudioError for no samples, NaN or infinity (with the place).
    """
    if len(samples) == 0:
        raise AudioError("the audio has no samples")
    check_finite(samples, sample_rate_hz)
    mono = samples.mean(axis=1, dtype=np.float32) if samples.shape[1] > 1 else samples[:, 0]
    if sample_rate_hz != SAMPLE_RATE_HZ:
        length = -(-len(mono) * SAMPLE_RATE_HZ // sample_rate_hz)
        resampled = soxr.resample(mono, sample_rate_hz, SAMPLE_RATE_HZ, quality="HQ")
        mono = np.zeros(max(1, length), np.float32)
        mono[: len(resampled)] = resampled[: len(mono)]
    return Speech(np.ascontiguousarray(mono, np.float32), notes)


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
