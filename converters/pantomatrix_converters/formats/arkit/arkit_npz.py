"""ARKit weights in one .npz: `names` (52,), `weights` (T, 52), `fps`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ...coordinates import CoordinateSystem
from ...errors import FormatError
from ...face.arkit_names import arkit_curves
from ...face.rigs import ARKIT52
from ...files.npz_archive import (
    archive_names,
    floats,
    frame_rate,
    provenance_array,
    provenance_of,
    read_arrays,
    write_arrays,
)
from ...motion import Motion, face_motion
from ..motion_format import Loaded, MotionFormat, ReadLimits


def recognises(data: bytes) -> bool:
    """Whether it is an archive with names and weights."""
    return archive_names(data) >= {"names", "weights"}


def read(data: bytes, name: str, limits: ReadLimits) -> Loaded:
    """A face alone; shapes are found by their names, missing ones are 0. Raises FormatError, LimitError."""
    arrays = read_arrays(data, name, limits.max_bytes, only=("names", "weights", "fps", "provenance"))
    if "names" not in arrays or arrays["names"].ndim != 1 or arrays["names"].dtype.kind != "U":
        raise FormatError(f"{name}: names is not a list of texts")
    names = [str(curve) for curve in arrays["names"]]
    weights = floats(arrays, "weights", (None, len(names)), name)
    limits.check_frames(len(weights), name)
    fps, notes = frame_rate(arrays, ("fps",), name)
    face, more = arkit_curves(names, weights, name)
    return Loaded(replace(face_motion(face, fps), provenance=provenance_of(arrays)), (*notes, *more))


def write(motion: Motion, coordinates: CoordinateSystem) -> bytes:
    """The face alone. `coordinates` plays no part: weights have no axes."""
    del coordinates
    assert motion.face is not None
    arrays = {"names": np.array(motion.face.names), "weights": motion.face.weights, "fps": np.array(motion.fps)}
    return write_arrays(arrays | provenance_array(motion.provenance))


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
