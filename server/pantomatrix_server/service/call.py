"""What every call has: a request id, a log line, and errors turned into statuses."""

from __future__ import annotations

import asyncio
import logging
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from contextvars import ContextVar
from typing import Any

import grpc
from google.protobuf.message import DecodeError
from google.rpc import status_pb2

from pantomatrix_converters.errors import InvalidInputError, PantomatrixError

from ..errors import OverloadedError, SlowReaderError
from ..status import STATUS_CODES, internal_status, status_of

log = logging.getLogger("pantomatrix")

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Id of the call that the current task serves."""

_DETAILS_KEY = "grpc-status-details-bin"
_REQUEST_KEY = "x-request-id"
_PUSHBACK_KEY = "grpc-retry-pushback-ms"
_CODES = {code.value[0]: code for code in grpc.StatusCode}


class CallInterceptor(grpc.aio.ServerInterceptor):
    """Wraps every handler, unary and streaming alike.

    reader_timeout_seconds: a caller that takes nothing of a stream for so long is cut off.
    """

    def __init__(self, reader_timeout_seconds: float) -> None:
        self._reader_timeout = reader_timeout_seconds

    async def intercept_service(self, continuation, handler_call_details):
        handler = await continuation(handler_call_details)
        if handler is None:
            return None
        method = handler_call_details.method.removeprefix("/")
        if handler.response_streaming:
            behavior, make = (
                (handler.stream_stream, grpc.stream_stream_rpc_method_handler)
                if handler.request_streaming
                else (handler.unary_stream, grpc.unary_stream_rpc_method_handler)
            )
            return make(
                _streaming(method, behavior, _parser(handler), self._reader_timeout), None, handler.response_serializer
            )
        behavior, make = (
            (handler.stream_unary, grpc.stream_unary_rpc_method_handler)
            if handler.request_streaming
            else (handler.unary_unary, grpc.unary_unary_rpc_method_handler)
        )
        return make(_unary(method, behavior, _parser(handler)), None, handler.response_serializer)


def _parser(handler) -> Callable[[Any], Any]:
    """From what arrives, bytes or a stream of them, to messages. grpc's own parsing would answer UNKNOWN to bytes that are
    none, so it is left out and done inside of the call."""
    deserialize = handler.request_deserializer or bytes

    def parse(data: bytes) -> Any:
        try:
            return deserialize(data)
        except DecodeError:
            raise InvalidInputError("the request is not a message of this call: its bytes do not parse") from None

    async def parse_each(stream: AsyncIterator[bytes]) -> AsyncIterator[Any]:
        async for data in stream:
            yield parse(data)

    return parse_each if handler.request_streaming else parse


def _unary(method: str, behavior, parse: Callable[[Any], Any]):
    async def wrapped(request, context):
        async with _Call(method, context):
            return await behavior(parse(request), context)

    return wrapped


def _streaming(method: str, behavior, parse: Callable[[Any], Any], reader_timeout: float):
    async def wrapped(request, context):
        async with _Call(method, context):
            result = behavior(parse(request), context)
            if hasattr(result, "__aiter__"):
                async with aclosing(result):
                    async for response in result:
                        await _write(context, response, reader_timeout)
            else:
                await result

    return wrapped


async def _write(context: grpc.aio.ServicerContext, response: Any, reader_timeout: float) -> None:
    try:
        async with asyncio.timeout(reader_timeout):
            await context.write(response)
    except TimeoutError:
        raise SlowReaderError(f"nothing of the answer was taken for {reader_timeout:g} s") from None


class _Call:
    """Gives the call its id, logs how it ended, aborts it with the status of the error that ended it."""

    def __init__(self, method: str, context: grpc.aio.ServicerContext) -> None:
        self._method, self._context = method, context
        self._id = uuid.uuid4().hex[:16]
        self._started = time.monotonic()

    async def __aenter__(self) -> None:
        request_id.set(self._id)

    async def __aexit__(self, kind, error, traceback) -> None:
        if error is None:
            self._log(logging.INFO, "OK")
        elif isinstance(error, asyncio.CancelledError):
            self._log(logging.INFO, "CANCELLED")
        elif isinstance(error, PantomatrixError):
            self._log(logging.INFO, f"{STATUS_CODES[type(error)].name}: {error}")
            await self._abort(status_of(error, self._id), error)
        elif isinstance(error, Exception) and not isinstance(error, grpc.aio.AbortError):
            log.error("%s %s failed", self._method, self._id, exc_info=error)
            await self._abort(internal_status(self._id), error)

    def _log(self, level: int, outcome: str) -> None:
        log.log(level, "%s %s %.0f ms %s", self._method, self._id, 1000 * (time.monotonic() - self._started), outcome)

    async def _abort(self, status: status_pb2.Status, error: Exception) -> None:
        trailers = [(_DETAILS_KEY, status.SerializeToString()), (_REQUEST_KEY, self._id)]
        if isinstance(error, OverloadedError):
            trailers.append((_PUSHBACK_KEY, str(round(error.retry_after_seconds * 1000))))
        await self._context.abort(_CODES[status.code], status.message, trailing_metadata=tuple(trailers))
