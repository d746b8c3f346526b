"""The server process: starts, says where it listens, reloads its models on SIGHUP, drains on SIGTERM."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, Protocol

import grpc
from google.protobuf import descriptor_pool
from grpc_health.v1 import health_pb2_grpc
from grpc_health.v1.health import SERVICE_NAME as HEALTH_NAME
from grpc_health.v1.health import aio as health_aio  # pyright: ignore[reportAttributeAccessIssue]
from grpc_reflection.v1alpha import reflection

from nvidia_ace_compat import POOL as ACE_POOL
from pantomatrix_converters.face.flame_arkit import find_matrix
from pantomatrix_models.errors import StartError
from pantomatrix_models.registry import ModelRegistry

from ..addresses import is_loopback, written
from ..app.application import Application
from ..app.limits import Limits
from ..settings import Settings
from ..transports.audio2face import Audio2Face
from ..transports.call import Authorize
from ..transports.contract import Method, contract_methods
from ..transports.descriptor_pools import joined
from ..transports.grpc_calls import CallInterceptor, add_methods
from ..transports.traces import set_up_traces
from .served_models import ServedModels
from .signals import Signals
from .tls import grpc_credentials, ssl_context
from .tokens import Tokens

if TYPE_CHECKING:
    from starlette.routing import BaseRoute

    from ..transports.web_port import WebPort

log = logging.getLogger("pantomatrix")

_CALLS_OF_ONE_CONNECTION = 100


@dataclass(frozen=True)
class Listening:
    """Where a server listens: "host:port" each, of the preview the page's address; empty for none."""

    grpc: str
    web: str = ""
    preview: str = ""

    def __str__(self) -> str:
        others = {"web": self.web, "preview": self.preview}
        more = [f"{name} {at}" for name, at in others.items() if at]
        return f"{self.grpc} ({', '.join(more)})" if more else self.grpc


class FrontEnd(Protocol):
    """A site of its own at the web port, beside the services."""

    def routes(self) -> Sequence[BaseRoute]:
        """What it answers. They come last."""
        ...

    def start(self) -> None:
        """Called when the models are ready."""
        ...

    async def close(self) -> None:
        """Stop all that the site still does."""
        ...


async def serve(
    settings: Settings,
    on_ready: Callable[[Listening], None],
    preview: Callable[[Application, Settings], FrontEnd] | None = None,
) -> None:
    """Serve until SIGTERM or SIGINT. Then say NOT_SERVING and tell live streams to move, after `lame_duck_seconds` refuse new
    calls, let running ones finish for `drain_seconds`, and return.

    on_ready: called when all models are loaded and calls are answered. preview: makes the page that shows motion.
    Raises StartError, CheckpointError.
    """
    check_network(settings)
    check_preview(settings)
    if settings.traces:
        set_up_traces()
    tokens = Tokens(settings.tokens) if settings.tokens else None
    matrix = find_matrix(settings.arkit_matrix, settings.arkit_deltas, settings.face_model)
    registry = ModelRegistry(settings.models, settings.device, settings.precision, on_demand=False)
    application = Application.build(registry, _limits(settings), matrix)
    authorize = tokens.caller if tokens else None
    try:
        methods = contract_methods(application)
        server = _grpc_server(settings, authorize)
        add_methods(server, methods.values())
        names = {path.partition("/")[0]: None for path in methods}
        audio2face = None
        if settings.audio2face is not None:
            audio2face = Audio2Face(
                application,
                settings.audio2face,
                settings.audio2face_skeleton,
                low_latency=settings.audio2face_low_latency,
            )
            add_methods(server, audio2face.methods())
            names |= {method.path.partition("/")[0]: None for method in audio2face.methods()}
        health = health_aio.HealthServicer()
        health_pb2_grpc.add_HealthServicer_to_server(health, server)
        pools = joined(descriptor_pool.Default(), ACE_POOL)
        reflection.enable_server_reflection((*names, HEALTH_NAME, reflection.SERVICE_NAME), server, pools)
        models = ServedModels(registry, application.catalog, health, tuple(names))
        await models.begin()
        address = _bind(server, settings)
        site = preview(application, settings) if preview else None
        signals = Signals.heard()
        web = None
        if settings.web_port is not None:
            ready = lambda: models.are_ready() and not signals.stop.is_set()  # noqa: E731
            web = _web_port(settings, methods, authorize, ready, site)
        try:
            await server.start()
            web_at = await web.listen() if web else ""
            await models.load(signals.stop)
            if audio2face is not None and not signals.stop.is_set():
                await audio2face.check()
            await application.compute.decoders.warm_up()
            if not signals.stop.is_set():
                if site:
                    site.start()
                scheme = "https" if settings.tls_certificate else "http"
                on_ready(Listening(address, web_at, f"{scheme}://{web_at}/" if site else ""))
            await _until_stopped(signals, models, tokens)
            await health.enter_graceful_shutdown()
            application.live_streams.move(settings.lame_duck_seconds + settings.drain_seconds)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(signals.hurry.wait(), settings.lame_duck_seconds)
            log.info("draining: no new calls, running ones have %g s", settings.drain_seconds)
            draining = [server.stop(settings.drain_seconds), *([web.drain(settings.drain_seconds)] if web else [])]
            await _until_all_or(signals.hurry, draining)
        finally:
            if site:
                await site.close()
            if web:
                await web.close()
            await server.stop(0)
    finally:
        application.compute.shutdown()


