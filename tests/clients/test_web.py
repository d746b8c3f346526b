"""The web client: its own tests in Node against a real server, and its example page in a real Chromium."""

from __future__ import annotations

import functools
import http.server
import json
import os
import re
import shutil
import subprocess
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import ConsoleMessage, Page, expect, sync_playwright

from folders import AUDIO, ROOT
from pantomatrix_converters.version import __version__
from pantomatrix_server.process.tokens import new_token
from server_process import ServerProcess, running_server
from tools import needs

WEB = ROOT / "engine_clients" / "web"
SPEECH = AUDIO / "hu03_speech_m.wav"
GOING_ON = "going_on.test.mjs"
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(shutil.which("npm") is None, reason="no npm"),
    needs(CHROMIUM, "Chromium"),
    pytest.mark.timeout(300),
]


def npm(*words: str, folder: Path = WEB) -> str:
    done = subprocess.run(["npm", *words, "--loglevel=error"], cwd=folder, capture_output=True, text=True, timeout=280)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built() -> Path:
    """Installed and built, with the example."""
    npm("install", "--no-package-lock", "--no-audit", "--no-fund")
    npm("run", "example")
    return WEB


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    """One with all that web pages can reach."""
    with running_server(tmp_path_factory.mktemp("server") / "log") as running:
        yield running


def test_in_node(server: ServerProcess, built: Path, tmp_path: Path) -> None:
    token, digest = new_token()
    (tmp_path / "tokens.toml").write_text(f'[page]\nsha256 = "{digest}"\n')
    with running_server(tmp_path / "log", "--tokens", str(tmp_path / "tokens.toml")) as guarded:
        environment = {
            "PANTOMATRIX_TEST_GRPC": server.address,
            "PANTOMATRIX_TEST_WEBSOCKET": server.web,
            "PANTOMATRIX_TEST_WEB": server.web,
            "PANTOMATRIX_TEST_TOKENS": f"{guarded.address} {guarded.web} {guarded.web} {token}",
        }
        files = [str(path) for path in (built / "tests").glob("*.mjs") if path.name != GOING_ON]
        assert node_tests(files, environment) >= 25


def node_tests(words: list[str], environment: dict[str, str]) -> int:
    """How many passed; none fails, or is skipped because something is missing."""
    command = ["node", "--test", *words]
    done = subprocess.run(
        command, cwd=WEB, capture_output=True, text=True, env={**os.environ, **environment}, timeout=200
    )
    assert done.returncode == 0, done.stdout
    print("\n".join(re.findall(r"^ *# (\w+: lost .*)$", done.stdout, re.MULTILINE)))
    assert re.search(r"# SKIP no |^# cancelled [1-9]", done.stdout, re.MULTILINE) is None, done.stdout
    return int(re.search(r"^# pass (\d+)$", done.stdout, re.MULTILINE)[1])  # type: ignore[index]


def described(*servers: ServerProcess) -> dict[str, str]:
    """For GOING_ON: the servers that it may end, in the order in which it tries them."""
    given = [{"pid": one.process.pid, "grpc": one.address, "web": one.web} for one in servers]
    return {"PANTOMATRIX_TEST_SERVERS": json.dumps(given)}


def goes_on(name: str, *servers: ServerProcess) -> None:
    """One test of GOING_ON."""
    assert node_tests([f"--test-name-pattern=^{name}$", f"tests/{GOING_ON}"], described(*servers)) == 1


@pytest.mark.parametrize(
    "name",
    [
        "killed in mid-utterance",
        "with compact frames and echoed audio",
        "stops answering",
        "stops answering while nobody speaks",
        "what was refused stays refused, and what was changed changed",
        "an interrupt after it has gone on takes frames back",
        "cancelled while no server answers",
    ],
)
def test_a_lost_server(name: str, server: ServerProcess, built: Path, tmp_path: Path) -> None:
    with running_server(tmp_path / "log") as lost:
        goes_on(name, lost, server)


@pytest.mark.parametrize(
    ("name", "seconds"),
    [("is told to move", "20"), ("is told to move in mid-utterance", "1")],
    ids=["between", "within"],
)
def test_a_server_that_ends(name: str, seconds: str, server: ServerProcess, built: Path, tmp_path: Path) -> None:
    with running_server(tmp_path / "log", "--lame-duck-seconds", seconds, "--drain-seconds", "1") as ending:
        goes_on(name, ending, server)


def test_a_server_that_comes_back(built: Path, tmp_path: Path) -> None:
    with running_server(tmp_path / "log") as lost, ThreadPoolExecutor(1) as pool:
        testing = pool.submit(goes_on, "comes back at the same address", lost)
        lost.process.wait(timeout=60)
        ports = ["--port", lost.address.rpartition(":")[2], "--web-port", lost.web.rpartition(":")[2]]
        with running_server(tmp_path / "second", *ports):
            testing.result()


def test_calls_with_several_addresses(server: ServerProcess, built: Path) -> None:
    for name in ("what was asked wrongly is an error, at once", "the first that answers takes clips and streams"):
        goes_on(name, server, server)


