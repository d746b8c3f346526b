"""Who moves: the builtin model's speakers and what tells their gestures apart."""

from __future__ import annotations

from dataclasses import dataclass

from ..model import Speaker


@dataclass(frozen=True)
class Style:
    """How a speaker gestures.

    amplitude: factor on how far hands and head go; rate: on how many of the chances for a gesture are taken, and how quickly
    the next is prepared; tempo: on how quickly hands move. right: probability that the right hand leads; both: that both
    hands gesture. height: metres that the hands are held higher. units: how often each of UNITS is chosen, by name.
    """

    amplitude: float = 1.0
    rate: float = 1.0
    tempo: float = 1.0
    right: float = 0.92
    both: float = 0.44
    height: float = 0.0
    units: tuple[tuple[str, float], ...] = (
        ("beat", 5.0),
        ("offer", 3.0),
        ("open", 2.0),
        ("close", 1.0),
        ("point", 0.8),
        ("count", 0.4),
    )


STYLES = {
    "default": (Speaker("default", "Default"), Style()),
    "left_handed": (Speaker("left_handed", "Left-handed"), Style(right=0.08)),
    "calm": (Speaker("calm", "Calm"), Style(amplitude=0.68, rate=0.75, both=0.4, height=-0.02)),
    "lively": (Speaker("lively", "Lively"), Style(amplitude=1.25, rate=1.25, both=0.55, height=0.03)),
}
"""Speaker's id -> who it is and how they gesture; the first is the default."""
