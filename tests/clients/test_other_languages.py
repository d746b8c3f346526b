"""The programs of docs/how-to/other-languages.md, run as they stand there against a real server."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from folders import AUDIO, ROOT
from pantomatrix_client import Client
from server_process import ServerProcess
from tools import needs

pytestmark = pytest.mark.client

SPEECH = AUDIO / "hu02_prompt_f.wav"
STRANGERS = ROOT / "tests" / "strangers"
PAGE = (ROOT / "docs" / "how-to" / "other-languages.md").read_text()
_JARS = [
    "grpc-*.jar",
    "protobuf.jar",
    "guava.jar",
    "gson.jar",
    "netty*.jar",
    "failureaccess.jar",
    "jsr305.jar",
    "error_prone_annotations.jar",
    "geronimo-annotation-*.jar",
    "opencensus-api.jar",
    "perfmark*.jar",
]


@pytest.fixture(scope="module")
def expected(server: ServerProcess) -> str:
    with Client(server.address) as client:
        motion = client.generate(SPEECH, skeleton="smplx")
    widest = motion.curves[:, motion.curve_names.index("jawOpen")].max()
    assert widest > 0.2
    return f"{len(motion)} frames, jawOpen up to {widest:.3f}\n"


def fence(language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert found is not None
    return found[1]


def stubs(heading: str) -> str:
    """The command that makes them."""
    return re.search(r"```console\n(.*?)```", PAGE.split(f"\n## {heading}\n")[1], re.DOTALL)[1]  # type: ignore[index]


def run(command: Sequence[object], folder: Path, **environment: str) -> str:
    done = subprocess.run(
        [*map(str, command)], cwd=folder, capture_output=True, text=True, timeout=280, env={**os.environ, **environment}
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    return done.stdout


def with_proto(folder: Path) -> Path:
    shutil.copytree(ROOT / "proto" / "pantomatrix", folder / "proto" / "pantomatrix")
    return folder


@pytest.mark.skipif(not (STRANGERS / "node_modules" / "@grpc").exists(), reason="npm has not installed gRPC")
def test_node(server: ServerProcess, expected: str, tmp_path: Path) -> None:
    (with_proto(tmp_path) / "generate.mjs").write_text(fence("js"))
    (tmp_path / "node_modules").symlink_to(STRANGERS / "node_modules")
    assert run(["node", "generate.mjs", server.address, SPEECH], tmp_path) == expected


@needs(
    shutil.which("protoc-gen-go-grpc") and Path("/usr/share/gocode/src/google.golang.org/grpc").exists(), "gRPC for Go"
)
def test_go(server: ServerProcess, expected: str, tmp_path: Path) -> None:
    run(["bash", "-ec", stubs("Go")], with_proto(tmp_path))
    package = tmp_path / "src" / "game"
    package.mkdir(parents=True)
    shutil.move(tmp_path / "game" / "pantomatrixv1", package)
    (package / "main.go").write_text(fence("go"))
    environment = {"GO111MODULE": "off", "GOPATH": f"{tmp_path}:/usr/share/gocode", "GOFLAGS": ""}
    run(["go", "build", "-o", tmp_path / "generate", "game"], tmp_path, **environment)
    assert run([tmp_path / "generate", server.address, SPEECH], tmp_path) == expected


@needs(
    shutil.which("javac") and shutil.which("grpc_java_plugin") and Path("/usr/share/java/grpc-stub.jar").exists(),
    "gRPC for Java",
)
def test_java(server: ServerProcess, expected: str, tmp_path: Path) -> None:
    (with_proto(tmp_path) / "stubs").mkdir()
    run(["bash", "-ec", stubs("Java")], tmp_path)
    (tmp_path / "Generate.java").write_text(fence("java"))
    jars = [str(jar) for pattern in _JARS for jar in sorted(Path("/usr/share/java").glob(pattern))]
    path = ":".join([*jars, str(tmp_path / "classes")])
    sources = [*(tmp_path / "stubs").rglob("*.java"), tmp_path / "Generate.java"]
    run(["javac", "-nowarn", "-cp", path, "-d", tmp_path / "classes", *sources], tmp_path)
    assert run(["java", "-cp", path, "Generate", server.address, SPEECH], tmp_path) == expected


def test_buf_curl(server: ServerProcess, tmp_path: Path) -> None:
    shutil.copy(AUDIO / "short_50ms.wav", tmp_path / "speech.wav")
    catalog, motion = (
        line.replace("localhost:50051", server.address)
        for line in stubs("Without writing a program").splitlines()
        if line.startswith("buf")
    )
    path = f"{Path(sys.executable).parent}:{os.environ['PATH']}"
    assert json.loads(run(["bash", "-c", catalog], tmp_path, PATH=path))["models"][0]["name"] == "builtin"
    responses = run(["bash", "-c", motion], tmp_path, PATH=path)
    assert re.search(r'"summary": ?\{', responses)
    data = base64.b64decode(re.search(r'"data": ?"([^"]+)"', responses)[1])  # type: ignore[index]
    assert len(data) % (4 * (3 + 4 * 55 + 52)) == 0
