"""A test that leaves something behind fails, by its own name."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from folders import ROOT

pytestmark = pytest.mark.unit

TESTS = """
import asyncio, socket, subprocess, sys, threading
import pytest

pytestmark = pytest.mark.unit
KEPT, OVER = [], threading.Event()
SLEEPER = [sys.executable, "-c", "input()"]


@pytest.fixture(scope="module")
def of_the_module():
    with subprocess.Popen(SLEEPER, stdin=subprocess.PIPE) as process, socket.socket() as at:
        thread = threading.Thread(target=OVER.wait)
        thread.start()
        yield
        OVER.set()
        thread.join()


def test_keeps_a_thread():
    KEPT.append(threading.Thread(target=OVER.wait, name="forgotten"))
    KEPT[-1].start()


def test_keeps_a_daemon():
    KEPT.append(threading.Thread(target=OVER.wait, name="forgotten daemon", daemon=True))
    KEPT[-1].start()


def test_keeps_a_process():
    KEPT.append(subprocess.Popen(SLEEPER, stdin=subprocess.PIPE))


def test_waits_for_no_process():
    KEPT.append(subprocess.Popen([sys.executable, "-c", ""], stdout=subprocess.PIPE))
    KEPT[-1].stdout.read()


def test_keeps_a_socket():
    KEPT.append(socket.socket())


async def test_keeps_a_task():
    KEPT.append(asyncio.create_task(asyncio.sleep(60), name="forgotten task"))


def test_keeps_nothing(of_the_module):
    for process in KEPT[2:4]:
        process.communicate()
    KEPT[4].close()
    with socket.socket(), subprocess.Popen(SLEEPER, stdin=subprocess.PIPE):
        thread = threading.Thread(target=str)
        thread.start()


async def test_keeps_no_task():
    await asyncio.create_task(asyncio.sleep(0))
    OVER.set()
"""

MODULE = """
import socket, pytest

pytestmark = pytest.mark.unit
KEPT = []


@pytest.fixture(scope="module")
def careless():
    KEPT.append(socket.socket().detach())


def test_of_a_careless_module(careless):
    pass
"""


def test_each_leak_fails_the_test_that_left_it(tmp_path: Path) -> None:
    (tmp_path / "conftest.py").write_text((ROOT / "tests" / "conftest.py").read_text())
    (tmp_path / "test_some.py").write_text(TESTS)
    (tmp_path / "test_module.py").write_text(MODULE)
    settings = ["-c", ROOT / "pyproject.toml", "--rootdir", ROOT, "-p", "no:cacheprovider", "-rA", "--tb=short"]
    words = [sys.executable, "-m", "pytest", *settings, tmp_path / "test_some.py", tmp_path / "test_module.py"]
    done = subprocess.run([*words, "--grace", "0.1"], cwd=ROOT, capture_output=True, text=True, timeout=120)
    said = dict(re.findall(r"^(test_\w+) leaves behind: (.*)$", done.stdout, re.MULTILINE))
    assert "forgotten" in said.pop("test_keeps_a_thread"), done.stdout
    assert "forgotten daemon" in said.pop("test_keeps_a_daemon")
    assert "input()" in said.pop("test_keeps_a_process")
    assert "nobody has waited for it" in said.pop("test_waits_for_no_process")
    assert re.search(r"opened by \S*test_some$", said.pop("test_keeps_a_socket"))
    assert said == {}
    assert re.search("test_keeps_a_task leaves behind: .*forgotten task", done.stdout)
    assert "test_module.py leaves 1 sockets open" in done.stdout
    assert len(re.findall("^ERROR .*::", done.stdout, re.MULTILINE)) == 6
    assert len(re.findall("^FAILED .*::", done.stdout, re.MULTILINE)) == 1
