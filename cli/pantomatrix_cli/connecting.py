"""How commands reach a server: the options they share."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pantomatrix_client import Client

_CONNECTION = "The server"

Token = Annotated[
    str,
    typer.Option(
        help="Where the server wants one.",
        envvar="PANTOMATRIX_TOKEN",
        show_default=False,
        rich_help_panel=_CONNECTION,
    ),
]
Tls = Annotated[
    bool,
    typer.Option(
        "--tls", help="The server has TLS, by an authority that this machine trusts.", rich_help_panel=_CONNECTION
    ),
]
TlsCa = Annotated[
    Path | None,
    typer.Option(
        "--tls-ca",
        help="The server has TLS, by this authority, PEM.",
        show_default=False,
        rich_help_panel=_CONNECTION,
    ),
]


def client_for(servers: str | Sequence[str], token: str, tls: bool, tls_ca: Path | None) -> Client:
    """Raises InvalidInputError for a file that cannot be read."""
    from pantomatrix_client import Client

    from .inputs import read_bytes

    if tls_ca is not None:
        read_bytes(tls_ca)
    return Client(servers, token=token, tls=tls if tls_ca is None else tls_ca)
