"""A clip of a dataset, as files."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Clip:
    """One recording. split: "train", "val", "test" or "additional". Files that the dataset has not for it are None."""

    name: str
    speaker: int
    split: str
    motion: Path
    audio: Path | None = None
    phones: Path | None = None
    semantic: Path | None = None
    face: Path | None = None
