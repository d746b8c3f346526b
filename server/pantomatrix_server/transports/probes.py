"""What an operator asks a server: whether it lives, whether it serves, and its metrics for Prometheus.

GET /healthz   200 while the process answers
GET /readyz    200 when every model is ready, 503 before and while the server stops; at /v1/health/ready too, where clients of
               NVIDIA's services ask
GET /metrics   for Prometheus; where callers need tokens, one that allows it
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable

from prometheus_client import REGISTRY, CollectorRegistry
from prometheus_client.exposition import choose_encoder
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from ..errors import NotAllowedError, OverloadedError, UnauthenticatedError
from .call import Authorize


class Probes:
    """ready: whether calls are answered now. authorize: who asks for metrics; without it anyone may."""

    def __init__(self, ready: Callable[[], bool], authorize: Authorize | None) -> None:
        self._ready, self._authorize = ready, authorize

    def routes(self) -> list[Route]:
        """For the web port."""
        return [
            Route("/healthz", self._health),
            Route("/readyz", self._readiness),
            Route("/v1/health/ready", self._readiness),
            Route("/metrics", self._metrics),
        ]

    async def _health(self, _: Request) -> Response:
        return PlainTextResponse("alive\n")

    async def _readiness(self, _: Request) -> Response:
        return PlainTextResponse("ready\n") if self._ready() else PlainTextResponse("not ready\n", 503)

    async def _metrics(self, request: Request) -> Response:
        try:
            self._check_allowed(request)
        except UnauthenticatedError as error:
            return PlainTextResponse(f"{error}\n", 401, {"www-authenticate": "Bearer"})
        except NotAllowedError as error:
            return PlainTextResponse(f"{error}\n", 403)
        except OverloadedError as error:
            return PlainTextResponse(f"{error}\n", 429, {"retry-after": f"{error.retry_after_seconds:.0f}"})
        encode, content_type = choose_encoder(request.headers.get("accept", ""))
        return Response(await asyncio.to_thread(lambda: encode(_registry())), media_type=content_type)

    def _check_allowed(self, request: Request) -> None:
        """Raises UnauthenticatedError, NotAllowedError, OverloadedError."""
        if self._authorize is not None:
            peer = request.client.host if request.client else ""
            self._authorize(request.headers.get("authorization", ""), f"http:{peer}").check_metrics()


def _registry() -> CollectorRegistry:
    """Of this process; where several share the port, of all of them."""
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if folder is None:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry, folder)  # type: ignore[no-untyped-call]
    return registry
