"""Which of a character's shapes its face's curves move, as data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class FaceMap:
    """curves: curve -> choices, each shape -> gain. jaw, eyes: bones and how far they turn, as in the JSON of
    `face.face_maps`."""

    name: str
    about: str
    origin: tuple[str, ...]
    curves: dict[str, tuple[dict[str, float], ...]]
    jaw: dict[str, Any]
    eyes: dict[str, Any]
