"""Recorded speech of Debian's packages, whose text is known.

    python -m pantomatrix_tools.lips.recorded --source asterisk-ru --out unseen/

writes one source as the judge of lip sync takes it: NAME.wav, NAME.phones.json.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from pantomatrix_models.audio.speech import SAMPLE_RATE_HZ

from .alignment import NEAREST, Aligner
from .speech import Phone, Speech
from .texts import stamps

Recording = tuple[str, Path, str]
"""A name, a file, and what is said in it."""


@dataclass(frozen=True)
class Source:
    """All that one speaker says. voice: espeak-ng's, which knows how words are said. learnt: not for judging."""

    name: str
    voice: str
    speaker: str
    license: str
    recordings: Callable[[], Iterator[Recording]]
    learnt: bool = True


_SOUNDS = Path("/usr/share/asterisk/sounds")
_JUDGED = ("basic-pbx-ivr-main",)
"""Prompts of which the judge's clips are; they are never learnt from."""


def _prompts(language: str, folder: str) -> Iterator[Recording]:
    texts = Path(f"/usr/share/doc/asterisk-core-sounds-{language}/core-sounds-{language}.txt.gz")
    for line in gzip.decompress(texts.read_bytes()).decode().splitlines():
        name, _, text = line.partition(": ")
        path = _SOUNDS / folder / f"{name}.g722"
        if name not in _JUDGED and not re.search(r"[\d\[<]", text) and text.strip() and path.exists():
            yield name.replace("/", "-"), path, text


def _stamps(language: str) -> Iterator[Recording]:
    for path, text in stamps(language):
        sound = path.with_name(f"{path.stem}_desc_{language}.ogg")
        if sound.exists() and not re.search(r"\d", text):
            yield path.stem, sound, text


SOURCES = {
    source.name: source
    for source in (
        Source("asterisk-en", "en-us", "Allison Smith", "CC-BY-SA-3.0", partial(_prompts, "en", "en_US_f_Allison")),
        Source("asterisk-es", "es-419", "Allison Smith", "CC-BY-SA-3.0", partial(_prompts, "es", "es_MX_f_Allison")),
        Source("asterisk-fr", "fr", "June Wallack", "CC-BY-SA-3.0", partial(_prompts, "fr", "fr_CA_f_June")),
        Source("asterisk-it", "it", "Carlo Flora", "CC-BY-3.0", partial(_prompts, "it", "it_IT_m_Carlo")),
        Source("asterisk-ru", "ru", "ivrvoice.ru", "CC-BY-3.0", partial(_prompts, "ru", "ru_RU_f_IvrvoiceRU"), False),
        *(
            Source(
                f"stamps-{language}",
                language,
                f"Tux Paint {language}",
                "GPL-2",
                partial(_stamps, language),
                language != "ru",
            )
            for language in ("be", "bg", "ca", "da", "el", "es", "fr", "ro", "ru")
        ),
    )
}


def missing() -> list[str]:
    """Packages that have to be installed before there are all recordings."""
    asterisk = [source for source in SOURCES if source.startswith("asterisk")]
    absent = [f"asterisk-core-sounds-{name[-2:]}" for name in asterisk if not _doc(name[-2:]).exists()]
    absent += [
        f"asterisk-core-sounds-{name[-2:]}-g722" for name in asterisk if not list(_SOUNDS.glob(f"{name[-2:]}_*"))
    ]
    return absent if stamps("fr") else [*absent, "tuxpaint-stamps-default"]


def _doc(language: str) -> Path:
    return Path(f"/usr/share/doc/asterisk-core-sounds-{language}")


def recorded(source: Source) -> Iterator[tuple[str, Speech]]:
    """What could be aligned, with its name."""
    aligner = Aligner()
    for name, path, text in source.recordings():
        samples = _samples(path)
        phones = aligner.phones(text, source.voice, samples)
        if phones:
            yield name, Speech(samples, phones, source.speaker, source.voice)


def _samples(path: Path) -> NDArray[np.int16]:
    codec = ["-f", "g722"] if path.suffix == ".g722" else []
    command = [
        "ffmpeg",
        "-v",
        "error",
        *codec,
        "-i",
        str(path),
        "-f",
        "s16le",
        "-ac",
        "1",
        "-ar",
        str(SAMPLE_RATE_HZ),
        "-",
    ]
    return np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, "<i2")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--source", choices=SOURCES, required=True)
    parser.add_argument("--out", type=Path, required=True, help="the folder to write to")
    arguments = parser.parse_args()
    if absent := missing():
        parser.error(f"the recordings need {', '.join(absent)}")
    arguments.out.mkdir(parents=True, exist_ok=True)
    found = list(recorded(SOURCES[arguments.source]))
    for name, speech in found:
        soundfile.write(arguments.out / f"{name}.wav", speech.samples, SAMPLE_RATE_HZ)
        entries = [
            {"phone": phone, "start_s": round(start, 3), "end_s": round(end, 3)}
            for phone, start, end in without_gaps(speech.phones, len(speech.samples) / SAMPLE_RATE_HZ)
        ]
        (arguments.out / f"{name}.phones.json").write_text(json.dumps(entries))
    print(f"wrote {len(found)} recordings to {arguments.out}")
    return 0


def without_gaps(phones: list[Phone], seconds: float) -> Iterator[Phone]:
    """The aligner's English phones, and SIL where there is none, as the judge takes them."""
    at = 0.0
    for name, start, end in phones:
        start, end = min(max(start, at), seconds), min(end, seconds)
        if start > at:
            yield "SIL", at, start
        if end > start:
            yield NEAREST[name], start, end
        at = max(at, end)
    if at < seconds:
        yield "SIL", at, seconds


if __name__ == "__main__":
    sys.exit(main())
