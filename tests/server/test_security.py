"""TLS, callers' certificates, tokens and their limits, web pages' origins: against real server processes, over both transports."""

from __future__ import annotations

import ssl
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import grpc
import pytest
import trustme
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from command_line import run, run_process
from folders import AUDIO
from live_stream import SPEECH, Live, chunk, ends_with, start
from pantomatrix.v1 import catalog_pb2, catalog_pb2_grpc, motion_pb2, motion_pb2_grpc, options_pb2
from pantomatrix_models.errors import StartError
from pantomatrix_server.errors import OverloadedError, UnauthenticatedError
from pantomatrix_server.process.tokens import Tokens, new_token
from server_process import ServerProcess, running_server
from service_calls import details_of, open_channel, pcm
from websocket_channel import PATH, WebSocketChannel

pytestmark = pytest.mark.service

Code = grpc.StatusCode


@dataclass
class Certificates:
    """Of an authority that the tests trust."""

    ca: trustme.CA
    folder: Path

    def issue(self, name: str, **more) -> tuple[Path, Path]:
        """Certificate and key of a host."""
        issued = self.ca.issue_cert("localhost", "127.0.0.1", **more)
        certificate, key = self.folder / f"{name}.pem", self.folder / f"{name}.key"
        certificate.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
        key.write_bytes(issued.private_key_pem.bytes())
        return certificate, key

    @property
    def root(self) -> bytes:
        return self.ca.cert_pem.bytes()


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return Certificates(trustme.CA(), tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="module")
def guarded(
    certificates: Certificates, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[ServerProcess, dict]]:
    """TLS and tokens: one without limits, one that may do little."""
    tokens = {name: new_token() for name in ("studio", "kiosk")}
    path = certificates.folder / "tokens.toml"
    path.write_text(
        f'[studio]\nsha256 = "{tokens["studio"][1]}"\n'
        f'[kiosk]\nsha256 = "{tokens["kiosk"][1]}"\nmax_streams = 1\nmax_clips = 0\nmodels = ["builtin"]\n'
    )
    certificate, key = certificates.issue("server")
    flags = ("--tls-certificate", str(certificate), "--tls-key", str(key), "--tokens", str(path))
    with running_server(tmp_path_factory.mktemp("guarded") / "log", *flags) as running:
        yield running, {name: token for name, (token, _) in tokens.items()}


@contextmanager
def secure_channel(address: str, root: bytes, token: str = "", identity: tuple[Path, Path] | None = None):
    certificate, key = (path.read_bytes() for path in identity) if identity else (None, None)
    credentials = grpc.ssl_channel_credentials(root, key, certificate)
    if token:
        credentials = grpc.composite_channel_credentials(credentials, grpc.access_token_call_credentials(token))
    with grpc.secure_channel(address, credentials) as channel:
        yield channel


def catalog(channel: grpc.Channel) -> catalog_pb2.GetCatalogResponse:
    return catalog_pb2_grpc.CatalogServiceStub(channel).GetCatalog(catalog_pb2.GetCatalogRequest(), timeout=10)


def refused(channel: grpc.Channel) -> tuple[Code, str]:
    with pytest.raises(grpc.RpcError) as caught:
        catalog(channel)
    return caught.value.code(), caught.value.details()  # type: ignore[attr-defined]


def test_commands_reach_a_server_with_tls_and_tokens(
    guarded: tuple[ServerProcess, dict], certificates: Certificates, tmp_path: Path
) -> None:
    server, tokens = guarded
    address = f"localhost:{server.address.rpartition(':')[2]}"
    ca, token = tmp_path / "ca.pem", tokens["studio"]
    ca.write_bytes(certificates.root)
    words = ("generate", AUDIO / "hu05_arctic_f.wav", "-o", tmp_path / "take.npz", "--server", address)
    assert "a token is needed" in run(*words, "--tls-ca", ca).stderr
    assert run(*words, "--tls-ca", ca, "--token", token).returncode == 0
    assert "no such file" in run(*words, "--tls-ca", "none.pem").stderr
    assert "--server HOST:PORT" in run("generate", words[1], "-o", tmp_path / "other.npz", "--tls").stderr
    relayed = run("relay", words[1], "--server", address, "--tls-ca", ca, PANTOMATRIX_TOKEN=token)
    assert relayed.returncode == 0, relayed.stderr


def test_health_of_a_server_with_tls(guarded: tuple[ServerProcess, dict], certificates: Certificates) -> None:
    server, _ = guarded
    port = server.address.rsplit(":", 1)[1]
    ca = certificates.folder / "ca.pem"
    ca.write_bytes(certificates.root)
    told = run("health", f"localhost:{port}")
    assert (told.returncode, told.stdout) == (3, "UNAVAILABLE\n")
    assert told.stderr.startswith(f"error: localhost:{port} wants TLS: --tls-ca FILE")
    for words, port_of_this_machine in ((("health", f"localhost:{port}", "--tls-ca", ca), ""), (("health",), port)):
        answer = run(*words, PANTOMATRIX_PORT=port_of_this_machine or "1")
        assert (answer.returncode, answer.stdout, answer.stderr) == (0, "SERVING\n", "")
    assert run("health", "localhost:1").stderr == ""
    assert "no such file" in run("health", "localhost:1", "--tls-ca", "none.pem").stderr


