"""What a test leaves behind: threads, child processes, sockets, tasks of asyncio."""

from __future__ import annotations

import asyncio
import functools
import gc
import inspect
import re
import socket
import sys
import threading
import time
import weakref
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

KNOWN_THREADS = {
    r"\(_poll_wrapper\)$": "grpc.aio's one poller, for as long as the process lives",
    r"^Dummy-\d+$": "a thread of another language, as grpc's, that has called into Python",
    r"^loop of websocket_channel$": "tests/kit/websocket_channel.py's one, for as long as the process lives",
}
"""Threads that may stay, by name, and the reason."""

KNOWN_PROCESSES = {
    "multiprocessing.resource_tracker": "multiprocessing's own, one for as long as the process lives",
}
"""Processes that may stay, by a word of their command line, and the reason."""

KNOWN_MAKERS_OF_SOCKETS = {
    "grpc": "what grpc.aio wakes event loops with, one for as long as the process lives",
    "websocket_channel": "what wakes its one event loop",
    "reserved_port": "the port of a server, for as long as that runs",
}
"""Packages whose sockets may stay, and the reason."""


@dataclass(frozen=True)
class Alive:
    """What is there."""

    threads: frozenset[threading.Thread]
    processes: frozenset[int]
    sockets: frozenset[socket.socket]


@contextmanager
def nothing_left(name: str, grace: float) -> Iterator[None]:
    """Fails the test of that name if something is there afterwards that was not before. What fixtures of modules and of the
    session hold was there before.

    grace: seconds that what is ending already may take; waited for only where something is left.
    """
    before = _alive()
    yield
    left = _wait_until_gone(lambda: _unknown(before), grace)
    if left:
        pytest.fail(f"{name} leaves behind: {'; '.join(left)}", pytrace=False)


@contextmanager
def no_connection_left(name: str, grace: float) -> Iterator[None]:
    """The same for a module, when its fixtures are gone, and sockets of libraries in other languages, as grpc's channels.

    Such a connection begins when the first test uses it, not when a fixture makes the channel.
    """
    before = _socket_numbers()
    yield
    found = _wait_until_gone(lambda: sorted(_socket_numbers() - before - _known_socket_numbers()), grace)
    if found:
        pytest.fail(f"{name} leaves {len(found)} sockets open", pytrace=False)


def without_tasks(test: Callable[..., Awaitable[None]], grace: float) -> Callable[..., Awaitable[None]]:
    """A test of asyncio that fails if it leaves tasks behind. grace: see `nothing_left`."""

    @functools.wraps(test)
    async def checked(*args: object, **named: object) -> None:
        before = asyncio.all_tasks()
        await test(*args, **named)
        left = asyncio.all_tasks() - before
        if left:
            _, left = await asyncio.wait(left, timeout=grace)
        assert not left, f"{test.__name__} leaves behind: {'; '.join(map(repr, left))}"

    return checked


def check_tasks(item: pytest.Item) -> None:
    """Make it fail if it leaves tasks behind, if it is one of asyncio."""
    if isinstance(item, pytest.Function) and inspect.iscoroutinefunction(item.obj):
        item.obj = without_tasks(item.obj, item.config.option.grace)


# ------------------------------------------------------------------------------------------------------ what is alive


def _alive() -> Alive:
    return Alive(frozenset(threading.enumerate()), frozenset(_children()), frozenset(_open_sockets()))


def _wait_until_gone(left: Callable[[], list[str]], grace: float) -> list[str]:
    """What is left after a collection of garbage, and after the grace."""
    found = left()
    if found:
        gc.collect()
    deadline = time.monotonic() + grace
    while (found := left()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return found


def _unknown(before: Alive) -> list[str]:
    now = _alive()
    threads = [
        f"thread {thread.name}"
        for thread in now.threads - before.threads
        if not any(re.search(name, thread.name) for name in KNOWN_THREADS)
    ]
    processes = [
        f"process {pid}: {line or 'ended, and nobody has waited for it'}"
        for pid, line in ((pid, _command_line(pid)) for pid in now.processes - before.processes)
        if not any(words in line for words in KNOWN_PROCESSES)
    ]
    sockets = [
        f"socket {at!r}, opened by {_made_by[at]}"
        for at in now.sockets - before.sockets
        if _made_by[at].partition(".")[0] not in KNOWN_MAKERS_OF_SOCKETS
    ]
    return threads + processes + sockets


def _children() -> Iterator[int]:
    """Nothing where there is no /proc."""
    for task in _listed("/proc/self/task"):
        with suppress(OSError):
            yield from map(int, (task / "children").read_text().split())


def _command_line(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""


def _listed(folder: str) -> list[Path]:
    try:
        return list(Path(folder).iterdir())
    except OSError:
        return []


# ------------------------------------------------------------------------------------------------------------ sockets

_made_by: weakref.WeakKeyDictionary[socket.socket, str] = weakref.WeakKeyDictionary()
"""Python's sockets, with the module that opened each."""


def watch_sockets() -> None:
    """From now on sockets are known. It cannot be undone."""
    sys.addaudithook(_hear)


def _hear(event: str, arguments: tuple) -> None:
    if event == "socket.__new__" and isinstance(arguments[0], socket.socket):
        frame = sys._getframe(1)
        while frame.f_back is not None and str(frame.f_globals.get("__name__")).partition(".")[0] in (
            "socket",
            "asyncio",
        ):
            frame = frame.f_back
        _made_by[arguments[0]] = str(frame.f_globals.get("__name__"))


def _open_sockets() -> list[socket.socket]:
    return [at for at in list(_made_by) if at.fileno() != -1]


def _socket_numbers() -> set[str]:
    """Inodes of all sockets of this process."""
    found = set()
    for link in _listed("/proc/self/fd"):
        with suppress(OSError):
            target = str(link.readlink())
            if target.startswith("socket:"):
                found.add(target)
    return found


def _known_socket_numbers() -> set[str]:
    known = [at for at, maker in list(_made_by.items()) if maker.partition(".")[0] in KNOWN_MAKERS_OF_SOCKETS]
    return {str(Path(f"/proc/self/fd/{at.fileno()}").readlink()) for at in known if at.fileno() != -1}
