"""What happens to speech on its way to a microphone, so that the network hears more than clean voices."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import soxr
from numpy.typing import NDArray

from pantomatrix_models.audio.speech import SAMPLE_RATE_HZ
from pantomatrix_models.builtin.hearing import HOP_SAMPLES, HOPS_PER_SECOND
from pantomatrix_models.builtin.lips import TARGETS
from pantomatrix_models.builtin.phones import articulated

from .rooms import in_room
from .sounds import SILENT, breaths, filtered, hiss, keyboard, music
from .speech import Speech

_ROOMS, _T60_SECONDS, _DIRECT_DB = 0.5, (0.2, 0.8), (15.0, -5.0)
_BESIDE, _BESIDE_DB = 0.15, (6.0, 25.0)
"""How often something else sounds while someone speaks, and how much softer."""


@dataclass(frozen=True, eq=False)
class Heard:
    """samples: (S,) at SAMPLE_RATE_HZ. targets: (H, len(TARGETS)), one row a hop."""

    samples: NDArray[np.float32]
    targets: NDArray[np.float32]


def as_recorded(speech: Speech, random: np.random.Generator) -> Heard:
    """The same at another speed and size of head, in a room, with noise, through a line, louder or softer; and silence
    before and after, or something that is not speech."""
    factor = float(np.exp(random.normal(0, 0.09)))
    spoken = soxr.resample(speech.samples.astype(np.float64), SAMPLE_RATE_HZ * factor, SAMPLE_RATE_HZ)
    before, after = (round(random.uniform(*hops)) for hops in ((15, 100), (15, 80)))
    hops = before - (-len(spoken) // HOP_SAMPLES) + after
    samples = np.pad(spoken, (before * HOP_SAMPLES, (hops - before) * HOP_SAMPLES - len(spoken)))
    lead = before / HOPS_PER_SECOND
    phones = [(name, lead + start / factor, lead + end / factor) for name, start, end in speech.phones]
    targets = articulated(phones, len(samples))
    samples /= np.sqrt(np.mean(spoken**2) + 1e-9)
    if random.random() < _BESIDE:
        other = _even((music, keyboard, breaths)[random.integers(3)](random, len(samples)))
        samples = samples + other * 10 ** (-random.uniform(*_BESIDE_DB) / 20)
    if random.random() < _ROOMS:
        samples = _somewhere(samples, random)
    return Heard(_through_a_line(samples, random), targets)


def without_speech(random: np.random.Generator, seconds: float) -> Heard:
    """A sound that is not speech."""
    hops = int(seconds * HOPS_PER_SECOND)
    sound = _even(SILENT[random.integers(len(SILENT))](random, hops * HOP_SAMPLES))
    if random.random() < 0.5:
        sound = _somewhere(sound, random)
    return Heard(_through_a_line(sound, random), np.zeros((hops, len(TARGETS)), np.float32))


def _somewhere(samples: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.float64]:
    """Nearer microphones are more usual."""
    near, far = _DIRECT_DB
    return in_room(samples, random, random.uniform(*_T60_SECONDS), near + (far - near) * random.random() ** 1.4)


def _through_a_line(samples: NDArray[np.float64], random: np.random.Generator) -> NDArray[np.float32]:
    if random.random() < 0.6:
        tilt = random.uniform(-1.0, 1.0)
        samples = np.convolve(samples, [1.0, tilt * 0.6])[: len(samples)]
    if random.random() < 0.35:
        samples = filtered(6, random.choice([3400, 3800, 5000, 6500]), "low", samples)
    if random.random() < 0.25:
        samples = filtered(2, random.uniform(80, 320), "high", samples)
    below = random.uniform(-2, 60) if random.random() < 0.85 else random.uniform(-2, 12)
    samples = _even(samples) + _even(hiss(random, len(samples))) * 10 ** (-below / 20)
    samples *= 10 ** (random.uniform(-42, -12) / 20)
    return np.clip(samples, -1, 1).astype(np.float32)


def _even(samples: NDArray[np.float64]) -> NDArray[np.float64]:
    """At a power of 1."""
    return samples / np.sqrt(np.mean(samples**2) + 1e-12)
