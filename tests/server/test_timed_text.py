"""Timed text over gRPC and WebSockets: with a clip, with the chunks of a stream, refused, and at another server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import grpc
import numpy as np
import pytest

import pantomatrix as pm
from folders import AUDIO
from live_stream import RATE, Live, ends_with, start
from pantomatrix.v1 import errors_pb2, motion_pb2, options_pb2
from pantomatrix_client import Client, Refusal
from pantomatrix_client.motion import FrameBlock
from pantomatrix_client.request import timed_text_message
from pantomatrix_converters.face.rigs import ARKIT52
from pantomatrix_models.audio.decode import decode_file
from server_process import ServerProcess
from service_calls import details_of, frames, generate, open_channel, pcm
from websocket_channel import WebSocketChannel

pytestmark = pytest.mark.service

Code = grpc.StatusCode
SPEECH = decode_file((AUDIO / "hu05_arctic_f.wav").read_bytes(), 60).samples
PHONES = AUDIO / "hu05_arctic_f.phones.json"
TEXT = pm.read_timed_text(PHONES)
MESSAGE = timed_text_message(TEXT)
FUNNEL = ARKIT52.curve_names.index("mouthFunnel")
ROUNDED = options_pb2.TimedText(
    alphabet=options_pb2.ALPHABET_IPA, symbols=[options_pb2.TimedSymbol(symbol="u", start_seconds=0.5)]
)
"""Lips are rounded from half a second to the end."""


@pytest.fixture(params=["grpc", "websocket"])
def channel(server: ServerProcess, request: pytest.FixtureRequest) -> Iterator[grpc.Channel | WebSocketChannel]:
    with open_channel(server.address) as channel:
        yield channel if request.param == "grpc" else WebSocketChannel(f"ws://{server.web}", channel)


def chunk(samples: np.ndarray, text: options_pb2.TimedText | None = None) -> dict[str, Any]:
    return {"audio": motion_pb2.AudioChunk(samples=samples.tobytes(), timed_text=text)}


def part(start_seconds: float, stop_seconds: float) -> options_pb2.TimedText | None:
    symbols = [symbol for symbol in MESSAGE.symbols if start_seconds <= symbol.start_seconds < stop_seconds]
    return options_pb2.TimedText(alphabet=MESSAGE.alphabet, symbols=symbols) if symbols else None


def funnel(rows: np.ndarray) -> np.ndarray:
    return rows[:, 3 + 4 * 55 + FUNNEL]


def test_a_stream_with_text_is_the_clip_with_it(channel: grpc.Channel) -> None:
    """However the text comes: all of it before the sound, or with the chunk in which each phone starts."""
    whole = frames(generate(channel, pcm(SPEECH), timed_text=MESSAGE))
    assert np.abs(whole - frames(generate(channel, pcm(SPEECH)))).max() > 0.2
    ahead = Live(channel)
    ahead.send(**chunk(SPEECH[:0], MESSAGE))
    ahead.say(SPEECH)
    np.testing.assert_array_equal(ahead.finish(), whole)
    beside = Live(channel)
    for at in range(0, len(SPEECH), 3333):
        beside.send(**chunk(SPEECH[at : at + 3333], part(at / RATE, (at + 3333) / RATE)))
    np.testing.assert_array_equal(beside.finish(), whole)


def test_a_burst_is_followed_as_it_is_spoken(channel: grpc.Channel) -> None:
    """All text and sound at once, heard in slices of the listener's time."""
    live = Live(channel, max_ahead_seconds=0.3)
    live.send(**chunk(SPEECH, MESSAGE))
    rows = live.finish()
    np.testing.assert_array_equal(rows, frames(generate(channel, pcm(SPEECH), timed_text=MESSAGE)))


