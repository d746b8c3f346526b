"""Connect over HTTP as any program speaks it, and what careless callers do there. Real clients: tests/clients/test_web.py."""

from __future__ import annotations

import base64
import http.client
import json
import socket
import ssl
import struct
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import trustme

from command_line import run_process
from folders import AUDIO
from pantomatrix.v1 import audio_pb2, motion_pb2
from pantomatrix_server.process.tokens import new_token
from server_process import ServerProcess, running_server

pytestmark = pytest.mark.service

CATALOG = "/pantomatrix.v1.CatalogService/GetCatalog"
GENERATE = "/pantomatrix.v1.MotionService/GenerateMotion"
JSON = {"content-type": "application/json"}


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    flags = ("--max-concurrent-clips", "1", "--max-queued-clips", "0")
    limits = {"PANTOMATRIX_READER_TIMEOUT_SECONDS": "1", "PANTOMATRIX_MAX_MESSAGE_BYTES": "40000000"}
    with running_server(tmp_path_factory.mktemp("web") / "log", *flags, **limits) as running:
        yield running


def ask(address: str, path: str, body: bytes, headers: dict[str, str], method: str = "POST", tls=None):
    host, _, port = address.rpartition(":")
    make = http.client.HTTPSConnection if tls else http.client.HTTPConnection
    more = {"context": tls} if tls else {}
    connection = make(host, int(port), timeout=60, **more)
    try:
        connection.request(method, path, body, headers)
        response = connection.getresponse()
        return response.status, response.headers, response.read()
    finally:
        connection.close()


def envelopes(data: bytes) -> list[tuple[int, bytes]]:
    """Flags and content of each."""
    found = []
    while data:
        flags, length = struct.unpack_from(">BI", data)
        found.append((flags, data[5 : 5 + length]))
        data = data[5 + length :]
    return found


def enveloped(content: bytes) -> bytes:
    return struct.pack(">BI", 0, len(content)) + content


def test_json_as_curl_sends_it(web: ServerProcess) -> None:
    status, _, body = ask(web.web, CATALOG, b"{}", JSON)
    assert status == 200
    assert json.loads(body)["models"][0]["name"] == "builtin"
    audio = base64.b64encode((AUDIO / "short_50ms.wav").read_bytes()).decode()
    request = json.dumps({"audio": {"encoded": {"data": audio}}}).encode()
    status, _, body = ask(web.web, GENERATE, enveloped(request), {"content-type": "application/connect+json"})
    kinds = [next(iter(json.loads(content)), "") for _, content in envelopes(body)]
    assert (status, kinds) == (200, ["header", "frames", "summary", ""])


def test_errors_are_the_same_as_over_grpc(web: ServerProcess) -> None:
    request = motion_pb2.GenerateMotionRequest(audio=audio_pb2.Audio(encoded=audio_pb2.EncodedAudio(data=b"no audio")))
    body = ask(
        web.web, GENERATE, enveloped(request.SerializeToString()), {"content-type": "application/connect+proto"}
    )[2]
    ((flags, content),) = envelopes(body)
    error = json.loads(content)["error"]
    assert (flags, error["code"]) == (2, "invalid_argument")
    assert error["details"][0]["type"] == "google.rpc.ErrorInfo"
    assert f"{GENERATE[1:]} " in web.log.read_text()


@pytest.mark.parametrize(
    ("path", "body", "headers", "expected"),
    [
        ("/nowhere", b"{}", JSON, 404),
        (CATALOG, b"no JSON", JSON, 400),
        (CATALOG, b"\xff\xff", {"content-type": "application/proto"}, 400),
        (CATALOG, b"{}", {"content-type": "text/plain"}, 415),
        (GENERATE, b"\x00\xff\xff\xff\xff", {"content-type": "application/connect+proto"}, 200),
        (GENERATE, enveloped(bytes(41_000_000)), {"content-type": "application/connect+proto"}, 200),
    ],
)
def test_what_is_no_call(web: ServerProcess, path: str, body: bytes, headers: dict[str, str], expected: int) -> None:
    status, _, answer = ask(web.web, path, body, headers)
    assert status == expected
    if status == 200:
        assert json.loads(envelopes(answer)[-1][1])["error"]["code"] in ("resource_exhausted", "invalid_argument")
    assert ask(web.web, CATALOG, b"{}", JSON)[0] == 200


