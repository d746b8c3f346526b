"""What a room adds to a sound: early reflections one by one, and a tail that falls by 60 dB in T60."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.signal import fftconvolve

from pantomatrix_models.audio.speech import SAMPLE_RATE_HZ

Array = NDArray[np.float64]

_DECAY = np.log(10.0**3)


def response(random: np.random.Generator, t60_seconds: float, direct_db: float) -> Array:
    """(S,) the direct sound first. direct_db: its power over that of all reflections."""
    length = int(t60_seconds * SAMPLE_RATE_HZ)
    times = np.arange(length) / SAMPLE_RATE_HZ
    first = random.uniform(0.002, 0.012)
    tail = random.normal(size=length) * np.exp(-_DECAY * times / t60_seconds)
    # The tail thickens: walls are met more and more often.
    tail *= np.clip((times - first) / 0.03, 0.0, 1.0) ** 0.5
    count = random.integers(4, 14)
    at = (first + random.exponential(0.018, count)).clip(0, t60_seconds * 0.9)
    sizes = random.choice([-1.0, 1.0], count) * np.exp(-_DECAY * at / t60_seconds) * random.uniform(0.4, 1.0, count)
    early = np.zeros(length)
    np.add.at(early, (at * SAMPLE_RATE_HZ).astype(int), sizes)
    share = random.uniform(0.2, 0.7)
    reflected = early * np.sqrt(share / max(np.sum(early**2), 1e-12))
    reflected += tail * np.sqrt((1.0 - share) / max(np.sum(tail**2), 1e-12))
    reflected[0] = 0.0
    reflected *= 10.0 ** (-direct_db / 20.0) / np.sqrt(np.sum(reflected**2))
    reflected[0] = 1.0
    return reflected


def in_room(samples: Array, random: np.random.Generator, t60_seconds: float, direct_db: float) -> Array:
    """(S,) as long as before."""
    return np.asarray(fftconvolve(samples, response(random, t60_seconds, direct_db)))[: len(samples)]
