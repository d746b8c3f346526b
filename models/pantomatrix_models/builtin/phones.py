"""What lips, jaw and tongue do in each phone: a table by articulatory phonetics, and trajectories with co-articulation."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..alphabets import ARPABET, SILENCES
from .hearing import HOP_SAMPLES, HOPS_PER_SECOND
from .lips import TARGETS

Array = NDArray[np.float64]

_SMOOTH_SECONDS = np.array([0.030, 0.040, 0.040, 0.012, 0.025, 0.020, 0.015, 0.015, 0.012])
"""How far neighbours reach into each other, a standard deviation for each of TARGETS: lips round ahead of a vowel, but shut
at once."""
_PASSAGE_SECONDS = np.sqrt(20.0) * _SMOOTH_SECONDS
"""Length of a cubic passage with that deviation."""
# Openness, rounding, spread, closed, sibilance, tongue, bitten, between. Vowels by height and roundness, consonants by place
# (International Phonetic Association, Handbook, 1999).
_VOWELS = {
    "i": (0.33, 0, 1),
    "ɪ": (0.45, 0, 0.9),
    "e": (0.58, 0, 0.7),
    "ɛ": (0.70, 0, 0.4),
    "æ": (0.90, 0, 0.3),
    "a": (0.95, 0, 0.1),
    "ɐ": (0.75, 0, 0),
    "ɑ": (1.0, 0, 0),
    "ʌ": (0.65, 0, 0),
    "ə": (0.52, 0, 0.1),
    "ɜ": (0.50, 0.25, 0),
    "ɚ": (0.45, 0.35, 0),
    "ɨ": (0.38, 0, 0.6),
    "ᵻ": (0.42, 0, 0.6),
    "ɯ": (0.35, 0, 0.4),
    "ɤ": (0.50, 0, 0.2),
    "u": (0.25, 1, 0),
    "ʊ": (0.40, 0.85, 0),
    "o": (0.58, 0.95, 0),
    "ɔ": (0.75, 0.75, 0),
    "ɒ": (0.85, 0.5, 0),
    "y": (0.28, 1, 0),
    "ʏ": (0.38, 0.85, 0),
    "ø": (0.50, 0.9, 0),
    "œ": (0.65, 0.7, 0),
    "ʉ": (0.28, 0.95, 0),
    "ɵ": (0.45, 0.8, 0),
    "ɘ": (0.50, 0, 0.2),
}
_CONSONANTS = {
    "pbmɓ": (0, 0, 0, 1, 0, 0),
    "fvɱⱱ": (0.11, 0, 0, 0, 0.2, 0, 1),
    "ɸβ": (0.12, 0.2, 0, 0.3, 0, 0),
    "wʍ": (0.14, 1, 0, 0, 0, 0),
    "θð": (0.25, 0, 0.2, 0, 0.1, 1, 0, 1),
    "tdɗʈɖ": (0.27, 0, 0.3, 0, 0.4, 0.7),
    "nɳɾ": (0.28, 0, 0.3, 0, 0.1, 0.7),
    "lɫɭʎɬɮ": (0.31, 0, 0.2, 0, 0, 1),
    "szɕʑ": (0.15, 0, 0.8, 0, 1, 0.2),
    "ʃʒʂʐ": (0.20, 0.6, 0, 0, 1, 0.1),
    "rɹɻʀʁɽ": (0.30, 0.6, 0, 0, 0, 0.2),
    "jʝɥ": (0.30, 0, 0.9, 0, 0, 0.1),
    "kɡgqxɣχcɟŋɲɴç": (0.31, 0, 0.1, 0, 0, 0),
    "hɦħʕʔ": (0.42, 0, 0, 0, 0, 0),
}
_IPA = {name: shape for name, shape in _VOWELS.items()} | {
    name: shape for names, shape in _CONSONANTS.items() for name in names
}


def from_arpabet(name: str) -> str:
    """A phone of CMU's dictionary in the IPA; empty for silence."""
    name = name.lower()
    return "" if name in SILENCES else ARPABET.get(name, name)


Shape = tuple[float, ...]
"""Of each of TARGETS, 0 to 1."""


def shapes(name: str) -> list[Shape]:
    """Of a phone in letters of the IPA, one after another: a diphthong has two. Marks of length, stress and tone have
    none."""
    known = [_IPA[letter] for letter in name if letter in _IPA]
    return [(*shape, *[0.0] * (len(TARGETS) - 1 - len(shape)), 1.0) for shape in known]


def articulated(phones: Sequence[tuple[str, float, float]], samples: int) -> NDArray[np.float32]:
    """phones: (name, start, end) in seconds and in order, in letters of the IPA; what has none is silence. Returns
    (H, len(TARGETS)) trajectories, one row for each hop in `samples`; a diphthong moves from its first shape to its last."""
    parts = [part for name, start, end in phones for part in in_turn(shapes(name), start, end)]
    times = np.arange(-(-samples // HOP_SAMPLES)) / HOPS_PER_SECOND
    return trajectories(parts, times).astype(np.float32)


def in_turn(shapes: Sequence[Shape], start: float, end: float) -> list[tuple[Shape, float, float]]:
    """Each for an equal part of the time."""
    bounds = np.linspace(start, end, len(shapes) + 1).tolist()
    return list(zip(shapes, bounds[:-1], bounds[1:], strict=True))


def trajectories(parts: Sequence[tuple[Shape, float, float]], times: Array, longest_seconds: float = np.inf) -> Array:
    """parts: shapes with start and end in seconds. times: (T,), rising. longest_seconds: of a passage from one to the next.
    Returns (T, len(TARGETS)). Parts that are further away than half of the longest passage change not a bit."""
    passage = np.minimum(_PASSAGE_SECONDS, longest_seconds)
    reach = float(passage.max() / 2)
    track = np.zeros((len(times), len(TARGETS)))
    for shape, start, end in parts:
        first, last = np.searchsorted(times, (start - reach, end + reach))
        near = times[first:last, None]
        track[first:last] += np.asarray(shape) * (_passed(near - start, passage) - _passed(near - end, passage))
    return track


def _passed(seconds: Array, passage: Array) -> Array:
    """(T, len(TARGETS)) how much of the passage at 0 is done: a cubic, so that it begins and ends."""
    done = np.clip(seconds / passage + 0.5, 0.0, 1.0)
    return done * done * (3.0 - 2.0 * done)
