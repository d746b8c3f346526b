"""Human speech: the prompts of Asterisk's packages, with phones by forced alignment to their text.

    python -m pantomatrix_tools.lips.prompts --language ru --out unseen/

writes one language's prompts as the judge of lip sync takes them: NAME.wav, NAME.phones.json.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

from pantomatrix_models.audio.speech import SAMPLE_RATE_HZ
from pantomatrix_models.builtin.phones import articulated

from .phones import Utterance, as_ipa

Phone = tuple[str, float, float]
"""Name, start and end in seconds."""


@dataclass(frozen=True)
class Speaker:
    """One language's prompts. folder: below Asterisk's sounds. voice: espeak-ng's, which knows how words are said."""

    language: str
    folder: str
    voice: str
    name: str
    license: str


SPEAKERS = {
    speaker.language: speaker
    for speaker in (
        Speaker("en", "en_US_f_Allison", "en-us", "Allison Smith", "CC-BY-SA-3.0"),
        Speaker("es", "es_MX_f_Allison", "es-419", "Allison Smith", "CC-BY-SA-3.0"),
        Speaker("fr", "fr_CA_f_June", "fr", "June Wallack", "CC-BY-SA-3.0"),
        Speaker("it", "it_IT_m_Carlo", "it", "Carlo Flora", "CC-BY-SA-3.0"),
        Speaker("ru", "ru_RU_f_IvrvoiceRU", "ru", "ivrvoice.ru", "CC-BY-3.0"),
    )
}
LEARNT = ("en", "es", "fr", "it")
"""The others are for judging."""

_SOUNDS = Path("/usr/share/asterisk/sounds")
_JUDGED = ("basic-pbx-ivr-main",)
"""Prompts of which the judge's clips are; they are never learnt from."""
_QUIET = 3200
"""Samples of silence around a prompt, for the aligner."""

NEAREST = {
    **dict.fromkeys("aɑ", "AA"), **dict.fromkeys("ɐʌə", "AH"), **dict.fromkeys("eɛ", "EH"), **dict.fromkeys("oɔɒ", "AO"),
    **dict.fromkeys("uy", "UW"), **dict.fromkeys("ʊʏ", "UH"), **dict.fromkeys("øœɜɚ", "ER"), **dict.fromkeys("ɪɨᵻ", "IH"),
    "i": "IY", "æ": "AE", "aɪ": "AY", "eɪ": "EY", "oʊ": "OW", "aʊ": "AW", "ɔɪ": "OY", "tʃ": "CH", "tɕ": "CH", "dʒ": "JH",
    "p": "P", "t": "T", "d": "D", "k": "K", "f": "F", "v": "V", "s": "S", "z": "Z", "θ": "TH", "ð": "DH", "m": "M", "ŋ": "NG",
    **dict.fromkeys("bβ", "B"), **dict.fromkeys("ɡgɣ", "G"), **dict.fromkeys("ʃʂɕ", "SH"), **dict.fromkeys("ʒʐʑ", "ZH"),
    **dict.fromkeys("xhχɦç", "HH"), **dict.fromkeys("nɲɳ", "N"), **dict.fromkeys("lɫʎɭ", "L"), **dict.fromkeys("jʝ", "Y"),
    **dict.fromkeys("rɾʁʀɹ", "R"), **dict.fromkeys("wɥ", "W"),
}  # fmt: skip
"""The aligner's English phone that sounds most like one of the IPA."""
_PHONE = re.compile("|".join(sorted(NEAREST, key=len, reverse=True)) + "|.")


def missing() -> list[str]:
    """Packages that have to be installed before there are all prompts."""
    wanted = {f"asterisk-core-sounds-{each.language}-g722": _SOUNDS / each.folder for each in SPEAKERS.values()}
    wanted |= {f"asterisk-core-sounds-{language}": _texts(language) for language in SPEAKERS}
    return [name for name, path in wanted.items() if not path.exists()]


