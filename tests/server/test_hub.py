"""Fetching from the Hugging Face hub, played by a server on this machine, and working without it afterwards."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from checkpoints import write_emage
from conftest import AUDIO

COMMIT = "a" * 40
REPOSITORY = "H-Liu1997/emage_audio"


class Hub(BaseHTTPRequestHandler):
    """The calls that a download makes: what is in the repository, and each file's head and content."""

    root: Path
    asked: list[str]

    def log_message(self, format: str, *args: object) -> None:
        pass

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self._answer(body=True)

    def _answer(self, *, body: bool) -> None:
        self.asked.append(self.path)
        path = self.path.partition("?")[0]
        resolve = f"/{REPOSITORY}/resolve/{COMMIT}/"
        if path.startswith(f"/api/models/{REPOSITORY}/tree/"):
            files = [file for file in sorted(self.root.rglob("*")) if file.is_file()]
            tree = [
                {"type": "file", "path": f.relative_to(self.root).as_posix(), "size": f.stat().st_size, "oid": _etag(f)}
                for f in files
            ]
            self._send(json.dumps(tree).encode(), "application/json", body)
        elif path.startswith(f"/api/models/{REPOSITORY}"):
            files = [file.relative_to(self.root).as_posix() for file in self.root.rglob("*") if file.is_file()]
            info = {
                "id": REPOSITORY,
                "modelId": REPOSITORY,
                "sha": COMMIT,
                "siblings": [{"rfilename": f} for f in files],
            }
            self._send(json.dumps(info).encode(), "application/json", body)
        elif path.startswith(resolve) and (self.root / path.removeprefix(resolve)).is_file():
            file = self.root / path.removeprefix(resolve)
            self._send(file.read_bytes(), "application/octet-stream", body, _etag(file))
        else:
            self.send_response(404)
            self.send_header("X-Error-Code", "RepoNotFound")
            self.send_header("Content-Length", "0")
            self.end_headers()

    def _send(self, data: bytes, kind: str, body: bool, etag: str = "") -> None:
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.send_header("X-Repo-Commit", COMMIT)
        if etag:
            self.send_header("ETag", f'"{etag}"')
        self.end_headers()
        if body:
            self.wfile.write(data)


def _etag(file: Path) -> str:
    return hashlib.sha1(file.read_bytes()).hexdigest()


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[str]:
    Hub.root, Hub.asked = write_emage(tmp_path / "repository"), []
    (Hub.root / "unrelated.bin").write_bytes(b"not wanted")
    with ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def run(home: Path, hub: str, *words: object, **environment: str) -> subprocess.CompletedProcess[str]:
    settings = {"HF_HOME": str(home), "HF_ENDPOINT": hub, "HF_HUB_OFFLINE": "0", "HF_HUB_DISABLE_XET": "1"}
    return subprocess.run(
        [sys.executable, "-m", "pantomatrix_server.cli", *map(str, words)],
        capture_output=True,
        text=True,
        env={**os.environ, **settings, **environment},
    )


def test_a_fetched_network_works_without_the_hub(hub: str, tmp_path: Path) -> None:
    home = tmp_path / "home"
    clip = AUDIO / "hu05_arctic_f.wav"
    before = run(home, hub, "generate", clip, "-o", tmp_path / "take.npz", "--model", "emage")
    assert before.returncode == 2
    assert "error: H-Liu1997/emage_audio: neither a folder nor fetched from the hub" in before.stderr
    assert not Hub.asked

    fetched = run(home, hub, "models", "fetch", "emage")
    assert fetched.returncode == 0, fetched.stderr
    assert fetched.stderr.index("non-commercial") < fetched.stderr.index("%")
    assert "fetched emage into" in fetched.stdout
    assert not any("unrelated" in path for path in Hub.asked if "resolve" in path)

    Hub.asked.clear()
    listed = run(home, hub, "models", "--json", HF_HUB_OFFLINE="1")
    ready = {row["name"]: row["ready"] for row in json.loads(listed.stdout)}
    assert ready == {"builtin": True, "camn": False, "disco": False, "emage": True}
    words = ("generate", clip, "-o", tmp_path / "take.npz", "--model", "emage", "--device", "cpu")
    made = run(home, hub, *words, HF_HUB_OFFLINE="1")
    assert made.returncode == 0, made.stderr
    assert "note: preparing" in made.stderr
    again = run(home, "http://127.0.0.1:9", *words, "--force")
    assert again.returncode == 0, again.stderr
    assert "preparing" not in again.stderr
    assert not Hub.asked


@pytest.mark.parametrize(
    ("name", "endpoint", "text"),
    [
        ("disco", "", "H-Liu1997/disco_audio: "),
        ("emage", "http://127.0.0.1:9", "H-Liu1997/emage_audio: the hub cannot be reached"),
        ("what is this", "", "what is this: no name that a repository could have"),
    ],
)
def test_what_cannot_be_fetched_says_why(name: str, endpoint: str, text: str, hub: str, tmp_path: Path) -> None:
    made = run(tmp_path / "home", endpoint or hub, "models", "fetch", name)
    assert made.returncode == 2, made.stderr
    (line,) = [line for line in made.stderr.splitlines() if line.startswith("error: ")]
    assert text in line
    assert "Traceback" not in made.stderr
