"""glTF documents as other programs write them: files beside them, packed and sparse arrays, several clips, faces by any name."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import numpy as np
import pytest

from command_line import run
from motions import angle_between, random_motion
from pantomatrix_converters.errors import FormatError, LimitError, PantomatrixError, UnknownNameError, UnsupportedError
from pantomatrix_converters.formats import Reading, ReadLimits, decode_motion, encode_motion, load_motion
from pantomatrix_converters.retargeting.retarget import Retargeting
from pantomatrix_converters.skeleton import load_skeleton
from strange_files import APP_ORDER, FPS, FRAMES, Glb, about, figure, mixamo, rig
from strangers import needs_node, run_node

pytestmark = pytest.mark.unit

DATA = Path(__file__).parents[1] / "data" / "strange_files"
TIMES = np.arange(FRAMES) / FPS
HEAD = "mixamorig:Head"


def nodding(**more) -> tuple[Glb, int]:
    """A figure, and the node of its head."""
    names, parents, offsets = figure(mixamo("mixamorig:"))
    return rig(names, parents, offsets, **more), names.index(HEAD)


def nod(path: Path | bytes, clip: str = "", limits: ReadLimits | None = None) -> np.ndarray:
    """(T,) degrees of the head away from straight."""
    loaded = (
        decode_motion(path, "a.glb", "", limits, Reading(clip=clip))
        if isinstance(path, bytes)
        else load_motion(path, reading=Reading(clip=clip))
    )
    motion = loaded[1].motion
    turns = motion.rotations_xyzw[:, motion.skeleton.index(HEAD)]
    return np.degrees(angle_between(turns, np.array([0, 0, 0, 1.0])))


# -------------------------------------------------------------------------------------------------- files beside it


def beside(folder: Path, uri: str, file: str) -> Path:
    """A .gltf whose buffer is a file, by this address."""
    glb, head = nodding()
    glb.animate([(head, "rotation", TIMES, about((0, 1, 0), np.arange(FRAMES)))])
    (folder / file).parent.mkdir(parents=True, exist_ok=True)
    (folder / file).write_bytes(glb.binary)
    document = glb.whole() | {"buffers": [{"byteLength": len(glb.binary), "uri": uri}]}
    path = folder / "hero.gltf"
    path.write_text(json.dumps(document))
    return path


@pytest.mark.parametrize(
    ("uri", "file"),
    [
        ("hero.bin", "hero.bin"),
        ("parts/hero.bin", "parts/hero.bin"),
        ("my%20hero.bin", "my hero.bin"),
        ("./a.bin", "a.bin"),
    ],
)
def test_a_buffer_beside_its_document(tmp_path: Path, uri: str, file: str) -> None:
    path = beside(tmp_path, uri, file)
    np.testing.assert_allclose(nod(path), np.arange(FRAMES), atol=1e-3)
    done = run("convert", path, "-o", tmp_path / "a.bvh")
    assert done.returncode == 0, done.stderr
    assert json.loads(run("inspect", path, "--json").stdout)["clips"] == [
        {"name": "clip 1", "seconds": 1.0, "keys": 31}
    ]


@pytest.mark.parametrize(
    ("uri", "text"),
    [
        ("../secret.bin", "outside the document's folder"), ("%2e%2e/secret.bin", "outside"), ("/etc/passwd", "outside"),
        ("parts/../../secret.bin", "outside"), ("link.bin", "outside"), ("file:///etc/passwd", "outside"),
        ("http://127.0.0.1:9/a.bin", "outside"), ("parts", "not in the document's folder"),
        ("absent.bin", "not in the document's folder"), ("a\0b", "cannot be opened"), ("x" * 5000, "hero.gltf"),
    ],
)  # fmt: skip
def test_nothing_outside_is_opened(tmp_path: Path, uri: str, text: str) -> None:
    folder = tmp_path / "folder"
    path = beside(folder, uri, "parts/hero.bin")
    (tmp_path / "secret.bin").write_bytes((folder / "parts/hero.bin").read_bytes())
    (folder / "link.bin").symlink_to(tmp_path / "secret.bin")
    with pytest.raises(FormatError, match=text) as error:
        load_motion(path)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 400


def test_bytes_open_no_files(tmp_path: Path) -> None:
    path = beside(tmp_path, "hero.bin", "hero.bin")
    with pytest.raises(FormatError, match=r"lies in the file 'hero.bin', which is not at hand; export a single .glb"):
        decode_motion(path.read_bytes())
    with pytest.raises(LimitError, match="beyond the size"):
        (tmp_path / "hero.bin").write_bytes(b"\0" * (9 << 20))
        decode_motion(path.read_bytes(), limits=ReadLimits(max_bytes=8 << 20, folder=tmp_path))


# --------------------------------------------------------------------------------------------------- kinds of arrays


@pytest.mark.parametrize(("component", "largest"), [(5120, 127), (5122, 32767)])
def test_turns_as_whole_numbers(tmp_path: Path, component: int, largest: int) -> None:
    glb, head = nodding()
    turns = about((0, 1, 0), 3.0 * np.arange(FRAMES))
    packed = glb.array(np.rint(turns * largest), component, normalized=True)
    glb.animate([(head, "rotation", TIMES, packed)])
    glb.write(tmp_path / "a.glb")
    np.testing.assert_allclose(nod(tmp_path / "a.glb"), 3.0 * np.arange(FRAMES), atol=150 / largest)


def test_sparse_arrays(tmp_path: Path) -> None:
    """Of no buffer of its own, and over one."""
    glb, head = nodding()
    plain = np.tile([0.0, 0, 0, 1], (FRAMES, 1))
    for base in (None, glb.array(plain)):
        rows = np.arange(FRAMES) if base is None else np.array([7, 20])
        indices, values = glb.array(rows, 5121), glb.array(about((0, 1, 0), rows.astype(float)))
        views = [glb.document["accessors"][at]["bufferView"] for at in (indices, values)]
        entry = {"componentType": 5126, "count": FRAMES, "type": "VEC4", "sparse": {
            "count": len(rows), "indices": {"bufferView": views[0], "componentType": 5121},
            "values": {"bufferView": views[1]}}}  # fmt: skip
        entry |= {} if base is None else {"bufferView": glb.document["accessors"][base]["bufferView"]}
        glb.document["accessors"].append(entry)
        glb.animate([(head, "rotation", TIMES, len(glb.document["accessors"]) - 1)])
    glb.write(tmp_path / "a.glb")
    np.testing.assert_allclose(nod(tmp_path / "a.glb", "1"), np.arange(FRAMES), atol=1e-3)
    wanted = np.where(np.isin(np.arange(FRAMES), (7, 20)), np.arange(FRAMES), 0)
    np.testing.assert_allclose(nod(tmp_path / "a.glb", "2"), wanted, atol=1e-3)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"count": 99}, "sparse with count 99"), ({"count": True}, "count True"), ({"indices": 3}, "without indices"),
        ({"indices": {"bufferView": 99, "componentType": 5121}}, "index of bufferViews"),
        ({"indices": {"bufferView": 0, "componentType": 5126}}, "indices of 5126"),
        ({"indices": {"bufferView": 0, "componentType": 5121}}, "do not increase"),
    ],
)  # fmt: skip
def test_sparse_arrays_that_are_wrong(tmp_path: Path, change: dict, text: str) -> None:
    glb, head = nodding()
    values = glb.array(about((0, 1, 0), np.arange(FRAMES)))
    view = glb.document["accessors"][values]["bufferView"]
    sparse = {"count": 2, "indices": {"bufferView": 0, "componentType": 5121}, "values": {"bufferView": view}} | change
    glb.document["accessors"][values]["sparse"] = sparse
    glb.animate([(head, "rotation", TIMES, values)])
    glb.write(tmp_path / "a.glb")
    with pytest.raises(FormatError, match=text):
        load_motion(tmp_path / "a.glb")


def packed_by_meshopt(path: Path) -> None:
    """Every array packed, as gltfpack and glTF-Transform do: turns as bytes of 16 bits through a filter."""
    meshopt = pytest.importorskip("meshopt")
    glb, head = nodding()
    glb.animate([(head, "rotation", TIMES, about((0, 1, 0), np.arange(FRAMES)))])
    document, chunks, size = glb.whole(), [], 0
    output = document["animations"][0]["samplers"][0]["output"]
    for accessor in document["accessors"]:
        at = accessor["bufferView"]
        view = document["bufferViews"][at]
        rows = np.frombuffer(glb.binary, "u1", view["byteLength"], view["byteOffset"]).reshape(accessor["count"], -1)
        kind = {}
        if accessor is document["accessors"][output]:
            rows = meshopt.encode_filter_quat(rows.view("<f4"), 8, 16)
            accessor |= {"componentType": 5122, "normalized": True}
            kind = {"filter": "QUATERNION"}
        if rows.shape[1] % 4:
            chunks.append(rows.tobytes())
            document["bufferViews"][at] = {"buffer": 0, "byteOffset": size, "byteLength": len(chunks[-1])}
        else:
            chunks.append(meshopt.encode_gltf_buffer(np.ascontiguousarray(rows), "ATTRIBUTES"))
            extension = {"buffer": 0, "byteOffset": size, "byteLength": len(chunks[-1]), "byteStride": rows.shape[1],
                         "count": len(rows), "mode": "ATTRIBUTES", **kind}  # fmt: skip
            document["bufferViews"][at] = {
                "buffer": 1, "byteLength": rows.size, "extensions": {"EXT_meshopt_compression": extension}
            }  # fmt: skip
        chunks.append(b"\0" * (-len(chunks[-1]) % 4))
        size += len(chunks[-1]) + len(chunks[-2])
    fallback = {"byteLength": 1 << 20, "extensions": {"EXT_meshopt_compression": {"fallback": True}}}
    glb.document = document | {
        "buffers": [{"byteLength": size}, fallback],
        "extensionsRequired": ["EXT_meshopt_compression"],
    }
    glb.binary = b"".join(chunks)
    glb.write(path)


@needs_node
def test_arrays_packed_by_meshopt(tmp_path: Path) -> None:
    packed_by_meshopt(tmp_path / "a.glb")
    np.testing.assert_allclose(nod(tmp_path / "a.glb"), np.arange(FRAMES), atol=0.02)
    seen = run_node("nodes.mjs", tmp_path / "a.glb", 0, "0.5")[0]["positions"]
    motion = load_motion(tmp_path / "a.glb")[1].motion
    np.testing.assert_allclose(seen["0"], motion.root_translation[15], atol=1e-6)


def test_what_meshopt_packed_may_be_wrong(tmp_path: Path) -> None:
    packed_by_meshopt(tmp_path / "a.glb")
    data = bytearray((tmp_path / "a.glb").read_bytes())
    length = int.from_bytes(data[12:16], "little")
    random = np.random.default_rng(0)
    for _ in range(40):
        broken = bytearray(data)
        for at in random.integers(28 + length, len(data), 20):
            broken[at] = random.integers(256)
        try:
            decode_motion(bytes(broken))
        except PantomatrixError as error:
            assert "\n" not in str(error)
    huge = data.replace(b'"count": 31, "mode"', b'"count":9999999,"mode"'.ljust(19))
    with pytest.raises(PantomatrixError, match=r"\n?.*"):
        decode_motion(bytes(huge[: len(data)]), limits=ReadLimits(max_bytes=1 << 20))


def test_meshopt_is_named_where_it_is_not_installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed_by_meshopt(tmp_path / "a.glb")
    monkeypatch.setitem(__import__("sys").modules, "meshopt", None)
    with pytest.raises(UnsupportedError, match=r"pip install \"\.\[meshopt\]\""):
        load_motion(tmp_path / "a.glb")


# ------------------------------------------------------------------------------------------------------------- clips


def test_a_file_of_two_clips() -> None:
    loaded = load_motion(DATA / "two_clips.gltf")[1]
    assert [clip.name for clip in loaded.clips] == ["idle", "left_arm_up"]
    assert "of 2 clips 'idle' is read; others can be chosen by name or number: 'left_arm_up'" in loaded.notes
    arm = loaded.motion.skeleton.index("LeftArm")
    still, raised = (
        load_motion(DATA / "two_clips.gltf", reading=Reading(clip=clip))[1].motion.rotations_xyzw[:, arm]
        for clip in ("idle", "2")
    )
    np.testing.assert_allclose(np.degrees(angle_between(still, raised)), [90, 90], atol=1e-3)
    for name in ("left_arm_up", "LEFT_ARM_UP"):
        again = load_motion(DATA / "two_clips.gltf", reading=Reading(clip=name))[1]
        np.testing.assert_array_equal(again.motion.rotations_xyzw[:, arm], raised)
        assert not any("is read" in note for note in again.notes)
    for name in ("3", "0", "-1", "walk", "²"):
        with pytest.raises(UnknownNameError, match=r"clip of .*valid: idle, left_arm_up"):
            load_motion(DATA / "two_clips.gltf", reading=Reading(clip=name))
    with pytest.raises(UnsupportedError, match="holds one motion; 'x' cannot be chosen"):
        load_motion(DATA / "knees_up.npz", reading=Reading(clip="x"))


def test_the_clip_that_moves_the_character_comes_before_others(tmp_path: Path) -> None:
    """Blender writes an action of shapes before the armature's, and one of a lamp."""
    glb, head = nodding()
    glb.document["nodes"].append({"name": "lamp"})
    glb.animate([(len(glb.document["nodes"]) - 1, "translation", [0, 9], np.zeros((2, 3)))])
    glb.animate([(head, "rotation", TIMES, about((0, 1, 0), np.arange(FRAMES)))])
    glb.write(tmp_path / "a.glb")
    assert nod(tmp_path / "a.glb")[-1] == pytest.approx(30, abs=0.01)