def test_pages_of_other_machines(web: ServerProcess) -> None:
    asked = {"access-control-request-method": "POST", "access-control-request-headers": "content-type"}
    for origin, allowed in (("http://localhost:8080", True), ("https://evil.example", False)):
        status, headers, _ = ask(web.web, CATALOG, b"", {"origin": origin, **asked}, "OPTIONS")
        assert (status == 200, headers.get("access-control-allow-origin") == origin) == (allowed, allowed)


def test_a_caller_that_reads_nothing_loses_its_place(web: ServerProcess) -> None:
    samples = np.zeros(16000 * 590, "<i2").tobytes()
    form = audio_pb2.PcmFormat(encoding=audio_pb2.PCM_ENCODING_S16LE, sample_rate_hz=16000)
    audio = audio_pb2.Audio(pcm=audio_pb2.PcmAudio(format=form, samples=samples))
    body = enveloped(motion_pb2.GenerateMotionRequest(audio=audio).SerializeToString())
    host, _, port = web.web.rpartition(":")
    with socket.socket() as lazy:
        lazy.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        lazy.connect((host, int(port)))
        head = f"POST {GENERATE} HTTP/1.1\r\nHost: x\r\nContent-Type: application/connect+proto\r\nContent-Length: {len(body)}\r\n\r\n"
        lazy.sendall(head.encode() + body)
        lazy.recv(1)
        clip = json.dumps(
            {"audio": {"encoded": {"data": base64.b64encode((AUDIO / "short_50ms.wav").read_bytes()).decode()}}}
        )
        until = time.monotonic() + 30
        while time.monotonic() < until:
            answer = ask(web.web, GENERATE, enveloped(clip.encode()), {"content-type": "application/connect+json"})[2]
            if len(envelopes(answer)) == 4:
                return
            assert json.loads(envelopes(answer)[-1][1])["error"]["code"] == "resource_exhausted"
            time.sleep(0.1)
    raise AssertionError("its place was not given to another within 30 s")


def test_tls_and_tokens(tmp_path: Path) -> None:
    authority = trustme.CA()
    issued = authority.issue_cert("127.0.0.1")
    issued.private_key_and_cert_chain_pem.write_to_path(tmp_path / "both.pem")
    token, digest = new_token()
    (tmp_path / "tokens.toml").write_text(f'[page]\nsha256 = "{digest}"\n')
    both = str(tmp_path / "both.pem")
    flags = ("--tls-certificate", both, "--tls-key", both, "--tokens", str(tmp_path / "tokens.toml"))
    trusting = ssl.create_default_context(cadata=authority.cert_pem.bytes().decode())
    with running_server(tmp_path / "log", *flags) as server:
        status, _, body = ask(server.web, CATALOG, b"{}", JSON, tls=trusting)
        assert (status, json.loads(body)["code"]) == (401, "unauthenticated")
        bearer = {"authorization": f"Bearer {token}"}
        assert ask(server.web, CATALOG, b"{}", JSON | bearer, tls=trusting)[0] == 200


def test_draining_and_several_processes(tmp_path: Path) -> None:
    with running_server(tmp_path / "log", "--workers", "2") as server:
        for _ in range(10):
            assert ask(server.web, CATALOG, b"{}", JSON)[0] == 200
        assert server.terminate() == 0


def test_a_taken_port(web: ServerProcess) -> None:
    port = web.web.rpartition(":")[2]
    done = run_process("serve", "--port", 0, "--web-port", port)
    assert done.returncode == 2
    assert f"cannot listen on 127.0.0.1:{port}" in done.stderr
