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

from .. import rotations
from ..coordinates import CANONICAL, CoordinateSystem
from ..errors import FormatError, LimitError, UnsupportedError
from ..face_rigs import ARKIT52, FLAME
from ..motion import MAX_FPS, MIN_FPS, FaceCurves, Motion
from ..network_layout import pelvis_in_model
from ..skeleton import load_skeleton
from .motion_format import Loaded, MotionFormat, ReadLimits
from .npz_archive import read_arrays, write_arrays

_JAW = 22
_EXPRESSIONS = 100


def recognises(data: bytes) -> bool:
    """Whether it is a zip archive."""
    return data.startswith(b"PK\x03\x04")


def read(data: bytes, name: str, limits: ReadLimits) -> Loaded:
    """A motion of the skeleton smplx with, if present, a FLAME or ARKit face. Raises FormatError, LimitError."""
    arrays = read_arrays(data, name, limits.max_bytes)
    poses = _floats(arrays, "poses", (None, 165), name)
    frames = len(poses)
    if frames > limits.max_frames:
        raise LimitError(f"{name}: {frames} frames, at most {limits.max_frames} are allowed")
    if frames == 0:
        raise FormatError(f"{name}: no frames")
    fps = float(_floats(arrays, "mocap_frame_rate", (), name)) if "mocap_frame_rate" in arrays else 30.0
    notes = [] if "mocap_frame_rate" in arrays else ["no mocap_frame_rate: 30 frames per second, BEAT2's own, assumed"]
    if not MIN_FPS <= fps <= MAX_FPS:
        raise FormatError(f"{name}: mocap_frame_rate is {fps:g}, expected {MIN_FPS:g} to {MAX_FPS:g}")
    if "trans" in arrays:
        trans = _floats(arrays, "trans", (frames, 3), name)
    else:
        trans = load_skeleton("smplx").rest_translations[0] - pelvis_in_model() + np.zeros((frames, 3))
        notes.append("no trans: the body stands on the origin")
    axis_angle = poses.reshape(frames, 55, 3)
    return Loaded(
        Motion(
            load_skeleton("smplx"),
            fps,
            np.asarray(rotations.quat_from_axis_angle(axis_angle), np.float32),
            np.asarray(trans + pelvis_in_model(), np.float32),
            _face(arrays, axis_angle[:, _JAW], name, notes),
        ),
        tuple(notes),
    )


def _face(arrays: dict[str, np.ndarray], jaw: np.ndarray, name: str, notes: list[str]) -> FaceCurves | None:
    frames = len(jaw)
    if "arkit_weights" in arrays:
        names = tuple(
            str(curve) for curve in arrays.get("arkit_names", np.array(ARKIT52.curve_names)).reshape(-1)[:1024]
        )
        if names != ARKIT52.curve_names:
            raise FormatError(f"{name}: arkit_names are not ARKit's 52 names in Apple's order")
        weights = _floats(arrays, "arkit_weights", (frames, len(names)), name)
        return FaceCurves(ARKIT52.name, names, np.asarray(weights, np.float32))
    if "expressions" not in arrays:
        notes.append("no expressions: the motion has no face")
        return None
    expressions = _floats(arrays, "expressions", (frames, _EXPRESSIONS), name)
    return FaceCurves(FLAME.name, FLAME.curve_names, np.concatenate([expressions, jaw], axis=1).astype(np.float32))


def _floats(arrays: dict[str, np.ndarray], key: str, shape: tuple[int | None, ...], name: str) -> np.ndarray:
    if key not in arrays:
        raise FormatError(f"{name}: no array {key!r}; found {', '.join(sorted(arrays)) or 'none'}")
    array = arrays[key]
    fits = array.ndim == len(shape) and all(
        wanted in (None, length) for wanted, length in zip(shape, array.shape, strict=True)
    )
    if not fits or array.dtype.kind not in "fiu":
        wanted = "(" + ", ".join("frames" if length is None else str(length) for length in shape) + ")"
        raise FormatError(f"{name}: {key} is {array.dtype} {array.shape}, expected numbers {wanted}")
    values = array.astype(np.float64)
    if not np.isfinite(values).all():
        place = "" if values.ndim == 0 else f" at index {tuple(int(i) for i in np.argwhere(~np.isfinite(values))[0])}"
        raise FormatError(f"{name}: {key} holds NaN or infinity{place}")
    return values


def write(motion: Motion, coordinates: CoordinateSystem) -> bytes:
    """The layout above; betas are zero. Raises UnsupportedError unless the skeleton is SMPL-X's 55 joints."""
    assert coordinates == CANONICAL
    smplx = load_skeleton("smplx")
    if not motion.skeleton.same_joints(smplx):
        raise UnsupportedError(
            f"npz holds the 55 joints of smplx, the motion has the {len(motion.skeleton)} of {motion.skeleton.name!r}"
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
    return write_arrays(arrays)


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
