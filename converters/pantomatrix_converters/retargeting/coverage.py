"""What retargeting reaches of a skeleton, in one line for people."""

from __future__ import annotations

from .retarget import Retargeting
from .roles import ROLES

_NAMED = 6
"""Joints at rest that are named; the rest is counted."""


def coverage(retargeting: Retargeting) -> str:
    """How many joints of the target move, and which keep their rest pose: those first that play a part of the body, then
    those that carry others, then ends. Empty where the two skeletons are the same."""
    if retargeting.is_identity:
        return ""
    target = retargeting.target
    moved = {0} | retargeting.drivers.keys() | retargeting.twist_joints  # the root carries the way
    played = set(
        target.indices(retargeting.target_map.roles[role] for role in ROLES if role in retargeting.target_map.roles)
    )
    resting = [joint for joint in range(len(target)) if joint not in moved]
    resting.sort(key=lambda joint: (joint not in played, not target.children[joint]))
    names = ", ".join(target.joint_names[joint] for joint in resting[:_NAMED])
    more = f" and {len(resting) - _NAMED} more" if len(resting) > _NAMED else ""
    text = f"mapped {len(moved)} of {len(target)} joints of {target.name}"
    return f"{text}; at rest: {names}{more}" if resting else text
