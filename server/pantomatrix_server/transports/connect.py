"""The calls of the contract for browsers over HTTP: Connect and gRPC-Web, by connectrpc."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from typing import Any

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
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from ..settings import Settings
from .call import Authorize, CallFailed, served_call
from .contract import Method, only_response
from .origins import LOCAL_ORIGINS, may_call

_EXPOSED_HEADERS = ("grpc-status", "grpc-message", "grpc-status-details-bin")

_Send = Callable[[Any], Awaitable[None]]


class ConnectCalls:
    """The same calls, limits, tokens and errors as over gRPC; live streams need a transport that browsers have for them."""

    def __init__(self, methods: Mapping[str, Method], settings: Settings, authorize: Authorize | None) -> None:
        self._methods, self._settings, self._authorize = methods, settings, authorize

    def routes(self) -> list[Route]:
        """For the web port."""
        application = CORSMiddleware(
            self._guarded(),
            allow_origins=self._settings.web_origins,
            allow_origin_regex=LOCAL_ORIGINS.pattern,
            allow_methods=("GET", "POST"),
            allow_headers=("*",),
            expose_headers=_EXPOSED_HEADERS,
        )
        return [Route(f"/{path}", application) for path in self._methods]

    def _guarded(self) -> Callable[[Any, Any, _Send], Awaitable[None]]:
        application = _Application(
            service=None,
            endpoints=lambda _: {f"/{path}": self._endpoint(method) for path, method in self._methods.items()},
            read_max_bytes=self._settings.max_message_bytes,
            compressions=(),
            codecs=google_protobuf_codecs(),
        )

        async def guarded(scope: Any, receive: Any, send: _Send) -> None:
            async def sent(message: Any) -> None:
                try:
                    async with asyncio.timeout(self._settings.reader_timeout_seconds):
                        await send(message)
                except TimeoutError:
                    raise ConnectionAbortedError("the caller takes nothing of the answer") from None

            origin = dict(scope["headers"]).get(b"origin")
            if may_call(origin and origin.decode("latin-1"), self._settings.web_origins):
                await application(scope, receive, sent)  # pyright: ignore[reportArgumentType]
            else:
                refusal = PlainTextResponse("pages of this origin may not call: web_origins does not name it\n", 403)
                await refusal(scope, receive, send)

        return guarded

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


def _connect_error(status: status_pb2.Status) -> ConnectError:
    details = [ErrorDetail(PackedDetail(type_url=detail.type_url, value=detail.value)) for detail in status.details]
    return ConnectError(tuple(Code)[status.code - 1], status.message, details)
