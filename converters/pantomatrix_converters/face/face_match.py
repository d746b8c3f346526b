"""A face map's rows on a character's shapes: what moves what.

On every mesh a curve moves the first of its choices that the mesh has. A short name such as A or blink counts on a mesh that
has three of the map's shapes, so that a coat's A is left alone; of four letters or more, also where another mesh of the
character has the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from ..face_map import FaceMap
from .face_maps import load_face_map
from .shape_spelling import endings, spelling_key, without_prefix

_COMPANY = 3
_LONG_NAME, _SHORT_NAME = 6, 4
"""Shorter names are words that may mean anything on a mesh that is not a face."""


@dataclass(frozen=True)
class FaceRow:
    """One curve moves one shape. choice: a higher one is used on a mesh that has none of the lower ones."""

    curve: str
    shape: str
    gain: float
    choice: int

    @property
    def key(self) -> str:
        return spelling_key(self.shape)


@dataclass(frozen=True)
class Link:
    """A row on a character. surely: 1 for the very name, less in another spelling. other: a second shape of the mesh that
    might be meant as well, or -1."""

    row: FaceRow
    mesh: int
    shape: int
    surely: float
    other: int


def rows_of(face_map: FaceMap) -> tuple[FaceRow, ...]:
    """A map as rows."""
    return tuple(
        FaceRow(curve, shape, gain, number)
        for curve, choices in face_map.curves.items()
        for number, choice in enumerate(choices)
        for shape, gain in choice.items()
    )


@lru_cache(maxsize=32)
def preset_rows(name: str) -> tuple[FaceRow, ...]:
    """Those of a map that comes with the package."""
    return rows_of(load_face_map(name))


@dataclass
class MeshNames:
    """The shapes of one mesh by name, however they are spelt."""

    names: Sequence[str]
    _exact: dict[str, int] = field(default_factory=dict)
    _bare: dict[str, int] = field(default_factory=dict)
    _keys: dict[str, int] = field(default_factory=dict)
    _ends: dict[str, int] = field(default_factory=dict)
    _doubles: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for shape, name in enumerate(self.names):
            if not name:
                continue
            self._exact.setdefault(name, shape)
            bare, key = without_prefix(name), spelling_key(name)
            self._add(self._keys, key, shape)
            if bare:
                self._bare.setdefault(bare, shape)
                if spelling_key(bare) != key:
                    self._add(self._keys, spelling_key(bare), shape)
            for end in endings(bare or name):
                self._add(self._ends, spelling_key(end), shape)

    def find(self, row: FaceRow) -> tuple[int, float, int]:
        """(shape, surely, other) of the shape that a row means; shape -1 where there is none."""
        key = row.key
        for names, name, surely in (
            (self._exact, row.shape, 1.0),
            (self._bare, row.shape, 0.98),
            (self._keys, key, 0.9),
            (self._ends, key if len(key) >= _LONG_NAME else "", 0.8),
        ):
            if name in names:
                return names[name], surely, self._doubles.get(key, -1) if surely <= 0.9 else -1
        return -1, 0.0, -1

    def _add(self, names: dict[str, int], key: str, shape: int) -> None:
        first = names.setdefault(key, shape)
        if first != shape:
            self._doubles.setdefault(key, shape)


def matched(rows: Sequence[FaceRow], meshes: Iterable[MeshNames]) -> list[Link]:
    """What each mesh has of the rows."""
    found = [_found(rows, number, mesh) for number, mesh in enumerate(meshes)]
    meshes_of_name: dict[str, int] = {}
    for links in found:
        if _is_face(links):
            for link in links:
                meshes_of_name[link.row.shape] = meshes_of_name.get(link.row.shape, 0) + 1
    choices: dict[tuple[str, int], int] = {}
    for row in rows:
        choices[row.curve, row.choice] = choices.get((row.curve, row.choice), 0) + 1
    return [link for links in found for link in _taken(links, meshes_of_name, choices)]


def _found(rows: Sequence[FaceRow], number: int, mesh: MeshNames) -> list[Link]:
    links = []
    for row in rows:
        shape, surely, other = mesh.find(row)
        if shape >= 0:
            links.append(Link(row, number, shape, surely, other))
    return links


def _is_face(links: Sequence[Link]) -> bool:
    return len({link.shape for link in links}) >= _COMPANY


def _taken(
    links: list[Link], meshes_of_name: Mapping[str, int], rows_of_choice: Mapping[tuple[str, int], int]
) -> list[Link]:
    if not _is_face(links):
        links = [
            link
            for link in links
            if len(link.row.key) >= _LONG_NAME
            or (len(link.row.key) >= _SHORT_NAME and link.row.shape in meshes_of_name)
        ]
    there: dict[str, dict[int, int]] = {}
    for link in links:
        counts = there.setdefault(link.row.curve, {})
        counts[link.row.choice] = counts.get(link.row.choice, 0) + 1
    chosen = {
        curve: min(counts, key=lambda choice: (counts[choice] < rows_of_choice[curve, choice], choice))
        for curve, counts in there.items()
    }
    return [link for link in links if link.row.choice == chosen[link.row.curve]]
