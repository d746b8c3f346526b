"""Running it: health, metrics, logs, settings, reload, several processes. Against real server processes."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import grpc
import numpy as np
import pytest

from checkpoints import write_recurrent
from command_line import command, run, run_process
from eventually import eventually
from live_stream import SPEECH, Live
from pantomatrix.v1 import motion_pb2
from server_process import ServerProcess, metrics, running_server
from service_calls import frames, generate, open_channel, pcm
from websocket_channel import WebSocketChannel

pytestmark = pytest.mark.service

Code = grpc.StatusCode
RATE = 16000
SERVING, NOT_SERVING = b"\x08\x01", b"\x08\x02"


def health(channel: grpc.Channel, name: str = "") -> bytes:
    request = b"\x0a" + bytes([len(name)]) + name.encode() if name else b""
    return channel.unary_unary("/grpc.health.v1.Health/Check")(request, timeout=60, wait_for_ready=True)


def test_metrics_tell_what_happened(tmp_path: Path) -> None:
    with running_server(tmp_path / "log") as server, open_channel(server.address) as channel:
        live = Live(channel)
        live.say(SPEECH[:RATE])
        live.until(lambda: len(live.rows) >= 20)
        assert metrics(server)["pantomatrix_streams"] == 1
        live.finish()
        generate(channel, pcm(SPEECH[:RATE]))
        with pytest.raises(grpc.RpcError):
            generate(channel, pcm(SPEECH[:RATE]), model="nobody")
        eventually(lambda: metrics(server)["pantomatrix_streams"] == 0)
        found = metrics(server)
    assert found['pantomatrix_calls_total{code="OK",method="pantomatrix.v1.MotionService/GenerateMotion"}'] == 1
    assert found['pantomatrix_calls_total{code="NOT_FOUND",method="pantomatrix.v1.MotionService/GenerateMotion"}'] == 1
    assert found['pantomatrix_frames_total{model="builtin"}'] >= 60
    assert found['pantomatrix_audio_seconds_total{model="builtin"}'] == pytest.approx(2)
    assert found['pantomatrix_batch_size_count{model="builtin"}'] > 0
    assert found['pantomatrix_queue_seconds_count{model="builtin"}'] > 0
    assert found['pantomatrix_real_time_factor_count{model="builtin"}'] == 2


def test_logs_as_json_carry_the_request_id(tmp_path: Path) -> None:
    with running_server(tmp_path / "log", "--log-format", "json") as server, open_channel(server.address) as channel:
        with pytest.raises(grpc.RpcError) as caught:
            generate(channel, pcm(SPEECH[:RATE]), speaker="nobody")
        wanted = dict(caught.value.trailing_metadata())["x-request-id"]  # type: ignore[attr-defined]
        server.terminate()
        lines = [json.loads(line) for line in server.log.read_text().splitlines()]
    line = next(line for line in lines if line.get("request_id") == wanted)
    assert (line["code"], line["method"]) == ("NOT_FOUND", "pantomatrix.v1.MotionService/GenerateMotion")
    assert "unknown speaker" in line["message"]


class _Collector(grpc.GenericRpcHandler):
    """Receives what an exporter of traces sends."""

    def __init__(self) -> None:
        self.requests: list[bytes] = []

    def service(self, handler_call_details):
        def export(request: bytes, context: grpc.ServicerContext) -> bytes:
            self.requests.append(request)
            return b""

        return grpc.unary_unary_rpc_method_handler(export)


def test_traces_go_to_a_collector(tmp_path: Path) -> None:
    """A span of each call over both transports, within the caller's own."""
    collector = _Collector()
    receiver = grpc.server(ThreadPoolExecutor(2))
    receiver.add_generic_rpc_handlers((collector,))
    port = receiver.add_insecure_port("127.0.0.1:0")
    receiver.start()
    where = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{port}",
        "OTEL_EXPORTER_OTLP_INSECURE": "true",
        "OTEL_BSP_SCHEDULE_DELAY": "100",
    }
    trace = "0af7651916cd43dd8448eb211c80319c"
    try:
        with running_server(tmp_path / "log", PANTOMATRIX_TRACES="true", **where) as server:
            with open_channel(server.address) as channel:
                generate(channel, pcm(SPEECH[:RATE]))
                headers = {"traceparent": f"00-{trace}-b7ad6b7169203331-01"}
                live = Live(WebSocketChannel(f"ws://{server.web}", channel, additional_headers=headers))
                live.say(SPEECH[:RATE])
                live.finish()
                wanted = (b"MotionService/GenerateMotion", b"MotionService/StreamMotion", bytes.fromhex(trace))
                eventually(lambda: all(word in b"".join(collector.requests) for word in wanted))
    finally:
        receiver.stop(None)


