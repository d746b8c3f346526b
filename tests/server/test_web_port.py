"""The web port beside its calls: health, readiness, metrics, who may read them, and how it stops. Against real processes."""

from __future__ import annotations

import signal
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosedError
from websockets.sync.client import connect

from eventually import eventually
from live_stream import SPEECH, Live
from pantomatrix_server.process.tokens import new_token
from server_process import ServerProcess, metrics, running_server
from websocket_channel import PATH, WebSocketChannel

pytestmark = pytest.mark.service


def ask(server: ServerProcess, path: str, token: str = "") -> tuple[int, str]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    request = urllib.request.Request(f"http://{server.web}{path}", headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def test_health_and_readiness(server: ServerProcess) -> None:
    assert ask(server, "/healthz") == (200, "alive\n")
    assert ask(server, "/readyz") == ask(server, "/v1/health/ready") == (200, "ready\n")
    assert ask(server, "/nothing") == (404, "nothing is at /nothing\n")
    assert ask(server, "/") == (404, "nothing is at /\n")


def test_metrics_need_a_token_that_allows_them(tmp_path: Path) -> None:
    (caller, of_caller), (watcher, of_watcher) = new_token(), new_token()
    (tmp_path / "tokens.toml").write_text(
        f'[caller]\nsha256 = "{of_caller}"\n[watcher]\nsha256 = "{of_watcher}"\nmetrics = true\n'
    )
    with running_server(tmp_path / "log", "--tokens", str(tmp_path / "tokens.toml")) as server:
        assert ask(server, "/healthz")[0] == 200
        assert [ask(server, "/metrics", token)[0] for token in ("", "wrong", caller, watcher)] == [401, 401, 403, 200]
        assert "pantomatrix_streams 0.0" in ask(server, "/metrics", watcher)[1]


def test_metrics_of_several_processes_are_summed(tmp_path: Path) -> None:
    with running_server(tmp_path / "log", "--workers", "2") as server:
        for _ in range(8):
            assert ask(server, "/readyz")[0] == 200
        with connect(f"ws://{server.web}{PATH}", proxy=None), connect(f"ws://{server.web}{PATH}", proxy=None):
            pass
        called = 'pantomatrix_calls_total{code="CANCELLED",method="pantomatrix.v1.MotionService/StreamMotion"}'
        eventually(lambda: metrics(server).get(called) == 2)


def test_a_live_stream_may_end_after_the_server_was_told_to_stop(tmp_path: Path) -> None:
    with running_server(tmp_path / "log") as own:
        live = Live(WebSocketChannel(f"ws://{own.web}", None))  # type: ignore[arg-type]
        live.say(SPEECH[:16000])
        stopping = threading.Thread(target=own.terminate)
        stopping.start()
        eventually(lambda: "draining" in own.log.read_text())
        assert ask(own, "/healthz")[0] == 200
        assert ask(own, "/readyz") == ask(own, "/v1/health/ready") == (503, "not ready\n")
        assert "pantomatrix_streams 1.0" in ask(own, "/metrics")[1]
        assert ask(own, "/pantomatrix.v1.CatalogService/GetCatalog") == (503, "this server is about to stop\n")
        assert len(live.finish()) > 20
        stopping.join()
        assert own.process.returncode == 0


def test_a_second_signal_ends_what_still_runs(tmp_path: Path) -> None:
    with running_server(tmp_path / "log", "--drain-seconds", "3600") as server:
        with connect(f"ws://{server.web}{PATH}", proxy=None) as socket:
            server.process.terminate()
            eventually(lambda: "draining" in server.log.read_text())
            server.process.send_signal(signal.SIGINT)
            with pytest.raises(ConnectionClosedError, match="1012"):
                socket.recv(timeout=30)
            assert server.process.wait(timeout=30) == 0


def test_a_live_stream_that_does_not_end_is_cut_off(tmp_path: Path) -> None:
    with running_server(tmp_path / "log", "--drain-seconds", "0.5") as server:
        with connect(f"ws://{server.web}{PATH}", proxy=None) as socket:
            stopping = threading.Thread(target=server.terminate)
            stopping.start()
            with pytest.raises(ConnectionClosedError, match="1012"):
                socket.recv(timeout=30)
            stopping.join()
        assert server.process.returncode == 0
