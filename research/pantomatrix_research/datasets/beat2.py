"""BEAT2, one language of it: a folder like beat_english_v2.0.0 (H-Liu1997/BEAT2 on Hugging Face).

train_test_split.csv        columns id,type
smplxflame_30/NAME.npz      SMPL-X and FLAME at 30 fps, see pantomatrix_converters.formats.npz.beat2_npz
wave16k/NAME.wav            speech, 16 kHz
textgrid/NAME.TextGrid      words and phones
sem/NAME.txt                semantic annotation
NAME = SPEAKER_PERSON_..., SPEAKER a number: 2_scott_0_1_1
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters.errors import FormatError, InvalidInputError

from .clip import Clip

SPLIT_FILE = "train_test_split.csv"
MOTION, AUDIO, PHONES, SEMANTIC = "smplxflame_30", "wave16k", "textgrid", "sem"
SPLITS = ("train", "val", "test", "additional")


def index_beat2(folder: Path, splits: Iterable[str] = (), speakers: Iterable[int] = ()) -> tuple[Clip, ...]:
    """The clips in the order of the split file; empty splits or speakers mean all of them. Files need not be there.

    Raises InvalidInputError, FormatError.
    """
    table = folder / SPLIT_FILE
    if not table.is_file():
        raise InvalidInputError(
            f"{folder}: no {SPLIT_FILE}; expected a language's folder of BEAT2, as beat_english_v2.0.0"
        )
    wanted, persons = set(splits), set(speakers)
    clips = (
        Clip(
            name,
            speaker_of(name, str(table)),
            split,
            folder / MOTION / f"{name}.npz",
            folder / AUDIO / f"{name}.wav",
            folder / PHONES / f"{name}.TextGrid",
            folder / SEMANTIC / f"{name}.txt",
        )
        for name, split in read_splits(table)
    )
    return tuple(
        clip for clip in clips if (not wanted or clip.split in wanted) and (not persons or clip.speaker in persons)
    )


def read_splits(table: Path) -> list[tuple[str, str]]:
    """(clip, split) in the file's order. Raises FormatError."""
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    found: dict[str, str] = {}
    for line, row in enumerate(rows, start=2):
        name, split = (row.get("id") or "").strip(), (row.get("type") or "").strip()
        if not name or split not in SPLITS:
            raise FormatError(f"{table}:{line}: expected id,type with a type of {', '.join(SPLITS)}")
        if name in found:
            raise FormatError(f"{table}:{line}: {name} is there twice")
        found[name] = split
    return list(found.items())


def speaker_of(name: str, where: str) -> int:
    """The number that a clip's name begins with. Raises FormatError."""
    number = name.split("_")[0]
    if not number.isdecimal():
        raise FormatError(f"{where}: {name!r} does not begin with a speaker's number")
    return int(number)


def semantic_relevance(path: Path, frames: int, fps: float) -> NDArray[np.float32]:
    """(frames,) how much each frame's gesture means, 0 to 1: the annotation's score within its intervals, else 0.

    Lines of name, start, end, duration, score, words, with tabs between. Raises FormatError.
    """
    result = np.zeros(frames, np.float32)
    for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        fields = text.split("\t")
        if not text.strip():
            continue
        try:
            start, end, score = float(fields[1]), float(fields[2]), float(fields[4])
        except (ValueError, IndexError):
            raise FormatError(
                f"{path}:{line}: expected name, start, end, duration, score, words with tabs between"
            ) from None
        result[max(0, round(start * fps)) : max(0, round(end * fps))] = score
    return result
