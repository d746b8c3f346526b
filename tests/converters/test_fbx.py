"""FBX is read as its own formula says, whatever its axes, unit, rotation orders and takes; a clip goes back into the file."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from blender import imported, in_blender, needs_blender
from fbx_files import ORDERS, SHAPES, Y_UP, Z_UP, FbxFile, Joint, Take, human
from motions import random_motion
from pantomatrix_converters.coordinates import BLENDER
from pantomatrix_converters.errors import FormatError, LimitError, PantomatrixError, UnknownNameError, UnsupportedError
from pantomatrix_converters.face.face_maps import parse_face_map
from pantomatrix_converters.formats import FORMATS, ReadLimits, decode_motion, encode_motion
from pantomatrix_converters.formats.fbx import read_fbx
from pantomatrix_converters.formats.fbx.fbx_document import FbxDocument, Record
from pantomatrix_converters.formats.fbx.fbx_rig import FbxRig
from pantomatrix_converters.formats.motion_format import Loaded
from pantomatrix_converters.kinematics import forward_kinematics, rest_pose
from pantomatrix_converters.motion import Motion
from pantomatrix_converters.retargeting.ground_root import on_the_ground
from pantomatrix_converters.retargeting.retarget import Retargeting
from pantomatrix_converters.skeleton import Skeleton, load_skeleton
from tools import needs

pytestmark = [pytest.mark.unit, needs(find_spec("ufbx"), "ufbx")]

FRAMES = 12


def read(data: bytes) -> Loaded:
    return decode_motion(data, "hero.fbx")[1]


def positions(motion: Motion) -> np.ndarray:
    return forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)[0]


def chain(order: str = "xyz") -> list[Joint]:
    """A spine of three and an arm, with everything that FBX knows between a property and a turn."""
    return [
        Joint("Hips", translation=(1, 95, 2), rotation=(3, 10, -4), pre=(-90, 0, 20), order=order),
        Joint("Spine", "Hips", (0, 12, 1), (5, 0, 2), pre=(10, 20, 30), post=(0, 15, 5), order=order),
        Joint("Head", "Spine", (0, 50, 0), (0, 30, 0), order=order),
        Joint("Arm", "Spine", (18, 40, 0), (0, 0, -20), pre=(0, 90, 0), post=(25, 0, 0), order=order),
        Joint("Hand", "Arm", (30, 0, 0), (20, -30, 40), order=order),
    ]


def turns(joints: list[Joint], seed: int = 1) -> dict[tuple[str, str], np.ndarray]:
    """Every joint turns, and the first goes somewhere."""
    random = np.random.default_rng(seed)
    path = np.cumsum(random.normal(0, 8, (FRAMES, len(joints), 3)), axis=0)
    keys = {(joint.name, "Lcl Rotation"): joint.rotation + path[:, at] for at, joint in enumerate(joints)}
    first = joints[0]
    return keys | {(first.name, "Lcl Translation"): first.translation + np.cumsum(random.normal(0, 2, (FRAMES, 3)), 0)}


def check_places(file: FbxFile, take: Take, motion: Motion) -> None:
    """Every joint of a motion stands where the formula puts its node."""
    found = positions(motion)
    assert len(motion) == len(next(iter(take.keys.values())))
    for frame in range(len(motion)):
        worlds = file.at(take, frame)
        wanted = np.array([worlds[name][:3, 3] for name in motion.skeleton.joint_names])
        np.testing.assert_allclose(found[frame], wanted, atol=2e-5)


# ------------------------------------------------------------------------------------------------------------ reading


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize(("unit", "axes"), [(1.0, Y_UP), (2.54, Y_UP), (100.0, Z_UP)], ids=["cm", "inch", "m-z-up"])
def test_joints_stand_where_the_formula_puts_them(unit: float, axes: dict, order: str) -> None:
    joints = chain(order)
    take = Take("walk", keys=turns(joints))
    file = FbxFile(joints, [take], unit, axes, version=7500 if order == "zyx" else 7400)
    motion = read(file.data()).motion
    assert motion.fps == 30
    assert set(motion.skeleton.joint_names) == {"Hips", "Spine", "Head", "Arm", "Hand"}
    check_places(file, take, motion)
    turned = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)[1]
    worlds = file.at(take, FRAMES - 1)
    for at, name in enumerate(motion.skeleton.joint_names):
        matrix = worlds[name][:3, :3]
        np.testing.assert_allclose(
            Rotation.from_quat(turned[-1, at]).as_matrix(),
            matrix / np.linalg.norm(matrix, axis=0),
            atol=1e-5,
            err_msg=name,
        )


def test_an_armature_of_another_scale_and_turn_is_taken_into_the_root() -> None:
    joints = [Joint("Armature", rotation=(-90, 0, 0), scale=(100, 100, 100), translation=(0, 0, 7), kind="Null")]
    joints += [replace(joint, translation=np.multiply(joint.translation, 0.01)) for joint in chain()]
    joints[1] = replace(joints[1], parent="Armature")
    take = Take("walk", keys={key: values for key, values in turns(joints[1:]).items() if key[1] == "Lcl Rotation"})
    file = FbxFile(joints, [take])
    motion = read(file.data()).motion
    assert motion.skeleton.joint_names[0] == "Hips"
    check_places(file, take, motion)


@pytest.mark.parametrize("inherit", [0, 1, 2], ids=["RrSs", "RSrs", "Rrs"])
def test_scale_is_passed_on_as_each_joint_says(inherit: int) -> None:
    """Many avatars are in metres under an armature of scale 100, and their joints do not take that scale on."""
    joints = [Joint("Armature", rotation=(-90, 0, 0), scale=(100, 100, 100), kind="Null")]
    joints += [replace(joint, translation=np.multiply(joint.translation, 0.01), inherit=inherit) for joint in chain()]
    joints[1] = replace(joints[1], parent="Armature", scale=(0.5, 0.5, 0.5))
    joints[2] = replace(joints[2], scale=(3, 3, 3))
    take = Take("walk", keys={key: values for key, values in turns(joints[1:]).items() if key[1] == "Lcl Rotation"})
    file = FbxFile(joints, [take])
    motion = read(file.data()).motion
    assert set(motion.skeleton.joint_names) == {"Hips", "Spine", "Head", "Arm", "Hand"}
    check_places(file, take, motion)


def test_pivots_turn_about_another_place() -> None:
    joints = chain()
    joints[0] = replace(joints[0], pivot=(0, -20, 5))
    take = Take("walk", keys=turns(joints))
    file = FbxFile(joints, [take])
    check_places(file, take, read(file.data()).motion)


def test_the_way_of_a_node_above_the_root_is_the_roots() -> None:
    joints = [Joint("Mover", translation=(0, 0, 0), kind="Null"), *chain()]
    joints[1] = replace(joints[1], parent="Mover")
    way = {("Mover", "Lcl Translation"): np.linspace((0, 0, 0), (150, 0, 40), FRAMES)}
    take = Take("walk", keys=turns(joints[1:]) | way)
    file = FbxFile(joints, [take])
    check_places(file, take, read(file.data()).motion)


def test_an_empty_take_before_the_real_one_is_passed_over_and_all_are_named() -> None:
    joints = chain()
    walk, wave = Take("walk", keys=turns(joints)), Take("wave", keys=turns(joints, seed=2))
    file = FbxFile(joints, [Take("Take 001", seconds=1.0), walk, wave])
    loaded = read(file.data())
    check_places(file, walk, loaded.motion)
    assert any("of 3 clips 'walk' is read" in note and "'Take 001', 'wave'" in note for note in loaded.notes)
    assert [(clip.name, clip.keys) for clip in loaded.clips] == [("Take 001", 0), ("walk", FRAMES), ("wave", FRAMES)]
    for asked in ("wave", "WAVE", "3"):
        check_places(file, wave, read_fbx.read(file.data(), "hero.fbx", ReadLimits(), asked).motion)
    with pytest.raises(UnknownNameError, match=r"unknown clip of hero\.fbx: 'wav'; did you mean wave or walk\?"):
        read_fbx.read(file.data(), "hero.fbx", ReadLimits(), "wav")


def test_a_rig_without_a_take_is_one_frame_of_its_rest_pose() -> None:
    file = FbxFile(chain())
    motion = read(file.data()).motion
    assert len(motion) == 1
    worlds = file.worlds({})
    wanted = [worlds[name][:3, 3] for name in motion.skeleton.joint_names]
    np.testing.assert_allclose(rest_pose(motion.skeleton)[0], wanted, atol=1e-5)


def test_the_rest_pose_is_the_bind_pose() -> None:
    """Nodes often stand in the clip's first frame."""
    straight = [replace(joint, rotation=(0, 0, 0)) for joint in chain()]
    bound = FbxFile(straight, unit=1.0).worlds({})
    in_file = {name: np.diag([100, 100, 100, 1]) @ world for name, world in bound.items()}
    motion = read(FbxFile(chain(), bind=in_file).data()).motion
    found = rest_pose(motion.skeleton)[0]
    wanted = np.array([bound[name][:3, 3] for name in motion.skeleton.joint_names])
    np.testing.assert_allclose(found - found[0], wanted - wanted[0], atol=1e-5)


