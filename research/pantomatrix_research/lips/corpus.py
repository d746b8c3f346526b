"""The training corpus: random words said by many voices, and prompts of a human speaker aligned to their text. The same
seed gives the same corpus."""

from __future__ import annotations

import ctypes.util
import gzip
import importlib.util
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pantomatrix_server.audio.speech import SAMPLE_RATE_HZ

from .phones import Utterance, articulated
from .synthesis import FLITE_VOICES, Espeak, flite

ESPEAK_VOICES = (*["en-us"] * 8, *["en"] * 3, "de", "fr", "es", "it", "pt", "nl", "sv", "pl", "ru", "tr", "hi")
_VARIANTS = (
    "",
    "+m1",
    "+m2",
    "+m3",
    "+m4",
    "+m5",
    "+m6",
    "+m7",
    "+f1",
    "+f2",
    "+f3",
    "+f4",
    "+f5",
    "+klatt",
    "+klatt3",
    "+Annie",
)
_COMMON = """
the of and to a in is you that it he was for on are as with his they I at be this have from or one had by but not what
all were we when your can said there use an each which she do how their if will up other about out many then them
these so some her would make like him into time has look two more go see no way could people my than first been who
its now find long down day did get come made may part over new sound take only little work know place years live me
back give most very good maybe please problem people public boom bomb baby pump map move home food moon blue book
"""
_FLITE_SHARE = 0.35
_PROMPTS = Path("/usr/share/asterisk/sounds/en_US_f_Allison")
_PROMPT_TEXTS = Path("/usr/share/doc/asterisk-core-sounds-en/core-sounds-en.txt.gz")
_JUDGED = ("basic-pbx-ivr-main",)
"""Prompts of which the judge's clips are; they are never learnt from."""


def missing() -> list[str]:
    """What has to be installed before there can be a corpus."""
    found = {
        "espeak-ng": ctypes.util.find_library("espeak-ng"),
        "flite": shutil.which("flite"),
        "ffmpeg": shutil.which("ffmpeg"),
        "pocketsphinx": importlib.util.find_spec("pocketsphinx"),
        "asterisk-core-sounds-en-g722": _PROMPTS.exists(),
        "asterisk-core-sounds-en": _PROMPT_TEXTS.exists(),
    }
    return [name for name, there in found.items() if not there]


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
            yield espeak.say(
                text, voice, int(random.integers(110, 250)), int(random.integers(15, 85)), int(random.integers(20, 90))
            )


def prompts() -> Iterator[Utterance]:
    """Allison Smith's prompts (CC BY-SA 3.0), with phones by forced alignment."""
    import pocketsphinx  # pyright: ignore[reportMissingImports]

    decoder = pocketsphinx.Decoder(samprate=SAMPLE_RATE_HZ, lm=None, loglevel="FATAL", bestpath=False)
    known = set(_words())
    for line in gzip.decompress(_PROMPT_TEXTS.read_bytes()).decode().splitlines():
        name, _, text = line.partition(": ")
        path = _PROMPTS / f"{name}.g722"
        words = re.findall(r"[a-z']+", text.lower())
        if name in _JUDGED or "[" in text or re.search(r"\d", text) or not words or not path.exists():
            continue
        if not all(word in known or decoder.lookup_word(word) for word in words):
            continue
        command = [
            "ffmpeg",
            "-v",
            "error",
            "-f",
            "g722",
            "-i",
            str(path),
            "-f",
            "s16le",
            "-ar",
            str(SAMPLE_RATE_HZ),
            "-",
        ]
        data = np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, "<i2")
        phones = _aligned(decoder, " ".join(words), data)
        if phones:
            yield Utterance(data.astype(np.float32) / np.float32(32768), articulated(phones, len(data)))


def _aligned(decoder, text: str, data: NDArray[np.int16]) -> list[tuple[str, float, float]]:
    padded = np.concatenate([np.zeros(3200, np.int16), data, np.zeros(3200, np.int16)]).tobytes()
    try:
        decoder.set_align_text(text)
        for again in (False, True):
            if again:
                decoder.set_alignment()
            decoder.start_utt()
            decoder.process_raw(padded, full_utt=True)
            decoder.end_utt()
        alignment = decoder.get_alignment()
    except RuntimeError:
        return []
    if alignment is None:
        return []
    return [
        (phone.name.lower(), phone.start / 100 - 0.2, (phone.start + phone.duration) / 100 - 0.2)
        for word in alignment
        for phone in word
    ]
