"""Which way is up in poses of SMPL's family, whose archives do not say it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ... import rotations

Y_UP_FROM = {
    axis: np.asarray(rotations.quat_from_axis_angle([np.radians(degrees), 0.0, 0.0]))
    for axis, degrees in (("Y", 0.0), ("Z", -90.0), ("-Y", 180.0), ("-Z", 90.0))
}
"""Axis that points up -> the rotation that makes it Y."""


_STANDS = 0.5
"""Of the pelvis' way up, on average over all frames: bodies that tumble point nowhere."""


def upright_axis(pelvis_xyzw: NDArray) -> str:
    """A key of Y_UP_FROM: the axis that the pelvis points up along, over all frames; empty if it points along none.

    pelvis_xyzw: (T, 4), in the world.
    """
    up = np.asarray(rotations.rotate(pelvis_xyzw, np.array([0.0, 1.0, 0.0]))).mean(axis=0)
    along = {"Y": up[1], "Z": up[2], "-Y": -up[1], "-Z": -up[2]}
    axis = max(along, key=lambda each: along[each])
    return axis if along[axis] > _STANDS else ""
