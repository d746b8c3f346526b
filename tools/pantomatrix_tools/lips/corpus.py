"""The corpus of the builtin model's lips, made into a folder:

    apt-get install espeak-ng flite ffmpeg fortunes tuxpaint-stamps-default asterisk-core-sounds-{en,es,fr,it,ru}{,-g722}
    pip install -e engine_clients/python -e ".[server]" onnx pocketsphinx scipy
    python -m pantomatrix_tools.lips.corpus corpus/

What is there already is not made again, so a run that was stopped goes on. The same seeds give the same speech.
"""

from __future__ import annotations

import argparse
import ctypes.util
import importlib.util
import multiprocessing
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import numpy as np

from . import neural, texts
from .recorded import SOURCES, recorded
from .recorded import missing as missing_recordings
from .speech import Speech, save_part
from .synthesis import FLITE_VOICES, Espeak, flite

NETWORK = "kokoro"
"""The folder of the neural synthesiser in the corpus's."""

_NEURAL, _UNSEEN, _FORMANT = 26, 3, 12
"""Parts."""
_OF_A_PART, _FORMANT_OF_A_PART = 30, 150
"""Utterances."""
_FLITE_SHARE = 0.35
_ESPEAK_VOICES = (*["en-us"] * 8, *["en"] * 3, "de", "fr", "es", "it", "pt", "nl", "sv", "pl", "ru", "tr", "hi")
_VARIANTS = ("", *(f"+m{at}" for at in range(1, 8)), *(f"+f{at}" for at in range(1, 6)), "+klatt", "+klatt3", "+Annie")


@dataclass(frozen=True)
class Tongue:
    """A language that neural voices speak. texts: its name in texts.sentences. voices: beginnings of names of the voices
    whose own it is; the others speak it as strangers do."""

    voice: str
    texts: str
    share: float
    voices: str = ""


_TONGUES = (
    Tongue("en-us", "en", 10.0, "ab"),
    Tongue("en-gb", "en", 3.0, "ab"),
    Tongue("es", "es", 1.5, "e"),
    Tongue("fr-fr", "fr", 1.5, "f"),
    Tongue("it", "it", 1.5, "i"),
    Tongue("pt-br", "pt_BR", 1.5, "p"),
    Tongue("hi", "hi", 1.0, "h"),
    *(Tongue(name, name, 0.7) for name in ("de", "pl", "nl", "sv", "cs", "tr", "ru", "fi", "hu", "ro")),
)
_MIXED, _OWN = 0.4, 0.5
"""How many are said by a mixture of two voices, and in a language by its own voices."""


@cache
def _kokoro(folder: Path) -> neural.Kokoro:
    return neural.Kokoro(folder)


def _neural(folder: Path, voices: tuple[str, ...], mixed: float, seed: int) -> Iterator[Speech]:
    random, kokoro = np.random.default_rng((seed, 7)), _kokoro(folder)
    shares = np.array([tongue.share for tongue in _TONGUES])
    made = 0
    while made < _OF_A_PART:
        tongue = _TONGUES[random.choice(len(_TONGUES), p=shares / shares.sum())]
        said = texts.sentences(tongue.texts)
        text = (
            texts.words_at_random(random)
            if tongue.texts == "en" and random.random() < 0.25
            else said[random.integers(len(said))]
        )
        own = [voice for voice in voices if voice[0] in tongue.voices]
        among = own if own and random.random() < _OWN else voices
        first, second = among[random.integers(len(among))], voices[random.integers(len(voices))]
        share = random.uniform(0.35, 0.65) if random.random() < mixed and first != second else 1.0
        who = {first: share, second: 1.0 - share} if share < 1.0 else {first: 1.0}
        speech = kokoro.spoken(text, tongue.voice, who, float(np.exp(random.uniform(np.log(0.8), np.log(1.3)))))
        if speech is not None:
            made += 1
            yield speech


def _formant(seed: int) -> Iterator[Speech]:
    """By rules and from diphones: voices that nobody takes for people, in many languages."""
    random, espeak = np.random.default_rng((seed, 8)), Espeak()
    for _ in range(_FORMANT_OF_A_PART):
        text = texts.words_at_random(random)
        if random.random() < _FLITE_SHARE:
            yield flite(text, str(random.choice(FLITE_VOICES)), random.uniform(0.75, 1.3))
        else:
            voice = str(random.choice(_ESPEAK_VOICES)) + str(random.choice(_VARIANTS))
            yield espeak.spoken(
                text, voice, int(random.integers(110, 250)), int(random.integers(15, 85)), int(random.integers(20, 90))
            )


def _recorded(name: str) -> Iterator[Speech]:
    for _, speech in recorded(SOURCES[name]):
        yield speech


def _jobs(folder: Path) -> dict[str, Callable[[], Iterator[Speech]]]:
    """Names of parts, which begin with their kind, and how each is made; a little of everything first."""
    voices = tuple(neural.learnt_voices(folder / NETWORK))
    jobs = {f"recorded-{name}": partial(_recorded, name) for name in SOURCES}
    jobs |= {
        f"unseen-{seed:03}": partial(_neural, folder / NETWORK, neural.UNSEEN, 0.0, 1000 + seed)
        for seed in range(_UNSEEN)
    }
    jobs |= {f"formant-{seed:03}": partial(_formant, seed) for seed in range(_FORMANT)}
    return jobs | {
        f"neural-{seed:03}": partial(_neural, folder / NETWORK, voices, _MIXED, seed) for seed in range(_NEURAL)
    }


def _make(folder: Path, name: str) -> str:
    path = folder / f"{name}.npz"
    if not path.exists():
        save_part(path, _jobs(folder)[name]())
    return name


def missing() -> list[str]:
    """What has to be installed before there can be a corpus."""
    found = {
        "espeak-ng": ctypes.util.find_library("espeak-ng"),
        "flite": shutil.which("flite"),
        "ffmpeg": shutil.which("ffmpeg"),
        "npm": shutil.which("npm"),
        "fortunes": texts.FORTUNES.exists(),
        "onnx": importlib.util.find_spec("onnx"),
        "pocketsphinx": importlib.util.find_spec("pocketsphinx"),
    }
    return [name for name, there in found.items() if not there] + missing_recordings()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the corpus is made, or made complete")
    parser.add_argument("--processes", type=int, default=2)
    arguments = parser.parse_args()
    if absent := missing():
        parser.error(f"the corpus needs {', '.join(absent)}; --help says how to install what it needs")
    neural.fetch(arguments.folder / NETWORK)
    names = list(_jobs(arguments.folder))
    started = time.monotonic()
    with multiprocessing.Pool(arguments.processes) as pool:
        for done, name in enumerate(pool.imap_unordered(partial(_make, arguments.folder), names, chunksize=1), start=1):
            print(f"{done} of {len(names)}: {name}, {time.monotonic() - started:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
