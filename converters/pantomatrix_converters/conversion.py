"""What a conversion does between reading and writing. The gRPC service and the command line both go through here."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from .errors import LimitError, MotionError, UnsupportedError
from .face_conversion import with_face_rig
from .face_rigs import UNIT_RIGS
from .flame_arkit import ArkitMatrix
from .foot_lock import floor_height, locked_feet
from .formats import ReadLimits
from .humanoid import HumanoidMap, guess_roles
from .mirror import mirrored
from .motion import Motion, check_fps, frames_in, scaled
from .resample import resample
from .retargeting import Retargeting
from .root import RootMode, with_root
from .skeleton import Skeleton, load_skeleton
from .smoothing import smoothed


@dataclass(frozen=True)
class ConversionOptions:
    """What to change. Each default leaves the motion as it is.

    fps: frames per second, 0 for the file's own.
    skeleton: a known skeleton's name or one of the caller's; source_map, target_map: tables of joints to go by.
    start_seconds, end_seconds: what to keep; end 0 for all of it.
    smooth_seconds: see `smoothed`. scale: of the body. face_gain: on the face's weights.
    """

    fps: float = 0.0
    skeleton: str | Skeleton = ""
    source_map: HumanoidMap | None = None
    target_map: HumanoidMap | None = None
    root_mode: RootMode = RootMode.FREE
    foot_lock: bool = False
    start_seconds: float = 0.0
    end_seconds: float = 0.0
    mirror: bool = False
    smooth_seconds: float = 0.0
    scale: float = 1.0
    face_rig: str = ""
    face_gain: float = 1.0
    limits: ReadLimits = field(default_factory=ReadLimits)


def converted(
    motion: Motion, options: ConversionOptions, matrix: ArkitMatrix | None = None
) -> tuple[Motion, tuple[str, ...]]:
    """The motion as asked for, and notes. Raises InvalidInputError, UnknownNameError, UnsupportedError, LimitError."""
    notes: list[str] = []
    motion = _part(motion, options.start_seconds, options.end_seconds)
    if options.fps:
        check_fps(options.fps, "fps")
        frames = frames_in(motion.duration_seconds, options.fps)
        if frames > options.limits.max_frames:
            raise LimitError(
                f"{frames} frames at {options.fps:g} a second, at most {options.limits.max_frames} are allowed"
            )
    target = options.skeleton or None
    if isinstance(target, str):
        target = load_skeleton(target)
    _check_size(motion, options, target or motion.skeleton)
    if options.mirror:
        motion, more = mirrored(motion)
        notes += more
    if options.face_rig:
        motion, more = with_face_rig(motion, options.face_rig, matrix)
        notes += more
    motion = _with_face_gain(with_root(motion, options.root_mode), options.face_gain)
    if options.smooth_seconds:
        motion = smoothed(motion, options.smooth_seconds)
    if target:
        motion = _retargeted(motion, target, options)
    if options.fps:
        motion = resample(motion, options.fps)
    if options.foot_lock:
        motion = locked_feet(motion, options.target_map)
    return (scaled(motion, options.scale) if options.scale != 1.0 else motion), tuple(notes)


def _check_size(motion: Motion, options: ConversionOptions, target: Skeleton) -> None:
    """Before memory is taken for many frames of many joints."""
    joints = max(len(motion.skeleton), len(target))
    frames = frames_in(motion.duration_seconds, options.fps) if options.fps else len(motion)
    options.limits.check_size(frames, joints, len(motion.face.names) if motion.face else 0, "the result")


def _part(motion: Motion, start_seconds: float, end_seconds: float) -> Motion:
    if not (0 <= start_seconds < np.inf and 0 <= end_seconds < np.inf):
        raise MotionError("start and end are seconds from 0 on", "start_seconds")
    if not start_seconds and not end_seconds:
        return motion
    end_seconds = min(end_seconds or motion.duration_seconds, motion.duration_seconds)
    if start_seconds >= end_seconds:
        raise MotionError(
            f"nothing lies between {start_seconds:g} s and {end_seconds:g} s of {motion.duration_seconds:g} s",
            "start_seconds",
        )
    start = int(np.floor(start_seconds * motion.fps + 1e-6))
    return motion.frames(start, max(start + 1, frames_in(end_seconds, motion.fps)))


def _retargeted(motion: Motion, target: Skeleton, options: ConversionOptions) -> Motion:
    if not motion.has_body:
        raise UnsupportedError("a face alone has no joints to retarget")
    retargeting = Retargeting(motion.skeleton, target, options.source_map, options.target_map)
    floor = 0.0 if retargeting.is_identity else floor_height(motion, options.source_map or guess_roles(motion.skeleton))
    return retargeting.apply(motion, floor)


def _with_face_gain(motion: Motion, gain: float) -> Motion:
    if not 0 <= gain <= 10:
        raise MotionError(f"face gain is {gain:g}, expected 0 to 10", "face_gain")
    face = motion.face
    if face is None or gain == 1.0:
        return motion
    weights = face.weights * np.float32(gain)
    return replace(motion, face=replace(face, weights=np.clip(weights, 0, 1) if face.rig in UNIT_RIGS else weights))
