"""Feet that stand do not slide."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from motions import angle_between
from pantomatrix_converters import rotations
from pantomatrix_converters.errors import UnsupportedError
from pantomatrix_converters.kinematics import forward_kinematics
from pantomatrix_converters.motion import Motion
from pantomatrix_converters.retargeting.foot_lock import contacts, locked_feet
from pantomatrix_converters.retargeting.humanoid import guess_roles
from pantomatrix_converters.retargeting.rest_alignment import rest_pose
from pantomatrix_converters.retargeting.retarget import Retargeting
from pantomatrix_converters.skeleton import Skeleton, load_skeleton

pytestmark = pytest.mark.unit

SMPLX = load_skeleton("smplx")
FPS = 30.0


def motion_of(turns: dict[str, np.ndarray], path: np.ndarray) -> Motion:
    """turns: joint -> (T, 3) axis-angle; path: (T, 3) of the pelvis away from its rest place."""
    vectors = np.zeros((len(path), len(SMPLX), 3))
    for joint, vector in turns.items():
        vectors[:, SMPLX.index(joint)] = vector
    quats = rotations.quat_from_axis_angle(vectors).astype(np.float32)
    return Motion(SMPLX, FPS, quats, (SMPLX.rest_translations[0] + path).astype(np.float32))


def swaying(seconds: float = 8.0) -> Motion:
    """Bent knees, the pelvis swings sideways by 10 cm and carries the feet along."""
    time = np.arange(int(seconds * FPS)) / FPS
    ones = np.ones_like(time)
    legs = {
        f"{side}_{joint}": np.stack([angle * ones, 0 * ones, 0 * ones], 1)
        for side in ("left", "right")
        for joint, angle in (("hip", -0.3), ("knee", 0.6), ("ankle", -0.3))
    }
    return motion_of(legs, np.stack([0.1 * np.sin(time), -0.04 * ones, 0.02 * np.sin(0.7 * time)], 1))


def walking(seconds: float = 8.0) -> Motion:
    time = np.arange(int(seconds * FPS)) / FPS
    turns = {}
    for side, start in (("left", 0.0), ("right", np.pi)):
        phase = 2 * np.pi * 0.8 * time + start
        for joint, angle in (("hip", -0.35 * np.sin(phase)), ("knee", 0.5 * np.maximum(0, np.sin(phase + 0.8)))):
            turns[f"{side}_{joint}"] = np.stack([angle, 0 * angle, 0 * angle], 1)
    return motion_of(turns, np.stack([0.03 * np.sin(2 * time), 0 * time - 0.03, 0.45 * time], 1))


def slides(motion: Motion, judged: Motion) -> list[float]:
    """Metres that each foot moves over the floor while it stands, by the contacts of `judged`."""
    roles, (rest, _) = guess_roles(motion.skeleton), rest_pose(motion.skeleton)
    balls = [motion.skeleton.index(roles.roles[f"{side}_foot"]) for side in ("left", "right")]
    at, told = (forward_kinematics(m.skeleton, m.rotations_xyzw, m.root_translation)[0] for m in (motion, judged))
    floor = np.percentile((told[:, balls, 1] - rest[balls, 1]).min(axis=1), 10)
    return [
        float(np.linalg.norm(np.ptp(at[start:stop, ball][:, [0, 2]], axis=0)))
        for ball in balls
        for start, stop in contacts(told[:, ball], motion.fps, rest[ball, 1] + floor)
    ]


@pytest.mark.parametrize("make", [swaying, walking])
@pytest.mark.parametrize("name", ["smplx", "ue5_manny", "mixamo", "vrm1"])
def test_standing_feet_do_not_slide(make, name: str) -> None:
    loose = Retargeting(SMPLX, load_skeleton(name)).apply(make())
    held = locked_feet(loose)
    before, after = slides(loose, loose), slides(held, loose)
    assert len(before) >= 2
    assert max(after) < 0.01
    assert max(before) > max(after)
    np.testing.assert_array_equal(held.root_translation, loose.root_translation)


def test_the_foot_keeps_its_rotation_and_the_rest_its_place() -> None:
    loose = swaying()
    held = locked_feet(loose)
    _, before = forward_kinematics(SMPLX, loose.rotations_xyzw, loose.root_translation)
    _, after = forward_kinematics(SMPLX, held.rotations_xyzw, held.root_translation)
    moved = {SMPLX.index(f"{side}_{joint}") for side in ("left", "right") for joint in ("hip", "knee")}
    still = [at for at in range(len(SMPLX)) if at not in moved]
    assert angle_between(before[:, still], after[:, still]).max() < 1e-5
    positions, _ = forward_kinematics(SMPLX, held.rotations_xyzw, held.root_translation)
    floor = SMPLX.index("left_foot")
    assert np.ptp(positions[:, floor, 1]) < 1e-4


def test_nothing_jumps() -> None:
    """The lock adds no acceleration beyond what the feet had."""
    for make in (swaying, walking):
        loose = make()
        held = locked_feet(loose)
        balls = SMPLX.indices(("left_foot", "right_foot"))
        jerk = []
        for motion in (loose, held):
            positions, _ = forward_kinematics(SMPLX, motion.rotations_xyzw, motion.root_translation)
            jerk.append(np.abs(np.diff(positions[:, balls], 2, axis=0)).max() * FPS**2)
        assert jerk[1] < 1.3 * jerk[0] + 1.0


def test_what_stands_already_is_left_alone() -> None:
    still = motion_of({}, np.zeros((60, 3)))
    held = locked_feet(still)
    assert angle_between(held.rotations_xyzw, still.rotations_xyzw).max() < 1e-5
    assert len(locked_feet(still.frames(0, 0))) == 0
    assert len(locked_feet(still.frames(0, 1))) == 1


def test_feet_in_the_air_are_left_alone() -> None:
    time = np.arange(90) / FPS
    flying = motion_of({}, np.stack([2 * time, 0 * time, 0 * time], 1))
    assert angle_between(locked_feet(flying).rotations_xyzw, flying.rotations_xyzw).max() < 1e-6


def test_a_leg_that_is_no_plain_leg_is_refused() -> None:
    names, parents = list(SMPLX.joint_names), SMPLX.parents.copy()
    names.append("extra")
    parents = np.append(parents, SMPLX.index("left_hip"))
    offsets = np.concatenate([SMPLX.rest_translations, [[0, -0.2, 0]]])
    order = sorted(range(56), key=lambda at: (1.5 if at == 55 else 0 if at <= 1 else 2, at))
    parents[SMPLX.index("left_knee")] = 55
    shuffled = Skeleton.build(
        "odd",
        [names[at] for at in order],
        [order.index(parents[at]) if parents[at] >= 0 else -1 for at in order],
        offsets[order],
    )
    still = Motion(
        shuffled, FPS, np.tile(rotations.IDENTITY_XYZW, (9, 56, 1)).astype(np.float32), np.zeros((9, 3), np.float32)
    )
    with pytest.raises(UnsupportedError, match="needs a left leg of hip, knee and ankle in a row"):
        locked_feet(still)


def test_a_long_drift_takes_steps() -> None:
    """A root that drifts a metre cannot be held in one place: the foot steps."""
    time = np.arange(300) / FPS
    drifting = replace(
        swaying(10.0),
        root_translation=swaying(10.0).root_translation
        + np.stack([0 * time, 0 * time, -0.1 * time], 1).astype(np.float32),
    )
    held = locked_feet(drifting)
    positions, _ = forward_kinematics(SMPLX, held.rotations_xyzw, held.root_translation)
    assert max(slides(held, drifting)) < 0.01
    assert np.ptp(positions[:, SMPLX.index("left_foot"), 2]) > 0.5
