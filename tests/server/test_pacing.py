"""A stream keeps the time of who listens: speech that comes in bursts, in real time, and mixed. Times are frames of the stream."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from types import SimpleNamespace

import grpc
import numpy as np
import pytest

from live_stream import RATE, SPEECH, Live, ends_with, start
from motions import angle_between
from pantomatrix.v1 import motion_pb2, options_pb2
from pantomatrix_converters.face.rigs import ARKIT52
from pantomatrix_models.audio.pcm import PcmFormat
from pantomatrix_models.generation import plan
from pantomatrix_models.live import LiveSession
from pantomatrix_models.options import MotionOptions
from pantomatrix_models.registry import ModelRegistry
from pantomatrix_server.app import listener_clock
from pantomatrix_server.app.listener_clock import ListenerClock
from pantomatrix_server.app.live_inputs import Heard, LiveAudio, LiveInput, LiveInputs, LiveStart
from server_process import ServerProcess
from service_calls import field_of, frames, generate, open_channel, pcm
from websocket_channel import WebSocketChannel

pytestmark = pytest.mark.service

FPS = 30
AHEAD = 0.3
END = motion_pb2.EndOfUtterance()
JAW = 3 + 4 * 55 + ARKIT52.curve_names.index("jawOpen")
OPENING = ("jaw", "mouthClose", "mouthFunnel", "mouthPucker", "mouthLower", "mouthUpper")
"""Curves of a mouth that speaks; those of its corners are the face's at rest too."""
MOUTH = [3 + 4 * 55 + at for at, name in enumerate(ARKIT52.curve_names) if name.startswith(OPENING)]


@pytest.fixture(params=["grpc", "websocket"])
def channel(server: ServerProcess, request: pytest.FixtureRequest) -> Iterator[grpc.Channel | WebSocketChannel]:
    with open_channel(server.address) as opened:
        yield opened if request.param == "grpc" else WebSocketChannel(f"ws://{server.web}", opened)


def paced(channel: grpc.Channel | WebSocketChannel, **start) -> Live:
    return Live(channel, max_ahead_seconds=AHEAD, look_ahead_seconds=None, **start)  # type: ignore[arg-type]


def burst(live: Live, seconds: float) -> int:
    """Say so much at once; the frames that have come until then."""
    come = len(live.rows)
    live.say(SPEECH[: round(seconds * RATE)], 8000)
    return come


def begins(live: Live, after: int) -> int:
    """The first frame of an utterance."""
    live.until(lambda: not all(live.idle[after:]))
    return after + live.idle[after:].index(False)


def test_each_line_of_a_burst_begins_when_it_is_said(channel: grpc.Channel) -> None:
    """Three lines of 1.5 s, each at once, with a second of silence between them: none waits for the ones before."""
    live = paced(channel)
    for line in range(3):
        come = burst(live, 1.5)
        live.send(end_of_utterance=END)
        assert begins(live, come) <= come + 0.25 * FPS + AHEAD * FPS
        live.until(lambda line=line: len(live.ends) > line)
        assert live.ends[line].end_frame == pytest.approx(begins(live, come) + 1.5 * FPS, abs=1)
        live.until(lambda line=line: len(live.rows) >= live.ends[line].end_frame + FPS)
    rows = live.finish()
    turns = rows[:, 3 : 3 + 4 * 55].reshape(len(rows), 55, 4)
    assert angle_between(turns[1:], turns[:-1]).max() < 0.35


def test_an_interrupt_finds_a_burst_unsaid(channel: grpc.Channel) -> None:
    """A second into a burst of 11 s; another sentence follows and begins at once."""
    live = paced(channel)
    burst(live, 11)
    live.send(end_of_utterance=END)
    live.until(lambda: len(live.rows) >= FPS)
    live.send(interrupt=motion_pb2.Interrupt())
    live.until(lambda: bool(live.ends))
    end = live.ends[0]
    assert (end.utterance, end.interrupted) == (0, True)
    assert end.end_frame < 2 * FPS
    live.until(lambda: len(live.rows) >= end.end_frame + 15)
    assert all(live.idle[end.end_frame :])
    assert np.stack(live.rows)[end.end_frame + 2 :, JAW].max() < 0.02
    come = burst(live, 1)
    assert begins(live, come) <= come + 0.25 * FPS + AHEAD * FPS
    live.finish()


def test_what_was_not_played_comes_again(channel: grpc.Channel) -> None:
    """The listener has seen all but the last four frames. They come again, idle, with the mouth shut in 1/15 s, and the
    body goes on as it was."""
    live = paced(channel)
    burst(live, 4)
    live.until(lambda: len(live.rows) >= 50)
    before = np.stack(live.rows)
    played, live.played = len(live.rows) - 4, True
    live.send(interrupt=motion_pb2.Interrupt(played_seconds=played / FPS))
    live.until(lambda: bool(live.ends) and len(live.rows) > len(before) and live.idle[-1])
    assert (live.ends[0].end_frame, live.ends[0].interrupted) == (played, True)
    rows = np.stack(live.rows)
    assert not any(live.idle[played - 1 : played])
    assert all(live.idle[played:])
    assert before[played:, MOUTH].max() > 0.05
    assert rows[played + 1 :, MOUTH].max() < 0.02
    np.testing.assert_array_equal(rows[:played], before[:played])
    np.testing.assert_array_equal(rows[played : len(before), : 3 + 4 * 22], before[played:, : 3 + 4 * 22])
    live.finish()


