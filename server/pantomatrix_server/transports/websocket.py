"""The calls of the contract over WebSockets, for engines and browsers without gRPC. Framing: docs/reference/contract.md."""

from __future__ import annotations

import asyncio
import logging
import re
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from typing import Any

from google.protobuf import json_format
from google.protobuf.message import DecodeError, Message
from google.rpc import status_pb2
from websockets.asyncio.server import Server, ServerConnection
from websockets.asyncio.server import serve as serve_websockets
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin, Subprotocol

from pantomatrix_converters.errors import InvalidInputError, UnknownNameError
from pantomatrix_models.errors import StartError

from ..errors import SlowReaderError
from ..settings import Settings
from .call import Authorize, CallFailed, served_call
from .contract import Method

SUBPROTOCOL = "pantomatrix.v1"
_TOKEN_SUBPROTOCOL = "pantomatrix.bearer."
_library_log = logging.getLogger("websockets.server")
_library_log.setLevel(logging.CRITICAL)  # broken handshakes of callers are not errors of this server
_CLOSE_CODE = 4000
"""The gRPC status' number is added to it."""
_MOST_REASON_BYTES = 123
LOCAL_ORIGINS = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:\d+)?")
"""Web pages of this machine, which may always call."""
_WRITE_BUFFER_BYTES = 1 << 16
_READ_QUEUE = 16


class WebSocketCalls:
    """One connection, one call."""

    def __init__(self, methods: Mapping[str, Method], settings: Settings, authorize: Authorize | None) -> None:
        self._methods, self._settings, self._authorize = methods, settings, authorize

    async def listen(self, context: ssl.SSLContext | None) -> Server:
        """Raises StartError."""
        settings = self._settings
        origins: list[Origin | re.Pattern[str] | None] = [None, LOCAL_ORIGINS]
        try:
            return await serve_websockets(
                self._serve,
                settings.host,
                settings.websocket_port,
                ssl=context,
                origins=[*origins, *map(Origin, settings.websocket_origins)],
                select_subprotocol=_subprotocol,
                compression=None,
                max_size=settings.max_message_bytes,
                max_queue=_READ_QUEUE,
                write_limit=_WRITE_BUFFER_BYTES,
                close_timeout=2,
                logger=_library_log,
                reuse_port=settings.workers > 1 or None,
            )
        except OSError as error:
            raise StartError(f"cannot listen on {settings.host}:{settings.websocket_port}: {error.strerror}") from None

    async def _serve(self, socket: ServerConnection) -> None:
        assert socket.request is not None
        path = socket.request.path.removeprefix("/")
        method = self._methods.get(path)
        peer = str(socket.remote_address[0]) if socket.remote_address else ""
        headers = {key.lower(): value for key, value in socket.request.headers.raw_items()}
        name = "unknown" if method is None else method.path
        try:
            with served_call(name, f"websocket:{peer}", headers, self._authorize, _authorization(socket)):
                if method is None:
                    raise UnknownNameError("path", f"/{path}", [f"/{known}" for known in self._methods])
                try:
                    await self._answer(socket, method)
                except ConnectionClosed:
                    raise asyncio.CancelledError from None
        except CallFailed as failed:
            await _refuse(socket, failed.status)
        except asyncio.CancelledError:
            if not socket.state.name.startswith("CLOS"):
                raise

    async def _answer(self, socket: ServerConnection, method: Method) -> None:
        requests = _requests(socket, method)
        responses = method.answer(requests if method.many_requests else await anext(requests))
        async with aclosing(responses):
            gone = asyncio.create_task(socket.wait_closed())
            try:
                async for response in _until(gone, responses):
                    await self._send(socket, response)
            finally:
                gone.cancel()

    async def _send(self, socket: ServerConnection, response: Message) -> None:
        seconds = self._settings.reader_timeout_seconds
        try:
            async with asyncio.timeout(seconds):
                await socket.send(response.SerializeToString())
        except TimeoutError:
            raise SlowReaderError(f"nothing of the answer was taken for {seconds:g} s") from None


async def _until(gone: asyncio.Task, responses: AsyncIterator[Message]) -> AsyncIterator[Message]:
    """Responses as long as the caller is there, who may leave while the next one is computed."""
    while True:
        following = asyncio.ensure_future(anext(responses, None))
        await asyncio.wait((gone, following), return_when=asyncio.FIRST_COMPLETED)
        if not following.done():
            following.cancel()
            await asyncio.wait((following,))
            raise asyncio.CancelledError
        response = following.result()
        if response is None:
            return
        yield response


async def _requests(socket: ServerConnection, method: Method) -> AsyncIterator[Message]:
    """Binary messages as requests; of a call with many, an empty one closes the caller's side."""
    async for data in socket:
        if isinstance(data, str):
            raise InvalidInputError("a text message came, expected binary ones: a serialized request each")
        if method.many_requests and not data:
            return
        try:
            yield method.request.FromString(data)
        except DecodeError:
            raise InvalidInputError("the request is not a message of this call: its bytes do not parse") from None


async def _refuse(socket: ServerConnection, status: status_pb2.Status) -> None:
    """The status as a text message, then the connection is closed with its number."""
    reason = status.message.encode()[:_MOST_REASON_BYTES].decode(errors="ignore")
    try:
        await socket.send(json_format.MessageToJson(status, indent=None))
        await socket.close(_CLOSE_CODE + status.code, reason)
    except ConnectionClosed:
        pass


def _authorization(socket: ServerConnection) -> str:
    """From the header, or from a subprotocol, since browsers cannot set headers."""
    assert socket.request is not None
    given = socket.request.headers.get("Authorization", "")
    for offered in ",".join(socket.request.headers.get_all("Sec-WebSocket-Protocol")).split(","):
        if not given and offered.strip().startswith(_TOKEN_SUBPROTOCOL):
            given = f"Bearer {offered.strip().removeprefix(_TOKEN_SUBPROTOCOL)}"
    return given


def _subprotocol(socket: ServerConnection, offered: Any) -> Subprotocol | None:
    del socket
    return Subprotocol(SUBPROTOCOL) if SUBPROTOCOL in offered else None
