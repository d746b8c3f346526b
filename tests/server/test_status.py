"""Every error has a status, and a bug of ours says nothing to strangers."""

from __future__ import annotations

import inspect
import logging
import pickle

import grpc
import pytest

from pantomatrix_converters import errors as converter_errors
from pantomatrix_converters.errors import PantomatrixError
from pantomatrix_models import errors as model_errors
from pantomatrix_server import errors as server_errors
from pantomatrix_server.transports.grpc_calls import CallInterceptor
from pantomatrix_server.transports.status import STATUS_CODES

pytestmark = pytest.mark.unit

CLASSES = [
    thing
    for module in (converter_errors, model_errors, server_errors)
    for thing in vars(module).values()
    if isinstance(thing, type) and issubclass(thing, PantomatrixError)
]


@pytest.mark.parametrize("error", CLASSES, ids=lambda error: error.__name__)
def test_every_error_has_a_status(error: type[PantomatrixError]) -> None:
    assert STATUS_CODES[error] is not grpc.StatusCode.UNKNOWN


@pytest.mark.parametrize("error", CLASSES, ids=lambda error: error.__name__)
def test_every_error_survives_pickle(error: type[PantomatrixError]) -> None:
    """As it comes out of a process pool: the text, and what its constructor was given."""
    taken = {
        "kind": "format",
        "name": "bhv",
        "valid": ["bvh"],
        "message": "wrong",
        "field": "audio",
        "model": "builtin",
    }
    taken |= {"code": "UNAVAILABLE", "retry_after_seconds": 1.5}
    wanted = [name for name in inspect.signature(error.__init__).parameters if name in taken]
    first = error(*(taken[name] for name in wanted)) if wanted else error("wrong")
    second = pickle.loads(pickle.dumps(first))  # noqa: S301
    assert (type(second), str(second), vars(second)) == (error, str(first), vars(first))


async def test_a_bug_of_ours_is_internal_with_a_request_id_and_no_more(caplog: pytest.LogCaptureFixture) -> None:
    async def unary(request: bytes, context: grpc.aio.ServicerContext) -> bytes:
        raise RuntimeError("secret at /home/somebody")

    async def streaming(request: bytes, context: grpc.aio.ServicerContext):
        yield b"one"
        raise KeyError("secret")

    server = grpc.aio.server(interceptors=[CallInterceptor(reader_timeout_seconds=10, authorize=None)])
    handlers = {
        "Unary": grpc.unary_unary_rpc_method_handler(unary),
        "Streaming": grpc.unary_stream_rpc_method_handler(streaming),
    }
    server.add_generic_rpc_handlers((grpc.method_handlers_generic_handler("test.Faulty", handlers),))
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    try:
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            with caplog.at_level(logging.ERROR), pytest.raises(grpc.aio.AioRpcError) as caught:
                await channel.unary_unary("/test.Faulty/Unary")(b"")
            assert caught.value.code() is grpc.StatusCode.INTERNAL
            request_id = dict(caught.value.trailing_metadata() or ())["x-request-id"]
            assert caught.value.details() == f"internal error; the server's log has it as request {request_id}"
            assert "secret at /home/somebody" in caplog.text
            assert str(request_id) in caplog.text
            received = []
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                async for part in channel.unary_stream("/test.Faulty/Streaming")(b""):
                    received.append(part)
            assert received == [b"one"]
            assert caught.value.code() is grpc.StatusCode.INTERNAL
            assert "secret" not in str(caught.value.details())
    finally:
        await server.stop(None)
