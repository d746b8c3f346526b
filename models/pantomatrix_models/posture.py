"""From where hands, head and weight should be to the rotations of SMPL-X's joints: feet planted, limbs by two-bone IK."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters import rotations
from pantomatrix_converters.retargeting.inverse_kinematics import two_bone
from pantomatrix_converters.skeleton import load_skeleton

Array = NDArray[np.float64]

_STANCE_DROP = 0.019
"""The pelvis stands this much lower than with stretched knees, metres."""
_ELBOW_POLE = np.array([0.45, -0.85, -0.30])
_FREE_REACH, _MOST_REACH = 0.88, 0.985
"""Shares of the arm's length up to which a hand goes where it is wanted, and that it never exceeds."""
_JAW_RADIANS = 0.30
"""Rotation of the jaw joint where the lips are widest."""
_FINGERS = ("index", "middle", "ring", "pinky")
_FINGER_BENDS = np.array([0.44, 0.52, 0.20])
"""Bend of the joints of a finger whose bend is 1, radians."""
_THUMB = np.array([[0.30, 0.22, -0.05], [-0.15, 0.05, -0.05], [0.10, 0.05, -0.05]])
_THUMB_BENDS = np.array([0.08, 0.22, 0.22])


@dataclass(frozen=True, eq=False)
class Posture:
    """T frames. Angles in radians; pitch positive forward or down, yaw positive to the left, roll positive to the right.

    pelvis: (T, 3) shift of the pelvis from the stance, metres. pelvis_turn: (T, 3) pitch, yaw, roll.
    spine, head: (T, 3) pitch, yaw, roll, shared by their joints. breath: (T,) -1 to 1. shoulders: (T,) how far up.
    hands: (T, 6) wrists left and right, metres from the pelvis along the world's axes. palms: (T, 2) turn of the palm up.
    fingers: (T, 10) bend of thumb, index, middle, ring and little finger, left then right: 0 straight, 1 relaxed, 2 a fist.
    jaw: (T,) 0 to 1. gaze: (T, 2) yaw, pitch of both eyes.
    """

    pelvis: Array
    pelvis_turn: Array
    spine: Array
    head: Array
    breath: Array
    shoulders: Array
    hands: Array
    palms: Array
    fingers: Array
    jaw: Array
    gaze: Array


def still(frames: int) -> Posture:
    """Standing at ease, arms hanging."""
    three, two, one = np.zeros((frames, 3)), np.zeros((frames, 2)), np.zeros(frames)
    hands = np.tile([0.25, -0.05, 0.1, -0.25, -0.05, 0.1], (frames, 1))
    return Posture(
        pelvis=three,
        pelvis_turn=three,
        spine=three,
        head=three,
        breath=one,
        shoulders=one,
        hands=hands,
        palms=two,
        fingers=np.ones((frames, 10)),
        jaw=one,
        gaze=two,
    )


