"""File formats. A new one is a new module and a line in FORMATS."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from ..coordinates import CoordinateSystem, coordinate_system
from ..errors import FormatError, InvalidInputError, LimitError, UnknownNameError, UnsupportedError
from ..face_map import FaceMap
from ..files.gzip_file import packed_for, unpacked, without_gz
from ..motion import Motion
from .arkit.arkit_csv import ARKIT_CSV
from .arkit.arkit_json import ARKIT_JSON
from .arkit.arkit_npz import ARKIT_NPZ
from .arkit.audio2face_json import AUDIO2FACE_JSON
from .arkit.face_cap_txt import FACE_CAP_TXT
from .bvh.bvh import BVH_FORMAT
from .fbx.fbx import FBX
from .gltf.glb import GLB, VRM_CHARACTER
from .gltf.gltf_text import as_gltf
from .gltf.vrma import VRMA, VRMA_PERFECT_SYNC
from .joints.joints_csv import JOINTS_CSV
from .joints.joints_json import JOINTS_JSON
from .key_reduction import KeyReduction
from .motion_format import Encoded, Loaded, MotionFormat, ReadLimits
from .npz.amass_npz import AMASS_NPZ
from .npz.beat2_npz import BEAT2_NPZ
from .pmclip.pmclip import PMCLIP
from .reading import Reading, understood
from .unrecognised import what_it_is
from .usd.usd import USD

FORMATS: dict[str, MotionFormat] = {
    entry.name: entry
    for entry in (
        BEAT2_NPZ, AMASS_NPZ, BVH_FORMAT, GLB, VRM_CHARACTER, VRMA, VRMA_PERFECT_SYNC, FBX, USD, PMCLIP, JOINTS_JSON,
        AUDIO2FACE_JSON, FACE_CAP_TXT, ARKIT_CSV, ARKIT_JSON, ARKIT_NPZ, JOINTS_CSV,
    )
}  # fmt: skip
"""Where several share a file ending, the first that can be written is meant by it."""
_RECOGNISED_IN_TURN = (VRMA, *(entry for entry in FORMATS.values() if entry not in (VRMA, BEAT2_NPZ)), BEAT2_NPZ)
"""A VRM animation is a glTF as well; BEAT2's is any archive that no other format knows."""

__all__ = [
    "FORMATS", "Encoded", "Loaded", "MotionFormat", "ReadLimits", "Reading",
    "bytes_for", "can_hold", "decode_motion", "encode_motion", "find_format", "format_of_path", "load_motion",
    "recognised_format",
]  # fmt: skip


def find_format(name: str) -> MotionFormat:
    """The format of that name. Raises UnknownNameError."""
    try:
        return FORMATS[name.lower().lstrip(".")]
    except KeyError:
        raise UnknownNameError("format", name, FORMATS) from None


def format_of_path(path: Path) -> MotionFormat:
    """The writable format that a file name's ending stands for, without a .gz behind it. Raises UnknownNameError."""
    ending = without_gz(path).suffix.lower()
    for entry in FORMATS.values():
        if entry.write and ending in entry.extensions:
            return entry
    endings = [extension for entry in FORMATS.values() if entry.write for extension in entry.extensions]
    raise UnknownNameError(f"file ending of {path.name!r}:", ending, endings)


def recognised_format(data: bytes) -> MotionFormat | None:
    """The format that a file's content, unpacked, looks like."""
    return next((entry for entry in _RECOGNISED_IN_TURN if entry.recognises(data)), None)


def decode_motion(
    data: bytes,
    name: str = "input",
    format_name: str = "",
    limits: ReadLimits | None = None,
    reading: Reading | None = None,
) -> tuple[MotionFormat, Loaded]:
    """Read a motion from a file's bytes, gzipped or not; its content decides the format unless `format_name` does.

    name: what messages call it. reading: which of its clips, and its axes, unit and rest pose, where the caller knows them.
    Raises FormatError, LimitError, UnknownNameError, UnsupportedError, InvalidInputError.
    """
    limits = limits or ReadLimits()
    data = unpacked(data, name, limits.max_bytes)
    if not data:
        raise FormatError(f"{name}: the file is empty")
    if len(data) > limits.max_bytes:
        raise LimitError(f"{name}: {len(data)} bytes, at most {limits.max_bytes} are allowed")
    if format_name:
        found = find_format(format_name)
    else:
        found = recognised_format(data)
        if found is None:
            told = what_it_is(data)
            reason = f": {told}" if told else f" (known formats: {', '.join(FORMATS)})"
            raise FormatError(f"{name}: not a motion file{reason}")
    if found.read is None:
        raise UnsupportedError(f"{name}: format {found.name} can only be written")
    found.check_reader(name)
    reading = reading or Reading()
    if reading.clip and not found.several_clips:
        raise UnsupportedError(f"{name}: format {found.name} holds one motion; {reading.clip!r} cannot be chosen in it")
    chosen = {"clip": reading.clip} if found.several_clips else {}
    loaded = found.read(data, name, limits, **chosen)
    if len(loaded.motion) > limits.max_frames:
        raise LimitError(f"{name}: {len(loaded.motion)} frames, at most {limits.max_frames} are allowed")
    return found, understood(loaded, found, reading, name)


