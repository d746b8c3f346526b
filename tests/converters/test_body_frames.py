"""Rest poses that lie, stand on their heads, face backwards, or are no body's at all: motion comes out as it is seen."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import permutations, product
from pathlib import Path

import numpy as np
import pytest

import strange_files as figures
from folders import ROOT
from motions import angle_between, random_motion
from pantomatrix_converters import rotations
from pantomatrix_converters.editing.options import MotionEdits
from pantomatrix_converters.editing.plan import edited
from pantomatrix_converters.errors import InvalidInputError, MotionError
from pantomatrix_converters.formats import Loaded, Reading, find_format, load_motion
from pantomatrix_converters.formats.reading import understood
from pantomatrix_converters.kinematics import forward_kinematics
from pantomatrix_converters.motion import Motion
from pantomatrix_converters.retargeting.body_frame import RestBody
from pantomatrix_converters.retargeting.humanoid import guess_roles
from pantomatrix_converters.retargeting.joint_axes import world_aligned
from pantomatrix_converters.retargeting.retarget import Retargeting
from pantomatrix_converters.retargeting.stance import with_stance
from pantomatrix_converters.skeleton import Skeleton, load_skeleton
from pantomatrix_converters.skeleton_file import find_skeleton

pytestmark = pytest.mark.unit

SMPLX = load_skeleton("smplx")
FILES = ROOT / "tests/data/strange_files"
NAMES, PARENTS, OFFSETS = figures.figure(figures.mixamo())
PLACES, TURNS = figures.pose(NAMES, PARENTS, OFFSETS)
"""Of the figure in its known pose, by the kinematics of what writes the files."""


def axis_turns() -> list[np.ndarray]:
    """The 24 rotations that bring axes onto axes."""
    found = []
    for order, signs in product(permutations(range(3)), product((1, -1), repeat=3)):
        matrix = np.eye(3)[list(order)] * np.array(signs)[:, None]
        if np.linalg.det(matrix) > 0:
            found.append(rotations.quat_from_matrix(matrix))
    return found


def turned_at_rest(motion: Motion, turn: np.ndarray) -> Motion:
    """The same motion, world positions and all, of a skeleton whose rest pose is turned as a whole."""
    skeleton = motion.skeleton
    rest = skeleton.rest_rotations_xyzw.copy()
    rest[0] = rotations.multiply(turn, rest[0])
    offsets = skeleton.rest_translations.copy()
    offsets[0] = rotations.rotate(turn, offsets[0])
    return replace(motion, skeleton=replace(skeleton, rest_rotations_xyzw=rest, rest_translations=offsets))


def without_axes(motion: Motion, seed: int) -> Motion:
    """The same motion of a skeleton whose joints' axes point anywhere, and whose pose of all angles 0 is therefore none."""
    random = np.random.default_rng(seed)
    skeleton = motion.skeleton
    own = rotations.normalize(random.normal(size=(len(skeleton), 4)))
    above = np.where((skeleton.parents >= 0)[:, None], own[skeleton.parents], rotations.IDENTITY_XYZW)
    quats = rotations.multiply(rotations.multiply(rotations.inverse(above), motion.rotations_xyzw), own)
    offsets = rotations.rotate(rotations.inverse(above), skeleton.rest_translations)
    tangled = Skeleton.build("tangled", skeleton.joint_names, skeleton.parents, offsets)
    return replace(motion, skeleton=tangled, rotations_xyzw=quats.astype(np.float32))


def places(motion: Motion) -> dict[str, np.ndarray]:
    """Role -> (T, 3) in the world."""
    positions, _ = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)
    roles = guess_roles(motion.skeleton)
    chains = {f"{chain}{n}": joint for chain, joints in roles.chains.items() for n, joint in enumerate(joints)}
    return {role: positions[:, motion.skeleton.index(joint)] for role, joint in {**roles.roles, **chains}.items()}


def degrees_off(one: Motion, other: Motion, bones: dict[str, str]) -> float:
    """The largest angle between the bones of two motions."""
    first, second = places(one), places(other)
    worst = 0.0
    for start, end in bones.items():
        a, b = first[end] - first[start], second[end] - second[start]
        cosine = np.sum(a * b, axis=1) / np.linalg.norm(a, axis=1) / np.linalg.norm(b, axis=1)
        worst = max(worst, float(np.degrees(np.arccos(np.clip(cosine, -1, 1))).max()))
    return worst


LIMBS = {
    f"{side}_{start}": f"{side}_{end}"
    for side in ("left", "right")
    for start, end in (("shoulder", "elbow"), ("elbow", "wrist"), ("hip", "knee"), ("knee", "ankle"))
}
TRUNK = {"pelvis": "spine0", "spine0": "spine1", "spine1": "spine2", "spine2": "neck0", "neck0": "head"}
COLLARS_AND_FEET = {
    f"{side}_{start}": f"{side}_{end}"
    for side in ("left", "right")
    for start, end in (("collar", "shoulder"), ("ankle", "foot"))
}