def _web_port(
    settings: Settings,
    methods: Mapping[str, Method],
    authorize: Authorize | None,
    ready: Callable[[], bool],
    site: FrontEnd | None,
) -> WebPort:
    """Imports what gRPC alone does not need."""
    from ..transports.connect import ConnectCalls
    from ..transports.probes import Probes
    from ..transports.web_port import WebPort
    from ..transports.websocket import WebSocketCalls

    routes = [
        *ConnectCalls(methods, settings, authorize).routes(),
        *WebSocketCalls(methods, settings, authorize).routes(),
        *(site.routes() if site else ()),
    ]
    return WebPort(Probes(ready, authorize).routes(), routes, settings, ssl_context(settings))


def _limits(settings: Settings) -> Limits:
    return Limits(**{field.name: getattr(settings, field.name) for field in fields(Limits)})


def _grpc_server(settings: Settings, authorize: Authorize | None) -> grpc.aio.Server:
    return grpc.aio.server(
        interceptors=[CallInterceptor(settings.reader_timeout_seconds, authorize)],
        options=[
            ("grpc.max_receive_message_length", settings.max_message_bytes),
            ("grpc.max_send_message_length", -1),
            ("grpc.max_concurrent_streams", _CALLS_OF_ONE_CONNECTION),
            ("grpc.keepalive_time_ms", 20_000),
            ("grpc.keepalive_timeout_ms", 10_000),
            ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
            ("grpc.so_reuseport", int(settings.workers > 1)),
        ],
    )


def check_network(settings: Settings) -> None:
    """Raises StartError if anybody who reaches the address may call."""
    guarded = settings.tls_certificate is not None and (settings.tokens or settings.tls_client_ca)
    if not is_loopback(settings.host) and not guarded and not settings.allow_network:
        raise StartError(
            f"{settings.host} can be reached from the network: give tls_certificate and tls_key with tokens or "
            "tls_client_ca, or put a proxy that has them in front and pass --allow-network, or listen on 127.0.0.1"
        )


def check_preview(settings: Settings) -> None:
    """Raises StartError if there is to be a preview and cannot be one."""
    if not settings.preview:
        return
    if settings.tokens or settings.workers > 1:
        raise StartError(
            "the preview works only without tokens and with one worker: leave out tokens and workers, or preview"
        )
    if not is_loopback(settings.host):
        raise StartError("the preview is for browsers of this machine: leave out host, or preview")


def _bind(server: grpc.aio.Server, settings: Settings) -> str:
    address, credentials = written(settings.host, settings.port), grpc_credentials(settings)
    try:
        if credentials is None:
            port = server.add_insecure_port(address)
        else:
            port = server.add_secure_port(address, credentials)
    except RuntimeError:
        raise StartError(
            f"cannot listen on {address}: the address is in use or not this machine's; --port 0 takes a free port"
        ) from None
    return written(settings.host, port)


async def _until_all_or(event: asyncio.Event, work: Sequence[Coroutine[Any, Any, None]]) -> None:
    """Until all of the work is done or the event has come. What is left of it ends when the server is closed."""
    waiting = asyncio.create_task(event.wait())
    await asyncio.wait((asyncio.gather(*work), waiting), return_when=asyncio.FIRST_COMPLETED)
    waiting.cancel()


async def _until_stopped(signals: Signals, models: ServedModels, tokens: Tokens | None) -> None:
    stopping = asyncio.create_task(signals.stop.wait())
    while not signals.stop.is_set():
        reloading = asyncio.create_task(signals.reload.wait())
        await asyncio.wait((stopping, reloading), return_when=asyncio.FIRST_COMPLETED)
        reloading.cancel()
        if signals.reload.is_set() and not signals.stop.is_set():
            signals.reload.clear()
            await models.reload()
            if tokens is not None:
                _reload_tokens(tokens)


def _reload_tokens(tokens: Tokens) -> None:
    try:
        tokens.reload()
        log.info("tokens are reloaded")
    except StartError as error:
        log.warning("tokens stay as they are: %s", error)