def test_keys_that_are_closer_than_the_files_frames_set_the_rate() -> None:
    joints = chain()
    take = Take("walk", fps=120.0, keys=turns(joints))
    file = FbxFile(joints, [take])
    loaded = read(file.data())
    assert loaded.motion.fps == 120
    assert any("120" in note for note in loaded.notes)
    check_places(file, take, loaded.motion)


def test_scale_that_is_not_the_same_in_all_directions_is_told() -> None:
    joints = chain()
    joints[1] = replace(joints[1], scale=(1, 2, 1))
    assert any("unevenly" in note for note in read(FbxFile(joints).data()).notes)


def test_joints_of_one_name_get_other_names() -> None:
    data = FbxFile(chain()).data().replace(b"Hand\x00\x01Model", b"Head\x00\x01Model")
    loaded = read(data)
    assert any("occurs twice" in note for note in loaded.notes)
    assert len(set(loaded.motion.skeleton.joint_names)) == 5


@needs_blender
@pytest.mark.parametrize(("unit", "axes"), [(1.0, Y_UP), (100.0, Z_UP)], ids=["cm", "m-z-up"])
def test_blender_has_the_joints_in_the_same_places(tmp_path: Path, unit: float, axes: dict) -> None:
    joints = [Joint("Rig", kind="Null"), *map(as_blender_reads_it, chain())]
    joints[1] = replace(joints[1], parent="Rig")
    file = FbxFile(joints, [Take("walk", keys=turns(joints[1:]))], unit, axes)
    path = tmp_path / "take.fbx"
    path.write_bytes(file.data())
    _check_blender(path, read(path.read_bytes()).motion)


