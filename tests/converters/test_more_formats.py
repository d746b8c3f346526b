"""AMASS, ARKit in npz and JSON, joints in JSON and CSV, VMC packets, and BVH in three.js."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from motions import angle_between, assert_same_body, random_motion
from pantomatrix_converters import rotations
from pantomatrix_converters.coordinates import UNITY, coordinate_system
from pantomatrix_converters.errors import FormatError, PantomatrixError, UnsupportedError
from pantomatrix_converters.face.rigs import ARKIT52
from pantomatrix_converters.formats import FORMATS, decode_motion, encode_motion
from pantomatrix_converters.kinematics import forward_kinematics
from pantomatrix_converters.motion import FaceCurves, face_motion
from pantomatrix_converters.packets.live_link_face import live_link_frames
from pantomatrix_converters.packets.plain_osc import plain_osc_frames
from pantomatrix_converters.packets.vmc import vmc_frames
from pantomatrix_converters.retargeting.retarget import Retargeting
from pantomatrix_converters.skeleton import load_skeleton
from strangers import needs_node, run_node

pytestmark = pytest.mark.unit

SMPLX = load_skeleton("smplx")
BEAT_ORDER = json.loads((Path(__file__).parents[1] / "data" / "face_tables.json").read_text())["beat_order_51"]


def archive(**arrays) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


# ------------------------------------------------------------------------------------------------------------- AMASS


def test_amass_stands_up() -> None:
    """A body that lies on its back in Y-up axes stands in AMASS's."""
    upright = rotations.axis_angle_from_quat(rotations.quat_from_axis_angle([np.pi / 2, 0, 0]))
    poses = np.zeros((5, 156))
    poses[:, :3] = upright
    poses[:, 3 * 18 : 3 * 19] = [0, 0, 0.7]  # left elbow
    poses[:, 3 * 22 : 3 * 23] = [0.3, 0, 0]  # left index 1, the first of the hands
    trans = np.arange(15).reshape(5, 3) / 10
    source, loaded = decode_motion(
        archive(poses=poses, trans=trans, betas=np.zeros(16), mocap_framerate=np.array(120.0), gender="male")
    )
    motion = loaded.motion
    assert (source.name, motion.skeleton.name, motion.fps) == ("amass-npz", "smplx", 120)
    positions, _ = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)
    assert positions[0, SMPLX.index("head"), 1] - positions[0, 0, 1] > 0.5
    moved = motion.root_translation[1] - motion.root_translation[0]
    np.testing.assert_allclose(moved, [0.3, 0.3, -0.3], atol=1e-6)  # (x, y, z) with Z up is (x, z, -y) with Y up
    np.testing.assert_allclose(
        rotations.axis_angle_from_quat(motion.rotations_xyzw[0, SMPLX.index("left_elbow")]), [0, 0, 0.7], atol=1e-6
    )
    np.testing.assert_allclose(
        rotations.axis_angle_from_quat(motion.rotations_xyzw[0, SMPLX.index("left_index1")]), [0.3, 0, 0], atol=1e-6
    )
    assert angle_between(motion.rotations_xyzw[:, SMPLX.index("jaw")], rotations.IDENTITY_XYZW).max() == 0


def test_amass_of_smplx() -> None:
    poses = np.random.default_rng(0).normal(scale=0.2, size=(4, 165))
    arrays = {
        "poses": poses,
        "trans": np.zeros((4, 3)),
        "mocap_frame_rate": np.array(60.0),
        "surface_model_type": "smplx",
    }
    motion = decode_motion(archive(**arrays))[1].motion
    assert motion.fps == 60
    np.testing.assert_allclose(
        rotations.axis_angle_from_quat(motion.rotations_xyzw[:, 1:]), poses.reshape(4, 55, 3)[:, 1:], atol=1e-6
    )


@pytest.mark.parametrize(
    ("arrays", "text"),
    [
        ({"poses": np.zeros((3, 150))}, "expected \\(frames, 156\\) or \\(frames, 165\\)"),
        ({"poses": np.zeros(156)}, "expected \\(frames, 156\\)"),
        ({"poses": np.zeros((0, 156)), "trans": np.zeros((0, 3))}, "no frames"),
        ({"poses": np.zeros((3, 156))}, "no array 'trans'"),
        ({"poses": np.zeros((3, 156)), "trans": np.full((3, 3), np.nan)}, "NaN"),
        ({"poses": np.zeros((3, 156)), "trans": np.zeros((3, 3)), "mocap_framerate": np.array(0)}, "mocap_framerate is 0"),
    ],
)  # fmt: skip
def test_wrong_amass(arrays: dict, text: str) -> None:
    with pytest.raises(FormatError, match=text):
        decode_motion(archive(**{"mocap_framerate": np.array(30.0), **arrays}))