def prompts(language: str) -> Iterator[Utterance]:
    """A speaker's prompts, with what lips and tongue do."""
    for _, samples, phones in aligned_prompts(language):
        yield Utterance(samples.astype(np.float32) / np.float32(32768), articulated(phones, len(samples)))


def aligned_prompts(language: str) -> Iterator[tuple[str, NDArray[np.int16], list[Phone]]]:
    """Name, samples and phones (IPA) of each prompt whose text could be laid along it."""
    import pocketsphinx  # pyright: ignore[reportMissingImports]

    speaker = SPEAKERS[language]
    decoder = pocketsphinx.Decoder(samprate=SAMPLE_RATE_HZ, lm=None, loglevel="FATAL", bestpath=False)
    for line in gzip.decompress(_texts(language).read_bytes()).decode().splitlines():
        name, _, text = line.partition(": ")
        path = _SOUNDS / speaker.folder / f"{name}.g722"
        if name in _JUDGED or re.search(r"[\d\[<]", text) or not text.strip() or not path.exists():
            continue
        words = spoken(text, speaker.voice)
        if not words or any(phone not in NEAREST for word in words for phone in word):
            continue
        samples = _samples(path)
        phones = _aligned(decoder, words, samples)
        if phones:
            yield name.replace("/", "-"), samples, phones


def spoken(text: str, voice: str) -> list[list[str]]:
    """Phones of each word as espeak-ng would say it, in the IPA without marks of stress, length and the like."""
    command = ["espeak-ng", "-q", "--ipa", "-v", voice, text]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    said = as_ipa(re.sub(r"\([a-z-]+\)|[ˈˌʲʰː]", "", said), voice)
    words = ("".join(filter(str.isalpha, part)) for part in said.split())
    return [_PHONE.findall(word) for word in words if word]


def _texts(language: str) -> Path:
    return Path(f"/usr/share/doc/asterisk-core-sounds-{language}/core-sounds-{language}.txt.gz")


def _samples(path: Path) -> NDArray[np.int16]:
    command = ["ffmpeg", "-v", "error", "-f", "g722", "-i", str(path), "-f", "s16le", "-ar", str(SAMPLE_RATE_HZ), "-"]
    return np.frombuffer(subprocess.run(command, capture_output=True, check=True).stdout, "<i2")


def _aligned(decoder, words: list[list[str]], samples: NDArray[np.int16]) -> list[Phone]:
    """Nothing if the words do not lie along the samples."""
    names = ["-".join(hex(ord(letter)) for letter in "".join(word)) for word in words]
    entries = dict(zip(names, words, strict=True))
    for name, word in entries.items():
        if not decoder.lookup_word(name):
            decoder.add_word(name, " ".join(NEAREST[phone] for phone in word), True)
    padded = np.concatenate([np.zeros(_QUIET, np.int16), samples, np.zeros(_QUIET, np.int16)]).tobytes()
    try:
        decoder.set_align_text(" ".join(names))
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
    lead = _QUIET / SAMPLE_RATE_HZ
    return [
        (name, phone.start / 100 - lead, (phone.start + phone.duration) / 100 - lead)
        for word in alignment
        for name, phone in zip(entries.get(word.name, []), word, strict=False)
    ]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--language", choices=SPEAKERS, required=True)
    parser.add_argument("--out", type=Path, required=True, help="the folder to write to")
    arguments = parser.parse_args()
    if absent := missing():
        parser.error(f"the prompts need {', '.join(absent)}")
    arguments.out.mkdir(parents=True, exist_ok=True)
    count = 0
    for name, samples, phones in aligned_prompts(arguments.language):
        soundfile.write(arguments.out / f"{name}.wav", samples, SAMPLE_RATE_HZ)
        entries = [
            {"phone": phone, "start_s": round(start, 3), "end_s": round(end, 3)}
            for phone, start, end in without_gaps(phones, len(samples) / SAMPLE_RATE_HZ)
        ]
        (arguments.out / f"{name}.phones.json").write_text(json.dumps(entries))
        count += 1
    print(f"{count} prompts by {SPEAKERS[arguments.language].name} in {arguments.out}")
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
