"""`pantomatrix health`: whether a server serves."""

from __future__ import annotations

import os
import socket
import ssl
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .report import SERVER_FAILED, one_line_errors

if TYPE_CHECKING:
    import grpc

_TIMEOUT_SECONDS = 3


def health(
    address: Annotated[
        str | None, typer.Argument(help="Where the server is.", show_default="127.0.0.1 and PANTOMATRIX_PORT or 50051")
    ] = None,
    model: Annotated[str, typer.Option(help="Ask for one model.", show_default="the server as a whole")] = "",
    ca: Annotated[
        Path | None, typer.Option("--tls-ca", help="With TLS: the authority to trust, PEM.", show_default=False)
    ] = None,
) -> None:
    """Check that a server answers and its models are loaded; exits with 0 if so, 3 if not.

    Without an address it asks the server of this machine, and believes any certificate.

    \b
    pantomatrix health
    pantomatrix health localhost:50051 --model builtin
    pantomatrix health studio.example:50051 --tls-ca ca.pem
    """
    with one_line_errors():
        import grpc
        from grpc_health.v1 import health_pb2, health_pb2_grpc

        from .inputs import read_bytes

        where = address or f"127.0.0.1:{os.environ.get('PANTOMATRIX_PORT', '50051')}"
        shown = _shown_certificate(where) if ca is None else ""
        if ca is not None:
            from .inputs import read_bytes

            channel = grpc.secure_channel(where, grpc.ssl_channel_credentials(read_bytes(ca)))
        elif shown and address is None:
            channel = _trusting(where, shown)
        else:
            channel = grpc.insecure_channel(where)
        with channel:
            try:
                request = health_pb2.HealthCheckRequest(service=model)
                stub = health_pb2_grpc.HealthStub(channel)
                status = stub.Check(request, timeout=_TIMEOUT_SECONDS).status  # pyright: ignore[reportAttributeAccessIssue]
                answer = health_pb2.HealthCheckResponse.ServingStatus.Name(status)
            except grpc.RpcError as error:
                answer = error.code().name  # type: ignore[attr-defined]
        print(answer)
        if answer == "UNAVAILABLE" and shown and address is not None:
            print(f"error: {where} wants TLS: --tls-ca FILE names the authority that signed it, PEM", file=sys.stderr)
        if answer != "SERVING":
            raise typer.Exit(SERVER_FAILED)


def _shown_certificate(where: str) -> str:
    """What a server with TLS shows first, as PEM; empty without TLS or without a server. Not verified."""
    host, _, port = where.rpartition(":")
    if not port.isdigit():
        return ""
    try:
        return ssl.get_server_certificate((host.strip("[]"), int(port)), timeout=_TIMEOUT_SECONDS)
    except (OSError, ValueError):
        return ""


def _trusting(where: str, certificate: str) -> grpc.Channel:
    """A channel to a server that shows this certificate, by whatever name it has."""
    import grpc

    context = ssl.create_default_context(cadata=certificate)
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    host, _, port = where.rpartition(":")
    with socket.create_connection((host, int(port)), _TIMEOUT_SECONDS) as plain, context.wrap_socket(plain) as secure:
        names = [name for _, name in (secure.getpeercert() or {}).get("subjectAltName", ())]
    credentials = grpc.ssl_channel_credentials(certificate.encode())
    return grpc.secure_channel(where, credentials, [("grpc.ssl_target_name_override", str(names[0]))] if names else [])
