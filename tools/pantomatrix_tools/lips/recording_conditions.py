"""What happens to speech on its way to a microphone, so that the network hears more than clean voices."""

from __future__ import annotations

import numpy as np
import soxr
from numpy.typing import NDArray
from scipy.signal import butter, fftconvolve, sosfilt

from pantomatrix_models.audio.speech import SAMPLE_RATE_HZ
from pantomatrix_models.builtin.hearing import HOP_SAMPLES, HOPS_PER_SECOND

from .phones import Utterance


def as_recorded(utterance: Utterance, random: np.random.Generator) -> Utterance:
    """The same at another speed and size of head, in a room, with noise, through a line, louder or softer; and silence
    before and after."""
    samples, targets = utterance.samples.astype(np.float64), utterance.targets
    factor = np.exp(random.normal(0, 0.09))
    samples = soxr.resample(samples, SAMPLE_RATE_HZ * factor, SAMPLE_RATE_HZ)
    before, after = random.uniform(0.15, 1.0), random.uniform(0.15, 0.8)
    hops = -(-len(samples) // HOP_SAMPLES)
    source = np.arange(hops) * factor
    stretched = np.stack([np.interp(source, np.arange(len(targets)), column) for column in targets.T], axis=1)
    lead = round(before * HOPS_PER_SECOND)
    targets = np.concatenate(
        [np.zeros((lead, targets.shape[1])), stretched, np.zeros((round(after * HOPS_PER_SECOND), targets.shape[1]))]
    )
    samples = np.pad(samples, (lead * HOP_SAMPLES, len(targets) * HOP_SAMPLES - lead * HOP_SAMPLES - len(samples)))
    power = np.sqrt(np.mean(samples**2) + 1e-9)
    samples /= power
    if random.random() < 0.5:
        length = int(random.uniform(0.08, 0.5) * SAMPLE_RATE_HZ)
        tail = random.normal(size=length) * np.exp(-6.9 * np.arange(length) / length)
        tail *= random.uniform(0.05, 0.6) / np.sqrt(np.sum(tail**2))
        tail[0] = 1.0
        samples = fftconvolve(samples, tail)[: len(samples)]
    if random.random() < 0.6:
        tilt = random.uniform(-1.0, 1.0)
        samples = np.convolve(samples, [1.0, tilt * 0.6])[: len(samples)]
    if random.random() < 0.35:
        samples = _filtered(6, random.choice([3400, 3800, 5000, 6500]), "low", samples)
    if random.random() < 0.25:
        samples = _filtered(2, random.uniform(80, 320), "high", samples)
    noise = random.normal(size=len(samples))
    if random.random() < 0.6:
        noise = _filtered(1, random.uniform(200, 2000), "low", noise)
    noise /= np.sqrt(np.mean(noise**2))
    if random.random() < 0.2:
        rumble = _filtered(2, random.uniform(50, 120), "low", random.normal(size=len(samples)))
        noise += rumble / np.sqrt(np.mean(rumble**2)) * random.uniform(2, 20)
    samples = samples / np.sqrt(np.mean(samples**2)) + noise * 10 ** (-random.uniform(8, 60) / 20)
    samples *= 10 ** (random.uniform(-38, -12) / 20)
    return Utterance(np.clip(samples, -1, 1).astype(np.float32), targets.astype(np.float32))


def _filtered(order: int, hertz: float, kind: str, samples: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(sosfilt(butter(order, hertz, kind, fs=SAMPLE_RATE_HZ, output="sos"), samples))
