"""Whether the joints' turns of one motion mean the same on another's skeleton."""

from __future__ import annotations

import numpy as np

from ..errors import MotionError
from ..skeleton import Skeleton

_LONG_BONE, _OTHER_WAY = 0.2, np.cos(np.radians(30.0))
"""From which share of the longest on a bone is looked at; cosine, below which it points elsewhere."""


def check_same_body(first: Skeleton, second: Skeleton) -> None:
    """Raises MotionError if names or parents differ, or where a joint lies on its parent, so that the same turns are another
    pose. Lengths may differ."""
    if not first.same_joints(second):
        raise MotionError(
            f"the skeletons differ: {first.name!r} and {second.name!r}; retarget both to one skeleton before"
        )
    ways = np.stack([skeleton.rest_translations[1:].astype(np.float64) for skeleton in (first, second)])
    lengths = np.linalg.norm(ways, axis=-1)
    long = (lengths > _LONG_BONE * lengths.max(axis=1, keepdims=True, initial=0.0)).all(axis=0)
    elsewhere = np.flatnonzero(long & (np.sum(ways[0] * ways[1], axis=-1) < _OTHER_WAY * lengths.prod(axis=0)))
    if elsewhere.size:
        raise MotionError(
            f"the rest poses of {first.name!r} and {second.name!r} differ, first at {first.joint_names[1 + elsewhere[0]]!r}: "
            "their joints turn from other poses; retarget both to one skeleton before"
        )
