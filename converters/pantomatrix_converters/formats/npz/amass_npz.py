"""AMASS motion in one .npz, read only (Mahmood et al., ICCV 2019; amass.is.tue.mpg.de).

    poses (T, 156) axis-angle, radians: SMPL-H's 22 body joints and 2 x 15 of the hands; or (T, 165): SMPL-X's 55 joints
    trans (T, 3) metres, mocap_framerate or mocap_frame_rate, betas, gender

Z is up and the body faces -Y where it faces the camera in SMPL-X: everything is turned by -90 degrees about X.
"""

from __future__ import annotations

import numpy as np

from ... import rotations
from ...coordinates import CANONICAL
from ...errors import FormatError
from ...files.npz_archive import archive_names, floats, frame_rate, read_arrays
from ...motion import Motion
from ...network_layout import pelvis_in_model
from ...skeleton import load_skeleton
from ..motion_format import Loaded, MotionFormat, ReadLimits

_BODY_JOINTS, _SMPLH_JOINTS, _SMPLX_JOINTS = 22, 52, 55
_Y_UP_FROM_Z_UP = rotations.quat_from_axis_angle([-np.pi / 2, 0.0, 0.0])
_RATES = ("mocap_framerate", "mocap_frame_rate")


def recognises(data: bytes) -> bool:
    """Whether it is an archive with AMASS's own arrays."""
    names = archive_names(data)
    return "poses" in names and bool(names & {"mocap_framerate", "surface_model_type", "dmpls"})


def read(data: bytes, name: str, limits: ReadLimits) -> Loaded:
    """A motion of the skeleton smplx without a face. Raises FormatError, LimitError."""
    arrays = read_arrays(data, name, limits.max_bytes, only=("poses", "trans", *_RATES))
    poses = arrays.get("poses", np.zeros(0))
    joints = {3 * _SMPLH_JOINTS: _SMPLH_JOINTS, 3 * _SMPLX_JOINTS: _SMPLX_JOINTS}.get(
        poses.shape[-1] if poses.ndim == 2 else 0
    )
    if joints is None:
        raise FormatError(f"{name}: poses is {poses.dtype} {poses.shape}, expected (frames, 156) or (frames, 165)")
    axis_angle = floats(arrays, "poses", (None, 3 * joints), name).reshape(len(poses), joints, 3)
    limits.check_frames(len(poses), name)
    trans = floats(arrays, "trans", (len(poses), 3), name)
    fps, notes = frame_rate(arrays, _RATES, name)
    smplx = load_skeleton("smplx")
    quats = np.zeros((len(poses), len(smplx), 4))
    quats[..., 3] = 1.0
    places = (
        range(_SMPLX_JOINTS)
        if joints == _SMPLX_JOINTS
        else [*range(_BODY_JOINTS), *range(_BODY_JOINTS + 3, _SMPLX_JOINTS)]
    )
    quats[:, places] = rotations.quat_from_axis_angle(axis_angle)
    quats[:, 0] = rotations.multiply(_Y_UP_FROM_Z_UP, quats[:, 0])
    pelvis = rotations.rotate(_Y_UP_FROM_Z_UP, trans + pelvis_in_model())
    motion = Motion(smplx, fps, quats.astype(np.float32), pelvis.astype(np.float32))
    return Loaded(motion, (*notes, "the body's own shape is left out: the skeleton is SMPL-X's mean one"))


AMASS_NPZ = MotionFormat(
    name="amass-npz",
    description="AMASS: SMPL-H or SMPL-X poses and translation, Z up",
    extensions=(".npz",),
    body=True,
    face=False,
    native_coordinates=CANONICAL,
    any_coordinates=False,
    recognises=recognises,
    read=read,
    write=None,
)
