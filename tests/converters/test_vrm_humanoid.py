"""A VRM says itself which node is which bone; that comes before names."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pantomatrix_converters.editing.options import MotionEdits
from pantomatrix_converters.editing.plan import edited
from pantomatrix_converters.errors import FormatError, UnknownNameError
from pantomatrix_converters.formats import decode_motion, load_motion
from pantomatrix_converters.kinematics import forward_kinematics
from pantomatrix_converters.retargeting.humanoid import guess_roles, mirrored_joints
from pantomatrix_converters.retargeting.retarget import Retargeting
from pantomatrix_converters.skeleton import Skeleton

pytestmark = pytest.mark.unit

DATA = Path(__file__).parents[1] / "data" / "strange_files"
SPINE = {"spine": ("bone_009", "bone_010", "bone_011"), "neck": ("bone_012",)}
WANTED = {
    "pelvis": "bone_000", "head": "bone_013", "left_collar": "bone_014", "left_shoulder": "bone_015",
    "left_wrist": "bone_017", "left_hip": "bone_001", "right_ankle": "bone_007", "right_foot": "bone_008",
}  # fmt: skip


def changed(name: str, change: Callable[[dict[str, Any]], None]) -> bytes:
    """A .glb with another document."""
    data = (DATA / name).read_bytes()
    (length,) = struct.unpack_from("<I", data, 12)
    document = json.loads(data[20 : 20 + length])
    change(document)
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    rest = data[20 + length :]
    return struct.pack("<4sIIII", b"glTF", 2, 20 + len(text) + len(rest), len(text), 0x4E4F534A) + text + rest


def read(data: bytes) -> tuple[Skeleton, tuple[str, ...]]:
    loaded = decode_motion(data, "rig.vrm")[1]
    return loaded.motion.skeleton, loaded.notes


@pytest.mark.parametrize("version", [0, 1])
def test_bones_of_any_name(version: int) -> None:
    skeleton = load_motion(DATA / f"vrm{version}_humanoid_of_odd_names.glb")[1].motion.skeleton
    found = guess_roles(skeleton).checked(skeleton)
    assert {role: found.roles[role] for role in WANTED} == WANTED
    assert found.chains == SPINE


def test_the_table_comes_before_names() -> None:
    def rename(document: dict[str, Any]) -> None:
        for node, name in zip(range(4), ("Head", "LeftHand", "RightUpLeg", "Neck"), strict=False):
            document["nodes"][node]["name"] = name

    skeleton, _ = read(changed("vrm1_humanoid_of_odd_names.glb", rename))
    found = guess_roles(skeleton)
    assert found.roles["head"] not in ("Head", "LeftHand", "RightUpLeg", "Neck")
    assert found.roles == guess_roles(skeleton).checked(skeleton).roles
    assert "left_index1" not in found.roles


def test_names_tell_what_the_table_leaves_out() -> None:
    """Thumbs are often missing from tables that a program has made."""

    def rename(document: dict[str, Any]) -> None:
        bones = document["extensions"]["VRMC_vrm"]["humanoid"]["humanBones"]
        for bone, name in (("leftToes", "Left toe"), ("rightToes", "Hat")):
            document["nodes"][bones.pop(bone)["node"]]["name"] = name
        document["nodes"][bones["head"]["node"]]["name"] = "Right toe"

    skeleton, _ = read(changed("vrm1_humanoid_of_odd_names.glb", rename))
    found = guess_roles(skeleton).checked(skeleton)
    assert found.roles["left_foot"] == "Left toe"
    assert found.roles["head"] == "Right toe"
    assert "right_foot" not in found.roles


def test_a_pose_on_a_vrm(strange_files: Path) -> None:
    source = load_motion(strange_files / "pose.npz")[1].motion
    target = load_motion(strange_files / "vrm_table.glb")[1].motion.skeleton
    moved = Retargeting(source.skeleton, target).apply(source)
    roles = guess_roles(target).roles
    bones = []
    for motion, start, end in (
        (source, "left_shoulder", "left_elbow"),
        (moved, roles["left_shoulder"], roles["left_elbow"]),
    ):
        places, _ = forward_kinematics(motion.skeleton, motion.rotations_xyzw[-1:], motion.root_translation[-1:])
        bone = places[0, motion.skeleton.index(end)] - places[0, motion.skeleton.index(start)]
        bones.append(bone / np.linalg.norm(bone))
    assert bones[0] @ bones[1] > np.cos(np.radians(0.1))


def test_a_thumb_is_counted_by_the_version() -> None:
    def thumb(document: dict[str, Any]) -> None:
        bones = document["extensions"]["VRMC_vrm"]["humanoid"]["humanBones"]
        bones["leftThumbMetacarpal"] = bones.pop("rightToes")
        bones["leftThumbProximal"] = bones.pop("leftToes")

    skeleton, _ = read(changed("vrm1_humanoid_of_odd_names.glb", thumb))
    assert {"left_thumb1": "bone_008", "left_thumb2": "bone_004"}.items() <= guess_roles(skeleton).roles.items()

    def older(document: dict[str, Any]) -> None:
        for entry in document["extensions"]["VRM"]["humanoid"]["humanBones"]:
            names = {"rightToes": "leftThumbProximal", "leftToes": "leftThumbIntermediate"}
            entry["bone"] = names.get(entry["bone"], entry["bone"])

    skeleton, _ = read(changed("vrm0_humanoid_of_odd_names.glb", older))
    assert {"left_thumb1": "bone_008", "left_thumb2": "bone_004"}.items() <= guess_roles(skeleton).roles.items()


def test_a_mirror_knows_sides_by_the_table() -> None:
    motion = load_motion(DATA / "vrm1_humanoid_of_odd_names.glb")[1].motion
    partner = mirrored_joints(motion.skeleton)
    at = motion.skeleton.index
    assert partner[at("bone_001")] == at("bone_005")
    assert partner[at("bone_013")] == at("bone_013")
    assert [partner[joint] for joint in partner] == list(range(len(partner)))
    edited(motion, MotionEdits(mirror=True))


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda bones: bones.update(hips={"node": 99}), "hips is 99, expected an index of nodes"),
        (lambda bones: bones.update(hips={"node": "0"}), "hips is '0', expected an index"),
        (lambda bones: bones.update(hips=[3]), "has a bone that is none"),
    ],
)
def test_tables_that_cannot_be(change: Callable[[dict[str, Any]], None], text: str) -> None:
    data = changed(
        "vrm1_humanoid_of_odd_names.glb",
        lambda document: change(document["extensions"]["VRMC_vrm"]["humanoid"]["humanBones"]),
    )
    with pytest.raises(FormatError, match=text):
        read(data)


def test_what_a_table_says_twice_is_noted() -> None:
    def twice(document: dict[str, Any]) -> None:
        bones = document["extensions"]["VRMC_vrm"]["humanoid"]["humanBones"]
        bones["jaw"] = dict(bones["head"])
        document["nodes"].append({"name": "hat"})
        bones["leftEye"] = {"node": len(document["nodes"]) - 1}

    skeleton, notes = read(changed("vrm1_humanoid_of_odd_names.glb", twice))
    assert guess_roles(skeleton).roles["head"] == "bone_013"
    assert any("jaw is the joint 'bone_013', which is another bone" in note for note in notes)
    assert any("leftEye is no joint of the skeleton" in note for note in notes)


def test_a_table_names_joints_that_are_there() -> None:
    with pytest.raises(UnknownNameError, match="nowhere"):
        Skeleton.build("rig", ("a",), (-1,), np.zeros((1, 3)), roles=(("pelvis", "nowhere"),))
