"""A whole motion as JSON that programs without a motion library can read, and the skeleton alone, which may be a target.

{"name", "coordinate_system", "joint_names" (J), "parents" (J), "rest_translations" (J, 3), "rest_rotations_xyzw" (J, 4),
 "end_sites" {joint: (3)}, "fps", "root_translation" (T, 3), "rotations_xyzw" (T, J, 4),
 "face": {"rig", "names", "weights" (T, K)}, "provenance": [{"speech", "model", "speaker", "seed", "options", "program"}]}
"""

from __future__ import annotations

import json
from typing import Any

import numpy as np

from ... import rotations
from ...coordinates import CANONICAL, CoordinateSystem, coordinate_system
from ...errors import FormatError
from ...files.json_object import json_object
from ...finite_numbers import are_finite
from ...motion import FaceCurves, Motion
from ...provenance import provenance_text, read_provenance
from ...retargeting.joint_axes import recognised
from ...skeleton import NO_JOINTS, Skeleton
from ..motion_format import Loaded, MotionFormat, ReadLimits

_POSITION_DECIMALS, _ROTATION_DECIMALS = 6, 7


def recognises(data: bytes) -> bool:
    """Whether it is a JSON object with joint names."""
    return data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and b'"joint_names"' in data


def read(data: bytes, name: str, limits: ReadLimits) -> Loaded:
    """The motion; of a skeleton alone its rest pose. Raises FormatError naming the field, MotionError, LimitError."""
    document = json_object(data, name, limits.max_bytes)
    system = coordinate_system(str(document.get("coordinate_system", CANONICAL.name)))
    skeleton = _skeleton(document, system, name)
    if "rotations_xyzw" not in document and "face" not in document:
        rest = Motion(
            skeleton,
            30.0,
            skeleton.rest_rotations_xyzw[None].astype(np.float32),
            skeleton.rest_translations[:1].astype(np.float32),
        )
        return Loaded(recognised(rest), ("a skeleton without motion: its rest pose",))
    quats = _numbers(document, "rotations_xyzw", (None, len(skeleton), 4), name)
    limits.check_frames(len(quats), name)
    root = system.positions_to_canonical(_numbers(document, "root_translation", (len(quats), 3), name))
    if len(skeleton):
        quats = system.rotations_to_canonical(_unit(quats, f"{name}: rotations_xyzw"))
    motion = Motion(
        skeleton,
        float(_numbers(document, "fps", (), name)),
        np.asarray(quats, np.float32),
        np.asarray(root, np.float32),
        _face(document, len(quats), name),
        read_provenance(document.get("provenance")),
    )
    return Loaded(recognised(motion) if motion.has_body else motion)


def _skeleton(document: dict[str, Any], system: CoordinateSystem, name: str) -> Skeleton:
    names = _texts(document, "joint_names", name)
    if not names:
        return NO_JOINTS
    count = len(names)
    parents = _numbers(document, "parents", (count,), name)
    if (parents != np.rint(parents)).any():
        raise FormatError(f"{name}: parents are not whole numbers")
    offsets = _numbers(document, "rest_translations", (count, 3), name)
    turns = np.tile(rotations.IDENTITY_XYZW, (count, 1))
    if "rest_rotations_xyzw" in document:
        turns = _numbers(document, "rest_rotations_xyzw", (count, 4), name)
    ends = document.get("end_sites", {})
    if not isinstance(ends, dict) or not set(ends) <= set(names):
        raise FormatError(f"{name}: end_sites are not the ends of joints")
    return Skeleton.build(
        str(document.get("name", "skeleton"))[:200],
        names,
        parents.astype(np.int64),
        system.positions_to_canonical(offsets),
        rotations.shortest(system.rotations_to_canonical(_unit(turns, f"{name}: rest_rotations_xyzw"))),
        end_sites={
            joint: tuple(system.positions_to_canonical(_numbers(ends, joint, (3,), f"{name}: end_sites")))
            for joint in ends
        },
    )