class Poser:
    """Rotations of SMPL-X's joints for postures."""

    def __init__(self) -> None:
        self._skeleton = load_skeleton("smplx")
        self._joint = {name: index for index, name in enumerate(self._skeleton.joint_names)}
        self._offset = self._skeleton.rest_translations
        self._ankle = {side: self._rest_position(f"{side}_ankle") for side in ("left", "right")}

    def _rest_position(self, name: str) -> Array:
        position, joint = np.zeros(3), self._joint[name]
        while joint >= 0:
            position = position + self._offset[joint]
            joint = int(self._skeleton.parents[joint])
        return position

    def pose(self, posture: Posture) -> tuple[Array, Array]:
        """Returns rotations (T, 55, 4), local, x y z w, and the pelvis' position (T, 3), metres."""
        frames = len(posture.jaw)
        local = np.tile(rotations.IDENTITY_XYZW, (frames, len(self._skeleton), 1))
        pelvis_position = self._offset[0] + posture.pelvis - [0.0, _STANCE_DROP, 0.0]
        pelvis_world = _from_pitch_yaw_roll(posture.pelvis_turn)
        local[:, 0] = pelvis_world
        chest_position, chest_world = self._trunk(local, posture, pelvis_position, pelvis_world)
        for side, sign in (("left", 1.0), ("right", -1.0)):
            self._leg(local, side, pelvis_position, pelvis_world)
            self._arm(local, side, sign, posture, pelvis_position, chest_position, chest_world)
            self._hand(local, side, sign, posture.fingers[:, :5] if sign > 0 else posture.fingers[:, 5:])
        local[:, self._joint["jaw"], 0] = np.sin(0.5 * _JAW_RADIANS * posture.jaw)
        local[:, self._joint["jaw"], 3] = np.cos(0.5 * _JAW_RADIANS * posture.jaw)
        eyes = _from_pitch_yaw_roll(np.stack([posture.gaze[:, 1], posture.gaze[:, 0], 0 * posture.jaw], axis=1))
        local[:, self._joint["left_eye_smplhf"]] = local[:, self._joint["right_eye_smplhf"]] = eyes
        return local, pelvis_position

    def _trunk(self, local: Array, posture: Posture, position: Array, world: Array) -> tuple[Array, Array]:
        """Spine, neck and head; returns where spine3 is and how it is turned."""
        share = _from_pitch_yaw_roll(posture.spine / 3)
        chest = posture.spine / 3 + posture.breath[:, None] * [-0.010, 0.0, 0.0]
        for name, turn in (("spine1", share), ("spine2", share), ("spine3", _from_pitch_yaw_roll(chest))):
            joint = self._joint[name]
            local[:, joint] = turn
            position = position + rotations.rotate(world, self._offset[joint])
            world = rotations.multiply(world, turn)
        steady = -0.6 * posture.spine
        local[:, self._joint["neck"]] = _from_pitch_yaw_roll(0.45 * posture.head + 0.5 * steady)
        local[:, self._joint["head"]] = _from_pitch_yaw_roll(0.55 * posture.head + 0.5 * steady)
        return position, world

    def _leg(self, local: Array, side: str, pelvis_position: Array, pelvis_world: Array) -> None:
        """The ankle stays where it stands."""
        hip, knee, ankle = (self._joint[f"{side}_{name}"] for name in ("hip", "knee", "ankle"))
        hip_position = pelvis_position + rotations.rotate(pelvis_world, self._offset[hip])
        thigh, shin = two_bone(
            hip_position,
            np.broadcast_to(self._ankle[side], hip_position.shape),
            [0.0, 0.0, 1.0],
            upper_rest=self._offset[knee],
            lower_rest=self._offset[ankle],
            hinge_rest=[1.0, 0.0, 0.0],
        )
        local[:, hip] = rotations.multiply(rotations.inverse(pelvis_world), thigh)
        local[:, knee] = rotations.multiply(rotations.inverse(thigh), shin)
        local[:, ankle] = rotations.inverse(shin)

    def _arm(
        self, local: Array, side: str, sign: float, posture: Posture, pelvis: Array, chest: Array, chest_world: Array
    ) -> None:
        collar, shoulder, elbow, wrist = (
            self._joint[f"{side}_{name}"] for name in ("collar", "shoulder", "elbow", "wrist")
        )
        column = 0 if sign > 0 else 1
        target = pelvis + posture.hands[:, 3 * column : 3 * column + 3]
        lift = 0.10 * np.clip(posture.hands[:, 3 * column + 1] - 0.15, 0, None) + 0.006 * posture.breath
        lift = lift + posture.shoulders
        local[:, collar] = rotations.quat_from_axis_angle(sign * np.stack([0 * lift, 0 * lift, lift - 0.06], axis=1))
        collar_world = rotations.multiply(chest_world, local[:, collar])
        shoulder_position = (
            chest
            + rotations.rotate(chest_world, self._offset[collar])
            + rotations.rotate(collar_world, self._offset[shoulder])
        )
        upper, lower = two_bone(
            shoulder_position,
            self._softened(shoulder_position, target, elbow, wrist),
            _ELBOW_POLE * [sign, 1.0, 1.0],
            upper_rest=self._offset[elbow],
            lower_rest=self._offset[wrist],
            hinge_rest=[0.0, -sign, 0.0],
        )
        twist = posture.palms[:, column] - 0.25
        half = rotations.quat_from_axis_angle(np.stack([-0.5 * twist, 0 * twist, 0 * twist], axis=1))
        forearm = rotations.multiply(lower, half)
        local[:, shoulder] = rotations.multiply(rotations.inverse(collar_world), upper)
        local[:, elbow] = rotations.multiply(rotations.inverse(upper), forearm)
        droop = np.full_like(twist, -0.12 * sign)
        local[:, wrist] = rotations.multiply(
            half, rotations.quat_from_axis_angle(np.stack([0 * twist, 0 * twist, droop], axis=1))
        )

    def _softened(self, shoulder: Array, target: Array, elbow: int, wrist: int) -> Array:
        """(T, 3) targets drawn in the more the straighter the arm: near its full length a small step of the hand would be a
        large turn of the elbow."""
        length = sum(float(np.linalg.norm(self._offset[joint])) for joint in (elbow, wrist))
        free, most = _FREE_REACH * length, _MOST_REACH * length
        reach = target - shoulder
        distance = np.linalg.norm(reach, axis=1, keepdims=True)
        beyond = np.maximum(distance - free, 0.0)
        drawn_in = np.minimum(distance, free) + (most - free) * (1.0 - np.exp(-beyond / (most - free)))
        return shoulder + reach * drawn_in / np.maximum(distance, 1e-9)

    def _hand(self, local: Array, side: str, sign: float, fingers: Array) -> None:
        """fingers: (T, 5) bends."""
        for place, finger in enumerate(_FINGERS, start=1):
            bends = -0.5 * sign * fingers[:, place, None] * _FINGER_BENDS
            joints = [self._joint[f"{side}_{finger}{segment}"] for segment in (1, 2, 3)]
            local[:, joints, 2], local[:, joints, 3] = np.sin(bends), np.cos(bends)
        for segment in range(3):
            turn = np.tile(_THUMB[segment], (len(fingers), 1))
            turn[:, 2] -= _THUMB_BENDS[segment] * fingers[:, 0]
            joint = self._joint[f"{side}_thumb{segment + 1}"]
            local[:, joint] = rotations.quat_from_axis_angle(turn * [1.0, sign, sign])


def _from_pitch_yaw_roll(angles: Array) -> Array:
    """(T, 3) pitch about x, yaw about y, roll about z, the yaw outermost. Returns (T, 4)."""
    return rotations.quat_from_euler(angles[..., [1, 0, 2]], "YXZ")