def test_all_clips_on_the_command_line(tmp_path: Path) -> None:
    glb, head = nodding()
    for name, degrees in (("walk", 10.0), ("Walk", 20.0), ("../run|fast", 30.0), ("", 40.0)):
        glb.animate([(head, "rotation", [0, 1], about((0, 1, 0), np.array([0, degrees])))])
        glb.document["animations"][-1]["name"] = name
    glb.write(tmp_path / "hero.glb")
    done = run("convert", tmp_path / "hero.glb", "-o", tmp_path / "clips", "--clip", "all", "--format", "glb")
    assert done.returncode == 0, done.stderr
    ends = {path.name: round(float(nod(path)[-1])) for path in (tmp_path / "clips").iterdir()}
    assert ends == {"hero_walk_1.glb": 10, "hero_Walk_2.glb": 20, "hero__run_fast.glb": 30, "hero_clip 4.glb": 40}
    listed = json.loads(run("inspect", tmp_path / "hero.glb", "--json").stdout)["clips"]
    assert listed[2] == {"name": "../run|fast", "seconds": 1.0, "keys": 2}
    assert "walk: 1 s, 2 keys" in run("inspect", tmp_path / "hero.glb").stdout
    for output, more in ((tmp_path / "a.bvh", ()), (tmp_path / "b", ("--concat",))):
        done = run("convert", tmp_path / "hero.glb", "-o", output, "--clip", "all", *more)
        assert done.returncode == 2
        assert "--clip all makes a file of each clip" in done.stderr
    done = run("convert", tmp_path / "hero.glb", "-o", tmp_path / "one.glb", "--clip", "Walk")
    assert done.returncode == 0, done.stderr
    assert nod(tmp_path / "one.glb")[-1] == pytest.approx(20, abs=0.01)


