"""The Python client's live streams where a server is killed, hangs, is drained or comes back: real processes, both clients."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from pantomatrix_client import Client, ServerError
from server_process import ServerProcess, running_server
from watched_stream import BETWEEN, IN_FIRST, IN_SECOND, RATE, Watched, assert_whole, told, told_async

pytestmark = [pytest.mark.client, pytest.mark.slow]


@pytest.fixture(params=["threads", "asyncio"])
def tell(request: pytest.FixtureRequest) -> Callable[..., Watched]:
    if request.param == "threads":
        return told
    return lambda *arguments, **options: asyncio.run(told_async(*arguments, **options))


@pytest.fixture
def two(tmp_path: Path) -> Iterator[list[ServerProcess]]:
    drained = ("--lame-duck-seconds", "2")
    with running_server(tmp_path / "first", *drained) as first, running_server(tmp_path / "second", *drained) as second:
        yield [first, second]


@pytest.mark.parametrize("when", [BETWEEN, IN_SECOND])
def test_a_server_that_is_killed(two: list[ServerProcess], tell: Callable[..., Watched], when: int) -> None:
    def kill(count: int) -> None:
        if count == when:
            two[0].process.send_signal(signal.SIGKILL)

    watched = tell([server.address for server in two], kill)
    assert [gone.address for gone in watched.gone_on] == [two[1].address]
    assert_whole(watched)
    watched.assert_no_jump()


def test_a_server_that_hangs(two: list[ServerProcess], tell: Callable[..., Watched]) -> None:
    def stop(count: int) -> None:
        if count == IN_FIRST:
            two[0].process.send_signal(signal.SIGSTOP)

    try:
        watched = tell([server.address for server in two], stop)
    finally:
        two[0].process.send_signal(signal.SIGCONT)
    assert [gone.address for gone in watched.gone_on] == [two[1].address]
    assert_whole(watched)
    watched.assert_no_jump()


@pytest.mark.parametrize("when", [IN_FIRST, BETWEEN])
def test_a_server_that_is_drained(two: list[ServerProcess], tell: Callable[..., Watched], when: int) -> None:
    def drain(count: int) -> None:
        if count == when:
            two[0].process.send_signal(signal.SIGTERM)

    watched = tell([server.address for server in two], drain)
    assert len(watched.moves) == 1
    assert [(gone.address, gone.lost_seconds) for gone in watched.gone_on] == [(two[1].address, 0.0)]
    assert_whole(watched)
    watched.assert_no_jump()


def test_a_server_that_comes_back(tmp_path: Path, tell: Callable[..., Watched]) -> None:
    with running_server(tmp_path / "first") as first:
        port = first.address.rpartition(":")[2]

        def kill(count: int) -> None:
            if count == IN_FIRST:
                first.process.send_signal(signal.SIGKILL)
                first.process.wait()
                threading.Thread(target=come_back).start()

        done = threading.Event()
        back = threading.Event()

        def come_back() -> None:
            with running_server(tmp_path / "second", "--port", port):
                back.set()
                done.wait(60)

        try:
            watched = tell([first.address], kill)
        finally:
            done.set()
    assert back.is_set()
    assert [gone.address for gone in watched.gone_on] == [first.address]
    assert_whole(watched)
    watched.assert_no_jump()


def test_changes_hold_elsewhere_and_refused_ones_do_not(two: list[ServerProcess]) -> None:
    watched = Watched()
    with Client([server.address for server in two]) as client, client.live(RATE, max_ahead_seconds=0) as live:
        live.change(emotions={"joy": 1.0})
        live.change(speaker="nobody")
        events = iter(live)
        while not watched.refusals:
            watched.see(next(events))
        two[0].process.send_signal(signal.SIGKILL)
        while not watched.gone_on:
            watched.see(next(events))
        gone_on = watched.frames
        while watched.frames < gone_on + 30:
            watched.see(next(events))
        smile = live.header.curve_names.index("mouthSmileLeft")
    assert [refusal.reason for refusal in watched.refusals] == ["UNKNOWN_NAME"]
    assert watched.blocks[-1].curves[-1, smile] > 0.5


def test_nobody_is_there_any_more(tmp_path: Path, tell: Callable[..., Watched]) -> None:
    with running_server(tmp_path / "first") as first:

        def kill(count: int) -> None:
            if count == IN_FIRST:
                first.process.send_signal(signal.SIGKILL)

        with pytest.raises(ServerError) as caught:
            tell([first.address], kill, reconnect_seconds=1.0)
    assert caught.value.code == "UNAVAILABLE"
