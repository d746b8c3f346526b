"""A pose that the motion must pass through."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class PoseConstraint:
    """What is known at one moment.

    time_seconds: of the audio. rotations: joint's name -> (4,) unit quaternion x y z w, local to the parent, in the axes that
    are asked for. root_translation: (3,), or None if it is free.
    """

    time_seconds: float
    rotations: Mapping[str, NDArray]
    root_translation: NDArray | None = None