# ------------------------------------------------------------------------------------------------------------- faces


def faces(*meshes: list[str], at_primitive: bool = False) -> Glb:
    """Meshes with targets of these names; every target's weight grows to its place in the list."""
    glb = Glb()
    zero, corners = glb.array(np.zeros((3, 3))), glb.array(np.array([[0, 0, 0], [0.01, 0, 0], [0, 0.01, 0]]))
    tracks = []
    for at, names in enumerate(meshes):
        extras = {"extras": {"targetNames": names}}
        primitive = {"attributes": {"POSITION": corners}, "targets": [{"POSITION": zero} for _ in names]}
        mesh = {"primitives": [primitive | (extras if at_primitive else {})], "weights": [0.0] * len(names)}
        glb.document.setdefault("meshes", []).append(mesh | ({} if at_primitive else extras))
        glb.document["nodes"].append({"name": f"face {at}", "mesh": at})
        tracks.append((at, "weights", TIMES, np.outer(TIMES, np.arange(len(names)) / 100).reshape(-1)))
    glb.animate(tracks)
    return glb


@pytest.mark.parametrize("at_primitive", [False, True])
@pytest.mark.parametrize("prefix", ["", "Wolf3D_Head.", "blendShape1."])
def test_shapes_in_capitals_and_others_beside_them(tmp_path: Path, prefix: str, at_primitive: bool) -> None:
    names = [prefix + name for name in ("beard", *APP_ORDER, "viseme_aa")]
    faces(names, at_primitive=at_primitive).write(tmp_path / "a.glb")
    loaded = load_motion(tmp_path / "a.glb")[1]
    face = loaded.motion.face
    assert face is not None
    assert (face.rig, len(loaded.motion)) == ("arkit52", 31)
    assert face.weights[-1, face.names.index("jawOpen")] == pytest.approx(names.index(prefix + "JawOpen") / 100)
    assert loaded.notes == ("2 morph targets that are not of arkit52 are left out",)


