"""The Python client's live streams where a server is killed, hangs, is drained or comes back: real processes, both clients."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from pantomatrix_client import Client, ServerError
from server_process import ServerProcess, running_server
from together import all_together
from watched_stream import BETWEEN, IN_FIRST, IN_SECOND, RATE, SENTENCE, Watched, assert_whole, told, told_async

pytestmark = [pytest.mark.client, pytest.mark.slow]


Tell = Callable[..., Watched]


def told_by_asyncio(*arguments, **options) -> Watched:
    return asyncio.run(told_async(*arguments, **options))


@contextmanager
def two_servers(folder: Path) -> Iterator[list[ServerProcess]]:
    drained = ("--lame-duck-seconds", "2")
    with running_server(folder / "first", *drained) as first, running_server(folder / "second", *drained) as second:
        yield [first, second]


def signalled(tell: Tell, number: signal.Signals, when: int, folder: Path) -> Watched:
    """The first of two servers gets a signal."""
    with two_servers(folder) as servers:

        def does(count: int) -> bool:
            if count == when:
                servers[0].process.send_signal(number)
            return count == when

        try:
            watched = tell([server.address for server in servers], does)
        finally:
            servers[0].process.send_signal(signal.SIGCONT)
        assert watched.gone_on[-1].address == servers[1].address
    return watched


def comes_back(tell: Tell, folder: Path) -> Watched:
    """The only server is killed, and another is started at its port."""
    done, back = threading.Event(), threading.Event()
    with running_server(folder / "first") as first:

        def come_back() -> None:
            with running_server(folder / "second", "--port", first.address.rpartition(":")[2]):
                back.set()
                done.wait(60)

        starting = threading.Thread(target=come_back)

        def does(count: int) -> bool:
            if count == IN_FIRST:
                first.process.send_signal(signal.SIGKILL)
                first.process.wait()
                starting.start()
            return count == IN_FIRST

        try:
            watched = tell([first.address], does)
        finally:
            done.set()
            starting.join()
        assert back.is_set()
        assert {gone.address for gone in watched.gone_on} == {first.address}
    return watched


SCENARIOS: dict[str, Callable[[Path], Watched]] = {
    "killed between sentences": partial(signalled, told, signal.SIGKILL, BETWEEN),
    "killed in a sentence": partial(signalled, told, signal.SIGKILL, IN_SECOND),
    "killed in a sentence, asyncio": partial(signalled, told_by_asyncio, signal.SIGKILL, IN_SECOND),
    "hangs": partial(signalled, told, signal.SIGSTOP, IN_FIRST),
    "hangs, asyncio": partial(signalled, told_by_asyncio, signal.SIGSTOP, IN_FIRST),
    "drained between sentences, asyncio": partial(signalled, told_by_asyncio, signal.SIGTERM, BETWEEN),
    "drained in a sentence": partial(signalled, told, signal.SIGTERM, IN_FIRST),
    "comes back": partial(comes_back, told),
}


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Future[Watched]]:
    return all_together(SCENARIOS, tmp_path_factory.mktemp("scenarios"))


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_stream_goes_on(outcomes: dict[str, Future[Watched]], name: str) -> None:
    watched = outcomes[name].result()
    print(f"{name}: {watched.figures()}")
    assert_whole(watched)
    watched.assert_no_jump()
    if "drained" in name:
        assert len(watched.moves) == 1
        assert 0.0 in [gone.lost_seconds for gone in watched.gone_on]


def test_changes_hold_elsewhere_and_refused_ones_do_not(tmp_path: Path) -> None:
    watched = Watched()
    with (
        two_servers(tmp_path) as two,
        Client([server.address for server in two]) as client,
        client.live(RATE, max_ahead_seconds=0) as live,
    ):
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


def test_a_server_that_hangs_in_a_burst(tmp_path: Path) -> None:
    """All was said long before; what is owed is frames."""
    watched = Watched()
    with (
        two_servers(tmp_path) as two,
        Client([server.address for server in two]) as client,
        client.live(RATE) as live,
    ):
        live.push(SENTENCE)
        live.push(SENTENCE)
        live.end_utterance()
        try:
            for event in live:
                watched.see(event)
                if watched.frames > 30 and not watched.gone_on:
                    two[0].process.send_signal(signal.SIGSTOP)
                if watched.ends:
                    live.close()
        finally:
            two[0].process.send_signal(signal.SIGCONT)
    assert len(watched.gone_on) >= 1
    assert [(end.utterance, end.end_frame) for end in watched.ends] == [(0, 120)]
    watched.assert_no_jump()


def test_of_several_servers_one_that_hangs_and_one_that_is_full(tmp_path: Path) -> None:
    """Where a stream opens, and where it goes on."""
    with (
        running_server(tmp_path / "hangs") as hangs,
        running_server(tmp_path / "full", "--max-streams", "1") as full,
        running_server(tmp_path / "free") as free,
        Client([full.address, free.address]) as none_first,
        Client([hangs.address, full.address, free.address]) as client,
        Client(full.address) as taken,
        taken.live(RATE),
    ):
        with none_first.live(RATE) as live:
            assert live.header.fps == 30
        watched = Watched()
        with client.live(RATE) as live:
            live.push(SENTENCE)
            try:
                for event in live:
                    watched.see(event)
                    if watched.frames > 20 and not watched.gone_on:
                        hangs.process.send_signal(signal.SIGSTOP)
                    if watched.gone_on and watched.frames > watched.gone_on[0].first_frame:
                        break
                with client.live(RATE) as other:
                    assert other.header.fps == 30
            finally:
                hangs.process.send_signal(signal.SIGCONT)
    assert watched.gone_on[-1].address == free.address
    assert watched.gone_on[0].lost_seconds > 0


def test_a_server_that_ends_tells_streams_that_come_late(tmp_path: Path) -> None:
    with running_server(tmp_path / "first", "--lame-duck-seconds", "3") as server:
        server.process.send_signal(signal.SIGTERM)
        with Client(server.address) as client, client.live(RATE) as live:
            watched = Watched()
            for event in live:
                watched.see(event)
                if watched.moves:
                    break
    assert watched.moves[0].within_seconds > 0


@pytest.mark.parametrize("tell", [told, told_by_asyncio])
def test_nobody_is_there_any_more(tmp_path: Path, tell: Tell) -> None:
    with running_server(tmp_path / "first") as first:

        def kill(count: int) -> None:
            if count == IN_FIRST:
                first.process.send_signal(signal.SIGKILL)

        with pytest.raises(ServerError) as caught:
            tell([first.address], kill, reconnect_seconds=1.0)
    assert caught.value.code == "UNAVAILABLE"
