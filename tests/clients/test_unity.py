"""The Unity package without Unity: its core compiled as C# 9 for two runtimes, and run against vectors and a real server."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import signal
import ssl
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import trustme

import csharp
from cutting_proxy import cutting_proxy
from folders import AUDIO, ROOT
from motions import angle_between
from pantomatrix_client import Client
from pantomatrix_converters.version import __version__
from pantomatrix_models.audio.decode import decode_file
from pantomatrix_tools import unity_meta
from pantomatrix_tools.messages import make
from server_process import ServerProcess, running_server
from unity_programs import CHECK, RUNTIMES, SOURCES, Program, built, installed

UNITY = ROOT / "engine_clients" / "unity"
CORE = UNITY / "Runtime" / "Core"
PAGE = ROOT / "docs" / "how-to" / "other-languages.md"
VECTORS = ROOT / "tests" / "vectors"
SPEECH = AUDIO / "hu03_speech_m.wav"

pytestmark = pytest.mark.client


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unity")
    found = re.search(r"^```csharp\n(.*?)^```", PAGE.read_text(), re.MULTILINE | re.DOTALL)
    assert found is not None
    (folder / "Example.cs").write_text(found[1])
    assemblies = [
        csharp.Assembly("PantoMatrix.Core", list(CORE.rglob("*.cs"))),
        csharp.Assembly("CoreTests", [*(SOURCES / "Core").glob("*.cs"), CHECK], ["PantoMatrix.Core"], is_program=True),
        csharp.Assembly("Example", [folder / "Example.cs"], ["PantoMatrix.Core"], is_program=True),
    ]
    csharp.build(assemblies, installed(), folder)
    return folder


@pytest.fixture(params=RUNTIMES)
def core(request: pytest.FixtureRequest, compiled: Path) -> Program:
    """The tests of the core."""
    return built("CoreTests", request.param, compiled)


@pytest.fixture(params=RUNTIMES)
def example(request: pytest.FixtureRequest, compiled: Path) -> Program:
    """The program of docs/how-to/other-languages.md."""
    return built("Example", request.param, compiled)


@pytest.fixture(scope="module")
def samples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """16-bit PCM at 16 kHz."""
    path = tmp_path_factory.mktemp("speech") / "samples"
    path.write_bytes((decode_file(SPEECH.read_bytes(), 60).samples * 32767).astype("<i2").tobytes())
    return path


def test_messages_are_those_of_the_contract(tmp_path: Path) -> None:
    buf = shutil.which("buf", path=str(Path(sys.executable).parent))
    assert buf is not None
    make.write(tmp_path, buf)
    fresh = {path.name: path.read_text() for path in tmp_path.iterdir()}
    assert fresh == {path.name: path.read_text() for path in (CORE / "Generated").glob("*.cs")}, "python3 dev.py stubs"


def test_vectors(core: Program) -> None:
    assert core.run("vectors", VECTORS) == "vectors ok\n"


def test_damaged_messages(core: Program) -> None:
    assert core.run("fuzz", VECTORS, 1.5).startswith("fuzz ok")


def test_answers_that_are_cut_short(core: Program) -> None:
    assert core.run("cut_short") == "cut short ok\n"


def test_calls(core: Program, server: ServerProcess, tmp_path: Path) -> None:
    printed = core.run("calls", server.web, SPEECH, tmp_path / "frames")
    assert "330 frames, 55 joints, 52 curves" in printed
    with Client(server.address) as client:
        motion = client.generate(SPEECH, skeleton="smplx", coordinate_system="unity")
    rows = [motion.root_translation, motion.rotations_xyzw.reshape(len(motion), -1), motion.curves]
    found = np.fromfile(tmp_path / "frames", "<f4").reshape(len(motion), -1)
    assert np.array_equal(found, np.concatenate(rows, axis=1))


def test_tokens(core: Program, tmp_path: Path) -> None:
    digest = hashlib.sha256(b"right").hexdigest()
    (tmp_path / "tokens.toml").write_text(f'[game]\nsha256 = "{digest}"\n')
    with running_server(tmp_path / "log", "--tokens", str(tmp_path / "tokens.toml")) as server:
        assert core.run("refused", server.web, "right") == "token ok\n"


def test_a_certificate_of_ones_own(core: Program, tmp_path: Path) -> None:
    issued = trustme.CA().issue_cert("127.0.0.1")
    chain, key = tmp_path / "certificate.pem", tmp_path / "key.pem"
    chain.write_bytes(issued.cert_chain_pems[0].bytes())
    issued.private_key_pem.write_to_path(str(key))
    digest = hashlib.sha1(ssl.PEM_cert_to_DER_cert(chain.read_text()), usedforsecurity=False).hexdigest().upper()
    with running_server(tmp_path / "log", "--tls-certificate", str(chain), "--tls-key", str(key)) as server:
        assert core.run("certificate", server.web, digest) == "certificate ok\n"


def test_playing(core: Program) -> None:
    printed = core.run("playing")
    assert printed == "playing ok, nothing allocated\n" or (core.runtime.name == "mono" and printed == "playing ok\n")


def test_live(core: Program, server: ServerProcess, samples: Path) -> None:
    assert core.run("live", server.web, samples) == "live ok\n"


@pytest.mark.parametrize(
    "happens", [signal.SIGKILL, signal.SIGSTOP, signal.SIGTERM], ids=["killed", "hangs", "told to stop"]
)
def test_a_server_is_lost_in_mid_sentence(
    core: Program, server: ServerProcess, samples: Path, tmp_path: Path, happens: signal.Signals
) -> None:
    """No frame is skipped or doubled, and at the seam nothing jumps."""
    out = tmp_path / "frames"
    with (
        running_server(tmp_path / "first", "--lame-duck-seconds", "3") as first,
        core.start("goes_on", first.web, server.web, samples, out) as process,
    ):
        assert process.stdout is not None
        assert process.stdout.readline() == "now\n"
        first.process.send_signal(happens)
        printed, complaints = process.communicate(timeout=200)
    assert process.returncode == 0, complaints
    found = re.fullmatch(r"seam (\d+) (\S+) (\S+)\nwhole (\d+)\n", printed)
    assert found is not None, printed
    assert found[2] == server.web
    if happens == signal.SIGTERM:
        assert found[3] == "0.00", "it moves while the first one serves"
    joints, floats = np.fromfile(out, "<i4", count=2)
    rows = np.fromfile(out, "<f4", offset=8).reshape(int(found[4]), floats)
    quats = rows[:, 3 : 3 + 4 * joints].reshape(len(rows), joints, 4)
    turns = angle_between(quats[:-1], quats[1:]).max(axis=1)
    ways = np.linalg.norm(np.diff(rows[:, :3], axis=0), axis=1)
    seam = int(found[1]) - 1
    for steps in (turns, ways):
        assert steps[seam] <= np.percentile(np.delete(steps, seam), 99)


def test_a_server_comes_back_at_its_port(core: Program, samples: Path, tmp_path: Path) -> None:
    with (
        running_server(tmp_path / "first") as first,
        core.start("goes_on", first.web, first.web, samples, tmp_path / "frames") as process,
    ):
        assert process.stdout is not None
        assert process.stdout.readline() == "now\n"
        first.process.kill()
        first.process.wait()
        with running_server(tmp_path / "second", "--web-port", first.web.rpartition(":")[2]):
            printed, complaints = process.communicate(timeout=200)
    assert process.returncode == 0, complaints
    assert re.fullmatch(rf"seam \d+ {first.web} \S+\nwhole \d+\n", printed), printed


def test_an_interrupt_while_no_server_answers(core: Program, samples: Path, tmp_path: Path) -> None:
    with running_server(tmp_path / "first") as first, core.start("interrupted", first.web, samples) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "now\n"
        first.process.kill()
        first.process.wait()
        process.stdin.write("\n")
        process.stdin.flush()
        assert process.stdout.readline() == "said\n"
        with running_server(tmp_path / "second", "--web-port", first.web.rpartition(":")[2]):
            printed, complaints = process.communicate(timeout=200)
    assert process.returncode == 0, complaints
    assert printed == "interrupted 0, 1\n"


def test_a_full_server(core: Program, server: ServerProcess, tmp_path: Path) -> None:
    with running_server(tmp_path / "full", "--max-streams", "1") as full:
        assert core.run("full", full.web, server.web) == "full ok\n"


def test_a_proxy_that_cuts_clips(core: Program, server: ServerProcess) -> None:
    """In the handshake, in the header, among frames: never is it a clip."""
    cuts = [(most, resets) for most in (60, 3_000, 100_000) for resets in (False, True)]
    with cutting_proxy(server.web, cuts) as proxy:
        printed = core.run("cut", proxy, SPEECH, len(cuts))
    lines = printed.splitlines()
    assert len(lines) == len(cuts)
    assert all(re.match(r"(Unavailable|DataLoss): .", line) for line in lines), printed


def test_a_live_stream_allocates_little(core: Program, server: ServerProcess, samples: Path) -> None:
    """In all threads, once it is warm; Mono does not tell."""
    if core.runtime.name != "mono":
        printed = core.run("allocates", server.web, samples, 4)
        assert float(printed.partition(" KiB")[0]) < 20, printed


@pytest.mark.skipif(shutil.which("npm") is None, reason="no npm")
def test_tarball() -> None:
    """What npm would pack: all that Unity imports, and not the tests of this repository."""
    command = ["npm", "pack", "--dry-run", "--json", "--loglevel=error"]
    packed = json.loads(subprocess.run(command, cwd=UNITY, check=True, capture_output=True, text=True).stdout)[0]
    files = {one["path"] for one in packed["files"]}
    assert packed["version"] == __version__
    assert {path.relative_to(UNITY).as_posix() for path in unity_meta.assets(UNITY) if path.is_file()} <= files
    assert not [path for path in files if path.startswith("Tests~")]


def test_the_program_of_the_page(example: Program, server: ServerProcess) -> None:
    printed = example.run(server.web, SPEECH)
    first, *times = printed.splitlines()
    with Client(server.address) as client:
        motion = client.generate(SPEECH, skeleton="smplx")
    widest = motion.curves[:, motion.curve_names.index("jawOpen")].max()
    assert first == f"{len(motion)} frames, jawOpen up to {widest:.3f}"
    assert len(times) >= 2
    assert all(re.fullmatch(r"\d\.\d s, jawOpen \d\.\d{3}", line) for line in times)
