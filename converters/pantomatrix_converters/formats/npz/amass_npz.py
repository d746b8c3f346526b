"""SMPL motion in one .npz as AMASS has it and others after it, read only (Mahmood et al., ICCV 2019; amass.is.tue.mpg.de).

    poses (T, 165) axis-angle, radians: SMPL-X's 55 joints; (T, 156): SMPL-H's, 22 of the body and 2 x 15 of the hands;
    (T, 72): SMPL's, whose last two are left out; (T, 66): the body alone. Or in parts: root_orient, pose_body, pose_hand,
    pose_jaw, pose_eye, or global_orient, body_pose, left_hand_pose, right_hand_pose, jaw_pose, leye_pose, reye_pose
    trans or transl (T, 3) metres; mocap_framerate, mocap_frame_rate, fps ...; betas, gender and others are not looked into

AMASS's Z is up, and the body faces -Y where it faces the camera in SMPL-X. In archives that do not say that they are
AMASS's, where the bodies stand up says which axis it is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ... import rotations
from ...coordinates import CANONICAL
from ...errors import FormatError
from ...files.npz_archive import archive_names, array_shape, floats, frame_rate, read_arrays
from ...motion import Motion
from ...network_layout import pelvis_in_model
from ...skeleton import load_skeleton
from ..motion_format import Loaded, MotionFormat, ReadLimits
from .standing import Y_UP_FROM, upright_axis

Array = NDArray[np.float64]

_JOINTS = 55
_BODY, _HANDS = range(22), range(25, 55)
_LEFT_OUT = -1
_WIDTHS: dict[int, tuple[int, ...]] = {
    165: tuple(range(_JOINTS)),
    156: (*_BODY, *_HANDS),
    72: (*_BODY, _LEFT_OUT, _LEFT_OUT),
    66: tuple(_BODY),
}
"""Numbers a frame of `poses` -> SMPL-X's joint of each triple."""
_PARTS: dict[str, dict[int, tuple[int, ...]]] = {
    **{key: {3: (0,)} for key in ("root_orient", "global_orient")},
    **{key: {63: tuple(range(1, 22)), 69: (*range(1, 22), _LEFT_OUT, _LEFT_OUT)} for key in ("pose_body", "body_pose")},
    **{key: {3: (22,)} for key in ("pose_jaw", "jaw_pose")},
    "pose_eye": {6: (23, 24)},
    "leye_pose": {3: (23,)},
    "reye_pose": {3: (24,)},
    "pose_hand": {90: tuple(_HANDS)},
    "left_hand_pose": {45: tuple(range(25, 40))},
    "right_hand_pose": {45: tuple(range(40, 55))},
}
"""The same for parts; hands in numbers of other widths are coefficients of a model and left out."""
_NEEDED_PARTS = ({"root_orient", "pose_body"}, {"global_orient", "body_pose"})
_TRANSLATIONS = ("trans", "transl")
RATES = ("mocap_framerate", "mocap_frame_rate", "fps", "frame_rate", "framerate", "mocap_fps", "mocap_frame_rate_hz")
_OWN_ARRAYS = {"mocap_framerate", "surface_model_type", "dmpls", "markers_latent"}
_MOVED_RADIANS = 1e-3
_AFTER_THE_TURN = {"Y": "-z", "-Y": "z", "-Z": "-y"}
"""Where an axis of the file points when AMASS's Z has become Y."""


def recognises(data: bytes) -> bool:
    """Whether it is an archive with AMASS's own arrays, or poses of another width than BEAT2's, or in parts."""
    names = archive_names(data)
    if "expressions" in names:
        return False
    if "poses" in names:
        shape = array_shape(data, "poses")
        return bool(names & _OWN_ARRAYS) or (len(shape) > 1 and int(np.prod(shape[1:])) in {156, 72, 66})
    return any(parts <= names for parts in _NEEDED_PARTS)


