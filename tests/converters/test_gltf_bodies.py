"""Characters and clips in glTF as other programs write them, held against three.js: which nodes are joints, and where they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from motions import angle_between
from pantomatrix_converters import rotations
from pantomatrix_converters.editing.options import MotionEdits
from pantomatrix_converters.editing.plan import edited
from pantomatrix_converters.formats import Loaded, Reading, load_motion
from pantomatrix_converters.formats.gltf.gltf_animation import find_clip
from pantomatrix_converters.formats.gltf.gltf_document import GltfReader
from pantomatrix_converters.formats.motion_format import ReadLimits
from pantomatrix_converters.kinematics import forward_kinematics
from strange_files import FPS, FRAMES, Glb, about, figure, mixamo, rig
from strangers import needs_node, run_node

pytestmark = pytest.mark.unit

DATA = Path(__file__).parents[1] / "data" / "strange_files"
HEAD = "mixamorig:Head"


def read(path: Path, clip: str = "") -> Loaded:
    return load_motion(path, reading=Reading(clip=clip))[1]


def places(path: Path, clip: str = "") -> dict[str, np.ndarray]:
    """Joint -> (T, 3) in the world."""
    motion = read(path, clip).motion
    at, _ = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)
    return {name: at[:, joint] for joint, name in enumerate(motion.skeleton.joint_names)}


def head_degrees(path: Path, fps: float = 30) -> np.ndarray:
    """(T,) how far the head is turned from the first frame."""
    motion = edited(read(path).motion, MotionEdits(fps=fps))[0]
    turns = motion.rotations_xyzw[:, motion.skeleton.index(HEAD)]
    return np.degrees(angle_between(turns, turns[:1]))


def farthest(path: Path, clip: int = 0) -> float:
    """How far a joint is from where three.js has its node, in metres, over all frames."""
    data = path.read_bytes()
    found = find_clip(
        GltfReader(data, path.name, 1 << 28, path.parent), ReadLimits(), str(clip + 1) if clip >= 0 else ""
    )
    assert found.body is not None
    at, _ = forward_kinematics(found.body.skeleton, found.body.rotations_xyzw, found.body.root_translation)
    seen = run_node("nodes.mjs", path, clip, *(f"{time + 2e-7:.8f}" for time in found.times))
    wanted = np.array([[frame["positions"][str(node)] for node in found.nodes] for frame in seen])
    return float(np.linalg.norm(wanted - at, axis=-1).max())


# ------------------------------------------------------------------------------------------------------ given files


def test_the_skin_of_a_head_is_not_the_character(strange_files: Path) -> None:
    assert len(read(strange_files / "head_skin_first.glb").motion.skeleton) == 52
    pose = load_motion(strange_files / "pose.npz")[1].motion
    edited(pose, MotionEdits(skeleton=read(strange_files / "head_skin_first.glb").motion.skeleton))


@pytest.mark.parametrize("file", ["webp_required.glb", "draco_mesh_plain_skeleton.glb"])
def test_extensions_of_pictures_and_meshes_do_not_matter(strange_files: Path, file: str) -> None:
    path = strange_files / file if (strange_files / file).exists() else DATA / file
    loaded = read(path)
    assert len(loaded.motion.skeleton) in (52, 22)
    assert loaded.notes == ()


def test_a_clip_needs_no_skin(strange_files: Path) -> None:
    motion = read(strange_files / "no_skin.glb").motion
    assert (len(motion), len(motion.skeleton), motion.fps) == (31, 52, 30)
    assert head_degrees(strange_files / "no_skin.glb")[-1] == pytest.approx(30, abs=0.01)


def test_time_0_is_the_clips(strange_files: Path) -> None:
    loaded = read(strange_files / "starts_at_half_a_second.glb")
    degrees = head_degrees(strange_files / "starts_at_half_a_second.glb")
    assert len(loaded.motion) == 46
    np.testing.assert_allclose(degrees, np.maximum(np.arange(46) - 15, 0), atol=0.01)
    assert "the first key is at 0.5 s" in loaded.notes[0]


def test_a_quick_track_beside_a_slow_one(strange_files: Path) -> None:
    degrees = head_degrees(strange_files / "keys_of_two_rates.glb")
    np.testing.assert_allclose(degrees[129:138], [0, 15, 30, 15, 0, 15, 30, 15, 0], atol=0.05)
    motion = read(strange_files / "keys_of_two_rates.glb").motion
    np.testing.assert_allclose(motion.root_translation[:, 2], 0.1 * np.arange(301) / 30, atol=1e-5)


def test_cubics_are_cubics(strange_files: Path) -> None:
    degrees = head_degrees(strange_files / "cubic.glb")
    chord = np.radians(40) / 2
    t = np.arange(31) / 30
    blend = 3 * t**2 - 2 * t**3  # Hermite's between two quaternions, tangents 0, made a unit again
    wanted = 2 * np.degrees(np.arctan2(blend * np.sin(chord), (1 - blend) + blend * np.cos(chord)))
    np.testing.assert_allclose(degrees[:31], wanted, atol=0.01)
    assert degrees[6] == pytest.approx(4.1, abs=0.1)


# --------------------------------------------------------------------------------------------- what three.js shows


def random_document(path: Path, seed: int, *, mirrored: bool = False, skin: bool = True) -> None:
    """A tree of joints under nodes that turn, scale and move, with channels of all kinds at times of their own."""
    random = np.random.default_rng(seed)
    glb = Glb()
    count, above = 12, 3
    parents = [-1, 0, 1, 2, *(random.integers(above, joint) for joint in range(above + 1, above + count))]
    turns = rotations.quat_from_axis_angle(random.normal(size=(above + count, 3)))
    for node, parent in enumerate(parents):
        entry = {"name": f"n{node}", "translation": random.normal(size=3).tolist(), "rotation": turns[node].tolist()}
        if node < above or random.random() < 0.3:
            entry["scale"] = [float(random.uniform(0.2, 2))] * 3
        glb.document["nodes"].append(entry)
        if parent >= 0:
            glb.document["nodes"][parent].setdefault("children", []).append(node)
    if mirrored:
        glb.document["nodes"][0]["scale"] = [1, 1, -1]
        glb.document["nodes"][1]["scale"] = [-2, -2, 2]
    if skin:
        glb.document["skins"] = [{"joints": list(range(above, above + count))}]
    tracks = []
    for node in range(0 if skin else above, above + count):
        start, keys = random.integers(0, 10), random.integers(2, 9)
        times = (start + np.sort(random.choice(30, keys, replace=False))) / 30
        kind = ["LINEAR", "STEP", "CUBICSPLINE"][random.integers(3)]
        values = rotations.quat_from_axis_angle(random.normal(size=(keys, 3)))
        if kind == "CUBICSPLINE":
            values = np.stack([random.normal(size=(keys, 4)), values, random.normal(size=(keys, 4))], 1).reshape(-1, 4)
        tracks.append((node, "rotation", times, values, kind))
        if node <= above:
            way = random.normal(size=(keys * (3 if kind == "CUBICSPLINE" else 1), 3))
            tracks.append((node, "translation", times, way, kind))
        if node == 1 and not mirrored:
            sizes = np.full((keys, 3), random.uniform(0.5, 2))
            tracks.append((node, "scale", times, sizes, "LINEAR"))
    glb.animate(tracks)
    glb.write(path)


@needs_node
@pytest.mark.parametrize("seed", range(6))
def test_every_joint_is_where_three_has_its_node(tmp_path: Path, seed: int) -> None:
    """Cubics, steps and slerps at times of their own; an armature that turns, moves and has another size in the clip."""
    random_document(tmp_path / "a.glb", seed)
    assert farthest(tmp_path / "a.glb") < 2e-4


@needs_node
@pytest.mark.parametrize("seed", range(3))
def test_under_mirrors_too(tmp_path: Path, seed: int) -> None:
    random_document(tmp_path / "a.glb", seed, mirrored=True)
    assert farthest(tmp_path / "a.glb") < 2e-4


@needs_node
def test_without_a_skin_too(tmp_path: Path) -> None:
    random_document(tmp_path / "a.glb", 7, skin=False)
    assert len(read(tmp_path / "a.glb").motion.skeleton) == 12
    assert farthest(tmp_path / "a.glb") < 2e-4


def person(armature=None, **more) -> tuple[Glb, list[str], np.ndarray]:
    names, parents, offsets = figure(mixamo("mixamorig:"))
    return rig(names, parents, offsets, armature, **more), names, offsets


@needs_node
def test_an_armature_that_carries_the_way(tmp_path: Path) -> None:
    """Root motion on the node above the hips, which has a quarter turn and scale 0.01 as Blender writes it."""
    names, parents, offsets = figure(mixamo("mixamorig:"))
    turn = about((1, 0, 0), -90.0)
    local = np.array([rotations.rotate(rotations.inverse(turn), offset) for offset in offsets]) * 100
    glb = rig(names, parents, local, {"rotation": turn.tolist(), "scale": [0.01] * 3})
    times = np.arange(FRAMES) / FPS
    glb.animate(
        [
            (len(names), "translation", times, np.outer(times, [1.0, 0, 2.0])),
            (len(names), "rotation", times, rotations.multiply(about((0, 1, 0), 90.0 * times), turn)),
        ]
    )
    glb.write(tmp_path / "a.glb")
    hips = places(tmp_path / "a.glb")["mixamorig:Hips"]
    np.testing.assert_allclose(hips[-1], [1, 0.94, 2], atol=1e-5)
    assert farthest(tmp_path / "a.glb") < 1e-5
    assert read(tmp_path / "a.glb").notes == ()


@needs_node
def test_hips_that_move_in_a_root_that_does_not(tmp_path: Path) -> None:
    """Unreal's way without root motion: the body is where three.js has it, and the way is the root's."""
    names, parents, offsets = figure(mixamo("mixamorig:"))
    glb = rig(
        ["root", *names, "ik"], [-1, *(parent + 1 for parent in parents), 0], np.array([[0, 0, 0], *offsets, [0, 0, 0]])
    )
    times = np.arange(FRAMES) / FPS
    turns = about((0, 1, 0), 60.0 * times)
    glb.animate(
        [
            (1, "translation", times, np.array([0, 0.94, 0]) + np.outer(times, [0.4, 0, 1])),
            (1, "rotation", times, turns),
        ]
    )
    glb.write(tmp_path / "a.glb")
    at = places(tmp_path / "a.glb")
    np.testing.assert_allclose(at["mixamorig:Hips"][-1], [0.4, 0.94, 1], atol=1e-5)
    seen = run_node("nodes.mjs", tmp_path / "a.glb", 0, "0.5")[0]["positions"]
    np.testing.assert_allclose(
        at["mixamorig:LeftFoot"][15], seen[str(1 + names.index("mixamorig:LeftFoot"))], atol=1e-5
    )
    assert "'mixamorig:Hips' moves under 'root': the root goes that way" in read(tmp_path / "a.glb").notes[0]


@needs_node
def test_scales_that_differ_by_direction(tmp_path: Path) -> None:
    """On a joint of no children they say nothing; above others, places at rest are exact and a note says the rest."""
    glb, names, _ = person()
    glb.document["nodes"][names.index(HEAD)]["scale"] = [1, 2, 3]
    glb.write(tmp_path / "leaf.glb")
    assert read(tmp_path / "leaf.glb").notes == ()
    glb, names, _ = person()
    glb.document["nodes"][names.index("mixamorig:Spine")]["scale"] = [1, 1.2, 1]
    glb.write(tmp_path / "trunk.glb")
    assert "is not the same in all directions ('mixamorig:Spine' first)" in read(tmp_path / "trunk.glb").notes[0]
    assert farthest(tmp_path / "trunk.glb", -1) < 1e-5


# ------------------------------------------------------------------------------------------------ which are joints


def test_skins_that_list_only_what_moves_their_vertices(tmp_path: Path) -> None:
    """As FBX2glTF writes a figure in pieces: legs, trunk and head, and no mesh on the hips."""
    names, parents, offsets = figure(mixamo("mixamorig:"))
    legs = [at for at, name in enumerate(names) if "Leg" in name or "Foot" in name or "Toe" in name]
    head = [names.index("mixamorig:Neck"), names.index(HEAD)]
    trunk = [at for at in range(1, len(names)) if at not in legs and at not in head]
    rig(names, parents, offsets, skins=[head, legs, trunk]).write(tmp_path / "a.glb")
    loaded = read(tmp_path / "a.glb")
    assert (loaded.motion.skeleton.joint_names[0], len(loaded.motion.skeleton)) == ("mixamorig:Hips", 52)
    assert loaded.notes == ()


def test_of_two_characters_the_larger_or_the_one_that_the_clip_moves(tmp_path: Path) -> None:
    names, parents, offsets = figure(mixamo("mixamorig:"))
    count = len(names)
    double = ["stage", *names, *(f"{name}.001" for name in names[:-6])]
    above = [
        -1,
        *(max(parent + 1, 0) for parent in parents),
        *(parent + count + 1 if parent >= 0 else 0 for parent in parents[:-6]),
    ]
    spots = np.concatenate([[[0, 0, 0]], offsets, offsets[:-6]])
    second = list(range(count + 1, len(double)))
    glb = rig(double, above, spots, skins=[second, list(range(1, count + 1))])
    times, nods = np.arange(3) / 30, about((1, 0, 0), np.array([0.0, 10.0, 20.0]))
    for joint in (names.index(HEAD) + 1, second[names.index(HEAD)]):
        glb.animate([(joint, "rotation", times, nods)])
    glb.write(tmp_path / "a.glb")
    loaded = read(tmp_path / "a.glb")
    assert loaded.motion.skeleton.joint_names[0] == "mixamorig:Hips"
    assert len(loaded.motion.skeleton) == count
    assert f"{count - 6} joints that do not hang on 'mixamorig:Hips' are left out" in loaded.notes[0]
    other = read(tmp_path / "a.glb", "2").motion
    assert other.skeleton.joint_names[0] == "mixamorig:Hips.001"
    head = other.rotations_xyzw[:, other.skeleton.index(f"{HEAD}.001")]
    np.testing.assert_allclose(np.degrees(angle_between(head, head[:1])), [0, 10, 20], atol=1e-3)


def test_a_clip_without_a_skin_under_an_armature_beside_a_camera(tmp_path: Path) -> None:
    names, parents, offsets = figure(mixamo("mixamorig:"))
    glb = rig(names, parents, offsets, {"scale": [2.0] * 3}, skins=[])
    nodes = glb.document["nodes"]
    nodes[len(names)]["children"].append(len(nodes))
    nodes.append({"name": "camera", "camera": 0})
    glb.document["cameras"] = [{"type": "perspective", "perspective": {"yfov": 1, "znear": 0.1}}]
    glb.animate([(names.index(HEAD), "rotation", [0, 1], about((0, 1, 0), np.array([0.0, 30.0])))])
    glb.write(tmp_path / "a.glb")
    motion = read(tmp_path / "a.glb").motion
    assert (motion.skeleton.joint_names[0], len(motion.skeleton)) == ("mixamorig:Hips", 52)
    assert motion.root_translation[0, 1] == pytest.approx(1.88)


def test_eyes_that_no_mesh_is_bound_to_move_as_well(tmp_path: Path) -> None:
    glb, names, _ = person()
    nodes = glb.document["nodes"]
    nodes[names.index(HEAD)]["children"] = [len(nodes)]
    nodes.append({"name": "eyes", "translation": [0, 0.08, 0.1]})
    glb.animate([(len(nodes) - 1, "rotation", [0, 1], about((0, 1, 0), np.array([0.0, 20.0])))])
    glb.write(tmp_path / "a.glb")
    motion = read(tmp_path / "a.glb").motion
    eyes = motion.rotations_xyzw[:, motion.skeleton.index("eyes")]
    assert np.degrees(angle_between(eyes[0], eyes[-1])) == pytest.approx(20, abs=0.01)


# ------------------------------------------------------------------------------------------------------- rest pose


def bound_in(path: Path, node_degrees: float, bind_degrees: float, **more) -> None:
    """A figure whose left elbow is bent so far in its nodes, and so far in the pose that its mesh was bound in."""
    names, parents, offsets = figure(mixamo("mixamorig:"))
    glb = rig(names, parents, offsets, **more)
    elbow = names.index("mixamorig:LeftForeArm")
    glb.document["nodes"][elbow]["rotation"] = about((0, 1, 0), -node_degrees).tolist()
    world, inverse = np.zeros((len(names), 4, 4)), []
    for joint, parent in enumerate(parents):
        local = np.eye(4)
        local[:3, 3] = offsets[joint]
        if joint == elbow:
            local[:3, :3] = rotations.matrix_from_quat(about((0, 1, 0), -bind_degrees))
        world[joint] = local if parent < 0 else world[parent] @ local
        inverse.append(np.linalg.inv(world[joint]).T.reshape(-1))
    glb.document["skins"][0]["inverseBindMatrices"] = glb.array(np.array(inverse))
    glb.write(path)


@pytest.mark.parametrize(("node", "bind", "rest"), [(70, 0, 0), (0, 45, 0), (30, 30, 30), (2, 0, 2)])
def test_the_straighter_pose_is_the_rest_pose(tmp_path: Path, node: float, bind: float, rest: float) -> None:
    """Nodes saved in some frame of a clip; nodes in a T-pose of a character bound in an A-pose; both the same; nearly so."""
    bound_in(tmp_path / "a.glb", node, bind)
    loaded = read(tmp_path / "a.glb")
    skeleton = loaded.motion.skeleton
    turn = skeleton.rest_rotations_xyzw[skeleton.index("mixamorig:LeftForeArm")]
    assert np.degrees(angle_between(turn, rotations.IDENTITY_XYZW)) == pytest.approx(rest, abs=0.01)
    assert bool(loaded.notes) == (node == 70)


def test_a_vrm_stands_in_its_rest_pose(tmp_path: Path) -> None:
    names = list(figure(mixamo("mixamorig:"))[0])
    bones = {"hips": {"node": 0}, "head": {"node": names.index(HEAD)}}
    vrm = {"extensions": {"VRMC_vrm": {"specVersion": "1.0", "humanoid": {"humanBones": bones}}}}
    bound_in(tmp_path / "a.vrm", 70, 0, extra=vrm)
    skeleton = read(tmp_path / "a.vrm").motion.skeleton
    turn = skeleton.rest_rotations_xyzw[skeleton.index("mixamorig:LeftForeArm")]
    assert np.degrees(angle_between(turn, rotations.IDENTITY_XYZW)) == pytest.approx(70, abs=0.01)