def as_blender_reads_it(joint: Joint) -> Joint:
    """Blender turns PostRotation the other way than FBX's formula, and takes all turns in the order of the animated one."""
    return replace(joint, post=(0, 0, 0), order="xyz")


PLACES = """
armature = next(thing for thing in bpy.data.objects if thing.type == "ARMATURE")
first = int(armature.animation_data.action.frame_range[0])
seen = []
for frame in json.loads(sys.argv[-1]):
    bpy.context.scene.frame_set(first + frame)
    seen.append({bone.name: list((armature.matrix_world @ bone.matrix).translation) for bone in armature.pose.bones})
weights = {block.name: block.value for thing in bpy.data.objects if thing.type == "MESH" and thing.data.shape_keys for block in thing.data.shape_keys.key_blocks[1:]}
print("SEEN" + json.dumps({"places": seen, "weights": weights}))
"""


def _check_blender(path: Path, motion: Motion) -> dict[str, float]:
    frames = [0, 5, len(motion) - 1]
    seen = in_blender(imported(path) + PLACES, json.dumps(frames))
    wanted = BLENDER.positions_from_canonical(positions(motion))
    for frame, places in zip(frames, seen["places"], strict=True):
        assert len(places) >= len(motion.skeleton) - 1  # a root of its own may be the armature
        for name, place in places.items():
            np.testing.assert_allclose(place, wanted[frame, motion.skeleton.index(name)], atol=1e-3, err_msg=name)
    return seen["weights"]


# ------------------------------------------------------------------------------------------------------------ writing


