"""glTF and VRM animations: our own reader, and three.js, pygltflib, three-vrm and Khronos' validator."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from pygltflib import GLTF2

from motions import angle_between, assert_same_body, random_motion
from pantomatrix_converters import rotations
from pantomatrix_converters.errors import FormatError, LimitError
from pantomatrix_converters.face.conversion import with_face_rig
from pantomatrix_converters.formats import ReadLimits, decode_motion, encode_motion
from pantomatrix_converters.formats.gltf.gltf_document import FLOAT, GltfReader, GltfWriter
from pantomatrix_converters.kinematics import forward_kinematics
from pantomatrix_converters.motion import face_motion
from pantomatrix_converters.retargeting.retarget import Retargeting
from pantomatrix_converters.skeleton import load_skeleton
from strangers import needs_node, run_node

pytestmark = pytest.mark.unit

SKELETONS = ["smplx", "ue5_manny", "mixamo", "beat_vicon75"]


def on(name: str, frames: int = 20, **more):
    motion = random_motion(frames, **more)
    return Retargeting(motion.skeleton, load_skeleton(name)).apply(motion)


@pytest.mark.parametrize("name", SKELETONS)
def test_what_is_written_is_read(name: str) -> None:
    motion = on(name, fps=60)
    read = decode_motion(encode_motion(motion, "glb").data)[1].motion
    assert (read.skeleton, read.fps, len(read)) == (motion.skeleton, 60, 20)
    assert angle_between(read.rotations_xyzw, motion.rotations_xyzw).max() < 1e-6
    np.testing.assert_array_equal(read.root_translation, motion.root_translation)
    assert read.face is not None
    assert motion.face is not None
    assert read.face.names == motion.face.names
    np.testing.assert_array_equal(read.face.weights, motion.face.weights)


def test_a_face_alone() -> None:
    motion = random_motion(9)
    assert motion.face is not None
    read = decode_motion(encode_motion(face_motion(motion.face, 25), "glb").data)[1].motion
    assert (read.has_body, read.fps, len(read)) == (False, 25, 9)
    assert read.face is not None
    np.testing.assert_array_equal(read.face.weights, motion.face.weights)


def test_one_frame() -> None:
    read = decode_motion(encode_motion(on("mixamo", 1), "glb").data)[1].motion
    assert (len(read), read.skeleton.name) == (1, "mixamo")


def test_pygltflib_reads_it() -> None:
    motion = on("mixamo")
    document = GLTF2.load_from_bytes(encode_motion(motion, "glb").data)
    joints = [document.nodes[at].name for at in document.skins[0].joints]
    assert joints == list(motion.skeleton.joint_names)
    assert len(document.animations[0].channels) == 65 + 1 + 1


@needs_node
@pytest.mark.parametrize("face", [True, False])
def test_khronos_validator_finds_nothing(tmp_path: Path, face: bool) -> None:
    files = []
    for name in SKELETONS:
        files.append(tmp_path / f"{name}.glb")
        files[-1].write_bytes(encode_motion(on(name, face=face), "glb").data)
    files += [tmp_path / "one.glb", tmp_path / "take.vrma", tmp_path / "sync.vrma"]
    files[-3].write_bytes(encode_motion(on("smplx", 1, face=face), "glb").data)
    files[-2].write_bytes(encode_motion(on("smplx", face=face), "vrma").data)
    files[-1].write_bytes(encode_motion(on("mixamo", face=face), "vrma-perfect-sync").data)
    for file, found in run_node("validate.mjs", *files).items():
        assert (found["errors"], found["warnings"]) == (0, 0), (file, found["messages"])


@needs_node
@pytest.mark.parametrize("name", SKELETONS)
def test_three_has_every_joint_in_its_place(tmp_path: Path, name: str) -> None:
    motion = on(name)
    path = tmp_path / "take.glb"
    path.write_bytes(encode_motion(motion, "glb").data)
    positions, _ = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)
    frames = (0, 7, 18)
    assert motion.face is not None
    for frame, seen in zip(frames, run_node("positions.mjs", path, *(frame / 30 for frame in frames)), strict=True):
        assert set(seen["positions"]) == set(motion.skeleton.joint_names)
        for at, joint in enumerate(motion.skeleton.joint_names):
            np.testing.assert_allclose(seen["positions"][joint], positions[frame, at], atol=1e-3)
        weights = [seen["weights"][curve] for curve in motion.face.names]
        np.testing.assert_allclose(weights, motion.face.weights[frame], atol=1e-4)


@needs_node
def test_three_vrm_has_every_turn(tmp_path: Path) -> None:
    motion = on("ue5_manny")
    path = tmp_path / "take.vrma"
    path.write_bytes(encode_motion(motion, "vrma").data)
    seen = run_node("vrma.mjs", path)
    vrm = Retargeting(motion.skeleton, load_skeleton("vrm1")).apply(motion)
    assert seen["duration"] == pytest.approx(19 / 30, abs=1e-5)
    np.testing.assert_allclose(seen["hips"], vrm.root_translation, atol=1e-5)
    for at, joint in enumerate(vrm.skeleton.joint_names):
        if "Eye" not in joint:
            assert angle_between(np.array(seen["rotations"][joint]), vrm.rotations_xyzw[:, at]).max() < 1e-5
    presets = with_face_rig(motion, "vrm", None)[0].face
    assert presets is not None
    wanted = {name: presets.weights[:, at] for at, name in enumerate(presets.names) if not name.startswith("look")}
    assert set(seen["presets"]) == set(wanted)
    for name, weights in wanted.items():
        np.testing.assert_allclose(np.array(seen["presets"][name])[:, 0], weights, atol=1e-6)
    assert seen["custom"] == {}


@needs_node
def test_eyes_look_where_their_joints_turn(tmp_path: Path) -> None:
    motion = random_motion(5, angle=0.0)
    quats = motion.rotations_xyzw.copy()
    turn = rotations.quat_from_axis_angle([0.1, 0.3, 0.0])
    quats[:, motion.skeleton.indices(("left_eye_smplhf", "right_eye_smplhf"))] = turn
    path = tmp_path / "take.vrma"
    path.write_bytes(encode_motion(replace(motion, rotations_xyzw=quats), "vrma-perfect-sync").data)
    seen = run_node("vrma.mjs", path)
    assert angle_between(np.array(seen["look"]), turn).max() < 1e-5
    assert len(seen["custom"]) == 52
    assert "leftEye" not in seen["rotations"]


# ------------------------------------------------------------------------------------------------- files of strangers


def foreign(**changes) -> bytes:
    """A skin under an armature node of scale 0.01 that lies on its back, keys of several kinds, a joint between two others
    that the skin does not list."""
    writer = GltfWriter()
    half = np.sqrt(0.5)
    nodes = [
        {"name": "Armature", "rotation": [-half, 0, 0, half], "scale": [0.01, 0.01, 0.01], "children": [1]},
        {"name": "Hips", "translation": [0, 0, 100], "children": [2]},
        {"name": "between", "matrix": [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 10, 1], "children": [3, 4]},
        {"name": "Spine", "translation": [0, 0, 20]},
        {"name": "Spine", "translation": [5, 0, 20]},
    ]
    for node in changes.get("nodes", nodes):
        writer.add("nodes", node)
    writer.add("skins", {"joints": changes.get("joints", [3, 1, 4])})
    times = writer.add_array(np.array([0.5, 0.6, 0.7]), bounds=True)
    turn = rotations.quat_from_axis_angle([[0, 0, 0], [0, 0, 0.2], [0, 0, 0.4]])
    cubic = np.stack([np.zeros((3, 4)), turn, np.zeros((3, 4))], axis=1).reshape(-1, 4)
    short = np.rint(turn * 32767).astype(np.int16)
    packed = writer.add_array(short, 5122)
    writer.document["accessors"][packed]["normalized"] = True
    writer.add(
        "animations",
        {
            "samplers": [
                {"input": times, "output": writer.add_array(cubic), "interpolation": "CUBICSPLINE"},
                {"input": times, "output": packed, "interpolation": "STEP"},
                {"input": times, "output": writer.add_array(np.array([[0, 0, 100], [10, 0, 100], [20, 0, 100]]))},
                {"input": times, "output": writer.add_array(np.ones((3, 3)))},
            ],
            "channels": [
                {"sampler": 0, "target": {"node": 3, "path": "rotation"}},
                {"sampler": 1, "target": {"node": 4, "path": "rotation"}},
                {"sampler": 2, "target": {"node": 1, "path": "translation"}},
                {"sampler": 3, "target": {"node": 1, "path": "scale"}},
                {"sampler": 2, "target": {"path": "translation"}},
            ],
        },
    )
    writer.document.update(changes.get("document", {}))
    return writer.glb()


def test_what_others_write() -> None:
    _, loaded = decode_motion(foreign(), "rig.glb")
    motion = loaded.motion
    assert motion.skeleton.joint_names == ("Hips", "between", "Spine", "Spine.4")
    assert any("1 joints have another's name" in note for note in loaded.notes)
    assert (motion.fps, len(motion)) == (30, 22)
    positions, _ = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)
    np.testing.assert_allclose(positions[:16, 0], np.tile([0, 1, 0], (16, 1)), atol=1e-6)
    np.testing.assert_allclose(positions[21, 2], [0.2, 1.3, 0], atol=1e-6)
    curved = angle_between(motion.rotations_xyzw[15:, 2], motion.rotations_xyzw[:1, 2])
    np.testing.assert_allclose(curved[[0, 3, 6]], [0, 0.2, 0.4], atol=1e-6)
    assert curved[1] < 0.2 / 3 - 0.01  # tangents of zero: it leaves and arrives slowly
    stepped = angle_between(motion.rotations_xyzw[15:, 3], motion.rotations_xyzw[:1, 3])
    np.testing.assert_allclose(stepped, [0, 0, 0, 0.2, 0.2, 0.2, 0.4], atol=1e-4)


def test_a_text_gltf_with_its_buffer_inside() -> None:
    import base64

    motion = on("mixamo")
    data = encode_motion(motion, "glb").data
    length = int.from_bytes(data[12:16], "little")
    document = json.loads(data[20 : 20 + length])
    binary = data[28 + length :]
    document["buffers"][0]["uri"] = "data:application/octet-stream;base64," + base64.b64encode(binary).decode()
    assert_same_body(decode_motion(json.dumps(document).encode())[1].motion, motion, radians=1e-6, metres=1e-6)
    document["buffers"][0]["uri"] = "../../etc/passwd"
    with pytest.raises(FormatError, match="lies in the file '../../etc/passwd', which is not at hand"):
        decode_motion(json.dumps(document).encode())
    document["buffers"][0]["uri"] = "data:application/octet-stream;base64,!!!"
    with pytest.raises(FormatError, match="not base64"):
        decode_motion(json.dumps(document).encode())


def mapped(change) -> bytes:
    """A file of ours with its JSON changed."""
    data = encode_motion(on("mixamo", 3), "glb").data
    length = int.from_bytes(data[12:16], "little")
    document = json.loads(data[20 : 20 + length])
    change(document)
    text = json.dumps(document).encode()
    text += b" " * (-len(text) % 4)
    rest = data[20 + length :]
    return (
        b"glTF"
        + (2).to_bytes(4, "little")
        + (20 + len(text) + len(rest)).to_bytes(4, "little")
        + len(text).to_bytes(4, "little")
        + data[16:20]
        + text
        + rest
    )


@pytest.mark.parametrize(
    ("change", "error", "text"),
    [
        (lambda d: d["accessors"][0].update(count=10**9), LimitError, "claims 1000000000 entries"),
        (lambda d: d["accessors"][0].update(count=10**6), FormatError, "reaches beyond its buffer"),
        (lambda d: d["accessors"][0].update(count=-1), FormatError, "count -1"),
        (lambda d: d["accessors"][0].update(bufferView=99), FormatError, "99, expected an index of bufferViews"),
        (lambda d: d["accessors"][0].update(componentType=1), FormatError, "expected width 1"),
        (lambda d: d["bufferViews"][0].update(byteOffset=-5), FormatError, "impossible numbers"),
        (lambda d: d["bufferViews"][0].update(byteStride=1), FormatError, "impossible numbers"),
        (lambda d: d["nodes"][5].update(children=[0]), FormatError, "own ancestor"),
        (lambda d: d["nodes"][64].update(children=[2]), FormatError, "two parents"),
        (lambda d: d["nodes"][0].update(children=[0]), FormatError, "own ancestor"),
        (lambda d: d["nodes"][1].update(rotation=[0, 0, 0, 0]), FormatError, "rotation is zero"),
        (lambda d: d["nodes"][1].update(rotation="x"), FormatError, r"nodes\[1\].rotation is not a list of 4 numbers"),
        (lambda d: d["skins"][0].update(joints=[]), FormatError, "no joints"),
        (lambda d: d["skins"][0].update(joints=[1, 1]), FormatError, "names a joint twice"),
        (lambda d: d.update(nodes=5), FormatError, "nodes is not a list"),
        (lambda d: d["asset"].update(version="1.0"), FormatError, "expected 2.0"),
        (lambda d: d["animations"][0].update(channels=[{"sampler": 0}]), FormatError, "no target"),
        (lambda d: d["animations"][0]["channels"][0].update(sampler="a"), FormatError, "sampler is 'a'"),
        (lambda d: d.pop("skins") and d.pop("animations"), FormatError, "neither a skin, nor nodes that move"),
    ],
)  # fmt: skip
def test_hostile_documents(change, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        decode_motion(mapped(change), "rig.glb", limits=ReadLimits(max_bytes=1 << 28))


def test_hostile_bytes() -> None:
    data = encode_motion(on("mixamo", 3), "glb").data
    for cut in (5, 19, 40, 5000, len(data) - 1):
        with pytest.raises(FormatError):
            decode_motion(data[:cut], format_name="glb")
    deep = b"[" * 100_000
    head = len(deep).to_bytes(4, "little") + b"JSON"
    with pytest.raises(FormatError, match="no readable JSON"):
        decode_motion(b"glTF" + (2).to_bytes(4, "little") + (20 + len(deep)).to_bytes(4, "little") + head + deep)


def test_keys_far_apart_make_no_endless_clip() -> None:
    writer = GltfWriter()
    writer.add("nodes", {"name": "root"})
    writer.add("skins", {"joints": [0]})
    times = writer.add_array(np.array([0, 0.001, 1e9]), bounds=True)
    sampler = {"input": times, "output": writer.add_array(np.zeros((3, 3)), FLOAT)}
    writer.add(
        "animations",
        {"samplers": [sampler], "channels": [{"sampler": 0, "target": {"node": 0, "path": "translation"}}]},
    )
    with pytest.raises(LimitError, match="frames, at most"):
        decode_motion(writer.glb())


def test_small_files_that_unfold() -> None:
    """Few keys far apart for a thousand joints; one array for every node; nodes in a long row."""
    writer = GltfWriter()
    for at in range(1000):
        writer.add("nodes", {"name": f"j{at}", **({"children": list(range(1, 1000))} if at == 0 else {})})
    writer.add("skins", {"joints": list(range(1000))})
    keys = np.append(np.arange(5) / 100, 3600.0)
    times, turns = writer.add_array(keys, bounds=True), writer.add_array(np.tile([0.0, 0, 0, 1], (6, 1)))
    channel = {"sampler": 0, "target": {"node": 1, "path": "rotation"}}
    writer.add("animations", {"samplers": [{"input": times, "output": turns}], "channels": [channel]})
    with pytest.raises(LimitError, match="360001 frames of 1000 joints are 5497 MiB"):
        decode_motion(writer.glb(), limits=ReadLimits(max_bytes=1 << 29))
    writer = GltfWriter()
    for at in range(6000):
        writer.add("nodes", {"name": f"n{at}", "children": [at + 1] if at < 5999 else []})
    writer.add("skins", {"joints": list(range(6000))})
    with pytest.raises(LimitError, match="more than 4096 deep"):
        decode_motion(writer.glb())
    writer = GltfWriter()
    count, values = 500, writer.add_array(np.zeros((10_000, 3)))
    times = writer.add_array(np.arange(10_000) / 30, bounds=True)
    channels = [{"sampler": 0, "target": {"node": at, "path": "translation"}} for at in range(count)]
    for at in range(count):
        writer.add("nodes", {"children": list(range(1, count))} if at == 0 else {})
    writer.add("animations", {"samplers": [{"input": times, "output": values}], "channels": channels})
    with pytest.raises(LimitError, match="bytes in all"):
        decode_motion(writer.glb(), limits=ReadLimits(max_bytes=1 << 26))


def test_a_rig_without_motion_is_its_rest_pose() -> None:
    mixamo = load_skeleton("mixamo")
    motion = decode_motion(mapped(lambda d: d.pop("animations")))[1].motion
    assert len(motion) == 1
    assert angle_between(motion.rotations_xyzw[0], mixamo.rest_rotations_xyzw).max() < 1e-6


def test_the_reader_takes_no_more_than_it_may() -> None:
    with pytest.raises(LimitError, match="frames, at most 5"):
        decode_motion(encode_motion(on("mixamo", 9), "glb").data, limits=ReadLimits(max_frames=5))
    reader = GltfReader(foreign(), "x", 1 << 20)
    with pytest.raises(FormatError, match="expected an index of nodes"):
        reader.index(True, "nodes", "here")
