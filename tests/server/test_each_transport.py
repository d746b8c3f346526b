"""How calls end, the same over every transport: the caller's status, one line in the log, one count, and nothing left.

The server runs in this process, so that its model can be told to wait or to fail.
"""

from __future__ import annotations

import asyncio
import json
import logging
import struct
import threading
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, fields
from typing import Any, Protocol

import grpc
import numpy as np
import pytest
from google.protobuf import json_format
from google.rpc import status_pb2
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosedError

from nvidia_ace_compat import a2f_controller_pb2_grpc, a2f_pb2, controller_pb2
from nvidia_ace_compat import audio_pb2 as their_audio_pb2
from pantomatrix.v1 import motion_pb2, motion_pb2_grpc, options_pb2
from pantomatrix_converters.motion import Motion
from pantomatrix_models.builtin.model import BuiltinModel
from pantomatrix_models.model import Push
from pantomatrix_models.registry import ModelRegistry
from pantomatrix_server.app.application import Application
from pantomatrix_server.app.limits import Limits
from pantomatrix_server.app.metrics import CALLS
from pantomatrix_server.settings import Settings
from pantomatrix_server.transports.audio2face import SERVICE, Audio2Face
from pantomatrix_server.transports.connect import ConnectCalls
from pantomatrix_server.transports.contract import contract_methods
from pantomatrix_server.transports.grpc_calls import CallInterceptor, add_methods
from pantomatrix_server.transports.web_port import WebPort
from pantomatrix_server.transports.websocket import WebSocketCalls
from service_calls import pcm

pytestmark = pytest.mark.unit

Code = grpc.StatusCode
RATE = 16000
SPEECH = 0.1 * np.sin(np.arange(2 * RATE) * 0.05)
GENERATE, STREAM = (f"pantomatrix.v1.MotionService/{name}" for name in ("GenerateMotion", "StreamMotion"))
ANIMATE = f"{SERVICE}/ProcessAudioStream"
SECRET = "secret at /home/somebody"


# ---------------------------------------------------------------------------------------------------------- the server


class MoodyModel(BuiltinModel):
    """Waits before it hears anything until `may_go`; then fails if it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.may_go, self.fails = threading.Event(), False

    def advance(self, pushes: Sequence[Push]) -> list[Motion]:
        if any(len(push.samples) for push in pushes):
            self.may_go.wait()
            if self.fails:
                raise RuntimeError(SECRET)
        return super().advance(pushes)


class Ends(logging.Handler):
    """The lines with which calls end."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[logging.LogRecord] = []
        self._loop, self._come = asyncio.get_running_loop(), asyncio.Event()

    def emit(self, record: logging.LogRecord) -> None:
        if hasattr(record, "fields"):
            self.lines.append(record)
            self._loop.call_soon_threadsafe(self._come.set)

    async def first(self) -> logging.LogRecord:
        await self._come.wait()
        return self.lines[0]


@dataclass(frozen=True)
class Server:
    grpc: str
    web: str
    model: MoodyModel
    ends: Ends


@asynccontextmanager
async def serving() -> AsyncIterator[Server]:
    """All transports of one application. At its end exactly one call has ended."""
    settings, model, ends = Settings(port=0, web_port=0, silent_caller_seconds=0.2), MoodyModel(), Ends()

    class Registry(ModelRegistry):
        def get(self, name: str) -> MoodyModel:
            return model

    limits = Limits(**{field.name: getattr(settings, field.name) for field in fields(Limits)})
    application = Application.build(Registry(), limits, None)
    methods = contract_methods(application)
    server = grpc.aio.server(interceptors=[CallInterceptor(10.0, None)])
    add_methods(server, [*methods.values(), *Audio2Face(application, "builtin", "").methods()])
    port = server.add_insecure_port("127.0.0.1:0")
    calls = ConnectCalls(methods, settings, None), WebSocketCalls(methods, settings, None)
    web = WebPort([], [route for kind in calls for route in kind.routes()], settings, None)
    log = logging.getLogger("pantomatrix")
    level = log.level
    log.addHandler(ends)
    log.setLevel(logging.INFO)
    counted = counts()
    try:
        async with asyncio.timeout(60):
            await server.start()
            yield Server(f"127.0.0.1:{port}", await web.listen(), model, ends)
    finally:
        model.may_go.set()
        await web.close()
        await server.stop(0)
        application.compute.shutdown()
        log.removeHandler(ends)
        log.setLevel(level)
    (line,) = ends.lines
    assert counts() - counted == {(line.fields["method"], line.fields["code"]): 1}  # type: ignore[attr-defined]


