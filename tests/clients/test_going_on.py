"""The Python client's live streams where a server is killed, hangs, is drained or comes back: real processes, both clients."""

from __future__ import annotations

import asyncio
import signal
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from folders import AUDIO
from motions import angle_between
from pantomatrix_client import AsyncClient, Client, FrameBlock, GoneOn, Move, Refusal, UtteranceEnd
from pantomatrix_client.live_messages import Event
from pantomatrix_models.audio.decode import decode_file
from server_process import ServerProcess, running_server

pytestmark = [pytest.mark.client, pytest.mark.slow]

RATE, CHUNK = 16000, 800
SPEECH = (decode_file((AUDIO / "hu03_speech_m.wav").read_bytes(), 60).samples * 32767).astype(np.int16)
SENTENCE = SPEECH[: 3 * RATE]


@dataclass
class Watched:
    """What came, with when. Frames are checked to be the next."""

    blocks: list[FrameBlock] = field(default_factory=list)
    gone_on: list[GoneOn] = field(default_factory=list)
    ends: list[UtteranceEnd] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    frames: int = 0

    def see(self, event: Event) -> None:
        match event:
            case FrameBlock():
                assert event.first_frame == self.frames, "a frame was skipped or doubled"
                self.frames += len(event)
                self.blocks.append(event)
            case GoneOn():
                assert event.first_frame == self.frames
                self.gone_on.append(event)
            case UtteranceEnd():
                self.ends.append(event)
            case Refusal():
                self.refusals.append(event)
            case Move():
                self.moves.append(event)

    def assert_no_jump(self) -> None:
        """At no seam does a joint turn by more than 99 % of the other steps."""
        quats = np.concatenate([block.rotations_xyzw for block in self.blocks])
        steps = np.degrees(angle_between(quats[:-1], quats[1:]).max(axis=1))
        seams = [gone.first_frame - 1 for gone in self.gone_on if 0 < gone.first_frame < self.frames]
        assert len(seams) > 0
        assert (steps[seams] <= np.percentile(np.delete(steps, seams), 99)).all()


Does = Callable[[int], None]
"""What happens to the servers after so many chunks were pushed."""


def told(addresses: list[str], does: Does, **options) -> Watched:
    """Two sentences as they are spoken, with a second between them."""
    watched = Watched()
    with Client(addresses) as client, client.live(RATE, **options) as live:

        def speak() -> None:
            for count, _ in enumerate(said(live)):
                does(count)
                time.sleep(CHUNK / RATE)
            live.close()

        thread = threading.Thread(target=speak)
        thread.start()
        for event in live:
            watched.see(event)
        thread.join()
    return watched


async def told_async(addresses: list[str], does: Does, **options) -> Watched:
    watched = Watched()
    async with AsyncClient(addresses) as client, client.live(RATE, **options) as live:

        async def speak() -> None:
            for count, _ in enumerate(said(live)):
                does(count)
                await asyncio.sleep(CHUNK / RATE)
            live.close()

        task = asyncio.create_task(speak())
        async for event in live:
            watched.see(event)
        await task
    return watched


def said(live) -> Iterator[None]:
    for at in range(0, len(SENTENCE), CHUNK):
        live.push(SENTENCE[at : at + CHUNK])
        yield
    live.end_utterance()
    for _ in range(20):
        yield
    for at in range(0, len(SENTENCE), CHUNK):
        live.push(SENTENCE[at : at + CHUNK])
        yield
    live.end_utterance()
    yield


SENTENCE_CHUNKS = len(SENTENCE) // CHUNK
IN_FIRST, BETWEEN, IN_SECOND = 40, SENTENCE_CHUNKS + 10, SENTENCE_CHUNKS + 20 + 30


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


def assert_whole(watched: Watched) -> None:
    assert [end.utterance for end in watched.ends] == [0, 1]
    assert not any(end.interrupted for end in watched.ends)
    heard = sum(len(block) for block in watched.blocks if not block.idle)
    assert heard == pytest.approx(2 * 3 * 30, abs=2)


@pytest.mark.parametrize("when", [IN_FIRST, BETWEEN, IN_SECOND])
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
    from pantomatrix_client import ServerError

    with running_server(tmp_path / "first") as first:

        def kill(count: int) -> None:
            if count == IN_FIRST:
                first.process.send_signal(signal.SIGKILL)

        with pytest.raises(ServerError) as caught:
            tell([first.address], kill, reconnect_seconds=1.0)
    assert caught.value.code == "UNAVAILABLE"
