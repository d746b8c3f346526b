"""The server process: starts, says where it listens, drains on SIGTERM."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import signal
from collections.abc import Callable

import grpc
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_health.v1.health import SERVICE_NAME as HEALTH_NAME
from grpc_health.v1.health import aio as health_aio  # pyright: ignore[reportAttributeAccessIssue]
from grpc_reflection.v1alpha import reflection

from pantomatrix.v1 import catalog_pb2, catalog_pb2_grpc, convert_pb2, convert_pb2_grpc, motion_pb2, motion_pb2_grpc
from pantomatrix_converters.flame_arkit import find_matrix

from .errors import StartError
from .models import ModelRegistry
from .service.call import CallInterceptor
from .service.catalog_service import CatalogService
from .service.convert_service import ConvertService
from .service.motion_service import MotionService
from .service.workers import Workers
from .settings import Settings

log = logging.getLogger("pantomatrix")

SERVICES = tuple(
    file.services_by_name[name].full_name
    for file, name in (
        (motion_pb2.DESCRIPTOR, "MotionService"),
        (convert_pb2.DESCRIPTOR, "ConvertService"),
        (catalog_pb2.DESCRIPTOR, "CatalogService"),
    )
)


async def serve(settings: Settings, on_ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT, then refuse new calls, let running ones finish for `drain_seconds`, and return.

    on_ready: called with "host:port" when calls are answered. Raises StartError.
    """
    _check_network(settings)
    matrix = find_matrix(settings.arkit_matrix, settings.arkit_deltas, settings.face_model)
    registry = ModelRegistry(settings.models, settings.device, settings.precision)
    for name in registry.names:
        registry.get(name)
        log.info("model %s is ready", name)
    workers = Workers(settings)
    try:
        catalog = CatalogService(registry, settings)
        await workers.decoders.warm_up()
        server = grpc.aio.server(
            interceptors=[CallInterceptor(settings.reader_timeout_seconds)],
            options=[
                ("grpc.max_receive_message_length", settings.max_message_bytes),
                ("grpc.max_send_message_length", -1),
                ("grpc.so_reuseport", 0),
            ],
        )
        motion_pb2_grpc.add_MotionServiceServicer_to_server(MotionService(registry, workers, settings, matrix), server)
        convert_pb2_grpc.add_ConvertServiceServicer_to_server(ConvertService(workers, settings, matrix), server)
        catalog_pb2_grpc.add_CatalogServiceServicer_to_server(catalog, server)
        health_servicer = health_aio.HealthServicer()
        health_pb2_grpc.add_HealthServicer_to_server(health_servicer, server)
        reflection.enable_server_reflection((*SERVICES, HEALTH_NAME, reflection.SERVICE_NAME), server)
        address = _bind(server, settings)
        await server.start()
        for service in ("", *SERVICES):
            await health_servicer.set(service, health_pb2.HealthCheckResponse.SERVING)
        stop = _stop_signal()
        on_ready(address)
        await stop.wait()
        log.info("draining: no new calls, running ones have %g s", settings.drain_seconds)
        await health_servicer.enter_graceful_shutdown()
        await server.stop(settings.drain_seconds)
    finally:
        workers.shutdown()


def _check_network(settings: Settings) -> None:
    loopback = settings.host == "localhost"
    with contextlib.suppress(ValueError):
        loopback = loopback or ipaddress.ip_address(settings.host).is_loopback
    if not loopback and not settings.allow_network:
        raise StartError(
            f"{settings.host} can be reached from the network, and there is neither TLS nor a token yet; "
            "put a proxy that has them in front and pass --allow-network, or listen on 127.0.0.1"
        )


def _bind(server: grpc.aio.Server, settings: Settings) -> str:
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    try:
        port = server.add_insecure_port(f"{host}:{settings.port}")
    except RuntimeError:
        raise StartError(
            f"cannot listen on {host}:{settings.port}: the address is in use or not this machine's"
        ) from None
    return f"{host}:{port}"


def _stop_signal() -> asyncio.Event:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        try:
            loop.add_signal_handler(number, stop.set)
        except NotImplementedError:
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    return stop
