"""The Blender add-on in real Blenders, in background mode, against a real server.

Debian's Blender is taken where it is installed; PANTOMATRIX_BPY names Pythons that have the package bpy, with colons between.
"""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from command_line import run
from folders import AUDIO, ROOT
from pantomatrix_client import Client, Skeleton
from pantomatrix_converters.coordinates import BLENDER
from pantomatrix_converters.formats import load_motion
from pantomatrix_converters.kinematics import forward_kinematics
from pantomatrix_converters.skeleton import Skeleton as ConvertersSkeleton
from pantomatrix_converters.version import __version__
from server_process import ServerProcess, running_server
from tools import needs

ADDON = ROOT / "engine_clients" / "blender"
SPEECH = AUDIO / "hu03_speech_m.wav"
VECTORS = ROOT / "tests" / "vectors"
CHARACTER = ROOT / "viewer" / "pantomatrix_viewer" / "page" / "character.glb"
BLENDERS = [*filter(None, [shutil.which("blender")]), *filter(None, os.environ.get("PANTOMATRIX_BPY", "").split(":"))]

pytestmark = [pytest.mark.client, needs(BLENDERS, "Blender"), pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with running_server(tmp_path_factory.mktemp("server") / "log") as running:
        yield running


@pytest.fixture(scope="module")
def take(web: ServerProcess, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("take") / "take.npz"
    assert run("generate", SPEECH, "-o", path, "--server", web.address).returncode == 0
    return path


@pytest.fixture(scope="module", params=BLENDERS)
def scene(request: pytest.FixtureRequest, web: ServerProcess, take: Path, tmp_path_factory: pytest.TempPathFactory):
    """What the scenes held, and the folder that files were written to."""
    out = tmp_path_factory.mktemp("blender")
    for place in ("scripts/addons", "extensions/user_default"):
        shutil.copytree(ADDON / "pantomatrix_blender", out / place / "pantomatrix_blender")
    environment = {
        **os.environ, "BLENDER_USER_SCRIPTS": str(out / "scripts"), "BLENDER_USER_EXTENSIONS": str(out / "extensions"),
        "BLENDER_USER_CONFIG": str(out / "config"),
        # Debian's Blender takes the first python3 of the PATH for its own, and its numpy is the system's.
        "PATH": f"{Path(request.param).parent}:/usr/bin:/bin",
    }  # fmt: skip
    script = str(ADDON / "tests" / "in_blender.py")
    program = [request.param, "-b", "--python-exit-code", "1", "--python", script]
    if not request.param.endswith("blender"):
        program = [request.param, script]
    words = ["--", web.web, str(SPEECH), str(CHARACTER), str(take), str(out)]
    done = subprocess.run([*program, *words], capture_output=True, text=True, env=environment, timeout=400)
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    return json.loads((out / "result.json").read_text()), out


def client_skeleton(message: dict) -> Skeleton:
    joints = message["joints"]
    return Skeleton(
        message["name"],
        tuple(joint["name"] for joint in joints),
        np.array([joint.get("parent", -1) for joint in joints]),
        np.array([list(joint["restTranslation"].values()) for joint in joints], np.float32),
        np.array([list(joint["restRotation"].values()) for joint in joints], np.float32),
    )


def places(web: ServerProcess, message: dict) -> tuple[dict[int, dict[str, np.ndarray]], np.ndarray]:
    """Where the joints are by forward kinematics of what the server sends for that skeleton; jawOpen."""
    skeleton = client_skeleton(message)
    with Client(web.address) as client:
        motion = client.generate(SPEECH, skeleton=skeleton, coordinate_system="blender", fps=30)
    own = ConvertersSkeleton.build(
        "own", skeleton.joint_names, skeleton.parents, skeleton.rest_translations, skeleton.rest_rotations_xyzw
    )
    positions = forward_kinematics(own, motion.rotations_xyzw, motion.root_translation)[0]
    frames = {frame: dict(zip(skeleton.joint_names, positions[frame - 1], strict=True)) for frame in (1, 40, 200)}
    return frames, motion.curves[:, motion.curve_names.index("jawOpen")]


def far(heads: dict, expected: dict[int, dict[str, np.ndarray]]) -> float:
    return max(
        float(np.linalg.norm(np.array(heads[str(frame)][name]) - place))
        for frame, joints in expected.items()
        for name, place in joints.items()
    )


def test_an_armature_of_its_own(scene, web: ServerProcess) -> None:
    own = scene[0]["own"]
    assert far(own["heads"], places(web, own["skeleton"])[0]) < 1e-3
    assert (own["sound"], own["end"]) == ([SPEECH.name] if scene[0]["has_sound"] else [], 330)
    assert own["skeleton"]["joints"][0]["name"] == "pelvis"


def test_a_character_that_stands_elsewhere(scene, web: ServerProcess) -> None:
    character = scene[0]["character"]
    expected, jaw = places(web, character["skeleton"])
    assert far(character["heads"], expected) < 1e-3
    np.testing.assert_allclose(character["jaw"], jaw[[0, 39, 199]], atol=1e-4)


def test_a_file_imported(scene, take: Path) -> None:
    motion = load_motion(take)[1].motion
    positions = BLENDER.positions_from_canonical(
        forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)[0]
    )
    expected = {
        frame: dict(zip(motion.skeleton.joint_names, positions[frame - 1], strict=True)) for frame in (1, 40, 200)
    }
    assert far(scene[0]["imported"]["heads"], expected) < 0.02


def test_a_file_exported(scene) -> None:
    motion = load_motion(scene[1] / "exported.bvh")[1].motion
    assert abs(len(motion) - 330) <= 1
    assert np.ptp(motion.rotations_xyzw[:, motion.skeleton.joint_names.index("head")], axis=0).max() > 0.02


@pytest.fixture(scope="module")
def calls():
    """The add-on's module that needs no Blender."""
    spec = importlib.util.spec_from_file_location("addon_server", ADDON / "pantomatrix_blender" / "server.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_frames_are_the_numbers(calls) -> None:
    """A channel of a kind that nobody knows lies between the others."""
    responses = json.loads((VECTORS / "stream_responses.json").read_text())
    motion = calls.motion_of(iter(responses), "header", lambda done: None)
    expected = np.array(json.loads((VECTORS / "frames.json").read_text())["frames"], np.float32)
    rows = [motion.root_translation, motion.rotations_xyzw.reshape(len(motion), -1), motion.curves]
    np.testing.assert_array_equal(np.concatenate(rows, axis=1), expected)


def test_frames_that_cannot_be_read_are_refused(calls) -> None:
    header, *blocks = json.loads((VECTORS / "stream_responses.json").read_text())
    compact = json.loads((VECTORS / "compact_responses.json").read_text())
    with pytest.raises(calls.ServerError, match="CHANNEL_ENCODING_QUATERNION48, which this add-on does not know"):
        calls.motion_of(iter(compact), "header", lambda done: None)
    header["header"]["channels"][-1]["width"] = 3
    with pytest.raises(calls.ServerError, match="does not have the 2 numbers"):
        calls.motion_of(iter([header, *blocks]), "header", lambda done: None)
    compact[0]["header"]["bytesPerFrame"] = 5
    with pytest.raises(calls.ServerError, match="not whole frames of 5"):
        calls.motion_of(iter(compact), "header", lambda done: None)


def test_joints_without_a_channel_rest(calls) -> None:
    header, *blocks = json.loads((VECTORS / "stream_responses.json").read_text())
    joints = header["header"]["skeleton"]["joints"]
    joints[0]["restTranslation"] = {"y": 1.5}
    joints[1]["restRotation"] = {"x": 0.6, "w": 0.8}
    header["header"]["channels"] = header["header"]["channels"][2:]
    motion = calls.motion_of(iter([header, *blocks]), "header", lambda done: None)
    np.testing.assert_array_equal(motion.root_translation, np.tile(np.float32([0, 1.5, 0]), (12, 1)))
    turns = np.float32([[0, 0, 0, 1], [0.6, 0, 0, 0.8], [0, 0, 0, 1]])
    np.testing.assert_array_equal(motion.rotations_xyzw, np.tile(turns, (12, 1, 1)))


def test_errors_are_one_line(scene) -> None:
    missing, no_sound, nobody = scene[0]["errors"]
    assert "nowhere.wav" in missing
    assert "invalid_argument" in no_sound
    assert "no server answers at 127.0.0.1:1" in nobody


def test_blenders_own_tool_takes_the_extension(tmp_path: Path) -> None:
    tools = [
        found
        for python in BLENDERS
        for found in Path(python).parents[1].rglob("bl_pkg/cli/blender_ext.py")
        if "bpy" in str(found)
    ]
    if not tools:
        pytest.skip("no bpy of 4.2 or later")
    for tool in tools:
        folder = str(ADDON / "pantomatrix_blender")
        subprocess.run([sys.executable, str(tool), "validate", folder], check=True, capture_output=True)
        build = [sys.executable, str(tool), "build", "--source-dir", folder, "--output-dir", str(tmp_path)]
        subprocess.run(build, check=True, capture_output=True)
    assert f"pantomatrix-{__version__}.zip" in [path.name for path in tmp_path.iterdir()]


def test_versions_agree() -> None:
    manifest = tomllib.loads((ADDON / "pantomatrix_blender" / "blender_manifest.toml").read_text())
    assert manifest["version"] == __version__
    text = (ADDON / "pantomatrix_blender" / "__init__.py").read_text()
    assert f'"version": ({__version__.replace(".", ", ")})' in text
