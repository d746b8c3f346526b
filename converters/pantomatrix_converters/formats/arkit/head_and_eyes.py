"""Turns of head and eyes as Epic's Live Link Face app says them beside the 52 weights: radians, yaw to the person's right,
pitch down, roll towards the left shoulder; yaw first, then pitch, then roll.

Epic documents neither units nor signs. The eyes' are measured: in seven public recordings of the app the angles are the
weights of eyeLook times the factors below, to a correlation of 0.98 and more, and roll is yaw times pitch; the 0.066 radians
by which ARKit's eyes stand apart at rest are left out, since weights of 0 look straight ahead here. The head's angles, which
none of the seven has, follow: Unreal's plugin for ARKit computes the three in one way.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from ... import rotations
from ...errors import MotionError
from ...kinematics import forward_kinematics
from ...motion import FaceCurves, Motion
from ...retargeting.body_frame import RestBody
from ...retargeting.humanoid import guess_roles
from ...skeleton import Skeleton

Array = NDArray[np.float64]

ANGLES = tuple(f"{part}{angle}" for part in ("Head", "LeftEye", "RightEye") for angle in ("Yaw", "Pitch", "Roll"))
LOOK_ASIDE_RADIANS, LOOK_DOWN_RADIANS, LOOK_UP_RADIANS = 0.60, 0.61, 0.45
"""How far an eye is turned where its weight is 1."""


def head_and_eyes(motion: Motion) -> Array:
    """(T, 9) radians in the order of ANGLES. The head's are against the hips, as a camera before the body sees it, 0 where
    there is no human body. The angles of the eyes come from the face's ARKit curves."""
    assert motion.face is not None
    return np.concatenate([_head(motion), *(_eye(motion.face, side) for side in ("Left", "Right"))], axis=1)


def _head(motion: Motion) -> Array:
    body = _body(motion.skeleton) if motion.has_body else None
    if body is None:
        return np.zeros((len(motion), 3))
    _, world = forward_kinematics(body.skeleton, motion.rotations_xyzw, motion.root_translation)
    hips, head = (
        rotations.multiply(world[:, joint], rotations.inverse(body.turns[joint]))
        for joint in (body.pelvis, body.skeleton.index(body.roles.roles["head"]))
    )
    axes = rotations.quat_from_matrix(body.axes)
    turn = rotations.multiply(rotations.inverse(hips), head)
    turn = rotations.multiply(rotations.multiply(rotations.inverse(axes), turn), axes)
    return rotations.euler_from_quat(turn, "YXZ") * (-1.0, 1.0, -1.0)


@lru_cache(maxsize=4)
def _body(skeleton: Skeleton) -> RestBody | None:
    """Live motion comes in many pieces of one skeleton."""
    try:
        return RestBody.of(skeleton, guess_roles(skeleton).checked(skeleton))
    except MotionError:
        return None


def _eye(face: FaceCurves, side: str) -> Array:
    def weight(way: str) -> Array:
        return face.weights[:, face.names.index(f"eyeLook{way}{side}")].astype(np.float64)

    right, left = ("In", "Out") if side == "Left" else ("Out", "In")
    yaw = LOOK_ASIDE_RADIANS * (weight(right) - weight(left))
    pitch = LOOK_DOWN_RADIANS * weight("Down") - LOOK_UP_RADIANS * weight("Up")
    return np.stack([yaw, pitch, yaw * pitch], axis=1)