def counts() -> Counter[tuple[str, str]]:
    """Calls that have ended, by method and code."""
    samples = [sample for metric in CALLS.collect() for sample in metric.samples if sample.name.endswith("_total")]
    return Counter({(at.labels["method"], at.labels["code"]): int(at.value) for at in samples})


# ------------------------------------------------------------------------------------------------------- the transports


class Caller(Protocol):
    """One call of one transport."""

    method: str

    async def begin(self, server: Server, stack: AsyncExitStack, *, wrong: bool = False, seconds: float = 0) -> None:
        """Ask, with the name of something that is not there if `wrong`; `seconds`: the caller's deadline, if any."""
        ...

    async def first(self) -> None:
        """Wait for the first message."""
        ...

    async def leave(self) -> None: ...

    async def status(self) -> tuple[Code, str]:
        """What the call ends with."""
        ...


def request(wrong: bool) -> motion_pb2.GenerateMotionRequest:
    options = options_pb2.MotionOptions(speaker="nobody" if wrong else "")
    return motion_pb2.GenerateMotionRequest(options=options, audio=pcm(SPEECH))


class OverGrpc:
    method = GENERATE

    async def begin(self, server: Server, stack: AsyncExitStack, *, wrong: bool = False, seconds: float = 0) -> None:
        channel = await stack.enter_async_context(grpc.aio.insecure_channel(server.grpc))
        self._call = self._called(channel, wrong, seconds or None)

    def _called(self, channel: grpc.aio.Channel, wrong: bool, timeout: float | None) -> Any:
        return motion_pb2_grpc.MotionServiceStub(channel).GenerateMotion(request(wrong), timeout=timeout)

    async def first(self) -> None:
        assert await self._call.read() is not grpc.aio.EOF

    async def leave(self) -> None:
        self._call.cancel()

    async def status(self) -> tuple[Code, str]:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            async for _ in self._call:
                pass
        return caught.value.code(), caught.value.details() or ""


class OverAudio2Face(OverGrpc):
    method = ANIMATE

    def _called(self, channel: grpc.aio.Channel, wrong: bool, timeout: float | None) -> Any:
        params = a2f_pb2.BlendShapeParameters(bs_weight_multipliers={"JawOpn" if wrong else "JawOpen": 1.0})
        form = their_audio_pb2.AudioHeader(samples_per_second=RATE, channel_count=1, bits_per_sample=16)
        head = controller_pb2.AudioStreamHeader(audio_header=form, blendshape_params=params)
        heard = a2f_pb2.AudioWithEmotion(audio_buffer=(SPEECH * 32767).astype("<i2").tobytes())
        asked = [
            controller_pb2.AudioStream(audio_stream_header=head),
            controller_pb2.AudioStream(audio_with_emotion=heard),
            controller_pb2.AudioStream(end_of_audio=controller_pb2.AudioStream.EndOfAudio()),
        ]
        stub = a2f_controller_pb2_grpc.A2FControllerServiceStub(channel)
        return stub.ProcessAudioStream(iter(asked), timeout=timeout)


class OverWebSocket:
    """Without deadlines of the caller's: the server's own for a live caller that says nothing is taken for one."""

    method = GENERATE

    async def begin(self, server: Server, stack: AsyncExitStack, *, wrong: bool = False, seconds: float = 0) -> None:
        self.method = STREAM if seconds else GENERATE
        address = f"ws://{server.web}/{self.method}"
        self._socket = await stack.enter_async_context(connect(address, compression=None, proxy=None))
        if not seconds:
            await self._socket.send(request(wrong).SerializeToString())

    async def first(self) -> None:
        assert motion_pb2.GenerateMotionResponse.FromString(await self._socket.recv(decode=False)).HasField("header")

    async def leave(self) -> None:
        self._socket.transport.abort()

    async def status(self) -> tuple[Code, str]:
        said: list[str | bytes] = []
        with pytest.raises(ConnectionClosedError) as caught:
            while True:
                said.append(await self._socket.recv())
        told = json_format.ParseDict(json.loads(said[-1]), status_pb2.Status())
        assert caught.value.rcvd is not None
        assert caught.value.rcvd.code == 4000 + told.code
        return next(code for code in Code if code.value[0] == told.code), told.message


