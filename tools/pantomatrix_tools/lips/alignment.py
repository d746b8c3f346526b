"""Phones of recorded speech by forced alignment of pocketsphinx to its text, which espeak-ng pronounces."""

from __future__ import annotations

import re
import subprocess

import numpy as np
from numpy.typing import NDArray

from pantomatrix_models.audio.speech import SAMPLE_RATE_HZ

from .phones import as_ipa
from .speech import Phone

_QUIET = 3200
"""Samples of silence around speech, for the aligner."""

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


class Aligner:
    """pocketsphinx with its English sounds, which are the nearest to those of any language."""

    def __init__(self) -> None:
        import pocketsphinx  # pyright: ignore[reportMissingImports]

        self._decoder = pocketsphinx.Decoder(samprate=SAMPLE_RATE_HZ, lm=None, loglevel="FATAL", bestpath=False)

    def phones(self, text: str, voice: str, samples: NDArray[np.int16]) -> list[Phone]:
        """voice: espeak-ng's, which knows how words are said. Nothing where the text does not lie along the samples."""
        words = spoken(text, voice)
        if not words or any(phone not in NEAREST for word in words for phone in word):
            return []
        names = ["-".join(hex(ord(letter)) for letter in "".join(word)) for word in words]
        entries = dict(zip(names, words, strict=True))
        for name, word in entries.items():
            if not self._decoder.lookup_word(name):
                self._decoder.add_word(name, " ".join(NEAREST[phone] for phone in word), True)
        alignment = self._alignment(" ".join(names), samples)
        lead = _QUIET / SAMPLE_RATE_HZ
        return [
            (name, phone.start / 100 - lead, (phone.start + phone.duration) / 100 - lead)
            for word in alignment
            for name, phone in zip(entries.get(word.name, []), word, strict=False)
        ]

    def _alignment(self, names: str, samples: NDArray[np.int16]):
        padded = np.concatenate([np.zeros(_QUIET, np.int16), samples, np.zeros(_QUIET, np.int16)]).tobytes()
        decoder = self._decoder
        try:
            decoder.set_align_text(names)
            for again in (False, True):
                if again:
                    decoder.set_alignment()
                decoder.start_utt()
                decoder.process_raw(padded, full_utt=True)
                decoder.end_utt()
            return decoder.get_alignment() or ()
        except RuntimeError:
            return ()


def spoken(text: str, voice: str) -> list[list[str]]:
    """Phones of each word as espeak-ng would say it, in the IPA without marks of stress, length and the like."""
    command = ["espeak-ng", "-q", "--ipa", "-v", voice, text]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    said = as_ipa(re.sub(r"\([a-z-]+\)|[ˈˌʲʰː]", "", said), voice)
    words = ("".join(filter(str.isalpha, part)) for part in said.split())
    return [_PHONE.findall(word) for word in words if word]
