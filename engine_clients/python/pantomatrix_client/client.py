"""The clients, sync and async."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar, Unpack
from weakref import WeakSet

import grpc
from numpy.typing import DTypeLike

from pantomatrix.v1 import catalog_pb2, catalog_pb2_grpc, motion_pb2_grpc

from .async_live import AsyncLiveMotion
from .errors import TRY_THE_NEXT, ServerError, all_of, closed_error, cut_off, server_error
from .live import LiveMotion
from .live_messages import LiveSpeech
from .lookout import RECONNECT_SECONDS
from .motion import FrameBlock, Header, Motion, join
from .options import Options
from .request import Delivery, FrameEncoding, Speech, generate_request
from .servers import Servers

T = TypeVar("T")

DEFAULT_TIMEOUT_SECONDS = 600.0


class Client:
    """A connection to a server, for use from one or several threads.

    address: "host:port", or several, which are tried in turn. timeout_seconds: of each call. A server that is not there yet
    is tried four times.
    token: where the server wants one. tls: True to trust whom this machine trusts, or a PEM file of the authority's.
    identity: paths of a certificate and its key, where the server wants one. frame_encoding: how frames come over the
    network: "float32", "float16", or "compact", which takes a third of the bytes (see FrameEncoding in frames.proto).
    """

    def __init__(
        self,
        address: str | Sequence[str],
        *,
        timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS,
        token: str = "",
        tls: bool | str | Path = False,
        identity: tuple[str | Path, str | Path] | None = None,
        frame_encoding: FrameEncoding = "float32",
    ) -> None:
        self._servers = Servers.at(address, token, tls, identity)
        self._encoding: FrameEncoding = frame_encoding
        self._call: dict[str, Any] = {"timeout": timeout_seconds, "metadata": self._servers.metadata}
        self._channels = {one: self._servers.channel(grpc, one) for one in self._servers.addresses}
        self._live: WeakSet[LiveMotion] = WeakSet()
        self._closed = False

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """End the connections and the calls under way."""
        self._closed = True
        for live in tuple(self._live):
            live.cancel()
        for channel in self._channels.values():
            channel.close()

    def _at_first(self, call: Callable[[Any, str], T]) -> T:
        """At the first address where somebody answers and has room. Raises ServerError."""
        failed = []
        for address, channel in self._channels.items():
            if self._closed:
                raise closed_error()
            try:
                return call(channel, address)
            except ServerError as error:
                failed.append(error)
                if error.code not in TRY_THE_NEXT:
                    break
        raise all_of(failed)

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
        request = generate_request(speech, options, Delivery(self._encoding, labels or {}))

        def opened(channel: Any, address: str) -> MotionStream:
            return MotionStream(
                motion_pb2_grpc.MotionServiceStub(channel).GenerateMotion(request, **self._call), address
            )

        return self._at_first(opened)

    def live(
        self,
        sample_rate_hz: int,
        *,
        dtype: DTypeLike = "int16",
        channels: int = 1,
        look_ahead_seconds: float | None = None,
        hop_seconds: float | None = None,
        max_ahead_seconds: float | None = None,
        reconnect_seconds: float = RECONNECT_SECONDS,
        labels: Mapping[str, str] | None = None,
        **options: Unpack[Options],
    ) -> LiveMotion:
        """A live stream of speech in samples of this rate and type (int16 or float32), without a time limit.

        look_ahead_seconds, hop_seconds: None for the model's own. max_ahead_seconds: how far frames may be ahead of the
        listener; 0 for as soon as they are made. See StreamStart in motion.proto. reconnect_seconds: how long another server
        is looked for where this one is lost; 0: the stream then ends. labels: words that come back in the header.
        Raises ServerError.
        """
        speech = LiveSpeech(sample_rate_hz, dtype, channels, look_ahead_seconds, hop_seconds, max_ahead_seconds)
        first = speech.start_request(options, Delivery(self._encoding, labels or {}))

        def opened(channel: Any, address: str) -> LiveMotion:
            seconds = self._servers.open_seconds(address, self._call["timeout"])
            return LiveMotion(self._servers, channel, address, first, speech, reconnect_seconds, seconds)

        live = self._at_first(opened)
        self._live.add(live)
        return live

    def catalog(self) -> catalog_pb2.GetCatalogResponse:
        """What the server can do. Raises ServerError."""

        def asked(channel: Any, address: str) -> catalog_pb2.GetCatalogResponse:
            try:
                return catalog_pb2_grpc.CatalogServiceStub(channel).GetCatalog(
                    catalog_pb2.GetCatalogRequest(), **self._call
                )
            except grpc.RpcError as error:
                raise server_error(error, address) from None

        return self._at_first(asked)


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
        address: str | Sequence[str],
        *,
        timeout_seconds: float = DEFAULT_TIMEOUT_SECONDS,
        token: str = "",
        tls: bool | str | Path = False,
        identity: tuple[str | Path, str | Path] | None = None,
        frame_encoding: FrameEncoding = "float32",
    ) -> None:
        self._servers = Servers.at(address, token, tls, identity)
        self._encoding: FrameEncoding = frame_encoding
        self._call: dict[str, Any] = {"timeout": timeout_seconds, "metadata": self._servers.metadata}
        self._channels = {one: self._servers.channel(grpc.aio, one) for one in self._servers.addresses}
        self._live: WeakSet[AsyncLiveMotion] = WeakSet()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *error: object) -> None:
        await self.close()

    async def close(self) -> None:
        """End the connections and the calls under way."""
        for live in tuple(self._live):
            live.cancel()
        for channel in self._channels.values():
            await channel.close()

    async def _at_first(self, call: Callable[[Any, str], Awaitable[T]]) -> T:
        """See Client."""
        failed = []
        for address, channel in self._channels.items():
            try:
                return await call(channel, address)
            except ServerError as error:
                failed.append(error)
                if error.code not in TRY_THE_NEXT:
                    break
        raise all_of(failed)

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
        request = generate_request(speech, options, Delivery(self._encoding, labels or {}))

        async def opened(channel: Any, address: str) -> AsyncMotionStream:
            call = motion_pb2_grpc.MotionServiceStub(channel).GenerateMotion(request, **self._call)
            return await AsyncMotionStream.open(call, address)

        return await self._at_first(opened)

    def live(
        self,
        sample_rate_hz: int,
        *,
        dtype: DTypeLike = "int16",
        channels: int = 1,
        look_ahead_seconds: float | None = None,
        hop_seconds: float | None = None,
        max_ahead_seconds: float | None = None,
        reconnect_seconds: float = RECONNECT_SECONDS,
        labels: Mapping[str, str] | None = None,
        **options: Unpack[Options],
    ) -> AsyncLiveMotion:
        """A live stream of speech in samples of this rate and type (int16 or float32), without a time limit.

        look_ahead_seconds, hop_seconds: None for the model's own. max_ahead_seconds: how far frames may be ahead of the
        listener; 0 for as soon as they are made. See StreamStart in motion.proto. reconnect_seconds: how long another server
        is looked for where this one is lost; 0: the stream then ends. labels: words that come back in the header.
        Use it by `async with`, which raises ServerError.
        """
        speech = LiveSpeech(sample_rate_hz, dtype, channels, look_ahead_seconds, hop_seconds, max_ahead_seconds)
        first = speech.start_request(options, Delivery(self._encoding, labels or {}))
        live = AsyncLiveMotion(self._servers, self._channels, first, speech, reconnect_seconds, self._call["timeout"])
        self._live.add(live)
        return live

    async def catalog(self) -> catalog_pb2.GetCatalogResponse:
        """What the server can do. Raises ServerError."""

        async def asked(channel: Any, address: str) -> catalog_pb2.GetCatalogResponse:
            try:
                return await catalog_pb2_grpc.CatalogServiceStub(channel).GetCatalog(
                    catalog_pb2.GetCatalogRequest(), **self._call
                )
            except grpc.RpcError as error:
                raise server_error(error, address) from None

        return await self._at_first(asked)


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