@needs_blender
def test_unreal_finds_its_own_numbers(tmp_path: Path) -> None:
    """Centimetres, every node at scale 1, the pelvis where Manny has it."""
    motion = Retargeting(load_skeleton("smplx"), load_skeleton("ue5_manny")).apply(random_motion(3))
    standing = np.tile(motion.skeleton.rest_translations[:1], (3, 1)).astype(np.float32)
    turned = motion.rotations_xyzw.copy()
    turned[:, 0] = motion.skeleton.rest_rotations_xyzw[0]
    motion = replace(motion, rotations_xyzw=turned, root_translation=standing)
    data = encode_motion(motion, "fbx").data
    rig = FbxRig(FbxDocument(data, "take"), "take")
    assert rig.metres_per_unit == 0.01
    for node in rig.nodes.values():
        np.testing.assert_allclose(node.vector("Lcl Scaling", 1.0), 1.0, atol=1e-5, err_msg=node.name)
    pelvis = next(node for node in rig.nodes.values() if node.name == "pelvis")
    assert rig.nodes[pelvis.parent].name == "root"
    assert 95 < np.linalg.norm(pelvis.vector("Lcl Translation")) < 98
    assert read(data).motion.skeleton.name == "ue5_manny"


@needs_blender
@pytest.mark.parametrize("name", ["smplx", "mixamo", "ue5_manny", "ue4_mannequin"])
def test_what_is_written_is_read(name: str) -> None:
    motion = random_motion(9)
    motion = Retargeting(motion.skeleton, load_skeleton(name)).apply(motion)
    back = read(encode_motion(motion, "fbx").data).motion
    assert (back.skeleton.name, back.fps, len(back)) == (name, 30, 9)
    body = slice(1 if name.startswith("ue") else 0, None)  # Unreal's root is on the ground in the file
    np.testing.assert_allclose(positions(back)[:, body], positions(motion)[:, body], atol=1e-4)
    assert back.skeleton.character is None


@needs_blender
@pytest.mark.parametrize("own", [False, True], ids=["a file of ours", "the user's own rig"])
def test_unreal_has_its_root_on_the_ground_and_its_ik_joints_at_hands_and_feet(tmp_path: Path, own: bool) -> None:
    """As Blender plays it: another reader of the curves."""
    path = tmp_path / "take.fbx"
    motion = Retargeting(load_skeleton("smplx"), load_skeleton("ue5_manny")).apply(random_motion(9, angle=0.3))
    if own:
        rig = on_the_ground(motion, with_followers=True).skeleton
        skeleton = read(human(for_blender=True, skeleton=rig).data()).motion.skeleton
        assert skeleton.character is not None
        motion = Retargeting(motion.skeleton, skeleton).apply(motion)
    path.write_bytes(encode_motion(motion, "fbx").data)
    frames = [0, 4, 8]
    seen = in_blender(imported(path) + PLACES, json.dumps(frames))
    wanted = BLENDER.positions_from_canonical(positions(motion))
    for frame, places in zip(frames, seen["places"], strict=True):
        for joint in ("pelvis", "head", "hand_l", "ball_r", "calf_twist_01_l"):
            np.testing.assert_allclose(places[joint], wanted[frame, motion.skeleton.index(joint)], atol=1e-3)
        for follower, leader in (
            ("ik_foot_l", "foot_l"),
            ("ik_foot_r", "foot_r"),
            ("ik_hand_l", "hand_l"),
            ("ik_hand_gun", "hand_r"),
        ):
            np.testing.assert_allclose(places[follower], places[leader], atol=1e-3)
        if "root" in places:  # as a file's only joint on top it may be the armature itself
            assert abs(places["root"][2]) < 1e-3
            np.testing.assert_allclose(places["ik_foot_root"], places["root"], atol=1e-3)
        assert abs(places["ik_hand_root"][2]) < 1e-3


# --------------------------------------------------------------------------------------------- the user's own character


def on(skeleton: Skeleton, frames: int = 9) -> Motion:
    motion = random_motion(frames, angle=0.4)
    return Retargeting(motion.skeleton, skeleton).apply(motion)


FIGURES = {
    "cm": human,
    "metres, z up": lambda: human(100.0, Z_UP),
    "armature": lambda: human(armature=True),
    "turning about pivots": lambda: _with_pivots(human()),
}


def _with_pivots(file: FbxFile) -> FbxFile:
    file.joints = [replace(joint, pivot=(1, at % 3, 0)) for at, joint in enumerate(file.joints)]
    return file


