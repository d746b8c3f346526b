"""A table for spreadsheets, written only: a row a frame with its time, the root's place, every joint's Euler angles in
degrees and every face curve."""

from __future__ import annotations

import csv
import io

import numpy as np

from ... import rotations
from ...coordinates import CANONICAL, CoordinateSystem
from ...motion import Motion
from ..motion_format import MotionFormat

_ORDER = "XYZ"


def write(motion: Motion, coordinates: CoordinateSystem) -> bytes:
    """Angles are intrinsic X, Y, Z (R = Rx Ry Rz), unwrapped over time; lengths in the coordinate system's unit."""
    header = ["frame", "seconds"]
    columns = [np.arange(len(motion))[:, None], np.arange(len(motion))[:, None] / motion.fps]
    if motion.has_body:
        quats = rotations.normalize(coordinates.rotations_from_canonical(motion.rotations_xyzw))
        euler = np.degrees(np.unwrap(rotations.euler_from_quat(quats, _ORDER), axis=0))
        header += [f"root_{axis}" for axis in "xyz"]
        header += [f"{joint}_{axis}_degrees" for joint in motion.skeleton.joint_names for axis in "xyz"]
        columns += [coordinates.positions_from_canonical(motion.root_translation), euler.reshape(len(motion), -1)]
    if motion.face is not None:
        header += motion.face.names
        columns.append(motion.face.weights)
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(header)
    for frame, row in enumerate(np.concatenate(columns, axis=1)[:, 1:].tolist()):
        table.writerow([frame, *(f"{value:.6g}" for value in row)])
    return text.getvalue().encode()


JOINTS_CSV = MotionFormat(
    name="csv",
    description="A table of joints and curves for spreadsheets",
    extensions=(".csv",),
    body=True,
    face=True,
    native_coordinates=CANONICAL,
    any_coordinates=True,
    recognises=lambda data: False,
    read=None,
    write=write,
)
