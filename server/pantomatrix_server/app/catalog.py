"""What this server can do."""

from __future__ import annotations

from dataclasses import dataclass

from pantomatrix_converters import __version__
from pantomatrix_converters.coordinates import COORDINATE_SYSTEMS, CoordinateSystem
from pantomatrix_converters.face.rigs import FACE_RIGS, FaceRig
from pantomatrix_converters.formats import FORMATS, MotionFormat
from pantomatrix_converters.skeleton import Skeleton, load_skeleton, skeleton_names
from pantomatrix_models.errors import NotReadyError
from pantomatrix_models.model import ModelInfo
from pantomatrix_models.registry import ModelRegistry

from .limits import Limits


@dataclass(frozen=True, eq=False)
class Catalog:
    """Everything that a caller may name, and the limits."""

    server_version: str
    models: tuple[ModelInfo, ...]
    skeletons: tuple[Skeleton, ...]
    face_rigs: tuple[FaceRig, ...]
    formats: tuple[MotionFormat, ...]
    coordinate_systems: tuple[CoordinateSystem, ...]
    limits: Limits


class CatalogKeeper:
    """The catalog of the models that are loaded."""

    def __init__(self, registry: ModelRegistry, limits: Limits) -> None:
        self._registry, self._limits = registry, limits
        self._catalog: Catalog | None = None

    def refresh(self) -> None:
        """The models have changed. Raises what `ModelRegistry.get` raises."""
        self._catalog = Catalog(
            server_version=__version__,
            models=tuple(model.info for model in self._registry.all()),
            skeletons=tuple(load_skeleton(name) for name in skeleton_names()),
            face_rigs=tuple(FACE_RIGS.values()),
            formats=tuple(FORMATS.values()),
            coordinate_systems=tuple(COORDINATE_SYSTEMS.values()),
            limits=self._limits,
        )

    def current(self) -> Catalog:
        """Raises NotReadyError while the models are being loaded."""
        if self._catalog is None:
            raise NotReadyError("models are being loaded; come back in a moment")
        return self._catalog