@pytest.mark.parametrize("figure", FIGURES.values(), ids=list(FIGURES))
def test_a_clip_goes_back_into_the_file(figure: Callable[[], FbxFile]) -> None:
    file = figure()
    data = file.data()
    skeleton = read(data).motion.skeleton
    assert skeleton.character is not None
    motion = on(skeleton)
    back = read(encode_motion(motion, "fbx").data).motion
    assert (back.fps, len(back)) == (30, 9)
    np.testing.assert_allclose(positions(back), positions(motion), atol=1e-4)


@pytest.mark.parametrize("fps", [24.0, 60.0, 29.97, 119.5])
def test_the_files_frames_are_those_of_the_clip(fps: float) -> None:
    motion = on(read(human().data()).motion.skeleton)
    back = read(encode_motion(replace(motion, fps=fps), "fbx").data).motion
    assert back.fps == pytest.approx(fps, abs=0.01)
    np.testing.assert_allclose(positions(back), positions(motion), atol=1e-4)


@needs_blender
@pytest.mark.parametrize("armature", [False, True], ids=["metres, z up", "armature"])
def test_blender_plays_the_clip_on_the_character(tmp_path: Path, armature: bool) -> None:
    path = tmp_path / "hero.fbx"
    file = human(armature=True, for_blender=True) if armature else human(100.0, Z_UP, for_blender=True)
    motion = on(read(file.data()).motion.skeleton)
    path.write_bytes(encode_motion(motion, "fbx").data)
    weights = _check_blender(path, motion)
    assert list(weights) == list(SHAPES)


def test_everything_else_in_the_file_stays_as_it_was() -> None:
    file = human()
    file.takes = [Take("old", keys={("mixamorig:Spine", "Lcl Rotation"): np.linspace((0, 0, 0), (0, 40, 0), 5)})]
    data = file.data()
    encoded = encode_motion(on(read(data).motion.skeleton), "fbx")
    before, after = (FbxDocument(content, "hero").root for content in (data, encoded.data))

    def flat(record: Record) -> bytes:
        return record.name.encode() + record.values + b"".join(map(flat, record.inside))

    kept = {flat(record) for record in after.find("Objects").inside}  # pyright: ignore[reportOptionalMemberAccess]
    assert {flat(record) for record in before.find("Objects").inside} <= kept  # pyright: ignore[reportOptionalMemberAccess]
    assert any("'pantomatrix'" in note and "the 1 that were" in note for note in encoded.notes)
    loaded = read(encoded.data)
    assert any("of 2 clips 'pantomatrix' is read" in note for note in loaded.notes)


@pytest.mark.parametrize("version", [7400, 7500])
def test_a_document_is_written_as_it_was_read(version: int) -> None:
    file = human()
    file.version = version
    data = file.data()
    assert FbxDocument(data, "hero").bytes()[: len(data) - 160] == data[:-160]


def test_a_text_cannot_take_a_clip() -> None:
    """Nor can what is older than version 7: it is read, and its clip becomes a file of its own."""
    loaded = read(TEXT.encode())
    assert loaded.motion.skeleton.character is None


@pytest.mark.parametrize("clip_only", [False, True])
def test_a_format_that_cannot_bring_the_character_says_so(clip_only: bool) -> None:
    """An FBX's skeleton in a .glb; nothing is said where nobody expects a character."""
    motion = on(read(human().data()).motion.skeleton)
    told = [note for note in encode_motion(motion, "glb", clip_only=clip_only).notes if "figure of sticks" in note]
    assert told == (
        [] if clip_only else ["a figure of sticks stands for the character of hero, which a .fbx would bring"]
    )
    assert not any("figure of sticks" in note for note in encode_motion(motion, "bvh").notes)


def test_a_motion_that_moves_nothing_of_the_character_is_refused() -> None:
    skeleton = read(human().data()).motion.skeleton
    still = Motion(
        skeleton,
        30,
        skeleton.rest_rotations_xyzw[None].astype(np.float32),
        skeleton.rest_translations[:1].astype(np.float32),
    )
    with pytest.raises(UnsupportedError, match="moves nothing|nothing of this motion"):
        encode_motion(still, "fbx")


