"""Which joint is which by what strangers call it: conventions of programs, and files of theirs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from pantomatrix_converters.formats import load_motion
from pantomatrix_converters.kinematics import forward_kinematics, rest_pose
from pantomatrix_converters.motion import Motion
from pantomatrix_converters.retargeting.humanoid import guess_roles
from pantomatrix_converters.retargeting.joint_names import roles_by_name
from pantomatrix_converters.retargeting.retarget import Retargeting
from pantomatrix_converters.retargeting.roles import FINGERS, REQUIRED, ROLES
from pantomatrix_converters.skeleton import Skeleton, load_skeleton
from pantomatrix_converters.skeleton_file import find_skeleton

pytestmark = pytest.mark.unit

DATA = Path(__file__).parents[1] / "data" / "strange_files"
SMPLX = load_skeleton("smplx")
SPINE, NECK = ("spine1", "spine2", "spine3"), ("neck",)
TRUNK = ("pelvis", *SPINE, *NECK, "head", "jaw")


@dataclass(frozen=True)
class Convention:
    """How a program calls joints.

    trunk: pelvis, three of the spine, neck, head, jaw. arm: collar, shoulder, elbow, wrist. leg: hip, knee, ankle, foot.
    finger: a pattern of {finger} and {segment}. sides: for left and right. sided, centre: patterns of {side} and {part}.
    """

    trunk: str
    arm: str
    leg: str
    sides: tuple[str, str] = ("Left", "Right")
    sided: str = "{side}{part}"
    centre: str = "{part}"
    finger: str = "{finger}{segment}"
    fingers: tuple[str, ...] = ("Thumb", "Index", "Middle", "Ring", "Pinky")
    segments: tuple[str, str, str] = ("1", "2", "3")

    def name(self, role: str) -> str:
        """What it calls a joint of SMPL-X."""
        if role in TRUNK:
            return self.centre.format(part=self.trunk.split("|")[TRUNK.index(role)])
        side, _, part = role.partition("_")
        return self.sided.format(side=self.sides[side == "right"], part=self._part(part))

    def _part(self, part: str) -> str:
        for parts, names in (("collar shoulder elbow wrist", self.arm), ("hip knee ankle foot", self.leg)):
            if part in parts.split():
                return names.split("|")[parts.split().index(part)]
        if part[:-1] not in FINGERS:
            return "Eye"
        finger, segment = self.fingers[FINGERS.index(part[:-1])], self.segments[int(part[-1]) - 1]
        return self.finger.format(finger=finger, segment=segment)


CONVENTIONS = {
    "3ds Max Biped": Convention("Pelvis|Spine|Spine1|Spine2|Neck|Head|Ponytail1", "Clavicle|UpperArm|Forearm|Hand", "Thigh|Calf|Foot|Toe0", ("L", "R"), "Bip001 {side} {part}", "Bip001 {part}", "Finger{finger}{segment}", ("0", "1", "2", "3", "4"), ("", "1", "2")),
    "Valve": Convention("Pelvis|Spine|Spine1|Spine2|Neck1|Head1|jaw", "Clavicle|UpperArm|Forearm|Hand", "Thigh|Calf|Foot|Toe0", ("L", "R"), "ValveBiped.Bip01_{side}_{part}", "ValveBiped.Bip01_{part}", "Finger{finger}{segment}", ("0", "1", "2", "3", "4"), ("", "1", "2")),
    "Character Creator": Convention("Hip|Waist|Spine01|Spine02|NeckTwist01|Head|JawRoot", "Clavicle|Upperarm|Forearm|Hand", "Thigh|Calf|Foot|ToeBase", ("L", "R"), "CC_Base_{side}_{part}", "CC_Base_{part}", fingers=("Thumb", "Index", "Mid", "Ring", "Pinky")),
    "Poser and DAZ": Convention("hip|abdomen|waist|chest|neck|head|lowerJaw", "Collar|Shldr|ForeArm|Hand", "Thigh|Shin|Foot|Toe", ("l", "r"), fingers=("Thumb", "Index", "Mid", "Ring", "Pinky")),
    "DAZ Genesis 8": Convention("hip|abdomenLower|abdomenUpper|chestLower|neckLower|head|lowerJaw", "Collar|ShldrBend|ForearmBend|Hand", "ThighBend|Shin|Foot|Toe", ("l", "r"), fingers=("Thumb", "Index", "Mid", "Ring", "Pinky")),
    "DAZ Genesis 9": Convention("hip|spine1|spine2|spine4|neck1|head|lowerjaw", "shoulder|upperarm|forearm|hand", "thigh|shin|foot|toes", ("l", "r"), "{side}_{part}", fingers=("thumb", "index", "mid", "ring", "pinky")),
    "VRChat": Convention("Hips|Spine|Chest|Upper Chest|Neck|Head|Jaw", "shoulder|arm|elbow|wrist", "leg|knee|ankle|toe", sided="{side} {part}"),
    "VRChat, fingers of MMD": Convention("Hips|Spine|Chest|Upper Chest|Neck|Head|Jaw", "shoulder|arm|elbow|wrist", "leg|knee|ankle|toe", ("L", "R"), "{part}_{side}", finger="{finger}{segment}", fingers=("Thumb", "IndexFinger", "MiddleFinger", "RingFinger", "LittleFinger")),
    "MMD": Convention("センター|上半身|上半身2|上半身3|首|頭|あご", "肩|腕|ひじ|手首", "足|ひざ|足首|つま先", ("左", "右"), fingers=("親指", "人指", "中指", "薬指", "小指"), segments=("０", "１", "２")),
    "Japanese in Latin letters": Convention("kosi|sebo_a|sebo_b|sebo_c|kubi|atama|ago", "kata|ude|hiji|te", "momo|hiza|asikubi|tsumasaki", ("L", "R"), "j_{part}_{side}", "j_{part}"),
    "Rokoko": Convention("Hips|Spine1|Spine2|Spine3|Neck|Head|Jaw", "Shoulder|Arm|ForeArm|Hand", "Thigh|Shin|Foot|Toe", finger="Finger{finger}{segment}", fingers=("1", "2", "3", "4", "5"), segments=("Proximal", "Medial", "Distal")),
    "OptiTrack": Convention("Hip|Ab|Chest|Chest2|Neck|Head|Jaw", "Shoulder|UArm|FArm|Hand", "Thigh|Shin|Foot|Toe", ("L", "R")),
    "Xsens": Convention("Pelvis|L5|T12|T8|Neck|Head|Jaw", "Shoulder|Upper Arm|Forearm|Hand", "Upper Leg|Lower Leg|Foot|Toe", sided="{side} {part}"),
    "Acclaim": Convention("root|lowerback|upperback|thorax|lowerneck|head|jaw", "clavicle|humerus|radius|wrist", "femur|tibia|foot|toes", ("l", "r")),
    "Kinect": Convention("HipCenter|SpineNaval|Spine|ShoulderCenter|Neck|Head|Jaw", "Clavicle|Shoulder|Elbow|Wrist", "Hip|Knee|Ankle|Foot", sided="{part}{side}"),
    "Blender metarig": Convention("spine|spine.001|spine.002|spine.003|spine.004|spine.005|jaw", "shoulder|upper_arm|forearm|hand", "thigh|shin|foot|toe", (".L", ".R"), "{part}{side}", finger="f_{finger}.{segment}", segments=("01", "02", "03")),
    "Rigify": Convention("DEF-spine|DEF-spine.001|DEF-spine.002|DEF-spine.003|DEF-spine.004|DEF-spine.005|DEF-jaw", "shoulder|upper_arm|forearm|hand", "thigh|shin|foot|toe", (".L", ".R"), "DEF-{part}{side}", finger="f_{finger}.{segment}", segments=("01", "02", "03")),
    "Auto-Rig Pro": Convention("root_hips.x|spine_01.x|spine_02.x|spine_03.x|neck.x|head.x|jawbone.x", "shoulder|arm_stretch|forearm_stretch|hand", "thigh_stretch|leg_stretch|foot|toes_01", (".l", ".r"), "{part}{side}"),
    "Unreal": Convention("pelvis|spine_01|spine_02|spine_03|neck_01|head|jaw", "clavicle|upperarm|lowerarm|hand", "thigh|calf|foot|ball", ("l", "r"), "{part}_{side}", finger="{finger}_{segment}", fingers=FINGERS, segments=("01", "02", "03")),
    "VRoid": Convention("Hips|Spine|Chest|UpperChest|Neck|Head|Jaw", "Shoulder|UpperArm|LowerArm|Hand", "UpperLeg|LowerLeg|Foot|ToeBase", ("L", "R"), "J_Bip_{side}_{part}", "J_Bip_C_{part}", fingers=("Thumb", "Index", "Middle", "Ring", "Little")),
    "VRM": Convention("hips|spine|chest|upperChest|neck|head|jaw", "Shoulder|UpperArm|LowerArm|Hand", "UpperLeg|LowerLeg|Foot|Toes", ("left", "right"), fingers=("Thumb", "Index", "Middle", "Ring", "Little"), segments=("Proximal", "Intermediate", "Distal")),
    "AdvancedSkeleton": Convention("Root_M|Spine1_M|Spine2_M|Chest_M|Neck_M|Head_M|Jaw_M", "Scapula|Shoulder|Elbow|Wrist", "Hip|Knee|Ankle|Toes", ("L", "R"), "{part}_{side}", finger="{finger}Finger{segment}"),
    "Second Life": Convention("mPelvis|mTorso|mChest|mSpine3|mNeck|mHead|mFaceJaw", "Collar|Shoulder|Elbow|Wrist", "Hip|Knee|Ankle|Foot", sided="m{part}{side}", finger="Hand{finger}{segment}"),
    "MakeHuman": Convention("hips|spine05|spine03|spine01|neck01|head|jaw", "clavicle|upperarm01|lowerarm01|wrist", "upperleg01|lowerleg01|foot|toe1-1", (".L", ".R"), "{part}{side}", finger="finger{finger}-{segment}", fingers=("1", "2", "3", "4", "5")),
    "no gaps, small letters": Convention("hips|spine|spine1|spine2|neck|head|jaw", "shoulder|uparm|loarm|hand", "thigh|shin|foot|toe", ("l", "r"), fingers=FINGERS),
    "no gaps, side behind": Convention("hips|spine|spine1|spine2|neck|head|jaw", "collar|upperarm|forearm|hand", "thigh|calf|foot|toe", ("l", "r"), "{part}{side}", fingers=FINGERS),
    "numbered limbs": Convention("Hips|Spine|Spine1|Spine2|Neck|Head|Jaw", "Shoulder|Arm1|Arm2|Hand", "Leg1|Leg2|Foot|Toe", ("L", "R"), "{part}_{side}"),
    "fingers from 2": Convention("Hips|Spine|Spine1|Spine2|Neck|Head|Jaw", "Shoulder|Arm|ForeArm|Hand", "UpLeg|Leg|Foot|Toe", (".L", ".R"), "{part}{side}", segments=("2", "3", "4")),
    "numbers behind every limb": Convention("C_spine0001|C_spine0002|C_spine0003|C_spine0004|C_neck0001|C_head0001|C_jaw0001", "clavicle0001|armUpper0001|armLower0001|hand0001", "legUpper0001|legLower0001|foot0001|foot0002", ("L", "R"), "{side}_{part}_bind_JNT", "{part}_bind_JNT", "hand{finger}{segment}", ("Thumb", "Pointer", "Middle", "Ring", "Pinky"), ("0001", "0002", "0003")),
    "Synty": Convention("Hips|Spine_01|Spine_02|Spine_03|Neck|Head|Jaw", "Clavicle|Shoulder|Elbow|Hand", "UpperLeg|LowerLeg|Ankle|Ball", ("L", "R"), "{part}_{side}", "{part}", "{finger}_{segment}", ("Thumb", "IndexFinger", "Finger", "RingFinger", "PinkyFinger"), ("01", "02", "03")),
    "a thumb by name, four by number": Convention("Hips|Spine|Spine1|Spine2|Neck|Head|Jaw", "Shoulder|Arm|ForeArm|Hand", "UpLeg|Leg|Foot|Toe", ("L", "R"), "{part}_{side}", "{part}", "{finger}_{segment}", ("Thumb", "Finger1", "Finger2", "Finger3", "Finger4")),
    "a word behind every name": Convention("HipsBone|SpineBone|Spine1Bone|Spine2Bone|NeckBone|HeadBone|JawBone", "ShoulderBone|ArmBone|ForeArmBone|HandBone", "UpLegBone|LegBone|FootBone|ToeBone", finger="Hand{finger}{segment}Bone"),
    "a strange word before every name": Convention("Hips|Spine|Spine1|Spine2|Neck|Head|Jaw", "Shoulder|Arm|ForeArm|Hand", "UpLeg|Leg|Foot|Toe", sided="Hero7_{side}{part}", centre="Hero7_{part}"),
}  # fmt: skip

WORN = ("pelvis", "head", *(role for role in ROLES if role.startswith(("left_", "right_")) and "eye" not in role))


def called(rename) -> Skeleton:
    return Skeleton.build("other", map(rename, SMPLX.joint_names), SMPLX.parents, SMPLX.rest_translations)


@pytest.mark.parametrize("convention", CONVENTIONS.values(), ids=CONVENTIONS)
def test_names_of_programs(convention: Convention) -> None:
    found = guess_roles(called(convention.name))
    assert {role: found.roles.get(role) for role in WORN} == {role: convention.name(role) for role in WORN}
    assert found.chains == {"spine": tuple(map(convention.name, SPINE)), "neck": tuple(map(convention.name, NECK))}


@pytest.mark.parametrize("convention", CONVENTIONS.values(), ids=CONVENTIONS)
def test_names_that_an_exporter_has_numbered(convention: Convention) -> None:
    """As Sketchfab does: LeftArm_017."""
    numbers = {role: number for number, role in enumerate(SMPLX.joint_names)}
    found = guess_roles(called(lambda role: f"{convention.name(role)}_{numbers[role]:03d}"))
    assert {role: found.roles.get(role) for role in WORN} == {
        role: f"{convention.name(role)}_{numbers[role]:03d}" for role in WORN
    }


def test_a_whole_rig_of_mmd() -> None:
    """Its hips are the joint above the halves of the body; legs have doubles and handles, arms have twists."""
    rows = [("全ての親", "", 0), ("センター", "全ての親", 0.6), ("グルーブ", "センター", 0), ("腰", "グルーブ", 0.3), ("上半身", "腰", 0.1), ("上半身2", "上半身", 0.2), ("首", "上半身2", 0.2), ("頭", "首", 0.1), ("下半身", "腰", 0.05)]  # fmt: skip
    for side in "左右":
        arm = [("肩P", "上半身2"), ("肩", "肩P"), ("肩C", "肩"), ("腕", "肩C"), ("腕捩", "腕"), ("ひじ", "腕捩"), ("手捩", "ひじ"), ("手首", "手捩"), ("親指０", "手首"), ("親指１", "親指０"), ("親指２", "親指１"), ("人指１", "手首"), ("人指２", "人指１"), ("人指３", "人指２")]  # fmt: skip
        leg = [("足", "下半身"), ("ひざ", "足"), ("足首", "ひざ"), ("つま先", "足首"), ("足D", "下半身"), ("ひざD", "足D"), ("足首D", "ひざD"), ("足ＩＫ親", "全ての親"), ("足ＩＫ", "足ＩＫ親"), ("つま先ＩＫ", "足ＩＫ")]  # fmt: skip
        centre = {"上半身2", "下半身", "全ての親"}
        rows += [(side + name, above if above in centre else side + above, 0.1) for name, above in (*arm, *leg)]
    names = [name for name, _, _ in rows]
    parents = [names.index(above) if above else -1 for _, above, _ in rows]
    skeleton = Skeleton.build("mmd", names, parents, [(0.1 * at, height, 0) for at, (_, _, height) in enumerate(rows)])
    found = guess_roles(skeleton)
    wanted = {"pelvis": "腰", "head": "頭", "left_collar": "左肩", "right_shoulder": "右腕", "left_elbow": "左ひじ", "left_hip": "左足", "right_knee": "右ひざ", "left_ankle": "左足首", "left_foot": "左つま先", "left_thumb1": "左親指０", "right_index3": "右人指３"}  # fmt: skip
    assert {role: found.roles[role] for role in wanted} == wanted
    assert found.chains == {"spine": ("上半身", "上半身2"), "neck": ("首",)}
    assert found.twists["left_upper_arm"] == ("左腕捩",)


def test_a_thumb_that_is_named_and_goes_on_by_number() -> None:
    """As in MocapNET's, where MakeHuman's thumb hangs on another's."""
    numbers = {"thumb2": "finger1-2.l", "thumb3": "finger1-3.l"}
    for number, finger in enumerate(FINGERS[1:], 2):
        numbers.update({f"{finger}{segment}": f"finger{number}-{segment}.l" for segment in (1, 2, 3)})
    skeleton = called(lambda role: numbers.get(role.removeprefix("left_"), role) if role.startswith("left_") else role)
    found = guess_roles(skeleton).roles
    assert found["left_thumb1"] == "left_thumb1"
    assert {part: found[f"left_{part}"] for part in numbers} == numbers


