"""A dataset as training reads it: memory-mapped arrays of many clips each.

    index.json                      what is where
    statistics.npz                  mean and std of every column over the clips for training, and of rotations in 6D
    00000-FINGERPRINT/frames.npy    (T, 272) float32, one clip after the other; the columns are COLUMNS
    00000-FINGERPRINT/audio.npy     (S,) int16, 16 kHz
    00000-FINGERPRINT/clips.json    names, lengths, sums

A shard is made under another name and renamed when it is whole, so that interrupted work continues where it stopped.
Its fingerprint is of its clips' files; what has changed is made again.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters.errors import InvalidInputError, PantomatrixError
from pantomatrix_converters.files.atomic_file import write_atomically
from pantomatrix_converters.files.npz_archive import write_arrays
from pantomatrix_models.audio.decode import decode_file

from .clip import Clip
from .dataset import FPS, load_clip
from .frame_rows import COLUMNS, WIDTH, frame_rows, sixd_of

_CLIPS_A_SHARD = 16
_RATE = 16_000
_VERSION = 1


@dataclass(frozen=True)
class Entry:
    """A clip in its shard: frames and audio samples from where, how many."""

    name: str
    speaker: int
    split: str
    first_frame: int
    frames: int
    first_sample: int
    samples: int
    face: str


@dataclass(frozen=True)
class Made:
    """What came of it: shards made now and found whole, and the clips that could not be read, with the reason."""

    made: int
    kept: int
    left_out: tuple[tuple[str, str], ...]


def make_shards(
    clips: Sequence[Clip], folder: Path, workers: int, on_clip: Callable[[int], None] = lambda count: None
) -> Made:
    """Writes or completes them. on_clip is called with how many clips have been done more.

    Raises InvalidInputError if the folder holds something else, or no clip could be read.
    """
    folder.mkdir(parents=True, exist_ok=True)
    shards = list(folder.glob("?????-*/clips.json"))
    if not shards and any(not path.name.startswith(".making-") for path in folder.iterdir()):
        raise InvalidInputError(f"{folder}: not empty, and no shards in it")
    for unfinished in folder.glob(".making-*"):
        shutil.rmtree(unfinished)
    wanted = {
        f"{at:05d}-{_fingerprint(group)}": group
        for at, group in enumerate(
            clips[start : start + _CLIPS_A_SHARD] for start in range(0, len(clips), _CLIPS_A_SHARD)
        )
    }
    missing = {name: group for name, group in wanted.items() if not (folder / name).is_dir()}
    on_clip(len(clips) - sum(map(len, missing.values())))
    with ProcessPoolExecutor(max(1, min(workers, len(missing))), get_context("spawn")) as pool:
        waiting = {
            pool.submit(partial(_make_shard, folder), name, group): len(group) for name, group in missing.items()
        }
        try:
            for done in as_completed(waiting):
                done.result()
                on_clip(waiting[done])
        finally:
            pool.shutdown(cancel_futures=True)
    for other in folder.glob("?????-*"):
        if other.name not in wanted:
            shutil.rmtree(other)
    described = {name: json.loads((folder / name / "clips.json").read_text()) for name in wanted}
    left_out = tuple((item["clip"], item["reason"]) for shard in described.values() for item in shard["left_out"])
    if not any(shard["clips"] for shard in described.values()):
        raise InvalidInputError(f"no clip could be read; the first: {left_out[0][1] if left_out else 'there is none'}")
    write_atomically(folder / "statistics.npz", write_arrays(_statistics(described.values())), replace=True)
    index = {
        "version": _VERSION,
        "fps": FPS,
        "sample_rate": _RATE,
        "columns": {name: [part.start, part.stop] for name, part in COLUMNS.items()},
        "shards": {name: shard["clips"] for name, shard in described.items() if shard["clips"]},
    }
    write_atomically(folder / "index.json", json.dumps(index, indent=1).encode(), replace=True)
    return Made(len(missing), len(wanted) - len(missing), left_out)


def _fingerprint(clips: Sequence[Clip]) -> str:
    digest = hashlib.sha256(str(_VERSION).encode())
    for clip in clips:
        digest.update(f"{clip.name} {clip.split}".encode())
        for path in (clip.motion, clip.audio, clip.face):
            if path is not None and path.is_file():
                found = path.stat()
                digest.update(f"{path.name} {found.st_size} {found.st_mtime_ns}".encode())
    return digest.hexdigest()[:12]


def _make_shard(folder: Path, name: str, clips: Sequence[Clip]) -> None:
    making = Path(tempfile.mkdtemp(prefix=".making-", dir=folder))
    entries: list[Entry] = []
    left_out: list[dict[str, str]] = []
    rows: list[NDArray[np.float32]] = []
    sounds: list[NDArray[np.int16]] = []
    frames = samples = 0
    for clip in clips:
        try:
            motion, sound = load_clip(clip), _sound(clip)
            row = frame_rows(motion)
        except PantomatrixError as error:
            left_out.append({"clip": clip.name, "reason": str(error)})
            continue
        except OSError as error:
            left_out.append({"clip": clip.name, "reason": f"{error.filename}: {error.strerror}"})
            continue
        rig = motion.face.rig if motion.face else ""
        entries.append(Entry(clip.name, clip.speaker, clip.split, frames, len(row), samples, len(sound), rig))
        rows.append(row)
        sounds.append(sound)
        frames, samples = frames + len(row), samples + len(sound)
    np.save(making / "frames.npy", np.concatenate(rows) if rows else np.zeros((0, WIDTH), np.float32))
    np.save(making / "audio.npy", np.concatenate(sounds) if sounds else np.zeros(0, np.int16))
    training = [row for row, entry in zip(rows, entries, strict=True) if entry.split == "train"]
    described = {"clips": [asdict(entry) for entry in entries], "left_out": left_out, "sums": _sums(training)}
    (making / "clips.json").write_text(json.dumps(described))
    making.replace(folder / name)


def _sound(clip: Clip) -> NDArray[np.int16]:
    if clip.audio is None:
        raise InvalidInputError(f"{clip.name}: no speech")
    heard = decode_file(clip.audio.read_bytes(), float("inf"), clip.audio.name).samples
    return np.round(np.clip(heard, -1, 1) * 32767).astype(np.int16)


def _sums(rows: Sequence[NDArray[np.float32]]) -> dict[str, Any]:
    """For mean and std: count, sum and sum of squares of the columns and of 6D."""
    if not rows:
        return {"count": 0}
    together = np.concatenate(rows)
    result: dict[str, Any] = {"count": len(together)}
    for name, values in (("columns", together), ("sixd", sixd_of(together[:, COLUMNS["poses"]]))):
        exact = values.astype(np.float64)
        result[name] = [exact.sum(axis=0).tolist(), np.square(exact).sum(axis=0).tolist()]
    return result


def _statistics(shards: Iterator[dict[str, Any]] | Any) -> dict[str, NDArray[np.float32]]:
    """mean, std (272,), sixd_mean, sixd_std (330,); empty if nothing is for training."""
    sums = [shard["sums"] for shard in shards if shard["sums"]["count"]]
    count = sum(item["count"] for item in sums)
    if not count:
        return {}
    result = {}
    for name, start in (("columns", ""), ("sixd", "sixd_")):
        total, squares = (np.sum([item[name][at] for item in sums], axis=0) for at in (0, 1))
        mean = total / count
        result[f"{start}mean"] = mean.astype(np.float32)
        result[f"{start}std"] = np.sqrt(np.maximum(0, squares / count - mean**2)).astype(np.float32)
    return result
