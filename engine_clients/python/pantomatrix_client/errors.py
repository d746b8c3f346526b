"""What a call may end with."""

from __future__ import annotations

from collections.abc import Sequence

import grpc


class ServerError(Exception):
    """The server refused the call, failed, or cannot be reached; `str(error)` is its own text.

    code: name of the gRPC status, for example "INVALID_ARGUMENT".
    request_id: names the call in the server's log; empty if the server was not reached.
    retry_after_seconds: when to come back, if the server says so.
    """

    def __init__(self, message: str, code: str, request_id: str = "", retry_after_seconds: float | None = None) -> None:
        super().__init__(message)
        self.code, self.request_id, self.retry_after_seconds = code, request_id, retry_after_seconds

    def __reduce__(self) -> tuple[type[ServerError], tuple[str, str, str, float | None]]:
        return type(self), (str(self), self.code, self.request_id, self.retry_after_seconds)


TRY_THE_NEXT = frozenset({"UNAVAILABLE", "RESOURCE_EXHAUSTED", "DEADLINE_EXCEEDED"})
"""Codes of a server that is not there, or has no room; another one may."""


def closed_error() -> ServerError:
    """A call of a client that was closed."""
    return ServerError("the client was closed", "CANCELLED")


def all_of(errors: Sequence[ServerError]) -> ServerError:
    """Of several servers: the last one's, with what the others said."""
    last = errors[-1]
    text = "; ".join(dict.fromkeys(map(str, errors)))
    return ServerError(text, last.code, last.request_id, last.retry_after_seconds)


def cut_off(what: str) -> ServerError:
    """An answer that ended without its summary: the connection, or a proxy in it, has ended it."""
    return ServerError(f"{what} broke off: its summary has not come", "DATA_LOSS")


def server_error(error: grpc.RpcError, address: str, *, given_up: bool = False) -> ServerError:
    """From what grpc raises, sync or async. given_up: the caller has cancelled the call itself; if not, a proxy did it, whose
    server is gone."""
    code: grpc.StatusCode = error.code()  # type: ignore[attr-defined]
    trailers = {key: value for key, value in (error.trailing_metadata() or ()) if isinstance(value, str)}  # type: ignore[attr-defined]
    # A server's own fault has a number. grpc's asyncio calls a stream that ends while it writes internal too.
    cut = code is grpc.StatusCode.INTERNAL and "x-request-id" not in trailers
    if cut or (code is grpc.StatusCode.CANCELLED and not given_up):
        return ServerError(f"the call to {address} was cut off", grpc.StatusCode.UNAVAILABLE.name)
    text = error.details() or code.name  # type: ignore[attr-defined]
    if code is grpc.StatusCode.UNAVAILABLE and "x-request-id" not in trailers:
        text = f"no server answers at {address} ({text})"
    if code is grpc.StatusCode.DEADLINE_EXCEEDED and "x-request-id" not in trailers:
        text = f"no answer came from {address} in time"
    pushback = trailers.get("grpc-retry-pushback-ms")
    return ServerError(text, code.name, trailers.get("x-request-id", ""), float(pushback) / 1000 if pushback else None)
