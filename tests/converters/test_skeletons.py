"""Skeletons of engines, and which joint is what, against facts collected by others (tests/data/engine_skeletons.json)."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from pantomatrix_converters import rotations
from pantomatrix_converters.coordinates import UNREAL_MESH
from pantomatrix_converters.errors import FormatError, MotionError, UnknownNameError
from pantomatrix_converters.formats import encode_motion
from pantomatrix_converters.kinematics import rest_pose
from pantomatrix_converters.motion import Motion
from pantomatrix_converters.retargeting.body_frame import RestBody
from pantomatrix_converters.retargeting.humanoid import (
    CHAINS,
    REQUIRED,
    ROLES,
    HumanoidMap,
    guess_roles,
    mirrored_joints,
)
from pantomatrix_converters.retargeting.rest_alignment import rest_alignment
from pantomatrix_converters.retargeting.retarget import Retargeting
from pantomatrix_converters.skeleton import Skeleton, load_skeleton, skeleton_names
from pantomatrix_converters.skeleton_file import find_skeleton

pytestmark = pytest.mark.unit

FACTS = json.loads((Path(__file__).parents[1] / "data" / "engine_skeletons.json").read_text())["targets"]


@pytest.mark.parametrize("name", skeleton_names())
def test_every_skeleton_stands_upright(name: str) -> None:
    skeleton = load_skeleton(name)
    roles = guess_roles(skeleton).checked(skeleton)
    positions, _ = rest_pose(skeleton)
    at = {role: positions[skeleton.index(joint)] for role, joint in roles.roles.items()}
    assert at["head"][1] > at["pelvis"][1] > at["left_knee"][1] > at["left_ankle"][1] > -0.05
    for part in ("shoulder", "wrist", "ankle"):
        assert at[f"left_{part}"][0] > 0.05 > -0.05 > at[f"right_{part}"][0]
        np.testing.assert_allclose(at[f"left_{part}"] * [-1, 1, 1], at[f"right_{part}"], atol=0.03)
    assert at["left_foot"][2] > at["left_ankle"][2]  # toes point forward


@pytest.mark.parametrize("name", FACTS)
def test_joints_are_found_by_their_names(name: str) -> None:
    found = guess_roles(load_skeleton(name))
    wanted = {role: joint for role, joint in FACTS[name]["smplx_to_target"].items() if role in ROLES and joint}
    assert {role: found.roles.get(role) for role in wanted} == wanted


@pytest.mark.parametrize("name", [name for name in FACTS if "rest_alignment_xyzw" in FACTS[name]])
def test_rest_poses_are_aligned_as_others_align_them(name: str) -> None:
    smplx, target = load_skeleton("smplx"), load_skeleton(name)
    retargeting = Retargeting(smplx, target)
    bodies = [RestBody.of(skeleton, guess_roles(skeleton)) for skeleton in (smplx, target)]
    aligned = rest_alignment(*bodies, retargeting.drivers)
    for role, wanted in FACTS[name]["rest_alignment_xyzw"].items():
        joint = retargeting.target_map.roles.get(
            role, retargeting.target_map.roles["pelvis"]
        )  # spine and neck: the trunk's
        cosine = abs(np.dot(aligned[target.index(joint)], rotations.normalize(wanted)))
        limit = 0.1 if name == "vrm1" else 0.01  # its sample positions were made symmetrical
        assert np.degrees(2 * np.arccos(min(1.0, cosine))) < limit, role


@pytest.mark.parametrize("name", ["ue5_manny", "ue4_mannequin"])
def test_unreals_skeletons_have_unreals_numbers(name: str) -> None:
    skeleton, facts = load_skeleton(name), FACTS[name]
    offsets = UNREAL_MESH.positions_from_canonical(skeleton.rest_translations)
    turns = UNREAL_MESH.rotations_from_canonical(skeleton.rest_rotations_xyzw)
    for joint, offset, turn in zip(skeleton.joint_names, offsets, turns, strict=True):
        np.testing.assert_allclose(offset, facts["ue_local_t_cm"][joint], atol=2e-3)
        assert abs(np.dot(turn, rotations.normalize(facts["ue_local_q_xyzw"][joint]))) > 1 - 1e-6


def test_beats_skeleton_stands_where_its_files_have_it() -> None:
    skeleton = load_skeleton("beat_vicon75")
    positions, _ = rest_pose(skeleton)
    for joint, wanted in FACTS["beat_vicon75"]["rest_global_cm"].items():
        got = 100 * (positions[skeleton.index(joint)] - positions[0])
        np.testing.assert_allclose(got, wanted, atol=1e-3)
    assert len(skeleton.end_sites) == 13


def test_skeletons_that_share_joints() -> None:
    for name in ("metahuman", "ue5_quinn"):
        assert load_skeleton(name).same_joints(load_skeleton("ue5_manny"))
        assert "Manny's" in load_skeleton(name).description


# ------------------------------------------------------------------------------------------------ other people's names


def renamed(rename) -> Skeleton:
    smplx = load_skeleton("smplx")
    return Skeleton.build("other", [rename(name) for name in smplx.joint_names], smplx.parents, smplx.rest_translations)


MANY_NAMES = {
    "pelvis": "Hips", "spine1": "Spine", "spine2": "Spine1", "spine3": "Spine2", "neck": "Neck", "head": "Head",
    "collar": "Shoulder", "shoulder": "Arm", "elbow": "ForeArm", "wrist": "Hand",
    "hip": "UpLeg", "knee": "Leg", "ankle": "Foot", "foot": "ToeBase",
}  # fmt: skip


def wild(pattern: str):
    def rename(name: str) -> str:
        side, _, part = name.partition("_") if name.startswith(("left_", "right_")) else ("", "", name)
        return pattern.format(
            side=side.capitalize(), letter=side[:1].upper(), part=MANY_NAMES.get(part, part.capitalize())
        )

    return rename


@pytest.mark.parametrize("pattern", ["{side}{part}", "rig:{side}{part}", "mixamorig1:{side}{part}", "{part}_{letter}", "{part}.{letter}", "{letter}_{part}", "DEF-{part}.{letter}"])  # fmt: skip
def test_names_of_the_wild(pattern: str) -> None:
    rename = wild(pattern)
    skeleton = renamed(rename)
    roles = guess_roles(skeleton).checked(skeleton)
    for role in REQUIRED:
        assert roles.roles[role] == rename(role)
    assert roles.chains == {"spine": tuple(map(rename, ("spine1", "spine2", "spine3"))), "neck": (rename("neck"),)}
    assert len(roles.roles) >= 48


@pytest.mark.parametrize(
    ("centre", "sided", "names"),
    [
        ("Bip01 {part}", "Bip01 {letter} {part}", {"pelvis": "Pelvis", "collar": "Clavicle", "shoulder": "UpperArm", "elbow": "Forearm", "hip": "Thigh", "knee": "Calf", "foot": "Toe0"}),
        ("J_Bip_C_{part}", "J_Bip_{letter}_{part}", {"spine2": "Chest", "spine3": "UpperChest", "shoulder": "UpperArm", "elbow": "LowerArm", "hip": "UpperLeg", "knee": "LowerLeg"}),
        ("CC_Base_{part}", "CC_Base_{letter}_{part}", {"pelvis": "Hip", "spine1": "Waist", "collar": "Clavicle", "shoulder": "Upperarm", "elbow": "Forearm", "hip": "Thigh", "knee": "Calf"}),
    ],
    ids=["Biped", "VRoid", "Character Creator"],
)  # fmt: skip
def test_names_of_common_rigs(centre: str, sided: str, names: dict[str, str]) -> None:
    def rename(name: str) -> str:
        side, _, part = name.partition("_") if name.startswith(("left_", "right_")) else ("", "", name)
        part = names.get(part, MANY_NAMES.get(part, part.capitalize()))
        return (sided if side else centre).format(letter=side[:1].upper(), part=part)

    skeleton = renamed(rename)
    roles = guess_roles(skeleton).checked(skeleton)
    assert {role: roles.roles.get(role) for role in (*REQUIRED, "left_collar", "right_foot", "left_index2")} == {
        role: rename(role) for role in (*REQUIRED, "left_collar", "right_foot", "left_index2")
    }
    assert roles.chains["spine"] == tuple(map(rename, ("spine1", "spine2", "spine3")))


def test_a_limb_with_a_strange_name_is_found_by_its_place() -> None:
    skeleton = renamed(lambda name: "Gizmo7" if name == "left_elbow" else name)
    assert guess_roles(skeleton).roles["left_elbow"] == "Gizmo7"


def test_sides_are_exchanged_by_name() -> None:
    for name in skeleton_names():
        skeleton = load_skeleton(name)
        partner = mirrored_joints(skeleton)
        assert [partner[at] for at in partner] == list(range(len(skeleton)))
        assert sum(at != other for at, other in enumerate(partner)) >= 40


# ----------------------------------------------------------------------------------------------------- a user's table


def test_a_table_is_written_edited_and_read(tmp_path: Path) -> None:
    skeleton, path = load_skeleton("ue5_manny"), tmp_path / "map.json"
    path.write_text(guess_roles(skeleton).dumps())
    again = HumanoidMap.load(path, skeleton)
    assert again == guess_roles(skeleton)
    table = json.loads(path.read_text())
    assert set(table) >= {*ROLES, *CHAINS}
    table["left_index1"], table["spine"] = None, ["spine_03"]
    path.write_text(json.dumps(table))
    edited = HumanoidMap.load(path, skeleton)
    assert "left_index1" not in edited.roles
    assert edited.chains["spine"] == ("spine_03",)


@pytest.mark.parametrize(
    ("change", "error", "text"),
    [
        ({"left_elbow": None}, MotionError, "no joint found for left_elbow"),
        ({"left_elbow": "nothing"}, UnknownNameError, "nothing"),
        ({"left_elbow": "hand_l"}, MotionError, "'hand_l' has two roles"),
        ({"left_elbow": 5}, FormatError, "left_elbow is not a joint name"),
        ({"spine": "spine_01"}, FormatError, "spine is not a list"),
        ({"tail": "root"}, UnknownNameError, "unknown role 'tail'"),
    ],
)
def test_tables_that_cannot_be(tmp_path: Path, change: dict, error: type[Exception], text: str) -> None:
    skeleton, path = load_skeleton("ue5_manny"), tmp_path / "map.json"
    path.write_text(json.dumps({**json.loads(guess_roles(skeleton).dumps()), **change}))
    with pytest.raises(error, match=text):
        HumanoidMap.load(path, skeleton)


def test_files_that_are_no_table(tmp_path: Path) -> None:
    path = tmp_path / "map.json"
    for content in ("", "[]", "{" * 5000, '{"a": '):
        path.write_text(content)
        with pytest.raises(FormatError, match=r"map\.json"):
            HumanoidMap.load(path, load_skeleton("smplx"))
    with pytest.raises(FormatError, match="No such file"):
        HumanoidMap.load(tmp_path / "absent.json", load_skeleton("smplx"))


def test_a_skeleton_out_of_a_file(tmp_path: Path) -> None:
    mixamo = load_skeleton("mixamo")
    rest = Motion(
        mixamo,
        30.0,
        mixamo.rest_rotations_xyzw[None].astype(np.float32),
        mixamo.rest_translations[:1].astype(np.float32),
    )
    for ending in ("bvh", "glb", "json"):
        path = tmp_path / f"rig.{ending}"
        path.write_bytes(encode_motion(rest, ending).data)
        assert find_skeleton(str(path)) is mixamo
    (tmp_path / "bare.json").write_text(
        (Path(__file__).parents[2] / "converters/pantomatrix_converters/skeletons/mixamo.json").read_text()
    )
    assert find_skeleton(str(tmp_path / "bare.json")) is mixamo
    with pytest.raises(UnknownNameError, match="did you mean mixamo"):
        find_skeleton("mixamoo")