def test_a_change_with_a_time_does_not_wait_behind_a_burst(channel: grpc.Channel) -> None:
    """A burst of 6 s waits; a second in, joy at once, and a name that is not known. Both are followed before the burst is."""
    live = paced(channel)
    burst(live, 6)
    live.until(lambda: len(live.rows) >= FPS)
    joy = options_pb2.EmotionStrength(emotion="joy", strength=1)
    for emotion in (joy, options_pb2.EmotionStrength(emotion="joi", strength=1)):
        changes = motion_pb2.StreamOptions(emotions=motion_pb2.Emotions(entries=[emotion]), at_seconds=0)
        live.send(options=changes)
    come = len(live.rows)
    live.until(lambda: bool(live.refusals))
    assert len(live.rows) <= come + FPS
    live.until(lambda: len(live.rows) >= come + 2 * FPS)
    smile = 3 + 4 * 55 + ARKIT52.curve_names.index("mouthSmileLeft")
    rows = np.stack(live.rows)
    assert rows[come + FPS + 15 :, smile].mean() > 0.5
    live.cancel()


def test_speech_in_real_time_is_not_held_back(channel: grpc.Channel) -> None:
    """Each chunk is said when the frames before it have come, as a microphone's would be; then a burst follows in the same
    utterance. All frames are those of the clip."""
    live = Live(channel, max_ahead_seconds=AHEAD, seed=3)
    behind = live.header.look_ahead_seconds + 0.011
    for first in range(0, RATE, 320):
        live.say(SPEECH[first : first + 320])
        due = int(max(0.0, (first + 320) / RATE - behind) * FPS)
        live.until(lambda due=due: len(live.rows) >= due)
    live.say(SPEECH[RATE : 3 * RATE], 2 * RATE)
    live.until(lambda: len(live.rows) >= 2 * FPS)
    rows = live.finish()
    np.testing.assert_array_equal(rows, frames(generate(channel, pcm(SPEECH[: 3 * RATE]), seed=3)))


def test_nothing_is_held_back_of_who_has_closed_its_side(channel: grpc.Channel) -> None:
    live = Live(channel, max_ahead_seconds=AHEAD, seed=3)
    burst(live, 11)
    np.testing.assert_array_equal(live.finish(), frames(generate(channel, pcm(SPEECH), seed=3)))


def test_its_range(channel: grpc.Channel) -> None:
    for seconds in (-1, 0.01, 11, float("nan")):
        code, text, found = ends_with(channel, start(max_ahead_seconds=seconds))
        assert (code, field_of(found)) == (grpc.StatusCode.INVALID_ARGUMENT, "start.max_ahead_seconds"), text


# ------------------------------------------------------------------------------------------------ the listener's clock


class StillTime:
    """A clock that stands still."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = 1000.0
        monkeypatch.setattr(listener_clock, "time", SimpleNamespace(monotonic=lambda: self.now))


def test_a_listener_waits_where_there_is_nothing_to_play(monkeypatch: pytest.MonkeyPatch) -> None:
    still = StillTime(monkeypatch)
    clock = ListenerClock(0.3, 0.1, 0.0)
    assert clock.room(0.0) == pytest.approx(0.4)
    assert clock.room(0.4) == pytest.approx(0.0)
    still.now += 0.2
    assert clock.room(0.4) == pytest.approx(0.2)
    still.now += 5.0
    clock.wait_for(0.4)  # audio comes five seconds late
    assert clock.seconds == pytest.approx(0.4)
    assert clock.room(0.4) == pytest.approx(0.4)


def test_a_server_that_stood_still_catches_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who plays a clip does not wait for the server: after 1.5 s in which nothing was computed, as much more may be heard."""
    still = StillTime(monkeypatch)
    generation = plan(MotionOptions(), ModelRegistry())
    live = LiveSession(generation, PcmFormat("s16le", RATE))

    async def burst() -> AsyncIterator[LiveInput]:
        yield LiveStart(generation.options, live.pcm)
        yield LiveAudio(bytes(2 * 5 * RATE))
        await asyncio.Event().wait()

    async def heard() -> list[float]:
        incoming = LiveInputs(burst(), 60)
        await incoming.first()
        each = incoming.each(live, ListenerClock(AHEAD, live.look_ahead_seconds, 0.0))
        seconds = []
        for stood_still in (0.0, 1.5, 0.0):
            still.now += stood_still
            given = await anext(each)
            assert isinstance(given, Heard)
            live.push(*given.chunks)
            seconds.append(live.seconds)
        incoming.stop()
        return seconds

    room = AHEAD + live.look_ahead_seconds
    assert asyncio.run(heard()) == pytest.approx([room, room + 1.0, room + 1.5], abs=1e-3)


def test_without_a_limit_there_is_always_room() -> None:
    assert ListenerClock(0.0, 0.1, 0.0).room(1e6) is None