# ------------------------------------------------------------------------------------------------------------- ARKit


@pytest.mark.parametrize("name", ["arkit-npz", "arkit-json"])
def test_arkit_returns(name: str) -> None:
    face = random_motion(9).face
    assert face is not None
    source, loaded = decode_motion(encode_motion(face_motion(face, 50), name).data)
    assert (source.name, loaded.motion.fps) == (name, 50)
    assert loaded.motion.face is not None
    kept = [at for at, curve in enumerate(ARKIT52.curve_names) if name == "arkit-npz" or curve != "tongueOut"]
    np.testing.assert_allclose(loaded.motion.face.weights[:, kept], face.weights[:, kept], atol=1e-6)


def test_arkit_json_is_beats() -> None:
    face = random_motion(3).face
    assert face is not None
    document = json.loads(encode_motion(face_motion(face, 60), "arkit-json").data)
    assert document["names"] == BEAT_ORDER
    assert set(document["frames"][0]) == {"weights", "time", "rotation"}
    assert document["frames"][2]["time"] == pytest.approx(2 / 60, abs=1e-6)
    jaw = BEAT_ORDER.index("jawOpen")
    assert document["frames"][1]["weights"][jaw] == pytest.approx(
        face.weights[1, face.names.index("jawOpen")], abs=1e-6
    )


@pytest.mark.parametrize(
    ("document", "text"),
    [
        ({"names": ["jawOpen"], "frames": []}, "no frames"),
        ({"names": ["jawOpen"], "frames": [{"weights": [1, 2]}]}, r"frames\[0\].weights is not a list of 1 numbers"),
        ({"names": ["jawOpen"], "frames": [{"weights": ["a"]}]}, "not a list of 1 numbers"),
        ({"names": ["jawOpen"], "frames": [{"weights": None}]}, "not a list of 1 numbers"),
        ({"names": ["jawOpen"], "frames": ["weights"]}, "not a list of 1 numbers"),
        ({"names": ["jaw"], "frames": [{"weights": [1]}]}, "no name is an ARKit"),
        ({"names": ["jawOpen", "JawOpen"], "frames": [{"weights": [1, 1]}]}, "occurs twice"),
        ({"names": [5], "frames": [{"weights": [1]}]}, "expected an object with the lists"),
        ({"names": "x", "frames": {"weights": 1}}, "expected an object with the lists"),
    ],
)
def test_wrong_arkit_json(document: dict, text: str) -> None:
    with pytest.raises(FormatError, match=text):
        decode_motion(json.dumps(document).encode(), format_name="arkit-json")


def test_wrong_arkit_npz() -> None:
    for arrays in (
        {"names": np.array([1]), "weights": np.zeros((1, 1))},
        {"names": np.array(["jawOpen"]), "weights": np.zeros((1, 2))},
    ):
        with pytest.raises(FormatError):
            decode_motion(archive(**arrays))


# ------------------------------------------------------------------------------------------------------------ joints