def test_51_shapes(strange_files: Path) -> None:
    loaded = load_motion(strange_files / "face_51_shapes.glb")[1]
    face = loaded.motion.face
    assert face is not None
    assert face.weights[-1, face.names.index("jawOpen")] == pytest.approx(0.8)
    assert face.weights[:, face.names.index("tongueOut")].max() == 0
    assert loaded.notes == ("1 curves are absent and taken as 0: tongueOut",)


def test_a_face_in_two_meshes(tmp_path: Path) -> None:
    brows = [name for name in APP_ORDER if name.startswith("Brow")]
    faces([name for name in APP_ORDER if name not in brows], brows).write(tmp_path / "a.glb")
    loaded = load_motion(tmp_path / "a.glb")[1]
    face = loaded.motion.face
    assert face is not None
    assert loaded.notes == ()
    assert face.weights[-1, face.names.index("browOuterUpRight")] == pytest.approx((len(brows) - 1) / 100)


def test_shapes_that_are_no_face(tmp_path: Path) -> None:
    faces(["fat", "thin", "tall", "jawOpen"]).write(tmp_path / "a.glb")
    loaded = load_motion(tmp_path / "a.glb")[1]
    assert loaded.motion.face is None
    assert loaded.notes == ("4 morph targets belong to no known face rig and are left out",)


