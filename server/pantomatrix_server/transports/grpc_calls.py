"""gRPC calls: every handler wrapped, errors turned into statuses."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import aclosing
from typing import Any

import grpc
from google.protobuf.message import DecodeError
from google.rpc import status_pb2

from pantomatrix_converters.errors import InvalidInputError

from ..errors import OverloadedError, SlowReaderError
from ..tokens import Tokens
from .call import Call

_DETAILS_KEY = "grpc-status-details-bin"
_REQUEST_KEY = "x-request-id"
_PUSHBACK_KEY = "grpc-retry-pushback-ms"
_CODES = {code.value[0]: code for code in grpc.StatusCode}


class CallInterceptor(grpc.aio.ServerInterceptor):
    """Wraps every handler, unary and streaming alike.

    reader_timeout_seconds: a caller that takes nothing of a stream for so long is cut off. tokens: one of them is needed for
    all but health.
    """

    def __init__(self, reader_timeout_seconds: float, tokens: Tokens | None) -> None:
        self._reader_timeout, self._tokens = reader_timeout_seconds, tokens

    async def intercept_service(self, continuation, handler_call_details):
        handler = await continuation(handler_call_details)
        if handler is None:
            return None
        method = handler_call_details.method.removeprefix("/")
        tokens = None if method.startswith("grpc.health.") else self._tokens
        if handler.response_streaming:
            behavior, make = (
                (handler.stream_stream, grpc.stream_stream_rpc_method_handler)
                if handler.request_streaming
                else (handler.unary_stream, grpc.unary_stream_rpc_method_handler)
            )
            wrapped = _streaming(method, tokens, behavior, _parser(handler), self._reader_timeout)
            return make(wrapped, None, handler.response_serializer)
        behavior, make = (
            (handler.stream_unary, grpc.stream_unary_rpc_method_handler)
            if handler.request_streaming
            else (handler.unary_unary, grpc.unary_unary_rpc_method_handler)
        )
        return make(_unary(method, tokens, behavior, _parser(handler)), None, handler.response_serializer)


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


def _unary(method: str, tokens: Tokens | None, behavior, parse: Callable[[Any], Any]):
    async def wrapped(request, context):
        async with _Answered(method, context, tokens):
            return await behavior(parse(request), context)

    return wrapped


def _streaming(method: str, tokens: Tokens | None, behavior, parse: Callable[[Any], Any], reader_timeout: float):
    async def wrapped(request, context):
        async with _Answered(method, context, tokens):
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


class _Answered:
    """Lets the caller in, and aborts the call with the status of the error that ended it."""

    def __init__(self, method: str, context: grpc.aio.ServicerContext, tokens: Tokens | None) -> None:
        self._method, self._context, self._tokens = method, context, tokens

    async def __aenter__(self) -> None:
        metadata = {key: str(value) for key, value in self._context.invocation_metadata() or ()}
        self._call = Call(self._method, re.sub(r":\d+$", "", self._context.peer()), metadata)
        if self._tokens is not None:
            try:
                self._call.authenticate(self._tokens, metadata.get("authorization", ""))
            except Exception as error:
                await self.__aexit__(type(error), error, None)
                raise

    async def __aexit__(self, kind, error, traceback) -> None:
        if isinstance(error, grpc.aio.AbortError):
            return
        status = self._call.ended(error)
        if status is not None:
            await self._abort(status, error)

    async def _abort(self, status: status_pb2.Status, error: Exception) -> None:
        trailers = [(_DETAILS_KEY, status.SerializeToString()), (_REQUEST_KEY, self._call.id)]
        if isinstance(error, OverloadedError):
            trailers.append((_PUSHBACK_KEY, str(round(error.retry_after_seconds * 1000))))
        await self._context.abort(_CODES[status.code], status.message, trailing_metadata=tuple(trailers))
