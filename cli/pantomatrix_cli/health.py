"""`pantomatrix health`: whether a server serves."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from .report import SERVER_FAILED, one_line_errors


def health(
    address: Annotated[
        str | None, typer.Argument(help="Where the server is.", show_default="127.0.0.1 and PANTOMATRIX_PORT or 50051")
    ] = None,
    model: Annotated[str, typer.Option(help="Ask for one model.", show_default="the server as a whole")] = "",
    ca: Annotated[
        Path | None, typer.Option("--tls-ca", help="With TLS: the authority to trust, PEM.", show_default=False)
    ] = None,
) -> None:
    """Say whether a server answers and its models are warm; exits with 0 if so, 3 if not.

    \b
    pantomatrix health
    pantomatrix health localhost:50051 --model builtin
    """
    with one_line_errors():
        import grpc
        from grpc_health.v1 import health_pb2, health_pb2_grpc

        where = address or f"127.0.0.1:{os.environ.get('PANTOMATRIX_PORT', '50051')}"
        channel = (
            grpc.secure_channel(where, grpc.ssl_channel_credentials(ca.read_bytes()))
            if ca
            else grpc.insecure_channel(where)
        )
        with channel:
            try:
                request = health_pb2.HealthCheckRequest(service=model)
                stub = health_pb2_grpc.HealthStub(channel)
                status = stub.Check(request, timeout=3).status  # pyright: ignore[reportAttributeAccessIssue]
                answer = health_pb2.HealthCheckResponse.ServingStatus.Name(status)
            except grpc.RpcError as error:
                answer = error.code().name  # type: ignore[attr-defined]
        print(answer)
        if answer != "SERVING":
            raise typer.Exit(SERVER_FAILED)
