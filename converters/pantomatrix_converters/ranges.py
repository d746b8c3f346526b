"""Ranges of numbers that a caller may give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .errors import MotionError


@dataclass(frozen=True)
class Range:
    """Numbers from least to most, both included. above: least itself is not in it. NaN and infinity are in no range."""

    least: float
    most: float = float("inf")
    above: bool = False

    def __contains__(self, value: Any) -> bool:
        is_inside = self.least <= value <= self.most and value != float("inf")
        return is_inside and not (self.above and value == self.least)

    def __str__(self) -> str:
        if self.most < float("inf"):
            return f"{self.least:g} to {self.most if isinstance(self.most, int) else format(self.most, 'g')}"
        return f"more than {self.least:g}" if self.above else f"{self.least:g} or more"

    def check(self, value: float, name: str, field: str = "") -> float:
        """The same number. Raises MotionError unless it is in the range."""
        if value not in self:
            raise MotionError(f"{name} is {value:g}, expected {self}", field)
        return value


FPS = Range(1, 240)
SCALE = Range(1e-3, 1e3)
SECONDS = Range(0)
SMOOTH_SECONDS = Range(0, 2)
BLEND_SECONDS = Range(0, 10)
STRENGTH = Range(0, 2)
SEED = Range(0, 2**64 - 1)
FRAME = Range(0, 2**31 - 1)
