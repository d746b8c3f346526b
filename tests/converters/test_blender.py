"""FBX, glTF and BVH as Blender has them (the package bpy, for those who have it), and USD as UsdSkel has it."""

from __future__ import annotations

import json
import textwrap
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from blender import imported, in_blender, needs_blender
from motions import angle_between, random_motion
from pantomatrix_converters import rotations
from pantomatrix_converters.coordinates import BLENDER
from pantomatrix_converters.errors import UnsupportedError
from pantomatrix_converters.formats import encode_motion
from pantomatrix_converters.formats.fbx.own_process import has_blender
from pantomatrix_converters.kinematics import forward_kinematics
from pantomatrix_converters.motion import Motion, face_motion
from pantomatrix_converters.retargeting.retarget import Retargeting
from pantomatrix_converters.skeleton import load_skeleton

pytestmark = pytest.mark.client

FACTS = json.loads((Path(__file__).parents[1] / "data" / "engine_skeletons.json").read_text())["targets"]
FRAMES = (0, 7, 19)

IN_BLENDER = textwrap.dedent("""
    frames = json.loads(sys.argv[-1])
    armature = next(thing for thing in bpy.data.objects if thing.type == "ARMATURE")
    action = armature.animation_data.action
    first = int(action.frame_range[0])
    seen = []
    for frame in frames:
        bpy.context.scene.frame_set(first + frame)
        places = {bone.name: list((armature.matrix_world @ bone.matrix).translation) for bone in armature.pose.bones}
        keys = [thing.data.shape_keys for thing in bpy.data.objects if thing.type == "MESH" and thing.data.shape_keys]
        weights = {block.name: block.value for shapes in keys for block in shapes.key_blocks}
        seen.append({"positions": places, "weights": weights})
    shapes = {}
    for thing in bpy.data.objects:
        if thing.type == "MESH" and thing.data.shape_keys:
            for block in thing.data.shape_keys.key_blocks[1:]:
                away = [(key.co - base.co).length * max(thing.matrix_world.to_scale()) for key, base in zip(block.data, block.relative_key.data)]
                shapes[block.name] = away
    rest = {bone.name: [list(row) for row in (armature.matrix_world @ bone.matrix_local).to_3x3().normalized()] for bone in armature.data.bones}
    print("SEEN" + json.dumps({"frames": seen, "rest": rest, "shapes": shapes, "fps": bpy.context.scene.render.fps, "length": action.frame_range[1] - first + 1}))
""")


def on(name: str) -> Motion:
    motion = random_motion(20)
    return Retargeting(motion.skeleton, load_skeleton(name)).apply(motion)


def blender(path: Path) -> dict:
    return in_blender(imported(path) + IN_BLENDER, json.dumps(FRAMES))


@needs_blender
@pytest.mark.parametrize("ending", ["fbx", "glb", "bvh"])
@pytest.mark.parametrize("name", ["smplx", "ue5_manny", "mixamo", "beat_vicon75"])
def test_blender_has_every_joint_in_its_place(tmp_path: Path, name: str, ending: str) -> None:
    motion, path = on(name), tmp_path / f"take.{ending}"
    path.write_bytes(encode_motion(motion, ending).data)
    seen = blender(path)
    assert (seen["fps"], seen["length"]) == (30, 20)
    positions, _ = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)
    wanted = BLENDER.positions_from_canonical(positions)
    assert motion.face is not None
    for frame, found in zip(FRAMES, seen["frames"], strict=True):
        for at, joint in enumerate(motion.skeleton.joint_names):
            if joint == "root" and ending == "fbx":  # Unreal's stands on the ground, whatever the height of the body
                assert abs(found["positions"][joint][2]) < 1e-3
            else:
                np.testing.assert_allclose(found["positions"][joint], wanted[frame, at], atol=1e-3)
        if ending != "bvh":
            weights = [found["weights"][curve] for curve in motion.face.names]
            np.testing.assert_allclose(weights, motion.face.weights[frame], atol=1e-4)
    if ending == "fbx":
        assert list(seen["shapes"]) == list(motion.face.names)
        for away in seen["shapes"].values():
            np.testing.assert_allclose(away, [0, 0, 1e-4], atol=1e-7)


