"""Motion, skeletons, forward kinematics, inverse kinematics and resampling."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from motions import assert_same_body, random_motion
from pantomatrix_converters import rotations
from pantomatrix_converters.errors import LimitError, MotionError, UnknownNameError
from pantomatrix_converters.kinematics import forward_kinematics
from pantomatrix_converters.motion import FaceCurves, concatenate, frames_in
from pantomatrix_converters.resample import resample
from pantomatrix_converters.retargeting.inverse_kinematics import two_bone
from pantomatrix_converters.skeleton import MAX_JOINTS, Skeleton, load_skeleton

pytestmark = pytest.mark.unit

IDENTITY = (0.0, 0.0, 0.0, 1.0)


def chain(count: int) -> Skeleton:
    return Skeleton.build("chain", [f"j{i}" for i in range(count)], range(-1, count - 1), np.ones((count, 3)))


def test_smplx_stands_on_the_origin_and_faces_forward() -> None:
    skeleton = load_skeleton("smplx")
    assert len(skeleton) == 55
    rest = np.tile(IDENTITY, (1, 55, 1))
    positions, _ = forward_kinematics(skeleton, rest, skeleton.rest_translations[:1])
    joint = {name: positions[0, index] for index, name in enumerate(skeleton.joint_names)}
    np.testing.assert_allclose((joint["left_foot"] + joint["right_foot"]) / 2, 0, atol=1e-6)
    assert joint["left_wrist"][0] > 0.6
    assert joint["right_wrist"][0] < -0.6
    assert joint["head"][1] > 1.5
    assert joint["left_foot"][2] > joint["left_ankle"][2] + 0.1
    assert {name for part in skeleton.parts.values() for name in part} == set(skeleton.joint_names)


def test_forward_kinematics_agrees_with_scipy() -> None:
    motion = random_motion(5, seed=3)
    positions, world = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)
    for frame in range(5):
        places, turns = [], []
        for joint, parent in enumerate(motion.skeleton.parents):
            local = Rotation.from_quat(np.array(motion.rotations_xyzw[frame, joint]))
            if parent < 0:
                places.append(motion.root_translation[frame].astype(float))
                turns.append(local)
            else:
                places.append(places[parent] + turns[parent].apply(np.array(motion.skeleton.rest_translations[joint])))
                turns.append(turns[parent] * local)
        np.testing.assert_allclose(positions[frame], places, atol=1e-6)
        actual = rotations.matrix_from_quat(world[frame])
        np.testing.assert_allclose(actual, np.stack([turn.as_matrix() for turn in turns]), atol=1e-6)


def test_motion_refuses_what_is_none() -> None:
    motion = random_motion(4)
    quats = motion.rotations_xyzw.copy()
    quats[2, 16, 0] = np.nan
    with pytest.raises(MotionError, match=r"'left_shoulder' in frame 2"):
        replace(motion, rotations_xyzw=quats)
    with pytest.raises(MotionError, match="unit quaternion"):
        replace(motion, rotations_xyzw=2 * motion.rotations_xyzw)
    with pytest.raises(MotionError, match="expected"):
        replace(motion, rotations_xyzw=motion.rotations_xyzw[:, :54])
    with pytest.raises(MotionError, match="fps is 0"):
        replace(motion, fps=0)
    assert motion.face is not None
    with pytest.raises(MotionError, match="face has 3 frames"):
        replace(motion, face=replace(motion.face, weights=motion.face.weights[:3]))
    with pytest.raises(MotionError, match="^face curve 'a' is named twice, expected names that are all different$"):
        FaceCurves("arkit52", ("a", "a"), np.zeros((4, 2), np.float32))


def test_motion_cannot_be_changed_by_accident() -> None:
    motion = random_motion(4)
    with pytest.raises(ValueError, match="read-only"):
        motion.rotations_xyzw[0, 0, 0] = 1
    own = np.zeros((2, 3), np.float32)
    replace(motion.frames(0, 2), root_translation=own)
    own[0, 0] = 1


def test_pieces_make_the_whole() -> None:
    motion = random_motion(10)
    again = concatenate([motion.frames(0, 3), motion.frames(3, 4), motion.frames(4, 10)])
    np.testing.assert_array_equal(again.rotations_xyzw, motion.rotations_xyzw)
    assert again.face is not None
    assert motion.face is not None
    np.testing.assert_array_equal(again.face.weights, motion.face.weights)


@pytest.mark.parametrize(
    ("names", "parents", "text"),
    [
        (["a", "a"], [-1, 0], "occurs twice"),
        (["a", ""], [-1, 0], "no name"),
        (["a", "b"], [-1, -1], "one root"),
        (["a", "b"], [1, -1], "one root"),
        (["a", "b", "c"], [-1, 2, 1], "every parent before"),
        (["a", "b"], [-1, 1], "every parent before"),
    ],
)
def test_bad_skeletons_are_refused(names: list[str], parents: list[int], text: str) -> None:
    with pytest.raises(MotionError, match=text):
        Skeleton.build("bad", names, parents, np.zeros((len(names), 3)))


def test_skeleton_limits_and_names() -> None:
    assert len(chain(MAX_JOINTS)) == MAX_JOINTS
    with pytest.raises(LimitError, match="1025 joints"):
        chain(MAX_JOINTS + 1)
    with pytest.raises(UnknownNameError, match="did you mean smplx"):
        load_skeleton("smpl-x")
    with pytest.raises(MotionError, match="NaN"):
        Skeleton.build("bad", ["a"], [-1], [[np.nan, 0, 0]])
    with pytest.raises(MotionError, match="unit quaternion"):
        Skeleton.build("bad", ["a"], [-1], [[0, 0, 0]], [[0, 0, 0, 2]])


@pytest.mark.parametrize("fps", [15.0, 24.0, 29.97, 60.0, 120.0])
def test_resampling_keeps_time(fps: float) -> None:
    motion = random_motion(31, fps=30)
    result = resample(motion, fps)
    assert len(result) == frames_in(31 / 30, fps)
    assert abs(result.duration_seconds - motion.duration_seconds) <= 1 / fps
    at_one_second = np.interp(np.arange(len(result)) / fps, np.arange(31) / 30, motion.root_translation[:, 0])
    np.testing.assert_allclose(result.root_translation[:, 0], at_one_second, atol=1e-5)


def test_resampling_up_and_down_returns() -> None:
    motion = random_motion(20)
    assert_same_body(resample(resample(motion, 60), 30), motion, radians=1e-5, metres=1e-6)
    one = random_motion(1)
    assert len(resample(one, 60)) == 2


@pytest.mark.parametrize(
    ("seconds", "fps", "frames"), [(0, 30, 0), (1e-4, 30, 1), (1, 30, 30), (1 / 3, 60, 20), (3600, 29.97, 107892)]
)
def test_frames_in(seconds: float, fps: float, frames: int) -> None:
    assert frames_in(seconds, fps) == frames


def test_two_bones_reach_their_target() -> None:
    random = np.random.default_rng(0)
    upper, lower = np.array([0.26, -0.02, 0.01]), np.array([0.24, 0.03, 0.0])
    root = random.normal(size=(100, 3))
    direction = rotations.rotate(rotations.normalize(random.normal(size=(100, 4))), [1.0, 0, 0])
    target = root + direction * random.uniform(0.1, 0.49, size=(100, 1))
    first, second = two_bone(
        root, target, [0.3, -1.0, 0.2], upper_rest=upper, lower_rest=lower, hinge_rest=[0, -1.0, 0]
    )
    reached = root + rotations.rotate(first, upper) + rotations.rotate(second, lower)
    np.testing.assert_allclose(reached, target, atol=1e-6)
    far = root + direction * 2
    first, second = two_bone(root, far, [0.3, -1.0, 0.2], upper_rest=upper, lower_rest=lower, hinge_rest=[0, -1.0, 0])
    reached = root + rotations.rotate(first, upper) + rotations.rotate(second, lower)
    np.testing.assert_allclose(np.cross(reached - root, direction), 0, atol=1e-6)