def with_more(skeleton: Skeleton, more: list[tuple[str, str]]) -> Skeleton:
    """With joints that hang on others: (name, the one above)."""
    names = [*skeleton.joint_names, *(name for name, _ in more)]
    parents = [*skeleton.parents, *(names.index(above) for _, above in more)]
    return Skeleton.build("other", names, parents, [*skeleton.rest_translations, *[(0, 0.1, 0)] * len(more)])


@pytest.mark.parametrize(
    "convention",
    ["3ds Max Biped", "AdvancedSkeleton", "Kinect", "MakeHuman", "MMD", "OptiTrack", "Rigify", "Rokoko", "Unreal", "VRChat", "VRoid", "Xsens"],
)  # fmt: skip
def test_a_word_before_the_body_beside_many_joints_of_hair_and_clothes(convention: str) -> None:
    """As MotionBuilder writes a character's name before each of its joints (Unity-chan)."""

    def name(role: str) -> str:
        return f"Character1_{CONVENTIONS[convention].name(role)}"

    clothes = [(f"J_{side}_Skirt_{number:02d}", name("pelvis")) for number in range(50) for side in "LR"]
    found = guess_roles(with_more(called(name), clothes))
    assert {role: found.roles.get(role) for role in WORN} == {role: name(role) for role in WORN}


