"""The Unity package on WebGL: its .jslib in a real Chromium, loaded by a small fake of Emscripten's runtime, and its C# on one
thread, each against a real server."""

from __future__ import annotations

import base64
import hashlib
import http.server
import json
import shutil
import signal
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import ConsoleMessage, Page, sync_playwright

import csharp
from folders import AUDIO, ROOT
from pantomatrix.v1 import audio_pb2, catalog_pb2, motion_pb2, options_pb2
from pantomatrix_client import Client
from pantomatrix_models.audio.decode import decode_file
from server_process import ServerProcess, running_server
from tools import needs
from unity_programs import CHECK, RUNTIMES, installed

UNITY = ROOT / "engine_clients" / "unity"
LIBRARY = UNITY / "Runtime" / "Plugins" / "WebGL" / "PantoMatrixSocket.jslib"
SOCKET = UNITY / "Runtime" / "Unity" / "WebGl" / "WebGlSocket.cs"
SPEECH = AUDIO / "hu03_speech_m.wav"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
GENERATE, STREAM = (f"/pantomatrix.v1.MotionService/{name}" for name in ("GenerateMotion", "StreamMotion"))
CATALOG = "/pantomatrix.v1.CatalogService/GetCatalog"
S16 = audio_pb2.PcmFormat(encoding=audio_pb2.PCM_ENCODING_S16LE, sample_rate_hz=16000, channels=1)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(120)]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with running_server(tmp_path_factory.mktemp("server") / "log") as running:
        yield running


@pytest.fixture(scope="module")
def pcm() -> bytes:
    """16-bit, 16 kHz."""
    return (decode_file(SPEECH.read_bytes(), 60).samples * 32767).astype("<i2").tobytes()


