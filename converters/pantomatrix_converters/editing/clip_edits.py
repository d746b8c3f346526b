"""Edits that need the whole clip at once. Each check gives nothing where nothing is asked for."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from ..errors import MotionError
from ..face.flame_arkit import ArkitMatrix
from ..motion import Motion, check_fps, frames_in
from ..ranges import SECONDS
from ..resample import resample
from ..retargeting.foot_lock import check_legs, locked_feet
from .options import MotionEdits
from .outline import Edit, Outline
from .smoothing import check_smoothing, smoothed


def check_cut(edits: MotionEdits, before: Outline, matrix: ArkitMatrix | None) -> Edit | None:
    """A part of the clip. Raises MotionError; when the clip's length is known, for a part without frames too."""
    start, end = edits.start_seconds, edits.end_seconds
    for name, seconds in (("start_seconds", start), ("end_seconds", end)):
        SECONDS.check(seconds, name, f"options.{name}")
    if not start and not end:
        return None
    if end and start >= end:
        raise MotionError(f"nothing lies between {start:g} s and {end:g} s", "options.start_seconds")

    def kept(frames: int) -> range:
        seconds = frames / before.fps
        stop = min(end or seconds, seconds)
        if start >= stop:
            raise MotionError(
                f"start_seconds is {start:g}, but the clip has only {seconds:g} s", "options.start_seconds"
            )
        first = first_frame(edits, before.fps)
        return range(first, min(frames, max(first + 1, frames_in(stop, before.fps))))

    def apply(motion: Motion) -> tuple[Motion, tuple[str, ...]]:
        frames = kept(len(motion))
        return motion.frames(frames.start, frames.stop), ()

    return Edit(
        "start_seconds",
        apply,
        before,
        whole_clip="start and end are of a clip whose length is known",
        frame_count=lambda frames: len(kept(frames)),
    )


def first_frame(edits: MotionEdits, fps: float) -> int:
    """The frame that becomes the first."""
    return int(np.floor(edits.start_seconds * fps + 1e-6))


def check_smooth(edits: MotionEdits, before: Outline, matrix: ArkitMatrix | None) -> Edit | None:
    """Less jitter. Raises MotionError."""
    if not check_smoothing(edits.smooth_seconds):
        return None
    return Edit(
        "smooth_seconds",
        lambda motion: (smoothed(motion, edits.smooth_seconds), ()),
        before,
        whole_clip="smoothing needs the frames to come",
    )


def check_rate(edits: MotionEdits, before: Outline, matrix: ArkitMatrix | None) -> Edit | None:
    """Another frame rate. Raises MotionError."""
    if not edits.fps or check_fps(edits.fps, "options.fps") == before.fps:
        return None
    return Edit(
        "fps",
        lambda motion: (resample(motion, edits.fps), ()),
        replace(before, fps=edits.fps),
        whole_clip="another frame rate is of a clip whose frames are there",
        frame_count=lambda frames: frames_in(frames / before.fps, edits.fps),
    )


def check_foot_lock(edits: MotionEdits, before: Outline, matrix: ArkitMatrix | None) -> Edit | None:
    """Feet that stay where they stand, which is known when they have left. Raises MotionError, UnsupportedError."""
    if not edits.foot_lock:
        return None
    check_legs(before.skeleton, before.humanoid, "--joint-map" if edits.skeleton else "--source-joint-map")
    lock = partial(locked_feet, roles=before.humanoid)
    return Edit("foot_lock", lambda motion: (lock(motion), ()), before, whole_clip="foot lock needs the whole clip")
