"""From a caller's options to a checked generation."""

from __future__ import annotations

import asyncio

from pantomatrix_converters.face.flame_arkit import ArkitMatrix
from pantomatrix_models.generation import Generation, plan
from pantomatrix_models.options import MotionOptions
from pantomatrix_models.registry import ModelRegistry

from .callers import caller


class Planner:
    """Checks options against the models. matrix: for faces between FLAME and ARKit, if there is one."""

    def __init__(self, registry: ModelRegistry, matrix: ArkitMatrix | None) -> None:
        self._registry, self._matrix = registry, matrix

    async def plan(self, options: MotionOptions) -> Generation:
        """For the caller of the current task. Raises what `generation.plan` raises, and NotAllowedError."""
        generation = await asyncio.to_thread(plan, options, self._registry, self._matrix)
        caller.get().check_model(generation.model.info.name)
        return generation