@pytest.mark.parametrize("turn", axis_turns(), ids=lambda turn: str(turn.round(2)))
def test_a_source_may_rest_any_way(turn: np.ndarray) -> None:
    motion = random_motion(4, face=False)
    for target in ("mixamo", "ue5_manny"):
        retargeting = Retargeting(turned_at_rest(motion, turn).skeleton, load_skeleton(target))
        moved = retargeting.apply(turned_at_rest(motion, turn))
        wanted = Retargeting(SMPLX, load_skeleton(target)).apply(motion)
        assert (
            np.abs(
                rotations.matrix_from_quat(moved.rotations_xyzw) - rotations.matrix_from_quat(wanted.rotations_xyzw)
            ).max()
            < 1e-5
        )
        apart = moved.root_translation - wanted.root_translation
        np.testing.assert_allclose(apart, np.tile(apart[0], (4, 1)), atol=1e-5)
        assert np.abs(apart[:, 1]).max() < 0.04  # how high it stands is told from its bones where it lies
        assert np.abs(apart).max() < 0.15


@pytest.mark.parametrize("turn", axis_turns(), ids=lambda turn: str(turn.round(2)))
def test_a_target_may_rest_any_way(turn: np.ndarray) -> None:
    motion = random_motion(4, face=False)
    for name in ("mixamo", "vrm1"):
        still = Retargeting(SMPLX, load_skeleton(name)).apply(motion)
        wanted = places(still)
        moved = places(Retargeting(SMPLX, turned_at_rest(still, turn).skeleton).apply(motion))
        for role, place in wanted.items():
            from_pelvis = place - wanted["pelvis"]
            np.testing.assert_allclose(moved[role] - moved["pelvis"], from_pelvis, atol=2e-5)
        assert np.abs(moved["pelvis"] - wanted["pelvis"]).max() < 0.1


@pytest.mark.parametrize("degrees", [17.0, 45.0, 130.0])
def test_a_body_may_rest_between_the_axes(degrees: float) -> None:
    motion = Retargeting(SMPLX, load_skeleton("mixamo")).apply(random_motion(4, face=False))
    turn = rotations.quat_from_axis_angle([0, np.radians(degrees), 0])
    moved = Retargeting(turned_at_rest(motion, turn).skeleton, load_skeleton("vrm1")).apply(
        turned_at_rest(motion, turn)
    )
    wanted = Retargeting(motion.skeleton, load_skeleton("vrm1")).apply(motion)
    assert (
        np.abs(
            rotations.matrix_from_quat(moved.rotations_xyzw) - rotations.matrix_from_quat(wanted.rotations_xyzw)
        ).max()
        < 1e-5
    )


@pytest.mark.parametrize("name", ["smplx", "mixamo", "beat_vicon75"])
@pytest.mark.parametrize("seed", range(4))
def test_joints_whose_axes_point_anywhere(name: str, seed: int) -> None:
    """A pose of all angles 0 that is a knot: some frame shows the body."""
    own = load_skeleton(name)
    motion = random_motion(60, face=False, angle=0.5, seed=seed)
    quats = motion.rotations_xyzw.copy()
    quats[40] = rotations.IDENTITY_XYZW  # somewhere it stands in a T
    quats[:, 0] = rotations.multiply(quats[:, 0], rotations.quat_from_axis_angle([0, 2.0, 0]))
    motion = Retargeting(SMPLX, own).apply(replace(motion, rotations_xyzw=quats.astype(np.float32)))
    tangled, frame = with_stance(without_axes(motion, seed), guess_roles(own))
    if frame is None:
        assert tangled.skeleton.stance_xyzw is None  # by chance it was a body
        pytest.skip("all angles 0 are a body")
    moved = Retargeting(tangled.skeleton, SMPLX).apply(tangled)
    trunk = {} if name == "beat_vicon75" else TRUNK  # it has more joints there than SMPL-X
    assert degrees_off(moved, motion, LIMBS | COLLARS_AND_FEET | trunk) < 0.1
    onto = Retargeting(SMPLX, tangled.skeleton).apply(Retargeting(own, SMPLX).apply(motion))
    assert degrees_off(onto, motion, LIMBS) < 0.1


