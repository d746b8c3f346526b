"""Speech whose phones are known, and parts of a corpus on disk."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Phone = tuple[str, float, float]
"""Name in letters of the IPA, start and end in seconds; what has no letters is silence."""


@dataclass(frozen=True, eq=False)
class Speech:
    """samples: (S,) 16 bit at SAMPLE_RATE_HZ. speaker: whose voice, the same for all that one says. language: espeak-ng's
    name of it."""

    samples: NDArray[np.int16]
    phones: list[Phone]
    speaker: str
    language: str


def save_part(path: Path, speeches: Iterable[Speech]) -> None:
    """All at once or not at all."""
    parts = list(speeches)
    about = [{"phones": s.phones, "speaker": s.speaker, "language": s.language} for s in parts]
    unfinished = path.with_suffix(f".{os.getpid()}")
    with unfinished.open("wb") as file:
        np.savez(
            file,
            samples=np.concatenate([np.zeros(0, np.int16), *(s.samples for s in parts)]),
            counts=np.array([len(s.samples) for s in parts], np.int64),
            about=np.array(json.dumps(about)),
        )
    unfinished.rename(path)


def load_part(path: Path) -> Iterator[Speech]:
    with np.load(path, allow_pickle=False) as part:
        samples, counts, about = part["samples"], part["counts"], json.loads(str(part["about"]))
    for end, count, one in zip(np.cumsum(counts).tolist(), counts.tolist(), about, strict=True):
        phones = [(name, start, stop) for name, start, stop in one["phones"]]
        yield Speech(samples[end - count : end], phones, one["speaker"], one["language"])
