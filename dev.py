#!/usr/bin/env python3
"""Everything a developer or a newcomer runs, with nothing but Python 3.11 installed.

    python3 dev.py demo     speech in, motion out: a real server, a real client, files in out/
    python3 dev.py test     lint, types, import rules, contract and every test (more words go to pytest);
                            test --quick leaves out what takes long
    python3 dev.py check    the same without the tests
    python3 dev.py bench    benchmarks/, in one run
    python3 dev.py stubs    generate the stubs of proto/ in Python and C#, and the Python client's options
    python3 dev.py record   keep the contract as it is now: nothing that is recorded may change any more
    python3 dev.py reference  write docs/reference/python.md from the docstrings
    python3 dev.py vendor   fetch three.js for the viewer's page by npm: python3 dev.py vendor 0.180.0
    python3 dev.py picture  draw docs/images/demo.png from what the demo left in out/

It works in the environment that it is started from, be it of venv, conda or uv, if this folder is installed there
(pip install -e); otherwise in .venv, which it makes. It installs packages only when a pyproject.toml has changed.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import time
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

ROOT = Path(__file__).resolve().parent
IN_PARALLEL = ("-n", str(min(8, 2 + (os.cpu_count() or 1))), "--dist", "loadfile", "--no-loadscope-reorder")
"""How pytest spreads the tests: a file's tests share their server. In the order of tests/conftest.py the longest files come
early. Many wait for sound to be played, so there are two processes more than there are cores."""
QUICK = ("-m", "(unit or golden) and not slow")

PACKAGES = ("-e", "engine_clients/python", "-e", ".[server]")
"""What pip installs from this folder."""

STUBS = (
    (ROOT / "proto", "pantomatrix/v1", ROOT / "engine_clients" / "python"),
    (ROOT / "proto" / "compat", "nvidia_ace_compat", ROOT / "server"),
)
"""Where .proto files lie, their folder in there, which is also their Python package, and where that package lies."""

RECORDED = ROOT / "proto" / "recorded" / "pantomatrix.v1.binpb"
"""The contract that callers rely on."""

UNITY_MESSAGES = "engine_clients/unity/Runtime/Core/Generated"
"""Where the contract's messages are in C#."""

OWN_POOL = frozenset({"nvidia_ace_compat"})
"""Packages whose messages are in a POOL of their own, beside which others with messages of the same names can be imported."""

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
        "demo": demo, "test": test, "check": check, "bench": bench, "stubs": stubs, "record": record,
        "reference": reference, "vendor": vendor, "picture": picture,
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


@dataclass(frozen=True)
class Environment:
    """Where packages are installed, its Python, and the folder of its programs."""

    folder: Path
    python: Path
    programs: Path


def environment() -> Environment:
    """That of the running Python if this folder is installed in it; otherwise .venv, which may still have to be made."""
    if _installed_here():
        return Environment(Path(sys.prefix), Path(sys.executable), Path(sysconfig.get_path("scripts")))
    folder = ROOT / ".venv"
    programs = folder / ("Scripts" if os.name == "nt" else "bin")
    return Environment(folder, programs / ("python.exe" if os.name == "nt" else "python"), programs)


def _installed_here() -> bool:
    try:
        origin = importlib.metadata.distribution("pantomatrix").read_text("direct_url.json")
    except importlib.metadata.PackageNotFoundError:
        return False
    return origin is not None and Path(url2pathname(urlsplit(json.loads(origin)["url"]).path)).resolve() == ROOT


def prepare(*, development: bool) -> None:
    """Install what is needed; does nothing if that has been done for these pyproject.toml."""
    here = environment()
    stamp = here.folder / (".pantomatrix-dev" if development else ".pantomatrix")
    wanted = _fingerprint()
    stamps = [stamp, here.folder / ".pantomatrix-dev"]
    if any(path.exists() and path.read_text() == wanted for path in stamps) and here.python.exists():
        return
    started = time.monotonic()
    if not here.python.exists():
        print(f"making {here.folder}", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(here.folder)], check=True)
    packages = [*packages_of_group("dev"), *PACKAGES] if development else PACKAGES
    what = "the development environment" if development else "pantomatrix[server]"
    print(f"installing {what} into {here.folder}", flush=True)
    pip_install(*packages)
    stamp.write_text(wanted)
    print(f"installed in {time.monotonic() - started:.0f} s", flush=True)


