"""The C++ client: built as its README says, its own tests with and without sanitizers against real servers, its examples."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
from functools import cache
from pathlib import Path

import pytest
import trustme

from cmake_projects import can_build, run
from folders import ROOT
from pantomatrix_converters.version import __version__
from pantomatrix_server.process.tokens import new_token
from server_process import ServerProcess, running_server
from tools import needs

CPP = ROOT / "engine_clients" / "cpp"
SPEECH = ROOT / "tests" / "data" / "audio" / "hu03_speech_m.wav"
TESTS = "tests/pantomatrix_tests"


pytestmark = [
    pytest.mark.client,
    needs(can_build("grpc++", "protobuf-lite", "gtest_main"), "gRPC C++, CMake, Ninja, GoogleTest"),
    pytest.mark.timeout(900),
]


@cache
def built(kind: str) -> Path:
    """The client with its tests: "release", or under the sanitizer "address" or "thread"."""
    folder = CPP / "build" / kind
    flags = ["-DCMAKE_BUILD_TYPE=Release"]
    if kind != "release":
        # A library's files are compiled as one, which takes half the time; what a file lacks on its own, and what is to
        # be warned of, the release shows. Sound that keeps up with the clock is tested too, so the slowest has -O1.
        optimization = "-O1" if kind == "thread" else "-O0"
        flags = ["-DCMAKE_BUILD_TYPE=Debug", f"-DPANTOMATRIX_SANITIZE={kind}", "-DPANTOMATRIX_EXAMPLES=OFF"]
        flags += ["-DCMAKE_UNITY_BUILD=ON", "-DCMAKE_UNITY_BUILD_BATCH_SIZE=0", f"-DCMAKE_CXX_FLAGS={optimization} -w"]
    run("cmake", "-S", str(CPP), "-B", str(folder), "-G", "Ninja", "-DPANTOMATRIX_TESTS=ON", *flags)
    output = run("cmake", "--build", str(folder), *(() if kind == "release" else ("--target", "pantomatrix_tests")))
    ours = re.compile(rf"^{re.escape(str(CPP))}/(include|src|examples|tests|benchmarks)/.*warning", re.MULTILINE)
    assert kind != "release" or not ours.search(output), output
    return folder


def _addresses(server: ServerProcess) -> dict[str, str]:
    return {
        "PANTOMATRIX_TEST_GRPC": server.address,
        "PANTOMATRIX_TEST_WEBSOCKET": server.web,
        "LSAN_OPTIONS": f"suppressions={CPP / 'tests' / 'leak_sanitizer.supp'}",
        "TSAN_OPTIONS": f"ignore_noninstrumented_modules=1 suppressions={CPP / 'tests' / 'thread_sanitizer.supp'}",
    }


@pytest.mark.parametrize("kind", ["release", "address", "thread"])
def test_its_own_tests(server: ServerProcess, kind: str) -> None:
    # Sound against motion needs ticks that are not held up for long, which this build's are: the other two have it.
    without = ("--gtest_filter=-*SoundComesBackWithItsMotion*",) if kind == "address" else ()
    output = run(str(built(kind) / TESTS), *without, **_addresses(server))
    passed = re.search(r"\[  PASSED  \] (\d+) tests", output)
    assert passed is not None
    assert int(passed[1]) >= 112


@pytest.mark.parametrize("transport", ["grpc", "websocket", "sockets"])
def test_a_server_that_dies_and_comes_back(tmp_path: Path, transport: str) -> None:
    with running_server(tmp_path / "first") as first:
        environment = {**os.environ, **_addresses(first), "PANTOMATRIX_TEST_RESTART": transport}
        command = [str(built("address") / TESTS), f"--gtest_filter=*SurvivesARestart/{transport}"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as client:
            assert client.stdout is not None
            assert any(line == "streaming\n" for line in client.stdout)
            first.process.send_signal(signal.SIGKILL)
            first.process.wait()
            ports = [address.rpartition(":")[2] for address in (first.address, first.web)]
            with running_server(tmp_path / "second", "--port", ports[0], "--web-port", ports[1]):
                output = client.stdout.read()
                assert client.wait(60) == 0, output
    assert "[  PASSED  ] 1 test." in output


def test_tls_and_tokens(tmp_path: Path) -> None:
    authority = trustme.CA()
    issued = authority.issue_cert("localhost", "127.0.0.1")
    certificate, key, roots = (tmp_path / name for name in ("certificate.pem", "key.pem", "roots.pem"))
    certificate.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
    key.write_bytes(issued.private_key_pem.bytes())
    roots.write_bytes(authority.cert_pem.bytes())
    token, digest = new_token()
    tokens = tmp_path / "tokens.toml"
    tokens.write_text(f'[game]\nsha256 = "{digest}"\n')
    tls = ("--tls-certificate", str(certificate), "--tls-key", str(key))
    with (
        running_server(tmp_path / "secure", *tls, "--tokens", str(tokens)) as secure,
        running_server(tmp_path / "plain", "--tokens", str(tokens)) as plain,
    ):
        output = run(
            str(built("address") / TESTS),
            "--gtest_filter=Secure.*",
            PANTOMATRIX_TEST_SECURE=secure.address,
            PANTOMATRIX_TEST_TOKENS_WEBSOCKET=plain.web,
            PANTOMATRIX_TEST_ROOTS=str(roots),
            PANTOMATRIX_TEST_TOKEN=token,
        )
    assert "[  PASSED  ] 2 tests." in output


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