def test_the_printed_settings_are_the_settings(tmp_path: Path) -> None:
    def printed(*flags: str, **environment: str) -> str:
        done = run("serve", "--print-config", *flags, **environment)
        assert done.returncode == 0, done.stderr
        return done.stdout

    text = printed("--max-streams", "7", "--model", "emage=/models/e", "--workers", "3")
    assert "max_streams = 7" in text
    path = tmp_path / "server.toml"
    path.write_text(text)
    assert printed("--config", str(path)) == text
    assert "max_streams = 9" in printed("--config", str(path), PANTOMATRIX_MAX_STREAMS="9")


def test_health_knows_each_model_and_waits_until_it_is_warm(tmp_path: Path, checkpoint: Callable[..., Path]) -> None:
    place = checkpoint("disco", size="full")
    with running_server(tmp_path / "log1", "--model", f"disco={place}", "--device", "cpu") as server:
        with open_channel(server.address) as channel:
            assert [health(channel, name) for name in ("", "builtin", "disco")] == [SERVING] * 3
            with pytest.raises(grpc.RpcError) as caught:
                health(channel, "emage")
            assert caught.value.code() is Code.NOT_FOUND  # type: ignore[attr-defined]
        port = server.address.rsplit(":", 1)[1]
        server.terminate()
    words = command("serve", "--port", port, "--model", f"disco={place}")
    cold = {**os.environ, "HF_HOME": str(tmp_path / "cold")}
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=cold) as process:
        assert process.stdout is not None
        try:
            with open_channel(f"127.0.0.1:{port}") as channel:
                assert health(channel, "disco") == NOT_SERVING
                with pytest.raises(grpc.RpcError) as caught:
                    generate(channel, pcm(SPEECH[:RATE]), model="disco")
                assert caught.value.code() is Code.UNAVAILABLE  # type: ignore[attr-defined]
                assert "listening" in process.stdout.readline()
                assert health(channel, "disco") == SERVING
                assert len(frames(generate(channel, pcm(SPEECH[:RATE]), model="disco"))) == 30
        finally:
            process.kill()


def test_models_are_loaded_anew_while_streams_go_on(tmp_path: Path) -> None:
    place, other = (
        write_recurrent(tmp_path / "disco", "disco"),
        write_recurrent(tmp_path / "other", "disco", rule="rule A"),
    )
    with running_server(tmp_path / "log", "--model", f"disco={place}", "--device", "cpu") as server:
        with open_channel(server.address) as channel:
            before = frames(generate(channel, pcm(SPEECH[:RATE]), model="disco"))
            live = Live(channel, model="disco")
            live.say(SPEECH[:RATE])
            live.until(lambda: len(live.rows) >= 15)

            def signalled(text: str) -> None:
                known = server.log.read_text().count(text)
                server.process.send_signal(signal.SIGHUP)
                eventually(lambda: server.log.read_text().count(text) > known)

            shutil.copy(other / "model.safetensors", place / "model.safetensors")
            signalled("model disco is reloaded")
            after = frames(generate(channel, pcm(SPEECH[:RATE]), model="disco"))
            assert np.abs(after - before).max() > 1e-3
            (place / "model.safetensors").write_bytes(b"damaged")
            signalled("model disco stays as it is")
            np.testing.assert_array_equal(frames(generate(channel, pcm(SPEECH[:RATE]), model="disco")), after)
            shutil.rmtree(place)
            signalled("model disco stays as it is")
            np.testing.assert_array_equal(frames(generate(channel, pcm(SPEECH[:RATE]), model="disco")), after)
            live.say(SPEECH[RATE : 2 * RATE])
            assert len(live.finish()) == 60


