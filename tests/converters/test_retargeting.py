"""Motion on other skeletons: what stays, what comes back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from motions import angle_between, random_motion
from pantomatrix_converters import rotations
from pantomatrix_converters.coordinates import COORDINATE_SYSTEMS
from pantomatrix_converters.editing.options import MotionEdits
from pantomatrix_converters.editing.plan import edited
from pantomatrix_converters.errors import MotionError
from pantomatrix_converters.formats import decode_motion, encode_motion
from pantomatrix_converters.kinematics import forward_kinematics, rest_pose
from pantomatrix_converters.motion import Motion
from pantomatrix_converters.retargeting.body_frame import RestBody
from pantomatrix_converters.retargeting.floor import floor_height, foot_heights
from pantomatrix_converters.retargeting.humanoid import HumanoidMap, guess_roles
from pantomatrix_converters.retargeting.retarget import Retargeting, mapping
from pantomatrix_converters.retargeting.roles import FINGERS
from pantomatrix_converters.skeleton import Skeleton, load_skeleton, skeleton_names

pytestmark = pytest.mark.unit

SMPLX = load_skeleton("smplx")
OTHERS = [name for name in skeleton_names() if name != "smplx"]
BONES = [
    (f"{side}_{start}", f"{side}_{end}")
    for side in ("left", "right")
    for start, end in [
        ("shoulder", "elbow"), ("elbow", "wrist"), ("wrist", "middle1"), ("hip", "knee"), ("knee", "ankle"),
        *((f"{finger}{number}", f"{finger}{number + 1}") for finger in FINGERS for number in (1, 2)),
    ]
]  # fmt: skip


def directions(motion: Motion) -> dict[tuple[str, str], np.ndarray]:
    """(role, role) -> (T, 3) unit vector of the bone between them in the world."""
    roles = guess_roles(motion.skeleton).roles
    positions, _ = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)
    at = {role: positions[:, motion.skeleton.index(joint)] for role, joint in roles.items()}
    bones = {(start, end): at[end] - at[start] for start, end in BONES if start in at and end in at}
    return {pair: bone / np.linalg.norm(bone, axis=1, keepdims=True) for pair, bone in bones.items()}


def rest_turns(motion: Motion) -> dict[str, np.ndarray]:
    """Role -> (T, 4) turn of its joint away from the rest pose, in the world."""
    _, world = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)
    _, rest = rest_pose(motion.skeleton)
    roles = guess_roles(motion.skeleton)
    joints = {role: motion.skeleton.index(joint) for role, joint in roles.roles.items()}
    return {role: rotations.multiply(world[:, at], rotations.inverse(rest[at])) for role, at in joints.items()}


def pose(**turns: tuple[float, float, float]) -> Motion:
    """One frame of SMPL-X: joint -> axis-angle."""
    quats = np.tile(rotations.IDENTITY_XYZW, (1, len(SMPLX), 1))
    for joint, axis_angle in turns.items():
        quats[0, SMPLX.index(joint)] = rotations.quat_from_axis_angle(axis_angle)
    return Motion(SMPLX, 30.0, quats.astype(np.float32), SMPLX.rest_translations[:1].astype(np.float32))


@pytest.mark.parametrize("name", OTHERS)
def test_bones_point_where_the_sources_do(name: str) -> None:
    motion = random_motion(50, face=False)
    moved = Retargeting(SMPLX, load_skeleton(name)).apply(motion)
    source, target = directions(motion), directions(moved)
    assert len(target) == 30
    for pair, bone in target.items():
        cosine = np.clip(np.sum(bone * source[pair], axis=1), -1, 1)
        assert np.degrees(np.arccos(cosine)).max() < 0.1, pair


@pytest.mark.parametrize("name", OTHERS)
def test_trunk_head_and_feet_turn_as_the_sources_do(name: str) -> None:
    motion = random_motion(50, face=False)
    moved = Retargeting(SMPLX, load_skeleton(name)).apply(motion)
    source, target = rest_turns(motion), rest_turns(moved)
    for role in (
        "pelvis",
        "head",
        "left_collar",
        "right_collar",
        "left_ankle",
        "right_ankle",
        "left_foot",
        "right_foot",
    ):
        assert angle_between(source[role], target[role]).max() < 2e-4, role


@pytest.mark.parametrize("name", OTHERS)
def test_there_and_back(name: str) -> None:
    motion, target = random_motion(50, face=False), load_skeleton(name)
    back = Retargeting(target, SMPLX).apply(Retargeting(SMPLX, target).apply(motion))
    lost = {"jaw", "left_eye_smplhf", "right_eye_smplhf"} - set(guess_roles(target).roles)
    kept = [at for at, joint in enumerate(SMPLX.joint_names) if joint not in lost]
    assert angle_between(motion.rotations_xyzw[:, kept], back.rotations_xyzw[:, kept]).max() < 1e-4
    np.testing.assert_allclose(back.root_translation, motion.root_translation, atol=1e-5)


@pytest.mark.parametrize("name", ["mixamo", "ue5_manny", "vrm1"])
@pytest.mark.parametrize("size", [1, 2, 5])
def test_pieces_have_the_bits_of_the_whole(name: str, size: int) -> None:
    retargeting, motion = Retargeting(load_skeleton("smplx"), load_skeleton(name)), random_motion(20)
    whole = retargeting.apply(motion)
    for start in range(0, 20, size):
        piece = retargeting.apply(motion.frames(start, start + size))
        np.testing.assert_array_equal(piece.rotations_xyzw, whole.rotations_xyzw[start : start + size])
        np.testing.assert_array_equal(piece.root_translation, whole.root_translation[start : start + size])


@pytest.mark.parametrize("name", skeleton_names())
def test_to_itself_is_exact(name: str) -> None:
    skeleton = load_skeleton(name)
    motion = Retargeting(SMPLX, skeleton).apply(random_motion(5))
    same = Retargeting(skeleton, skeleton).apply(motion)
    np.testing.assert_array_equal(same.rotations_xyzw, motion.rotations_xyzw)
    np.testing.assert_array_equal(same.root_translation, motion.root_translation)
    assert same.face is motion.face


@pytest.mark.parametrize("name", skeleton_names())
def test_a_raised_left_arm_stays_left(name: str) -> None:
    raised = pose(left_shoulder=(0, 0, np.pi / 2))
    moved = Retargeting(SMPLX, load_skeleton(name)).apply(raised)
    for system in COORDINATE_SYSTEMS.values():
        roles = guess_roles(moved.skeleton).roles
        positions, _ = forward_kinematics(moved.skeleton, moved.rotations_xyzw, moved.root_translation)
        seen = system.positions_from_canonical(positions[0])
        left, right, head = (seen[moved.skeleton.index(roles[role])] for role in ("left_wrist", "right_wrist", "head"))
        canonical = {
            part: system.positions_to_canonical(place)
            for part, place in (("left", left), ("right", right), ("head", head))
        }
        assert canonical["left"][1] > canonical["head"][1] > canonical["right"][1]
        assert canonical["left"][0] > 0 > canonical["right"][0]
        again = system.rotations_to_canonical(system.rotations_from_canonical(moved.rotations_xyzw))
        assert angle_between(again, moved.rotations_xyzw).max() < 1e-6


def test_pieces_are_the_whole() -> None:
    motion, retargeting = random_motion(100), Retargeting(SMPLX, load_skeleton("ue5_manny"))
    whole = retargeting.apply(motion)
    pieces = [retargeting.apply(motion.frames(start, start + 7)) for start in range(0, 100, 7)]
    np.testing.assert_allclose(np.concatenate([p.rotations_xyzw for p in pieces]), whole.rotations_xyzw, atol=1e-6)
    np.testing.assert_array_equal(np.concatenate([p.root_translation for p in pieces]), whole.root_translation)


def test_a_longer_spine_shares_the_bend() -> None:
    bent = pose(spine1=(0.3, 0, 0), spine2=(0.2, 0, 0), spine3=(0.1, 0, 0), neck=(0.4, 0, 0))
    manny = load_skeleton("ue5_manny")
    moved = Retargeting(SMPLX, manny).apply(bent)
    _, world = forward_kinematics(manny, moved.rotations_xyzw, moved.root_translation)
    _, rest = rest_pose(manny)
    bends = {
        joint: rotations.axis_angle_from_quat(rotations.multiply(world[0, at], rotations.inverse(rest[at])))[0]
        for at, joint in enumerate(manny.joint_names)
    }
    wanted = {
        "spine_01": 0.15,
        "spine_02": 0.3,
        "spine_03": 0.4,
        "spine_04": 0.5,
        "spine_05": 0.6,
        "neck_01": 0.8,
        "neck_02": 1.0,
    }
    assert bends == {**bends, **{joint: pytest.approx(angle, abs=1e-5) for joint, angle in wanted.items()}}
    assert bends["head"] == pytest.approx(1.0, abs=1e-5)


def test_twist_joints_share_the_roll() -> None:
    manny = load_skeleton("ue5_manny")
    roles = guess_roles(manny)
    rest = Retargeting(SMPLX, manny).apply(pose())
    axis = SMPLX.rest_translations[SMPLX.index("left_wrist")]
    axis = axis / np.linalg.norm(axis)
    rolled = Retargeting(SMPLX, manny).apply(pose(left_wrist=tuple(0.9 * axis)))
    for joint, share in (("lowerarm_twist_02_l", 1 / 3), ("lowerarm_twist_01_l", 2 / 3)):
        assert joint in roles.twists["left_forearm"]
        at = manny.index(joint)
        turned = angle_between(rest.rotations_xyzw[:, at], rolled.rotations_xyzw[:, at])
        assert turned == pytest.approx(0.9 * share, abs=0.02)
    assert (
        angle_between(
            rest.rotations_xyzw[:, manny.index("lowerarm_l")], rolled.rotations_xyzw[:, manny.index("lowerarm_l")]
        )
        < 1e-3
    )
    upper = SMPLX.rest_translations[SMPLX.index("left_elbow")]
    armed = Retargeting(SMPLX, manny).apply(pose(left_shoulder=tuple(0.9 * upper / np.linalg.norm(upper))))
    _, world = forward_kinematics(manny, armed.rotations_xyzw, armed.root_translation)
    _, still = forward_kinematics(manny, rest.rotations_xyzw, rest.root_translation)
    rolls = [
        float(angle_between(world[:, manny.index(j)], still[:, manny.index(j)])[0])
        for j in ("upperarm_twist_01_l", "upperarm_twist_02_l", "upperarm_l")
    ]
    assert rolls[0] < rolls[1] < rolls[2] == pytest.approx(0.9, abs=1e-3)


def test_the_root_moves_by_the_length_of_the_legs() -> None:
    standing = pose()
    stepped = replace(standing, root_translation=standing.root_translation + np.float32([0.5, 0.1, 2.0]))
    for name in OTHERS:
        target = load_skeleton(name)
        retargeting = Retargeting(SMPLX, target)
        pelvis = target.index(guess_roles(target).roles["pelvis"])
        rest = rest_pose(target)[0][pelvis]
        for motion, moved_by in ((standing, [0, 0, 0]), (stepped, [0.5, 0.1, 2.0])):
            moved = retargeting.apply(motion)
            positions, _ = forward_kinematics(target, moved.rotations_xyzw, moved.root_translation)
            np.testing.assert_allclose(positions[0, pelvis] - rest, retargeting.scale * np.array(moved_by), atol=1e-5)
        assert 0.9 < retargeting.scale < 1.3


def test_a_file_that_counts_height_from_the_pelvis_stands_on_the_floor() -> None:
    beat = load_skeleton("beat_vicon75")
    standing = Retargeting(SMPLX, beat).apply(
        replace(random_motion(20, angle=0.05), root_translation=np.tile(SMPLX.rest_translations[:1], (20, 1)))
    )
    as_in_beat = replace(standing, root_translation=standing.root_translation - beat.rest_translations[0])
    read = decode_motion(encode_motion(as_in_beat, "bvh").data)[1].motion
    assert read.skeleton is beat
    body = RestBody.of(beat, guess_roles(beat))
    assert floor_height(foot_heights(read, body)) == pytest.approx(-0.8855, abs=0.03)
    assert floor_height(foot_heights(standing, body)) == pytest.approx(0.0, abs=0.03)
    moved, notes = edited(read, MotionEdits(skeleton="smplx"))
    wanted = Retargeting(beat, SMPLX).apply(standing)
    np.testing.assert_allclose(moved.root_translation, wanted.root_translation, atol=0.03)
    assert [note for note in notes if "heights count from the pelvis" in note]
    assert edited(standing, MotionEdits(skeleton="smplx"))[1] == ()


def test_missing_joints_give_their_turn_to_the_next() -> None:
    whole = load_skeleton("unity_humanoid")
    gone = {"UpperChest", "Chest", "Neck", "LeftShoulder", "RightShoulder", "LeftToes", "RightToes"}
    kept = [joint for joint in whole.joint_names if joint not in gone]
    positions, _ = rest_pose(whole)

    def above(joint: str) -> int:
        parent = whole.parents[whole.index(joint)]
        while parent >= 0 and whole.joint_names[parent] in gone:
            parent = whole.parents[parent]
        return kept.index(whole.joint_names[parent]) if parent >= 0 else -1

    parents = [above(joint) for joint in kept]
    places = positions[whole.indices(kept)]
    offsets = [place - (places[parent] if parent >= 0 else 0) for place, parent in zip(places, parents, strict=True)]
    small = Skeleton.build("small", kept, parents, offsets)
    motion = random_motion(20, face=False)
    moved = Retargeting(SMPLX, small).apply(motion)
    source, target = directions(motion), directions(moved)
    for pair, bone in target.items():
        assert np.degrees(np.arccos(np.clip(np.sum(bone * source[pair], axis=1), -1, 1))).max() < 0.1, pair
    assert angle_between(rest_turns(motion)["head"], rest_turns(moved)["head"]).max() < 2e-4


def test_a_table_comes_before_names() -> None:
    manny = load_skeleton("ue5_manny")
    guessed = guess_roles(manny)
    without_fingers = HumanoidMap({r: j for r, j in guessed.roles.items() if not r[-1].isdigit()}, guessed.chains)
    moved = Retargeting(SMPLX, manny, target_map=without_fingers).apply(random_motion(10))
    for joint in ("index_01_l", "thumb_02_r", "lowerarm_twist_01_l"):
        at = manny.index(joint)
        assert angle_between(moved.rotations_xyzw[:, at], manny.rest_rotations_xyzw[at]).max() < 1e-5


def test_the_mapping_is_shown() -> None:
    rows = {joint: text for joint, _, text in mapping(Retargeting(SMPLX, load_skeleton("ue5_manny")))}
    assert rows["hand_l"] == "left_wrist"
    assert rows["spine_01"] == "50% of the way from pelvis to spine1"
    assert rows["root"] == "keeps its rest pose"
    assert rows["calf_twist_01_r"] == "its share of the bone's roll"


def test_what_cannot_be_retargeted() -> None:
    snake = Skeleton.build("snake", ("a", "b"), (-1, 0), np.zeros((2, 3)))
    with pytest.raises(MotionError, match="'snake': no joint found for pelvis, head"):
        Retargeting(SMPLX, snake)
    with pytest.raises(MotionError, match="starts at 'smplx'"):
        Retargeting(SMPLX, load_skeleton("mixamo")).apply(
            Retargeting(SMPLX, load_skeleton("vrm1")).apply(random_motion(2))
        )
    flat = Skeleton.build("flat", SMPLX.joint_names, SMPLX.parents, np.zeros((55, 3)))
    with pytest.raises(MotionError, match="its legs have no length"):
        Retargeting(SMPLX, flat)
