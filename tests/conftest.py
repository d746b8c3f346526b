"""Fixtures of all tests, and what holds for every test."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

import hypothesis
import pytest
from filelock import FileLock

from folders import AUDIO, DATA, ROOT
from leaks import check_tasks, no_connection_left, nothing_left, watch_sockets
from server_process import ServerProcess, running_server
from strange_files import write_strange_files
from tools import check_needs


@pytest.fixture(scope="session")
def of_all_processes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that the test processes of this run share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session", autouse=True)
def _own_cache(of_all_processes: Path) -> Iterator[None]:
    """Nothing of this machine's Hugging Face cache is read or written, and the hub is never asked."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_HOME", str(of_all_processes / "huggingface"))
        patch.setenv("HF_HUB_OFFLINE", "1")
        patch.setenv("NUMBA_CACHE_DIR", str(COMPILED))
        yield


# How long an example takes says more of what else the machine does.
hypothesis.settings.register_profile("no deadline", deadline=None)
hypothesis.settings.load_profile("no deadline")

COMPILED = ROOT / "build" / "-".join(["librosa", version("librosa"), "numba", version("numba")])
"""What librosa compiles, for this and later runs. Where it compiles it into by itself, several processes that begin at once
spoil it."""


@pytest.fixture(scope="session")
def compiled_onsets(_own_cache: None) -> Path:
    """The folder, filled by the first test process that needs it, in 20 s."""
    with FileLock(COMPILED.with_suffix(".lock")):
        if not COMPILED.exists():
            code = "from pantomatrix_research.metrics.beat_consistency import compile_onset_detection as fill; fill()"
            half = COMPILED.with_suffix(".half")
            subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "NUMBA_CACHE_DIR": str(half)})
            half.rename(COMPILED)
    return COMPILED


@pytest.fixture(scope="module", autouse=True)
def _no_connection_left(request: pytest.FixtureRequest) -> Iterator[None]:
    with no_connection_left(request.node.name, request.config.option.grace):
        yield


@pytest.fixture(autouse=True)
def _nothing_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """A test fails that leaves a thread, a process or a socket behind."""
    with nothing_left(request.node.name, request.config.option.grace):
        yield


@pytest.fixture(scope="session")
def strange_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of files of the kinds that people bring."""
    folder = tmp_path_factory.mktemp("strange_files")
    write_strange_files(folder)
    return folder


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One server with default settings for all tests that do it no harm."""
    with running_server(tmp_path_factory.mktemp("server") / "log") as running:
        yield running


@pytest.fixture(scope="session")
def checkpoint(of_all_processes: Path, _own_cache: None) -> Callable[..., Path]:
    """See checkpoints_in."""
    from checkpoints import checkpoints_in

    folder = of_all_processes / "checkpoints"
    folder.mkdir(exist_ok=True)
    return checkpoints_in(folder)


@pytest.fixture(scope="session")
def speech() -> Path:
    """11 s of human speech."""
    return AUDIO / "hu03_speech_m.wav"


CATEGORIES = ("client", "slow", "browser", "service", "golden", "unit")
"""See [tool.pytest.ini_options] in pyproject.toml. In the order in which their files begin: what takes long comes early, so
that the last process has no minute to itself."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each test module says what kind of test it is; tests of asyncio leave no tasks behind."""
    earliest: dict[Path, int] = {}
    for item in items:
        marks = {mark.name for mark in item.iter_markers()} & set(CATEGORIES)
        if not marks:
            raise pytest.UsageError(
                f"{item.path}: no category; set pytestmark to one of {', '.join(sorted(CATEGORIES))}"
            )
        place = min(CATEGORIES.index(mark) for mark in marks)
        earliest[item.path] = min(place, earliest.get(item.path, place))
        check_tasks(item)
    items.sort(key=lambda item: earliest[item.path])


def pytest_configure() -> None:
    watch_sockets()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Tests of tools that are missing are skipped, or fail in CI."""
    check_needs(item)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--grace", default=10.0, type=float, help="Seconds that what a test leaves may take to end.")
    more = "Folder of golden cases; others in the same layout run without new code."
    parser.addoption("--goldens", default=str(DATA / "goldens"), help=more)
