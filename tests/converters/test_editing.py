"""Mirror, smoothing, size, parts of a clip, and clips in a row."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from motions import angle_between, random_motion
from pantomatrix_converters import rotations
from pantomatrix_converters.editing.joining import join_all
from pantomatrix_converters.editing.mirror import mirrored
from pantomatrix_converters.editing.options import BodyPart, MotionEdits
from pantomatrix_converters.editing.plan import edited
from pantomatrix_converters.editing.smoothing import smoothed
from pantomatrix_converters.errors import LimitError, MotionError, UnsupportedError
from pantomatrix_converters.face.rigs import FLAME
from pantomatrix_converters.formats import ReadLimits
from pantomatrix_converters.kinematics import forward_kinematics, rest_pose
from pantomatrix_converters.motion import FaceCurves, Motion
from pantomatrix_converters.retargeting.humanoid import guess_roles
from pantomatrix_converters.retargeting.retarget import Retargeting
from pantomatrix_converters.skeleton import Skeleton, load_skeleton, skeleton_names

pytestmark = pytest.mark.unit


def turns(motion: Motion) -> dict[str, np.ndarray]:
    """Role -> (T, 4) turn away from the rest pose, in the world."""
    _, world = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)
    _, rest = rest_pose(motion.skeleton)
    joints = {role: motion.skeleton.index(joint) for role, joint in guess_roles(motion.skeleton).roles.items()}
    return {role: rotations.multiply(world[:, at], rotations.inverse(rest[at])) for role, at in joints.items()}


def places(motion: Motion) -> dict[str, np.ndarray]:
    positions, _ = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)
    return {
        role: positions[:, motion.skeleton.index(joint)] for role, joint in guess_roles(motion.skeleton).roles.items()
    }


@pytest.mark.parametrize("name", skeleton_names())
def test_a_mirror_shows_the_other_side(name: str) -> None:
    motion = Retargeting(load_skeleton("smplx"), load_skeleton(name)).apply(random_motion(10, angle=0.2))
    twin = mirrored(motion)
    own, other = turns(motion), turns(twin)
    swap = {"left": "right", "right": "left"}
    for role, turn in own.items():
        side, _, part = role.partition("_")
        partner = f"{swap[side]}_{part}" if side in swap else role
        assert angle_between(other[partner] * [1, -1, -1, 1], turn).max() < 1e-4, role
    if name != "smplx":  # whose rest pose is not symmetrical
        wrists = places(motion)["left_wrist"], places(twin)["right_wrist"]
        np.testing.assert_allclose(wrists[1] * [-1, 1, 1], wrists[0], atol=0.03)
    again = mirrored(twin)
    assert angle_between(again.rotations_xyzw, motion.rotations_xyzw).max() < 1e-5
    np.testing.assert_allclose(again.root_translation, motion.root_translation, atol=1e-6)


def test_a_mirrored_face() -> None:
    motion = random_motion(3)
    twin = mirrored(motion)
    assert motion.face is not None
    assert twin.face is not None
    for here, there in (("eyeBlinkLeft", "eyeBlinkRight"), ("jawRight", "jawLeft"), ("jawOpen", "jawOpen")):
        np.testing.assert_array_equal(
            twin.face.weights[:, twin.face.names.index(here)], motion.face.weights[:, motion.face.names.index(there)]
        )
    flame = FaceCurves(FLAME.name, FLAME.curve_names, np.ones((3, 103), np.float32))
    twin, notes = edited(replace(motion, face=flame), MotionEdits(mirror=True))
    assert twin.face is not None
    assert twin.face.weights[0, -3:].tolist() == [1, -1, -1]
    assert "no left and right" in notes[0]


def test_what_has_no_sides_cannot_be_mirrored() -> None:
    snake = Skeleton.build("snake", ("a", "b"), (-1, 0), np.zeros((2, 3)))
    still = Motion(
        snake, 30, np.tile(rotations.IDENTITY_XYZW, (2, 2, 1)).astype(np.float32), np.zeros((2, 3), np.float32)
    )
    with pytest.raises(UnsupportedError, match="cannot be mirrored"):
        mirrored(still)


def test_smoothing_takes_jitter_and_leaves_what_is_slow() -> None:
    time = np.arange(300) / 30
    slow = np.zeros((300, 55, 3))
    slow[..., 0] = 0.5 * np.sin(time)[:, None]
    noise = np.random.default_rng(0).normal(scale=0.05, size=slow.shape)

    def make(vectors: np.ndarray) -> Motion:
        quats = rotations.quat_from_axis_angle(vectors).astype(np.float32)
        return replace(random_motion(300, face=False), rotations_xyzw=quats)

    smooth = smoothed(make(slow + noise), 0.1)
    clean = make(slow)
    assert angle_between(smooth.rotations_xyzw, clean.rotations_xyzw)[10:-10].mean() < 0.03
    assert angle_between(make(slow + noise).rotations_xyzw, clean.rotations_xyzw).mean() > 0.07
    assert angle_between(smoothed(clean, 0.1).rotations_xyzw, clean.rotations_xyzw)[20:-20].max() < 0.01
    steady = replace(clean, rotations_xyzw=np.where(np.arange(300)[:, None, None] % 2, -1, 1) * clean.rotations_xyzw)
    assert angle_between(smoothed(steady, 0.1).rotations_xyzw, smoothed(clean, 0.1).rotations_xyzw).max() < 1e-5
    assert smoothed(clean, 0) is clean
    for seconds in (-1, 5, float("nan")):
        with pytest.raises(MotionError, match="smooth_seconds is"):
            smoothed(clean, seconds)


def test_a_body_of_another_size() -> None:
    motion = random_motion(4)
    giant, _ = edited(motion, MotionEdits(scale=3.0))
    for role, track in places(motion).items():
        np.testing.assert_allclose(places(giant)[role], 3 * track, atol=1e-4)
    for factor in (0, -1, 1e9, float("nan")):
        with pytest.raises(MotionError, match="scale is"):
            edited(motion, MotionEdits(scale=factor))


def test_a_part_of_a_clip() -> None:
    motion = random_motion(90)
    part, _ = edited(motion, MotionEdits(start_seconds=1.0, end_seconds=2.0))
    np.testing.assert_array_equal(part.root_translation, motion.root_translation[30:60])
    rest, _ = edited(motion, MotionEdits(start_seconds=2.0))
    assert len(rest) == 30
    for start, end in ((3.0, 0), (2, 1), (-1, 0), (float("nan"), 0)):
        with pytest.raises(MotionError, match="seconds|nothing lies"):
            edited(motion, MotionEdits(start_seconds=start, end_seconds=end))


def test_all_at_once() -> None:
    options = MotionEdits(
        fps=60, skeleton="ue5_manny", foot_lock=True, start_seconds=0.5, end_seconds=2.5, mirror=True,
        smooth_seconds=0.05, scale=2.0, face_rig="vrm", part_strengths=((BodyPart.FACE, 0.5),),
    )  # fmt: skip
    result, _ = edited(random_motion(90, angle=0.2), options)
    assert (len(result), result.fps, result.skeleton.name) == (120, 60, "ue5_manny")
    assert result.face is not None
    assert result.face.rig == "vrm"
    assert 0 <= result.face.weights.min() < result.face.weights.max() <= 0.5
    with pytest.raises(LimitError, match="240 frames"):
        edited(random_motion(90), replace(options, fps=120, end_seconds=2.5), limits=ReadLimits(max_frames=200))
    for gain in (-1, 99):
        with pytest.raises(MotionError, match="gain of face"):
            edited(random_motion(3), MotionEdits(part_strengths=((BodyPart.FACE, gain),)))
    with pytest.raises(UnsupportedError, match="no joints to retarget"):
        edited(replace_body(random_motion(3)), MotionEdits(skeleton="mixamo"))


def test_what_would_take_too_much_memory() -> None:
    names = tuple(f"j{at}" for at in range(1000))
    body = load_skeleton("mixamo")
    wide = Skeleton.build(
        "wide",
        (*body.joint_names, *names[len(body) :]),
        [*body.parents, *[0] * (1000 - len(body))],
        np.concatenate([body.rest_translations, np.zeros((1000 - len(body), 3))]),
        np.concatenate([body.rest_rotations_xyzw, np.tile([0, 0, 0, 1], (1000 - len(body), 1))]),
    )
    with pytest.raises(LimitError, match="300 frames of 1000 joints are 4 MiB, at most 1 are allowed"):
        edited(random_motion(300), MotionEdits(skeleton=wide), limits=ReadLimits(max_bytes=1 << 20))


def replace_body(motion: Motion) -> Motion:
    from pantomatrix_converters.motion import face_motion

    assert motion.face is not None
    return face_motion(motion.face, motion.fps)


def test_clips_in_a_row() -> None:
    first, second = random_motion(30, angle=0.1), random_motion(60, angle=0.1, fps=60, seed=1)
    joined, notes = join_all([first, second, first])
    assert (len(joined), joined.fps) == (90, 30)
    assert "brought to 30" in notes[0]
    assert join_all([first]) == (first, ())
