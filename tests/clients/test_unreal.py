"""The Unreal plugin: built as its README says, run on stand-ins for the engine against a real server."""

from __future__ import annotations

import json
import re
import subprocess
from functools import cache
from pathlib import Path

import pytest

from cmake_projects import can_build, run
from folders import ROOT
from pantomatrix.v1 import frames_pb2, options_pb2
from pantomatrix_converters.coordinates import coordinate_system
from pantomatrix_converters.skeleton import load_skeleton
from pantomatrix_converters.version import __version__
from pantomatrix_server.wire.skeleton import skeleton_message
from server_process import ServerProcess
from tools import needs

pytestmark = pytest.mark.client

UNREAL = ROOT / "engine_clients" / "unreal"
PLUGIN = UNREAL / "PantoMatrix"
CORE = PLUGIN / "Source" / "ThirdParty" / "PantoMatrixCore"
SPEECH = ROOT / "tests" / "data" / "audio" / "hu03_speech_m.wav"

needs_cmake = needs(can_build("protobuf-lite", "gtest_main"), "protobuf, CMake, Ninja, GoogleTest")


@cache
def core() -> Path:
    """The library in the plugin's folder, put there by the README's own lines."""
    lines = re.findall(r"^ +(cmake .*)", (UNREAL / "README.md").read_text(), re.MULTILINE)
    assert len(lines) == 3
    for line in lines:
        run("sh", "-c", f"cd {ROOT} && {line}")
    return CORE / "Linux" / "lib" / "libpantomatrix_c.so"


@needs_cmake
@pytest.mark.timeout(600)
def test_it_moves_a_character(server: ServerProcess, tmp_path: Path) -> None:
    core()
    folder = UNREAL / "build" / "tests"
    run("cmake", "-S", str(UNREAL / "tests"), "-B", str(folder), "-G", "Ninja")
    output = run("cmake", "--build", str(folder))
    assert not re.search(rf"^{re.escape(str(UNREAL))}.*warning", output, re.MULTILINE), output
    output = run(
        str(folder / "pantomatrix_unreal_tests"),
        PANTOMATRIX_TEST_WEBSOCKET=server.web,
        PANTOMATRIX_TEST_SPEECH=str(SPEECH),
        PANTOMATRIX_TEST_SKELETON=str(_mannequin(tmp_path / "manny.txt")),
    )
    assert "[  PASSED  ] 11 tests." in output


def _mannequin(path: Path) -> Path:
    """UE5's mannequin in Unreal's axes, a joint a line: name, parent, translation in centimetres, rotation x y z w."""
    message = skeleton_message(load_skeleton("ue5_manny"), coordinate_system("unreal_mesh"))
    rows = [
        (joint.name, joint.parent, t.x, t.y, t.z, q.x, q.y, q.z, q.w)
        for joint in message.joints
        for t, q in [(joint.rest_translation, joint.rest_rotation)]
    ]
    path.write_text("\n".join(" ".join(map(str, row)) for row in rows))
    return path


@needs_cmake
@pytest.mark.timeout(600)
def test_the_library_shows_the_engine_nothing_but_c() -> None:
    """The engine has a protobuf and a C++ library of its own, which must not meet this one's."""
    symbols = subprocess.run(
        ["nm", "-D", "--defined-only", str(core())], capture_output=True, text=True, check=True
    ).stdout
    strong = [name for kind, name in re.findall(r" ([A-Z]) (\S+)$", symbols, re.MULTILINE) if kind not in "VW"]
    assert len(strong) > 50
    assert [name for name in strong if not name.startswith("pm_")] == []
    assert [path.name for path in (CORE / "Linux" / "include").rglob("*.*")] == ["c_api.h"]


@pytest.mark.parametrize(
    ("name", "numbers"),
    [
        ("EPantoMatrixFrameEncoding", frames_pb2.FrameEncoding),
        ("EPantoMatrixPart", options_pb2.BodyPart),
        ("EPantoMatrixRoot", options_pb2.RootMode),
    ],
)
def test_its_enumerations_follow_the_contract(name: str, numbers) -> None:
    text = (PLUGIN / "Source" / "PantoMatrix" / "Public" / "PantoMatrixTypes.h").read_text()
    body = re.search(rf"enum class {name} : uint8\n{{\n(.*?)\n}};", text, re.DOTALL)
    assert body is not None
    values = {word: int(number) for word, number in re.findall(r"^\t(\w+) = (\d+)", body[1], re.MULTILINE)}
    values.pop("None", None)
    prefix = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", numbers.DESCRIPTOR.name).upper()
    for word, number in values.items():
        assert numbers.Value(f"{prefix}_{re.sub(r'(?<=[a-z])(?=[A-Z])', '_', word).upper()}") == number


def test_its_description_follows_the_folders_and_the_server() -> None:
    description = json.loads((PLUGIN / "PantoMatrix.uplugin").read_text())
    assert description["VersionName"] == __version__
    names = sorted(module["Name"] for module in description["Modules"])
    source = PLUGIN / "Source"
    assert names == sorted(path.name for path in source.iterdir() if path.name != "ThirdParty")
    for name in names:
        rules = (source / name / f"{name}.Build.cs").read_text()
        assert f"public class {name} : ModuleRules" in rules
        modules = [path.read_text() for path in (source / name).rglob("*Module.cpp")]
        assert sum(len(re.findall(rf"IMPLEMENT_MODULE\(\w+, {name}\)", text)) for text in modules) == 1
