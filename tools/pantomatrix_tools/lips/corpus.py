"""The synthesised part of the training corpus: random words said by many voices. The same seed gives the same corpus."""

from __future__ import annotations

import ctypes.util
import importlib.util
import shutil
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np

from .phones import Utterance
from .prompts import missing as missing_prompts
from .synthesis import FLITE_VOICES, Espeak, flite

ESPEAK_VOICES = (*["en-us"] * 8, *["en"] * 3, "de", "fr", "es", "it", "pt", "nl", "sv", "pl", "ru", "tr", "hi")
_VARIANTS = ("", *(f"+m{at}" for at in range(1, 8)), *(f"+f{at}" for at in range(1, 6)), "+klatt", "+klatt3", "+Annie")
_COMMON = """
the of and to a in is you that it he was for on are as with his they I at be this have from or one had by but not what
all were we when your can said there use an each which she do how their if will up other about out many then them
these so some her would make like him into time has look two more go see no way could people my than first been who
its now find long down day did get come made may part over new sound take only little work know place years live me
back give most very good maybe please problem people public boom bomb baby pump map move home food moon blue book
"""
_FLITE_SHARE = 0.35


def missing() -> list[str]:
    """What has to be installed before there can be a corpus."""
    found = {
        "espeak-ng": ctypes.util.find_library("espeak-ng"),
        "flite": shutil.which("flite"),
        "ffmpeg": shutil.which("ffmpeg"),
        "pocketsphinx": importlib.util.find_spec("pocketsphinx"),
    }
    return [name for name, there in found.items() if not there] + missing_prompts()


@cache
def _words() -> list[str]:
    """CMU's pronouncing dictionary, as pocketsphinx has it."""
    import pocketsphinx  # pyright: ignore[reportMissingImports]

    lines = Path(pocketsphinx.get_model_path("en-us/cmudict-en-us.dict")).read_text().splitlines()
    return [word for line in lines if (word := line.split()[0]).isalpha()]


def _text(random: np.random.Generator) -> str:
    pieces, common = [], _COMMON.split()
    for _ in range(random.integers(1, 4)):
        count = random.integers(2, 9)
        words = [
            common[random.integers(len(common))] if random.random() < 0.5 else _words()[random.integers(len(_words()))]
            for _ in range(count)
        ]
        pieces.append(" ".join(words))
    return random.choice([", ", ". "]).join(pieces) + "."


def synthesised(count: int, seed: int) -> Iterator[Utterance]:
    """So many utterances, as they come out of the synthesisers."""
    random, espeak = np.random.default_rng(seed), Espeak()
    for _ in range(count):
        text = _text(random)
        if random.random() < _FLITE_SHARE:
            yield flite(text, str(random.choice(FLITE_VOICES)), random.uniform(0.75, 1.3))
        else:
            voice = str(random.choice(ESPEAK_VOICES)) + str(random.choice(_VARIANTS))
            yield espeak.spoken(
                text, voice, int(random.integers(110, 250)), int(random.integers(15, 85)), int(random.integers(20, 90))
            )
