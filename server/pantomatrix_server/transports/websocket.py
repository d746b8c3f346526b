"""The calls of the contract over WebSockets, for engines and browsers without gRPC. Framing: docs/reference/contract.md."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import aclosing

from google.protobuf import json_format
from google.protobuf.message import DecodeError, Message
from google.rpc import status_pb2
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from pantomatrix_converters.errors import InvalidInputError, UnknownNameError

from ..errors import SlowReaderError
from ..settings import Settings
from .call import Authorize, CallFailed, served_call
from .contract import Method
from .origins import may_call

SUBPROTOCOL = "pantomatrix.v1"
_TOKEN_SUBPROTOCOL = "pantomatrix.bearer."
_CLOSE_CODE = 4000
"""The gRPC status' number is added to it."""
_MOST_REASON_BYTES = 123
_MOST_WAITING = 16
"""Requests that are read before the call takes them."""
_REFUSING_SECONDS = 2.0
_LEAVING_SECONDS = 0.5
"""After the last response the caller has so long to close the connection. What a caller still sends to one that the server
has closed makes its system throw away what it has not read, be it the summary."""


class WebSocketCalls:
    """One connection, one call."""

    def __init__(self, methods: Mapping[str, Method], settings: Settings, authorize: Authorize | None) -> None:
        self._methods, self._settings, self._authorize = methods, settings, authorize

    def routes(self) -> list[WebSocketRoute]:
        """For the web port: every path, since an unknown one is answered as a call is."""
        return [WebSocketRoute("/{path:path}", self._serve)]

    async def _serve(self, socket: WebSocket) -> None:
        if not may_call(socket.headers.get("origin"), self._settings.web_origins):
            await socket.close()
            return
        await socket.accept(SUBPROTOCOL if SUBPROTOCOL in socket.scope["subprotocols"] else None)
        method = self._methods.get(socket.scope["path"].removeprefix("/"))
        name = "unknown" if method is None else method.path
        peer = socket.client.host if socket.client else ""
        caller = _Caller(socket)
        try:
            with served_call(name, f"websocket:{peer}", socket.headers, self._authorize, _authorization(socket)):
                if method is None:
                    raise UnknownNameError("path", socket.scope["path"], [f"/{known}" for known in self._methods])
                await caller.while_here(self._answer(socket, method, caller))
            if method.many_requests:
                await caller.leaves(_LEAVING_SECONDS)
            with contextlib.suppress(WebSocketDisconnect):
                await socket.close()
        except CallFailed as failed:
            await _refuse(socket, failed.status)
        except asyncio.CancelledError:
            if not caller.left:
                raise
        finally:
            caller.forget()

    async def _answer(self, socket: WebSocket, method: Method, caller: _Caller) -> None:
        requests = _requests(caller, method)
        responses = method.answer(requests if method.many_requests else await anext(requests))
        async with aclosing(responses):
            async for response in responses:
                await self._send(socket, response)

    async def _send(self, socket: WebSocket, response: Message) -> None:
        seconds = self._settings.reader_timeout_seconds
        try:
            async with asyncio.timeout(seconds):
                await socket.send_bytes(response.SerializeToString())
        except TimeoutError:
            raise SlowReaderError(f"nothing of the answer was taken for {seconds:g} s") from None


class _Caller:
    """The other side: its messages as they come, and whether it is still there. While as many messages wait as may, no more
    are read, so that a caller is held back by the transport."""

    def __init__(self, socket: WebSocket) -> None:
        self._messages: asyncio.Queue[bytes | str] = asyncio.Queue(_MOST_WAITING)
        self._heard = True
        self._reading = asyncio.create_task(self._read(socket))

    async def _read(self, socket: WebSocket) -> None:
        while (message := await socket.receive())["type"] == "websocket.receive":
            data = message.get("bytes")
            if self._heard:
                await self._messages.put(message["text"] if data is None else data)

    @property
    def left(self) -> bool:
        """Whether the connection is closed."""
        return self._reading.done()

    async def messages(self) -> AsyncIterator[bytes | str]:
        """For as long as the caller is there, and then waits forever: see `while_here`."""
        while True:
            yield await self._messages.get()

    async def while_here(self, work: Coroutine[None, None, None]) -> None:
        """Do it for as long as the caller is there. Raises CancelledError if the caller leaves before the end."""
        working = asyncio.create_task(work)
        try:
            await asyncio.wait((working, self._reading), return_when=asyncio.FIRST_COMPLETED)
        finally:
            working.cancel()
            await asyncio.wait((working,))
        try:
            working.result()
        except WebSocketDisconnect:
            raise asyncio.CancelledError from None

    async def leaves(self, within_seconds: float) -> None:
        """Until it has, or so long; what it still says is not heard."""
        self._heard = False
        while not self._messages.empty():
            self._messages.get_nowait()
        await asyncio.wait((self._reading,), timeout=within_seconds)

    def forget(self) -> None:
        """Read nothing more."""
        self._reading.cancel()


async def _requests(caller: _Caller, method: Method) -> AsyncIterator[Message]:
    """Binary messages as requests; of a call with many, an empty one closes the caller's side."""
    async for data in caller.messages():
        if isinstance(data, str):
            raise InvalidInputError("a text message came, expected binary ones: a serialized request each")
        if method.many_requests and not data:
            return
        try:
            yield method.request.FromString(data)
        except DecodeError:
            raise InvalidInputError("the request is not a message of this call: its bytes do not parse") from None


async def _refuse(socket: WebSocket, status: status_pb2.Status) -> None:
    """The status as a text message, then the connection is closed with its number."""
    reason = status.message.encode()[:_MOST_REASON_BYTES].decode(errors="ignore")
    with contextlib.suppress(TimeoutError, WebSocketDisconnect):
        async with asyncio.timeout(_REFUSING_SECONDS):
            await socket.send_text(json_format.MessageToJson(status, indent=None))
            await socket.close(_CLOSE_CODE + status.code, reason)


def _authorization(socket: WebSocket) -> str:
    """From the header, or from a subprotocol, since browsers cannot set headers."""
    for offered in socket.scope["subprotocols"]:
        if "authorization" not in socket.headers and offered.startswith(_TOKEN_SUBPROTOCOL):
            return f"Bearer {offered.removeprefix(_TOKEN_SUBPROTOCOL)}"
    return socket.headers.get("authorization", "")
