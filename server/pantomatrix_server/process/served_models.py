"""The models of a server process: loaded and warmed up one after another, reloaded while calls run."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

import numpy as np
from grpc_health.v1 import health_pb2
from grpc_health.v1.health import aio as health_aio  # pyright: ignore[reportAttributeAccessIssue]

from pantomatrix_converters.errors import PantomatrixError
from pantomatrix_models.audio.speech import SAMPLE_RATE_HZ
from pantomatrix_models.model import MotionModel, UtteranceOptions
from pantomatrix_models.registry import ModelRegistry
from pantomatrix_models.stepping import step

from ..app import metrics
from ..app.catalog import CatalogKeeper

log = logging.getLogger("pantomatrix")

_SERVING = health_pb2.HealthCheckResponse.SERVING
_NOT_SERVING = health_pb2.HealthCheckResponse.NOT_SERVING


class ServedModels:
    """The models as callers see them: health has each by its name."""

    def __init__(
        self,
        registry: ModelRegistry,
        catalog: CatalogKeeper,
        health: health_aio.HealthServicer,
        services: Sequence[str],
    ) -> None:
        self._registry, self._catalog, self._health, self._services = registry, catalog, health, services
        self._ready = False

    def are_ready(self) -> bool:
        """Whether all are."""
        return self._ready

    async def begin(self) -> None:
        """None is served yet."""
        await self._set_all(_NOT_SERVING)

    async def _set_all(self, status: health_pb2.HealthCheckResponse.ServingStatus) -> None:
        for name in ("", *self._services, *self._registry.names):
            await self._health.set(name, status)

    async def load(self, stop: asyncio.Event) -> None:
        """All, one after another; each is served from then on. Raises CheckpointError, StartError."""
        for name in self._registry.names:
            await asyncio.to_thread(self._registry.load, name, _warm_up)
            await self._health.set(name, _SERVING)
            log.info("model %s is ready", name)
            if stop.is_set():
                return
        await asyncio.to_thread(self._catalog.refresh)
        await self._set_all(_SERVING)
        self._ready = True

    async def reload(self) -> None:
        """Reload all; where one cannot be loaded, the former one stays."""
        for name in self._registry.names:
            try:
                await asyncio.to_thread(self._registry.load, name, _warm_up)
                log.info("model %s is reloaded", name)
            except PantomatrixError as error:
                log.warning("model %s stays as it is: %s", name, error)
        await asyncio.to_thread(self._catalog.refresh)


def _warm_up(model: MotionModel) -> None:
    """The first clip takes longer than the others. Raises ModelError."""
    options = UtteranceOptions(model.info.speakers[0].id, model.info.default_fps)
    with metrics.model_errors_counted():
        step(model, model.open(options), np.zeros(SAMPLE_RATE_HZ, np.float32), ended=True)
