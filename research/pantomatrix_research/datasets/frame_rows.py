"""A motion as one row of numbers a frame, as training reads it."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters import rotations
from pantomatrix_converters.errors import FormatError
from pantomatrix_converters.face.rigs import ARKIT52, FLAME
from pantomatrix_converters.kinematics import forward_kinematics
from pantomatrix_converters.motion import Motion
from pantomatrix_converters.network_layout import pelvis_in_model

COLUMNS: Mapping[str, slice] = {
    "poses": slice(0, 165),
    "expressions": slice(165, 265),
    "trans": slice(265, 268),
    "contacts": slice(268, 272),
}
"""poses: axis-angle of SMPL-X's 55 joints. expressions: FLAME's 100, or ARKit's 52 and zeros. trans: BEAT2's, metres.
contacts: left and right ankle, left and right foot, 1 while slower than 0.3 m/s."""
WIDTH = 272
CONTACT_JOINTS = ("left_ankle", "right_ankle", "left_foot", "right_foot")
_CONTACT_SPEED = 0.3


def frame_rows(motion: Motion) -> NDArray[np.float32]:
    """(T, 272) as COLUMNS has them, of a motion on SMPL-X's skeleton at 30 frames a second."""
    rows = np.zeros((len(motion), WIDTH), np.float32)
    poses = rotations.axis_angle_from_quat(rotations.shortest(motion.rotations_xyzw))
    rows[:, COLUMNS["poses"]] = poses.reshape(len(motion), -1)
    if motion.face is not None:
        if motion.face.rig not in (FLAME.name, ARKIT52.name):
            raise FormatError(f"a face of {motion.face.rig!r} cannot be trained on")
        weights = motion.face.weights[:, :100]
        rows[:, COLUMNS["expressions"].start : COLUMNS["expressions"].start + weights.shape[1]] = weights
    rows[:, COLUMNS["trans"]] = motion.root_translation - pelvis_in_model()
    rows[:, COLUMNS["contacts"]] = foot_contacts(motion)
    return rows


def foot_contacts(motion: Motion) -> NDArray[np.float32]:
    """(T, 4) of CONTACT_JOINTS: 1 while the joint moves less than 0.3 m/s, a centimetre a frame, to the next frame."""
    positions, _ = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)
    feet = positions[:, motion.skeleton.indices(CONTACT_JOINTS)]
    if len(feet) < 2:
        return np.ones((len(feet), len(CONTACT_JOINTS)), np.float32)
    speeds = np.linalg.norm(np.diff(feet, axis=0), axis=2) * motion.fps
    return np.asarray(np.concatenate([speeds, speeds[-1:]]) < _CONTACT_SPEED, np.float32)


def sixd_of(poses: NDArray[np.float32]) -> NDArray[np.float32]:
    """(T, 165) axis-angle to (T, 330), the first two columns of each joint's matrix."""
    matrices = rotations.matrix_from_quat(rotations.quat_from_axis_angle(poses.reshape(len(poses), -1, 3)))
    return np.asarray(rotations.sixd_from_matrix(matrices).reshape(len(poses), -1), np.float32)
