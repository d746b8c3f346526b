"""Measures folders of motion, each clip in a process of the machine's, and joins them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from multiprocessing import get_context

import numpy as np

from pantomatrix_converters.errors import PantomatrixError

from .clip_measures import ClipFiles, ClipMeasurer, Measured, Protocol
from .metrics.beat_consistency import BeatConsistency, compile_onset_detection
from .metrics.face_error import FaceError, FaceVelocityError
from .metrics.frechet_distance import FrechetGestureDistance
from .metrics.gesture_recall import GestureRecall
from .metrics.l1_diversity import L1Diversity

PUBLISHED: Mapping[str, type] = {
    "FGD": FrechetGestureDistance,
    "BC": BeatConsistency,
    "L1Div": L1Diversity,
    "LVDFace": FaceVelocityError,
    "MSEFace": FaceError,
    "SRGR": GestureRecall,
}
Work = Callable[[ClipMeasurer, ClipFiles], object]


@dataclass(frozen=True)
class Failed:
    """A clip that could not be measured, and why."""

    name: str
    reason: str


def evaluate(
    clips: Sequence[ClipFiles], protocol: Protocol, workers: int = 0, on_clip: Callable[[], None] = lambda: None
) -> tuple[list[Measured], list[Failed]]:
    """Measures every clip, in the order given. workers: processes; 0 for one for each processor, as far as
    there are four clips for it: what it imports takes as long as these.

    on_clip is called after each. Raises CheckpointError, FormatError if a file of the protocol cannot be read.
    """
    workers = min(workers or os.cpu_count() or 1, len(clips) if workers else -(-len(clips) // 4))
    if protocol.mean_speeds is None:
        protocol = replace(protocol, mean_speeds=_mean_speeds(clips, protocol, workers))
    found = dict(_each(ClipMeasurer.measure, clips, protocol, workers, on_clip))
    done = [found[clip.name] for clip in clips]
    return [item for item in done if isinstance(item, Measured)], [item for item in done if isinstance(item, Failed)]


def joined(measured: Sequence[Measured]) -> Measured:
    """All clips as one: metrics joined, natural measures and curves averaged by seconds; what is NaN is left out."""
    seconds = np.array([item.seconds for item in measured])
    total = Measured("all", float(seconds.sum()))
    for name, kind in PUBLISHED.items():
        for mine, others in (
            (total.metrics, [item.metrics for item in measured]),
            (total.recorded, [item.recorded for item in measured]),
        ):
            states = [metrics[name] for metrics in others if name in metrics]
            if states:
                mine[name] = kind()
                mine[name].merge_state(states)
    for name in dict.fromkeys(name for item in measured for name in item.natural):
        values = np.array([item.natural.get(name, np.nan) for item in measured])
        known = np.isfinite(values)
        total.natural[name] = float(np.average(values[known], weights=seconds[known])) if known.any() else float("nan")
    curves = [(item.seconds, *item.curve) for item in measured if item.curve is not None]
    if curves:
        weights, shifts, scores = zip(*curves, strict=True)
        total.curve = (shifts[0], np.average(scores, axis=0, weights=weights))
    return total


def _mean_speeds(clips: Sequence[ClipFiles], protocol: Protocol, workers: int) -> tuple[float, ...] | None:
    """(55,) each joint's mean speed over the recordings, or the predictions where there are none, as the published file was
    made from the recordings for training. None if no clip has a body."""
    found = [sums for _, sums in _each(ClipMeasurer.speed_sums, clips, protocol, workers) if isinstance(sums, tuple)]
    frames = sum(count for _, count in found)
    return tuple((np.sum([sums for sums, _ in found], axis=0) / frames).tolist()) if frames else None


def _each(
    work: Work, clips: Sequence[ClipFiles], protocol: Protocol, workers: int, on_clip: Callable[[], None] = lambda: None
) -> Iterator[tuple[str, object]]:
    """(name, result or Failed) as they come."""
    if workers <= 1:
        measurer = ClipMeasurer(protocol)
        for clip in clips:
            yield clip.name, _tried(work, measurer, clip)
            on_clip()
        return
    ClipMeasurer(protocol)
    if any(clip.audio for clip in clips):
        compile_onset_detection()
    pool = ProcessPoolExecutor(workers, get_context("spawn"), _prepare, (protocol,))
    try:
        waiting = {pool.submit(_in_process, work, clip): clip.name for clip in clips}
        for done in as_completed(waiting):
            yield waiting[done], done.result()
            on_clip()
    finally:
        pool.shutdown(cancel_futures=True)


_MEASURERS: list[ClipMeasurer] = []
"""This process's own."""


def _prepare(protocol: Protocol) -> None:
    _MEASURERS.append(ClipMeasurer(protocol))


def _in_process(work: Work, clip: ClipFiles) -> object:
    return _tried(work, _MEASURERS[0], clip)


def _tried(work: Work, measurer: ClipMeasurer, clip: ClipFiles) -> object:
    try:
        return work(measurer, clip)
    except PantomatrixError as error:
        return Failed(clip.name, str(error))
    except OSError as error:
        return Failed(clip.name, f"{error.filename}: {error.strerror}")
