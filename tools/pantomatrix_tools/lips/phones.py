"""What lips, jaw and tongue do in each phone: a table by articulatory phonetics, and trajectories with co-articulation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from pantomatrix_models.builtin.hearing import HOP_SAMPLES, HOPS_PER_SECOND
from pantomatrix_models.builtin.lips import TARGETS

_SMOOTH_SECONDS = (0.030, 0.040, 0.040, 0.012, 0.025, 0.020, 0.012)
"""How far neighbours reach into each other, by column: lips round ahead of a vowel, but shut at once."""

# Openness, rounding, spread, closed, sibilance, tongue. Vowels by height and roundness, consonants by place
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
    "fvɱⱱ": (0.11, 0, 0, 0.25, 0.2, 0),
    "ɸβ": (0.12, 0.2, 0, 0.3, 0, 0),
    "wʍ": (0.14, 1, 0, 0, 0, 0),
    "θð": (0.25, 0, 0.2, 0, 0.1, 1),
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
_IPA = {name: (*shape, 0.0, 0.0, 0.0) for name, shape in _VOWELS.items()} | {
    name: shape for names, shape in _CONSONANTS.items() for name in names
}
_ARPABET = {
    "aa": "ɑ",
    "ae": "æ",
    "ah": "ʌ",
    "ao": "ɔ",
    "aw": "aʊ",
    "ay": "aɪ",
    "ax": "ə",
    "eh": "ɛ",
    "er": "ɚ",
    "ey": "eɪ",
    "ih": "ɪ",
    "iy": "i",
    "ow": "oʊ",
    "oy": "ɔɪ",
    "uh": "ʊ",
    "uw": "u",
    "ch": "tʃ",
    "jh": "dʒ",
    "dh": "ð",
    "th": "θ",
    "sh": "ʃ",
    "zh": "ʒ",
    "ng": "ŋ",
    "hh": "h",
    "y": "j",
    "g": "ɡ",
    "pau": "",
    "sil": "",
}


def from_arpabet(name: str) -> str:
    """A phone of CMU's dictionary in the IPA; empty for silence."""
    return _ARPABET.get(name.lower(), name.lower())


def as_ipa(letters: str, voice: str) -> str:
    """What espeak-ng's voice says, in the letters of the IPA: it writes the Russian ы as y."""
    return letters.replace("y", "ɨ") if voice.split("+")[0] == "ru" else letters


@dataclass(frozen=True, eq=False)
class Utterance:
    """samples: (S,) at SAMPLE_RATE_HZ. targets: (H, len(TARGETS)), one row a hop."""

    samples: NDArray[np.float32]
    targets: NDArray[np.float32]


def articulated(phones: Sequence[tuple[str, float, float]], samples: int) -> NDArray[np.float32]:
    """phones: (name, start, end) in seconds, in letters of the IPA; what has none is silence. Returns
    (H, len(TARGETS)) trajectories of so many samples' hops; a diphthong goes from its first shape to its last."""
    fine = 4
    track = np.zeros((-(-samples * fine // HOP_SAMPLES) + fine, len(TARGETS)))
    for name, start, end in phones:
        shapes = _shapes(name)
        low, high = (round(seconds * HOPS_PER_SECOND * fine) for seconds in (start, end))
        for number, shape in enumerate(shapes):
            first, last = (low + (high - low) * (number + add) // len(shapes) for add in (0, 1))
            track[first:last] = (*shape, 1.0)
    for column, sigma in enumerate(_SMOOTH_SECONDS):
        track[:, column] = gaussian_filter1d(track[:, column], sigma * HOPS_PER_SECOND * fine)
    return track[::fine][: -(-samples // HOP_SAMPLES)].astype(np.float32)


def _shapes(name: str) -> list[tuple[float, ...]]:
    """Of the name's letters; marks of length, stress and tone have none."""
    return [_IPA[letter] for letter in name if letter in _IPA]
