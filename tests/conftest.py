"""A real server process for the tests that talk to one, and the clips."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from tools import check_needs

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "tests" / "data"
AUDIO = DATA / "audio"


@dataclass
class ServerProcess:
    """A running `pantomatrix serve`."""

    process: subprocess.Popen
    address: str
    log: Path
    websocket: str = ""
    metrics: str = ""
    web: str = ""

    def terminate(self) -> int:
        """SIGTERM, and the exit code it ends with."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)


_FREE_PORTS = ("--port", "0", "--websocket-port", "0", "--metrics-port", "0")
_LISTENING = r"listening on (\S+) \(WebSockets (\S+), metrics ([^\s,]+)(?:, web (\S+))?\)"


@contextmanager
def running_server(log: Path, *flags: str, **environment: str) -> Iterator[ServerProcess]:
    """A server on a free port; `environment` adds variables."""
    with log.open("w") as stderr:
        process = subprocess.Popen(
            [sys.executable, "-m", "pantomatrix_cli", "serve", *_FREE_PORTS, *flags],
            stdout=subprocess.PIPE,
            stderr=stderr,
            text=True,
            env={**os.environ, **environment},
        )
        assert process.stdout is not None
        with process, process.stdout:
            try:
                found = re.search(_LISTENING, process.stdout.readline())
                assert found, log.read_text()
                yield ServerProcess(process, found[1], log, found[2], found[3], found[4] or "")
            finally:
                process.kill()
    written = log.read_text()
    assert "Traceback" not in written, written
    assert " ERROR " not in written, written


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Nothing of this machine's Hugging Face cache is read or written, and the hub is never asked."""
    folder = str(tmp_path_factory.mktemp("huggingface"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HF_HOME", folder)
        patch.setenv("HF_HUB_OFFLINE", "1")
        yield


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One server with default settings for all tests that do it no harm."""
    with running_server(tmp_path_factory.mktemp("server") / "log") as running:
        yield running


@pytest.fixture(scope="session")
def speech() -> Path:
    """11 s of human speech."""
    return AUDIO / "hu03_speech_m.wav"


CATEGORIES = {"unit", "golden", "service", "client", "browser", "slow"}
"""See [tool.pytest.ini_options] in pyproject.toml."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Each test module says what kind of test it is."""
    for item in items:
        if not CATEGORIES & {mark.name for mark in item.iter_markers()}:
            raise pytest.UsageError(
                f"{item.path}: no category; set pytestmark to one of {', '.join(sorted(CATEGORIES))}"
            )


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Tests of tools that are missing are skipped, or fail in CI."""
    check_needs(item)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Further golden cases in the same layout run without new code."""
    parser.addoption("--goldens", default=str(DATA / "goldens"), help="Folder of golden cases.")