def _face(document: dict[str, Any], frames: int, name: str) -> FaceCurves | None:
    face = document.get("face")
    if face is None:
        return None
    if not isinstance(face, dict):
        raise FormatError(f"{name}: face is not an object")
    names = _texts(face, "names", name)
    weights = _numbers(face, "weights", (frames, len(names)), f"{name}: face")
    return FaceCurves(str(face.get("rig", ""))[:200], names, weights.astype(np.float32))


def _texts(document: dict[str, Any], key: str, name: str) -> tuple[str, ...]:
    texts = document.get(key)
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise FormatError(f"{name}: {key} is not a list of names")
    return tuple(texts)


def _numbers(document: dict[str, Any], key: str, shape: tuple[int | None, ...], name: str) -> np.ndarray:
    try:
        values = np.array(document.get(key), np.float64)
    except (TypeError, ValueError, OverflowError):
        values = np.full(1, np.nan)
    if values.size == 0 and None in shape and isinstance(document.get(key), list):
        raise FormatError(f"{name}: {key} has no frames")
    fits = values.ndim == len(shape) and all(
        want in (None, have) for want, have in zip(shape, values.shape, strict=True)
    )
    if not fits or not are_finite(values):
        wanted = " x ".join("frames" if length is None else str(length) for length in shape) or "a number"
        raise FormatError(f"{name}: {key} is not {wanted} finite numbers")
    return values


def _unit(turns: np.ndarray, where: str) -> np.ndarray:
    if len(turns) and np.linalg.norm(turns, axis=-1).min() < 1e-6:
        raise FormatError(f"{where} holds a rotation that is zero")
    return rotations.normalize(turns) if len(turns) else turns


def write(motion: Motion, coordinates: CoordinateSystem) -> bytes:
    """The motion in these axes and this unit."""
    document = _skeleton_document(motion.skeleton, coordinates) | _motion_document(motion, coordinates)
    return f"{json.dumps(document)}\n".encode()


def _skeleton_document(skeleton: Skeleton, coordinates: CoordinateSystem) -> dict[str, Any]:
    offsets = coordinates.positions_from_canonical(skeleton.rest_translations)
    turns = coordinates.rotations_from_canonical(skeleton.rest_rotations_xyzw)
    return {
        "name": skeleton.name,
        "coordinate_system": coordinates.name,
        "joint_names": skeleton.joint_names,
        "parents": skeleton.parents.tolist(),
        "rest_translations": offsets.round(_POSITION_DECIMALS + 2).tolist(),
        "rest_rotations_xyzw": turns.round(_ROTATION_DECIMALS + 2).tolist(),
        "end_sites": {
            joint: coordinates.positions_from_canonical(end).round(_POSITION_DECIMALS).tolist()
            for joint, end in skeleton.end_sites.items()
        },
    }


def _motion_document(motion: Motion, coordinates: CoordinateSystem) -> dict[str, Any]:
    root = coordinates.positions_from_canonical(motion.root_translation)
    quats = coordinates.rotations_from_canonical(motion.rotations_xyzw) if motion.has_body else motion.rotations_xyzw
    document: dict[str, Any] = {
        "fps": motion.fps,
        "root_translation": root.round(_POSITION_DECIMALS).tolist(),
        "rotations_xyzw": quats.round(_ROTATION_DECIMALS).tolist(),
    }
    if motion.face is not None:
        weights = motion.face.weights.astype(np.float64).round(_POSITION_DECIMALS).tolist()
        document["face"] = {"rig": motion.face.rig, "names": motion.face.names, "weights": weights}
    if motion.provenance:
        document["provenance"] = json.loads(provenance_text(motion.provenance))
    return document


JOINTS_JSON = MotionFormat(
    name="json",
    description="Skeleton, rotations, root and face as JSON",
    extensions=(".json",),
    body=True,
    face=True,
    native_coordinates=CANONICAL,
    any_coordinates=True,
    recognises=recognises,
    read=read,
    write=write,
)
