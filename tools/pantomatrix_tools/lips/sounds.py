"""Sounds that are not speech, which must not move a mouth: noise, music, keyboards, breaths."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.signal import butter, sosfilt

from pantomatrix_models.audio.speech import SAMPLE_RATE_HZ

Array = NDArray[np.float64]
Sound = Callable[[np.random.Generator, int], Array]
"""(S,) samples of a sound, of any loudness."""


def filtered(order: int, hertz: float | tuple[float, float], kind: str, samples: Array) -> Array:
    return np.asarray(sosfilt(butter(order, hertz, kind, fs=SAMPLE_RATE_HZ, output="sos"), samples))


def hiss(random: np.random.Generator, count: int) -> Array:
    """White, or falling towards high frequencies as fans and traffic do; at times with a rumble below."""
    noise = random.normal(size=count)
    if random.random() < 0.6:
        noise = filtered(1, random.uniform(100, 2000), "low", noise)
    noise /= np.sqrt(np.mean(noise**2))
    if random.random() < 0.2:
        rumble = filtered(2, random.uniform(50, 120), "low", random.normal(size=count))
        noise += rumble / np.sqrt(np.mean(rumble**2)) * random.uniform(2, 20)
    return noise


def music(random: np.random.Generator, count: int) -> Array:
    """Chords with overtones that fall off or swell, a melody, a bass and drums, each at times."""
    sound, times = np.zeros(count), np.arange(count) / SAMPLE_RATE_HZ
    beat = 60.0 / random.uniform(70, 150)
    key = 110.0 * 2 ** (random.integers(0, 12) / 12)
    scale = np.array([0, 2, 4, 5, 7, 9, 11]) if random.random() < 0.5 else np.array([0, 2, 3, 5, 7, 8, 10])
    drums, melody, chords = random.random(3) < (0.5, 0.6, 0.8)
    overtones, steep = random.integers(2, 14), random.uniform(0.6, 2.0)
    swell, fall, shake = random.uniform(0.005, 0.15), random.uniform(0.15, 3.0), random.uniform(0, 0.012)
    place = 0.0
    while place < times[-1]:
        notes = [key * 2 ** (scale[(random.integers(7) + step) % 7] / 12) for step in (0, 2, 4)] if chords else []
        if melody:
            notes.append(2.0 * key * 2 ** (scale[random.integers(7)] / 12))
        span = slice(int(place * SAMPLE_RATE_HZ), min(count, int((place + 4 * beat) * SAMPLE_RATE_HZ)))
        local = times[span] - place
        envelope = np.minimum(local / swell, 1.0) * np.exp(-local / fall)
        for note in notes:
            phase = 2 * np.pi * note * local + shake * note * np.sin(2 * np.pi * 5.5 * local)
            for overtone in range(1, overtones + 1):
                if overtone * note < SAMPLE_RATE_HZ / 2:
                    sound[span] += envelope * np.sin(overtone * phase) / overtone**steep
        place += beat * random.choice([1, 2, 4])
    if drums or not (melody or chords):
        for start in np.arange(0, times[-1], beat / 2):
            span = slice(int(start * SAMPLE_RATE_HZ), min(count, int((start + 0.2) * SAMPLE_RATE_HZ)))
            local = times[span] - start
            kind = random.integers(3)
            hit = random.normal(size=len(local)) if kind else np.sin(2 * np.pi * 60 * np.exp(-8 * local) * local)
            sound[span] += hit * np.exp(-local / (0.01, 0.03, 0.08)[kind]) * random.uniform(0.3, 1.5)
    return sound + 1e-4 * random.normal(size=count)


def keyboard(random: np.random.Generator, count: int) -> Array:
    """Clicks of keys that go down and come up, each with a ring of its own."""
    sound = 1e-3 * random.normal(size=count)
    at = random.exponential(0.05)
    while at * SAMPLE_RATE_HZ < count:
        for delay, size in ((0.0, 1.0), (random.uniform(0.06, 0.12), random.uniform(0.2, 0.8))):
            start = int((at + delay) * SAMPLE_RATE_HZ)
            local = np.arange(min(int(0.04 * SAMPLE_RATE_HZ), max(0, count - start))) / SAMPLE_RATE_HZ
            ring = np.sin(2 * np.pi * random.uniform(150, 4000) * local) * random.uniform(0, 1.5)
            click = (random.normal(size=len(local)) + ring) * np.exp(-local / random.uniform(0.001, 0.012))
            sound[start : start + len(local)] += size * click
        at += random.uniform(0.06, 0.5)
    return sound


def breaths(random: np.random.Generator, count: int) -> Array:
    """In and out: noise through a throat, which swells and falls."""
    sound = 1e-4 * random.normal(size=count)
    at = random.uniform(0.0, 1.0)
    while at * SAMPLE_RATE_HZ < count:
        length = random.uniform(0.25, 1.4)
        start = int(at * SAMPLE_RATE_HZ)
        span = min(int(length * SAMPLE_RATE_HZ), count - start)
        noise = random.normal(size=span)
        low = random.uniform(300, 1200)
        breath = filtered(1, (low, low * random.uniform(2.5, 6.0)), "band", noise)
        for _ in range(random.integers(0, 3)):
            middle = random.uniform(500, 3500)
            breath = breath + filtered(1, (middle * 0.9, middle * 1.1), "band", noise) * random.uniform(0.3, 2.0)
        shape = np.sin(np.pi * (np.arange(span) / max(span, 1)) ** random.uniform(0.5, 1.6)) ** random.uniform(0.7, 2.0)
        sound[start : start + span] += breath / max(float(breath.std()), 1e-9) * shape
        at += length + random.uniform(0.2, 2.0)
    return sound


SILENT: tuple[Sound, ...] = (hiss, music, keyboard, breaths)