# ------------------------------------------------------------------------------------------------------- several processes

linux = pytest.mark.skipif(sys.platform != "linux", reason="the kernel spreads connections on Linux")


def children(server: ServerProcess) -> list[int]:
    found = Path(f"/proc/{server.process.pid}/task/{server.process.pid}/children").read_text().split()
    return [
        int(pid) for pid in found if b"pantomatrix_server.process.worker" in Path(f"/proc/{pid}/cmdline").read_bytes()
    ]


def own_connection(address: str) -> grpc.Channel:
    return grpc.insecure_channel(address, options=[("grpc.use_local_subchannel_pool", 1)])


@linux
def test_a_killed_process_is_replaced_and_the_others_go_on(tmp_path: Path) -> None:
    with running_server(tmp_path / "log", "--workers", "2") as server, ExitStack() as kept:
        channels = [kept.enter_context(own_connection(server.address)) for _ in range(12)]
        streams = [Live(channel) for channel in channels]
        for live in streams:
            live.say(SPEECH[:RATE])
            live.until(lambda live=live: len(live.rows) >= 20)
        assert metrics(server)["pantomatrix_streams"] == 12
        killed = children(server)[0]
        os.kill(killed, signal.SIGKILL)
        codes = []
        for live in streams:
            live.say(SPEECH[RATE : 2 * RATE])
            try:
                assert len(live.finish()) >= 60
                codes.append(Code.OK)
            except grpc.RpcError as error:
                codes.append(error.code())  # type: ignore[attr-defined]
        assert set(codes) == {Code.OK, Code.UNAVAILABLE}, codes
        eventually(lambda: len(children(server)) == 2 and killed not in children(server))
        eventually(lambda: server.log.read_text().count(" answers (pid") == 3)
        for _ in range(8):
            with own_connection(server.address) as channel:
                assert len(frames(generate(channel, pcm(SPEECH[:RATE])))) == 30
        eventually(lambda: metrics(server)["pantomatrix_streams"] == 0)


@linux
def test_several_processes_drain_together(tmp_path: Path) -> None:
    """Streams that were accepted finish, over both transports; new ones are refused."""
    with running_server(tmp_path / "log", "--workers", "2") as server, ExitStack() as kept:
        channels = [kept.enter_context(own_connection(server.address)) for _ in range(6)]
        streams = [Live(channel) for channel in channels[:4]]
        streams += [Live(WebSocketChannel(f"ws://{server.web}", channels[0])) for _ in range(4)]
        for live in streams:
            live.say(SPEECH[:RATE])
            live.until(lambda live=live: len(live.rows) >= 20)
        server.process.send_signal(signal.SIGTERM)
        eventually(lambda: server.log.read_text().count("draining") == 3)
        with pytest.raises(grpc.RpcError) as caught:
            with own_connection(server.address) as channel:
                generate(channel, pcm(SPEECH[:RATE]))
        assert caught.value.code() is Code.UNAVAILABLE  # type: ignore[attr-defined]
        for live in streams:
            live.send(end_of_utterance=motion_pb2.EndOfUtterance())
            live.say(SPEECH[RATE : 2 * RATE])
            assert len(live.finish()) >= 60
        assert server.process.wait(timeout=30) == 0
        assert "Traceback" not in server.log.read_text()


@linux
def test_no_process_outlives_its_supervisor(tmp_path: Path) -> None:
    with running_server(tmp_path / "log", "--workers", "2") as server:
        pids = children(server)
        assert len(pids) == 2
        server.process.kill()
        server.process.wait()
        eventually(lambda: not any(Path(f"/proc/{pid}").exists() and _alive(pid) for pid in pids))


def _alive(pid: int) -> bool:
    try:
        return not re.search(r"^State:\s+Z", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    except OSError:
        return False


@linux
def test_a_process_that_cannot_start_ends_all(tmp_path: Path) -> None:
    done = run_process("serve", "--port", 0, "--workers", 2, "--model", f"emage={tmp_path}")
    assert done.returncode != 0
    assert "config.json" in done.stderr
    assert "could not start" in done.stderr
    assert "Traceback" not in done.stderr
