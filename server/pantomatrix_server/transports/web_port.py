"""The web port: one HTTP server for the page, calls over Connect and WebSockets, health and metrics. starlette on uvicorn."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import ssl
from collections.abc import Iterator, Sequence
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol

from pantomatrix_models.errors import StartError

from ..addresses import written
from ..settings import Settings

log = logging.getLogger("pantomatrix")
# Broken requests of callers are not errors of this server.
logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)

_CLOSING_SECONDS = 2.0
"""How long a caller of a WebSocket has to take the end of the answer."""


class WebPort:
    """Serves routes of several parts in the loop that it is started from."""

    def __init__(
        self, probes: Sequence[Route], routes: Sequence[BaseRoute], settings: Settings, context: ssl.SSLContext | None
    ) -> None:
        """probes: answered while the server stops too. context: for TLS."""
        self._settings, self._context = settings, context
        self._probes = {probe.path for probe in probes}
        self._site = Starlette(routes=[*probes, *routes], exception_handlers={HTTPException: _refusal})
        self._calls = 0
        self._draining, self._idle = False, asyncio.Event()
        self._idle.set()
        self._server: _Server | None = None

    async def listen(self) -> str:
        """Returns "host:port". Raises StartError."""
        settings, context = self._settings, self._context
        listening = _listening_socket(settings)
        config = uvicorn.Config(
            self._serve,
            http="h11",
            ws=_WebSocket,
            ws_max_size=settings.max_message_bytes,
            ws_per_message_deflate=False,
            lifespan="off",
            interface="asgi3",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            ssl_context_factory=(lambda *_: context) if context else None,
            timeout_graceful_shutdown=0,
        )
        self._server = _Server(config)
        self._serving = asyncio.create_task(self._server.serve(sockets=[listening]))
        await self._server.listens.wait()
        return written(settings.host, listening.getsockname()[1])

    async def drain(self, seconds: float) -> None:
        """No new calls; those under way have `seconds` to end. Probes are answered until `close`."""
        self._draining = True
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._idle.wait()

    async def close(self) -> None:
        """End all."""
        self._draining = True
        if self._server is not None:
            self._server.should_exit = True
            await self._serving

    async def _serve(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["path"] in self._probes:
            await self._site(scope, receive, send)
            return
        if self._draining:
            await _leaving(scope, receive, send)
            return
        self._calls += 1
        self._idle.clear()
        try:
            await self._site(scope, receive, send)
        except ConnectionError as error:
            log.debug("%s: %s", scope["path"], error)  # uvicorn closes the connection
        except Exception:
            log.exception("the web port could not answer %s", scope["path"])
        finally:
            self._calls -= 1
            if not self._calls:
                self._idle.set()


class _Server(uvicorn.Server):
    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listens = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listens.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """They are the process's, not this server's."""
        yield


class _WebSocket(WebSocketsSansIOProtocol):
    def on_task_complete(self, task: asyncio.Task[None]) -> None:
        """Cuts off a caller that does not take the end of its answer, which uvicorn would keep forever."""
        super().on_task_complete(task)
        self.loop.call_later(_CLOSING_SECONDS, self.transport.abort)


async def _leaving(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close"})
    else:
        closing = PlainTextResponse("this server is about to stop\n", 503, {"connection": "close"})
        await closing(scope, receive, send)


def _refusal(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    text = f"nothing is at {request.url.path}" if error.status_code == 404 else error.detail
    return PlainTextResponse(f"{text}\n", error.status_code, error.headers)


def _listening_socket(settings: Settings) -> socket.socket:
    port = settings.web_port or 0
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, port), family=family, backlog=1024, reuse_port=settings.workers > 1)
    except OSError as error:
        raise StartError(f"cannot listen on {written(settings.host, port)}: {error.strerror}") from None
