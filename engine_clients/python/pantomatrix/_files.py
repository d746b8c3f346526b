"""Motion files: `load`, `save` and `convert`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Unpack

from pantomatrix_converters.editing.options import MotionEdits
from pantomatrix_converters.editing.plan import edited
from pantomatrix_converters.face.face_maps import find_face_map
from pantomatrix_converters.face.flame_arkit import ArkitMatrix
from pantomatrix_converters.files.atomic_file import write_atomically
from pantomatrix_converters.formats import bytes_for, decode_motion, encode_motion, format_of_path, load_motion
from pantomatrix_converters.motion import Motion

from ._options import options_from_keywords, refuse_axes
from ._warn import warn_of
from .errors import LossWarning

if TYPE_CHECKING:
    from pantomatrix_client import Motion as ClientMotion
    from pantomatrix_client.options import Options

File = str | os.PathLike[str]


def load(
    source: File | bytes,
    *,
    format: str = "",
    clip: str = "",
    input_up: str = "",
    input_forward: str = "",
    input_unit: str = "",
    rest_frame: int | None = None,
) -> Motion:
    """Read a motion from a file.

    Parameters
    ----------
    source : path or bytes
        A file, gzipped or not, or its content.
    format : str
        A format's name, such as "bvh". Default: the content decides.
    clip : str
        Which clip of a file that holds several, such as glTF: its name, or its number from 1. Default: the first that moves
        the character; a warning names the others.
    input_up, input_forward : str
        The axes of the file that become +Y and +Z, such as "z" and "-y". Default: what the format says; in BVH, which says
        nothing, told from the body.
    input_unit : str
        The file's unit: m, dm, cm, mm, in, ft, or its length in metres. Default: as above.
    rest_frame : int
        The frame, counted from 0, whose pose becomes the rest pose. Default: the file's own.

    Returns
    -------
    Motion
        In canonical axes (metres, Y up, the character faces +Z), whatever axes the file has.

    Warns
    -----
    LossWarning
        For what the reader left out or assumed.

    Raises
    ------
    FormatError, InvalidInputError
        The content is wrong, or the file cannot be opened.
    LimitError
        It is larger than 2 GiB or 2 million frames.
    UnknownNameError, UnsupportedError
        The format or the clip is not known, or the format can only be written, or holds one motion only.
    """
    if not isinstance(source, (bytes, str, os.PathLike)):
        raise TypeError(f"source is {type(source).__name__}, expected a path or bytes")
    said = {
        "clip": clip, "input_up": input_up, "input_forward": input_forward, "input_unit": input_unit,
        "rest_frame": rest_frame,
    }  # fmt: skip
    given = {name: value for name, value in said.items() if value not in ("", None)}
    reading = options_from_keywords(MotionEdits, given).reading
    if isinstance(source, bytes):
        _, loaded = decode_motion(source, "source", format, reading=reading)
    else:
        _, loaded = load_motion(Path(source), format, reading=reading)
    warn_of(loaded.notes, LossWarning)
    return loaded.motion


def save(
    motion: Motion | ClientMotion,
    target: File,
    *,
    format: str = "",
    coordinate_system: str = "",
    reduce_degrees: float = 0.0,
    face_map: str = "",
    clip_only: bool = False,
) -> Path:
    """Write a motion to a file. The file appears complete or not at all; an existing file is replaced.

    A motion on a skeleton out of a .glb or .vrm is written to a .glb or .vrm as that very character, with the clip in it.

    Parameters
    ----------
    motion : Motion
        One of this package, or what a `Client` returned.
    target : path
        Its ending decides the format; .gz behind it packs the file, as in take.bvh.gz.
    format : str
        A format's name, where the ending is not enough: "arkit-npz" for an .npz, for example.
    coordinate_system : str
        Axes and unit of the file, where its format leaves a choice: "unity", "unreal", "blender", ...
    reduce_degrees : float
        For a smaller .glb or .vrma: how far a joint may be off, 0 to 10. Keys between which all comes back are left
        out, positions and face curves by a tolerance to match; 0.1 halves a file. 0 keeps every frame.
    face_map : str
        What moves that character's face: a name, such as "reallusion_cc4", or a table's path. Default: what fits best.
    clip_only : bool
        The clip without the character.

    Returns
    -------
    Path
        The file.

    Warns
    -----
    LossWarning
        For what the format cannot hold.

    Raises
    ------
    OutputError
        The file cannot be written. What was there before is intact.
    UnknownNameError, UnsupportedError
        The format is not known, or it cannot hold any part of this motion.
    """
    own, path = _own(motion, "motion", "a Motion, and the file's path after it"), _path_of(target)
    chosen = find_face_map(face_map) if face_map else None
    encoded = encode_motion(
        own,
        format or format_of_path(path).name,
        coordinate_system,
        reduce_degrees=reduce_degrees,
        face_map=chosen,
        clip_only=clip_only,
    )
    write_atomically(path, bytes_for(path, encoded.data), replace=True)
    warn_of(encoded.notes, LossWarning)
    return path


def convert(
    source: Motion | ClientMotion | File,
    target: File | None = None,
    *,
    arkit_matrix: File | ArkitMatrix | None = None,
    face_map: str = "",
    clip_only: bool = False,
    **edits: Unpack[Options],
) -> Motion:
    """Edit a motion, and write it to a file if one is given.

    Parameters
    ----------
    source : Motion or path
        A file, a motion of this package, or what a `Client` returned.
    target : path, optional
        Where to write the result; its ending decides the format.
    arkit_matrix : path or ArkitMatrix, optional
        What turns FLAME's faces into ARKit's and back, for face_rig: the BEAT2 authors' mat_final.npy, or a matrix of your
        own.
    face_map, clip_only
        As in `save`.
    **edits
        The edits of a motion: those of `help(pm.Options)` that do not say how it is made from speech.
        skeleton: a known name, a file that has it, or a Skeleton. coordinate_system: of the file that is
        written; refused without a target.

    Returns
    -------
    Motion
        The result, in canonical axes.

    Warns
    -----
    LossWarning
        For what was left out or assumed.

    Raises
    ------
    InvalidInputError, UnknownNameError, UnsupportedError
        An edit is out of range, a name is not known, or the edit cannot be done.
    OutputError
        The file cannot be written.
    """
    if target is None:
        refuse_axes(edits)
    else:
        _path_of(target)
    wanted = options_from_keywords(MotionEdits, edits)
    if isinstance(source, (str, os.PathLike)):
        _, loaded = load_motion(Path(source), reading=wanted.reading)
        warn_of(loaded.notes, LossWarning)
        motion, wanted = loaded.motion, wanted.once_read()
    else:
        motion = _own(source, "source", "a path or a Motion")
    result, notes = edited(motion, wanted, matrix_of(arkit_matrix))
    warn_of(notes, LossWarning)
    if target is not None:
        axes = edits.get("coordinate_system", "")
        save(result, target, coordinate_system=axes, face_map=face_map, clip_only=clip_only)
    return result


def matrix_of(source: File | ArkitMatrix | None) -> ArkitMatrix | None:
    """Raises FormatError."""
    return source if source is None or isinstance(source, ArkitMatrix) else ArkitMatrix.load(Path(source))


def _path_of(target: File) -> Path:
    if not isinstance(target, (str, os.PathLike)):
        raise TypeError(f"target is {type(target).__name__}, expected a path")
    return Path(target)


def _own(motion: Motion | ClientMotion, called: str, expected: str) -> Motion:
    if isinstance(motion, Motion):
        return motion
    if not hasattr(motion, "header"):
        raise TypeError(f"{called} is {type(motion).__name__}, expected {expected}")
    from .client_motion import motion_from_client

    return motion_from_client(motion)
