"""Timed phones of a recording: Praat's TextGrid as forced aligners write it and BEAT2 has it, or JSON."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from pathlib import Path

from pantomatrix_converters.errors import FormatError

SILENCE = "SIL"
ARPABET = frozenset({
    "AA", "AE", "AH", "AO", "AW", "AY", "B", "CH", "D", "DH", "EH", "ER", "EY", "F", "G", "HH", "IH", "IY", "JH", "K", "L",
    "M", "N", "NG", "OW", "OY", "P", "R", "S", "SH", "T", "TH", "UH", "UW", "V", "W", "Y", "Z", "ZH", SILENCE,
})  # fmt: skip
_SILENT = frozenset({"", "sil", "sp", "pau", "spn", "nsn", "h#", "<sil>", "<eps>", "{sl}", "{ns}"})
_TIERS = ("phones", "phone", "phonemes")


@dataclass(frozen=True)
class Phone:
    """label: ARPABET without stress, or SILENCE. start, end: seconds."""

    label: str
    start: float
    end: float


def read_phones(path: Path) -> tuple[Phone, ...]:
    """From NAME.TextGrid, or NAME.phones.json: a list of {"phone", "start_s", "end_s"}. Raises FormatError."""
    try:
        entries = _from_textgrid(path) if path.suffix.lower() == ".textgrid" else _from_json(path)
    except OSError as error:
        raise FormatError(f"{path}: {error.strerror or error}") from None
    if not entries:
        raise FormatError(f"{path}: no phones")
    for phone in entries:
        if phone.label not in ARPABET:
            raise FormatError(f"{path}: {phone.label!r} is not a phone of ARPABET")
        if not (math.isfinite(phone.start) and math.isfinite(phone.end) and phone.end > phone.start):
            raise FormatError(f"{path}: {phone.label} from {phone.start} to {phone.end} s is not an interval")
    return entries


def _from_json(path: Path) -> tuple[Phone, ...]:
    try:
        listed = json.loads(path.read_text(encoding="utf-8"))
        return tuple(
            Phone(_label(str(entry["phone"])), float(entry["start_s"]), float(entry["end_s"])) for entry in listed
        )
    except (ValueError, TypeError, KeyError) as error:
        raise FormatError(f'{path}: not a list of {{"phone", "start_s", "end_s"}}: {error}') from None


def _from_textgrid(path: Path) -> tuple[Phone, ...]:
    from praatio.textgrid import openTextgrid
    from praatio.utilities.errors import PraatioException

    try:
        grid = openTextgrid(str(path), includeEmptyIntervals=True, reportingMode="silence")
    except (PraatioException, ValueError, IndexError, KeyError, UnicodeError) as error:
        raise FormatError(f"{path}: not a TextGrid: {error}") from None
    name = next((name for name in grid.tierNames if name.lower() in _TIERS), None)
    if name is None:
        raise FormatError(f"{path}: no tier {_TIERS[0]!r}, only {', '.join(grid.tierNames) or 'none'}")
    rows = [tuple(entry) for entry in grid.getTier(name).entries]
    if any(len(row) != 3 for row in rows):
        raise FormatError(f"{path}: the tier {name!r} has points, expected intervals")
    return tuple(Phone(_label(str(label)), float(start), float(end)) for start, end, label in rows)


def _label(text: str) -> str:
    bare = text.strip()
    return SILENCE if bare.lower() in _SILENT else "".join(c for c in bare.upper() if not c.isdigit())
