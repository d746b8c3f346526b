"""A skeleton by its name or out of a user's file."""

from __future__ import annotations

from pathlib import Path

from .errors import InvalidInputError, UnknownNameError, UnsupportedError
from .formats import Reading, load_motion
from .skeleton import Skeleton, load_skeleton, skeleton_names


def find_skeleton(name: str) -> Skeleton:
    """A known skeleton, or that of a BVH, GLB, FBX or JSON file. Raises InvalidInputError, UnknownNameError, LimitError."""
    if name in skeleton_names():
        return load_skeleton(name)
    path = Path(name)
    if not path.exists():
        if path.suffix:
            raise InvalidInputError(f"{name}: no such file")
        raise UnknownNameError("skeleton", name, skeleton_names())
    try:
        loaded = load_motion(path)[1]
    except UnsupportedError:  # a clip that cannot be unpacked here; the skeleton may be plain
        loaded = load_motion(path, reading=Reading(clip=None))[1]
    return loaded.motion.skeleton