def test_shapes_are_driven_by_the_map_that_knows_their_names(tmp_path: Path) -> None:
    data = human().data()
    motion = on(read(data).motion.skeleton)
    assert motion.face is not None
    encoded = encode_motion(motion, "fbx")
    assert any("CC" in note and "6 shapes of mesh" in note for note in encoded.notes), encoded.notes
    rig, back = FbxRig(FbxDocument(encoded.data, "hero"), "hero"), weights_in(encoded.data)
    assert [mesh.names for mesh in rig.meshes] == [list(SHAPES)]
    for shape, curve in (
        ("Jaw_Open", "jawOpen"),
        ("Mouth_Smile_L", "mouthSmileLeft"),
        ("Eye_Blink_R", "eyeBlinkRight"),
    ):
        wanted = motion.face.weights[:, motion.face.names.index(curve)]
        np.testing.assert_allclose(back[shape], wanted, atol=1e-5)
    mine = parse_face_map('{"curves": {"jawOpen": {"Eye_Blink_L": 0.5}}}', "mine.json")
    back = weights_in(encode_motion(motion, "fbx", face_map=mine).data)
    np.testing.assert_allclose(
        back["Eye_Blink_L"], 0.5 * motion.face.weights[:, motion.face.names.index("jawOpen")], atol=1e-5
    )
    assert not back["Jaw_Open"].any()


def weights_in(data: bytes) -> dict[str, np.ndarray]:
    """(T,) of each shape, read by ufbx in the process that reads files."""
    found = read_fbx._arrays(data, "hero.fbx", ReadLimits())
    return dict(zip(found["curve_names"].tolist(), found["weights"].T, strict=True))


@needs_blender
def test_blender_shows_the_shapes(tmp_path: Path) -> None:
    path = tmp_path / "hero.fbx"
    motion = on(read(human(for_blender=True, armature=True).data()).motion.skeleton)
    path.write_bytes(encode_motion(motion, "fbx").data)
    weights = _check_blender(path, motion)
    assert motion.face is not None
    wanted = motion.face.weights[-1, motion.face.names.index("jawOpen")]
    assert weights["Jaw_Open"] == pytest.approx(wanted, abs=1e-4)


def test_faces_are_read_in_any_spelling_and_with_a_prefix() -> None:
    shapes = ("face.jawOpen", "face.Mouth_Smile_Left", "face.eyeBlinkLeft", "face.tail")
    random = np.random.default_rng(3)
    keys = {(shape, "DeformPercent"): random.uniform(0, 100, (FRAMES, 1)) for shape in shapes}
    loaded = read(FbxFile([], [Take("talk", keys=keys)], shapes=shapes).data())
    face = loaded.motion.face
    assert face is not None
    assert (face.rig, len(loaded.motion), loaded.motion.has_body) == ("arkit52", FRAMES, False)
    for shape, curve in zip(shapes, ("jawOpen", "mouthSmileLeft", "eyeBlinkLeft"), strict=False):
        wanted = keys[shape, "DeformPercent"][:, 0] / 100
        np.testing.assert_allclose(face.weights[:, face.names.index(curve)], wanted, atol=1e-6)
    assert any("1 morph targets" in note for note in loaded.notes)


def test_a_head_without_joints_takes_a_face() -> None:
    data = FbxFile([], shapes=SHAPES).data()
    head = read(data).motion
    assert head.skeleton.character is not None
    talking = random_motion(6)
    assert talking.face is not None
    moved = Motion(head.skeleton, 30, np.zeros((6, 0, 4), np.float32), np.zeros((6, 3), np.float32), talking.face)
    back = weights_in(encode_motion(moved, "fbx").data)
    np.testing.assert_allclose(
        back["Jaw_Open"], talking.face.weights[:, talking.face.names.index("jawOpen")], atol=1e-5
    )


# ---------------------------------------------------------------------------------------------------- files from strangers


TEXT = """; FBX 6.1.0 project file
FBXHeaderExtension:  {
	FBXHeaderVersion: 1003
	FBXVersion: 6100
}
Objects:  {
	Model: "Model::Hips", "Limb" {
		Version: 232
		Properties60:  {
			Property: "Lcl Translation", "Lcl Translation", "A+",0,90,0
			Property: "Lcl Rotation", "Lcl Rotation", "A+",0,90,0
			Property: "Lcl Scaling", "Lcl Scaling", "A+",1,1,1
		}
		TypeFlags: "Skeleton"
	}
	Model: "Model::Spine", "Limb" {
		Version: 232
		Properties60:  {
			Property: "Lcl Translation", "Lcl Translation", "A+",0,0,20
			Property: "Lcl Rotation", "Lcl Rotation", "A+",0,0,0
			Property: "Lcl Scaling", "Lcl Scaling", "A+",1,1,1
		}
		TypeFlags: "Skeleton"
	}
}
Connections:  {
	Connect: "OO", "Model::Hips", "Model::Scene"
	Connect: "OO", "Model::Spine", "Model::Hips"
}
"""


