"""All that the server does, in one value: what transports and the viewer call."""

from __future__ import annotations

from dataclasses import dataclass

from pantomatrix_converters.face.flame_arkit import ArkitMatrix
from pantomatrix_models.registry import ModelRegistry

from .catalog import CatalogKeeper
from .clips import Clips
from .compute import Compute
from .conversions import Conversions
from .limits import Limits
from .live_streams import LiveStreams
from .planning import Planner


@dataclass(frozen=True, eq=False)
class Application:
    """Belongs to one event loop. matrix: for faces between FLAME and ARKit, if there is one."""

    limits: Limits
    matrix: ArkitMatrix | None
    compute: Compute
    planner: Planner
    clips: Clips
    live_streams: LiveStreams
    conversions: Conversions
    catalog: CatalogKeeper

    @classmethod
    def build(cls, registry: ModelRegistry, limits: Limits, matrix: ArkitMatrix | None) -> Application:
        """Starts threads; `compute.shutdown` ends them."""
        compute, planner = Compute(limits), Planner(registry, matrix)
        return cls(
            limits=limits,
            matrix=matrix,
            compute=compute,
            planner=planner,
            clips=Clips(planner, compute, limits.max_clip_seconds),
            live_streams=LiveStreams(planner, compute, limits.silent_caller_seconds),
            conversions=Conversions(compute, limits, matrix),
            catalog=CatalogKeeper(registry, limits),
        )
