"""The clients, sync and async."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator, Mapping
from pathlib import Path
from typing import Any, Unpack

import grpc
from numpy.typing import DTypeLike

from pantomatrix.v1 import catalog_pb2, catalog_pb2_grpc, motion_pb2_grpc

from .errors import cut_off, server_error
from .live import AsyncLiveMotion, LiveMotion, LiveSpeech
from .motion import FrameBlock, Header, Motion, join
from .options import Options
from .request import Delivery, FrameEncoding, Speech, generate_request

_SERVICE_CONFIG = {
    "methodConfig": [
        {
            "name": [{"service": "pantomatrix.v1.MotionService"}, {"service": "pantomatrix.v1.CatalogService"}],
            "retryPolicy": {
                "maxAttempts": 4,
                "initialBackoff": "0.2s",
                "maxBackoff": "3s",
                "backoffMultiplier": 2,
                "retryableStatusCodes": ["UNAVAILABLE"],
            },
        }
    ]
}
_CHANNEL_OPTIONS = [
    ("grpc.service_config", json.dumps(_SERVICE_CONFIG)),
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
    # A network that is gone is noticed within 12 s; without this only when the system gives up sending.
    ("grpc.keepalive_time_ms", 10_000),
    ("grpc.keepalive_timeout_ms", 2_000),
]
_THIS_MACHINE = ("localhost", "127.", "[::1]", "::1", "unix:")
DEFAULT_TIMEOUT_SECONDS = 600.0


def _channel(library: Any, address: str, tls: bool | str | Path, identity: tuple[str | Path, str | Path] | None) -> Any:
    """library: grpc or grpc.aio."""
    # A proxy of the network's does not know this machine's own addresses.
    proxy = ("grpc.enable_http_proxy", int(not address.startswith(_THIS_MACHINE)))
    options = [*_CHANNEL_OPTIONS, proxy]
    if not tls:
        return library.insecure_channel(address, options=options)
    root = None if tls is True else Path(tls).read_bytes()
    certificate, key = (Path(path).read_bytes() for path in identity) if identity else (None, None)
    credentials = grpc.ssl_channel_credentials(root, key, certificate)
    return library.secure_channel(address, credentials, options=options)


def _metadata(token: str) -> tuple[tuple[str, str], ...]:
    return (("authorization", f"Bearer {token}"),) if token else ()


class Client:
    """A connection to a server, for use from one or several threads.

    address: "host:port". timeout_seconds: of each call. A server that is not there yet is tried four times.
    token: where the server wants one. tls: True to trust whom this machine trusts, or a PEM file of the authority's.
    identity: paths of a certificate and its key, where the server wants one. frame_encoding: how frames come over the
    network: "float32", "float16", or "compact", which takes a third of the bytes (see FrameEncoding in frames.proto).
    """

    def __init__(
        self,
        address: str,
        *,
        timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS,
        token: str = "",
        tls: bool | str | Path = False,
        identity: tuple[str | Path, str | Path] | None = None,
        frame_encoding: FrameEncoding = "float32",
    ) -> None:
        self._address = address
        self._encoding: FrameEncoding = frame_encoding
        self._call: dict[str, Any] = {"timeout": timeout_seconds, "metadata": _metadata(token)}
        self._channel = _channel(grpc, address, tls, identity)

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connection and the calls under way."""
        self._channel.close()

    def generate(
        self, speech: Speech, *, labels: Mapping[str, str] | None = None, **options: Unpack[Options]
    ) -> Motion:
        """The motion of a whole clip. labels: words that come back in the motion's header. Raises ServerError."""
        with self.stream(speech, labels=labels, **options) as stream:
            return stream.motion()

    def stream(
        self, speech: Speech, *, labels: Mapping[str, str] | None = None, **options: Unpack[Options]
    ) -> MotionStream:
        """The motion of a clip, block after block while later ones are computed. Raises ServerError."""
        call = motion_pb2_grpc.MotionServiceStub(self._channel).GenerateMotion(
            generate_request(speech, options, Delivery(self._encoding, labels or {})), **self._call
        )
        return MotionStream(call, self._address)

    def live(
        self,
        sample_rate_hz: int,
        *,
        dtype: DTypeLike = "int16",
        channels: int = 1,
        look_ahead_seconds: float | None = None,
        hop_seconds: float | None = None,
        max_ahead_seconds: float | None = None,
        labels: Mapping[str, str] | None = None,
        **options: Unpack[Options],
    ) -> LiveMotion:
        """A live stream of speech in samples of this rate and type (int16 or float32), without a time limit.

        look_ahead_seconds, hop_seconds: None for the model's own. max_ahead_seconds: how far frames may be ahead of the
        listener; 0 for as soon as they are made. See StreamStart in motion.proto. labels: words that come back in the header.
        Raises ServerError.
        """
        speech = LiveSpeech(sample_rate_hz, dtype, channels, look_ahead_seconds, hop_seconds, max_ahead_seconds)
        first = speech.start_request(options, Delivery(self._encoding, labels or {}))
        stub = motion_pb2_grpc.MotionServiceStub(self._channel)
        return LiveMotion(stub, first, speech, self._address, {"metadata": self._call["metadata"]})

    def catalog(self) -> catalog_pb2.GetCatalogResponse:
        """What the server can do. Raises ServerError."""
        try:
            request = catalog_pb2.GetCatalogRequest()
            return catalog_pb2_grpc.CatalogServiceStub(self._channel).GetCatalog(request, **self._call)
        except grpc.RpcError as error:
            raise server_error(error, self._address) from None


