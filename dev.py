#!/usr/bin/env python3
"""Everything a developer or a newcomer runs, with nothing but Python 3.11 installed.

    python3 dev.py demo     speech in, motion out: a real server, a real client, files in out/
    python3 dev.py test     lint, types, import rules, contract and every test (more words go to pytest)
    python3 dev.py check    the same without the tests
    python3 dev.py bench    benchmarks/, in one run
    python3 dev.py stubs    generate the Python stubs of proto/
    python3 dev.py vendor   fetch three.js for the viewer's page by npm: python3 dev.py vendor 0.180.0
    python3 dev.py picture  draw docs/images/demo.png from what the demo left in out/

The environment is made in .venv and only touched when pyproject.toml has changed.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
STUBS = (
    (ROOT / "proto", "pantomatrix/v1", ROOT / "engine_clients" / "python"),
    (ROOT / "proto" / "compat", "nvidia_ace_compat", ROOT / "server"),
)
"""Where .proto files lie, their folder in there, which is also their Python package, and where that package lies."""

THREE_FILES = {
    "LICENSE": "LICENSE",
    "build/three.core.min.js": "module/three.core.min.js",
    "build/three.module.min.js": "module/three.module.min.js",
    "examples/jsm/controls/OrbitControls.js": "controls/OrbitControls.js",
    "examples/jsm/loaders/GLTFLoader.js": "loaders/GLTFLoader.js",
    "examples/jsm/utils/BufferGeometryUtils.js": "utils/BufferGeometryUtils.js",
}
"""What the page needs of three.js: in its package, and in the page's folder."""


