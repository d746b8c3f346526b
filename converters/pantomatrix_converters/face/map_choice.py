"""Which face map fits a character: the one that moves most curves, in the spelling that is most its own. A part of the face
in which another one moves far more comes from that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from ..face_map import FaceMap
from .face_maps import DERIVED_CURVES, face_map_names, load_face_map
from .face_match import FaceRow, Link, MeshNames, matched, preset_rows, rows_of
from .rigs import ARKIT52

_LEAST_SCORE = 1.5
"""Fewer are a coincidence."""
_ENOUGH = 0.6
"""Share of what another map moves in a part of the face."""
_PARTS = (
    ("jaw", "mouth", "vowel", "viseme", "lips", "tongueOut", "cheekPuff"),
    ("eyeBlink", "eyeWide", "eyeSquint"),
    ("eyeLook",),
    ("brow",),
)
_SPEAKS = ("vowelA", "visemeAA", "mouthOpen")


@dataclass(frozen=True)
class ChosenMap:
    """A map on a character.

    name: the map's, or several joined by " + ". links: what moves what. jaw, eyes: bones, as in the map.
    score: how many curves move, each as much as its name is sure.
    """

    name: str
    links: tuple[Link, ...]
    jaw: dict[str, Any]
    eyes: dict[str, Any]
    score: float

    @property
    def moved(self) -> frozenset[str]:
        """Curves that move something."""
        return frozenset(link.row.curve for link in self.links)

    @property
    def missing(self) -> tuple[str, ...]:
        """ARKit's curves that move nothing, those of the mouth left out where vowels or visemes speak."""
        speaks = not self.moved.isdisjoint(_SPEAKS)
        return tuple(
            curve
            for curve in ARKIT52.curve_names
            if curve not in self.moved and not (speaks and curve.startswith(("jaw", "mouth")))
        )

    @property
    def derived(self) -> tuple[str, ...]:
        """Vowels, visemes and feelings that move something."""
        return tuple(curve for curve in DERIVED_CURVES if curve in self.moved)


@dataclass(frozen=True)
class _Candidate:
    name: str
    rows: tuple[FaceRow, ...]
    links: list[Link]
    score: float


def map_on(face_map: FaceMap, meshes: Sequence[Sequence[str]]) -> ChosenMap:
    """A given map. meshes: for each the names of its shapes."""
    links = matched(rows_of(face_map), [MeshNames(names) for names in meshes])
    return ChosenMap(face_map.name, tuple(links), face_map.jaw, face_map.eyes, _score(links))


def choose_map(meshes: Sequence[Sequence[str]]) -> ChosenMap | None:
    """That which fits best of those that come with the package; None where no shape has a name that one of them knows."""
    known = [MeshNames(names) for names in meshes]
    candidates = []
    for name in face_map_names():
        rows = preset_rows(name)
        links = matched(rows, known)
        score = _score(links)
        if score >= _LEAST_SCORE:
            candidates.append(_Candidate(name, rows, links, score))
    if not candidates:
        return None
    candidates.sort(key=lambda candidate: -candidate.score)
    rows, names = _together(candidates)
    best = load_face_map(candidates[0].name)
    links = matched(rows, known)
    return ChosenMap(" + ".join(names), tuple(links), best.jaw, best.eyes, _score(links))


def _together(candidates: list[_Candidate]) -> tuple[list[FaceRow], list[str]]:
    best = candidates[0]
    rows, names = list(best.rows), [load_face_map(best.name).name]
    for part in _PARTS:
        own = most = _score(best.links, part)
        other = None
        for candidate in candidates:
            score = _score(candidate.links, part)
            if score > most:
                most, other = score, candidate
        if other is None or own >= _ENOUGH * most:
            continue
        rows = [row for row in rows if not row.curve.startswith(part)]
        rows += [row for row in other.rows if row.curve.startswith(part)]
        name = load_face_map(other.name).name
        if name not in names:
            names.append(name)
    return rows, names


def _score(links: Sequence[Link], part: tuple[str, ...] = ("",)) -> float:
    surest: dict[str, float] = {}
    for link in links:
        if link.row.curve.startswith(part) and link.row.curve != "visemeSil":
            surest[link.row.curve] = max(surest.get(link.row.curve, 0.0), link.surely)
    return sum(surest.values())
