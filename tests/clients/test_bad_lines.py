"""Live streams over lines that are cut, lose packets, are uneven, or have a proxy in them that resets: the Python client."""

from __future__ import annotations

import shutil
import signal
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

import pytest

from cables import Cable, cable, can_lay_cables
from jittery_relay import jittery_relay
from server_process import ServerProcess, running_server
from together import all_together
from tools import needs
from watched_stream import IN_FIRST, Watched, assert_whole, told

pytestmark = [pytest.mark.client, pytest.mark.slow]


@contextmanager
def behind_cables(folder: Path, count: int) -> Iterator[list[tuple[Cable, ServerProcess]]]:
    with ExitStack() as stack:
        ends = []
        for number in range(count):
            line = stack.enter_context(cable())
            flags = ("--host", line.address, "--allow-network")
            server = running_server(folder / f"log{number}", *flags, within=line.within)
            ends.append((line, stack.enter_context(server)))
        yield ends


def once(do: Callable[[], object]) -> Callable[[int], bool]:
    """In the middle of the first sentence."""

    def does(count: int) -> bool:
        if count == IN_FIRST:
            do()
        return count == IN_FIRST

    return does


def cut(seconds: float, servers: int, folder: Path) -> Watched:
    with behind_cables(folder, servers) as ends:
        line, _ = ends[0]

        def do() -> None:
            line.cut()
            threading.Timer(seconds, line.mend).start()

        return told([server.address for _, server in ends], once(do))


def half_open(folder: Path) -> Watched:
    """The server's machine loses its power while the cable is out, and comes back without knowing the connection."""
    with behind_cables(folder, 2) as ends:
        line, first = ends[0]

        def do() -> None:
            line.cut()
            first.process.send_signal(signal.SIGKILL)
            first.process.wait()
            threading.Timer(0.5, line.mend).start()

        return told([server.address for _, server in ends], once(do))


def lossy(folder: Path) -> Watched:
    with behind_cables(folder, 1) as ((line, server),):
        line.lose(0.05)
        return told([server.address], lambda _: None)


CUT_LINES: dict[str, Callable[[Path], Watched]] = {
    "cut for 30 s, one server": partial(cut, 30.0, 1),
    "cut for 2 s, one server": partial(cut, 2.0, 1),
    "cut for 2 s, two servers": partial(cut, 2.0, 2),
    "half open, two servers": half_open,
    "5 % of packets lost": lossy,
}


@pytest.fixture(scope="module")
def cut_lines(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Future[Watched]]:
    if not can_lay_cables():
        pytest.skip("no network namespaces here")
    return all_together(CUT_LINES, tmp_path_factory.mktemp("lines"))


@pytest.mark.parametrize("name", CUT_LINES)
def test_a_bad_line(cut_lines: dict[str, Future[Watched]], name: str) -> None:
    watched = cut_lines[name].result()
    print(f"{name}: {watched.figures()}")
    assert_whole(watched)
    if "packets" not in name:
        assert len(watched.gone_on) > 0
        watched.assert_no_jump()


def test_an_uneven_line(server: ServerProcess) -> None:
    """Up to 200 ms, each way."""
    with jittery_relay(server.address, 0.2) as address:
        watched = told([address], lambda _: None)
    assert_whole(watched)
    assert watched.gone_on == []


HAPROXY = """
global
  stats socket {folder}/admin level admin
defaults
  mode tcp
  timeout connect 1s
  timeout client 60s
  timeout server 60s
frontend live
  bind fd@{listener}
  default_backend servers
backend servers
  option redispatch 1
  default-server on-marked-down shutdown-sessions
  server first {first} check inter 200ms
  server second {second} check inter 200ms backup
"""


@contextmanager
def haproxy(folder: Path, first: str, second: str) -> Iterator[str]:
    """In front of two servers; the second is taken where the first is down. Who comes before it has started waits for it."""
    configuration, command = folder / "haproxy.cfg", ["haproxy", "-f", str(folder / "haproxy.cfg"), "-db"]
    with socket.create_server(("127.0.0.1", 0)) as listener:
        number = listener.fileno()
        configuration.write_text(HAPROXY.format(folder=folder, listener=number, first=first, second=second))
        with subprocess.Popen(command, stderr=subprocess.DEVNULL, pass_fds=[number]) as process:
            try:
                yield f"127.0.0.1:{listener.getsockname()[1]}"
            finally:
                process.terminate()


def kill(first: ServerProcess, folder: Path) -> None:
    first.process.send_signal(signal.SIGKILL)


def take_out(first: ServerProcess, folder: Path) -> None:
    """The proxy is told that the server is not to be used, and cuts off who is connected."""
    with socket.socket(socket.AF_UNIX) as control:
        control.connect(str(folder / "admin"))
        control.sendall(b"set server servers/first state maint\n")
        control.recv(4096)


@needs(shutil.which("haproxy"), "HAProxy")
@pytest.mark.parametrize("break_off", [kill, take_out])
def test_a_proxy_that_resets(tmp_path: Path, break_off: Callable[[ServerProcess, Path], None]) -> None:
    """One address, two servers behind it: the proxy cuts the connection off, the stream goes on at the other."""
    with (
        running_server(tmp_path / "first") as first,
        running_server(tmp_path / "second") as second,
        haproxy(tmp_path, first.address, second.address) as address,
    ):
        watched = told([address], once(lambda: break_off(first, tmp_path)))
    print(f"HAProxy, {break_off.__name__}: {watched.figures()}")
    assert len(watched.gone_on) >= 1
    assert_whole(watched)
    watched.assert_no_jump()