def test_tokens_over_grpc(guarded, certificates: Certificates) -> None:
    server, tokens = guarded
    with secure_channel(server.address, certificates.root, tokens["studio"]) as channel:
        assert catalog(channel).models
    with secure_channel(server.address, certificates.root, "wrong") as channel:
        code, text = refused(channel)
        assert (code, "not known" in text) == (Code.UNAUTHENTICATED, True)
    with secure_channel(server.address, certificates.root) as channel:
        code, text = refused(channel)
        assert (code, "a token is needed" in text) == (Code.UNAUTHENTICATED, True)
        health = channel.unary_unary("/grpc.health.v1.Health/Check")(b"", timeout=10)
        assert health == b"\x08\x01"


def test_a_plain_or_distrustful_caller_sees_unavailable(guarded, certificates: Certificates) -> None:
    server, tokens = guarded
    with open_channel(server.address) as channel:
        assert refused(channel)[0] is Code.UNAVAILABLE
    stranger = trustme.CA()
    with secure_channel(server.address, stranger.cert_pem.bytes(), tokens["studio"]) as channel:
        assert refused(channel)[0] is Code.UNAVAILABLE
    assert server.process.poll() is None


def test_an_expired_certificate_is_not_believed(certificates: Certificates, tmp_path: Path) -> None:
    certificate, key = certificates.issue("expired", not_after=datetime.now(UTC) - timedelta(days=1))
    with running_server(tmp_path / "log", "--tls-certificate", str(certificate), "--tls-key", str(key)) as server:
        with secure_channel(server.address, certificates.root) as channel:
            assert refused(channel)[0] is Code.UNAVAILABLE
        context = ssl.create_default_context(cadata=certificates.root.decode())
        with pytest.raises(ssl.SSLCertVerificationError, match="expired"):
            with connect(f"wss://{server.web}{PATH}", ssl=context, proxy=None):
                pass


def test_callers_with_certificates(certificates: Certificates, tmp_path: Path) -> None:
    certificate, key = certificates.issue("mutual")
    ca, stranger = tmp_path / "ca.pem", Certificates(trustme.CA(), tmp_path)
    ca.write_bytes(certificates.root)
    flags = ("--tls-certificate", str(certificate), "--tls-key", str(key), "--tls-client-ca", str(ca))
    with running_server(tmp_path / "log", *flags) as server:
        with secure_channel(server.address, certificates.root, identity=certificates.issue("caller")) as channel:
            assert catalog(channel).models
        with secure_channel(server.address, certificates.root) as channel:
            assert refused(channel)[0] is Code.UNAVAILABLE
        with secure_channel(server.address, certificates.root, identity=stranger.issue("stranger")) as channel:
            assert refused(channel)[0] is Code.UNAVAILABLE


def test_what_a_token_does_not_allow(guarded, certificates: Certificates) -> None:
    server, tokens = guarded
    with secure_channel(server.address, certificates.root, tokens["kiosk"]) as channel:
        live = Live(channel)
        code, text, found = ends_with(channel, start())
        assert (code, "1 streams are open with the token of 'kiosk'" in text) == (Code.RESOURCE_EXHAUSTED, True), text
        assert "RetryInfo" in found
        request = motion_pb2.GenerateMotionRequest(audio=pcm(SPEECH[:1600]))
        with pytest.raises(grpc.RpcError) as caught:
            list(motion_pb2_grpc.MotionServiceStub(channel).GenerateMotion(request, timeout=10))
        code, text, _ = details_of(caught.value)
        assert (code, text) == (Code.PERMISSION_DENIED, "the token of 'kiosk' allows no clips")
        live.cancel()


def test_a_model_that_a_token_does_not_allow(tmp_path: Path) -> None:
    token, digest = new_token()
    path = tmp_path / "tokens.toml"
    path.write_text(f'[face]\nsha256 = "{digest}"\nmodels = ["emage"]\n')
    with running_server(tmp_path / "log", "--tokens", str(path)) as server:
        with open_channel(server.address) as channel:
            request = motion_pb2.GenerateMotionRequest(
                audio=pcm(SPEECH[:1600]), options=options_pb2.MotionOptions(model="builtin")
            )
            call = motion_pb2_grpc.MotionServiceStub(channel).GenerateMotion(
                request, timeout=10, metadata=[("authorization", f"Bearer {token}")]
            )
            with pytest.raises(grpc.RpcError) as caught:
                list(call)
    code, text, _ = details_of(caught.value)
    assert (code, "does not allow model 'builtin'" in text) == (Code.PERMISSION_DENIED, True)


