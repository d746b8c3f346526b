"""One name in many spellings: jawOpen, Jaw_Open, head.jawOpen, head__jaw open; mouthSmileLeft, Mouth_Smile_L."""

from __future__ import annotations

import re
from functools import lru_cache

_SIDES = {"l": "left", "left": "left", "r": "right", "right": "right"}
_SEPARATORS = "_. :-"
_WORDS = re.compile(r"[^\W_]+")
_BEGINNING = re.compile(r"(?<=[^\WA-Z_])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


@lru_cache(maxsize=8192)
def spelling_key(name: str) -> str:
    """The name without case and separators, its side spelt out at the end."""
    words = [word.lower() for run in _WORDS.findall(name) for word in _BEGINNING.split(run)]
    sides = [_SIDES[word] for word in words if word in _SIDES]
    if len(sides) == 1 and len(words) > 1:
        return "".join([*(word for word in words if word not in _SIDES), *sides])
    return "".join(_SIDES.get(word, word) for word in words)


def without_prefix(name: str) -> str:
    """What is left of a name without what exporters put before it: the name of a blendshape node, a figure or a mesh, up to
    the last point or the first two underscores; without the number that Blender puts behind. Empty where nothing is."""
    before, point, after = name.rpartition(".")
    if after and point and not _is_number(after) and after.lower() not in _SIDES:
        return after
    figure, _, bare = name.partition("__")
    if figure and bare:
        return bare
    return before if before and _is_number(after) else ""


def endings(name: str) -> list[str]:
    """The name without its first word, without its first two and so on."""
    starts = range(1, len(name) - 1)
    return [name[at:] for at in starts if name[at - 1] in _SEPARATORS and name[at] not in _SEPARATORS]


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit()
