"""What goes wrong in life: callers that die, stall, fall silent, flood; models and memory that fail. docs/reference/faults.md has the
table of all faults."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import grpc
import numpy as np
import pytest
from google.rpc import code_pb2
from prometheus_client import REGISTRY

from eventually import eventually
from folders import ROOT
from live_stream import SPEECH, Live, chunk, start
from pantomatrix.v1 import motion_pb2_grpc
from pantomatrix_models.audio.speech import Speech
from pantomatrix_models.builtin.model import BuiltinModel
from pantomatrix_models.errors import ModelError
from pantomatrix_models.generation import plan
from pantomatrix_models.model import LiveTiming, MotionModel, Push, UtteranceOptions
from pantomatrix_models.options import MotionOptions
from pantomatrix_models.recurrent.model import Disco
from pantomatrix_models.recurrent.session import RecurrentWindow
from pantomatrix_models.registry import ModelRegistry
from pantomatrix_server.app.batching import Batcher
from pantomatrix_server.transports.call import CallFailed, served_call
from pantomatrix_server.transports.status import STATUS_CODES
from server_process import ServerProcess, metrics, running_server
from service_calls import details_of, frames, generate, open_channel, pcm
from websocket_channel import WebSocketChannel, stream_motion

pytestmark = pytest.mark.service

Code = grpc.StatusCode
RATE = 16000


@pytest.fixture(params=["grpc", "websocket"])
def transport(request: pytest.FixtureRequest) -> str:
    return request.param


def channel_of(server: ServerProcess, transport: str, channel: grpc.Channel):
    return channel if transport == "grpc" else WebSocketChannel(f"ws://{server.web}", channel)


def open_streams(server: ServerProcess) -> int:
    return int(metrics(server)["pantomatrix_streams"])


_CALLER = """
import sys
sys.path.insert(0, "tests/kit")
from live_stream import SPEECH, Live
from service_calls import open_channel
from websocket_channel import WebSocketChannel
grpc_address, websocket = sys.argv[1:]
channel = open_channel(grpc_address)
streams = [Live(channel), Live(channel), Live(WebSocketChannel(f"ws://{websocket}", channel))]
for live in streams:
    live.say(SPEECH[:16000])
    live.until(lambda: len(live.rows) >= 20)