def test_an_interrupt_drops_text_that_waits(channel: grpc.Channel) -> None:
    live = Live(channel)
    live.send(**chunk(SPEECH[: RATE // 2], ROUNDED))
    live.until(lambda: live.begins)
    live.send(interrupt=motion_pb2.Interrupt())
    live.until(lambda: live.ends)
    live.send(**chunk(SPEECH[:0], ROUNDED))
    live.send(interrupt=motion_pb2.Interrupt())
    live.until(lambda: len(live.ends) == 2)
    live.say(SPEECH)
    rows = live.finish()
    (begin,) = live.begins[1:]
    assert funnel(rows)[round(30 * begin.begin_seconds) + 60 :].max() < 0.3


def test_text_that_cannot_be_followed_is_refused_and_its_sound_is_heard(channel: grpc.Channel) -> None:
    bad = options_pb2.TimedText(
        alphabet=options_pb2.ALPHABET_ARPABET, symbols=[options_pb2.TimedSymbol(symbol="QQ", start_seconds=0.1)]
    )
    live = Live(channel)
    live.send(**chunk(SPEECH, bad))
    live.send(**chunk(SPEECH[:0], options_pb2.TimedText()))
    rows = live.finish()
    np.testing.assert_array_equal(rows, frames(generate(channel, pcm(SPEECH))))
    assert [refusal.request_index for refusal in live.refusals] == [1, 2]
    assert [refusal.field for refusal in live.refusals] == ["audio.timed_text.symbols", "audio.timed_text.alphabet"]
    assert live.refusals[0].reason == errors_pb2.ERROR_REASON_INVALID_OPTION
    assert live.refusals[0].text.startswith("the alphabet arpabet does not have 'QQ' (valid: aa, ")
    assert live.refusals[1].text.startswith("alphabet is '', expected one of ipa, arpabet, ")


def test_a_clip_with_text_that_cannot_be_followed_is_refused(channel: grpc.Channel) -> None:
    bad = options_pb2.TimedText(
        alphabet=options_pb2.ALPHABET_AZURE_VISEMES, symbols=[options_pb2.TimedSymbol(symbol="99")]
    )
    with pytest.raises(grpc.RpcError) as caught:
        generate(channel, pcm(SPEECH), timed_text=bad)
    code, text, _ = details_of(caught.value)
    assert code is Code.INVALID_ARGUMENT
    assert "the alphabet azure_visemes does not have '99'" in text


def test_a_stream_has_its_text_with_its_audio(channel: grpc.Channel) -> None:
    code, text, _ = ends_with(channel, start(timed_text=MESSAGE))
    assert code is Code.FAILED_PRECONDITION
    assert "comes with its audio" in text


def test_the_catalog_says_who_follows_text(server: ServerProcess) -> None:
    with Client(server.address) as client:
        catalog = client.catalog()
    assert catalog.models[0].timed_text
    assert "timed_text" in catalog.features


def test_the_client_sends_it(server: ServerProcess) -> None:
    with Client(server.address) as client:
        clip = client.generate(AUDIO / "hu05_arctic_f.wav", timed_text=TEXT)
        with client.live(RATE, dtype="float32", look_ahead_seconds=0.5, max_ahead_seconds=0.0) as live:
            live.push(SPEECH[:0], TEXT)
            live.push(SPEECH, {"alphabet": "words", "symbols": [{"symbol": "late", "start_seconds": 9.0}]})
            live.push(SPEECH[:0], {"alphabet": "ipa", "symbols": [{"symbol": "7Q"}]})
            live.close()
            events = list(live)
    curves = np.concatenate([event.curves for event in events if isinstance(event, FrameBlock)])
    np.testing.assert_array_equal(curves, clip.curves)
    assert [event.field for event in events if isinstance(event, Refusal)] == ["audio.timed_text.symbols"]


@pytest.mark.parametrize("symbols", [[("u", 0.5)], [("u", 0.5, 2.5), ("a", 2.5, 3.0)]])
def test_another_server_is_told_what_is_said(server: ServerProcess, tmp_path: Path, symbols: list) -> None:
    """A stream that goes on in mid-sentence, of which the last second alone is said again: times count as before."""
    text = options_pb2.TimedText(alphabet=options_pb2.ALPHABET_IPA)
    for symbol, *times in symbols:
        text.symbols.add(symbol=symbol, start_seconds=times[0], end_seconds=times[1] if times[1:] else None)
    with open_channel(server.address) as channel:
        first = Live(channel, seed=4)
        first.send(**chunk(SPEECH[:0], text))
        first.say(SPEECH)
        whole = first.finish()
        resume = motion_pb2.Resume(
            first_frame=60, last_frame=whole[59].tobytes(), audio_seconds=1.0, utterance=0, utterance_seconds=0.0
        )
        second = Live(channel, seed=4, resume=resume)
        second.send(**chunk(SPEECH[:0], text))
        second.say(SPEECH[RATE:])
        rows = second.finish()
    assert len(rows) == len(whole) - 60
    np.testing.assert_allclose(funnel(rows), funnel(whole)[60:], atol=0.03)