class OverConnect:
    method = GENERATE

    async def begin(self, server: Server, stack: AsyncExitStack, *, wrong: bool = False, seconds: float = 0) -> None:
        host, _, port = server.web.rpartition(":")
        self._reader, self._writer = await asyncio.open_connection(host, int(port))
        stack.push_async_callback(self.leave)
        content = request(wrong).SerializeToString()
        body = struct.pack(">BI", 0, len(content)) + content
        head = [f"POST /{self.method} HTTP/1.1", "Host: here", "Content-Type: application/connect+proto"]
        head += [f"Content-Length: {len(body)}", "Connect-Protocol-Version: 1"]
        head += [f"Connect-Timeout-Ms: {round(1000 * seconds)}"] if seconds else []
        self._writer.write("\r\n".join([*head, "", ""]).encode() + body)
        self._body = bytearray()

    async def first(self) -> None:
        head = await self._reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 200")
        assert (await self._message())[0] == 0

    async def leave(self) -> None:
        self._writer.close()
        await self._writer.wait_closed()

    async def status(self) -> tuple[Code, str]:
        if not self._body:
            await self._reader.readuntil(b"\r\n\r\n")
        flags = 0
        while not flags & 2:
            flags, content = await self._message()
        error = json.loads(content)["error"]
        return Code[error["code"].upper()], error.get("message", "")

    async def _message(self) -> tuple[int, bytes]:
        """Flags and content of the next."""
        await self._until(5)
        flags, length = struct.unpack_from(">BI", self._body)
        await self._until(5 + length)
        content = bytes(self._body[5 : 5 + length])
        del self._body[: 5 + length]
        return flags, content

    async def _until(self, count: int) -> None:
        """So many bytes are here: chunks, as HTTP has them."""
        while len(self._body) < count:
            size = int(await self._reader.readline(), 16)
            self._body += await self._reader.readexactly(size)
            await self._reader.readexactly(2)


@pytest.fixture(params=[OverGrpc, OverWebSocket, OverConnect, OverAudio2Face])
def caller(request: pytest.FixtureRequest) -> Caller:
    return request.param()


# ------------------------------------------------------------------------------------------------------------ the tests


def told(line: logging.LogRecord) -> tuple[str, str]:
    return line.fields["method"], line.fields["code"]  # type: ignore[attr-defined]


async def test_a_caller_that_leaves_midway(caller: Caller) -> None:
    """It ends at once, while the model computes."""
    async with serving() as server, AsyncExitStack() as stack:
        await caller.begin(server, stack)
        await caller.first()
        await caller.leave()
        line = await server.ends.first()
        assert told(line) == (caller.method, "CANCELLED")
        assert line.levelno == logging.INFO


async def test_a_deadline_that_passes(caller: Caller) -> None:
    async with serving() as server, AsyncExitStack() as stack:
        await caller.begin(server, stack, seconds=0.5)
        code, _ = await caller.status()
        assert code is Code.DEADLINE_EXCEEDED
        line = await server.ends.first()
        assert told(line) == (caller.method, "DEADLINE_EXCEEDED" if caller.method == STREAM else "CANCELLED")


async def test_an_error_that_is_known(caller: Caller) -> None:
    """The same words for the caller and in the log."""
    async with serving() as server, AsyncExitStack() as stack:
        await caller.begin(server, stack, wrong=True)
        code, message = await caller.status()
        assert code is Code.NOT_FOUND
        assert "unknown blendshape 'JawOpn'" in message or "unknown speaker of model 'builtin': 'nobody'" in message
        line = await server.ends.first()
        assert told(line) == (caller.method, "NOT_FOUND")
        assert message in line.getMessage()
        assert line.levelno == logging.INFO
        assert line.exc_info is None


async def test_an_exception_that_nobody_expected(caller: Caller) -> None:
    """The log has all of it, the caller the request's number only."""
    async with serving() as server, AsyncExitStack() as stack:
        server.model.fails = True
        server.model.may_go.set()
        await caller.begin(server, stack)
        code, message = await caller.status()
        line = await server.ends.first()
        assert (code, told(line)) == (Code.INTERNAL, (caller.method, "INTERNAL"))
        assert message == (
            f"internal error; the server's log has it as request {line.fields['request_id']}"  # type: ignore[attr-defined]
        )
        assert line.levelno == logging.ERROR
        assert line.exc_info is not None
        assert SECRET in str(line.exc_info[1])
