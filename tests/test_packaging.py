"""What people install: two wheels that share no file, with the oldest and the newest packages that they allow."""

from __future__ import annotations

import itertools
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from folders import ROOT
from pantomatrix_converters.version import __version__
from server_process import ServerProcess

pytestmark = pytest.mark.slow

PROJECTS = {"pantomatrix": ROOT, "pantomatrix-client": ROOT / "engine_clients" / "python"}

MODULES = {
    "pantomatrix": (
        "nvidia_ace_compat.a2f_pb2",
        "pantomatrix_cli",
        "pantomatrix_converters.formats",
        "pantomatrix_models.generation",
        "pantomatrix_research",
        "pantomatrix_viewer",
    ),
    "pantomatrix-client": ("pantomatrix.v1.motion_pb2_grpc", "pantomatrix_client"),
}
"""What can be imported of each wheel where the other is not installed."""


@dataclass(frozen=True)
class Installation:
    """A virtual environment of its own."""

    folder: Path

    @property
    def programs(self) -> Path:
        return self.folder / ("Scripts" if os.name == "nt" else "bin")

    def pip(self, *words: str | Path) -> None:
        quiet = ("--quiet", "--disable-pip-version-check", "--no-input")
        # What is imported is compiled then; that is a small part of it.
        quick = ("--no-compile",) if words[0] == "install" else ()
        command = [
            sys.executable,
            "-m",
            "pip",
            "--python",
            self.programs / "python",
            words[0],
            *quiet,
            *quick,
            *words[1:],
        ]
        subprocess.run(command, check=True)

    def run(self, code: str, *, path: Sequence[str] = ()) -> str:
        """What a program prints that may also import from `path`; a warning is an error."""
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path)}
        command = [self.programs / "python", "-W", "error", "-c", code]
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        return done.stdout


@pytest.fixture
def installation(tmp_path: Path) -> Installation:
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", tmp_path / "venv"], check=True)
    return Installation(tmp_path / "venv")


@pytest.fixture(scope="module")
def wheels(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The wheel of each project."""
    folder = tmp_path_factory.mktemp("wheels")
    for project in PROJECTS.values():
        build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder]
        subprocess.run(build, cwd=project, check=True, capture_output=True)
    return {name: next(folder.glob(f"{name.replace('-', '_')}-{__version__}-*.whl")) for name in PROJECTS}


def files(wheel: Path) -> set[str]:
    return set(zipfile.ZipFile(wheel).namelist())


def requirements(name: str, extra: str = "") -> list[Requirement]:
    project = tomllib.loads((PROJECTS[name] / "pyproject.toml").read_text())["project"]
    written = [*project["dependencies"], *(project["optional-dependencies"][extra] if extra else [])]
    return [Requirement(text) for text in written]


def test_no_file_is_in_two_wheels(wheels: dict[str, Path]) -> None:
    for one, other in itertools.combinations(wheels.values(), 2):
        assert not files(one) & files(other)


def test_the_wheels_hold_what_is_not_python(wheels: dict[str, Path]) -> None:
    assert {"pantomatrix_client/py.typed", "pantomatrix/v1/motion_pb2.pyi"} <= files(wheels["pantomatrix-client"])
    names = {path.rpartition("/")[2] for path in files(wheels["pantomatrix"])}
    assert {"index.html", "main.js", "three.module.min.js", "LICENSE"} <= names


def test_the_server_needs_the_client_of_its_own_version() -> None:
    assert f"pantomatrix-client=={__version__}" in map(str, requirements("pantomatrix"))


@pytest.mark.parametrize("order", list(itertools.permutations(PROJECTS)), ids=" then ".join)
def test_a_wheel_can_be_removed_without_harm_to_the_other(
    order: tuple[str, ...], wheels: dict[str, Path], installation: Installation
) -> None:
    """Other people's packages come from this environment, but not this project, which is installed there by a .pth file."""
    others = [path for path in sys.path if Path(path).name in ("site-packages", "dist-packages")]

    def check(*present: str) -> None:
        code = """
import importlib
for module in MODULES:
    try:
        print(module, importlib.import_module(module).__file__)
    except ModuleNotFoundError:
        pass
"""
        every = [module for modules in MODULES.values() for module in modules]
        printed = installation.run(f"MODULES = {every}\n{code}", path=others)
        found = dict(line.split(" ", 1) for line in printed.splitlines())
        assert list(found) == [module for name in PROJECTS if name in present for module in MODULES[name]]
        assert all(Path(file).is_relative_to(installation.folder) for file in found.values())

    for name in order:
        installation.pip("install", "--no-deps", wheels[name])
    first, second = order
    installation.pip("uninstall", "--yes", first)
    check(second)
    installation.pip("install", "--no-deps", wheels[first])
    installation.pip("uninstall", "--yes", second)
    check(first)


_CALLS = """
import asyncio
import numpy as np
from pantomatrix_client import AsyncClient, Client, UtteranceEnd

with Client(ADDRESS) as client:
    motion = client.generate(SPEECH, fps=30)
    assert client.catalog().server_version
    with client.live(16_000) as live:
        live.push(np.zeros(16_000, np.int16))
        live.end_utterance()
        for event in live:
            if isinstance(event, UtteranceEnd):
                break

async def generate():
    async with AsyncClient(ADDRESS) as client:
        return await client.generate(SPEECH, fps=30)

assert len(asyncio.run(generate())) == len(motion)
print(len(motion))
"""


@pytest.mark.parametrize("versions", ["lowest", "newest"])
def test_it_works_with(
    versions: str, wheels: dict[str, Path], installation: Installation, server: ServerProcess, speech: Path
) -> None:
    """The client calls a server of this environment; then the server joins it, and is called too."""

    def install(name: str, extra: str = "") -> None:
        needed = [need for need in requirements(name, extra) if need.name not in PROJECTS]
        pins = [f"{need.name}=={re.sub('^>=', '', str(need.specifier))}" for need in needed]
        wheel = f"{wheels[name]}[{extra}]" if extra else wheels[name]
        installation.pip("install", "--only-binary", ":all:", wheel, *(pins if versions == "lowest" else []))

    def call(address: str) -> None:
        values = f"ADDRESS, SPEECH = {address!r}, {str(speech)!r}\n"
        assert installation.run(values + _CALLS).strip() == "330"

    install("pantomatrix-client")
    call(server.address)
    install("pantomatrix", "server")
    subprocess.run(
        [installation.programs / "pantomatrix", "generate", speech, "-o", "-", "--format", "npz"],
        check=True,
        capture_output=True,
    )
    command = [installation.programs / "pantomatrix", "serve", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as installed:
        assert installed.stdout is not None
        found = re.search(r"listening on (\S+)", installed.stdout.readline())
        assert found
        call(found[1])
        installed.terminate()
    assert installed.returncode == 0
