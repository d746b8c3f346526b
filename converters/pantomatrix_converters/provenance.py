"""Where a motion comes from: kept in files, so that a take can be made again or told from another."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .version import __version__

PROGRAM = f"pantomatrix {__version__}"
_MOST_MOTIONS = 100
_MOST_CHARACTERS = 200
_MOST_OPTIONS_CHARACTERS = 10_000


@dataclass(frozen=True)
class Provenance:
    """What a motion was made from.

    speech: a file's name, without folders. model, speaker: their names. options: those that were asked for, beside these, in
    plain values. program: that made it, with its version. Empty: not known.
    """

    speech: str = ""
    model: str = ""
    speaker: str = ""
    seed: int = 0
    options: Mapping[str, Any] = field(default_factory=dict)
    program: str = PROGRAM

    def __str__(self) -> str:
        named = {"speech": self.speech, "model": self.model, "speaker": self.speaker, "seed": str(self.seed)}
        words = [f"{name} {value}" for name, value in named.items() if value]
        words += [f"{name}={json.dumps(value)}" for name, value in self.options.items()]
        return ", ".join([*words, self.program] if self.program else words)


Provenances = tuple[Provenance, ...]
"""Of each motion that one was joined from; empty where nothing is known."""


def provenance_text(known: Provenances) -> str:
    """As files keep it."""
    return json.dumps([vars(entry) for entry in known])


def read_provenance(value: object) -> Provenances:
    """Of what a file keeps: text or values. What is not as it should be is left out: a motion does not depend on it."""
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return ()
    entries = value if isinstance(value, list) else []
    return tuple(_read(entry) for entry in entries[:_MOST_MOTIONS] if isinstance(entry, dict))


def _read(entry: dict[Any, Any]) -> Provenance:
    texts = {
        name: str(entry[name])[:_MOST_CHARACTERS]
        for name in ("speech", "model", "speaker", "program")
        if isinstance(entry.get(name), str)
    }
    seed, options = entry.get("seed"), entry.get("options")
    kept = isinstance(options, dict) and len(json.dumps(options, default=str)) <= _MOST_OPTIONS_CHARACTERS
    return Provenance(
        **({"program": ""} | texts),
        seed=seed if isinstance(seed, int) and not isinstance(seed, bool) else 0,
        options=options if kept and isinstance(options, dict) else {},
    )


def joined(several: Iterable[Provenances]) -> Provenances:
    """All that are known, each once, in order."""
    found: list[Provenance] = []
    for known in several:
        found += [entry for entry in known if entry not in found]
    return tuple(found)
