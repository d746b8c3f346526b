"""The user's own character with a clip in it: the file as it was, and what other people's programs see moving."""

from __future__ import annotations

import base64
import json
import struct
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import pantomatrix as pm
from blender import imported, in_blender, needs_blender
from folders import DATA
from pantomatrix.errors import LossWarning
from pantomatrix_converters import rotations as r
from pantomatrix_converters.coordinates import BLENDER
from pantomatrix_converters.errors import FormatError, PantomatrixError, UnsupportedError
from pantomatrix_converters.face.face_maps import parse_face_map
from pantomatrix_converters.face.rigs import ARKIT52
from pantomatrix_converters.formats import decode_motion, encode_motion
from pantomatrix_converters.formats.gltf.glb_chunks import BINARY_CHUNK, JSON_CHUNK, chunks_of, glb_of
from pantomatrix_converters.kinematics import forward_kinematics
from pantomatrix_converters.motion import FaceCurves, Motion, face_motion
from strangers import needs_node, run_node

pytestmark = pytest.mark.unit

QUARTER = [-(0.5**0.5), 0.0, 0.0, 0.5**0.5]
TOLERANCE_METRES = 1e-4


def document_of(data: bytes) -> dict[str, Any]:
    return json.loads(dict(chunks_of(data, "file"))[JSON_CHUNK])


def with_document(data: bytes, change: Any) -> bytes:
    """A .glb whose JSON was changed in place."""
    chunks = chunks_of(data, "file")
    document = json.loads(dict(chunks)[JSON_CHUNK])
    change(document)
    others = [entry for entry in chunks if entry[0] not in (JSON_CHUNK, BINARY_CHUNK)]
    return glb_of(document, [dict(chunks).get(BINARY_CHUNK, b"")], others)


def moved(character: Path | bytes, motion: Motion, **edits: Any) -> tuple[Motion, bytes]:
    """A motion on a character, and the character's file with it."""
    skeleton = decode_motion(character if isinstance(character, bytes) else character.read_bytes(), "hero.glb")[1]
    on_it = pm.convert(motion, skeleton=skeleton.motion.skeleton, **edits)
    return on_it, encode_motion(on_it, "glb").data


@pytest.fixture(scope="module")
def pose() -> Motion:
    motion = pm.load(DATA / "strange_files" / "left_arm.npz")
    return replace(motion, face=None)


@pytest.fixture(scope="module")
def armature() -> bytes:
    """A quarter turn and a scale of 0.01 stand above its hips. It has a mesh, a triangle, and bytes of no known meaning."""
    data = (DATA / "strange_files" / "armature_scaled.glb").read_bytes()
    document = document_of(data)
    corners = np.array([[0, 0, 0], [1, 0, 0], [0, 1, 0]], "<f4").tobytes()
    document["buffers"] = [{"byteLength": len(corners) + 7}]
    document["bufferViews"] = [{"buffer": 0, "byteLength": len(corners)}]
    bounds = {"min": [0, 0, 0], "max": [1, 1, 0]}
    document["accessors"] = [{"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3", **bounds}]
    document["meshes"] = [{"name": "Body", "primitives": [{"attributes": {"POSITION": 0}}]}]
    document["nodes"].append({"name": "Body", "mesh": 0})
    document["scenes"][0]["nodes"].append(len(document["nodes"]) - 1)
    return glb_of(document, [corners + b"\x01\xff\x02packd"[:7]])


def above(turn: list[float], scale: float | list[float], place: list[float]) -> Any:
    def change(document: dict[str, Any]) -> None:
        roots = document["scenes"][0]["nodes"]
        document["nodes"] += [
            {
                "name": "Armature",
                "rotation": turn,
                "scale": scale if isinstance(scale, list) else [scale] * 3,
                "children": roots,
            },
            {"name": "Stage", "translation": place, "children": [len(document["nodes"])]},
        ]
        document["scenes"][0]["nodes"] = [len(document["nodes"]) - 1]

    return change


# ------------------------------------------------------------------------------------------------------------ its own nodes


