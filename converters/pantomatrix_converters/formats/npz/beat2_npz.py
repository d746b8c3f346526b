"""SMPL-X motion as BEAT2 and EMAGE store it, in one .npz.

    betas (300,)            body shape
    poses (T, 165)          axis-angle, radians, 55 joints; hand poses are absolute (nothing is to be added)
    expressions (T, 100)    FLAME expression coefficients
    trans (T, 3)            metres; the pelvis is at J0 + trans, J0 its place in the body model
    mocap_frame_rate, model ("smplx2020"), gender ("neutral")

Y is up and the body faces +Z, as in the canonical axes. Beyond the layout, a motion with an ARKit face is written with
`arkit_names` (52,) and `arkit_weights` (T, 52); readers of BEAT2 pass over them.
"""

from __future__ import annotations

import numpy as np

from ... import rotations
from ...coordinates import CANONICAL, CoordinateSystem
from ...errors import FormatError, UnsupportedError
from ...face.rigs import ARKIT52, FLAME
from ...files.npz_archive import (
    archive_names,
    floats,
    frame_rate,
    provenance_array,
    provenance_of,
    read_arrays,
    write_arrays,
)
from ...motion import FaceCurves, Motion
from ...network_layout import pelvis_in_model
from ...skeleton import load_skeleton
from ..motion_format import Loaded, MotionFormat, ReadLimits
from .standing import Y_UP_FROM, upright_axis

_JAW = 22
_EXPRESSIONS = 100


_NEEDED = ("poses", "trans", "expressions", "arkit_names", "arkit_weights", "mocap_frame_rate", "fps", "provenance")


def recognises(data: bytes) -> bool:
    """Whether it is an archive of arrays; formats with arrays of their own are asked before."""
    return data.startswith(b"PK\x03\x04") and (b".npy" in data[:4096] or b".npy" in data[-65536:])


def read(data: bytes, name: str, limits: ReadLimits) -> Loaded:
    """A motion of the skeleton smplx with, if present, a FLAME or ARKit face. Raises FormatError, LimitError."""
    arrays = read_arrays(data, name, limits.max_bytes, only=_NEEDED)
    if "poses" not in arrays:
        found = ", ".join(repr(key[:40])[1:-1] for key in sorted(archive_names(data))[:12]) or "none"
        raise FormatError(
            f"{name}: no array 'poses'; found {found}. A motion has poses and trans, as in BEAT2 and AMASS, a face names "
            "and weights: np.savez(file, poses=..., trans=...)"
        )
    poses = floats(arrays, "poses", (None, 165), name)
    frames = len(poses)
    limits.check_frames(frames, name)
    fps, rate_notes = frame_rate(arrays, ("mocap_frame_rate", "fps"), name)
    notes = list(rate_notes)
    if "trans" in arrays:
        trans = floats(arrays, "trans", (frames, 3), name)
    else:
        trans = load_skeleton("smplx").rest_translations[0] - pelvis_in_model() + np.zeros((frames, 3))
        notes.append("no trans: the body stands on the origin")
    axis_angle = poses.reshape(frames, 55, 3)
    quats = np.asarray(rotations.quat_from_axis_angle(axis_angle))
    pelvis = trans + pelvis_in_model()
    face = _face(arrays, axis_angle[:, _JAW], name, notes)
    if face is None and upright_axis(quats[:, 0]) == "Z":  # what others store in the same arrays
        quats[:, 0] = rotations.multiply(Y_UP_FROM["Z"], quats[:, 0])
        pelvis = rotations.rotate(Y_UP_FROM["Z"], pelvis)
        notes.append("the bodies stand up along Z, which is taken for the axis that points up")
    whole = (load_skeleton("smplx"), fps, quats.astype(np.float32), np.asarray(pelvis, np.float32))
    return Loaded(Motion(*whole, face, provenance_of(arrays)), tuple(notes))


def _face(arrays: dict[str, np.ndarray], jaw: np.ndarray, name: str, notes: list[str]) -> FaceCurves | None:
    frames = len(jaw)
    if "arkit_weights" in arrays:
        names = tuple(
            str(curve) for curve in arrays.get("arkit_names", np.array(ARKIT52.curve_names)).reshape(-1)[:1024]
        )
        if names != ARKIT52.curve_names:
            raise FormatError(f"{name}: arkit_names are not ARKit's 52 names in Apple's order")
        weights = floats(arrays, "arkit_weights", (frames, len(names)), name)
        return FaceCurves(ARKIT52.name, names, np.asarray(weights, np.float32))
    if "expressions" not in arrays:
        notes.append("no expressions: the motion has no face")
        return None
    expressions = floats(arrays, "expressions", (frames, _EXPRESSIONS), name)
    return FaceCurves(FLAME.name, FLAME.curve_names, np.concatenate([expressions, jaw], axis=1).astype(np.float32))


def write(motion: Motion, coordinates: CoordinateSystem) -> bytes:
    """The layout above; betas are zero. Raises UnsupportedError unless the skeleton is SMPL-X's 55 joints."""
    assert coordinates == CANONICAL
    smplx = load_skeleton("smplx")
    if not motion.skeleton.same_joints(smplx):
        raise UnsupportedError(
            f"npz holds the 55 joints of smplx, the motion has the {len(motion.skeleton)} of {motion.skeleton.name!r}; "
            "write .glb, .bvh or .json, or use skeleton smplx"
        )
    frames, face = len(motion), motion.face
    poses = rotations.axis_angle_from_quat(rotations.shortest(motion.rotations_xyzw)).reshape(frames, 165)
    arrays = {
        "betas": np.zeros(300, np.float32),
        "poses": poses.astype(np.float32),
        "expressions": np.zeros((frames, _EXPRESSIONS), np.float32),
        "trans": (motion.root_translation - pelvis_in_model()).astype(np.float32),
        "mocap_frame_rate": np.array(motion.fps),
        "model": np.array("smplx2020"),
        "gender": np.array("neutral"),
    }
    if face is not None and face.rig == FLAME.name:
        arrays["expressions"] = face.weights[:, :_EXPRESSIONS]
    if face is not None and face.rig == ARKIT52.name:
        arrays["arkit_names"] = np.array(face.names)
        arrays["arkit_weights"] = face.weights
    return write_arrays(arrays | provenance_array(motion.provenance))


BEAT2_NPZ = MotionFormat(
    name="npz",
    description="SMPL-X poses, FLAME or ARKit face and translation, BEAT2 layout",
    extensions=(".npz",),
    body=True,
    face=True,
    native_coordinates=CANONICAL,
    any_coordinates=False,
    recognises=recognises,
    read=read,
    write=write,
)