def load_motion(
    path: Path | str, format_name: str = "", limits: ReadLimits | None = None, reading: Reading | None = None
) -> tuple[MotionFormat, Loaded]:
    """`decode_motion` of a file, which may name others beside it. Raises InvalidInputError too if it cannot be opened."""
    path, limits = Path(path), limits or ReadLimits()
    try:
        with path.open("rb") as stream:
            data = stream.read(limits.max_bytes + 1)
    except OSError as error:
        raise InvalidInputError(f"{path}: {error.strerror or error}") from None
    return decode_motion(data, str(path), format_name, replace(limits, folder=path.parent), reading)


def encode_motion(
    motion: Motion,
    format_name: str,
    coordinates: str | CoordinateSystem = "",
    *,
    reduce_degrees: float = 0.0,
    face_map: FaceMap | None = None,
    clip_only: bool = False,
) -> Encoded:
    """A motion as a file's bytes. A motion of a character from a file, in that file's format: the character with the clip.

    coordinates: a coordinate system or its name; empty for the format's own.
    reduce_degrees: how far a joint may be off for a smaller file, 0 to 10; see `KeyReduction`. 0 keeps every frame.
    face_map: what moves that character's face; None for the map that fits best. clip_only: the clip without the character.
    Raises UnsupportedError if the format cannot hold the motion or what writes it is not installed, UnknownNameError.
    """
    motion = _for_file(motion, face_map, clip_only)
    target = find_format(format_name)
    if target.write is None:
        raise UnsupportedError(f"format {target.name} can only be read")
    if not len(motion):
        raise UnsupportedError("the motion has no frames; a file needs one at least")
    target.check_writer(motion.skeleton)
    has_face = _suits_face(target, motion)
    if not can_hold(target, motion):
        raise UnsupportedError(f"format {target.name} holds {_holds(target)}, but the motion has {_has(motion)}")
    notes = []
    if motion.face and not target.face:
        notes.append(f"{target.name} holds no face: {len(motion.face.names)} curves are left out")
    elif motion.face and not has_face:
        notes.append(
            f"{target.name} holds {_holds(target)}: the face of {motion.face.rig} is left out; --face-rig converts it"
        )
        motion = replace(motion, face=None)
    if notes and motion.has_body and not _moves(motion):
        notes.append(f"the body, which {target.name} is left with, does not move")
    if motion.has_body and not target.body:
        notes.append(f"{target.name} holds no body: {len(motion.skeleton)} joints are left out")
    character = motion.skeleton.character
    if character is not None and character.format != target.name and target.draws_figure:
        notes.append(
            f"a figure of sticks stands for the character of {motion.skeleton.name}, which a .{character.format} would bring"
        )
    reduction = KeyReduction(reduce_degrees) if reduce_degrees else None
    if reduction is not None and not target.reduces_keys:
        notes.append(f"{target.name} holds every frame: no keys are left out")
    more = {"reduction": reduction} if target.reduces_keys else {}
    written = target.write(motion, _target_coordinates(target, coordinates), **more)
    if isinstance(written, Encoded):
        return Encoded(written.data, (*notes, *written.notes))
    return Encoded(written, tuple(notes))


def _for_file(motion: Motion, face_map: FaceMap | None, clip_only: bool) -> Motion:
    character = motion.skeleton.character
    if clip_only:
        return replace(motion, skeleton=motion.skeleton.without_character())
    if character is None or face_map is None:
        return motion
    return replace(motion, skeleton=replace(motion.skeleton, character=replace(character, face_map=face_map)))


def bytes_for(path: Path, data: bytes) -> bytes:
    """What to write to that path of a file's bytes: .gltf is the text form of .glb, and .gz behind an ending packs."""
    if without_gz(path).suffix.lower() == ".gltf":
        data = as_gltf(data)
    return packed_for(path, data)


def can_hold(target: MotionFormat, motion: Motion) -> bool:
    """Whether something of the motion can be written in that format."""
    return target.write is not None and (
        (motion.has_body and target.body) or (_suits_face(target, motion) and target.face)
    )


def _moves(motion: Motion) -> bool:
    return bool(np.ptp(motion.rotations_xyzw, axis=0).any() or np.ptp(motion.root_translation, axis=0).any())


def _suits_face(target: MotionFormat, motion: Motion) -> bool:
    return motion.face is not None and (not target.face_rigs or motion.face.rig in target.face_rigs)


def _holds(target: MotionFormat) -> str:
    faces = f"faces of {' or '.join(target.face_rigs)}" if target.face_rigs else "faces"
    return " and ".join([*(["bodies"] if target.body else []), *([faces] if target.face else [])])


def _has(motion: Motion) -> str:
    body = "a body" if motion.has_body else "no body"
    return f"{body} and {f'a face of {motion.face.rig}' if motion.face else 'no face'}"


def _target_coordinates(target: MotionFormat, coordinates: str | CoordinateSystem) -> CoordinateSystem:
    native = target.native_coordinates or coordinate_system("canonical")
    if not coordinates:
        return native
    wanted = coordinate_system(coordinates) if isinstance(coordinates, str) else coordinates
    if target.native_coordinates and not target.any_coordinates and wanted != native:
        raise UnsupportedError(
            f"format {target.name} is always in {native.name} axes, it cannot be written in {wanted.name}"
        )
    return wanted