# ----------------------------------------------------------------------------------------------------- VRM animations


@pytest.mark.parametrize(("form", "rig_name"), [("vrma", "vrm"), ("vrma-perfect-sync", "arkit52")])
def test_a_vrm_animation_is_read(form: str, rig_name: str) -> None:
    motion = random_motion(20)
    vrm = Retargeting(motion.skeleton, load_skeleton("vrm1")).apply(motion)
    found, loaded = decode_motion(encode_motion(motion, form).data)
    assert found.name == "vrma"
    read = loaded.motion
    np.testing.assert_allclose(read.root_translation, vrm.root_translation, atol=1e-5)
    for at, joint in enumerate(read.skeleton.joint_names):
        wanted = vrm.rotations_xyzw[:, vrm.skeleton.index(joint)]
        assert angle_between(read.rotations_xyzw[:, at], wanted).max() < 1e-5
    assert dict(read.skeleton.roles)["left_elbow"] == "leftLowerArm"
    assert read.face is not None
    assert read.face.rig == rig_name
    if motion.face is not None and rig_name == "arkit52":
        looks = np.array([name.startswith("eyeLook") for name in motion.face.names])
        np.testing.assert_allclose(read.face.weights[:, ~looks], motion.face.weights[:, ~looks], atol=1e-6)
    assert "where the eyes look is left out" in loaded.notes


def test_text_with_an_extension_of_vrm_animations() -> None:
    data = encode_motion(random_motion(3), "vrma").data
    length = int.from_bytes(data[12:16], "little")
    document = json.loads(data[20 : 20 + length])
    uri = "data:application/octet-stream;base64," + base64.b64encode(data[28 + length :]).decode()
    document["buffers"][0]["uri"] = uri
    assert decode_motion(json.dumps(document).encode())[0].name == "vrma"
