"""The gestures that the builtin model knows, each a preparation and a stroke with a shape of the hand.

Terms and phases are Kendon's and McNeill's: preparation, stroke, hold, retraction.
"""

from __future__ import annotations

from dataclasses import dataclass

Fingers = tuple[float, float, float, float, float]
"""Bend of thumb, index, middle, ring and little finger: 0 straight, 1 relaxed, 2 in a fist."""

RELAXED: Fingers = (1.0, 0.85, 0.95, 1.05, 1.15)
_OPEN: Fingers = (0.5, 0.50, 0.55, 0.60, 0.65)
_CLOSED: Fingers = (1.3, 1.60, 1.70, 1.75, 1.80)
_SOFT: Fingers = (0.9, 0.70, 0.90, 1.10, 1.25)
_POINT: Fingers = (1.3, 0.10, 1.70, 1.80, 1.85)
_TWO: Fingers = (1.4, 0.15, 0.20, 1.75, 1.85)
_PINCH: Fingers = (1.2, 1.20, 1.00, 0.80, 0.80)


@dataclass(frozen=True)
class GestureUnit:
    """A gesture of the left hand; the right mirrors it.

    preparation, stroke: (3,) metres outwards, up and forward: where it begins relative to the place of the hand, and how far
    it goes from there. palm: turn of the palm up in the stroke, radians. prepared, struck: the fingers before and in the
    stroke. one_hand: the other hand keeps still. hold: the longest time that the hand stays after the stroke, seconds.
    """

    preparation: tuple[float, float, float]
    stroke: tuple[float, float, float]
    palm: float
    prepared: Fingers
    struck: Fingers
    one_hand: bool = False
    hold: float = 0.25


UNITS = {
    "beat": GestureUnit((0.00, 0.13, -0.01), (0.09, -0.29, 0.08), 0.15, _PINCH, RELAXED, hold=0.15),
    "offer": GestureUnit((-0.04, 0.09, -0.05), (0.20, -0.12, 0.20), 0.80, RELAXED, _OPEN, hold=0.40),
    "open": GestureUnit((-0.08, 0.09, 0.02), (0.29, -0.07, 0.03), 0.45, _CLOSED, _OPEN, hold=0.30),
    "close": GestureUnit((0.11, 0.08, 0.02), (-0.19, -0.17, 0.04), 0.10, _OPEN, _CLOSED, hold=0.20),
    "point": GestureUnit((-0.03, 0.14, -0.07), (0.06, -0.05, 0.26), -0.10, _SOFT, _POINT, one_hand=True, hold=0.35),
    "count": GestureUnit((-0.02, 0.20, 0.00), (0.04, -0.20, 0.10), 0.35, _POINT, _TWO, one_hand=True, hold=0.35),
}
