"""The calls of the contract for browsers over HTTP: Connect and gRPC-Web, by connectrpc on uvicorn (the extra `web`)."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from typing import Any

import uvicorn
from connectrpc.code import Code
from connectrpc.compat import google_protobuf_codecs
from connectrpc.errors import ConnectError, ErrorDetail
from connectrpc.method import IdempotencyLevel, MethodInfo, StreamType
from connectrpc.request import RequestContext
from connectrpc.server import ConnectASGIApplication, Endpoint
from google.protobuf.message import Message
from google.rpc import status_pb2
from protobuf.wkt import Any as PackedDetail
from starlette.middleware.cors import CORSMiddleware

from pantomatrix_models.errors import StartError

from ..settings import Settings
from .call import Authorize, CallFailed, served_call
from .contract import Method, only_response
from .websocket import LOCAL_ORIGINS

_EXPOSED_HEADERS = ("grpc-status", "grpc-message", "grpc-status-details-bin")
# Broken requests of callers are not errors of this server.
logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)

_Send = Callable[[Any], Awaitable[None]]


class ConnectCalls:
    """The same calls, limits, tokens and errors as over gRPC; live streams need a transport that browsers have for them."""

    def __init__(self, methods: Mapping[str, Method], settings: Settings, authorize: Authorize | None) -> None:
        self._methods, self._settings, self._authorize = methods, settings, authorize
        self._serving: asyncio.Task[None] | None = None

    async def listen(self) -> str:
        """Returns "host:port". Raises StartError."""
        settings = self._settings
        taken = _listening_socket(settings)
        config = uvicorn.Config(
            self._application(),
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            server_header=False,
            ssl_certfile=settings.tls_certificate,
            ssl_keyfile=str(settings.tls_key) if settings.tls_key else None,
            ssl_ca_certs=str(settings.tls_client_ca) if settings.tls_client_ca else None,
            ssl_cert_reqs=ssl.CERT_REQUIRED if settings.tls_client_ca else ssl.CERT_NONE,
            timeout_graceful_shutdown=round(settings.drain_seconds),
        )
        self._server = _Server(config)
        self._serving = asyncio.create_task(self._server.serve(sockets=[taken]))
        while not self._server.started and not self._serving.done():
            await asyncio.sleep(0.01)
        return f"{settings.host}:{taken.getsockname()[1]}"

    async def drain(self) -> None:
        """No new calls; running ones have the drain's seconds."""
        if self._serving is not None:
            self._server.should_exit = True
            await self._serving

    def _application(self) -> Any:
        application = _Application(
            service=None,
            endpoints=lambda _: {f"/{path}": self._endpoint(method) for path, method in self._methods.items()},
            read_max_bytes=self._settings.max_message_bytes,
            compressions=(),
            codecs=google_protobuf_codecs(),
        )

        async def guarded(scope: Any, receive: Any, send: _Send) -> None:
            async def sent(message: Any) -> None:
                async with asyncio.timeout(self._settings.reader_timeout_seconds):
                    await send(message)

            await application(scope, receive, sent)  # pyright: ignore[reportArgumentType]

        return CORSMiddleware(
            guarded,
            allow_origins=self._settings.websocket_origins,
            allow_origin_regex=LOCAL_ORIGINS.pattern,
            allow_methods=("GET", "POST"),
            allow_headers=("*",),
            expose_headers=_EXPOSED_HEADERS,
        )

    def _endpoint(self, method: Method) -> Any:
        service, _, name = method.path.partition("/")
        kinds = {
            (False, False): (StreamType.UNARY, Endpoint.unary, self._one),
            (False, True): (StreamType.SERVER_STREAM, Endpoint.server_stream, self._many),
            (True, True): (StreamType.BIDI_STREAM, Endpoint.bidi_stream, self._many),
        }
        kind, endpoint, answer = kinds[method.many_requests, method.many_responses]
        info = MethodInfo(
            name=name,
            service_name=service,
            input=method.request,
            output=method.response,
            idempotency_level=IdempotencyLevel.UNKNOWN,
            stream_type=kind,
        )
        return endpoint(info, lambda request, context: answer(method, request, context))

    async def _one(self, method: Method, request: Message, context: RequestContext) -> Message:
        with self._call(context):
            return await only_response(method, request)

    async def _many(
        self, method: Method, request: Message | AsyncIterator[Message], context: RequestContext
    ) -> AsyncIterator[Message]:
        with self._call(context):
            async with contextlib.aclosing(method.answer(request)) as responses:
                async for response in responses:
                    yield response

    @contextlib.contextmanager
    def _call(self, context: RequestContext) -> Iterator[None]:
        """Raises ConnectError."""
        headers = {name.lower(): value for name, value in context.request_headers.allitems()}
        peer = (context.client_address or "").rpartition(":")[0]
        path = f"{context.method.service_name}/{context.method.name}"
        try:
            with served_call(path, f"http:{peer}", headers, self._authorize, headers.get("authorization", "")):
                yield
        except CallFailed as failed:
            raise _connect_error(failed.status) from None


class _Application(ConnectASGIApplication[None]):
    @property
    def path(self) -> str:
        return ""


class _Server(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """They are the process's, not this server's."""
        yield


def _connect_error(status: status_pb2.Status) -> ConnectError:
    details = [ErrorDetail(PackedDetail(type_url=detail.type_url, value=detail.value)) for detail in status.details]
    return ConnectError(tuple(Code)[status.code - 1], status.message, details)


def _listening_socket(settings: Settings) -> socket.socket:
    assert settings.web_port is not None
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server(
            (settings.host, settings.web_port), family=family, backlog=1024, reuse_port=settings.workers > 1
        )
    except OSError as error:
        raise StartError(f"cannot listen on {settings.host}:{settings.web_port}: {error.strerror}") from None
