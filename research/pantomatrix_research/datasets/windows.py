"""Windows of clips for training, read from shards without copying files into memory."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters.errors import FormatError, InvalidInputError

from .frame_rows import COLUMNS
from .mirroring import mirrored_rows
from .shards import Entry

Array = NDArray[np.float32]


@dataclass(frozen=True)
class TrainingWindow:
    """One of `TrainingWindows`. poses: (T, 165). expressions: (T, 100). trans: (T, 3). contacts: (T, 4).
    audio: (S,) in [-1, 1]. speaker: a number below `TrainingWindows.speakers`' length."""

    poses: Array
    expressions: Array
    trans: Array
    contacts: Array
    audio: Array
    speaker: int


class TrainingWindows:
    """All windows of `frames` frames, `stride` frames apart, of the clips of some splits and speakers. A map-style dataset,
    as torch's DataLoader takes them; files are opened by each process at the first use."""

    def __init__(
        self,
        folder: Path,
        frames: int,
        stride: int,
        splits: Collection[str] = ("train",),
        speakers: Collection[int] = (),
        mirrored: bool = False,
    ) -> None:
        """folder: of shards. speakers: none for all. mirrored: whether every window is there a second time with left and
        right exchanged. Raises InvalidInputError, FormatError."""
        self.folder, self.frames = folder, frames
        index = read_index(folder)
        self.fps, self.sample_rate = float(index["fps"]), int(index["sample_rate"])
        self.samples = round(frames / self.fps * self.sample_rate)
        entries = [(shard, Entry(**entry)) for shard, listed in index["shards"].items() for entry in listed]
        self.speakers = tuple(
            sorted({entry.speaker for _, entry in entries if not speakers or entry.speaker in speakers})
        )
        self.clips = tuple(
            (shard, entry)
            for shard, entry in entries
            if entry.split in splits and (not speakers or entry.speaker in speakers)
        )
        self._starts = [
            (clip, start)
            for clip, (_, entry) in enumerate(self.clips)
            for start in range(0, min(entry.frames, self._audible_frames(entry)) - frames + 1, stride)
        ]
        if not self._starts:
            raise InvalidInputError(f"{folder}: no clip of {', '.join(splits)} is as long as {frames} frames")
        self._mirrored = mirrored

    def _audible_frames(self, entry: Entry) -> int:
        return int(entry.samples / self.sample_rate * self.fps)

    def __len__(self) -> int:
        return len(self._starts) * (2 if self._mirrored else 1)

    def __getitem__(self, at: int) -> TrainingWindow:
        if not 0 <= at < len(self):
            raise IndexError(at)
        clip, start = self._starts[at % len(self._starts)]
        shard, entry = self.clips[clip]
        frames, audio = self._shards[shard]
        rows = np.array(frames[entry.first_frame + start : entry.first_frame + start + self.frames])
        first = entry.first_sample + round(start / self.fps * self.sample_rate)
        heard = np.asarray(audio[first : first + self.samples], np.float32) / np.float32(32767)
        if at >= len(self._starts):
            rows = mirrored_rows(rows)
        parts = {name: rows[:, part] for name, part in COLUMNS.items()}
        return TrainingWindow(**parts, audio=heard, speaker=self.speakers.index(entry.speaker))

    def whole(self, shard: str, entry: Entry) -> tuple[Array, Array]:
        """One of `clips`: its rows (T, 272) and its speech (S,) in [-1, 1]."""
        frames, audio = self._shards[shard]
        rows = np.array(frames[entry.first_frame : entry.first_frame + entry.frames])
        heard = np.asarray(audio[entry.first_sample : entry.first_sample + entry.samples], np.float32)
        return rows, heard / np.float32(32767)

    @cached_property
    def _shards(self) -> dict[str, tuple[NDArray[np.float32], NDArray[np.int16]]]:
        """Mapped, not read."""
        return {
            shard: tuple(np.load(self.folder / shard / f"{name}.npy", mmap_mode="r") for name in ("frames", "audio"))
            for shard in dict.fromkeys(shard for shard, _ in self.clips)
        }  # type: ignore[return-value]

    def __getstate__(self) -> dict:
        """Other processes map files themselves."""
        return {name: value for name, value in self.__dict__.items() if name != "_shards"}


def read_index(folder: Path) -> dict:
    """What is in a folder of shards. Raises InvalidInputError, FormatError."""
    path = folder / "index.json"
    try:
        index = json.loads(path.read_text())
    except OSError:
        raise InvalidInputError(f"{folder}: no shards there; pantomatrix dataset prepare makes them") from None
    except ValueError as error:
        raise FormatError(f"{path}: {error}") from None
    if index.get("version") != 1:
        raise FormatError(f"{path}: of another version; pantomatrix dataset prepare makes them again")
    return index
