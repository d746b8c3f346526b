"""Edits that need the whole clip at once. Each check gives nothing where nothing is asked for."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

import numpy as np

from ..errors import MotionError, UnsupportedError
from ..face.flame_arkit import ArkitMatrix
from ..motion import Motion, check_fps, frames_in
from ..ranges import SECONDS
from ..resample import resample
from ..retargeting.body_frame import RestBody
from ..retargeting.floor import counts_from_pelvis, floor_height, foot_heights, is_stage
from ..retargeting.foot_lock import check_legs, locked_feet
from ..retargeting.humanoid import HumanoidMap, guess_roles
from ..retargeting.retarget import same_rest
from ..skeleton import Skeleton, load_skeleton
from .options import Floor, MotionEdits
from .outline import Edit, Outline
from .smoothing import check_smoothing, smoothed


def check_floor(edits: MotionEdits, before: Outline, matrix: ArkitMatrix | None) -> Edit | None:
    """The floor at height 0, where that is asked for, or where it cannot be there: files that count heights from the pelvis
    have feet under it. Raises MotionError for a body that is not known, UnsupportedError for a face alone."""
    ground = edits.floor is Floor.GROUND
    if ground and not before.has_body:
        raise UnsupportedError("a face alone has no floor")
    if ground:
        RestBody.of(before.skeleton, before.humanoid.checked(before.skeleton, "--source-joint-map"))
    elif before.on_floor or not before.has_body or not edits.skeleton or same_rest(before.skeleton, _target(edits)):
        return None

    def apply(motion: Motion) -> tuple[Motion, tuple[str, ...]]:
        if not len(motion):
            return motion, ()
        body = RestBody.of(before.skeleton, before.humanoid)
        heights = foot_heights(motion, body)
        height = floor_height(heights)
        if ground:
            return _raised(motion, -height), ()
        if counts_from_pelvis(heights, body):
            note = f"the feet are {-height:.2f} m under height 0: heights count from the pelvis, the body is put on the floor"
            return _raised(motion, -height), (note,)
        if is_stage(heights, body):  # a stage keeps its size for a larger body
            return _raised(motion, height * (body.leg_length / _target_body(edits).leg_length - 1.0)), ()
        return motion, ()

    return Edit(
        "floor", apply, replace(before, on_floor=True), whole_clip="where the floor lies shows in the whole clip"
    )


def _raised(motion: Motion, metres: float) -> Motion:
    return replace(motion, root_translation=motion.root_translation + np.array([0.0, metres, 0.0], np.float32))


def _target(edits: MotionEdits) -> Skeleton:
    return load_skeleton(edits.skeleton) if isinstance(edits.skeleton, str) else edits.skeleton


def _target_body(edits: MotionEdits) -> RestBody:
    target = _target(edits)
    return RestBody.of(
        target, HumanoidMap.of_pairs(edits.joint_map, target) if edits.joint_map else guess_roles(target)
    )


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
        frames, seconds = kept(len(motion)), len(motion) / before.fps
        late = end > seconds + 1.0 / before.fps
        notes = (f"end_seconds is {end:g}, but the clip has only {seconds:g} s",) if late else ()
        return motion.frames(frames.start, frames.stop), notes

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
    if not before.has_body:
        raise MotionError("a face alone has no feet to hold", "options.foot_lock")
    check_legs(before.skeleton, before.humanoid, "--joint-map" if edits.skeleton else "--source-joint-map")
    lock = partial(locked_feet, roles=before.humanoid)
    return Edit("foot_lock", lambda motion: (lock(motion), ()), before, whole_clip="foot lock needs the whole clip")
