"""The C++ client as it is shipped: built as its README says, installed, its examples against a real server. Its own tests run
under sanitizers."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from cmake_projects import can_build, run
from cpp_client import CPP, built
from folders import AUDIO
from pantomatrix_converters.version import __version__
from server_process import ServerProcess
from tools import needs

SPEECH = AUDIO / "hu03_speech_m.wav"

pytestmark = [
    pytest.mark.client,
    needs(can_build("grpc++", "protobuf-lite", "gtest_main"), "gRPC C++, CMake, Ninja, GoogleTest"),
    pytest.mark.timeout(900),
]


def test_examples(server: ServerProcess, tmp_path: Path) -> None:
    examples, out = built("release") / "examples", tmp_path / "curves.csv"
    output = run(str(examples / "generate_file"), server.address, str(SPEECH), str(out))
    assert "330 frames at 30 fps, 55 joints, 52 curves" in output
    rows = out.read_text().splitlines()
    assert len(rows) == 331
    assert rows[0].split(",")[17] == "jawOpen"
    output = run(str(examples / "live_microphone_from_wav"), server.web, str(SPEECH))
    jaws = re.findall(r"^ *([\d.]+) s  jaw (#*)$", output, re.MULTILINE)
    assert float(jaws[-1][0]) > 10
    assert max(len(hashes) for _, hashes in jaws) > 8
    for arguments in ((server.address, "no such file"), ("127.0.0.1:1", str(SPEECH))):
        failed = subprocess.run([str(examples / "generate_file"), *arguments], capture_output=True, text=True)
        assert failed.returncode == 1
        assert re.fullmatch(r"error: [^\n]+\n", failed.stderr)


def test_a_program_that_finds_the_package(server: ServerProcess, tmp_path: Path) -> None:
    """What the README tells to write, in a project of its own."""
    prefix, project = tmp_path / "installed", tmp_path / "game"
    run("cmake", "--install", str(built("release")), "--prefix", str(prefix))
    fences = re.findall(r"^```(cmake|cpp|c)\n(.*?)^```", (CPP / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    project.mkdir()
    for language, text in fences:
        name = {"cmake": "CMakeLists.txt", "cpp": "game.cpp", "c": "game.c"}[language]
        (project / name).write_text(text)
    run("cmake", "-S", str(project), "-B", str(project / "build"), "-G", "Ninja", f"-DCMAKE_PREFIX_PATH={prefix}")
    run("cmake", "--build", str(project / "build"))
    shutil.copy(SPEECH, project / "speech.wav")
    for program, address in (("game", server.address), ("game_in_c", server.web)):
        command = [str(project / "build" / program), address]
        done = subprocess.run(command, capture_output=True, text=True, cwd=project, timeout=60)
        assert done.returncode == 0, done.stderr
        assert "jawOpen" in done.stdout


def test_benchmark_runs() -> None:
    output = run(str(built("release") / "benchmarks" / "live_streams"), "50", "1")
    assert re.match(r"50 streams, 1 s: .* times faster than real time", output)


def test_versions_follow_the_server() -> None:
    assert json.loads((CPP / "vcpkg.json").read_text())["version-string"] == __version__
    cache_file = (built("release") / "CMakeCache.txt").read_text()
    assert f"CMAKE_PROJECT_VERSION:STATIC={__version__}" in cache_file
