"""What a conversion does between reading and writing. The gRPC service and the command line both go through here."""

from __future__ import annotations

from dataclasses import dataclass

from pantomatrix_converters.errors import LimitError, UnsupportedError
from pantomatrix_converters.face_rigs import ARKIT52, face_rig
from pantomatrix_converters.flame_arkit import WHERE_TO_GET_IT, ArkitMatrix, with_arkit_face, with_flame_face
from pantomatrix_converters.formats import ReadLimits
from pantomatrix_converters.motion import Motion, check_fps, frames_in
from pantomatrix_converters.resample import resample
from pantomatrix_converters.root import RootMode, with_root
from pantomatrix_converters.skeleton import load_skeleton

from .errors import CapabilityError


@dataclass(frozen=True)
class ConversionOptions:
    """0 fps and an empty skeleton name mean the file's own."""

    fps: float = 0.0
    skeleton: str = ""
    root_mode: RootMode = RootMode.FREE
    max_frames: int = ReadLimits().max_frames


def with_face_rig(motion: Motion, rig: str, matrix: ArkitMatrix | None) -> tuple[Motion, tuple[str, ...]]:
    """The motion with its face in another rig, and notes. Raises UnknownNameError, UnsupportedError."""
    rig = face_rig(rig).name
    if motion.face is not None and motion.face.rig == rig:
        return motion, ()
    if matrix is None:
        raise UnsupportedError(
            f"a face becomes {rig!r} by way of the user's own {WHERE_TO_GET_IT}; give it as --arkit-matrix"
        )
    return with_arkit_face(motion, matrix) if rig == ARKIT52.name else with_flame_face(motion, matrix)


def converted(motion: Motion, options: ConversionOptions) -> Motion:
    """Raises MotionError, UnknownNameError, CapabilityError, LimitError."""
    if options.fps:
        check_fps(options.fps, "fps")
        frames = frames_in(motion.duration_seconds, options.fps)
        if frames > options.max_frames:
            raise LimitError(f"{frames} frames at {options.fps:g} a second, at most {options.max_frames} are allowed")
    if options.skeleton and not motion.skeleton.same_joints(load_skeleton(options.skeleton)):
        raise CapabilityError(
            f"retargeting from {motion.skeleton.name!r} to {options.skeleton!r} is not available in this version"
        )
    if options.fps:
        motion = resample(motion, options.fps)
    return with_root(motion, options.root_mode)
