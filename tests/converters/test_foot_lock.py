"""Feet that stand do not slide."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from folders import ROOT
from motions import angle_between, random_motion
from pantomatrix_converters import rotations
from pantomatrix_converters.errors import UnsupportedError
from pantomatrix_converters.formats import load_motion
from pantomatrix_converters.kinematics import forward_kinematics, rest_pose
from pantomatrix_converters.motion import Motion
from pantomatrix_converters.retargeting.foot_contacts import contacts
from pantomatrix_converters.retargeting.foot_lock import locked_feet
from pantomatrix_converters.retargeting.humanoid import HumanoidMap, guess_roles
from pantomatrix_converters.retargeting.inverse_kinematics import two_bone
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
    """Steps of 0.9 m a second, made by inverse kinematics, whose feet slide by 4 cm while they stand."""
    time = np.arange(int(seconds * FPS)) / FPS
    rest, _ = rest_pose(SMPLX)
    path = np.stack([0.03 * np.sin(np.pi * time), 0 * time - 0.07, 0.9 * time], 1)
    vectors = rotations.quat_from_axis_angle(np.zeros((len(time), len(SMPLX), 3)))
    for side, start in (("left", 0.0), ("right", 0.5)):
        hip, knee, ankle = (SMPLX.index(f"{side}_{joint}") for joint in ("hip", "knee", "ankle"))
        cycle, phase = np.divmod(time + start, 1.0)
        swing = np.clip((phase - 0.6) / 0.4, 0, 1)
        eased = swing**2 * (3 - 2 * swing)
        slide = 0.04 * np.minimum(phase / 0.6, 1) * (1 - eased)
        way = 0.9 * (cycle + eased + 0.3 - start) + slide
        target = rest[ankle] + np.stack([0 * way, 0.1 * np.sin(np.pi * swing) ** 2, way], 1)
        thigh, shin = two_bone(
            rest[hip] + path,
            target,
            [0.0, 0.0, 1.0],
            upper_rest=rest[knee] - rest[hip],
            lower_rest=rest[ankle] - rest[knee],
            hinge_rest=[1.0, 0.0, 0.0],
        )
        vectors[:, hip], vectors[:, knee] = thigh, rotations.multiply(rotations.inverse(thigh), shin)
        vectors[:, ankle] = rotations.inverse(shin)
    root = SMPLX.rest_translations[0] + path
    return Motion(SMPLX, FPS, vectors.astype(np.float32), root.astype(np.float32))


def points(motion: Motion) -> list[tuple[np.ndarray, np.ndarray]]:
    """(T, 3) ball and heel of each foot: the heel is below the ankle and a little behind it in the rest pose."""
    roles, (rest, turned) = guess_roles(motion.skeleton), rest_pose(motion.skeleton)
    at, world = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)
    found = []
    for side in ("left", "right"):
        ankle, ball = (motion.skeleton.index(roles.roles[f"{side}_{role}"]) for role in ("ankle", "foot"))
        heel = np.array([-0.3, 0.0, -0.3]) * (rest[ball] - rest[ankle]) + [0.0, rest[ball, 1] - rest[ankle, 1], 0.0]
        heel = rotations.rotate(rotations.inverse(turned[ankle]), heel)
        found.append((at[:, ball], at[:, ankle] + rotations.rotate(world[:, ankle], heel)))
    return found


def bends(motion: Motion) -> np.ndarray:
    """(2, T) degrees that each knee is bent."""
    roles = guess_roles(motion.skeleton).roles
    at, _ = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)
    found = []
    for side in ("left", "right"):
        hip, knee, ankle = (at[:, motion.skeleton.index(roles[f"{side}_{role}"])] for role in ("hip", "knee", "ankle"))
        upper, lower = knee - hip, ankle - knee
        across = np.linalg.norm(np.cross(upper, lower), axis=1)
        found.append(np.degrees(np.arctan2(across, np.sum(upper * lower, axis=1))))
    return np.stack(found)


def accelerations(motion: Motion) -> np.ndarray:
    """(T - 2, J) metres a second squared."""
    at, _ = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)
    return np.linalg.norm(np.diff(at, 2, axis=0), axis=2) * motion.fps**2


def slides(motion: Motion, judged: Motion) -> list[float]:
    """Metres that each foot's supporting point, the stiller one of ball and heel, goes while the ball stands by the contacts
    of `judged`."""
    rest, _ = rest_pose(judged.skeleton)
    told = points(judged)
    roles = guess_roles(judged.skeleton).roles
    balls = [judged.skeleton.index(roles[f"{side}_foot"]) for side in ("left", "right")]
    floor = np.percentile(np.stack([ball[:, 1] - rest[at, 1] for at, (ball, _) in zip(balls, told, strict=True)]), 10)
    found = []
    for (ball, heel), (judged_ball, judged_heel), at in zip(points(motion), told, balls, strict=True):
        steps = np.linalg.norm(np.diff(np.stack([ball, heel]), axis=1), axis=2).min(axis=0)
        for start, stop in contacts(judged_ball, judged.fps, rest[at, 1] + floor, other=judged_heel):
            found.append(float(steps[start : stop - 1].sum()))
    return found


@pytest.mark.parametrize("make", [swaying, walking])
@pytest.mark.parametrize("name", ["smplx", "ue5_manny", "mixamo", "vrm1"])
def test_standing_feet_do_not_slide(make, name: str) -> None:
    loose = Retargeting(SMPLX, load_skeleton(name)).apply(make())
    held = locked_feet(loose)
    before, after = slides(loose, loose), slides(held, loose)
    assert len(before) >= 2
    assert max(after) < 0.01
    assert max(before) > max(after)
    way = held.root_translation - loose.root_translation
    np.testing.assert_array_equal(way[:, [0, 2]], 0.0)
    assert way[:, 1].max() <= 0.0


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


def moving(point: np.ndarray, fps: float) -> list[tuple[int, int]]:
    """Stretches [start, stop) of differences of frames in which a point goes faster than 2 cm/s."""
    fast = np.linalg.norm(np.diff(point, axis=0), axis=1) * fps > 0.02
    edges = np.flatnonzero(np.diff(np.concatenate([[0], fast.view(np.int8), [0]])))
    return [(int(start), int(stop)) for start, stop in edges.reshape(-1, 2)]


def drifting(speed: float, fps: float, bend: float = 0.3, seconds: float = 6.0) -> Motion:
    """A body in one pose whose root drifts forward, as models make them."""
    time = np.arange(int(seconds * fps)) / fps
    ones = np.ones_like(time)
    turns = {
        f"{side}_{joint}": np.stack([angle * ones, 0 * ones, 0 * ones], 1)
        for side in ("left", "right")
        for joint, angle in (("hip", -bend / 2), ("knee", bend), ("ankle", -bend / 2))
    }
    path = np.stack([0 * ones, -0.02 * ones, speed * time], 1)
    return replace(motion_of(turns, path), fps=fps)


@pytest.mark.parametrize("fps", [24.0, 30.0, 120.0])
@pytest.mark.parametrize("speed", [0.05, -0.1, 0.2])
def test_a_drift_takes_steps(speed: float, fps: float) -> None:
    """A root that drifts cannot be held in one place: feet step, one at a time, in several frames and over the floor."""
    loose = drifting(speed, fps)
    held = locked_feet(loose)
    stepping = np.zeros((2, len(loose)), bool)
    for number, (ball, heel) in enumerate(points(held)):
        np.testing.assert_allclose(np.linalg.norm(ball - heel, axis=1), np.linalg.norm(ball[0] - heel[0]), atol=1e-5)
        for start, stop in moving(ball, fps):
            stepping[number, start : stop + 1] = True
            if stop < len(loose) - 1:
                assert (stop - start) / fps > 0.2
                assert np.ptp(ball[start : stop + 1, 1]) > 0.01
    assert stepping.any(axis=1).all()
    assert not stepping.all(axis=0).any()
    assert accelerations(held).max() < 60
    assert bends(held).min() > 5
    assert np.abs(np.diff(bends(held), axis=1)).max() * fps < 400
    travelled = points(held)[0][0][-1, 2] - points(held)[0][0][0, 2]
    assert abs(travelled - speed * loose.duration_seconds) < 0.25


def test_the_case_of_a_slow_drift() -> None:
    """tests/data/strange_files/slow_drift.npz: knees leapt by 21 degrees between two frames and the feet by 15 cm."""
    loose = load_motion(ROOT / "tests" / "data" / "strange_files" / "slow_drift.npz")[1].motion
    held = locked_feet(loose)
    assert np.abs(np.diff(bends(held), axis=1)).max() < 10
    assert bends(held).min() > 10
    for ball, _ in points(held):
        assert np.linalg.norm(np.diff(ball, axis=0), axis=1).max() < 0.05
        assert (np.linalg.norm(np.diff(ball, axis=0), axis=1) < 1e-5).mean() > 0.6
    assert accelerations(held).max() < 60


@pytest.mark.parametrize("bend", [0.0, 0.02, 0.1])
def test_hips_come_down_before_a_leg_is_pulled_straight(bend: float) -> None:
    """Straight legs under a body that sways by 10 cm to each side, and carries its feet along."""
    time = np.arange(240) / FPS
    loose = drifting(0.0, FPS, bend, 8.0)
    sway = np.stack([0.1 * np.sin(1.5 * time), 0 * time, 0 * time], 1)
    loose = replace(loose, root_translation=(loose.root_translation + sway).astype(np.float32))
    held = locked_feet(loose)
    lowered = loose.root_translation[:, 1] - held.root_translation[:, 1]
    assert 0.005 < lowered.max() < 0.05
    assert np.abs(np.diff(lowered, 2)).max() * FPS**2 < 2
    assert max(slides(held, loose)) < 0.001
    assert (bends(held) < 4).mean() <= (bends(loose) < 4).mean()
    assert bends(held)[:, 10:].min() > 4
    assert accelerations(held).max() < 10


def test_the_heel_stays_while_the_toe_turns_and_the_other_way_round() -> None:
    """Feet that pivot by 40 degrees about the heel, then lift the heel by 40 degrees about the ball, under a swaying body."""
    time = np.arange(240) / FPS
    out = 0.7 * np.clip(np.sin(0.8 * time), 0, 1)
    loose = drifting(0.0, FPS, 0.6, 8.0)
    quats = loose.rotations_xyzw.copy()
    ankle = SMPLX.index("left_ankle")
    turn = rotations.quat_from_axis_angle(np.stack([0 * out, out, 0 * out], 1))
    quats[:, ankle] = rotations.multiply(turn, quats[:, ankle])
    sway = np.stack([0.02 * np.sin(2 * time), 0 * time, 0.02 * np.sin(1.3 * time)], 1)
    loose = replace(loose, rotations_xyzw=quats, root_translation=(loose.root_translation + sway).astype(np.float32))
    held = locked_feet(loose)
    assert max(slides(held, loose)) < 0.05
    (ball, heel), _ = points(held)
    assert np.ptp(np.arctan2(*(ball - heel)[:, [0, 2]].T)) < 0.9
    assert np.abs(np.linalg.norm(np.diff(ball, axis=0), axis=1)).max() < 0.05


def test_a_raised_heel_turns_about_the_ball() -> None:
    """The heel goes up and down while the ball stands, on a body that drifts a little."""
    time = np.arange(180) / FPS
    lift = 0.5 * (1 - np.cos(2 * time)) / 2
    loose = drifting(0.01, FPS, 0.8, 6.0)
    quats = loose.rotations_xyzw.copy()
    ankle, ball = SMPLX.index("left_ankle"), SMPLX.index("left_foot")
    turn = rotations.quat_from_axis_angle(np.stack([lift, 0 * lift, 0 * lift], 1))
    quats[:, ankle] = rotations.multiply(turn, quats[:, ankle])
    loose = replace(loose, rotations_xyzw=quats)
    # The body goes up by what the heel lifts, so that the ball stays low.
    down = points(loose)[0][0][:, 1]
    up = np.stack([0 * time, down[0] - down, 0 * time], 1)
    loose = replace(loose, root_translation=(loose.root_translation + up).astype(np.float32))
    held = locked_feet(loose)
    before, after = points(loose)[0], points(held)[0]
    assert np.ptp(before[1][:, 1]) > 0.05
    assert np.ptp(after[1][:, 1]) > 0.7 * np.ptp(before[1][:, 1])
    assert np.linalg.norm(np.diff(after[0], axis=0), axis=1).max() * FPS < 0.01
    assert ball


@pytest.mark.parametrize("frames", [1, 2, 3, 5])
def test_clips_of_few_frames(frames: int) -> None:
    for make in (swaying, walking):
        held = locked_feet(make().frames(0, frames))
        assert len(held) == frames
        assert np.isfinite(held.rotations_xyzw).all()


def test_a_body_of_another_size_is_held_alike() -> None:
    """Distances and speeds are those of the body: a figure of 17 cm, as in files whose unit is unknown, is held as a person."""
    person = locked_feet(swaying())
    small = replace(
        swaying(), skeleton=SMPLX.scaled(0.1), root_translation=(0.1 * swaying().root_translation).astype(np.float32)
    )
    assert angle_between(locked_feet(small).rotations_xyzw, person.rotations_xyzw).max() < 1e-3


def test_noise_of_a_recording_is_not_made_larger() -> None:
    """A walk with a millimetre of noise: nothing is jolted that was not."""
    random = np.random.default_rng(5)
    loose = walking()
    noise = random.normal(0, 0.001, loose.root_translation.shape)
    loose = replace(loose, root_translation=(loose.root_translation + noise).astype(np.float32))
    held = locked_feet(loose)
    assert accelerations(held).max() < max(60, 1.1 * accelerations(loose).max())


@pytest.mark.parametrize("name", ["smplx", "mixamo", "ue5_manny", "vrm1", "beat_vicon75"])
@pytest.mark.parametrize("fps", [1.0, 12.0, 240.0])
def test_any_pose_gives_rotations(name: str, fps: float) -> None:
    for angle in (0.0, 1.5, 3.0):
        motion = Retargeting(SMPLX, load_skeleton(name)).apply(random_motion(50, angle=angle, fps=fps))
        held = locked_feet(motion)
        np.testing.assert_allclose(np.linalg.norm(held.rotations_xyzw, axis=-1), 1.0, atol=1e-4)


def test_feet_without_balls_are_held_by_the_ankle() -> None:
    known = guess_roles(SMPLX)
    roles = HumanoidMap(
        {role: joint for role, joint in known.roles.items() if not role.endswith("_foot")}, known.chains
    )
    held = locked_feet(swaying(), roles)
    at, _ = forward_kinematics(SMPLX, held.rotations_xyzw, held.root_translation)
    for side in ("left", "right"):
        assert np.ptp(at[:, SMPLX.index(f"{side}_ankle")], axis=0).max() < 1e-5


def test_a_foot_that_is_held_up_does_not_stand() -> None:
    """One leg stands through the clip, the other is still in the air."""
    loose = swaying()
    quats = loose.rotations_xyzw.copy()
    for joint, angle in (("left_hip", -1.2), ("left_knee", 1.5)):
        quats[:, SMPLX.index(joint)] = rotations.quat_from_axis_angle([angle, 0.0, 0.0])
    loose = replace(loose, rotations_xyzw=quats)
    held = locked_feet(loose)
    assert np.ptp(points(held)[1][0], axis=0).max() < 1e-4
    knee = SMPLX.index("left_knee")
    np.testing.assert_array_equal(held.rotations_xyzw[:, knee], loose.rotations_xyzw[:, knee])
