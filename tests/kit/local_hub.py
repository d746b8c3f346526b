"""The Hugging Face hub, played by a server on this machine, with EMAGE's repository."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from checkpoints import write_emage

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


@contextmanager
def local_hub(folder: Path) -> Iterator[str]:
    """Its address. folder: where the repository's files are put."""
    Hub.root, Hub.asked = write_emage(folder), []
    (Hub.root / "unrelated.bin").write_bytes(b"not wanted")
    with ThreadingHTTPServer(("127.0.0.1", 0), Hub) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def hub_settings(home: Path, address: str) -> dict[str, str]:
    """Environment of a process that asks this hub, its cache in `home`."""
    return {"HF_HOME": str(home), "HF_ENDPOINT": address, "HF_HUB_OFFLINE": "0", "HF_HUB_DISABLE_XET": "1"}
