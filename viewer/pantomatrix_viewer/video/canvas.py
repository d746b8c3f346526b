"""Drawing with antialiased edges at fractions of a pixel, on OpenCV."""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Colour = tuple[int, int, int]
"""Red, green, blue, 0 to 255."""

_SHIFT = 4
_FRACTION = 1 << _SHIFT


class Canvas:
    """pixels: (H, W, 3) uint8, red, green, blue. Points are in pixels, right and down."""

    def __init__(self, background: NDArray[np.uint8]) -> None:
        self.pixels = background.copy()

    def polygon(self, points: Array, colour: Colour) -> None:
        """points: (N, 2) outline of an area to fill."""
        cv2.fillPoly(self.pixels, [_fixed(points)], colour, cv2.LINE_AA, _SHIFT)

    def line(self, points: Array, colour: Colour, width: float, closed: bool = False) -> None:
        """points: (N, 2)."""
        cv2.polylines(self.pixels, [_fixed(points)], closed, colour, max(1, round(width)), cv2.LINE_AA, _SHIFT)

    def disc(self, centre: Array, radius: float, colour: Colour) -> None:
        """centre: (2,)."""
        x, y = _fixed(centre[None])[0]
        cv2.circle(self.pixels, (int(x), int(y)), round(radius * _FRACTION), colour, -1, cv2.LINE_AA, _SHIFT)

    def triangles(self, corners: Array, colours: Sequence[Sequence[int]]) -> None:
        """corners: (N, 3, 2), drawn in order, with hard edges so that neighbours leave no seam; colours: of each."""
        for triangle, colour in zip(_fixed(corners), colours, strict=True):
            cv2.fillConvexPoly(self.pixels, triangle, colour, cv2.LINE_8, _SHIFT)

    def capsule(self, start: Array, end: Array, radii: tuple[float, float], colour: Colour) -> None:
        """A limb between two discs. start, end: (2,); radii: at each, pixels."""
        along = end - start
        length = float(np.hypot(*along))
        if length > 1e-6:
            across = np.array([-along[1], along[0]]) / length
            corners = [
                start + across * radii[0],
                end + across * radii[1],
                end - across * radii[1],
                start - across * radii[0],
            ]
            self.polygon(np.array(corners), colour)
        self.disc(start, radii[0], colour)
        self.disc(end, radii[1], colour)


def _fixed(points: Array) -> NDArray[np.int32]:
    return np.round(np.clip(points, -30000, 30000) * _FRACTION).astype(np.int32)


def blank(size: tuple[int, int], top: Colour, bottom: Colour) -> NDArray[np.uint8]:
    """(H, W, 3) one colour fading into another. size: width and height."""
    width, height = size
    share = np.linspace(0, 1, height)[:, None, None]
    rows = (1 - share) * np.array(top) + share * np.array(bottom)
    return np.broadcast_to(rows, (height, width, 3)).astype(np.uint8)