@pytest.mark.parametrize("seed", range(4))
def test_limbs_are_rolled_as_they_bend(seed: int) -> None:
    """No frame is a T: arms hang and are bent, legs are bent, the trunk leans. About which axis
    elbows and knees bend tells how upper arms and thighs are rolled, but for how crooked a limb is, 14 degrees in SMPL-X."""
    random, frames = np.random.default_rng(seed), 80
    turns = random.normal(scale=0.08, size=(frames, len(SMPLX), 3))
    for sign, side in ((1.0, "left"), (-1.0, "right")):
        for joint, axis, least, most in (
            ("shoulder", (0, 0, -sign), 0.5, 1.4), ("shoulder", (0, -sign, 0), -0.3, 0.5), ("elbow", (0, -sign, 0), 0.2, 1.8),
            ("hip", (-1, 0, 0), 0.0, 0.7), ("knee", (1, 0, 0), 0.1, 1.0),
        ):  # fmt: skip
            bend = np.interp(np.arange(frames), np.linspace(0, frames, 9), random.uniform(least, most, 9))
            turns[:, SMPLX.index(f"{side}_{joint}")] += bend[:, None] * np.array(axis)
    quats = rotations.quat_from_axis_angle(turns).astype(np.float32)
    motion = replace(random_motion(frames, face=False), rotations_xyzw=quats)
    tangled, frame = with_stance(without_axes(motion, seed), guess_roles(SMPLX))
    assert frame is not None
    moved = Retargeting(tangled.skeleton, SMPLX).apply(tangled)
    _, world = forward_kinematics(SMPLX, moved.rotations_xyzw, moved.root_translation)
    _, wanted = forward_kinematics(SMPLX, motion.rotations_xyzw, motion.root_translation)
    for side, role in product(("left", "right"), ("shoulder", "elbow", "hip", "knee")):
        joint = SMPLX.index(f"{side}_{role}")
        assert np.degrees(np.median(angle_between(world[:, joint], wanted[:, joint]))) < 30, (side, role)


def test_bones_along_one_axis_with_a_clip(strange_files: Path) -> None:
    loaded = load_motion(strange_files / "bones_along_x.bvh")[1]
    assert "frame 0; --rest-frame takes another" in loaded.notes[0]
    moved = places(Retargeting(loaded.motion.skeleton, SMPLX).apply(loaded.motion))
    at = {role: PLACES[:, NAMES.index(joint)] for role, joint in guess_roles(loaded.motion.skeleton).roles.items()}
    for start, end in LIMBS.items():
        bone, wanted = moved[end] - moved[start], at[end] - at[start]
        cosine = np.sum(bone * wanted, axis=1) / np.linalg.norm(bone, axis=1) / np.linalg.norm(wanted, axis=1)
        assert np.degrees(np.arccos(np.clip(cosine, -1, 1))).max() < 0.1, start
    assert abs(min(place[:, 1].min() for place in moved.values())) < 0.02


def test_a_rest_pose_that_lies_and_one_that_faces_backwards() -> None:
    lying = load_motion(FILES / "rest_lying_motion_upright.bvh")[1].motion
    at = places(Retargeting(lying.skeleton, SMPLX).apply(lying))
    np.testing.assert_allclose(at["head"][0] - at["pelvis"][0], [0, 0.62, 0], atol=0.02)
    assert at["left_shoulder"][0, 0] > at["right_shoulder"][0, 0]
    assert abs(min(place[0, 1] for place in at.values())) < 0.03
    back = load_motion(FILES / "rest_facing_back.bvh")[1].motion
    at = places(Retargeting(back.skeleton, SMPLX).apply(back))
    np.testing.assert_allclose(at["left_shoulder"][0] - at["right_shoulder"][0], [-0.32, 0, 0], atol=0.01)
    assert at["left_wrist"][0, 0] < at["left_shoulder"][0, 0] - 0.4


@pytest.mark.parametrize("rig", ["rig_facing_back.json", "faces_back.glb"])
def test_a_rig_that_faces_backwards_goes_the_clips_way(rig: str, strange_files: Path) -> None:
    target = find_skeleton(str(FILES / rig if rig.endswith(".json") else strange_files / rig))
    motion = load_motion(FILES / "left_arm.npz")[1].motion
    moved, source = Retargeting(SMPLX, target).apply(motion), places(motion)
    at = places(moved)
    assert degrees_off(moved, motion, LIMBS) < 0.1
    assert at["left_shoulder"][0, 0] - at["right_shoulder"][0, 0] > 0.25
    assert np.sign(at["left_foot"][0, 2] - at["left_ankle"][0, 2]) == np.sign(
        source["left_foot"][0, 2] - source["left_ankle"][0, 2]
    )


# ------------------------------------------------------------------------------------------------------- what is refused


def test_a_knot_without_a_frame_is_refused(strange_files: Path) -> None:
    motion = load_motion(strange_files / "bones_along_x.bvh")[1].motion
    knot = replace(motion.skeleton, stance_xyzw=None)
    for source, target in ((knot, SMPLX), (SMPLX, knot)):
        with pytest.raises(MotionError, match="its rest pose is no body that stands.*--rest-frame"):
            Retargeting(source, target)


