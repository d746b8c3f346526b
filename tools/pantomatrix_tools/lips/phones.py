"""Letters of the IPA as espeak-ng writes them."""

from __future__ import annotations

STOPS = frozenset("pbtdkɡgqcɟʈɖʔ")
"""Phones whose closure is quiet before it is released."""


def as_ipa(letters: str, voice: str) -> str:
    """What espeak-ng's voice says, in the letters of the IPA: it writes the Russian ы as y."""
    return letters.replace("y", "ɨ") if voice.split("+")[0] == "ru" else letters