def test_words_that_tell_two_bodies_apart_stay() -> None:
    """A rig's bones and their doubles, neither of which is the more."""
    skeleton = called(lambda role: f"DEF-{role}")
    doubles = [(f"ORG-{role}", f"DEF-{role}") for role in SMPLX.joint_names]
    roles = guess_roles(with_more(skeleton, doubles)).roles
    assert {joint.partition("-")[0] for joint in roles.values()} == {"DEF"}


def test_a_neck_beside_a_scarf_and_a_bow() -> None:
    """The head of Blender's rigs is the end of a counted spine, whatever else hangs on the chest."""
    convention = CONVENTIONS["Rigify"]
    chest = convention.name("spine3")
    more = [("DEF-bow", chest), ("DEF-scarf.001", chest), ("DEF-scarf.002", "DEF-scarf.001"), ("DEF-bang", convention.name("head"))]  # fmt: skip
    found = guess_roles(with_more(called(convention.name), more))
    assert found.roles["head"] == convention.name("head")
    assert found.chains["neck"] == (convention.name("neck"),)


@pytest.mark.parametrize("word", ["a ", "left_", "LeftHandIndex1", "右", "l", "1.", "ﷺ", "|:", "\u0301"])
def test_names_without_end_or_sense(word: str) -> None:
    """They are read as far as a name goes, and each joint plays one part at most."""
    skeleton = called(lambda role: word * 50_000 + str(SMPLX.index(role)))
    joints = list(guess_roles(skeleton).roles.values())
    assert len(set(joints)) == len(joints)


