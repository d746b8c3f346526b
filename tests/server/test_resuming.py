"""Streams that go on at another server: StreamStart.resume, between two real servers. Times are frames of the stream."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import grpc
import numpy as np
import pytest

from live_stream import RATE, SPEECH, Live, chunk, ends_with, start
from motions import angle_between
from pantomatrix.v1 import errors_pb2, motion_pb2
from server_process import ServerProcess, running_server
from service_calls import field_of, open_channel
from websocket_channel import WebSocketChannel

pytestmark = pytest.mark.service

END = motion_pb2.EndOfUtterance()
LINE = SPEECH[: 3 * RATE]


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with running_server(tmp_path_factory.mktemp("other") / "log") as server:
        yield server


Channel = grpc.Channel | WebSocketChannel


@pytest.fixture(params=["grpc", "websocket"])
def channels(server: ServerProcess, other: ServerProcess, request: pytest.FixtureRequest) -> Iterator[list[Channel]]:
    with open_channel(server.address) as first, open_channel(other.address) as second:
        if request.param == "grpc":
            yield [first, second]
        else:
            yield [WebSocketChannel(f"ws://{one.web}", channel) for one, channel in ((server, first), (other, second))]


def spoken(channel: Channel, **options) -> Live:
    """An utterance of 3 s, a second of idle motion, and one that goes on."""
    live = Live(channel, seed=5, look_ahead_seconds=None, **options)  # type: ignore[arg-type]
    live.say(LINE)
    live.send(end_of_utterance=END)
    live.until(lambda: len(live.ends) == 1 and len(live.rows) >= 4 * live.header.fps)
    live.say(LINE)
    live.until(lambda: len(live.begins) == 2 and len(live.rows) >= live.begins[1].begin_seconds * live.header.fps + 80)
    return live


def gone_on(channel: Channel, live: Live, first_frame: int, *, speaking: bool, **options) -> Live:
    resume = motion_pb2.Resume(first_frame=first_frame, last_frame=live.rows[first_frame - 1].tobytes(), utterance=1)
    if speaking:
        resume.audio_seconds = live.begins[1].begin_seconds
    return Live(channel, seed=5, look_ahead_seconds=None, resume=resume, **options)  # type: ignore[arg-type]


def assert_no_jump(live: Live, split: int, row: np.ndarray) -> None:
    """From the frame before the split to this one no joint turns by more than 99 % of the steps before."""
    joints = len(live.header.skeleton.joints)
    rows = np.array([*live.rows, live.rows[split - 1], row])
    quats = rows[:, 3 : 3 + 4 * joints].reshape(len(rows), joints, 4)
    steps = angle_between(quats[:-1], quats[1:]).max(axis=-1)
    assert steps[-1] <= np.percentile(steps[: len(live.rows) - 1], 99)


UNREAL = {"skeleton": "ue5_manny", "coordinate_system": "unreal_mesh"}


@pytest.mark.parametrize("options", [{}, UNREAL], ids=["smplx", "unreal"])
def test_another_server_goes_on_in_mid_utterance_as_the_first_would_have(
    channels: list[Channel], options: dict
) -> None:
    live = spoken(channels[0], **options)
    whole = live.finish()
    split = round(live.begins[1].begin_seconds * 30) + 40
    second = gone_on(channels[1], live, split, speaking=True, **options)
    assert second.header.first_frame == split
    second.say(LINE)
    rest = second.finish()
    assert len(rest) == len(whole) - split
    weights = 3 + 4 * len(second.header.skeleton.joints)
    away = np.abs(rest - whole[split:])
    assert away[:, weights:].max() < 2e-3
    # The hands were on their way down after the first utterance, of which the second server knows nothing.
    assert away[45:].max() < 2e-3
    assert_no_jump(live, split, rest[0])
    assert second.begins == [live.begins[1]]
    assert second.ends[-1].utterance == 1
    assert second.ends[-1].end_frame == live.ends[-1].end_frame


def test_it_goes_on_idling_at_once_and_hears_the_next_utterance(channels: list[Channel]) -> None:
    live = spoken(channels[0])
    split = live.ends[0].end_frame + 20
    second = gone_on(channels[1], live, split, speaking=False)
    second.until(lambda: len(second.rows) > 0)
    assert_no_jump(live, split, second.rows[0])
    assert second.idle[0]
    second.say(LINE)
    second.until(lambda: len(second.begins) > 0)
    assert second.begins[0].utterance == 1
    second.finish()
    live.finish()


def test_audio_that_was_heard_is_not_held_back(channels: list[Channel]) -> None:
    """The listener is at the first frame, not at the beginning of what is said again; what is new is paced as ever."""
    live = spoken(channels[0])
    split = round(live.begins[1].begin_seconds * 30) + 60
    second = gone_on(channels[1], live, split, speaking=True, max_ahead_seconds=0.3)
    second.say(SPEECH[: 8 * RATE])
    second.until(lambda: len(second.rows) > 0)
    # A frame's audio has to be there, and frames are at most so far ahead of the listener, give or take a slice of audio.
    assert len(second.rows) <= 30
    second.finish()
    live.finish()


@pytest.mark.parametrize("ahead", [0.0, 0.3])
def test_what_is_said_after_an_interrupt_is_whole(channels: list[Channel], ahead: float) -> None:
    """The sentence under way is said again, interrupted, and followed by another, all at once."""
    live = spoken(channels[0])
    split = round(live.begins[1].begin_seconds * 30) + 60
    second = gone_on(channels[1], live, split, speaking=True, max_ahead_seconds=ahead)
    second.say(LINE)
    second.send(interrupt=motion_pb2.Interrupt())
    second.say(LINE)
    second.send(end_of_utterance=END)
    second.until(lambda: len(second.ends) == 2)
    assert [end.interrupted for end in second.ends] == [True, False]
    assert second.begins[-1].begin_seconds >= split / 30
    assert second.ends[1].end_frame - round(second.begins[-1].begin_seconds * 30) == pytest.approx(90, abs=1)
    second.finish()
    live.finish()


def test_what_cannot_be_gone_on_from_is_refused(channels: list[Channel]) -> None:
    row = np.zeros(3 + 4 * 55 + 52, "<f4")
    for resume, field in (
        (motion_pb2.Resume(), "first_frame"),
        (motion_pb2.Resume(first_frame=-4), "first_frame"),
        (motion_pb2.Resume(first_frame=2**62), "first_frame"),
        (motion_pb2.Resume(first_frame=9, utterance=-1), "utterance"),
        (motion_pb2.Resume(first_frame=9, last_frame=b"1234"), "last_frame"),
        (motion_pb2.Resume(first_frame=9, last_frame=row.tobytes()), "last_frame"),
        (motion_pb2.Resume(first_frame=9, last_frame=(row + np.nan).tobytes()), "last_frame"),
        (motion_pb2.Resume(first_frame=9, last_frame=(row + 3e38).astype("<f4").tobytes()), "last_frame"),
        (motion_pb2.Resume(first_frame=9000, audio_seconds=1.0), "audio_seconds"),
        (motion_pb2.Resume(first_frame=9, audio_seconds=float("nan")), "audio_seconds"),
        (motion_pb2.Resume(first_frame=9, audio_seconds=-1.0), "audio_seconds"),
    ):
        code, text, details = ends_with(channels[0], start(resume=resume), chunk(LINE.tobytes()))
        assert code == grpc.StatusCode.INVALID_ARGUMENT, text
        assert field_of(details) == f"start.resume.{field}"


def test_a_refusal_says_which_message_it_answers(channels: list[Channel]) -> None:
    live = Live(channels[0])
    live.send(audio=motion_pb2.AudioChunk(samples=LINE[:160].tobytes()))
    live.send(options=motion_pb2.StreamOptions(speaker="nobody"))
    live.send(options=motion_pb2.StreamOptions(at_seconds=float("nan")))
    live.until(lambda: len(live.refusals) == 2)
    assert sorted(refusal.request_index for refusal in live.refusals) == [2, 3]
    assert errors_pb2.ErrorReason.Name(live.refusals[0].reason)
    live.finish()


def test_a_network_goes_on_too(tmp_path: Path, checkpoint: Callable[..., Path]) -> None:
    with (
        running_server(tmp_path / "log", "--model", f"camn={checkpoint('camn')}", "--device", "cpu") as server,
        open_channel(server.address) as channel,
    ):
        live = Live(channel, model="camn")
        live.say(LINE)
        live.until(lambda: len(live.rows) > 45)
        resume = motion_pb2.Resume(first_frame=40, last_frame=live.rows[39].tobytes(), audio_seconds=0.0)
        second = Live(channel, model="camn", resume=resume)
        second.say(LINE)
        assert len(second.finish()) == len(live.finish()) - 40