@pytest.mark.parametrize("coordinates", ["", "unity", "unreal"])
@pytest.mark.parametrize("name", ["smplx", "mixamo"])
def test_json_returns(name: str, coordinates: str) -> None:
    motion = random_motion(6, fps=24)
    motion = Retargeting(motion.skeleton, load_skeleton(name)).apply(motion)
    source, loaded = decode_motion(encode_motion(motion, "json", coordinates).data)
    assert (source.name, loaded.motion.skeleton.name, loaded.motion.fps) == ("json", name, 24)
    assert_same_body(loaded.motion, motion, radians=1e-6, metres=1e-5)
    assert loaded.motion.face is not None
    assert motion.face is not None
    np.testing.assert_allclose(loaded.motion.face.weights, motion.face.weights, atol=1e-6)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"parents": [0]}, "parents is not 55 finite numbers"),
        ({"parents": [0.5] * 55}, "not whole numbers"),
        ({"rotations_xyzw": [[1]]}, "rotations_xyzw is not frames x 55 x 4"),
        ({"rotations_xyzw": []}, "no frames"),
        ({"rotations_xyzw": [[[0, 0, 0, 0]] * 55] * 2}, "rotation that is zero"),
        ({"root_translation": [[0, 0, "x"]]}, "root_translation is not 2 x 3"),
        ({"fps": "thirty"}, "fps is not a number"),
        ({"fps": 0}, "fps is 0"),
        ({"face": []}, "face is not an object"),
        ({"face": {"rig": "a", "names": ["b"], "weights": [[1, 2]]}}, "weights is not 2 x 1"),
        ({"joint_names": [1, 2]}, "joint_names is not a list of names"),
        ({"joint_names": ["a"] * 55}, "occurs twice"),
        ({"coordinate_system": "mars"}, "unknown coordinate system"),
        ({"end_sites": {"nobody": [0, 0, 0]}}, "not the ends of joints"),
    ],
)
def test_wrong_json_says_where(change: dict, text: str) -> None:
    document = {**json.loads(encode_motion(random_motion(2), "json").data), **change}
    with pytest.raises(PantomatrixError, match=text):
        decode_motion(json.dumps(document).encode(), "take.json")


def test_a_table_for_spreadsheets() -> None:
    motion = random_motion(4)
    table = list(csv.DictReader(io.StringIO(encode_motion(motion, "csv", "unity").data.decode())))
    assert len(table) == 4
    assert len(table[0]) == 2 + 3 + 55 * 3 + 52
    assert float(table[3]["seconds"]) == pytest.approx(0.1)
    assert float(table[2]["root_x"]) == pytest.approx(-motion.root_translation[2, 0], abs=1e-5)
    angles = [np.radians(float(table[2][f"left_knee_{axis}_degrees"])) for axis in "xyz"]
    wanted = UNITY.rotations_from_canonical(motion.rotations_xyzw[2, SMPLX.index("left_knee")])
    assert angle_between(rotations.quat_from_euler(angles, "XYZ"), wanted) < 1e-4
    assert float(table[1]["jawOpen"]) == pytest.approx(
        motion.face.weights[1, motion.face.names.index("jawOpen")], abs=1e-5
    )  # type: ignore[union-attr]


# --------------------------------------------------------------------------------------------------------------- VMC


def test_vmc_packets_are_osc() -> None:
    from pythonosc.osc_bundle import OscBundle
    from pythonosc.osc_message import OscMessage

    motion = random_motion(3)
    frames = list(vmc_frames(motion))
    assert len(frames) == 3
    assert max(len(packet) for packets in frames for packet in packets) < 1400
    messages: list[OscMessage] = [message for packet in frames[2] for message in OscBundle(packet)]  # type: ignore[misc]
    bones = {message.params[0]: message.params[1:] for message in messages if message.address == "/VMC/Ext/Bone/Pos"}
    unity = load_skeleton("unity_humanoid")
    moved = Retargeting(SMPLX, unity).apply(motion)
    assert set(bones) == set(unity.joint_names)
    for at, joint in enumerate(unity.joint_names):
        wanted = UNITY.rotations_from_canonical(moved.rotations_xyzw[2, at])
        assert angle_between(np.array(bones[joint][3:]), wanted) < 1e-5
    np.testing.assert_allclose(bones["Hips"][:3], UNITY.positions_from_canonical(moved.root_translation[2]), atol=1e-5)
    weights = dict(message.params for message in messages if message.address == "/VMC/Ext/Blend/Val")
    assert set(weights) > set(ARKIT52.curve_names) | {"aa", "blinkLeft"}
    assert [message.address for message in messages][-1] == "/VMC/Ext/Blend/Apply"


def test_plain_osc_has_every_number() -> None:
    from pythonosc.osc_bundle import OscBundle

    motion = random_motion(2)
    assert motion.face is not None
    said = {m.address: m.params for packet in list(plain_osc_frames(motion))[1] for m in OscBundle(packet)}  # type: ignore[union-attr]
    assert said["/pantomatrix/time"] == pytest.approx([1 / motion.fps])
    assert said["/pantomatrix/root"] == pytest.approx(motion.root_translation[1].tolist())
    wrist = motion.rotations_xyzw[1, motion.skeleton.index("left_wrist")]
    assert said["/pantomatrix/joint/left_wrist"] == pytest.approx(wrist.tolist())
    assert said["/pantomatrix/face/jawOpen"] == pytest.approx([motion.face.weights[1, 17]])
    assert len(said) == 2 + len(motion.skeleton) + 52


