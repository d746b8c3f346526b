"""Skeletons, faces and edits through a real server and the command line."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import grpc
import numpy as np
import pytest

from command_line import command, fails, run, run_process
from folders import AUDIO
from motions import angle_between, random_motion
from pantomatrix.v1 import convert_pb2, options_pb2, skeleton_pb2
from pantomatrix_client import Client, ServerError, Skeleton
from pantomatrix_converters.coordinates import CANONICAL, UNREAL_MESH
from pantomatrix_converters.face.flame_arkit import ROWS
from pantomatrix_converters.formats import decode_motion, encode_motion, load_motion
from pantomatrix_converters.motion import Motion
from pantomatrix_converters.retargeting.humanoid import guess_roles
from pantomatrix_converters.retargeting.retarget import Retargeting
from pantomatrix_converters.skeleton import load_skeleton
from pantomatrix_server.wire.skeleton import skeleton_message
from server_process import ServerProcess, running_server
from service_calls import convert, details_of, encoded, frames, generate, open_channel

pytestmark = pytest.mark.service

CLIP = AUDIO / "hu05_arctic_f.wav"
SMPLX = load_skeleton("smplx")


@pytest.fixture(scope="module")
def matrix(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("matrix") / "mat_final.npy"
    np.save(path, np.random.default_rng(0).normal(size=(51, 103)).astype(np.float32))
    return path


@pytest.fixture(scope="module")
def server(
    tmp_path_factory: pytest.TempPathFactory, matrix: Path, checkpoint: Callable[..., Path]
) -> Iterator[ServerProcess]:
    folder = tmp_path_factory.mktemp("server")
    emage = checkpoint("emage", size="full")
    flags = ("--model", f"emage={emage}", "--device", "cpu", "--arkit-matrix", str(matrix))
    with running_server(folder / "log", *flags) as running:
        yield running


def test_an_unreal_client_gets_what_unreal_has(server: ServerProcess) -> None:
    with Client(server.address) as client:
        own = client.generate(CLIP)
        motion = client.generate(CLIP, skeleton="ue5_manny", coordinate_system="unreal_mesh")
    manny = load_skeleton("ue5_manny")
    assert motion.skeleton.joint_names == manny.joint_names
    np.testing.assert_allclose(
        motion.skeleton.rest_rotations_xyzw, UNREAL_MESH.rotations_from_canonical(manny.rest_rotations_xyzw), atol=1e-6
    )
    back = UNREAL_MESH.rotations_to_canonical(motion.rotations_xyzw)
    wanted = Retargeting(SMPLX, manny).apply(Motion(SMPLX, 30, own.rotations_xyzw, own.root_translation))
    assert angle_between(back, wanted.rotations_xyzw).max() < 1e-3
    root = UNREAL_MESH.positions_to_canonical(motion.root_translation)
    np.testing.assert_allclose(root, wanted.root_translation, atol=1e-4)


@pytest.mark.parametrize("name", ["smplx", "vrm1", "ue5_manny"])
def test_headers_tell_which_joints_are_moved(server: ServerProcess, name: str) -> None:
    """A client that blends the motion with another has to know."""
    asked = skeleton_message(load_skeleton(name), CANONICAL)
    asked.joints.add(name="weapon_r", parent=0, rest_rotation=skeleton_pb2.Quaternion(z=0.6, w=0.8))
    asked.ClearField("name")
    with open_channel(server.address) as channel:
        responses = generate(channel, encoded(CLIP.read_bytes()), custom_skeleton=asked)
    header = responses[0].header
    first, count = 3, len(header.skeleton.joints)
    turns = frames(responses)[:, first : first + 4 * count].reshape(-1, count, 4)
    roles = {joint.name: joint.role for joint in header.skeleton.joints}
    assert roles["weapon_r"] == ""
    assert {"pelvis", "left_elbow", "head"} <= set(roles.values())
    for at, joint in enumerate(header.skeleton.joints):
        if not joint.role:
            rest = joint.rest_rotation
            np.testing.assert_allclose(turns[:, at], [(rest.x, rest.y, rest.z, rest.w)] * len(turns), atol=1e-6)


def test_a_skeleton_of_the_callers(server: ServerProcess) -> None:
    mixamo = load_skeleton("mixamo")
    names = tuple(f"bone{at}" for at in range(len(mixamo)))
    own = Skeleton(
        "mine",
        names,
        mixamo.parents,
        mixamo.rest_translations.astype(np.float32),
        mixamo.rest_rotations_xyzw.astype(np.float32),
    )
    roles = guess_roles(mixamo)
    told = {name: roles.role_of(joint) for name, joint in zip(names, mixamo.joint_names, strict=True)}
    with Client(server.address) as client:
        by_name = client.generate(CLIP, skeleton="mixamo")
        mine = client.generate(CLIP, skeleton=own, joint_map=told)
        guessed = client.generate(CLIP, skeleton=own)
        assert any("which joint is which was guessed from the body's shape" in note for note in guessed.notes)
        still = np.tile(np.float32([0, 0, 0, 1]), (3, 1))
        arm = Skeleton("arm", ("root", "upper", "lower"), np.array([-1, 0, 1]), np.eye(3, dtype=np.float32), still)
        with pytest.raises(ServerError, match="no joint found for pelvis"):
            client.generate(CLIP, skeleton=arm)
        with pytest.raises(ServerError, match="unknown role 'tail'"):
            client.generate(CLIP, skeleton=own, joint_map={"bone1": "tail"})
    assert mine.skeleton.joint_names == names
    assert angle_between(mine.rotations_xyzw, by_name.rotations_xyzw).max() < 2e-3


def test_feet_are_held_and_pieces_are_whole(server: ServerProcess) -> None:
    with Client(server.address) as client:
        loose = client.generate(AUDIO / "hu03_speech_m.wav", skeleton="mixamo")
        held = client.generate(AUDIO / "hu03_speech_m.wav", skeleton="mixamo", foot_lock=True)
    assert len(held.rotations_xyzw) == len(loose.rotations_xyzw)
    legs = [
        load_skeleton("mixamo").index(f"mixamorig:{side}{part}")
        for side in ("Left", "Right")
        for part in ("UpLeg", "Leg", "Foot")
    ]
    others = [at for at in range(65) if at not in legs]
    np.testing.assert_allclose(held.rotations_xyzw[:, others], loose.rotations_xyzw[:, others], atol=1e-5)
    assert angle_between(held.rotations_xyzw[:, legs], loose.rotations_xyzw[:, legs]).max() < 0.3


@pytest.mark.parametrize(
    ("rig", "count"), [("arkit52", 52), ("vrm", 14), ("oculus15", 15), ("metahuman", 69), ("flame100+jaw", 103)]
)
def test_emages_face_in_every_rig(server: ServerProcess, rig: str, count: int) -> None:
    with Client(server.address) as client:
        motion = client.generate(CLIP, model="emage", face_rig=rig)
    assert (motion.face_rig, motion.curves.shape[1], len(motion.curve_names)) == (rig, count, count)
    if rig != "flame100+jaw":
        assert motion.curves.min() >= 0
        assert motion.curves.max() <= 1 + 1e-6


def test_a_face_that_no_matrix_helps(tmp_path: Path, server: ServerProcess) -> None:
    with Client(server.address) as client:
        assert client.generate(CLIP, face_rig="flame100+jaw").curves.shape[1] == 103
    with running_server(tmp_path / "log") as plain, Client(plain.address) as client:
        with pytest.raises(ServerError, match=r"mat_final\.npy"):
            client.generate(CLIP, face_rig="flame100+jaw")


def test_a_wrong_matrix_stops_the_start(tmp_path: Path) -> None:
    (tmp_path / "mat_final.npy").write_bytes(b"nothing")
    words = ("serve", "--port", 0, "--arkit-matrix", tmp_path / "mat_final.npy")
    assert "no readable .npy" in fails(*words, run=run_process)


def test_every_edit_of_a_conversion(server: ServerProcess) -> None:
    motion = random_motion(90, angle=0.2)
    with open_channel(server.address) as channel:
        responses = convert(
            channel,
            data=gzip.compress(encode_motion(motion, "npz").data),
            file=convert_pb2.FileOutput(format="glb"),
            options=options_pb2.MotionOptions(
                skeleton="ue4_mannequin", fps=60, start_seconds=0.5, end_seconds=2.0, mirror=True, smooth_seconds=0.05,
                scale=2.0, foot_lock=True, face_rig="oculus15",
                part_strengths=[{"part": options_pb2.BODY_PART_FACE, "gain": 0.5}],
                curve_adjustments=[{"curve": "aa", "gain": 0.5}],
                parts=[options_pb2.BODY_PART_FACE, options_pb2.BODY_PART_UPPER_BODY],
            ),
        )  # fmt: skip
    assert (responses[0].header.source_format, responses[0].header.frame_count) == ("npz", 90)
    data = b"".join(response.chunk.data for response in responses[1:-1])
    made = decode_motion(data)[1].motion
    assert (made.fps, len(made), len(made.skeleton)) == (60, 90, 61)
    assert made.face is not None
    assert made.face.rig == "oculus15"


def test_how_a_file_is_read(server: ServerProcess, strange_files: Path) -> None:
    data = (strange_files / "z_up.bvh").read_bytes()
    made = {}
    with open_channel(server.address) as channel:
        for up in ("", "z", "y"):
            options = options_pb2.MotionOptions(
                input_up=up, input_unit="cm" if up else "", rest_frame=0 if up else None
            )
            responses = convert(
                channel,
                data=data,
                file=convert_pb2.FileOutput(format="npz"),
                options=options_pb2.MotionOptions(
                    skeleton="smplx",
                    floor=options_pb2.FLOOR_GROUND,
                    **{field.name: value for field, value in options.ListFields()},
                ),
            )
            made[up] = decode_motion(b"".join(response.chunk.data for response in responses[1:-1]))[1].motion
            notes = [note for note in responses[0].header.notes if "stands along +Z" in note]
            assert bool(notes) is not bool(up)
    assert angle_between(made[""].rotations_xyzw, made["z"].rotations_xyzw).max() < 1e-3
    assert angle_between(made["y"].rotations_xyzw[:, 0], made["z"].rotations_xyzw[:, 0]).min() > 1.0


@pytest.mark.parametrize(
    ("fields", "code", "text"),
    [
        ({"input_up": "up"}, "INVALID_ARGUMENT", "input_up is 'up', expected x, -x, y, -y, z or -z"),
        ({"input_unit": "yd"}, "INVALID_ARGUMENT", "input_unit is 'yd', expected m, dm"),
        ({"rest_frame": 3}, "INVALID_ARGUMENT", "rest_frame is 3, expected 0 to 2"),
        ({"skeleton": "mixamoo"}, "NOT_FOUND", "did you mean mixamo"),
        ({"face_rig": "arkit"}, "NOT_FOUND", "unknown face rig"),
        ({"smooth_seconds": 9}, "INVALID_ARGUMENT", "smooth_seconds is 9, expected 0 to 2"),
        ({"scale": 0.0}, "INVALID_ARGUMENT", "scale is 0"),
        ({"part_strengths": [{"part": 1, "gain": -1.0}]}, "INVALID_ARGUMENT", "gain of face is -1"),
        ({"curve_adjustments": [{"curve": "jawopen"}]}, "NOT_FOUND", "did you mean jawOpen"),
        ({"speaker": "calm"}, "INVALID_ARGUMENT", "speaker says how motion is made from speech"),
        ({"emotions": [{"emotion": "joy", "strength": 1}]}, "INVALID_ARGUMENT", "emotions says how motion is made"),
        ({"source_joint_map": {"nose": "head"}}, "NOT_FOUND", "unknown joint of skeleton"),
        ({"start_seconds": 99}, "INVALID_ARGUMENT", "start_seconds is 99, but the clip has only"),
        ({"custom_skeleton": skeleton_pb2.Skeleton(name="x", joints=[skeleton_pb2.Joint(name="a", parent=-1, role="pelvis")])}, "INVALID_ARGUMENT", "no joint found for head"),
    ],
)  # fmt: skip
def test_wrong_edits(server: ServerProcess, fields: dict, code: str, text: str) -> None:
    data = encode_motion(random_motion(3), "npz").data
    with open_channel(server.address) as channel, pytest.raises(grpc.RpcError) as caught:
        convert(channel, data=data, frames=convert_pb2.FrameOutput(), options=options_pb2.MotionOptions(**fields))
    got, message, _ = details_of(caught.value)
    assert (got.name, text in message) == (code, True), message


# ------------------------------------------------------------------------------------------------- the command line


@pytest.fixture(scope="module")
def take(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("take") / "take.npz"
    path.write_bytes(encode_motion(random_motion(60, angle=0.2), "npz").data)
    return path


def test_to_a_characters_file_and_back(take: Path, tmp_path: Path) -> None:
    result = run("convert", take, "-o", tmp_path / "rig.glb", "--skeleton", "mixamo", "--foot-lock")
    assert result.returncode == 0, result.stderr
    result = run("joints", tmp_path / "rig.glb", "-o", tmp_path / "rig.json")
    assert "mixamorig:LeftHandIndex1" in result.stdout
    table = json.loads((tmp_path / "rig.json").read_text())
    assert table["left_elbow"] == "mixamorig:LeftForeArm"
    words = ("--skeleton", tmp_path / "rig.glb", "--joint-map", tmp_path / "rig.json")
    assert run("convert", take, "-o", tmp_path / "again.glb", *words).returncode == 0
    assert run("generate", CLIP, "-o", tmp_path / "talk.bvh", *words, "--foot-lock").returncode == 0
    assert len(load_motion(tmp_path / "talk.bvh")[1].motion.skeleton) == 65
    back = run(
        "convert",
        tmp_path / "again.glb",
        "-o",
        tmp_path / "back.npz",
        "--skeleton",
        "smplx",
        "--source-joint-map",
        tmp_path / "rig.json",
    )
    assert back.returncode == 0, back.stderr
    own, again = load_motion(take)[1].motion, load_motion(tmp_path / "back.npz")[1].motion
    kept = [
        at for at, name in enumerate(SMPLX.joint_names) if name not in ("jaw", "left_eye_smplhf", "right_eye_smplhf")
    ]
    assert angle_between(own.rotations_xyzw[:, kept], again.rotations_xyzw[:, kept]).max() < 1e-3


def test_a_server_retargets_to_a_file(server: ServerProcess, take: Path, tmp_path: Path) -> None:
    assert run("convert", take, "-o", tmp_path / "rig.glb", "--skeleton", "mixamo").returncode == 0
    words = ("generate", CLIP, "--skeleton", tmp_path / "rig.glb", "--face-rig", "vrm")
    for name, more in (("here.json", ()), ("there.json", ("--server", server.address))):
        result = run(*words, "-o", tmp_path / name, "-f", "json", *more)
        assert result.returncode == 0, result.stderr
    here, there = (load_motion(tmp_path / name)[1].motion for name in ("here.json", "there.json"))
    assert angle_between(here.rotations_xyzw, there.rotations_xyzw).max() < 2e-3


def test_pipes_and_gzip(take: Path) -> None:
    words = command("convert", "-", "-o", "-", "--format", "bvh")
    done = subprocess.run(words, input=gzip.compress(take.read_bytes()), capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr
    assert len(decode_motion(done.stdout)[1].motion) == 60
    assert b"note: bvh holds no face" in done.stderr
    assert "give one input and one --format" in fails("convert", take, "-o", "-")
    assert "cannot both go to stdout" in fails("convert", take, "-o", "-", "-f", "bvh", "--json")


def test_clips_in_a_row(take: Path, tmp_path: Path) -> None:
    result = run(
        "convert", take, take, take, "-o", tmp_path / "row.npz", "--concat", "--start-seconds", 1, "--end-seconds", 5
    )
    assert result.returncode == 0, result.stderr
    assert len(load_motion(tmp_path / "row.npz")[1].motion) == 120


def test_a_gzipped_file_keeps_its_name(take: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "walk.npz.gz").write_bytes(gzip.compress(take.read_bytes()))
    result = run("convert", tmp_path / "in", "-o", f"{tmp_path}/out/", "-f", "glb")
    assert result.returncode == 0, result.stderr
    assert (tmp_path / "out" / "walk.glb").exists()
    assert json.loads(run("inspect", tmp_path / "in" / "walk.npz.gz", "--json").stdout)["frames"] == 60


def test_wrong_words(take: Path, tmp_path: Path) -> None:
    target = ("-o", tmp_path / "x.bvh")
    assert "did you mean mixamo" in fails("convert", take, *target, "--skeleton", "mixamoo")
    assert "absent.glb: no such file" in fails("convert", take, *target, "--skeleton", "absent.glb")
    table = tmp_path / "table.json"
    table.write_text(guess_roles(SMPLX).dumps())
    assert "belongs to a skeleton" in fails("generate", CLIP, *target, "--joint-map", table)
    assert "no readable JSON" in fails("convert", take, *target, "--skeleton", "mixamo", "--joint-map", take)
    assert "start_seconds is 50, but the clip has only" in fails("convert", take, *target, "--start-seconds", 50)
    assert "need a FLAME or SMPL-X model" in fails(
        "convert", take, *target, "--face-rig", "flame100+jaw", "--arkit-deltas", take
    )
    assert "expected HOST:PORT, for example 127.0.0.1:9000" in fails("send", take, "--osc", "nowhere")
    (tmp_path / "snake.bvh").write_text(
        "HIERARCHY ROOT a { OFFSET 0 0 0 CHANNELS 3 Xrotation Yrotation Zrotation }\nMOTION\nFrames: 1 Frame Time: 0.1\n0 0 0\n"
    )
    assert "no joint found for pelvis" in fails("joints", tmp_path / "snake.bvh")
    result = run("joints", tmp_path / "snake.bvh", "-o", tmp_path / "snake.json")
    assert result.returncode == 0
    assert json.loads((tmp_path / "snake.json").read_text())["pelvis"] is None


def test_vertex_deltas_serve_as_well(take: Path, tmp_path: Path) -> None:
    random = np.random.default_rng(0)
    model = {
        "v_template": random.normal(size=(300, 3)), "shapedirs": random.normal(size=(300, 3, 400)),
        "J_regressor": np.full((5, 300), 1 / 300), "weights": np.full((300, 5), 0.2),
    }  # fmt: skip
    np.savez(tmp_path / "flame.npz", **model)
    np.savez(tmp_path / "deltas.npz", names=np.array(ROWS), deltas=random.normal(size=(len(ROWS), 300, 3)))
    words = (
        "--face-rig",
        "flame100+jaw",
        "--arkit-deltas",
        tmp_path / "deltas.npz",
        "--face-model",
        tmp_path / "flame.npz",
    )
    result = run("convert", take, "-o", tmp_path / "flame.out.npz", *words)
    assert result.returncode == 0, result.stderr
    assert re.search("vertex deltas", result.stderr)