print("speaking", flush=True)
sys.stdin.read()
"""


def test_a_caller_that_dies_frees_its_place(tmp_path: Path) -> None:
    """At once, since its connections end: for silence it would wait an hour."""
    limits = {"PANTOMATRIX_MAX_STREAMS": "3", "PANTOMATRIX_SILENT_CALLER_SECONDS": "3600"}
    with running_server(tmp_path / "log", **limits) as server:
        command = [sys.executable, "-c", _CALLER, server.address, server.web]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT) as caller:
            assert caller.stdout is not None
            assert caller.stdout.readline() == b"speaking\n"
            assert open_streams(server) == 3
            caller.kill()
            eventually(lambda: open_streams(server) == 0)
        with open_channel(server.address) as channel:
            live = Live(channel)
            live.say(SPEECH[:RATE])
            assert len(live.finish()) == 30


def test_a_reader_that_stalls_is_cut_off_and_others_are_not(tmp_path: Path, transport: str) -> None:
    with running_server(tmp_path / "log", PANTOMATRIX_READER_TIMEOUT_SECONDS="1") as server:
        with open_channel(server.address) as channel, open_channel(server.address + "") as other:
            flood = (chunk(SPEECH[: 5 * RATE].tobytes()) for _ in range(100))
            begin = start(echo_audio=True, max_ahead_seconds=0)
            stalled = stream_motion(channel_of(server, transport, channel), _then(begin, flood), timeout=120)
            assert next(stalled).HasField("header")
            live = Live(other)
            live.say(SPEECH[:RATE])
            eventually(lambda: "nothing of the answer was taken" in server.log.read_text(), seconds=100)
            assert len(live.finish()) == 30
            with pytest.raises(grpc.RpcError) as caught:
                list(stalled)
            code, _, found = details_of(caught.value)
            assert code is Code.DEADLINE_EXCEEDED
            assert found["ErrorInfo"].reason == "SLOW_READER"  # type: ignore[attr-defined]
            eventually(lambda: open_streams(server) == 0)


def _then(first, rest: Iterator) -> Iterator:
    yield first
    yield from rest


def test_a_caller_that_falls_silent_is_cut_off(tmp_path: Path, transport: str) -> None:
    """Before it has begun, and in the middle of an utterance; between utterances it may listen for as long as it likes."""
    with running_server(tmp_path / "log", PANTOMATRIX_SILENT_CALLER_SECONDS="0.5") as server:
        with open_channel(server.address) as channel:
            asked = channel_of(server, transport, channel)
            listening = Live(asked)
            speaking = Live(asked)
            speaking.say(SPEECH[:RATE])
            with pytest.raises(grpc.RpcError) as caught:
                speaking.until(lambda: False)
            assert details_of(caught.value)[0] is Code.DEADLINE_EXCEEDED
            over = threading.Event()
            with pytest.raises(grpc.RpcError) as caught:
                next(stream_motion(asked, iter(over.wait, True), timeout=60))
            over.set()
            code, text, _ = details_of(caught.value)
            assert (code, "no start came" in text) == (Code.DEADLINE_EXCEEDED, True)
            listening.until(lambda: len(listening.rows) >= 30)
            listening.cancel()


def test_a_deadline_in_mid_stream_ends_it(server: ServerProcess) -> None:
    with open_channel(server.address) as channel:
        live = Live(channel, timeout=1.0)
        live.say(SPEECH[:RATE])
        with pytest.raises(grpc.RpcError) as caught:
            live.until(lambda: False)
        assert caught.value.code() is Code.DEADLINE_EXCEEDED  # type: ignore[attr-defined]
        eventually(lambda: open_streams(server) == 0)


def test_connections_that_open_and_drop_leave_nothing(tmp_path: Path) -> None:
    """Two hundred on each port: silent ones, half a handshake, noise; then everything works as before."""
    with running_server(tmp_path / "log") as server, open_channel(server.address) as channel:
        generate(channel, pcm(SPEECH[:RATE]))
        files = Path(f"/proc/{server.process.pid}/fd")
        before = len(list(files.iterdir())) if files.exists() else 0
        for address in (server.address, server.web):
            host, port = address.rsplit(":", 1)
            for number in range(200):
                with socket.create_connection((host, int(port)), timeout=5) as raw:
                    raw.sendall(
                        (b"", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", b"GET / HTTP/1.1\r\n", os.urandom(64))[number % 4]
                    )
        for _ in range(50):
            call = motion_pb2_grpc.MotionServiceStub(channel).StreamMotion(iter([start()]), timeout=10)
            call.cancel()
        if before:
            eventually(lambda: len(list(files.iterdir())) <= before + 2)
        eventually(lambda: open_streams(server) == 0)
        assert len(frames(generate(channel, pcm(SPEECH[:RATE])))) == 30


class _Overflowing(Disco):
    """A network that loud speech brings to NaN."""

    def run(self, windows: Sequence[RecurrentWindow]) -> list[np.ndarray]:
        loud = [bool(np.abs(window.audio).max(initial=0.0) > 0.5) for window in windows]
        return [np.where(bad, np.nan, made) for bad, made in zip(loud, super().run(windows), strict=True)]


async def test_a_model_that_makes_nan_sends_none_of_it(checkpoint: Callable[..., Path]) -> None:
    """Live and of a clip: INTERNAL, counted; what comes after is computed as ever."""
    model = _Overflowing.from_pretrained(checkpoint("disco"), device="cpu", name="overflowing")
    batcher, options = Batcher(model, 8, 0.0), UtteranceOptions("0", 30.0)
    quiet, loud = 0.4 * SPEECH[:RATE] / np.abs(SPEECH[:RATE]).max(), np.full(RATE, 0.9, np.float32)

    def push(samples: np.ndarray) -> Push:
        return Push(model.open_streaming(options, LiveTiming()), samples.astype(np.float32))

    before = metric("pantomatrix_not_finite_total", model="overflowing")
    with pytest.raises(ModelError, match="produced NaN or infinite values") as caught:
        await batcher.run(lambda: push(loud), len)
    assert await batcher.run(lambda: push(quiet), len) > 10
    batcher.shutdown()
    assert STATUS_CODES[type(caught.value)] is Code.INTERNAL

    class Registry(ModelRegistry):
        def get(self, name: str) -> MotionModel:
            return model

    generation = plan(MotionOptions(), Registry())
    with pytest.raises(ModelError):
        list(generation.pieces(Speech(loud)))
    with pytest.raises(CallFailed), served_call("pantomatrix.v1.MotionService/StreamMotion", "test", {}):
        raise caught.value
    assert metric("pantomatrix_not_finite_total", model="overflowing") == before + 1


def metric(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


class _Cramped(Disco):
    """A network on a machine whose memory is enough for so many windows at once."""

    room = 2
    batches: list[int]

    def run(self, windows: Sequence[RecurrentWindow]) -> list[np.ndarray]:
        if len(windows) > self.room:
            raise MemoryError("CUDA out of memory at 0x7f")
        self.batches.append(len(windows))
        return super().run(windows)


def test_where_memory_is_short_batches_shrink(checkpoint: Callable[..., Path]) -> None:
    place = checkpoint("disco")
    model, plenty = _Cramped.from_pretrained(place, device="cpu"), Disco.from_pretrained(place, device="cpu")
    model.batches = []
    options = UtteranceOptions("0", 30.0)

    def together(which: Disco) -> list:
        return which.advance([Push(which.open(options), SPEECH[at : at + RATE], ended=True) for at in range(5)])

    for small, large in zip(together(model), together(plenty), strict=True):
        np.testing.assert_allclose(small.rotations_xyzw, large.rotations_xyzw, atol=1e-4)
    assert sum(model.batches) == 5
    assert max(model.batches) <= 2
    model.room = 0
    with pytest.raises(MemoryError) as caught:
        together(model)
    with pytest.raises(CallFailed) as failed, served_call("test/OutOfMemory", "", {}):
        raise caught.value
    status = failed.value.status
    assert (status.code, "0x7f" in status.message) == (code_pb2.RESOURCE_EXHAUSTED, False)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads memory from /proc")
def test_an_hour_of_speech_has_no_drift_and_takes_no_memory(tmp_path: Path) -> None:
    """As fast as it goes, in chunks of 5 s at 44.1 kHz; the server is no larger after an hour than after six minutes."""
    from pantomatrix.v1 import audio_pb2

    form = audio_pb2.PcmFormat(encoding=audio_pb2.PCM_ENCODING_F32LE, sample_rate_hz=44100)
    piece = (0.1 * np.random.default_rng(0).standard_normal(5 * 44100)).astype("<f4").tobytes()
    with running_server(tmp_path / "log") as server, open_channel(server.address) as channel:

        def resident() -> float:
            found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{server.process.pid}/status").read_text())
            assert found
            return int(found[1]) / 1024

        count, sizes, chunks = 0, [], (chunk(piece) for _ in range(720))
        call = motion_pb2_grpc.MotionServiceStub(channel).StreamMotion(
            _then(start(form, max_ahead_seconds=0), chunks), timeout=290
        )
        for response in call:
            if response.HasField("frames"):
                assert response.frames.first_frame == count
                count += response.frames.frame_count
                sizes.append((count, resident()))
    assert count == 3600 * 30
    early = max(size for frame, size in sizes if frame < 360 * 30)
    assert sizes[-1][1] - early < 20, "the audio of the hour alone is 230 MB"


def test_sigterm_lets_what_was_accepted_finish(tmp_path: Path, transport: str) -> None:
    with running_server(tmp_path / "log") as server, open_channel(server.address) as channel:
        streams = []
        for _ in range(4):
            streams.append(Live(channel_of(server, transport, channel)))
            streams[-1].say(SPEECH[:RATE])
        for live in streams:
            live.until(lambda live=live: len(live.rows) >= 20)
        server.process.send_signal(signal.SIGTERM)
        eventually(lambda: "draining" in server.log.read_text())
        with open_channel(server.address) as late, pytest.raises(grpc.RpcError) as caught:
            generate(late, pcm(SPEECH[:RATE]))
        assert caught.value.code() is Code.UNAVAILABLE  # type: ignore[attr-defined]
        for live in streams:
            live.say(SPEECH[RATE : 2 * RATE])
            assert len(live.finish()) == 60
        assert server.process.wait(timeout=30) == 0


def test_streams_are_told_to_move_while_new_calls_are_still_taken(tmp_path: Path, transport: str) -> None:
    """With lame_duck_seconds; a second signal ends it at once."""
    with running_server(tmp_path / "log", "--lame-duck-seconds", "600") as server:
        with open_channel(server.address) as channel, open_channel(server.address) as late:
            speaking, idle = (Live(channel_of(server, transport, channel)) for _ in range(2))
            speaking.say(SPEECH[:RATE])
            server.process.send_signal(signal.SIGTERM)
            for live in (speaking, idle):
                live.until(lambda live=live: live.moves)
                assert live.moves == [630.0]
            assert len(frames(generate(late, pcm(SPEECH[:RATE])))) == 30
            speaking.say(SPEECH[RATE : 2 * RATE])
            assert len(speaking.finish()) >= 60
            idle.cancel()
            server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(timeout=30) == 0


def test_after_the_grace_what_still_runs_is_unavailable(tmp_path: Path, transport: str) -> None:
    with running_server(tmp_path / "log", "--drain-seconds", "1") as server, open_channel(server.address) as channel:
        live = Live(channel_of(server, transport, channel))
        live.say(SPEECH[:RATE])
        live.until(lambda: len(live.rows) >= 20)
        server.process.send_signal(signal.SIGTERM)
        with pytest.raises(Exception) as caught:
            live.until(lambda: False)
        if transport == "grpc":
            assert caught.value.code() is Code.UNAVAILABLE  # type: ignore[attr-defined]
        assert server.process.wait(timeout=10) == 0


async def test_what_is_given_up_leaves_the_batch(tmp_path: Path) -> None:
    """A caller that goes while its step waits: the others' steps are computed, and nothing waits for it."""
    model = BuiltinModel()
    batcher = Batcher(model, 8, 0.2)
    options = UtteranceOptions("default", 30.0)

    def push() -> Push:
        return Push(model.open(options), SPEECH[:RATE])

    def fails() -> Push:
        raise ValueError("of one caller")

    with batcher.stream(), batcher.stream(), batcher.stream(), batcher.stream():
        gone = asyncio.create_task(batcher.run(push, len))
        bad = asyncio.create_task(batcher.run(fails, len))
        stays = asyncio.create_task(batcher.run(push, len))
        await asyncio.sleep(0)
        gone.cancel()
        assert await stays > 20
        with pytest.raises(ValueError, match="of one caller"):
            await bad
        assert gone.cancelled()
    batcher.shutdown()


def test_the_table_names_tests_that_exist() -> None:
    """Every fault of docs/reference/faults.md has its test."""
    text = (ROOT / "docs" / "reference" / "faults.md").read_text()
    rows = [line for line in text.splitlines() if re.match(r"\| \d+ *\|", line)]
    assert [int(line.split("|")[1]) for line in rows] == list(range(1, 41))
    known = set()
    for path in (ROOT / "tests").rglob("test_*.py"):
        known |= {
            f"{path.stem}.{name}" for name in re.findall(r"^(?:async )?def (test_\w+)", path.read_text(), re.MULTILINE)
        }
    for line in rows:
        named = re.findall(r"`(test_\w+\.test_\w+)`", line)
        assert named, line
        assert set(named) <= known, f"{line}: {set(named) - known}"
