"""Which joints of a source drive those of a target, where chains (spine, neck) have other lengths."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Driver:
    """What drives a target joint: the turn between two source joints' (the same one twice: that joint's alone)."""

    start: int
    end: int
    fraction: float = 1.0


def chain_drivers(below: int, sources: list[int], targets: list[int]) -> dict[int, Driver]:
    """Joints of a chain of another length. As many as there are on the shorter side have a partner, the last ones each
    other's; targets between two partners share the turn evenly."""
    drivers: dict[int, Driver] = {}
    if not sources or not targets:
        return drivers
    if len(targets) < len(sources):
        for number, joint in enumerate(targets, 1):
            partner = sources[math.ceil(number * len(sources) / len(targets)) - 1]
            drivers[joint] = Driver(partner, partner)
        return drivers
    placed = 0
    for number, source in enumerate(sources, 1):
        partner = math.ceil(number * len(targets) / len(sources))
        for place in range(placed + 1, partner):
            drivers[targets[place - 1]] = Driver(below, source, (place - placed) / (partner - placed))
        drivers[targets[partner - 1]] = Driver(source, source)
        below, placed = source, partner
    return drivers
