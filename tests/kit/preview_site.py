"""A running preview, and what tests ask of its site."""

from __future__ import annotations

import http.client
import json
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from command_line import command
from eventually import eventually


@contextmanager
def running_preview(*arguments: str | Path) -> Iterator[str]:
    """`pantomatrix preview`; its address."""
    words = command("preview", "--no-browser", *arguments)
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            found = re.search(r"preview at (http://127.0.0.1:\d+/)", process.stdout.readline())
            assert found, process.communicate()[1]
            yield found[1]
        finally:
            process.terminate()
            errors = process.communicate(timeout=30)[1]
            assert "Traceback" not in errors, errors


def ask(
    site: str, method: str, path: str, body: bytes = b"", **headers: str
) -> tuple[int, http.client.HTTPMessage, bytes]:
    parts = urlsplit(site)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def takes(site: str) -> list[dict]:
    """All of them, when none is being made any more."""
    found: list[dict] = []

    def are_made() -> bool:
        found[:] = json.loads(ask(site, "GET", "/takes")[2])
        return all("motion" in take or take["error"] for take in found)

    eventually(are_made, seconds=60)
    return found


def take_made(site: str, data: bytes, query: str = "name=take.wav") -> dict:
    """A take that is ready, or has failed."""
    take_id = json.loads(ask(site, "POST", f"/takes?{query}", data)[2])["id"]
    return next(take for take in takes(site) if take["id"] == take_id)
