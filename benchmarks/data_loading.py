"""Windows a second that training can read: from shards, and from each clip's own files. Same windows, same order, shuffled.

    python benchmarks/data_loading.py
    python benchmarks/data_loading.py --clips 32 --seconds 30 --workers 2

The plain reader opens the clip's npz and wav for every window, as a program without a cache does.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import soundfile

from pantomatrix_research.datasets.beat2 import index_beat2
from pantomatrix_research.datasets.shards import make_shards
from pantomatrix_research.datasets.synthetic import make_beat2
from pantomatrix_research.datasets.windows import TrainingWindows

FRAMES, STRIDE, BATCH = 64, 20, 64


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--clips", type=int, default=16)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_beat2(folder / "beat2", options.clips, options.seconds, (2,))
        started = time.perf_counter()
        make_shards(index_beat2(folder / "beat2"), folder / "shards", options.workers)
        print(f"preparing {options.clips} clips of {options.seconds:g} s: {time.perf_counter() - started:.1f} s")
        windows = TrainingWindows(folder / "shards", FRAMES, STRIDE)
        order = np.random.default_rng(0).permutation(len(windows))
        plain = rate(plain_reader(folder / "beat2", windows), order[: 4 * BATCH])
        mapped = rate(lambda at: windows[at], order)
        print(f"{len(windows)} windows of {FRAMES} frames, one process, windows a second")
        print(f"  each clip's own files  {plain:8.0f}")
        print(f"  shards                 {mapped:8.0f}   ({mapped / plain:.0f} times)")


def rate(read: Callable[[int], object], order: np.ndarray) -> float:
    started = time.perf_counter()
    for at in order:
        read(int(at))
    return len(order) / (time.perf_counter() - started)


def plain_reader(folder: Path, windows: TrainingWindows) -> Callable[[int], object]:
    by_name = {clip.name: clip for clip in index_beat2(folder)}
    places = [
        (by_name[entry.name], start)
        for _, entry in windows.clips
        for start in range(0, entry.frames - FRAMES + 1, STRIDE)
    ]

    def read(at: int) -> object:
        clip, start = places[at]
        assert clip.audio is not None
        with np.load(clip.motion) as arrays:
            rows = [arrays[name][start : start + FRAMES] for name in ("poses", "expressions", "trans")]
        heard, _ = soundfile.read(clip.audio, dtype="float32")
        first = round(start / 30 * 16_000)
        return rows, heard[first : first + windows.samples]

    return read


if __name__ == "__main__":
    main()