def test_live_link_packets_are_what_another_reader_takes() -> None:
    """PyLiveLinkFace 0.1 reads what the app sends."""
    from pylivelinkface import FaceBlendShape, PyLiveLinkFace

    motion = random_motion(3, fps=60)
    assert motion.face is not None
    for frame, (packet,) in enumerate(live_link_frames(motion)):
        found, face = PyLiveLinkFace.decode(packet)
        assert found
        assert (face.name, face._frames, face.fps, face._denominator) == ("PantoMatrix", frame, 60, 1)
        for at, curve in enumerate(motion.face.names):
            shape = FaceBlendShape[curve[0].upper() + curve[1:]]
            assert face.get_blendshape(shape) == pytest.approx(motion.face.weights[frame, at], abs=1e-6)
    with pytest.raises(UnsupportedError, match="faces"):
        next(live_link_frames(random_motion(2, face=False)))


# ------------------------------------------------------------------------------------------------------ BVH in three


@needs_node
@pytest.mark.parametrize("name", ["smplx", "ue5_manny", "beat_vicon75", "vrm1"])
def test_three_has_a_bvhs_joints_in_their_places(tmp_path: Path, name: str) -> None:
    motion = random_motion(20, face=False)
    motion = Retargeting(motion.skeleton, load_skeleton(name)).apply(motion)
    path = tmp_path / "take.bvh"
    path.write_bytes(encode_motion(motion, "bvh").data)
    positions, _ = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)
    frames = (0, 7, 18)
    for frame, seen in zip(frames, run_node("positions.mjs", path, *(frame / 30 for frame in frames)), strict=True):
        assert set(seen["positions"]) == set(motion.skeleton.joint_names)
        for at, joint in enumerate(motion.skeleton.joint_names):
            np.testing.assert_allclose(np.array(seen["positions"][joint]) / 100, positions[frame, at], atol=1e-3)


def test_beats_layout() -> None:
    """The header that BEAT's files have: 428 lines of hierarchy, 228 channels, 13 End Sites."""
    motion = random_motion(3, fps=120, face=False)
    motion = Retargeting(motion.skeleton, load_skeleton("beat_vicon75")).apply(motion)
    lines = encode_motion(motion, "bvh").data.decode().splitlines()
    assert lines[428:431] == ["MOTION", "Frames: 3", "Frame Time: 0.008333333"]
    assert sum("End Site" in line for line in lines) == 13
    assert len(lines[431].split()) == 228
    joints = [line.split()[1] for line in lines[:428] if line.split()[0] in ("ROOT", "JOINT")]
    assert joints == list(motion.skeleton.joint_names)
    assert lines[lines.index("\tJOINT Spine") + 2].split() == ["OFFSET", "0.000000", "6.269896", "-2.264934"]
    end = next(at for at, line in enumerate(lines) if "End Site" in line)
    assert lines[end + 2].split() == ["OFFSET", "0.000000", "9.727722", "0.000000"]


def test_a_bvh_with_joint_axes_of_its_own_is_recognised() -> None:
    """Other programs write the joints' own axes, so that the rest pose has angles that are not 0."""
    mixamo = load_skeleton("mixamo")
    motion = Retargeting(SMPLX, mixamo).apply(random_motion(5, face=False))
    bare = replace(mixamo, rest_rotations_xyzw=np.tile(rotations.IDENTITY_XYZW, (65, 1)))
    data = encode_motion(replace(motion, skeleton=bare), "bvh").data
    # The offsets of this file are those in the joints' own axes, so its angles are absolute.
    read = decode_motion(data)[1].motion
    own, _ = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)
    seen, _ = forward_kinematics(read.skeleton, read.rotations_xyzw, read.root_translation)
    np.testing.assert_allclose(seen[:, [read.skeleton.index(name) for name in mixamo.joint_names]], own, atol=1e-4)


def test_every_format_says_what_it_is() -> None:
    for name, entry in FORMATS.items():
        assert entry.name == name
        assert entry.read or entry.write
        assert entry.description
        assert entry.body or entry.face
    assert coordinate_system("gltf") == FORMATS["glb"].native_coordinates


def test_empty_curves_are_refused() -> None:
    weights = np.zeros((2, 0), np.float32)
    with pytest.raises(PantomatrixError):
        encode_motion(face_motion(FaceCurves("arkit52", (), weights), 30), "bvh")
