"""BEAT (Liu et al., ECCV 2022): a folder like beat_english_v0.2.1, a folder in it for each speaker.

SPEAKER/NAME.bvh        Vicon's 75 joints, 120 fps
SPEAKER/NAME.json       ARKit's weights, 60 fps
SPEAKER/NAME.wav        speech
SPEAKER/NAME.TextGrid   words and phones
SPEAKER/NAME.txt        semantic annotation
NAME = SPEAKER_PERSON_..., SPEAKER a number: 2_scott_0_1_1
"""

from __future__ import annotations

from pathlib import Path

from pantomatrix_converters.errors import InvalidInputError

from .beat2 import SPLIT_FILE, read_splits, speaker_of
from .clip import Clip


def index_beat(folder: Path) -> tuple[Clip, ...]:
    """All clips, by speaker and name. Splits are those of a train_test_split.csv beside them, as BEAT2 has it; without one
    all are for training. Raises InvalidInputError, FormatError."""
    table = folder / SPLIT_FILE
    splits = dict(read_splits(table)) if table.is_file() else {}
    persons = sorted(
        (path for path in folder.iterdir() if path.is_dir() and path.name.isdecimal()), key=lambda path: int(path.name)
    )
    clips = tuple(
        Clip(
            motion.stem,
            speaker_of(motion.stem, str(motion)),
            splits.get(motion.stem, "train"),
            motion,
            motion.with_suffix(".wav"),
            motion.with_suffix(".TextGrid"),
            motion.with_suffix(".txt"),
            motion.with_suffix(".json"),
        )
        for person in persons
        for motion in sorted(person.glob("*.bvh"))
    )
    if not clips:
        raise InvalidInputError(
            f"{folder}: no folders of speakers with .bvh files; expected BEAT's, as beat_english_v0.2.1"
        )
    return clips
