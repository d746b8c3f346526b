"""Live streams over lines that are cut, lose packets, are uneven, or have a proxy in them that resets: the Python client."""

from __future__ import annotations

import shutil
import signal
import subprocess
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from cables import Cable, cable, can_lay_cables
from jittery_relay import jittery_relay
from server_process import ServerProcess, running_server
from tools import needs
from watched_stream import IN_FIRST, Watched, assert_whole, told

pytestmark = [pytest.mark.client, pytest.mark.slow, pytest.mark.timeout(120)]

lays_cables = pytest.mark.skipif(not can_lay_cables(), reason="no network namespaces here")


@contextmanager
def behind_cables(folder: Path, count: int) -> Iterator[list[tuple[Cable, ServerProcess]]]:
    with ExitStack() as stack:
        ends = []
        for number in range(1, count + 1):
            line = stack.enter_context(cable())
            server = running_server(
                folder / f"log{number}", "--host", line.address, "--allow-network", within=line.within
            )
            ends.append((line, stack.enter_context(server)))
        yield ends


@lays_cables
def test_a_cable_that_is_cut_for_two_seconds(tmp_path: Path) -> None:
    """There is another server."""
    with behind_cables(tmp_path, 2) as ((line, first), (_, second)):

        def cut(count: int) -> bool:
            if count == IN_FIRST:
                line.cut()
                threading.Timer(2.0, line.mend).start()
            return count == IN_FIRST

        watched = told([first.address, second.address], cut)
    assert [gone.address for gone in watched.gone_on] == [second.address]
    assert_whole(watched)
    watched.assert_no_jump()
    print("cable cut 2 s, two servers:", watched.figures())


@lays_cables
@pytest.mark.parametrize("seconds", [2.0, 30.0])
def test_a_cable_that_is_cut_to_the_only_server(tmp_path: Path, seconds: float) -> None:
    with behind_cables(tmp_path, 1) as ((line, server),):

        def cut(count: int) -> bool:
            if count == IN_FIRST:
                line.cut()
                threading.Timer(seconds, line.mend).start()
            return count == IN_FIRST

        watched = told([server.address], cut)
    assert_whole(watched)
    if seconds > 3:
        assert len(watched.gone_on) > 0
    if watched.gone_on:
        watched.assert_no_jump()
    print(f"cable cut {seconds:g} s, one server:", watched.figures())


@lays_cables
def test_a_peer_that_is_half_open(tmp_path: Path) -> None:
    """The server's machine loses its power while the cable is out, and comes back without knowing the connection."""
    with behind_cables(tmp_path, 2) as ((line, first), (_, second)):

        def lose_power(count: int) -> bool:
            if count == IN_FIRST:
                line.cut()
                first.process.send_signal(signal.SIGKILL)
                first.process.wait()
                threading.Timer(0.5, line.mend).start()
            return count == IN_FIRST

        watched = told([first.address, second.address], lose_power)
    assert [gone.address for gone in watched.gone_on] == [second.address]
    assert_whole(watched)
    watched.assert_no_jump()
    print("half-open:", watched.figures())


@lays_cables
def test_a_line_that_loses_packets(tmp_path: Path) -> None:
    with behind_cables(tmp_path, 1) as ((line, server),):
        line.lose(0.05)
        watched = told([server.address], lambda _: None)
    assert_whole(watched)
    print("5 % of packets lost:", len(watched.gone_on), "times gone on;", watched.figures())


def test_an_uneven_line(server: ServerProcess) -> None:
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
  bind 127.0.0.1:{port}
  default_backend servers
backend servers
  option redispatch
  retries 2
  default-server on-marked-down shutdown-sessions
  server first {first} check inter 200ms
  server second {second} check inter 200ms backup
"""


@contextmanager
def haproxy(folder: Path, first: str, second: str) -> Iterator[str]:
    """In front of two servers; the second is taken where the first is down."""
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    configuration = folder / "haproxy.cfg"
    configuration.write_text(HAPROXY.format(folder=folder, port=port, first=first, second=second))
    with subprocess.Popen(["haproxy", "-f", str(configuration), "-db"], stderr=subprocess.PIPE, text=True) as process:
        try:
            yield f"127.0.0.1:{port}"
        finally:
            process.terminate()


def admin(folder: Path, command: str) -> None:
    import socket

    with socket.socket(socket.AF_UNIX) as control:
        control.connect(str(folder / "admin"))
        control.sendall(f"{command}\n".encode())
        control.recv(4096)


@needs(shutil.which("haproxy"), "HAProxy")
@pytest.mark.parametrize("how", ["killed", "reset"])
def test_a_proxy_that_resets(tmp_path: Path, how: str) -> None:
    """One address, two servers behind it: the proxy cuts the connection off, the stream goes on at the other."""
    with (
        running_server(tmp_path / "first") as first,
        running_server(tmp_path / "second") as second,
        haproxy(tmp_path, first.address, second.address) as address,
    ):

        def cut(count: int) -> bool:
            if count == IN_FIRST:
                if how == "killed":
                    first.process.send_signal(signal.SIGKILL)
                else:
                    admin(tmp_path, "set server servers/first state maint")
            return count == IN_FIRST

        watched: Watched = told([address], cut)
    assert len(watched.gone_on) == 1
    assert_whole(watched)
    watched.assert_no_jump()
    print(f"HAProxy, {how}:", watched.figures())