class MotionStream:
    """Blocks of frames as they come. `header` is there at once; iterate, or take all by `motion()`."""

    def __init__(self, call, address: str) -> None:
        self._call, self._address = call, address
        self._blocks: list[FrameBlock] = []
        self._summary = None
        self._given_up = False
        first = self._read()
        if first is None:
            raise cut_off("the motion")
        self.header = Header.from_message(first.header)

    def __enter__(self) -> MotionStream:
        return self

    def __exit__(self, *error: object) -> None:
        self.cancel()

    def __iter__(self) -> Iterator[FrameBlock]:
        while (response := self._read()) is not None:
            if response.WhichOneof("message") == "frames":
                block = FrameBlock.from_message(response.frames, self.header)
                self._blocks.append(block)
                yield block
            else:
                self._summary = response.summary

    def motion(self) -> Motion:
        """The whole clip; reads what has not been read yet. Raises ServerError."""
        for _ in self:
            pass
        if self._summary is None:
            raise cut_off("the motion")
        return join(self.header, self._blocks, self._summary)

    def cancel(self) -> None:
        """Stop: the server computes no further."""
        self._given_up = True
        self._call.cancel()

    def _read(self):
        try:
            return next(self._call, None)
        except grpc.RpcError as error:
            raise server_error(error, self._address, given_up=self._given_up) from None


class AsyncClient:
    """`Client` for asyncio."""

    def __init__(
        self,
        address: str,
        *,
        timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS,
        token: str = "",
        tls: bool | str | Path = False,
        identity: tuple[str | Path, str | Path] | None = None,
        frame_encoding: FrameEncoding = "float32",
    ) -> None:
        self._address = address
        self._encoding: FrameEncoding = frame_encoding
        self._call: dict[str, Any] = {"timeout": timeout_seconds, "metadata": _metadata(token)}
        self._channel = _channel(grpc.aio, address, tls, identity)

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    async def close(self) -> None:
        """End the connection and the calls under way."""
        await self._channel.close()

    async def generate(
        self, speech: Speech, *, labels: Mapping[str, str] | None = None, **options: Unpack[Options]
    ) -> Motion:
        """The motion of a whole clip. labels: words that come back in the motion's header. Raises ServerError."""
        stream = await self.stream(speech, labels=labels, **options)
        try:
            return await stream.motion()
        finally:
            stream.cancel()

    async def stream(
        self, speech: Speech, *, labels: Mapping[str, str] | None = None, **options: Unpack[Options]
    ) -> AsyncMotionStream:
        """The motion of a clip, block after block while later ones are computed. Raises ServerError."""
        call = motion_pb2_grpc.MotionServiceStub(self._channel).GenerateMotion(
            generate_request(speech, options, Delivery(self._encoding, labels or {})), **self._call
        )
        return await AsyncMotionStream.open(call, self._address)

    def live(
        self,
        sample_rate_hz: int,
        *,
        dtype: DTypeLike = "int16",
        channels: int = 1,
        look_ahead_seconds: float | None = None,
        hop_seconds: float | None = None,
        max_ahead_seconds: float | None = None,
        labels: Mapping[str, str] | None = None,
        **options: Unpack[Options],
    ) -> AsyncLiveMotion:
        """A live stream of speech in samples of this rate and type (int16 or float32), without a time limit.

        look_ahead_seconds, hop_seconds: None for the model's own. max_ahead_seconds: how far frames may be ahead of the
        listener; 0 for as soon as they are made. See StreamStart in motion.proto. labels: words that come back in the header.
        Use it by `async with`,
        which raises ServerError.
        """
        speech = LiveSpeech(sample_rate_hz, dtype, channels, look_ahead_seconds, hop_seconds, max_ahead_seconds)
        first = speech.start_request(options, Delivery(self._encoding, labels or {}))
        stub = motion_pb2_grpc.MotionServiceStub(self._channel)
        return AsyncLiveMotion(stub, first, speech, self._address, {"metadata": self._call["metadata"]})

    async def catalog(self) -> catalog_pb2.GetCatalogResponse:
        """What the server can do. Raises ServerError."""
        try:
            request = catalog_pb2.GetCatalogRequest()
            return await catalog_pb2_grpc.CatalogServiceStub(self._channel).GetCatalog(request, **self._call)
        except grpc.RpcError as error:
            raise server_error(error, self._address) from None


class AsyncMotionStream:
    """`MotionStream` for asyncio."""

    def __init__(self, call, responses, address: str, header: Header) -> None:
        self._call, self._responses, self._address, self.header = call, responses, address, header
        self._blocks: list[FrameBlock] = []
        self._summary = None

    @classmethod
    async def open(cls, call, address: str) -> AsyncMotionStream:
        """Wait for the header."""
        responses = aiter(call)
        try:
            first = await anext(responses)
        except grpc.RpcError as error:
            raise server_error(error, address) from None
        except StopAsyncIteration:
            raise cut_off("the motion") from None
        return cls(call, responses, address, Header.from_message(first.header))

    async def __aiter__(self) -> AsyncIterator[FrameBlock]:
        try:
            async for response in self._responses:
                if response.WhichOneof("message") == "frames":
                    block = FrameBlock.from_message(response.frames, self.header)
                    self._blocks.append(block)
                    yield block
                else:
                    self._summary = response.summary
        except grpc.RpcError as error:
            raise server_error(error, self._address) from None

    async def motion(self) -> Motion:
        """The whole clip; reads what has not been read yet. Raises ServerError."""
        async for _ in self:
            pass
        if self._summary is None:
            raise cut_off("the motion")
        return join(self.header, self._blocks, self._summary)

    def cancel(self) -> None:
        """Stop: the server computes no further."""
        self._call.cancel()