@needs_node
@pytest.mark.parametrize(
    ("turn", "scale", "place"),
    [
        ([0, 0, 0, 1], 1.0, [0, 0, 0]),
        ([0, 0, 0, 1], 100.0, [0, 0, 0]),
        ([0, 0, 0, 1], 0.01, [1, 0, -2]),
        (QUARTER, 1.0, [0, 0, 0]),
        ([0, 0.3826834323650898, 0, 0.9238795325112867], 3.0, [-1, 0.5, 0]),
        ([0, 0, 0, 1], [-1.0, 1.0, -1.0], [0, 0, 0.5]),
    ],
)
def test_it_plays_on_the_nodes_of_the_file(
    turn: list[float],
    scale: float | list[float],
    place: list[float],
    armature: bytes,
    pose: Motion,
    tmp_path: Path,
) -> None:
    """Whatever stands above them, as three.js has it."""
    hero = with_document(armature, above(turn, scale, place))
    motion, data = moved(hero, pose)
    plays_alike(motion, data, tmp_path)
    assert document_of(data)["nodes"] == document_of(hero)["nodes"]


@needs_node
def test_the_cases(strange_files: Path, tmp_path: Path) -> None:
    for name, source in (("armature.glb", "pose.npz"), ("faces_back.glb", "pose.npz")):
        motion, data = moved(strange_files / name, pm.load(strange_files / source))
        plays_alike(motion, data, tmp_path)
    armature = document_of((tmp_path / "out.glb").read_bytes())
    assert armature["animations"][0]["name"] == "pantomatrix"


@needs_node
def test_joints_given_as_matrices(armature: bytes, pose: Motion, tmp_path: Path) -> None:
    """They may not be animated, so those that move say the same in three parts; the others stay."""

    def as_matrices(document: dict[str, Any]) -> None:
        for node in document["nodes"]:
            if "mesh" in node:
                continue
            matrix = np.eye(4)
            matrix[:3, :3] = r.matrix_from_quat(node.pop("rotation", [0, 0, 0, 1])) * node.pop("scale", [1, 1, 1])
            matrix[:3, 3] = node.pop("translation", [0, 0, 0])
            node["matrix"] = matrix.T.reshape(-1).tolist()

    hero = with_document(armature, as_matrices)
    motion, data = moved(hero, pose)
    plays_alike(motion, data, tmp_path)
    document = document_of(data)
    targets = {channel["target"]["node"] for channel in document["animations"][0]["channels"]}
    for index, (node, before) in enumerate(zip(document["nodes"], document_of(hero)["nodes"], strict=True)):
        assert ("matrix" in node) == ("matrix" in before and index not in targets)


@needs_node
def test_bones_that_a_clip_makes_longer(armature: bytes, pose: Motion, tmp_path: Path) -> None:
    """The body that a file shows is that of its clip, so the new clip keeps these lengths."""

    def lengthen(document: dict[str, Any]) -> None:
        clip = animation_of(document)
        clip["channels"][0]["target"]["node"] = next(
            at for at, node in enumerate(document["nodes"]) if node["name"] == "LeftForeArm"
        )
        document["animations"] = [clip]

    motion, data = moved(with_document(armature, lengthen), pose)
    plays_alike(motion, data, tmp_path)


@needs_node
def test_a_joint_with_a_half_turn_in_its_scale(armature: bytes, pose: Motion, tmp_path: Path) -> None:
    def turn(document: dict[str, Any]) -> None:
        node = next(node for node in document["nodes"] if node["name"] == "Spine1")
        half = r.multiply(node.get("rotation", [0, 0, 0, 1]), [0, 0, 1, 0])
        node |= {"rotation": half.tolist(), "scale": [-1, -1, 1]}

    hero = with_document(armature, turn)
    motion, data = moved(hero, pose)
    plays_alike(motion, data, tmp_path)
    there, before = places(motion), places(moved(armature, pose)[0])
    np.testing.assert_allclose(there, before, atol=1e-4)