def main() -> int:
    if sys.version_info < (3, 11):
        print(f"error: Python 3.11 or newer is needed, this is {sys.version.split()[0]}", file=sys.stderr)
        return 2
    commands = {
        "demo": demo, "test": test, "check": check, "bench": bench, "stubs": stubs, "vendor": vendor, "picture": picture,
    }  # fmt: skip
    name, *rest = sys.argv[1:] or ["help"]
    if name not in commands:
        print((__doc__ or "").strip())
        return 0 if name in ("help", "-h", "--help") else 2
    os.chdir(ROOT)
    try:
        return commands[name](rest)
    except subprocess.CalledProcessError as error:
        print(f"error: this command failed: {' '.join(map(str, error.cmd))}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


# ------------------------------------------------------------------------------------------------- the environment


def prepare(*, development: bool) -> None:
    """Make .venv and install what is needed; does nothing if that has been done for this pyproject.toml."""
    stamp = VENV / (".installed-dev" if development else ".installed")
    wanted = _fingerprint()
    stamps = [stamp, VENV / ".installed-dev"]
    if any(path.exists() and path.read_text() == wanted for path in stamps) and PYTHON.exists():
        return
    started = time.monotonic()
    if not PYTHON.exists():
        print("making .venv", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    packages = [*_development_packages(), "-e", ".[server]"] if development else ["-e", ".[server]"]
    print(
        f"installing {'the development environment' if development else 'pantomatrix[server]'} into .venv", flush=True
    )
    command = [str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *packages]
    subprocess.run(command, check=True)
    stamp.write_text(wanted)
    print(f"installed in {time.monotonic() - started:.0f} s", flush=True)


def _fingerprint() -> str:
    content = (ROOT / "pyproject.toml").read_bytes() + sys.version.encode() + str(ROOT).encode()
    return hashlib.sha256(content).hexdigest()


def _development_packages() -> list[str]:
    import tomllib

    with (ROOT / "pyproject.toml").open("rb") as stream:
        return tomllib.load(stream)["dependency-groups"]["dev"]


def tool(name: str) -> str:
    """A program of the environment."""
    return str(BIN / (f"{name}.exe" if os.name == "nt" else name))


# ------------------------------------------------------------------------------------------------------- commands


def demo(arguments: list[str]) -> int:
    """A real server on a free port, a human speech clip through the gRPC client, files in out/."""
    prepare(development=False)
    del arguments
    with subprocess.Popen(
        [tool("pantomatrix"), "serve", "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as server:
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            address = re.search(r"listening on (\S+)", line)
            if address is None:
                print("error: the server did not start; `pantomatrix serve` in .venv says why", file=sys.stderr)
                return 1
            print(line.strip(), flush=True)
            formats = [word for name in ("npz", "bvh", "arkit-csv") for word in ("--format", name)]
            command = [tool("pantomatrix"), "generate", "examples/speech.wav", "-o", "out/", *formats]
            return subprocess.run([*command, "--force", "--server", address[1]]).returncode
        finally:
            server.terminate()


def check(arguments: list[str]) -> int:
    """Everything that can be said without running the program."""
    prepare(development=True)
    del arguments
    steps = [
        ("format", [tool("ruff"), "format", "--check", "--quiet", "."]),
        ("lint", [tool("ruff"), "check", "--quiet", "."]),
        ("types", [tool("basedpyright"), "--level", "error"]),
        ("import rules", [tool("lint-imports"), "--no-cache"]),
        ("contract lint", [tool("buf"), "lint"]),
        ("contract breaks nothing", _breaking_command()),
    ]
    failed = []
    for name, command in steps:
        started = time.monotonic()
        result = subprocess.run(command, capture_output=True, text=True) if command else None
        outcome = "nothing to compare with" if result is None else "ok" if result.returncode == 0 else "FAILED"
        print(f"{name:<25} {outcome} ({time.monotonic() - started:.1f} s)", flush=True)
        if result is not None and result.returncode:
            failed.append(name)
            print(result.stdout + result.stderr, flush=True)
    return 1 if failed else 0


def _breaking_command() -> list[str] | None:
    """The contract against that of main; None where there is none yet."""
    for branch in ("origin/main", "main"):
        found = subprocess.run(["git", "rev-parse", "--verify", "--quiet", f"{branch}:buf.yaml"], capture_output=True)
        if found.returncode == 0:
            commit = subprocess.run(["git", "rev-parse", branch], capture_output=True, text=True, check=True).stdout
            return [tool("buf"), "breaking", "--against", f".git#ref={commit.strip()}"]
    return None


def test(arguments: list[str]) -> int:
    """The checks, then every test."""
    checked = check([])
    _install_strangers()
    tested = subprocess.run([str(PYTHON), "-m", "pytest", *arguments]).returncode
    return checked or tested


def _install_strangers() -> None:
    """Other people's readers for Node, if there is npm; tests that need them are skipped without."""
    folder, npm = ROOT / "tests" / "strangers", shutil.which("npm")
    stamp, wanted = folder / "node_modules" / ".installed", (folder / "package.json").read_text()
    if npm is None or (stamp.exists() and stamp.read_text() == wanted):
        return
    command = [npm, "install", "--no-package-lock", "--no-audit", "--no-fund", "--loglevel=error"]
    if subprocess.run(command, cwd=folder).returncode:
        print("note: npm could not install tests/strangers; their tests are skipped", file=sys.stderr)
        return
    stamp.write_text(wanted)


def bench(arguments: list[str]) -> int:
    """Every benchmark, one after another."""
    prepare(development=True)
    scripts = sorted((ROOT / "benchmarks").glob("*.py"))
    return max(subprocess.run([str(PYTHON), str(script), *arguments]).returncode for script in scripts)


def stubs(arguments: list[str]) -> int:
    """Python stubs beside the contract."""
    prepare(development=True)
    del arguments
    for contract, package, target in STUBS:
        generate_stubs(contract, package, target)
    return 0


def generate_stubs(contract: Path, package: str, target: Path) -> None:
    """Messages and their types of each .proto file in contract/package, services where there are any, into target/package."""
    files = sorted((contract / package).glob("*.proto"))
    services = [file for file in files if re.search(r"^service ", file.read_text(), re.M)]
    command = [str(PYTHON), "-m", "grpc_tools.protoc", "-I", str(contract)]
    subprocess.run([*command, f"--python_out={target}", f"--pyi_out={target}", *map(str, files)], check=True)
    subprocess.run([*command, f"--grpc_python_out={target}", *map(str, services)], check=True)


def vendor(arguments: list[str]) -> int:
    """The page's three.js, of the version given, in place of the one that is there."""
    if len(arguments) != 1:
        print("error: which version? for example: python3 dev.py vendor 0.180.0", file=sys.stderr)
        return 2
    page = ROOT / "viewer" / "pantomatrix_viewer" / "page"
    (former,) = (page / "vendor").glob("three@*")
    wanted = page / "vendor" / f"three@{arguments[0]}"
    with tempfile.TemporaryDirectory() as folder:
        npm = [shutil.which("npm") or "npm", "pack", "--silent", f"three@{arguments[0]}"]
        packed = subprocess.run(npm, cwd=folder, check=True, capture_output=True, text=True).stdout.split()[-1]
        shutil.unpack_archive(Path(folder) / packed, folder, filter="data")
        shutil.rmtree(former)
        for source, target in THREE_FILES.items():
            (wanted / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(Path(folder) / "package" / source, wanted / target)
    for file in (page / "index.html", page / "stage.js", ROOT / "docs" / "how-to" / "preview.md"):
        file.write_text(file.read_text(encoding="utf-8").replace(former.name, wanted.name), encoding="utf-8")
    print(f"wrote {wanted.relative_to(ROOT)}; look at the page before you commit it")
    return 0


def picture(arguments: list[str]) -> int:
    """The picture in the README."""
    prepare(development=True)
    command = [str(PYTHON), "examples/draw_motion.py", "examples/speech.wav", "out/speech.npz", "docs/images/demo.png"]
    return subprocess.run([*command, *arguments]).returncode


if __name__ == "__main__":
    sys.exit(main())
