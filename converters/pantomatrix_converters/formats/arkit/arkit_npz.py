"""ARKit weights in one .npz: `names` (52,), `weights` (T, 52), `fps`."""

from __future__ import annotations

import numpy as np

from ...coordinates import CoordinateSystem
from ...errors import FormatError
from ...face.rigs import ARKIT52
from ...files.npz_archive import archive_names, floats, frame_rate, read_arrays, write_arrays
from ...motion import FaceCurves, Motion, face_motion
from ..motion_format import Loaded, MotionFormat, ReadLimits


def recognises(data: bytes) -> bool:
    """Whether it is an archive with names and weights."""
    return archive_names(data) >= {"names", "weights"}


def read(data: bytes, name: str, limits: ReadLimits) -> Loaded:
    """A face alone; shapes are found by their names, missing ones are 0. Raises FormatError, LimitError."""
    arrays = read_arrays(data, name, limits.max_bytes, only=("names", "weights", "fps"))
    if "names" not in arrays or arrays["names"].ndim != 1 or arrays["names"].dtype.kind != "U":
        raise FormatError(f"{name}: names is not a list of texts")
    names = [str(curve) for curve in arrays["names"]]
    weights = floats(arrays, "weights", (None, len(names)), name)
    limits.check_frames(len(weights), name)
    fps, notes = frame_rate(arrays, ("fps",), name)
    face, more = arkit_curves(names, weights, name)
    return Loaded(face_motion(face, fps), (*notes, *more))


def arkit_curves(names: list[str], weights: np.ndarray, where: str) -> tuple[FaceCurves, tuple[str, ...]]:
    """ARKit's 52 from named columns in any order and case, and notes. weights: (T, len(names)). Raises FormatError."""
    known = {curve.lower(): at for at, curve in enumerate(ARKIT52.curve_names)}
    columns = {known[name.lower()]: at for at, name in enumerate(names) if name.lower() in known}
    if not columns:
        raise FormatError(f"{where}: no name is an ARKit blendshape's, for example jawOpen")
    if len(set(map(str.lower, names))) != len(names):
        raise FormatError(f"{where}: a name occurs twice")
    ordered = np.zeros((len(weights), len(known)), np.float32)
    ordered[:, list(columns)] = weights[:, list(columns.values())]
    missing = [curve for at, curve in enumerate(ARKIT52.curve_names) if at not in columns]
    notes = (f"{len(missing)} curves are absent and taken as 0: {', '.join(missing)}",) if missing else ()
    return FaceCurves(ARKIT52.name, ARKIT52.curve_names, ordered), notes


def write(motion: Motion, coordinates: CoordinateSystem) -> bytes:
    """The face alone. `coordinates` plays no part: weights have no axes."""
    del coordinates
    assert motion.face is not None
    return write_arrays(
        {"names": np.array(motion.face.names), "weights": motion.face.weights, "fps": np.array(motion.fps)}
    )


ARKIT_NPZ = MotionFormat(
    name="arkit-npz",
    description="ARKit 52 blendshape weights with their names",
    extensions=(".npz",),
    body=False,
    face=True,
    native_coordinates=None,
    any_coordinates=False,
    recognises=recognises,
    read=read,
    write=write,
    face_rigs=(ARKIT52.name,),
)