def test_text_of_version_6_is_read() -> None:
    motion = read(TEXT.encode()).motion
    assert motion.skeleton.joint_names == ("Hips", "Spine")
    np.testing.assert_allclose(positions(motion)[0], [[0, 0.9, 0], [0.2, 0.9, 0]], atol=1e-6)


@pytest.mark.parametrize("kept", [0.03, 0.2, 0.5, 0.8, 0.97])
def test_a_truncated_file_is_refused_in_one_line(kept: float) -> None:
    data = FbxFile(chain(), [Take("walk", keys=turns(chain()))]).data()
    with pytest.raises(PantomatrixError, match=r"^hero\.fbx: [^\n]+$"):
        read(data[: int(len(data) * kept)])


def test_damaged_bytes_end_in_one_line_or_in_a_motion() -> None:
    data = FbxFile(chain(), [Take("walk", keys=turns(chain()))]).data()
    random = np.random.default_rng(5)
    for _ in range(8):
        damaged = bytearray(data)
        for place in random.integers(27, len(data), 6):
            damaged[place] = random.integers(256)
        try:
            read(bytes(damaged))
        except PantomatrixError as error:
            assert "\n" not in str(error)


def test_a_file_that_kills_its_reader_is_a_damaged_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here by a limit on memory that not even its libraries fit into."""
    monkeypatch.setattr(read_fbx, "_BASE_BYTES", 1 << 20)
    monkeypatch.setattr(read_fbx, "_BYTES_PER_BYTE", 0)
    take = Take("walk", keys=turns(chain()), seconds=2000.0)
    with pytest.raises((FormatError, LimitError), match=r"^hero\.fbx: [^\n]+$"):
        read(FbxFile(chain(), [take]).data())


def test_time_is_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(read_fbx, "_SECONDS", 0.01)
    with pytest.raises(FormatError, match=r"^hero\.fbx: [^\n]*did not finish within 0\.01 s$"):
        read(FbxFile(chain()).data())


def test_a_file_of_years_is_refused_before_it_is_sampled() -> None:
    take = Take("walk", keys=turns(chain()), seconds=1e7)
    with pytest.raises(LimitError, match="300000001 frames, at most 2000000"):
        read(FbxFile(chain(), [take]).data())
    with pytest.raises(LimitError, match="12 frames, at most 5"):
        decode_motion(
            FbxFile(chain(), [Take("walk", keys=turns(chain()))]).data(), "hero.fbx", limits=ReadLimits(max_frames=5)
        )


def test_more_joints_than_a_skeleton_may_have() -> None:
    many = [Joint("j0"), *(Joint(f"j{at}", f"j{at - 1}", (0, 1, 0)) for at in range(1, 1100))]
    with pytest.raises(PantomatrixError, match=r"^hero\.fbx: "):
        read(FbxFile(many).data())


def test_records_nested_without_end() -> None:
    data = FbxFile(chain()).data()
    with pytest.raises((FormatError, LimitError), match=r"^hero: [^\n]+$"):
        FbxDocument(data[:27] + _nested(3000, 27), "hero")
    with pytest.raises(FormatError, match=r"^hero\.fbx: [^\n]+$"):
        read(data[:27] + _nested(3000, 27))


def _nested(depth: int, at: int) -> bytes:
    """Records in one another, each ending where the file does."""
    size = 13 + 1
    end = at + depth * size
    return b"".join(struct.pack("<IIIB", end, 0, 0, 1) + b"D" for _ in range(depth))


def test_neither_joints_nor_a_face() -> None:
    with pytest.raises(FormatError, match="neither joints nor an animated face"):
        read(FbxFile([Joint("Light", kind="Null")]).data())


def test_what_is_not_installed_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FORMATS, "fbx", replace(FORMATS["fbx"], has_reader=lambda: False))
    with pytest.raises(UnsupportedError, match=r'hero\.fbx: reading fbx needs more: pip install "\.\[fbx\]"'):
        decode_motion(FbxFile(chain()).data(), "hero.fbx", "fbx")
