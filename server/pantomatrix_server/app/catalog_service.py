"""CatalogService: what this server can do."""

from __future__ import annotations

import grpc

from pantomatrix.v1 import catalog_pb2, catalog_pb2_grpc
from pantomatrix_converters import __version__
from pantomatrix_converters.coordinates import CANONICAL, COORDINATE_SYSTEMS
from pantomatrix_converters.face_rigs import FACE_RIGS
from pantomatrix_converters.formats import FORMATS
from pantomatrix_converters.skeleton import MAX_JOINTS, load_skeleton, skeleton_names
from pantomatrix_models.errors import NotReadyError
from pantomatrix_models.registry import ModelRegistry

from ..settings import Settings
from ..wire.catalog import face_rig_message, format_message, limits_message, model_message
from ..wire.skeleton import coordinates_message, skeleton_message


class CatalogService(catalog_pb2_grpc.CatalogServiceServicer):
    """See catalog.proto. The answer is made once the models are there."""

    def __init__(self, registry: ModelRegistry, settings: Settings) -> None:
        self._registry, self._settings = registry, settings
        self._answer: catalog_pb2.GetCatalogResponse | None = None

    def refresh(self) -> None:
        """The models have changed."""
        self._answer = catalog_pb2.GetCatalogResponse(
            server_version=__version__,
            models=[model_message(model.info) for model in self._registry.all()],
            skeletons=[skeleton_message(load_skeleton(name), CANONICAL) for name in skeleton_names()],
            face_rigs=[face_rig_message(rig) for rig in FACE_RIGS.values()],
            formats=[format_message(entry) for entry in FORMATS.values()],
            coordinate_systems=[coordinates_message(system) for system in COORDINATE_SYSTEMS.values()],
            limits=limits_message(self._settings, MAX_JOINTS),
        )

    async def GetCatalog(  # noqa: N802
        self, request: catalog_pb2.GetCatalogRequest, context: grpc.aio.ServicerContext
    ) -> catalog_pb2.GetCatalogResponse:
        if self._answer is None:
            raise NotReadyError("models are being loaded; come back in a moment")
        return self._answer