# ------------------------------------------------------------------------------------------------------- files of theirs


def role_names(path: Path | str) -> dict[str, str]:
    return dict(guess_roles(find_skeleton(str(path))).roles)


@pytest.mark.parametrize(
    ("file", "wanted"),
    [
        ("names_of_vrchat.bvh", {"left_hip": "Left leg", "left_knee": "Left knee", "left_ankle": "Left ankle"}),
        ("names_of_poser_and_daz.bvh", {"left_shoulder": "lShldr", "right_elbow": "rForeArm", "pelvis": "hip"}),
        ("names_with_bone_suffix.bvh", {"left_shoulder": "LeftArmBone", "pelvis": "HipsBone", "left_hip": "LeftUpLegBone"}),
        ("fingers_count_from_2.json", {f"left_index{n}": f"Index{n + 1}.L" for n in (1, 2, 3)}),
    ],
)  # fmt: skip
def test_files_with_names_of_their_own(file: str, wanted: dict[str, str]) -> None:
    roles = role_names(DATA / file)
    assert {role: roles.get(role) for role in wanted} == wanted
    assert set(roles) >= {*REQUIRED, "left_collar", "right_foot"}


@pytest.mark.parametrize(
    ("file", "chest", "bones"),
    [
        ("character_creator.bvh", "CC_Base_Spine02", {"middle1": ("CC_Base_L_Mid1", "CC_Base_L_Mid2")}),
        ("biped.bvh", "Bip001 Spine2", {"middle1": ("Bip001 L Finger2", "Bip001 L Finger21")}),
        ("short_names.bvh", "Chest", {"shoulder": ("LUArm", "LFArm"), "elbow": ("LFArm", "LHand")}),
    ],
)
def test_a_known_pose_on_rigs_with_names_of_their_own(
    strange_files: Path, file: str, chest: str, bones: dict[str, tuple[str, str]]
) -> None:
    source = load_motion(strange_files / "pose.npz")[1].motion
    moved = Retargeting(source.skeleton, find_skeleton(str(strange_files / file))).apply(source)
    places, turns = kinematics(moved)
    own, own_turns = kinematics(source)
    names = moved.skeleton.index
    away = Rotation.from_quat(turns[names(chest)]) * Rotation.from_quat(rest_turns(moved)[names(chest)]).inv()
    wanted = Rotation.from_quat(own_turns[source.skeleton.index("spine3")])
    assert (away * wanted.inv()).magnitude() < 1e-3
    following = {"middle1": "middle2", "shoulder": "elbow", "elbow": "wrist"}
    for part, (start, end) in bones.items():
        bone = places[names(end)] - places[names(start)]
        other = own[source.skeleton.index(f"left_{following[part]}")] - own[source.skeleton.index(f"left_{part}")]
        assert bone @ other > np.cos(np.radians(0.1)) * np.linalg.norm(bone) * np.linalg.norm(other)


def kinematics(motion: Motion) -> tuple[np.ndarray, np.ndarray]:
    """World positions and rotations in the last frame."""
    places, turns = forward_kinematics(motion.skeleton, motion.rotations_xyzw[-1:], motion.root_translation[-1:])
    return places[0], turns[0]


def rest_turns(motion: Motion) -> np.ndarray:
    return rest_pose(motion.skeleton)[1]


def test_a_word_that_says_nothing_tells_two_joints_apart() -> None:
    """CMU's library: the legs hang on LHipJoint, which lies in the hips, and begin at LeftHip."""
    names = ["Hips", "LHipJoint", "LeftHip", "LeftKnee", "RHipJoint", "RightHip", "RightKnee"]
    skeleton = Skeleton.build("cmu", names, [-1, 0, 1, 2, 0, 4, 5], np.zeros((7, 3)))
    roles = roles_by_name(skeleton)
    assert {role: skeleton.joint_names[joint] for role, joint in roles.items()} == {
        "pelvis": "Hips", "left_hip": "LeftHip", "left_knee": "LeftKnee", "right_hip": "RightHip", "right_knee": "RightKnee"
    }  # fmt: skip
