"""Files of timed text, as speech synthesizers and aligners write them: one format a function.

Imports nothing heavy: the command line reads its flags from here.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pantomatrix_converters.editing.option_kinds import OptionKind
from pantomatrix_converters.errors import FormatError, within_field

from .errors import OptionError
from .timed_text import Alphabet, TimedSymbol, TimedText, plain_text, text_of_values

_TICKS_PER_SECOND = 10_000_000
_LETTERS_OF_SPEECH = re.compile(r"[^\W_]")

Symbols = Iterable[TimedSymbol]


def read_timed_text(path: str | os.PathLike[str]) -> TimedText:
    """The content decides which format it is. Raises FormatError, and OptionError for symbols that an alphabet does not
    have, both with the file's name."""
    try:
        content = Path(path).read_text(encoding="utf-8-sig")
    except OSError as error:
        raise FormatError(f"{path}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise FormatError(f"{path}: not text in UTF-8: {error.reason}") from None
    try:
        return _parsed(content)
    except (OptionError, FormatError) as error:
        raise type(error)(f"{path}: {error}") from None
    except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
        raise FormatError(f"{path}: damaged: {error!r}") from None


def _parsed(content: str) -> TimedText:
    if "ooTextFile" in content[:100]:
        return _text_grid(content)
    document = _json(content)
    for read in FORMATS.values():
        if (text := read(document)) is not None:
            return text
    raise FormatError(f"no timed text, expected one of: {', '.join((*FORMATS, 'a TextGrid of Praat'))}")


def _json(content: str) -> Any:
    """A document, or a list of the documents of its lines."""
    try:
        return json.loads(content)
    except ValueError:
        try:
            return [json.loads(line) for line in content.splitlines() if line.strip()]
        except ValueError as error:
            raise FormatError(f"neither JSON nor a TextGrid of Praat: {error}") from None


def _entries(document: Any, *keys: str) -> list[Mapping[str, Any]]:
    """A list whose entries all have these keys; else none."""
    is_list = isinstance(document, list) and all(
        isinstance(entry, Mapping) and all(key in entry for key in keys) for entry in document
    )
    return document if is_list else []


def _plain(document: Any) -> TimedText | None:
    """{"alphabet": "ipa", "symbols": [{"symbol": "p", "start_seconds": 0.1, "end_seconds": 0.2}, ...]}"""
    return text_of_values(document) if isinstance(document, Mapping) and "alphabet" in document else None


def _listed(document: Any) -> TimedText | None:
    """[{"phone": "P", "start_s": 0.1, "end_s": 0.2}, ...], or "word", or "viseme" (of OVR) in place of "phone"."""
    for key, alphabet in (("phone", None), ("viseme", Alphabet.OVR_VISEMES), ("word", Alphabet.WORDS)):
        if entries := _entries(document, key, "start_s"):
            names = [str(entry[key]) for entry in entries]
            symbols = (
                TimedSymbol(name, entry["start_s"], entry.get("end_s"))
                for name, entry in zip(names, entries, strict=True)
            )
            return TimedText(alphabet or _alphabet_of_phones(names), tuple(symbols))
    return None


def _alphabet_of_phones(names: Iterable[str]) -> Alphabet:
    """ARPABET is written in capitals; the IPA has none."""
    return Alphabet.ARPABET if all(name.isupper() or not name for name in names) else Alphabet.IPA


def _azure(document: Any) -> TimedText | None:
    """Azure's viseme events, [{"audio_offset": 500000, "viseme_id": 21}, ...] in ticks of 100 ns; in capitals too."""
    entries = [{_plain_key(key): value for key, value in entry.items()} for entry in _entries(document)]
    if not entries or not all("visemeid" in entry for entry in entries):
        return None
    return TimedText(
        Alphabet.AZURE_VISEMES,
        tuple(
            TimedSymbol(str(entry["visemeid"]), _key(entry, "audiooffset", "offset") / _TICKS_PER_SECOND)
            for entry in entries
        ),
    )


def _plain_key(key: str) -> str:
    return key.replace("_", "").lower()


def _key(entry: Mapping[str, Any], *keys: str) -> Any:
    return next(entry[key] for key in keys if key in entry)


def _polly(document: Any) -> TimedText | None:
    """Amazon Polly's speech marks, a line each: {"time": 6, "type": "viseme", "value": "p"}, milliseconds."""
    entries = _entries([document] if isinstance(document, Mapping) else document, "time", "type", "value")
    for kind, alphabet in (("viseme", Alphabet.POLLY_VISEMES), ("word", Alphabet.WORDS)):
        if marks := [entry for entry in entries if entry["type"] == kind]:
            return TimedText(alphabet, tuple(TimedSymbol(mark["value"], mark["time"] / 1000) for mark in marks))
    return None


def _rhubarb(document: Any) -> TimedText | None:
    """Rhubarb Lip Sync's JSON: {"mouthCues": [{"start": 0.0, "end": 0.1, "value": "X"}, ...]}"""
    if not isinstance(document, Mapping) or "mouthCues" not in document:
        return None
    cues = document["mouthCues"]
    return TimedText(
        Alphabet.RHUBARB_VISEMES, tuple(TimedSymbol(cue["value"], cue["start"], cue["end"]) for cue in cues)
    )


def _cartesia(document: Any) -> TimedText | None:
    """Cartesia's: {"phoneme_timestamps": {"phonemes": [...], "start": [...], "end": [...]}}, or word_timestamps; a message or
    a list of them."""
    for key, names, alphabet in (
        ("phoneme_timestamps", "phonemes", Alphabet.IPA),
        ("word_timestamps", "words", Alphabet.WORDS),
    ):
        if found := [message[key] for message in _messages(document) if message.get(key)]:
            symbols = (
                TimedSymbol(*entry) for one in found for entry in zip(one[names], one["start"], one["end"], strict=True)
            )
            return TimedText(alphabet, tuple(symbols))
    return None


def _inworld(document: Any) -> TimedText | None:
    """Inworld's: {"timestampInfo": {"wordAlignment": {..., "phoneticDetails": [{"phones": [...]}]}}}, the whole answer, its
    result, or a list of them."""
    found = [message.get("result", message) for message in _messages(document)]
    aligned = [
        one["timestampInfo"]["wordAlignment"] for one in found if one.get("timestampInfo", {}).get("wordAlignment")
    ]
    phones = [phone for one in aligned for word in one.get("phoneticDetails", ()) for phone in word["phones"]]
    if phones:
        return TimedText(
            Alphabet.INWORLD_VISEMES,
            tuple(
                TimedSymbol(
                    phone["visemeSymbol"],
                    phone["startTimeSeconds"],
                    phone["startTimeSeconds"] + phone["durationSeconds"],
                )
                for phone in phones
            ),
        )
    words = [
        TimedSymbol(*entry)
        for one in aligned
        for entry in zip(one["words"], one["wordStartTimeSeconds"], one["wordEndTimeSeconds"], strict=True)
        if _LETTERS_OF_SPEECH.search(entry[0])
    ]
    return TimedText(Alphabet.WORDS, tuple(words)) if words else None


def _elevenlabs(document: Any) -> TimedText | None:
    """ElevenLabs' alignment of characters, as words: {"alignment": {"characters": [...], "character_start_times_seconds":
    [...], "character_end_times_seconds": [...]}}"""
    if not isinstance(document, Mapping):
        return None
    alignment = document.get("alignment", document)
    if not isinstance(alignment, Mapping) or "character_start_times_seconds" not in alignment:
        return None
    characters = zip(
        alignment["characters"],
        alignment["character_start_times_seconds"],
        alignment["character_end_times_seconds"],
        strict=True,
    )
    return TimedText(Alphabet.WORDS, tuple(_words_of(characters)))


def _words_of(characters: Iterable[tuple[str, float, float]]) -> Iterator[TimedSymbol]:
    word = ""
    start = end = 0.0
    for character, begins, ends in (*characters, (" ", 0.0, 0.0)):
        if not character.strip():
            if word:
                yield TimedSymbol(word, start, end)
            word = ""
        elif _LETTERS_OF_SPEECH.search(character):
            start, end = (start if word else begins), ends
            word += character


def _kokoro(document: Any) -> TimedText | None:
    """Kokoro's tokens: [{"phonemes": "hˈɛlO", "start_ts": 0.28, "end_ts": 0.6}, ...]; those without times are left out."""
    entries = _entries(document, "phonemes", "start_ts", "end_ts")
    symbols = (
        TimedSymbol(entry["phonemes"], entry["start_ts"], entry["end_ts"])
        for entry in entries
        if entry["phonemes"] and entry["start_ts"] is not None and entry["end_ts"] is not None
    )
    return TimedText(Alphabet.KOKORO, tuple(symbols)) if entries else None


def _messages(document: Any) -> list[Mapping[str, Any]]:
    return [document] if isinstance(document, Mapping) else _entries(document)


FORMATS: Mapping[str, Callable[[Any], TimedText | None]] = {
    "a mapping of alphabet and symbols": _plain,
    "a list of phones, visemes or words with start_s": _listed,
    "Azure viseme events": _azure,
    "Polly speech marks": _polly,
    "Rhubarb mouth cues": _rhubarb,
    "Cartesia timestamps": _cartesia,
    "Inworld timestamps": _inworld,
    "ElevenLabs alignment": _elevenlabs,
    "Kokoro tokens": _kokoro,
}
"""What is read, beside Praat's TextGrid: each gives None where the document is not its own."""

_TIER = re.compile(r'class = "IntervalTier"\s+name = "([^"]*)"(.*?)(?=item \[\d+\]:|\Z)', re.DOTALL)
_INTERVAL = re.compile(r'xmin = ([\d.eE+-]+)\s+xmax = ([\d.eE+-]+)\s+text = "((?:[^"]|"")*)"')
_TIERS = ("phones", "phonemes", "phone", "segments", "mau", "words", "word")
"""Names of tiers, in small letters, the finer ones first: as of the Montreal Forced Aligner and of WebMAUS."""


def _text_grid(content: str) -> TimedText:
    """Praat's TextGrid in its long form: the tier of phones, or of words."""
    tiers = {name.split(" - ")[-1].lower(): intervals for name, intervals in _TIER.findall(content)}
    name = next((name for name in _TIERS if name in tiers), None)
    if name is None:
        raise FormatError(f"tiers {', '.join(tiers) or 'none'}, expected one called {' or '.join(_TIERS)}")
    intervals = [(text, float(start), float(end)) for start, end, text in _INTERVAL.findall(tiers[name])]
    alphabet = Alphabet.WORDS if name.startswith("word") else _alphabet_of_phones([text for text, *_ in intervals])
    return TimedText(alphabet, tuple(TimedSymbol(*interval) for interval in intervals))


def _read(value: Any) -> TimedText | None:
    """Raises OptionError, TypeError, FormatError."""
    if value is None or isinstance(value, TimedText):
        return value
    if isinstance(value, (str, os.PathLike)):
        return read_timed_text(value)
    if not isinstance(value, Mapping):
        raise TypeError
    with within_field("options.timed_text"):
        return text_of_values(value)


TIMED_TEXT = OptionKind(_read, plain_text, expected="a mapping of alphabet and symbols, or a file that has them")