def pip_install(*arguments: str) -> None:
    """Run `pip install` in the environment."""
    command = [str(environment().python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*command, *arguments], check=True)


def _fingerprint() -> str:
    projects = [ROOT / "pyproject.toml", ROOT / "engine_clients" / "python" / "pyproject.toml"]
    content = b"".join(path.read_bytes() for path in projects) + sys.version.encode() + str(ROOT).encode()
    return hashlib.sha256(content).hexdigest()


def packages_of_group(group: str) -> list[str]:
    """The requirements of a dependency group in pyproject.toml."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"][group]


def tool(name: str) -> str:
    """A program of the environment."""
    return str(environment().programs / (f"{name}.exe" if os.name == "nt" else name))


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
                print(f"error: the server did not start; `{tool('pantomatrix')} serve` says why", file=sys.stderr)
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
        ("format of pages", [tool("mdformat"), "--check", *pages()]),
        ("lint", [tool("ruff"), "check", "--quiet", "."]),
        ("types", [tool("basedpyright"), "--level", "error"]),
        ("import rules", [tool("lint-imports"), "--no-cache"]),
        ("contract lint", [tool("buf"), "lint"]),
        ("contract breaks nothing", _breaking_command()),
    ]
    started, failed = time.monotonic(), []
    running = [
        (name, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True))
        for name, command in steps
    ]
    for name, process in running:
        said, _ = process.communicate()
        print(f"{name:<25} {'FAILED' if process.returncode else 'ok'} ({time.monotonic() - started:.1f} s)", flush=True)
        if process.returncode:
            failed.append(name)
            print(said, flush=True)
    return 1 if failed else 0


def pages() -> list[str]:
    """The documentation, of which each paragraph is wrapped at one width: `mdformat` with these names wraps it."""
    listed = subprocess.run(["git", "ls-files", "*.md"], check=True, capture_output=True, text=True, cwd=ROOT).stdout
    return [page for page in listed.splitlines() if not page.startswith("tests/")]


def _breaking_command() -> list[str]:
    """The contract against the recorded one."""
    return [tool("buf"), "breaking", "--against", str(RECORDED)]


def record(_: list[str]) -> int:
    """Record the contract. Raises CalledProcessError if it breaks what is recorded already."""
    subprocess.run(_breaking_command(), check=True)
    record_contract(RECORDED)
    print(f"wrote {RECORDED.relative_to(ROOT)}")
    return 0


def record_contract(path: Path) -> None:
    """The contract in one file, without its comments."""
    command = [tool("buf"), "build", "--path", "proto/pantomatrix", "--exclude-source-info", "-o", str(path)]
    subprocess.run(command, check=True, cwd=ROOT)


def test(arguments: list[str]) -> int:
    """The checks, then every test; with --quick the tests of two minutes."""
    checked = check([])
    _install_strangers()
    words = [word for argument in arguments for word in (QUICK if argument == "--quick" else [argument])]
    command = [str(environment().python), "-m", "pytest", *IN_PARALLEL, *words]
    # Each process computes in one thread: there are enough processes. Many hundred are started, so modules are compiled once.
    settings = {**os.environ, "OMP_NUM_THREADS": "1", "PYTHONDONTWRITEBYTECODE": ""}
    tested = subprocess.run(command, env=settings).returncode
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
    return max(subprocess.run([str(environment().python), str(script), *arguments]).returncode for script in scripts)


def stubs(arguments: list[str]) -> int:
    """Stubs of the contract, in place of those that are there."""
    prepare(development=True)
    del arguments
    with stub_generator() as generator:
        for contract, package, target in STUBS:
            generate_stubs(generator, contract, package, target)
    python = str(environment().python)
    subprocess.run([python, "engine_clients/python/make_options.py"], check=True)
    subprocess.run([python, "-m", "pantomatrix_tools.messages.make", UNITY_MESSAGES, tool("buf")], check=True)
    subprocess.run([python, "-m", "pantomatrix_tools.unity_meta", "engine_clients/unity"], check=True)
    return 0


@contextmanager
def stub_generator() -> Iterator[Path]:
    """A folder with grpc_tools alone: in the environment it would force an old protobuf on everything else."""
    with tempfile.TemporaryDirectory() as folder:
        only = ("--no-deps", "--only-binary", ":all:", "--target", folder)
        pip_install(*only, *packages_of_group("stubs"))
        yield Path(folder)


def generate_stubs(generator: Path, contract: Path, package: str, target: Path) -> None:
    """Messages and their types of each .proto file in contract/package, services where there are any, into target/package."""
    files = sorted((contract / package).glob("*.proto"))
    services = [file for file in files if re.search(r"^service ", file.read_text(), re.M)]
    command = [str(environment().python), "-m", "grpc_tools.protoc", "-I", str(contract)]
    only = {**os.environ, "PYTHONPATH": str(generator)}
    messages = [f"--python_out={target}", f"--pyi_out={target}", *map(str, files)]
    subprocess.run([*command, *messages], check=True, env=only)
    subprocess.run([*command, f"--grpc_python_out={target}", *map(str, services)], check=True, env=only)
    for module in (target / package).glob("*_pb2.py") if package in OWN_POOL else ():
        text = module.read_text()
        for former, own in (
            ("from google.protobuf import descriptor_pool as _descriptor_pool\n", f"from {package} import POOL\n"),
            ("_descriptor_pool.Default()", "POOL"),
        ):
            assert former in text, f"{module}: {former!r} is not there"
            text = text.replace(former, own)
        module.write_text(text)


def reference(arguments: list[str]) -> int:
    """The page about the Python package."""
    prepare(development=True)
    return subprocess.run([str(environment().python), "docs/make_reference.py", *arguments]).returncode


def vendor(arguments: list[str]) -> int:
    """The page's three.js, of the version given, in place of the one that is there."""
    if len(arguments) != 1:
        print("error: which version? for example: python3 dev.py vendor 0.180.0", file=sys.stderr)
        return 2
    page = ROOT / "viewer" / "pantomatrix_viewer" / "page"
    (former,) = (page / "vendor").glob("three@*")
    wanted = page / "vendor" / f"three@{arguments[0]}"
    with tempfile.TemporaryDirectory(dir=page) as folder:
        npm = [shutil.which("npm") or "npm", "pack", "--silent", f"three@{arguments[0]}"]
        packed = subprocess.run(npm, cwd=folder, check=True, capture_output=True, text=True).stdout.split()[-1]
        shutil.unpack_archive(Path(folder) / packed, folder, filter="data")
        for source, target in THREE_FILES.items():
            (Path(folder) / "three" / target).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(Path(folder) / "package" / source, Path(folder) / "three" / target)
        # Only now that all of the new version is here does the former go.
        former.rename(Path(folder) / "former")
        (Path(folder) / "three").rename(wanted)
    mentions = subprocess.run(["git", "grep", "-lF", former.name], check=True, capture_output=True, text=True).stdout
    for file in map(Path, mentions.split()):
        file.write_text(file.read_text(encoding="utf-8").replace(former.name, wanted.name), encoding="utf-8")
    print(f"wrote {wanted.relative_to(ROOT)}; look at the page before you commit it")
    return 0


def picture(arguments: list[str]) -> int:
    """The picture in the README."""
    prepare(development=True)
    command = [
        str(environment().python),
        "examples/draw_motion.py",
        "examples/speech.wav",
        "out/speech.npz",
        "docs/images/demo.png",
    ]
    return subprocess.run([*command, *arguments]).returncode


if __name__ == "__main__":
    sys.exit(main())