def test_a_table_of_joints_tells_the_body_that_names_do_not(strange_files: Path, tmp_path: Path) -> None:
    for file in ("z_up.bvh", "bones_along_x.bvh"):
        text = (strange_files / file).read_text()
        for number, name in enumerate(NAMES):
            text = re.sub(rf"(ROOT|JOINT) {name}$", rf"\1 node{number}x", text, flags=re.MULTILINE)
        (tmp_path / file).write_text(text)
        roles = guess_roles(load_motion(strange_files / file)[1].motion.skeleton)
        pairs = [*roles.roles.items(), *((chain, joint) for chain, joints in roles.chains.items() for joint in joints)]
        table = tuple((role, f"node{NAMES.index(joint)}x") for role, joint in pairs)
        loaded = load_motion(tmp_path / file, reading=MotionEdits(source_joint_map=table).reading)[1]
        assert len(loaded.notes) == 1
        moved, _ = edited(loaded.motion, MotionEdits(skeleton="smplx", source_joint_map=table))
        wanted, _ = edited(load_motion(strange_files / file)[1].motion, MotionEdits(skeleton="smplx"))
        np.testing.assert_allclose(moved.rotations_xyzw, wanted.rotations_xyzw, atol=1e-5)


def test_exchanged_sides_are_refused() -> None:
    mirror = np.array([-1.0, 1.0, 1.0])
    whole = load_skeleton("beat_vicon75")
    exchanged = Skeleton.build("exchanged", whole.joint_names, whole.parents, whole.rest_translations * mirror)
    with pytest.raises(MotionError, match="toes point backwards, so left and right are exchanged"):
        Retargeting(exchanged, SMPLX)


# ----------------------------------------------------------------------------------------------------- the frame at rest


def test_a_frame_of_the_callers_is_the_rest_pose(strange_files: Path) -> None:
    path = strange_files / "bones_along_x.bvh"
    loaded = load_motion(path, reading=Reading(rest_frame=0))[1]
    assert loaded.notes == ()
    skeleton = loaded.motion.skeleton
    np.testing.assert_allclose(skeleton.rest_rotations_xyzw, loaded.motion.rotations_xyzw[0], atol=1e-6)
    body = RestBody.of(skeleton, guess_roles(skeleton))
    assert body.on_floor
    np.testing.assert_allclose(body.home, [0, 0.94, 0], atol=1e-5)
    plain = load_motion(strange_files / "plain.bvh")[1].motion
    moved, wanted = (Retargeting(motion.skeleton, SMPLX).apply(motion) for motion in (loaded.motion, plain))
    assert (
        np.abs(
            rotations.matrix_from_quat(moved.rotations_xyzw) - rotations.matrix_from_quat(wanted.rotations_xyzw)
        ).max()
        < 1e-4
    )
    with pytest.raises(InvalidInputError, match=r"rest_frame is 31, expected 0 to 30: there are 31 frames"):
        load_motion(path, reading=Reading(rest_frame=31))


def test_a_stance_goes_along_into_other_axes() -> None:
    motion = replace(random_motion(1, face=False, angle=0.0), skeleton=replace(SMPLX, name="x"))
    tangled = without_axes(motion, 2)
    turned = turned_at_rest(
        with_stance(tangled, guess_roles(tangled.skeleton))[0], rotations.quat_from_axis_angle([0.4, 0.8, 0.1])
    )
    aligned = world_aligned(turned)
    assert aligned.skeleton.stance_xyzw is not None
    moved = [Retargeting(m.skeleton, SMPLX).apply(m) for m in (turned, aligned)]
    assert angle_between(moved[0].rotations_xyzw, moved[1].rotations_xyzw).max() < 1e-3


def test_legs_that_begin_in_one_place() -> None:
    motion = Retargeting(SMPLX, load_skeleton("mixamo")).apply(random_motion(3, face=False))
    offsets = motion.skeleton.rest_translations.copy()
    offsets[
        motion.skeleton.indices(guess_roles(motion.skeleton).roles[f"{side}_hip"] for side in ("left", "right"))
    ] = 0.0
    doll = replace(motion, skeleton=replace(motion.skeleton, rest_translations=offsets))
    moved = Retargeting(doll.skeleton, SMPLX).apply(doll)
    assert degrees_off(moved, doll, LIMBS) < 0.1


def test_a_body_that_stands_has_no_need_of_a_stance() -> None:
    for name in ("smplx", "mixamo", "ue5_manny"):
        motion = Retargeting(SMPLX, load_skeleton(name)).apply(random_motion(3, face=False))
        assert with_stance(motion, guess_roles(motion.skeleton)) == (motion, None)
    loaded = Loaded(random_motion(3))
    assert understood(loaded, find_format("npz"), Reading(), "x").motion is loaded.motion