def check_types(program: Path) -> None:
    flags = [
        "--noEmit",
        "--strict",
        "--target",
        "es2022",
        "--module",
        "es2022",
        "--moduleResolution",
        "bundler",
        "--skipLibCheck",
    ]
    command = ["node_modules/.bin/tsc", *flags, str(program)]
    done = subprocess.run(command, cwd=WEB, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_types_of_the_example(built: Path) -> None:
    check_types(built / "example" / "main.ts")


def test_the_readmes_programs_are_typed(built: Path) -> None:
    given = "declare const file: File, gltf: { scene: import('three').Object3D }, audio: HTMLAudioElement, speech: Uint8Array;\n"
    given += "declare const renderer: import('three').WebGLRenderer, vrm: import('@pixiv/three-vrm').VRM, clock: import('three').Clock;\n"
    given += "import { PcmEncoding, Playback, listen } from 'pantomatrix-client';\n"
    first, *others = re.findall(r"^```ts\n(.*?)^```", (built / "README.md").read_text(), re.MULTILINE | re.DOTALL)
    assert len(others) == 3
    lines = [line for fence in others for line in ("{", *fence.splitlines(), "}")]
    imports = [line for line in lines if line.startswith("import")]
    program = built / "example" / "readme.ts"
    program.write_text("\n".join([given, *imports, first, *(line for line in lines if line not in imports)]))
    try:
        check_types(program)
    finally:
        program.unlink()


def test_the_package_is_whole(built: Path, tmp_path: Path) -> None:
    """As npm would publish it, in a project of its own."""
    (tarball,) = json.loads(npm("pack", "--json", "--pack-destination", str(tmp_path)))
    assert tarball["version"] == __version__
    (tmp_path / "package.json").write_text('{"type": "module"}')
    npm("install", str(tmp_path / tarball["filename"]), "--no-audit", "--no-fund", folder=tmp_path)
    script = 'import { Client, PcmEncoding } from "pantomatrix-client"; import "pantomatrix-client/node"; console.log(PcmEncoding.S16LE, typeof Client)'
    done = subprocess.run(["node", "-e", script, "--input-type=module"], cwd=tmp_path, capture_output=True, text=True)
    assert done.stdout == "1 function\n", done.stderr


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *words: object) -> None:
        del words


def _is_error(said: ConsoleMessage) -> bool:
    """But for the browser's own lines about what a site does not have."""
    expected = "favicon" in said.location["url"] or "127.0.0.1:1/" in said.text
    return said.type == "error" and not expected


@pytest.fixture
def page(built: Path) -> Iterator[Page]:
    """The example in a Chromium whose microphone hears a recording; fails for whatever the page complains of."""
    assert CHROMIUM is not None
    flags = (
        "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
        "--disable-sync", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--autoplay-policy=no-user-gesture-required",
        "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream", f"--use-file-for-fake-audio-capture={SPEECH}",
    )  # fmt: skip
    handler = functools.partial(_Quiet, directory=str(built / "example"))
    with (
        http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as site,
        sync_playwright() as playwright,
    ):
        threading.Thread(target=site.serve_forever, daemon=True).start()
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(flags))
        opened = browser.new_page(viewport={"width": 480, "height": 480})
        complaints: list[str] = []
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        opened.on("console", lambda said: complaints.append(said.text) if _is_error(said) else None)
        opened.goto(f"http://127.0.0.1:{site.server_address[1]}/")
        yield opened
        browser.close()
        site.shutdown()
        assert complaints == []


def picture(page: Page) -> np.ndarray:
    """(H, W, 3) of the character."""
    data = np.frombuffer(page.locator("canvas").screenshot(), np.uint8)
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR)).astype(float)


_SEEK = """async (seconds) => {
  const audio = document.querySelector("#audio");
  const there = new Promise((resolve) => audio.addEventListener("seeked", resolve, { once: true }));
  audio.currentTime = seconds;
  await there;
  for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
}"""
"""Resolves when the character has been drawn at that time."""


def test_a_file_makes_the_character_speak(server: ServerProcess, page: Page) -> None:
    page.fill("#server", f"ws://{server.web}")
    page.wait_for_function("() => document.querySelector('canvas').width > 300")
    page.wait_for_load_state("networkidle")
    page.set_input_files("#speech", SPEECH)
    expect(page.locator("#status")).to_contain_text("330 frames at 30 fps", timeout=60_000)
    page.wait_for_function("() => document.querySelector('#audio').currentTime > 0.5", timeout=30_000)
    page.evaluate("document.querySelector('#audio').pause()")
    shots = []
    for seconds in (0.0, 1.9, 4.0, 1.9):
        page.evaluate(_SEEK, seconds)
        shots.append(picture(page))
    assert abs(shots[1] - shots[0]).mean() > 0.2, "it moves"
    assert abs(shots[2] - shots[1]).mean() > 0.2
    assert abs(shots[3] - shots[1]).mean() < 0.05, "and stays with the sound"


def test_clips_over_http_from_a_page(server: ServerProcess, page: Page) -> None:
    """Another origin than the page's: the browser asks the server first."""
    page.fill("#server", f"http://{server.web}")
    page.wait_for_load_state("networkidle")
    page.set_input_files("#speech", SPEECH)
    expect(page.locator("#status")).to_contain_text("330 frames at 30 fps", timeout=60_000)


def test_the_microphone_moves_the_character(server: ServerProcess, page: Page) -> None:
    page.fill("#server", f"ws://{server.web}")
    page.wait_for_load_state("networkidle")
    page.click("#microphone")
    expect(page.locator("#status")).to_have_text("listening", timeout=30_000)
    first = picture(page)
    for _ in range(60):
        page.wait_for_timeout(250)
        if abs(picture(page) - first).mean() > 0.1:
            break
    else:
        raise AssertionError("it did not move within 15 s")
    page.click("#microphone")


def test_no_server(page: Page) -> None:
    page.fill("#server", "ws://127.0.0.1:1")
    page.wait_for_load_state("networkidle")
    page.set_input_files("#speech", SPEECH)
    expect(page.locator("#status")).to_contain_text("no server answers at ws://127.0.0.1:1", timeout=30_000)
