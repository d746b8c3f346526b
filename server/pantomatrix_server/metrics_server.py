"""Where Prometheus reads the metrics."""

from __future__ import annotations

from prometheus_client import REGISTRY, CollectorRegistry, start_http_server

from pantomatrix_models.errors import StartError

from .settings import Settings


def serve_metrics(settings: Settings, registry: CollectorRegistry = REGISTRY) -> str:
    """Serve /metrics in a thread, if there is a port for it. Returns "host:port", or "". Raises StartError."""
    if settings.metrics_port is None:
        return ""
    try:
        server, _ = start_http_server(settings.metrics_port, settings.metrics_host, registry)
    except OSError as error:
        raise StartError(
            f"cannot serve metrics on {settings.metrics_host}:{settings.metrics_port}: {error.strerror}"
        ) from None
    return f"{settings.metrics_host}:{server.server_port}"