def plays_alike(motion: Motion, data: bytes, folder: Path) -> None:
    path = folder / "out.glb"
    path.write_bytes(data)
    assert run_node("validate.mjs", path)[str(path)]["errors"] == 0
    positions, _ = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)
    frames = (0, len(motion) // 2, len(motion) - 2)
    seen = run_node("positions.mjs", path, *(frame / motion.fps for frame in frames))
    for frame, there in zip(frames, seen, strict=True):
        assert set(there["positions"]) >= set(motion.skeleton.joint_names)
        for at, joint in enumerate(motion.skeleton.joint_names):
            np.testing.assert_allclose(
                there["positions"][joint], positions[frame, at], atol=TOLERANCE_METRES, rtol=1e-5
            )


def animation_of(document: dict[str, Any]) -> dict[str, Any]:
    """One key that puts the first joint elsewhere, in bytes of the mesh."""
    document["bufferViews"].append({"buffer": 0, "byteLength": 36})
    view = len(document["bufferViews"]) - 1
    document["accessors"] += [
        {"bufferView": view, "componentType": 5126, "count": 1, "type": "SCALAR", "min": [0], "max": [0]},
        {"bufferView": view, "byteOffset": 12, "componentType": 5126, "count": 1, "type": "VEC3"},
    ]
    sampler = {"input": len(document["accessors"]) - 2, "output": len(document["accessors"]) - 1}
    joint = document["skins"][0]["joints"][0]
    return {"samplers": [sampler], "channels": [{"sampler": 0, "target": {"node": joint, "path": "translation"}}]}


SEEN = """
armature = next(thing for thing in bpy.data.objects if thing.type == "ARMATURE")
shapes = [thing.data.shape_keys for thing in bpy.data.objects if thing.type == "MESH" and thing.data.shape_keys]
seen = []
for frame in json.loads(sys.argv[-1]):
    bpy.context.scene.frame_set(frame)
    places = {bone.name: list((armature.matrix_world @ bone.matrix).translation) for bone in armature.pose.bones}
    weights = {block.name: block.value for shape in shapes for block in shape.key_blocks}
    seen.append({"positions": places, "weights": weights})
print("SEEN" + json.dumps(seen))
"""


@needs_blender
def test_blender_has_every_joint_in_its_place(armature: bytes, pose: Motion, tmp_path: Path) -> None:
    """The clip is what it shows, although the file had another; shapes move as well."""

    def furnish(document: dict[str, Any]) -> None:
        head("Jaw_Open", "Eye_Blink_L", "Eye_Blink_R")(document)
        document["animations"] = [{"name": "idle", **animation_of(document)}]

    motion, data = moved(with_document(armature, furnish), with_face(pose, jawOpen=0.8))
    path = tmp_path / "out.glb"
    path.write_bytes(data)
    frames = (0, len(motion) // 2, len(motion) - 1)
    seen = in_blender(imported(path) + SEEN, json.dumps(frames))
    wanted = BLENDER.positions_from_canonical(places(motion))
    for frame, there in zip(frames, seen, strict=True):
        for at, joint in enumerate(motion.skeleton.joint_names):
            np.testing.assert_allclose(there["positions"][joint], wanted[frame, at], atol=1e-4)
        assert there["weights"]["Jaw_Open"] == pytest.approx(0.8 * frame / (len(motion) - 1), abs=1e-4)


def test_what_does_not_move_has_no_channel(armature: bytes, pose: Motion) -> None:
    motion, data = moved(armature, pose)
    document = document_of(data)
    channels = {
        (channel["target"]["node"], channel["target"]["path"]) for channel in document["animations"][0]["channels"]
    }
    nodes = motion.skeleton.character.nodes
    rest = motion.skeleton.rest_rotations_xyzw
    for joint, node in enumerate(nodes):
        away = 1 - np.abs(motion.rotations_xyzw[:, joint].astype(float) @ rest[joint]).min()
        if away > 1e-6:
            assert (node, "rotation") in channels
        if away < 1e-12:
            assert (node, "rotation") not in channels
    assert 1 < len(channels) < len(nodes)


def test_a_body_of_another_size_stands_on_its_own_feet(armature: bytes, pose: Motion) -> None:
    """Nothing in the file grows by --scale, so the way of its hips does not either; that is said."""
    motion, data = moved(armature, pose)
    larger, same = moved(armature, pose, scale=2.0)
    assert any("2 times as large" in note for note in encode_motion(larger, "glb").notes)
    assert (larger.root_translation / motion.root_translation).max() == pytest.approx(2)
    np.testing.assert_allclose(
        decode_motion(same)[1].motion.root_translation, decode_motion(data)[1].motion.root_translation, atol=1e-6
    )


# ------------------------------------------------------------------------------------------------------------ the file


def test_the_file_stays_what_it_was(armature: bytes, pose: Motion) -> None:
    """Bytes of buffers, other chunks, what nobody here knows, and the animations that were in it."""

    def furnish(document: dict[str, Any]) -> None:
        document["materials"] = [{"name": "skin", "extensions": {"EXT_of_somebody": {"x": [1, {"y": "ü"}]}}}]
        document["extensionsUsed"] = ["EXT_of_somebody"]
        document["asset"]["generator"] = "somebody's"
        document["animations"] = [{"name": "pantomatrix", "channels": [], "samplers": []}, {"name": "idle"}]
        document["extras"] = {"number": 0.1, "large": 12345678901234567890}

    hero = with_document(armature, furnish)
    extra = struct.pack("<II", 8, 0x31323334) + b"whatever"
    hero = hero[:8] + struct.pack("<I", len(hero) + len(extra)) + hero[12:] + extra
    before, chunks = document_of(hero), dict(chunks_of(hero, "hero"))
    skeleton = decode_motion(with_document(hero, lambda document: document.pop("animations")))[1].motion.skeleton
    skeleton = replace(skeleton, character=replace(skeleton.character, document=hero))
    encoded = encode_motion(pm.convert(pose, skeleton=skeleton), "glb")
    after, kept = document_of(encoded.data), dict(chunks_of(encoded.data, "out"))
    assert kept[BINARY_CHUNK].startswith(chunks[BINARY_CHUNK][: before["buffers"][0]["byteLength"]])
    assert kept[0x31323334] == b"whatever"
    assert [entry.get("name") for entry in after["animations"]] == ["pantomatrix.2", "pantomatrix", "idle"]
    assert after["animations"][1:] == before["animations"]
    assert any("'pantomatrix.2'" in note for note in encoded.notes)
    assert after["buffers"][0]["byteLength"] == len(kept[BINARY_CHUNK])
    for key, value in before.items():
        if key in ("accessors", "bufferViews"):
            assert after[key][: len(value)] == value
        elif key not in ("animations", "buffers"):
            assert after[key] == value


@needs_node
def test_a_document_in_text_keeps_its_buffers_there(armature: bytes, pose: Motion, tmp_path: Path) -> None:
    chunks = dict(chunks_of(armature, "hero"))
    document = json.loads(chunks[JSON_CHUNK])
    content = base64.b64encode(chunks[BINARY_CHUNK]).decode()
    document["buffers"][0]["uri"] = f"data:application/octet-stream;base64,{content}"
    motion, data = moved(json.dumps(document).encode(), pose)
    after = document_of(data)
    assert after["buffers"][0] == document["buffers"][0]
    assert len(after["buffers"]) == 2
    plays_alike(motion, data, tmp_path)


def test_files_beside_it_are_named(armature: bytes, pose: Motion) -> None:
    hero = with_document(armature, lambda document: document.setdefault("images", []).append({"uri": "skin.png"}))
    motion, data = moved(hero, pose)
    assert any("skin.png" in note for note in encode_motion(motion, "glb").notes)
    assert document_of(data)["images"] == [{"uri": "skin.png"}]


def test_the_clip_alone(armature: bytes, pose: Motion) -> None:
    motion, data = moved(armature, pose)
    lean = encode_motion(motion, "glb", clip_only=True).data
    assert len(document_of(lean)["animations"]) == 1
    assert document_of(lean)["asset"]["generator"] == "pantomatrix"
    again = decode_motion(lean)[1].motion
    assert again.skeleton.character is None
    read = decode_motion(data)[1].motion
    for one, other in zip(places(again), places(read), strict=True):
        np.testing.assert_allclose(one, other, atol=1e-5)


def places(motion: Motion) -> np.ndarray:
    return forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)[0]


def test_python_and_files(armature: bytes, tmp_path: Path, pose: Motion) -> None:
    hero = tmp_path / "hero.glb"
    hero.write_bytes(armature)
    motion = pm.convert(pose, tmp_path / "out.glb", skeleton=hero)
    np.testing.assert_allclose(places(pm.load(tmp_path / "out.glb")), places(motion), atol=1e-5)
    pm.convert(pose, tmp_path / "lean.glb", skeleton=hero, clip_only=True)
    assert len(document_of((tmp_path / "lean.glb").read_bytes())["animations"]) == 1
    pm.save(motion, tmp_path / "out.bvh")
    assert pm.load(tmp_path / "out.bvh").skeleton.character is None


@needs_node
def test_edits_of_its_own_clip_go_back_too(armature: bytes, pose: Motion, tmp_path: Path) -> None:
    """A clip on a character is read, changed and written into the same file, before the one that was there."""
    _, data = moved(armature, pose)
    changed = pm.convert(decode_motion(data)[1].motion, mirror=True, fps=20)
    again = encode_motion(changed, "glb").data
    assert [entry["name"] for entry in document_of(again)["animations"]] == ["pantomatrix.2", "pantomatrix"]
    plays_alike(changed, again, tmp_path)


@pytest.mark.skipif(find_spec("meshopt") is not None, reason="what unpacks meshopt is installed")
def test_a_packed_clip_of_the_file_is_not_needed(armature: bytes, pose: Motion, tmp_path: Path) -> None:
    """As motion it is refused, since nothing here unpacks it; as a skeleton the file is plain, and comes back packed."""

    def pack(document: dict[str, Any]) -> None:
        document["animations"] = [animation_of(document)]
        packed = {"buffer": 0, "byteLength": 36, "byteStride": 12, "count": 3, "mode": "ATTRIBUTES"}
        document["bufferViews"][-1]["extensions"] = {"EXT_meshopt_compression": packed}
        document["extensionsUsed"] = document["extensionsRequired"] = ["EXT_meshopt_compression"]

    hero = tmp_path / "hero.glb"
    hero.write_bytes(with_document(armature, pack))
    with pytest.raises(UnsupportedError, match="meshopt"):
        pm.load(hero)
    pm.convert(pose, tmp_path / "out.glb", skeleton=hero)
    before, after = (document_of((tmp_path / name).read_bytes()) for name in ("hero.glb", "out.glb"))
    assert after["extensionsRequired"] == ["EXT_meshopt_compression"]
    assert after["bufferViews"][: len(before["bufferViews"])] == before["bufferViews"]
    assert after["animations"][1:] == before["animations"]


def test_a_vrm_stays_one(armature: bytes, pose: Motion, tmp_path: Path) -> None:
    hero = tmp_path / "hero.vrm"
    extension = {"specVersion": "1.0", "humanoid": {"humanBones": {}}}
    hero.write_bytes(with_document(armature, lambda d: d.update(extensions={"VRMC_vrm": extension})))
    pm.convert(pose, tmp_path / "out.vrm", skeleton=hero)
    after = document_of((tmp_path / "out.vrm").read_bytes())
    assert after["extensions"] == {"VRMC_vrm": extension}
    assert after["animations"][0]["name"] == "pantomatrix"
    with pytest.raises(UnsupportedError, match="--skeleton CHARACTER.vrm"):
        pm.save(pose, tmp_path / "none.vrm")
    (tmp_path / "plain.glb").write_bytes(armature)
    with pytest.raises(UnsupportedError, match="no VRM"):
        pm.convert(pose, tmp_path / "none.vrm", skeleton=tmp_path / "plain.glb")


# ------------------------------------------------------------------------------------------------------------ its own face


def with_face(motion: Motion, **curves: float) -> Motion:
    weights = np.zeros((len(motion), 52), np.float32)
    for name, value in curves.items():
        weights[:, ARKIT52.curve_names.index(name)] = value * np.linspace(0, 1, len(motion))
    return replace(motion, face=FaceCurves(ARKIT52.name, ARKIT52.curve_names, weights))


def head(*names: str, weights: list[float] | None = None, in_primitive: bool = False) -> Any:
    """A mesh with morph targets of these names, on a node of its own."""

    def change(document: dict[str, Any]) -> None:
        position = document["meshes"][0]["primitives"][0]["attributes"]["POSITION"]
        extras = {"extras": {"targetNames": list(names)}}
        primitive = {"attributes": {"POSITION": position}, "targets": [{"POSITION": position} for _ in names]}
        mesh = {"name": "Head", "primitives": [primitive | (extras if in_primitive else {})]}
        document["meshes"].append(mesh | ({} if in_primitive else extras) | ({"weights": weights} if weights else {}))
        document["nodes"].append({"name": f"Head{len(document['nodes'])}", "mesh": len(document["meshes"]) - 1})
        document["scenes"][0]["nodes"].append(len(document["nodes"]) - 1)

    return change


def weights_of(data: bytes, mesh: int = -1) -> np.ndarray:
    """(T, N) of the node that has a mesh, by the bytes of the file alone."""
    document, binary = document_of(data), dict(chunks_of(data, "out"))[BINARY_CHUNK]
    node = next(at for at, node in enumerate(document["nodes"]) if node.get("mesh") == mesh % len(document["meshes"]))
    animation = document["animations"][0]
    channel = next(c for c in animation["channels"] if c["target"] == {"node": node, "path": "weights"})
    sampler = animation["samplers"][channel["sampler"]]
    accessor = document["accessors"][sampler["output"]]
    view = document["bufferViews"][accessor["bufferView"]]
    values = np.frombuffer(binary, "<f4", accessor["count"], view["byteOffset"])
    return values.reshape(document["accessors"][sampler["input"]]["count"], -1)


@needs_node
def test_its_own_morph_targets_move(armature: bytes, pose: Motion, tmp_path: Path) -> None:
    """Names of another spelling; what nobody drives keeps the weight that it has in the file."""
    names = ("Jaw_Open", "Fat", "Eye_Blink_L", "Eye_Blink_R", "Mouth_Smile_L")
    hero = with_document(armature, head(*names, weights=[0, 0.3, 0, 0, 0]))
    motion, data = moved(hero, with_face(pose, jawOpen=0.8, eyeBlinkLeft=1.0))
    found = weights_of(data)
    np.testing.assert_allclose(found[-1], [0.8, 0.3, 1, 0, 0], atol=1e-6)
    np.testing.assert_allclose(found[:, 1], 0.3, atol=1e-6)
    plays_alike(motion, data, tmp_path)
    half = len(motion) // 2
    seen = run_node("positions.mjs", tmp_path / "out.glb", half / motion.fps)[0]["weights"]
    np.testing.assert_allclose([seen[name] for name in names], found[half], atol=1e-5)
    notes = encode_motion(motion, "glb").notes
    assert any("4 of ARKit's 52 curves" in note for note in notes)
    assert any(note.startswith("no shape for eyeLookDownLeft") for note in notes)


def test_a_table_of_ones_own(armature: bytes, pose: Motion) -> None:
    hero = with_document(armature, head("Schnabel auf", "b"))
    motion, _ = moved(hero, with_face(pose, jawOpen=1.0))
    assert any("no face map knows" in note for note in encode_motion(motion, "glb").notes)
    other = parse_face_map('{"name": "other", "curves": {"jawOpen": {"Maul": 1}}}', "other.json")
    assert any("'other' knows none of" in note for note in encode_motion(motion, "glb", face_map=other).notes)
    own = parse_face_map('{"curves": {"jawOpen": {"Schnabel auf": 0.5}}}', "mine.json")
    encoded = encode_motion(motion, "glb", face_map=own)
    np.testing.assert_allclose(weights_of(encoded.data)[-1], [0.5, 0], atol=1e-6)


VRM0 = {
    "blendShapeMaster": {
        "blendShapeGroups": [
            {"name": "A", "presetName": "a", "binds": [{"mesh": -1, "index": 0, "weight": 80}]},
            {"name": "I", "presetName": "i", "binds": [{"mesh": -1, "index": 1, "weight": 100}]},
            {"name": "O", "presetName": "o", "binds": [{"mesh": -1, "index": 1, "weight": 50}]},
            {
                "name": "L",
                "presetName": "blink_l",
                "isBinary": True,
                "binds": [{"mesh": -1, "index": 2, "weight": 100}],
            },
            {
                "name": "nothing",
                "presetName": "u",
                "binds": [{"mesh": -1, "index": 99, "weight": 100}, "?", {"mesh": "x"}],
            },
        ]
    }
}
VRM1 = {
    "specVersion": "1.0",
    "expressions": {
        "preset": {
            "aa": {"morphTargetBinds": [{"node": -1, "index": 0, "weight": 0.8}]},
            "ih": {"morphTargetBinds": [{"node": -1, "index": 1, "weight": 1.0}]},
            "oh": {"morphTargetBinds": [{"node": -1, "index": 1, "weight": 0.5}]},
            "blinkLeft": {"isBinary": True, "morphTargetBinds": [{"node": -1, "index": 2, "weight": 1.0}]},
            "ou": {"morphTargetBinds": [{"node": "x"}, 5, {"node": -1, "index": -1}]},
        }
    },
}


@pytest.mark.parametrize("version", [0, 1])
def test_expressions_of_a_vrm(version: int, armature: bytes, pose: Motion) -> None:
    """Targets of any name, by the file's own table of expressions."""

    def change(document: dict[str, Any]) -> None:
        head("x", "y", "z", in_primitive=version == 0)(document)
        place = {"mesh": len(document["meshes"]) - 1, "node": len(document["nodes"]) - 1}
        text = json.dumps(VRM1 if version else VRM0)
        for key, index in place.items():
            text = text.replace(f'"{key}": -1', f'"{key}": {index}')
        document["extensions"] = {"VRMC_vrm" if version else "VRM": json.loads(text)}

    hero = with_document(armature, change)
    motion, data = moved(hero, with_face(pose, jawOpen=1.0, eyeBlinkLeft=1.0))
    found = weights_of(data)
    np.testing.assert_allclose(found[-1], [0.8, 0, 1], atol=1e-6)  # wide open is A alone
    assert set(np.unique(found[:, 2])) == {0.0, 1.0}
    assert any("VRM expressions" in note for note in encode_motion(motion, "glb").notes)
    assert document_of(data)["extensions"] == document_of(hero)["extensions"]


def test_eyes_that_are_bones_turn(armature: bytes) -> None:
    """To the character's left and down, whatever the axes of the bone."""
    skeleton = decode_motion(armature)[1].motion.skeleton
    character = skeleton.character
    document = document_of(character.document)
    turn = r.quat_from_euler(np.array([0.4, 1.2, -0.7]), "XYZ")
    at = skeleton.index("Head")
    head_node = character.nodes[at]
    document["nodes"].append({"name": "LeftEye", "rotation": turn.tolist(), "translation": [0.03, 0.08, 0.1]})
    eye = len(document["nodes"]) - 1
    document["nodes"][head_node].setdefault("children", []).append(eye)
    binary = dict(chunks_of(character.document, "hero"))[BINARY_CHUNK]
    own = replace(skeleton, character=replace(character, document=glb_of(document, [binary])))
    still = Motion(own, 30.0, np.tile(own.rest_rotations_xyzw, (3, 1, 1)), np.tile(own.rest_translations[0], (3, 1)))
    encoded = encode_motion(with_face(still, eyeLookOutLeft=1.0, eyeLookDownLeft=0.5), "glb")
    after = document_of(encoded.data)
    channel = next(c for c in after["animations"][0]["channels"] if c["target"]["node"] == eye)
    accessor = after["accessors"][after["animations"][0]["samplers"][channel["sampler"]]["output"]]
    view = after["bufferViews"][accessor["bufferView"]]
    values = np.frombuffer(dict(chunks_of(encoded.data, "out"))[BINARY_CHUNK], "<f4", 12, view["byteOffset"]).reshape(
        3, 4
    )
    _, turns = forward_kinematics(own, still.rotations_xyzw, still.root_translation)
    parent = turns[0, at]
    looks = [
        r.rotate(r.multiply(r.multiply(parent, value), r.inverse(r.multiply(parent, turn))), [0, 0, 1])
        for value in values
    ]
    np.testing.assert_allclose(looks[0], [0, 0, 1], atol=1e-6)
    assert np.degrees(np.arcsin(-looks[2][1])) == pytest.approx(10, abs=0.1)
    assert np.degrees(np.arctan2(looks[2][0], looks[2][2])) == pytest.approx(30, abs=0.1)


def test_a_head_without_joints(armature: bytes, pose: Motion) -> None:
    """Its face moves, and nothing else; so does that of a whole character by a face alone."""

    def only_head(document: dict[str, Any]) -> None:
        head("jawOpen", "eyeBlinkLeft", "eyeBlinkRight")(document)
        document["nodes"] = [{"name": "Head", "mesh": len(document["meshes"]) - 1}]
        document["scenes"][0]["nodes"] = [0]
        document.pop("skins")

    hero = with_document(armature, only_head)
    with pytest.warns(LossWarning, match="only its face moves"):
        motion, data = moved(hero, with_face(pose, jawOpen=1.0))
    assert not motion.has_body
    np.testing.assert_allclose(weights_of(data)[-1], [1, 0, 0], atol=1e-6)
    whole = with_document(armature, head("jawOpen", "eyeBlinkLeft", "eyeBlinkRight"))
    alone, data = moved(whole, face_alone(pose, jawOpen=1.0))
    assert not alone.has_body
    np.testing.assert_allclose(weights_of(data)[-1], [1, 0, 0], atol=1e-6)
    assert len(document_of(data)["animations"][0]["channels"]) == 1


def face_alone(motion: Motion, **curves: float) -> Motion:
    face = with_face(motion, **curves).face
    assert face is not None
    return face_motion(face, motion.fps)


def test_a_face_of_joints_is_not_called_still(armature: bytes, pose: Motion) -> None:
    def add_jaw(document: dict[str, Any]) -> None:
        above = next(node for node in document["nodes"] if node["name"] == "Head")
        above.setdefault("children", []).append(len(document["nodes"]))
        document["nodes"].append({"name": "Jaw", "translation": [0, 0, 0.1]})
        for skin in document.get("skins", []):
            skin["joints"].append(len(document["nodes"]) - 1)
            skin.pop("inverseBindMatrices", None)

    for hero, wanted in (
        (with_document(armature, add_jaw), "of its face only joints turn: Jaw"),
        (armature, "its face stays still"),
    ):
        motion, _ = moved(hero, with_face(pose, jawOpen=1.0))
        assert f"the character has no morph targets: {wanted}" in encode_motion(motion, "glb").notes


def test_nothing_to_move_is_refused(armature: bytes, pose: Motion) -> None:
    skeleton = decode_motion(armature)[1].motion.skeleton
    with pytest.raises(UnsupportedError, match="no morph targets"):
        encode_motion(pm.convert(face_alone(pose, jawOpen=1.0), skeleton=skeleton), "glb")


# ------------------------------------------------------------------------------------------------------------ hostile files


@pytest.mark.parametrize(
    "change",
    [
        lambda d: d["nodes"][-1].update(weights={"a": 1}),
        lambda d: d["nodes"][-1].update(weights=[True, "x", None]),
        lambda d: d["meshes"][-1].update(extras=5, weights=7),
        lambda d: d["meshes"][-1].update(extras={"targetNames": [1, None, {}]}),
        lambda d: d["meshes"][-1].update(primitives=5),
        lambda d: d["meshes"][-1].update(primitives=[5]),
        lambda d: d.update(extensions={"VRM": {"blendShapeMaster": [], "x": 1}}),
        lambda d: d.update(extensions={"VRM": {"blendShapeMaster": {"blendShapeGroups": [1, {"binds": 3}]}}}),
        lambda d: d.update(extensions={"VRMC_vrm": {"expressions": {"preset": {"aa": 3}, "custom": []}}}),
        lambda d: d.update(extensions=[]),
        lambda d: d.update(buffers={}),
        lambda d: d.update(buffers=[{"uri": 5, "byteLength": "x"}]),
        lambda d: d.update(images=[{"uri": 5}]),
        lambda d: d.update(images=5),
    ],
)
def test_what_cannot_be_understood_is_passed_over_or_refused(change: Any, armature: bytes, pose: Motion) -> None:
    def both(document: dict[str, Any]) -> None:
        head("jawOpen", "eyeBlinkLeft", "eyeBlinkRight")(document)
        change(document)

    try:
        _, data = moved(with_document(armature, both), with_face(pose, jawOpen=1.0))
    except PantomatrixError as error:
        assert "\n" not in str(error)
        return
    assert document_of(data)["animations"][0]["name"] == "pantomatrix"


def test_a_file_of_the_farthest_depth(armature: bytes, pose: Motion) -> None:
    def deep(document: dict[str, Any]) -> None:
        inner: Any = 1
        for _ in range(900):
            inner = [inner]
        document["extras"] = inner

    try:
        moved(with_document(armature, deep), pose)
    except FormatError as error:
        assert "\n" not in str(error)
