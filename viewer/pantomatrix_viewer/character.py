"""The page's character: 52 joints, a face with ARKit's shapes."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from pantomatrix_converters.editing.options import MotionEdits
from pantomatrix_converters.editing.plan import edited
from pantomatrix_converters.errors import MotionError, UnsupportedError
from pantomatrix_converters.face.conversion import with_face_rig
from pantomatrix_converters.face.flame_arkit import ArkitMatrix
from pantomatrix_converters.face.rigs import ARKIT52
from pantomatrix_converters.formats import load_motion
from pantomatrix_converters.motion import Motion
from pantomatrix_converters.skeleton import Skeleton

PAGE = Path(__file__).parent / "page"


@cache
def character_skeleton() -> Skeleton:
    """Of page/character.glb, which `python -m pantomatrix_tools.character.build` makes."""
    return load_motion(PAGE / "character.glb")[1].motion.skeleton


def on_character(motion: Motion, matrix: ArkitMatrix | None) -> tuple[Motion, bool, tuple[str, ...]]:
    """The motion as the page shows it, whether that is on the character, and notes. A skeleton that is not a humanoid stays
    as it is. matrix: for faces of FLAME."""
    notes: list[str] = []
    if motion.face is not None:
        try:
            motion, more = with_face_rig(motion, ARKIT52.name, matrix)
            notes += more
        except UnsupportedError as error:
            notes.append(f"the face is not shown: {error}")
            motion = replace(motion, face=None)
    if motion.has_body:
        try:
            motion, more = edited(motion, MotionEdits(skeleton=character_skeleton()))
            notes += more
        except MotionError as error:
            return motion, False, (*notes, f"shown as bones: {error}")
    return motion, True, tuple(notes)
