"""What the command says of which joint is which, and where it takes a map."""

from __future__ import annotations

import json
import socket
from dataclasses import replace
from pathlib import Path

import pytest

import pantomatrix as pm
from command_line import run
from folders import AUDIO
from motions import random_motion
from pantomatrix_converters.formats import load_motion
from pantomatrix_converters.skeleton import Skeleton, load_skeleton
from preview_site import running_preview, takes
from server_process import ServerProcess

pytestmark = pytest.mark.unit

SPEECH = AUDIO / "hu05_arctic_f.wav"


def write_rig(path: Path, skeleton: Skeleton) -> None:
    """A JSON file of that skeleton."""
    fields = ("parents", "rest_translations", "rest_rotations_xyzw")
    data = {field: getattr(skeleton, field).tolist() for field in fields}
    path.write_text(json.dumps({"joint_names": list(skeleton.joint_names), **data}))


def nameless(name: str) -> Skeleton:
    skeleton = load_skeleton(name)
    return replace(skeleton, joint_names=tuple(f"b{n}" for n in range(len(skeleton))), parts={}, end_sites={})


def test_how_many_joints_move_is_said_in_one_line(tmp_path: Path) -> None:
    take = tmp_path / "take.npz"
    pm.save(random_motion(3), take)
    done = run("convert", take, "-o", tmp_path / "take.bvh", "--skeleton", "mixamo")
    (line,) = [line for line in done.stderr.splitlines() if "mapped" in line]
    assert line.startswith("note: mapped 52 of 65 joints of mixamo; at rest: mixamorig:")
    assert line.endswith(" and 7 more")
    done = run("convert", take, "-o", tmp_path / "smaller.npz", "--skeleton", "smplx", "--fps", "15")
    assert "mapped" not in done.stderr
    done = run("convert", take, "-o", tmp_path / "more.bvh", "--skeleton", "mixamo", "--json")
    assert any("mapped 52 of 65" in note for note in json.loads(done.stdout)[0]["notes"])


def test_speech_on_a_rig_says_it_too(tmp_path: Path) -> None:
    done = run("generate", SPEECH, "-o", tmp_path / "a.bvh", "--skeleton", "ue5_manny")
    assert done.returncode == 0, done.stderr
    (line,) = [line for line in done.stderr.splitlines() if "mapped" in line]
    assert line.startswith("note: mapped 72 of 80 joints of ue5_manny; at rest: index_metacarpal_l, ")  # 8 metacarpals


def test_a_body_that_was_guessed_is_noted(tmp_path: Path) -> None:
    rig, take = tmp_path / "rig.json", tmp_path / "take.npz"
    write_rig(rig, nameless("ue4_mannequin"))
    pm.save(random_motion(3), take)
    done = run("convert", take, "-o", tmp_path / "take.bvh", "--skeleton", rig)
    assert done.returncode == 0, done.stderr
    assert "which joint is which was guessed from the body's shape" in done.stderr
    done = run("joints", rig, "-o", tmp_path / "map.json")
    assert "was guessed from the body's shape" in done.stderr
    done = run("convert", take, "-o", tmp_path / "b.bvh", "--skeleton", rig, "--joint-map", tmp_path / "map.json")
    assert "guessed" not in done.stderr
    places = [load_motion(tmp_path / name)[1].motion.rotations_xyzw for name in ("take.bvh", "b.bvh")]
    assert (places[0] == places[1]).all()


# ---------------------------------------------------------------------------------------------- commands that take a map


@pytest.fixture(scope="module")
def rig(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a body that cannot be told, as rig.json and in motion, and its map."""
    folder = tmp_path_factory.mktemp("rig")
    smplx = load_skeleton("smplx")
    kept = [joint for joint, name in enumerate(smplx.joint_names) if name not in ("left_foot", "right_foot")]
    skeleton = Skeleton.build(
        "rig",
        [f"b{joint}" for joint in kept],
        [kept.index(int(smplx.parents[joint])) if joint else -1 for joint in kept],
        smplx.rest_translations[kept],
    )
    write_rig(folder / "rig.json", skeleton)
    motion = random_motion(4)
    motion = replace(motion, skeleton=skeleton, rotations_xyzw=motion.rotations_xyzw[:, kept], face=None)
    pm.save(motion, folder / "take.bvh")
    roles = {smplx.joint_names[joint]: f"b{joint}" for joint in kept}
    chains = {"spine": [roles.pop(f"spine{n}") for n in (1, 2, 3)], "neck": [roles.pop("neck")]}
    (folder / "map.json").write_text(json.dumps({**roles, **chains}))
    return folder


def bones_of(packets: bytes) -> bool:
    return b"LeftUpperArm" in packets


def test_send_takes_a_map(rig: Path) -> None:
    done = run("send", rig / "take.bvh", "--vmc", "127.0.0.1:9", "--quiet")
    assert done.returncode == 2
    assert "without toes its left cannot be told from its right" in done.stderr
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.settimeout(30)
        place = f"127.0.0.1:{listener.getsockname()[1]}"
        done = run("send", rig / "take.bvh", "--vmc", place, "--quiet", "--joint-map", rig / "map.json")
        assert done.returncode == 0, done.stderr
        assert any(bones_of(listener.recv(2048)) for _ in range(4))


@pytest.mark.slow
def test_relay_takes_a_map(rig: Path, server: ServerProcess) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.settimeout(30)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        place = f"127.0.0.1:{listener.getsockname()[1]}"
        words = ("relay", SPEECH, "--server", server.address, "--vmc", place, "--skeleton", rig / "rig.json")
        done = run(*words, "--joint-map", rig / "map.json")
        assert done.returncode == 0, done.stderr
        assert any(bones_of(listener.recv(2048)) for _ in range(4))


@pytest.mark.slow
def test_preview_takes_a_map(rig: Path) -> None:
    with running_preview(rig / "take.bvh") as site:
        (take,) = takes(site)
        assert not take["motion"]["on_character"]
    with running_preview(rig / "take.bvh", "--joint-map", rig / "map.json") as site:
        (take,) = takes(site)
        assert take["motion"]["on_character"]


def test_maps_that_do_not_fit_are_told(rig: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.bvh"
    pm.save(replace(random_motion(2), face=None), other)
    done = run("send", other, "--vmc", "127.0.0.1:9", "--quiet", "--joint-map", rig / "map.json")
    assert done.returncode == 2
    assert done.stderr.startswith("error: unknown joint of skeleton")
