"""gRPC calls: every handler wrapped, errors turned into statuses."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import aclosing, asynccontextmanager
from typing import Any

import grpc
from google.protobuf.message import DecodeError

from pantomatrix_converters.errors import InvalidInputError

from ..errors import OverloadedError, SlowReaderError
from .call import Authorize, CallFailed, served_call
from .contract import Method, only_response

_DETAILS_KEY = "grpc-status-details-bin"
_REQUEST_KEY = "x-request-id"
_PUSHBACK_KEY = "grpc-retry-pushback-ms"
_CODES = {code.value[0]: code for code in grpc.StatusCode}


def add_methods(server: grpc.aio.Server, methods: Iterable[Method]) -> None:
    """Serve these calls. The interceptor gives them their life; gRPC's context is left out."""
    services: dict[str, dict[str, grpc.RpcMethodHandler]] = {}
    for method in methods:
        service, _, name = method.path.partition("/")
        services.setdefault(service, {})[name] = _handler(method)
    handlers = [grpc.method_handlers_generic_handler(service, calls) for service, calls in services.items()]
    server.add_generic_rpc_handlers(tuple(handlers))


def _handler(method: Method) -> grpc.RpcMethodHandler:
    codecs = {
        "request_deserializer": method.request.FromString,
        "response_serializer": method.response.SerializeToString,
    }
    if not method.many_responses:
        return grpc.unary_unary_rpc_method_handler(lambda request, _: only_response(method, request), **codecs)
    kind = grpc.stream_stream_rpc_method_handler if method.many_requests else grpc.unary_stream_rpc_method_handler
    return kind(lambda request, _: method.answer(request), **codecs)


class CallInterceptor(grpc.aio.ServerInterceptor):
    """Wraps every handler, unary and streaming alike.

    reader_timeout_seconds: a caller that takes nothing of a stream for so long is cut off. authorize: who may call anything
    but health.
    """

    def __init__(self, reader_timeout_seconds: float, authorize: Authorize | None) -> None:
        self._reader_timeout, self._authorize = reader_timeout_seconds, authorize

    async def intercept_service(self, continuation, handler_call_details):
        handler = await continuation(handler_call_details)
        if handler is None:
            return None
        method = handler_call_details.method.removeprefix("/")
        authorize = None if method.startswith("grpc.health.") else self._authorize
        if handler.response_streaming:
            behavior, make = (
                (handler.stream_stream, grpc.stream_stream_rpc_method_handler)
                if handler.request_streaming
                else (handler.unary_stream, grpc.unary_stream_rpc_method_handler)
            )
            wrapped = _streaming(method, authorize, behavior, _parser(handler), self._reader_timeout)
            return make(wrapped, None, handler.response_serializer)
        behavior, make = (
            (handler.stream_unary, grpc.stream_unary_rpc_method_handler)
            if handler.request_streaming
            else (handler.unary_unary, grpc.unary_unary_rpc_method_handler)
        )
        return make(_unary(method, authorize, behavior, _parser(handler)), None, handler.response_serializer)


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


def _unary(method: str, authorize: Authorize | None, behavior, parse: Callable[[Any], Any]):
    async def wrapped(request, context):
        async with _answered(method, context, authorize):
            return await behavior(parse(request), context)

    return wrapped


def _streaming(method: str, authorize: Authorize | None, behavior, parse: Callable[[Any], Any], reader_timeout: float):
    async def wrapped(request, context):
        async with _answered(method, context, authorize):
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
    except grpc.aio.InternalError:
        # The call ended while this was being sent, by its deadline or its connection; grpc cancels it a moment later.
        raise asyncio.CancelledError from None


@asynccontextmanager
async def _answered(method: str, context: grpc.aio.ServicerContext, authorize: Authorize | None) -> AsyncIterator[None]:
    """Lets the caller in, and aborts the call with the status that ends it."""
    metadata = {key: str(value) for key, value in context.invocation_metadata() or ()}
    peer = re.sub(r":\d+$", "", context.peer())
    aborted = None
    try:
        with served_call(method, peer, metadata, authorize, metadata.get("authorization", "")) as call_id:
            context.set_trailing_metadata(((_REQUEST_KEY, call_id),))
            try:
                yield
            except grpc.aio.AbortError as error:  # by a service of grpc's own, which has told the caller
                aborted = error
    except CallFailed as failed:
        trailers = [(_DETAILS_KEY, failed.status.SerializeToString()), (_REQUEST_KEY, failed.request_id)]
        if isinstance(failed.error, OverloadedError):
            trailers.append((_PUSHBACK_KEY, str(round(failed.error.retry_after_seconds * 1000))))
        await context.abort(_CODES[failed.status.code], failed.status.message, trailing_metadata=tuple(trailers))
    if aborted is not None:
        raise aborted
