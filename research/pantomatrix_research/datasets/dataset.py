"""A dataset of any kind that is known, told by its files."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from pantomatrix_converters.errors import InvalidInputError
from pantomatrix_converters.formats import load_motion
from pantomatrix_converters.motion import Motion
from pantomatrix_converters.resample import resample
from pantomatrix_converters.retargeting.retarget import Retargeting
from pantomatrix_converters.skeleton import load_skeleton

from .beat import index_beat
from .beat2 import MOTION, SPLIT_FILE, index_beat2
from .clip import Clip

FPS = 30.0
"""What models are trained at."""


@dataclass(frozen=True)
class Layout:
    """A kind of dataset. fps: of its motion files. index: a folder to its clips."""

    name: str
    fps: float
    index: Callable[[Path], tuple[Clip, ...]]


BEAT2 = Layout("BEAT2", 30.0, index_beat2)
BEAT = Layout("BEAT", 120.0, index_beat)


def find_layout(folder: Path) -> Layout | None:
    """What kind of dataset a folder is, or None if it is not one."""
    if (folder / MOTION).is_dir():
        return BEAT2
    if folder.is_dir() and any(path.is_dir() and path.name.isdecimal() for path in folder.iterdir()):
        return BEAT
    return None


def layout_of(folder: Path) -> Layout:
    """What kind of dataset a folder is. Raises InvalidInputError if it is not one."""
    layout = find_layout(folder)
    if layout is not None:
        return layout
    if not folder.is_dir():
        raise InvalidInputError(f"{folder}: no such folder")
    raise InvalidInputError(
        f"{folder}: neither BEAT2 ({SPLIT_FILE}, {MOTION}/, ...) nor BEAT (1/, 2/, ...); name a language's folder"
    )


def load_clip(clip: Clip) -> Motion:
    """On SMPL-X's skeleton at 30 frames a second, with the face that the dataset has. Raises PantomatrixError."""
    motion = load_motion(clip.motion)[1].motion
    if clip.face is not None:
        face = resample(load_motion(clip.face)[1].motion, FPS)
        motion = resample(motion, FPS)
        count = min(len(face), len(motion))
        motion = replace(motion.frames(0, count), face=face.frames(0, count).face)
    smplx = load_skeleton("smplx")
    if motion.skeleton.name != smplx.name:
        motion = Retargeting(motion.skeleton, smplx).apply(motion)
    return motion if motion.fps == FPS else resample(motion, FPS)