@needs_blender
def test_blender_reads_16_bit_numbers_and_fewer_keys(tmp_path: Path) -> None:
    """Joints turn slowly enough for keys to be left out; fingers, after ten joints of a tenth of a degree, are within 1 cm."""
    motion, path = on("smplx"), tmp_path / "take.glb"
    slow = rotations.slerp(motion.rotations_xyzw[0], motion.rotations_xyzw[1], np.linspace(0, 0.5, 20)[:, None])
    motion = replace(motion, rotations_xyzw=slow.astype(np.float32))
    path.write_bytes(encode_motion(motion, "glb", reduce_degrees=0.1).data)
    seen = blender(path)
    assert seen["length"] == 20
    positions, _ = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)
    wanted = BLENDER.positions_from_canonical(positions)
    for frame, found in zip(FRAMES, seen["frames"], strict=True):
        for at, joint in enumerate(motion.skeleton.joint_names):
            np.testing.assert_allclose(found["positions"][joint], wanted[frame, at], atol=1e-2)


@needs_blender
@pytest.mark.parametrize("name", ["ue5_manny", "ue4_mannequin"])
def test_an_fbx_has_the_axes_of_unreals_own(tmp_path: Path, name: str) -> None:
    path = tmp_path / "take.fbx"
    path.write_bytes(encode_motion(on(name), "fbx").data)
    rest = blender(path)["rest"]
    for joint, wanted in FACTS[name]["fbx_rest_xyzw"].items():
        seen = rotations.quat_from_matrix(BLENDER.basis_from_canonical.T @ np.array(rest[joint]))
        assert angle_between(seen, rotations.normalize(wanted)) < 2e-3, joint


@needs_blender
def test_a_face_alone_and_a_body_alone(tmp_path: Path) -> None:
    motion = random_motion(20)
    assert motion.face is not None
    assert encode_motion(face_motion(motion.face, 30), "fbx").data.startswith(b"Kaydara FBX Binary")
    assert encode_motion(random_motion(20, face=False), "fbx").data.startswith(b"Kaydara FBX Binary")


@pytest.mark.skipif(has_blender(), reason="Blender is installed")
def test_without_blender_the_request_says_what_to_install() -> None:
    with pytest.raises(UnsupportedError, match=r'pip install "\.\[fbx\]"'):
        encode_motion(random_motion(2), "fbx")


@pytest.mark.skipif(find_spec("pxr") is None, reason="usd-core is not installed")
@pytest.mark.parametrize("name", ["smplx", "ue5_manny", "mixamo"])
def test_usdskel_has_every_joint_in_its_place(tmp_path: Path, name: str) -> None:
    from pxr import Usd, UsdGeom, UsdSkel  # pyright: ignore

    motion, path = on(name), tmp_path / "take.usdc"
    path.write_bytes(encode_motion(motion, "usd").data)
    stage = Usd.Stage.Open(str(path))
    assert (stage.GetTimeCodesPerSecond(), stage.GetEndTimeCode()) == (30, 19)
    assert UsdGeom.GetStageUpAxis(stage) == "Y"
    cache = UsdSkel.Cache()
    cache.Populate(UsdSkel.Root(stage.GetDefaultPrim()), Usd.PrimDefaultPredicate)
    query = cache.GetSkelQuery(UsdSkel.Skeleton(stage.GetPrimAtPath("/Motion/Skeleton")))
    positions, _ = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)
    for frame in FRAMES:
        places = np.array(query.ComputeJointSkelTransforms(frame))[:, 3, :3]
        np.testing.assert_allclose(places, positions[frame], atol=1e-5)
    animation = query.GetAnimQuery()
    assert motion.face is not None
    assert list(animation.GetBlendShapeOrder()) == list(motion.face.names)
    np.testing.assert_allclose(animation.ComputeBlendShapeWeights(7), motion.face.weights[7], atol=1e-6)
