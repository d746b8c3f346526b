"""The C++ client under sanitizers: its own tests against real servers, of which some die or are secured."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest
import trustme

from cmake_projects import can_build, run
from cpp_client import TESTS, addresses, built, passes_its_tests
from pantomatrix_server.process.tokens import new_token
from server_process import ServerProcess, running_server
from tools import needs

pytestmark = [
    pytest.mark.client,
    needs(can_build("grpc++", "protobuf-lite", "gtest_main"), "gRPC C++, CMake, Ninja, GoogleTest"),
    pytest.mark.timeout(900),
]


def test_its_own_tests(server: ServerProcess) -> None:
    # Sound against motion needs ticks that are not held up for long, which this build's are: the other has it.
    passes_its_tests("address", server, "--gtest_filter=-*SoundComesBackWithItsMotion*")


@pytest.mark.parametrize("transport", ["grpc", "websocket", "sockets"])
def test_a_server_that_dies_and_comes_back(tmp_path: Path, transport: str) -> None:
    with running_server(tmp_path / "first") as first:
        environment = {**os.environ, **addresses(first), "PANTOMATRIX_TEST_RESTART": transport}
        command = [str(built("address") / TESTS), f"--gtest_filter=*SurvivesARestart/{transport}"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment) as client:
            assert client.stdout is not None
            assert any(line == "streaming\n" for line in client.stdout)
            first.process.send_signal(signal.SIGKILL)
            first.process.wait()
            ports = [address.rpartition(":")[2] for address in (first.address, first.web)]
            with running_server(tmp_path / "second", "--port", ports[0], "--web-port", ports[1]):
                output = client.stdout.read()
                assert client.wait(60) == 0, output
    assert "[  PASSED  ] 1 test." in output


def test_tls_and_tokens(tmp_path: Path) -> None:
    authority = trustme.CA()
    issued = authority.issue_cert("localhost", "127.0.0.1")
    certificate, key, roots = (tmp_path / name for name in ("certificate.pem", "key.pem", "roots.pem"))
    certificate.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
    key.write_bytes(issued.private_key_pem.bytes())
    roots.write_bytes(authority.cert_pem.bytes())
    token, digest = new_token()
    tokens = tmp_path / "tokens.toml"
    tokens.write_text(f'[game]\nsha256 = "{digest}"\n')
    tls = ("--tls-certificate", str(certificate), "--tls-key", str(key))
    with (
        running_server(tmp_path / "secure", *tls, "--tokens", str(tokens)) as secure,
        running_server(tmp_path / "plain", "--tokens", str(tokens)) as plain,
    ):
        output = run(
            str(built("address") / TESTS),
            "--gtest_filter=Secure.*",
            PANTOMATRIX_TEST_SECURE=secure.address,
            PANTOMATRIX_TEST_TOKENS_WEBSOCKET=plain.web,
            PANTOMATRIX_TEST_ROOTS=str(roots),
            PANTOMATRIX_TEST_TOKEN=token,
        )
    assert "[  PASSED  ] 2 tests." in output
