"""Where a skeleton came from, so that a clip can go back into the very file: the user's own character."""

from __future__ import annotations

from dataclasses import dataclass

from .face_map import FaceMap


@dataclass(frozen=True, eq=False)
class Character:
    """A file with a character, as it was read.

    document: the file's bytes, never changed.
    format: name of the format that can write into it, "glb" for example.
    nodes: for each joint of the skeleton, which of the file's nodes it is.
    face_map: what moves its face; None for the map that fits its shapes' names best.
    """

    document: bytes
    format: str
    nodes: tuple[int, ...]
    face_map: FaceMap | None = None
