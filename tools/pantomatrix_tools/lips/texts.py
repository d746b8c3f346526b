"""What is said: sentences of Debian's packages fortunes (English) and tuxpaint-stamps-default (many languages), and words of
CMU's dictionary at random."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import numpy as np

FORTUNES = Path("/usr/share/games/fortunes")
STAMPS = Path("/usr/share/tuxpaint/stamps")
_COMMON = """
the of and to a in is you that it he was for on are as with his they I at be this have from or one had by but not what
all were we when your can said there use an each which she do how their if will up other about out many then them
these so some her would make like him into time has look two more go see no way could people my than first been who
its now find long down day did get come made may part over new sound take only little work know place years live me
back give most very good maybe please problem people public boom bomb baby pump map move home food moon blue book
"""
_FEWEST, _MOST = 3, 16
"""Words of a sentence."""


@cache
def _words() -> list[str]:
    """CMU's pronouncing dictionary, as pocketsphinx has it."""
    import pocketsphinx  # pyright: ignore[reportMissingImports]

    lines = Path(pocketsphinx.get_model_path("en-us/cmudict-en-us.dict")).read_text().splitlines()
    return [word for line in lines if (word := line.split()[0]).isalpha()]


def words_at_random(random: np.random.Generator) -> str:
    """English: one to three phrases of common words and of any."""
    phrases, common = [], _COMMON.split()
    for _ in range(random.integers(1, 4)):
        drawn = [
            common[random.integers(len(common))] if random.random() < 0.5 else _words()[random.integers(len(_words()))]
            for _ in range(random.integers(2, 9))
        ]
        phrases.append(" ".join(drawn))
    return str(random.choice([", ", ". "])).join(phrases) + "."


@cache
def sentences(language: str) -> list[str]:
    """In order, each once. language: "en", or a locale of Tux Paint's stamps, as pt_BR."""
    found = _fortunes() if language == "en" else [text for _, text in stamps(language)]
    plain = (re.sub(r"\s+", " ", text).strip() for text in found)
    return sorted(
        {
            text
            for text in plain
            if _FEWEST <= len(text.split()) <= _MOST and not re.search(r"[\d$%@#_<>\[\]()/*]", text)
        }
    )


def stamps(language: str) -> list[tuple[Path, str]]:
    """What is read aloud of each picture: the file of its texts, and the text."""
    found = []
    for path in sorted(STAMPS.rglob("*.txt")):
        lines = path.read_text("utf-8", "replace").splitlines()
        of_language = [line.partition("=")[2] for line in lines if line.startswith(f"{language}.utf8=")]
        if language == "en":
            of_language = lines[:1]
        found += [(path, text.strip()) for text in of_language[:1] if text.strip()]
    return found


def _fortunes() -> list[str]:
    """Sentences in prose, without names of who said them."""
    found = []
    for path in sorted(FORTUNES.glob("*.u8")):
        for fortune in path.read_text("utf-8", "replace").split("\n%\n"):
            prose = re.split(r"\n\s+--", fortune)[0]
            if prose.isascii():
                found += re.findall(
                    r"(?<![A-Z]\.)(?:^|(?<=[.!?] ))([A-Z][^.!?\n:\"|{}=]{12,90}[.!?])(?=\s|$)", prose.replace("\n", " ")
                )
    return found
