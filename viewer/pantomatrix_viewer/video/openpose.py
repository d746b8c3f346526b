"""OpenPose's layout: 25 key points of the body, 21 of each hand, 70 of the face, with the colours that it draws them in.

Layout: CMU Perceptual Computing Lab, OpenPose, "Output Format" (BODY_25, HAND, FACE).
"""

from __future__ import annotations

import colorsys
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters import rotations
from pantomatrix_converters.errors import UnsupportedError
from pantomatrix_converters.kinematics import forward_kinematics
from pantomatrix_converters.motion import Motion

from .canvas import Canvas, Colour
from .face_drawing import face_outlines

Array = NDArray[np.float64]

BODY = (
    "nose", "neck", "right_shoulder", "right_elbow", "right_wrist", "left_shoulder", "left_elbow", "left_wrist", "pelvis",
    "right_hip", "right_knee", "right_ankle", "left_hip", "left_knee", "left_ankle", "right_eye", "left_eye", "right_ear",
    "left_ear", "left_big_toe", "left_small_toe", "left_heel", "right_big_toe", "right_small_toe", "right_heel",
)  # fmt: skip
"""Key points of BODY_25 in order; those that are joints of SMPL-X carry the joint's name."""

_LIMBS = (
    (1, 8), (1, 2), (1, 5), (2, 3), (3, 4), (5, 6), (6, 7), (8, 9), (9, 10), (10, 11), (8, 12), (12, 13), (13, 14), (1, 0),
    (0, 15), (15, 17), (0, 16), (16, 18), (14, 19), (19, 20), (14, 21), (11, 22), (22, 23), (11, 24),
)  # fmt: skip
_FINGERS = ("thumb", "index", "middle", "ring", "pinky")
_HEAD_POINTS = {
    "nose": (0.0, 0.055, 0.115), "left_eye": (0.032, 0.095, 0.085), "right_eye": (-0.032, 0.095, 0.085),
    "left_ear": (0.075, 0.075, 0.0), "right_ear": (-0.075, 0.075, 0.0),
}  # fmt: skip
"""Metres from SMPL-X's head joint, along the head's own axes; of an average head."""
_FOOT_POINTS = {"big_toe": (-0.01, -0.01, 0.07), "small_toe": (0.05, -0.01, 0.05), "heel": (0.0, -0.05, -0.17)}
"""Metres from SMPL-X's foot joint, the left one; the right one mirrors them."""


@dataclass(frozen=True, eq=False)
class KeyPoints:
    """body: (T, 25, 3) in the order of BODY; hands: (T, 2, 21, 3), left then right; metres."""

    body: Array
    hands: Array


def openpose_keypoints(motion: Motion) -> KeyPoints:
    """Raises UnsupportedError if the skeleton has not SMPL-X's joints."""
    skeleton = motion.skeleton
    needed = [name for name in BODY if name.endswith(("shoulder", "elbow", "wrist", "hip", "knee", "ankle"))]
    missing = [name for name in (*needed, "head", "left_index1") if name not in skeleton.joint_names]
    if missing:
        raise UnsupportedError(
            f"OpenPose's layout needs SMPL-X's joints, skeleton {skeleton.name!r} has no {missing[0]}: retarget it first "
            "(pantomatrix convert --skeleton smplx)"
        )
    positions, world = forward_kinematics(skeleton, motion.rotations_xyzw, motion.root_translation)

    def attached(joint: str, offset: tuple[float, float, float]) -> Array:
        at = skeleton.index(joint)
        return positions[:, at] + rotations.rotate(world[:, at], np.array(offset))

    points = {name: positions[:, skeleton.index(name)] for name in BODY if name in skeleton.joint_names}
    points["neck"] = 0.5 * (points["left_shoulder"] + points["right_shoulder"])
    points |= {name: attached("head", offset) for name, offset in _HEAD_POINTS.items()}
    for side, sign in (("left", 1.0), ("right", -1.0)):
        for name, (x, y, z) in _FOOT_POINTS.items():
            points[f"{side}_{name}"] = attached(f"{side}_foot", (sign * x, y, z))
    hands = np.stack([_hand(motion, positions, side) for side in ("left", "right")], axis=1)
    return KeyPoints(np.stack([points[name] for name in BODY], axis=1), hands)


def _hand(motion: Motion, positions: Array, side: str) -> Array:
    """(T, 21, 3): the wrist, then four points of each finger; the tip extends as far as two thirds of the joint before."""
    points = [positions[:, motion.skeleton.index(f"{side}_wrist")]]
    for finger in _FINGERS:
        first, second, third = (positions[:, motion.skeleton.index(f"{side}_{finger}{n}")] for n in (1, 2, 3))
        points += [first, second, third, third + 0.67 * (third - second)]
    return np.stack(points, axis=1)


def _rainbow(share: float) -> Colour:
    red, green, blue = colorsys.hsv_to_rgb(share, 1.0, 1.0)
    return round(255 * red), round(255 * green), round(255 * blue)


def draw_openpose(canvas: Canvas, body: Array, hands: Array, weights: Mapping[str, float]) -> None:
    """body: (25, 2), hands: (2, 21, 2) pixels; weights: ARKit's, for the face."""
    height = canvas.pixels.shape[0]
    thick, thin = max(2.0, height / 120), max(1.0, height / 360)
    for number, (start, end) in enumerate(_LIMBS):
        canvas.line(body[[start, end]], _rainbow(number / len(_LIMBS)), thick)
    for number, point in enumerate(body):
        canvas.disc(point, 0.8 * thick, _rainbow(number / len(BODY)))
    for hand in hands:
        for finger in range(5):
            chain = [0, *range(1 + 4 * finger, 5 + 4 * finger)]
            canvas.line(hand[chain], _rainbow(finger / 5), thin)
        for point in hand:
            canvas.disc(point, thin, (255, 255, 255))
    for point in face_points(body, weights):
        canvas.disc(point, max(1.0, 0.7 * thin), (255, 255, 255))


def face_points(body: Array, weights: Mapping[str, float]) -> Array:
    """(70, 2) pixels: jaw 17, brows 10, nose 9, eyes 12, lips 20, pupils 2; a drawn face laid over nose, eyes and ears."""
    outlines = face_outlines(weights)
    ears, eyes = body[[17, 18]], body[[15, 16]]
    right = ears[1] - ears[0]
    scale = float(np.hypot(*right)) / 1.44
    along = right / max(float(np.hypot(*right)), 1e-6)
    down = np.array([-along[1], along[0]])
    middle = eyes.mean(axis=0) + 0.16 * scale * down
    jaw = outlines.head[np.linspace(24, 0, 17).round().astype(int)]
    brows = np.concatenate([outlines.brows[1][::-2], outlines.brows[0][::2]])
    bridge = np.stack([np.zeros(4), np.linspace(-0.12, 0.15, 4)], axis=1)
    nostrils = np.stack([np.linspace(-0.1, 0.1, 5), 0.24 + 0.02 * np.array([0, 1, 1.5, 1, 0])], axis=1)
    rims = [
        np.concatenate([upper[[0, 4, 8, 12]], lower[[8, 4]]]) for upper, lower in (outlines.lids[1], outlines.lids[0])
    ]
    outer = outlines.outer_lips[np.linspace(0, 28, 12, endpoint=False).round().astype(int)]
    inner = outlines.inner_lips[np.linspace(0, 28, 8, endpoint=False).round().astype(int)]
    every = np.concatenate([jaw, brows, bridge, nostrils, *rims, outer, inner, outlines.irises[::-1]])
    return middle + scale * (every[:, :1] * along + every[:, 1:] * down)