def test_tokens_over_websockets(guarded, certificates: Certificates) -> None:
    """In the header, and as browsers send it: in a subprotocol."""
    server, tokens = guarded
    context = ssl.create_default_context(cadata=certificates.root.decode())
    address = f"wss://{server.web}"
    with secure_channel(server.address, certificates.root, tokens["studio"]) as inner:
        for more in (
            {"additional_headers": {"Authorization": f"Bearer {tokens['studio']}"}},
            {"subprotocols": ["pantomatrix.v1", f"pantomatrix.bearer.{tokens['studio']}"]},
        ):
            live = Live(WebSocketChannel(address, inner, ssl=context, **more))
            live.say(SPEECH[:3200])
            assert len(live.finish()) == 6
        for more in ({}, {"additional_headers": {"Authorization": "Bearer wrong"}}):
            code, text, _ = ends_with(WebSocketChannel(address, inner, ssl=context, **more), start(), chunk(b""))
            assert (code, "token" in text) == (Code.UNAUTHENTICATED, True)


def test_other_web_pages_may_not_connect(server: ServerProcess) -> None:
    address = f"ws://{server.web}{PATH}"
    for origin in ("http://localhost:8080", "https://127.0.0.1"):
        with connect(address, origin=origin, proxy=None):  # type: ignore[arg-type]
            pass
    for origin in ("https://evil.example", "http://localhost.evil.example"):
        with pytest.raises(InvalidStatus, match="403"), connect(address, origin=origin, proxy=None):  # type: ignore[arg-type]
            pass


def test_guessing_is_slowed_down(tmp_path: Path) -> None:
    token, digest = new_token()
    path = tmp_path / "tokens.toml"
    path.write_text(f'[a]\nsha256 = "{digest}"\n')
    tokens = Tokens(path)
    for _ in range(20):
        with pytest.raises(UnauthenticatedError):
            tokens.caller("Bearer guess", "1.2.3.4")
    with pytest.raises(OverloadedError, match="too many wrong tokens"):
        tokens.caller(f"Bearer {token}", "1.2.3.4")
    assert tokens.caller(f"bearer {token}", "5.6.7.8").name == "a"


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", "no token in it"),
        ("[a", "no valid TOML"),
        ('[a]\nsha256 = "short"', "a.sha256: String should match"),
        ('[a]\nsha256 = "%s"\nmax_steams = 1' % ("0" * 64), "a.max_steams: Extra inputs"),
    ],
)
def test_wrong_token_files(tmp_path: Path, text: str, error: str) -> None:
    path = tmp_path / "tokens.toml"
    path.write_text(text)
    with pytest.raises(StartError, match=error):
        Tokens(path)


def test_the_command_makes_tokens(tmp_path: Path) -> None:
    done = run("token", "studio a", "--max-streams", 2, "--model", "builtin")
    assert done.returncode == 0, done.stderr
    secret = done.stderr.split()[-1]
    assert secret not in done.stdout
    assert tomllib.loads(done.stdout)["studio a"]["max_streams"] == 2
    (tmp_path / "tokens.toml").write_text(done.stdout)
    assert Tokens(tmp_path / "tokens.toml").caller(f"Bearer {secret}", "").models == ("builtin",)


@pytest.mark.parametrize(
    ("flags", "error"),
    [
        (["--host", "0.0.0.0"], "can be reached from the network"),
        (["--host", "0.0.0.0", "--tokens", "TOKENS"], "can be reached from the network"),
        (["--host", "0.0.0.0", "--tls-certificate", "CERT", "--tls-key", "KEY"], "can be reached from the network"),
        (["--tls-certificate", "CERT"], "belong together"),
        (["--tls-certificate", "CERT", "--tls-key", "missing.pem"], "missing.pem: No such file"),
        (["--tls-certificate", "TOKENS", "--tls-key", "KEY"], "not a certificate and its key"),
        (["--tokens", "missing.toml"], "missing.toml: No such file"),
    ],
)
def test_starts_that_are_refused(certificates: Certificates, tmp_path: Path, flags: list[str], error: str) -> None:
    certificate, key = certificates.issue("refused")
    tokens = tmp_path / "tokens.toml"
    tokens.write_text(f'[a]\nsha256 = "{"0" * 64}"\n')
    places = {"CERT": str(certificate), "KEY": str(key), "TOKENS": str(tokens)}
    done = run_process("serve", "--port", 0, *(places.get(f, f) for f in flags))
    assert done.returncode != 0
    assert error in " ".join(done.stderr.split()), done.stderr
    assert "Traceback" not in done.stderr


def test_with_tls_and_tokens_the_network_is_open(certificates: Certificates, tmp_path: Path) -> None:
    certificate, key = certificates.issue("open")
    token, digest = new_token()
    tokens = tmp_path / "tokens.toml"
    tokens.write_text(f'[a]\nsha256 = "{digest}"\n')
    flags = ("--host", "0.0.0.0", "--tls-certificate", str(certificate), "--tls-key", str(key), "--tokens", str(tokens))
    with running_server(tmp_path / "log", *flags) as server:
        address = server.address.replace("0.0.0.0", "127.0.0.1")
        with secure_channel(address, certificates.root, token) as channel:
            assert catalog(channel).models