class _Empty(http.server.BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()

    def log_message(self, *words: object) -> None:
        del words


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    """The library, as a page of this machine has it. Fails for whatever the page complains of."""
    assert CHROMIUM is not None
    flags = ["--no-sandbox", "--no-first-run", "--disable-background-networking", "--disable-component-update"]
    complaints: list[str] = []
    script = (UNITY / "Tests~" / "WebGl" / "page.js").read_text()
    script = script.replace("LIBRARY", json.dumps(LIBRARY.read_text()), 1)
    # A page that comes from nowhere may not call this machine.
    with (
        http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Empty) as site,
        sync_playwright() as playwright,
    ):
        threading.Thread(target=site.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        opened = browser.new_page()
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        opened.goto(f"http://127.0.0.1:{site.server_address[1]}/")
        opened.add_script_tag(content=script)
        yield opened
        assert opened.evaluate("Object.keys(instance.sockets.all).length") == 0, "handles are left"
        browser.close()
        site.shutdown()
    assert complaints == []


def call(page: Page, url: str, *requests: bytes, **options: object) -> dict:
    """What came: "messages" (bytes), "texts", the close's "code" and "reason"."""
    given = {"url": url, "requests": [base64.b64encode(one).decode() for one in requests], **options}
    answer = page.evaluate("given => call(given)", given)
    return {**answer, "messages": [base64.b64decode(one) for one in answer["messages"]]}


def clip_request(pcm: bytes, **options: object) -> bytes:
    request = motion_pb2.GenerateMotionRequest(options=options_pb2.MotionOptions(**options))  # type: ignore[arg-type]
    request.audio.pcm.format.CopyFrom(S16)
    request.audio.pcm.samples = pcm
    return request.SerializeToString()


needs_chromium = needs(CHROMIUM, "Chromium")


@needs_chromium
def test_a_clip(page: Page, server: ServerProcess, pcm: bytes) -> None:
    """Its request is larger than the memory was, its messages than the room they are read into."""
    answer = call(page, f"ws://{server.web}{GENERATE}", clip_request(pcm))
    responses = [motion_pb2.GenerateMotionResponse.FromString(one) for one in answer["messages"]]
    assert (answer["code"], answer["reason"], answer["texts"]) == (1000, "", [])
    assert max(map(len, answer["messages"])) > 20_000
    frames = b"".join(response.frames.data for response in responses)
    with Client(server.address) as client:
        motion = client.generate((np.frombuffer(pcm, "<i2"), 16000))
    rows = np.frombuffer(frames, "<f4").reshape(len(motion), -1)
    assert np.array_equal(rows[:, -len(motion.curve_names) :], motion.curves)


@needs_chromium
def test_a_live_stream(page: Page, server: ServerProcess, pcm: bytes) -> None:
    start = motion_pb2.StreamMotionRequest(start=motion_pb2.StreamStart(format=S16, echo_audio=True))
    chunks = [pcm[at : at + 6400] for at in range(0, 64_000, 6400)]
    said = [motion_pb2.StreamMotionRequest(audio=motion_pb2.AudioChunk(samples=one)) for one in chunks]
    requests = [one.SerializeToString() for one in (start, *said)]
    answer = call(page, f"ws://{server.web}{STREAM}", *requests, b"", room=64, pauses={6: 10})
    responses = [motion_pb2.StreamMotionResponse.FromString(one) for one in answer["messages"]]
    assert (answer["code"], answer["texts"]) == (1000, [])
    assert responses[0].HasField("header")
    assert responses[-1].HasField("summary")
    assert b"".join(one.audio.samples for one in responses) == b"".join(chunks)
    ends = [one.utterance_end.end_frame for one in responses if one.HasField("utterance_end")]
    assert len(ends) == 1


@needs_chromium
def test_errors_of_the_server(page: Page, server: ServerProcess, pcm: bytes, tmp_path: Path) -> None:
    """A status as a text, then a close code that says the same."""
    answer = call(page, f"ws://{server.web}{GENERATE}", clip_request(pcm, skeleton="nobody"), room=16)
    assert answer["code"] == 4005
    assert answer["reason"].startswith(json.loads(answer["texts"][0])["message"][:40])
    digest = hashlib.sha256(b"right").hexdigest()
    (tmp_path / "tokens.toml").write_text(f'[page]\nsha256 = "{digest}"\n')
    with running_server(tmp_path / "log", "--tokens", str(tmp_path / "tokens.toml")) as guarded:
        request = catalog_pb2.GetCatalogRequest().SerializeToString()
        for token, code in (("wrong", 4016), ("right", 1000)):
            protocols = f"pantomatrix.v1,pantomatrix.bearer.{token}"
            assert call(page, f"ws://{guarded.web}{CATALOG}", request, protocols=protocols)["code"] == code


@needs_chromium
def test_servers_that_are_not_there(page: Page, server: ServerProcess, pcm: bytes, tmp_path: Path) -> None:
    assert call(page, f"ws://127.0.0.1:1{CATALOG}", b"")["code"] == 1006
    answer = call(page, f"ws://{server.web}{CATALOG}", b"", protocols="no token, this")
    assert answer["code"] == 1006
    assert "invalid" in answer["reason"], "the browser's own words"
    with running_server(tmp_path / "log") as lost:

        def kill(said: ConsoleMessage) -> None:
            if said.text == "twenty":
                lost.process.send_signal(signal.SIGKILL)

        page.on("console", kill)
        start = motion_pb2.StreamMotionRequest(start=motion_pb2.StreamStart(format=S16))
        answer = call(page, f"ws://{lost.web}{STREAM}", start.SerializeToString())
        page.remove_listener("console", kill)
    assert answer["code"] == 1006
    assert len(answer["messages"]) >= 20


@needs_chromium
def test_what_waits_is_bounded(page: Page, server: ServerProcess, pcm: bytes) -> None:
    """To be read, as in a tab that is hidden, and to be sent, while a server does not read."""
    request = clip_request(pcm)
    page.evaluate("instance.sockets.mostUnread = 50_000")
    assert call(page, f"ws://{server.web}{GENERATE}", request)["code"] == 1008
    page.evaluate("instance.sockets.mostUnread = 1 << 26")
    sizes = page.evaluate(
        """async (url) => {
          const handle = open(url, "pantomatrix.v1");
          while (instance.PantoMatrixSocketState(handle) === 0) await frame();
          const at = put(new Uint8Array(1 << 20));
          let taken = 0;
          while (instance.PantoMatrixSocketSend(handle, at, 0, 1 << 20) === 1) ++taken;
          instance.PantoMatrixSocketClose(handle);
          return [taken, instance.PantoMatrixSocketSend(handle, at, 0, 1), instance.PantoMatrixSocketState(handle)];
        }""",
        f"ws://{server.web}{STREAM}",
    )
    assert sizes == [4, -1, 1006], "megabytes; the handle is not valid any more"


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The C# side with another six functions in the place of the library's."""
    folder = tmp_path_factory.mktemp("webgl")
    (folder / SOCKET.name).write_text(f"#define UNITY_WEBGL\n{SOCKET.read_text()}")
    tests = UNITY / "Tests~"
    sources = [
        folder / SOCKET.name,
        *(tests / "WebGl").glob("*.cs"),
        tests / "Core" / "LiveTests.cs",
        CHECK,
    ]
    assemblies = [
        csharp.Assembly("PantoMatrix.Core", list((UNITY / "Runtime" / "Core").rglob("*.cs"))),
        csharp.Assembly("WebGlTests", sources, ["PantoMatrix.Core"], is_program=True),
    ]
    csharp.build(assemblies, installed(), folder)
    return folder


@pytest.mark.parametrize("name", RUNTIMES)
def test_one_thread_does_it_all(
    name: str, compiled: Path, server: ServerProcess, pcm: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The catalog, a clip, errors, cancelled calls, and a live stream whose server is killed: without a thread of the pool."""
    monkeypatch.setenv("DOTNET_TieredCompilation", "0")
    runtime = getattr(csharp, name)()
    program = compiled / name / f"WebGlTests.{'exe' if name == 'mono' else 'dll'}"
    (tmp_path / "samples").write_bytes(pcm)
    with (
        running_server(tmp_path / "log") as lost,
        runtime.start(program, "all", server.web, lost.web, tmp_path / "samples") as process,
    ):
        assert process.stdout is not None
        if process.stdout.readline() == "now\n":
            lost.process.send_signal(signal.SIGKILL)
        printed, complaints = process.communicate(timeout=200)
    assert process.returncode == 0, complaints
    assert printed == "one thread ok\n"
    digest = hashlib.sha256(b"right").hexdigest()
    (tmp_path / "tokens.toml").write_text(f'[page]\nsha256 = "{digest}"\n')
    with running_server(tmp_path / "guarded", "--tokens", str(tmp_path / "tokens.toml")) as guarded:
        assert runtime.run(program, "token", guarded.web, "right") == "one thread ok\n"