def read(data: bytes, name: str, limits: ReadLimits) -> Loaded:
    """A motion of the skeleton smplx without a face. Raises FormatError, LimitError."""
    wanted = ("poses", *_PARTS, *_TRANSLATIONS, *RATES)
    arrays = read_arrays(data, name, limits.max_bytes, only=wanted)
    arrays = {key: _flat(array) if key == "poses" or key in _PARTS else array for key, array in arrays.items()}
    notes: list[str] = []
    axis_angle = _whole(arrays, name, notes) if "poses" in arrays else _parts(arrays, name, notes)
    limits.check_frames(len(axis_angle), name)
    trans = floats(arrays, next((key for key in _TRANSLATIONS if key in arrays), "trans"), (len(axis_angle), 3), name)
    fps, more = frame_rate(arrays, RATES, name)
    quats = np.asarray(rotations.quat_from_axis_angle(axis_angle))
    up = upright_axis(quats[:, 0])
    if archive_names(data) & _OWN_ARRAYS:
        if up in _AFTER_THE_TURN:
            notes.append(f"the bodies lie, since Z is up in AMASS; --input-up={_AFTER_THE_TURN[up]} makes them stand")
        up = "Z"
    elif up:
        notes.append(f"the bodies stand up along {up}, which is taken for the axis that points up")
    else:
        up = "Y"
        notes.append("the bodies stand up along no axis: Y is taken for the one that points up")
    turn = Y_UP_FROM[up]
    quats[:, 0] = rotations.multiply(turn, quats[:, 0])
    pelvis = rotations.rotate(turn, trans + pelvis_in_model())
    motion = Motion(load_skeleton("smplx"), fps, quats.astype(np.float32), pelvis.astype(np.float32))
    return Loaded(motion, (*more, *notes, "the body's own shape is left out: the skeleton is SMPL-X's mean one"))


def _flat(array: NDArray) -> NDArray:
    """(T, joints, 3) as (T, 3 joints)."""
    return array.reshape(len(array), -1) if array.ndim == 3 and len(array) else array


def _whole(arrays: dict[str, NDArray], name: str, notes: list[str]) -> Array:
    """(T, 55, 3) axis-angle."""
    poses = arrays["poses"]
    joints = _WIDTHS.get(poses.shape[-1]) if poses.ndim == 2 else None
    if joints is None:
        raise FormatError(
            f"{name}: poses is {poses.dtype} {poses.shape}, expected (frames, 156) or (frames, 165), or 72 or 66 for SMPL"
        )
    placed = np.zeros((len(poses), _JOINTS, 3))
    _place(placed, joints, floats(arrays, "poses", (None, 3 * len(joints)), name), notes)
    return placed


def _parts(arrays: dict[str, NDArray], name: str, notes: list[str]) -> Array:
    given = [key for key in _PARTS if key in arrays]
    root = next((key for key in ("root_orient", "global_orient") if key in arrays), "root_orient")
    placed = np.zeros((len(floats(arrays, root, (None, 3), name)), _JOINTS, 3))
    for key in given:
        array = arrays[key]
        joints = _PARTS[key].get(array.shape[-1]) if array.ndim == 2 else None
        if joints is not None:
            _place(placed, joints, floats(arrays, key, (len(placed), 3 * len(joints)), name), notes)
        elif "hand" in key:
            notes.append(f"{key} is {array.shape}, no rotations of joints, and left out")
        else:
            wanted = " or ".join(str(width) for width in _PARTS[key])
            raise FormatError(f"{name}: {key} is {array.dtype} {array.shape}, expected ({len(placed)}, {wanted})")
    return placed


def _place(placed: Array, joints: tuple[int, ...], values: Array, notes: list[str]) -> None:
    triples = values.reshape(len(placed), len(joints), 3)
    kept = [at for at, joint in enumerate(joints) if joint != _LEFT_OUT]
    placed[:, [joints[at] for at in kept]] = triples[:, kept]
    if np.abs(np.delete(triples, kept, axis=1)).max(initial=0.0) > _MOVED_RADIANS:
        notes.append("SMPL's joints of the hands are left out: the fingers stay straight")


AMASS_NPZ = MotionFormat(
    name="amass-npz",
    description="AMASS and others: SMPL, SMPL-H or SMPL-X poses and translation",
    extensions=(".npz",),
    body=True,
    face=False,
    native_coordinates=CANONICAL,
    any_coordinates=False,
    recognises=recognises,
    read=read,
    write=None,
)
