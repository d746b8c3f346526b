"""What real speakers do, to hold measures against (docs/reference/metrics.md)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Natural:
    """A measure's unit, the range over recorded speakers, and how many digits say enough."""

    unit: str
    low: float
    high: float
    digits: int = 2

    def verdict(self, value: float) -> str:
        """ "low", "high", or nothing."""
        return "low" if value < self.low else "high" if value > self.high else ""


NATURAL = {
    "wrist speed": Natural("m/s", 0.34, 0.55),
    "wrist speed p99": Natural("m/s", 1.2, 2.1),
    "wrist jerk": Natural("m/s³", 22, 32, 1),
    "wrist above 3 Hz": Natural("", 0.010, 0.015, 3),
    "strokes": Natural("a minute", 44, 65, 1),
    "hands at rest": Natural("", 0.04, 0.12, 3),
    "hands together": Natural("", 0.42, 0.75),
    "nods": Natural("a minute", 47, 55, 1),
    "pelvis path": Natural("m a minute", 5.7, 8.9, 1),
    "standing foot": Natural("cm/s", 0, 1.3, 1),
    "foot slide": Natural("cm/s", 0, 3.0, 1),
    "joints beyond limits": Natural("", 0, 0, 4),
    "lip score": Natural("", 0.9, 1.0),
    "lips shut at P B M": Natural("", 0.9, 1.0),
    "lips shut, above chance": Natural("", 0.8, 1.0),
    "lips open with phones": Natural("", 0.5, 1.0),
    "lips round": Natural("", 0.9, 1.0),
    "lips late": Natural("ms", -33, 33, 0),
    "lips open in silence": Natural("", 0, 0.1),
}
"""Bodies: three clips of BEAT2's speaker 2 (190 s), the range over the clips; wrist speed's 99 % and feet from all three
together, with a quarter to spare. Lips: what perfect knowledge of the phones reaches, less a tenth; open vowels of a recorded
face correlate by 0.5 with their sound and are a frame early."""
