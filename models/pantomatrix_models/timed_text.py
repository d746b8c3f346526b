"""What is said and when, as speech synthesizers tell it: phones, visemes or words with times, in one of several alphabets."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from numbers import Real
from typing import Any

from .alphabets import ARPABET, IPA_LETTERS, KOKORO, SILENCES, VISEMES
from .errors import OptionError

MAX_SYMBOLS = 100_000
_MOST_NAMED = 5


class Alphabet(StrEnum):
    """What symbols name."""

    IPA = "ipa"
    ARPABET = "arpabet"
    KOKORO = "kokoro"
    AZURE_VISEMES = "azure_visemes"
    OVR_VISEMES = "ovr_visemes"
    INWORLD_VISEMES = "inworld_visemes"
    POLLY_VISEMES = "polly_visemes"
    RHUBARB_VISEMES = "rhubarb_visemes"
    WORDS = "words"


@dataclass(frozen=True)
class TimedSymbol:
    """symbol: of the alphabet; empty for silence. start_seconds: since the speech began; end_seconds: None where the next
    symbol ends it."""

    symbol: str = ""
    start_seconds: float = 0.0
    end_seconds: float | None = None


@dataclass(frozen=True)
class TimedText:
    """Symbols in order of their starts."""

    alphabet: Alphabet
    symbols: tuple[TimedSymbol, ...]

    def __post_init__(self) -> None:
        """Raises OptionError with the field."""
        if len(self.symbols) > MAX_SYMBOLS:
            raise OptionError(f"{len(self.symbols)} symbols, at most {MAX_SYMBOLS} are allowed", "symbols")
        spell, unknown = _SPELLINGS[self.alphabet], []
        before = -math.inf
        for index, entry in enumerate(self.symbols):
            _check_times(entry, before, f"symbols[{index}]")
            before = entry.start_seconds
            if spell(entry.symbol) is None and entry.symbol not in unknown:
                unknown.append(entry.symbol)
        if unknown:
            named = ", ".join(map(repr, unknown[:_MOST_NAMED])) + (", ..." if len(unknown) > _MOST_NAMED else "")
            raise OptionError(
                f"the alphabet {self.alphabet} does not have {named}{_expected(self.alphabet)}", "symbols"
            )


@dataclass(frozen=True)
class Said:
    """A stretch of what is said. letters: of the IPA, of one phone or several; empty for silence; None for a word of which
    only its times are known. Seconds; end is infinite where the next one ends it."""

    letters: str | None
    start: float
    end: float


def said_in(text: TimedText, origin_seconds: float = 0.0) -> tuple[Said, ...]:
    """In order. origin_seconds: where the speech began, which is added to all times."""
    spell, words = _SPELLINGS[text.alphabet], text.alphabet is Alphabet.WORDS
    said = []
    for entry in text.symbols:
        letters = spell(entry.symbol)
        end = math.inf if entry.end_seconds is None else origin_seconds + entry.end_seconds
        said.append(Said(None if words and letters else letters, origin_seconds + entry.start_seconds, end))
    return tuple(said)


def ipa_of(symbol: str) -> str | None:
    """The letters of a phone, or of a whole word, without marks of length, stress, tone and the like. None if there is one
    that the IPA does not have."""
    plain = unicodedata.normalize("NFD", symbol)
    letters = [letter for letter in plain if unicodedata.category(letter)[0] in "L" and letter not in _MARKS]
    spelt = "".join(_LIGATURES.get(letter, letter) for letter in letters)
    return spelt if set(spelt) <= IPA_LETTERS else None


_MARKS = frozenset(map(chr, range(0x2B0, 0x300))) | frozenset("ⁿˡ")
_LIGATURES = {"ʦ": "ts", "ʣ": "dz", "ʧ": "tʃ", "ʤ": "dʒ", "ʨ": "tɕ", "ʥ": "dʑ", "ɝ": "ɚ", "g": "ɡ", "ɫ": "l", "ᵊ": "ə"}


def _of_ipa(symbol: str) -> str | None:
    return "" if symbol.strip().lower() in SILENCES else ipa_of(symbol)


def _of_arpabet(symbol: str) -> str | None:
    name = symbol.strip().lower().rstrip("012")
    return "" if name in SILENCES else ARPABET.get(name)


def _of_kokoro(symbol: str) -> str | None:
    return ipa_of("".join(KOKORO.get(letter, letter) for letter in symbol))


def _of_words(symbol: str) -> str:
    return symbol.strip()


def _of_table(table: Mapping[str, str]) -> Callable[[str], str | None]:
    return lambda symbol: table.get(symbol) if symbol else ""


_SPELLINGS: Mapping[Alphabet, Callable[[str], str | None]] = {
    Alphabet.IPA: _of_ipa,
    Alphabet.ARPABET: _of_arpabet,
    Alphabet.KOKORO: _of_kokoro,
    **{Alphabet(name): _of_table(table) for name, table in VISEMES.items()},
    Alphabet.WORDS: _of_words,
}
"""The letters of the IPA that a symbol stands for; empty for silence, None if the alphabet does not have it."""


def _expected(alphabet: Alphabet) -> str:
    known = VISEMES.get(alphabet) or (ARPABET if alphabet is Alphabet.ARPABET else None)
    return f" (valid: {', '.join(known)})" if known else ""


def _check_times(entry: TimedSymbol, before: float, field: str) -> None:
    start, end = entry.start_seconds, entry.end_seconds
    if not isinstance(entry.symbol, str):
        raise OptionError(f"symbol is {entry.symbol!r}, expected a text", f"{field}.symbol")
    for name, seconds in (("start_seconds", start), ("end_seconds", end)):
        if seconds is not None and not (isinstance(seconds, Real) and math.isfinite(seconds)):
            raise OptionError(f"{name} is {seconds!r}, expected seconds since the speech began", f"{field}.{name}")
    if start < before:
        text = f"{entry.symbol!r} starts at {start:g} s, before the symbol ahead of it; expected symbols in order"
        raise OptionError(text, f"{field}.start_seconds")
    if end is not None and end < start:
        raise OptionError(
            f"{entry.symbol!r} ends at {end:g} s, before its start at {start:g} s", f"{field}.end_seconds"
        )


def text_of_values(values: Mapping[str, Any]) -> TimedText:
    """Of {"alphabet": "ipa", "symbols": [{"symbol": "p", "start_seconds": 0.1, "end_seconds": 0.2}, ...]}, in which the ends
    may be missing. Raises OptionError with the field."""
    alphabet = values.get("alphabet", "")
    if alphabet not in list(Alphabet):
        raise OptionError(f"alphabet is {alphabet!r}, expected one of {', '.join(Alphabet)}", "alphabet")
    symbols = []
    for index, entry in enumerate(values.get("symbols", ())):
        try:
            symbols.append(TimedSymbol(**entry))
        except TypeError:
            text = f"{entry!r}, expected symbol, start_seconds and perhaps end_seconds"
            raise OptionError(text, f"symbols[{index}]") from None
    return TimedText(Alphabet(alphabet), tuple(symbols))


def plain_text(text: TimedText | None) -> Any:
    """As mappings and lists."""
    return text and {
        "alphabet": str(text.alphabet),
        "symbols": [
            {"symbol": entry.symbol, "start_seconds": entry.start_seconds}
            | ({} if entry.end_seconds is None else {"end_seconds": entry.end_seconds})
            for entry in text.symbols
        ],
    }
