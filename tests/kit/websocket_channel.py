"""A client of the WebSocket transport that looks like grpc's to the tests of StreamMotion.

One thread does all its sockets: a TLS connection of Python 3.11 loses bytes where two threads use it at once, as the library's
own threaded client does (9 of 1673 handshakes over TLS 1.3 never ended).
"""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Coroutine, Iterable, Iterator
from functools import cache
from typing import TypeVar

import grpc
from google.protobuf import json_format
from google.rpc import error_details_pb2, status_pb2
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, ConnectionClosedError

from pantomatrix.v1 import motion_pb2, motion_pb2_grpc

PATH = "/pantomatrix.v1.MotionService/StreamMotion"
_Result = TypeVar("_Result")
_CODES = {code.value[0]: code for code in grpc.StatusCode}


@cache
def _loop() -> asyncio.AbstractEventLoop:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="loop of websocket_channel", daemon=True).start()
    return loop


def _wait_for(work: Coroutine[None, None, _Result]) -> _Result:
    return asyncio.run_coroutine_threadsafe(work, _loop()).result()


class WebSocketChannel:
    """Streams over WebSockets, all other calls over a gRPC channel to the same server."""

    def __init__(self, address: str, channel: grpc.Channel, **connecting) -> None:
        self.address, self._channel, self.connecting = address, channel, connecting

    def __getattr__(self, name: str):
        return getattr(self._channel, name)


class WebSocketError(grpc.RpcError):
    """A status as it came: a text message, and the close code."""

    def __init__(self, text: str, close_code: int, reason: str) -> None:
        super().__init__(text)
        self.status = json_format.ParseDict(json.loads(text), status_pb2.Status())
        assert close_code == 4000 + self.status.code
        assert self.status.message.startswith(reason)

    def code(self) -> grpc.StatusCode:
        return _CODES[self.status.code]

    def details(self) -> str:
        return self.status.message

    def trailing_metadata(self) -> list[tuple[str, str | bytes]]:
        info = error_details_pb2.ErrorInfo()
        self.status.details[0].Unpack(info)
        return [
            ("grpc-status-details-bin", self.status.SerializeToString()),
            ("x-request-id", info.metadata["request_id"]),
        ]


class WebSocketStream:
    """One StreamMotion call."""

    def __init__(self, channel: WebSocketChannel, requests: Iterable[motion_pb2.StreamMotionRequest], timeout: float):
        self._socket = _wait_for(self._connected(f"{channel.address}{PATH}", channel.connecting))
        self._timeout, self._status = timeout, ""
        threading.Thread(target=self._send, args=(requests,), daemon=True).start()

    async def _connected(self, address: str, connecting: dict) -> ClientConnection:
        return await connect(address, compression=None, max_size=None, proxy=None, **connecting)

    def _send(self, requests: Iterable[motion_pb2.StreamMotionRequest]) -> None:
        try:
            for request in requests:
                _wait_for(self._socket.send(request.SerializeToString()))
            _wait_for(self._socket.send(b""))
        except ConnectionClosed:
            pass

    def __iter__(self) -> Iterator[motion_pb2.StreamMotionResponse]:
        return self

    def __next__(self) -> motion_pb2.StreamMotionResponse:
        try:
            data = _wait_for(asyncio.wait_for(self._socket.recv(), self._timeout))
        except ConnectionClosedError as error:
            assert error.rcvd is not None
            raise WebSocketError(self._status, error.rcvd.code, error.rcvd.reason) from None
        except ConnectionClosed:
            raise StopIteration from None
        if isinstance(data, str):
            self._status = data
            return next(self)
        response = motion_pb2.StreamMotionResponse.FromString(data)
        if response.HasField("summary"):
            _wait_for(self._socket.close())
        return response

    def cancel(self) -> None:
        _loop().call_soon_threadsafe(self._socket.transport.abort)


def stream_motion(channel, requests: Iterable[motion_pb2.StreamMotionRequest], timeout: float):
    """StreamMotion over whatever the channel is."""
    if isinstance(channel, WebSocketChannel):
        return WebSocketStream(channel, requests, timeout)
    return motion_pb2_grpc.MotionServiceStub(channel).StreamMotion(iter(requests), timeout=timeout)
