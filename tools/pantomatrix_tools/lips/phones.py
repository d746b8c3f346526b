"""Speech with known phones, to learn from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


def as_ipa(letters: str, voice: str) -> str:
    """What espeak-ng's voice says, in the letters of the IPA: it writes the Russian ы as y."""
    return letters.replace("y", "ɨ") if voice.split("+")[0] == "ru" else letters


@dataclass(frozen=True, eq=False)
class Utterance:
    """samples: (S,) at SAMPLE_RATE_HZ. targets: (H, len(TARGETS)), one row a hop."""

    samples: NDArray[np.float32]
    targets: NDArray[np.float32]
