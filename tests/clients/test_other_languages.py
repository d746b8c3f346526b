"""The programs of docs/how-to/other-languages.md and speech-in-bursts.md, run as they stand there against a real server."""

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
SENTENCE = AUDIO / "hu05_arctic_f.wav"
PAGE = (ROOT / "docs" / "how-to" / "other-languages.md").read_text()
BURSTS = (ROOT / "docs" / "how-to" / "speech-in-bursts.md").read_text()
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


def check_bursts(printed: str) -> None:
    """What a program of BURSTS prints for SENTENCE, 3.1 s that are interrupted after 1.5 s and said again. Times have room for a
    machine that is busy."""
    opens, ends = r"mouth opens at (\S+) s, (\S+) s after the push\n", r"utterance {} ends at (\S+) s: {}\n"
    lines = opens + ends.format(0, "interrupted") + opens + ends.format(1, "said to its end")
    found = re.fullmatch(lines, printed)
    assert found is not None, printed
    first, came, interrupted, second, came_again, end = map(float, found.groups())
    assert first < 0.5, "the sentence begins with the stream"
    assert came < 1.5
    assert 1.4 < interrupted < 3.0
    assert interrupted < second < interrupted + 1.0, "the next sentence does not wait for what was not said"
    assert came_again < 1.5
    assert 3.0 < end - interrupted < 4.5, "it is said whole"


def fence(language: str, page: str = PAGE) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
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


needs_node = pytest.mark.skipif(
    not (STRANGERS / "node_modules" / "@grpc").exists(), reason="npm has not installed gRPC"
)
needs_go = needs(
    shutil.which("protoc-gen-go-grpc") and Path("/usr/share/gocode/src/google.golang.org/grpc").exists(), "gRPC for Go"
)


def node(program: str, folder: Path, *words: object) -> str:
    """What it prints."""
    (with_proto(folder) / "program.mjs").write_text(program)
    (folder / "node_modules").symlink_to(STRANGERS / "node_modules")
    return run(["node", "program.mjs", *words], folder)


@needs_node
def test_node(server: ServerProcess, expected: str, tmp_path: Path) -> None:
    assert node(fence("js"), tmp_path, server.address, SPEECH) == expected


@needs_node
def test_bursts_in_node(server: ServerProcess, tmp_path: Path) -> None:
    check_bursts(node(fence("js", BURSTS), tmp_path, server.address, SENTENCE))


def test_bursts_in_python(server: ServerProcess, tmp_path: Path) -> None:
    shutil.copy(SENTENCE, tmp_path / "take.wav")
    program = fence("python", BURSTS).replace("localhost:50051", server.address)
    check_bursts(run([sys.executable, "-W", "error", "-c", program], tmp_path))


@pytest.fixture(scope="module")
def go_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """With the stubs."""
    folder = with_proto(tmp_path_factory.mktemp("go"))
    run(["bash", "-ec", stubs("Go")], folder)
    (folder / "src" / "game").mkdir(parents=True)
    shutil.move(folder / "v1", folder / "src" / "game")
    return folder


def go(program: str, folder: Path, *words: object) -> str:
    """What it prints."""
    (folder / "src" / "game" / "main.go").write_text(program)
    environment = {"GO111MODULE": "off", "GOPATH": f"{folder}:/usr/share/gocode", "GOFLAGS": ""}
    run(["go", "build", "-o", folder / "program", "game"], folder, **environment)
    return run([folder / "program", *words], folder)


@needs_go
def test_go(server: ServerProcess, expected: str, go_folder: Path) -> None:
    assert go(fence("go"), go_folder, server.address, SPEECH) == expected


@needs_go
def test_bursts_in_go(server: ServerProcess, go_folder: Path) -> None:
    check_bursts(go(fence("go", BURSTS), go_folder, server.address, SENTENCE))


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
