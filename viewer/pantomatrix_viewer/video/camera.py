"""Where the picture is taken from."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_DISTANCE = 4.0
"""Metres from the character: near enough for depth, far enough not to distort."""
_MARGIN = 1.12


@dataclass(frozen=True)
class Camera:
    """A pinhole before the character, who faces it; the character's left is on the right of the picture.

    centre: (3,) metres, what the middle of the picture shows. focal: pixels. size: width and height, pixels.
    """

    centre: tuple[float, float, float]
    focal: float
    size: tuple[int, int]

    def project(self, points: Array) -> Array:
        """points: (..., 3) metres, +Y up, +Z towards the camera. Returns (..., 3): pixels right and down, and the scale
        there, pixels a metre."""
        away = points - np.array(self.centre)
        scale = self.focal / np.maximum(_DISTANCE - away[..., 2], 0.1)
        width, height = self.size
        return np.stack([width / 2 + scale * away[..., 0], height / 2 - scale * away[..., 1], scale], axis=-1)


def framing(points: Array, size: tuple[int, int]) -> Camera:
    """The camera that sees all of (..., 3) points with a margin."""
    flat = points.reshape(-1, 3)
    low, high = flat.min(axis=0), flat.max(axis=0)
    centre = (low + high) / 2
    centre[2] = np.median(flat[:, 2])
    half = np.maximum((high - low)[:2] / 2, 0.1) * _MARGIN
    nearest = _DISTANCE - (high[2] - centre[2])
    focal = max(nearest, 0.5) * min(size[0] / 2 / half[0], size[1] / 2 / half[1])
    return Camera((float(centre[0]), float(centre[1]), float(centre[2])), float(focal), size)
