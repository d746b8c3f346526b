"""Ways through a skeleton."""

from __future__ import annotations

from collections.abc import Iterable

from ..skeleton import Skeleton


def ancestors(skeleton: Skeleton, joint: int) -> Iterable[int]:
    """The joints above one, the nearest first."""
    parent = int(skeleton.parents[joint])
    while parent >= 0:
        yield parent
        parent = int(skeleton.parents[parent])


def path_down(skeleton: Skeleton, above: int, below: int) -> list[int]:
    """Joints from one to another under it, both included; empty if it is not under it."""
    path = [below, *ancestors(skeleton, below)]
    return path[: path.index(above) + 1][::-1] if above in path else []


def common_ancestor(skeleton: Skeleton, joints: Iterable[int]) -> int:
    """The lowest joint that is above all of these, or one of them."""
    first, *others = joints
    shared = set.intersection(*({joint, *ancestors(skeleton, joint)} for joint in (first, *others)))
    return next(joint for joint in (first, *ancestors(skeleton, first)) if joint in shared)
