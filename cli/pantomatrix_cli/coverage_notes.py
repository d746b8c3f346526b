"""The line "mapped n of m joints" for what retargeting does."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pantomatrix_converters.editing.options import MotionEdits
    from pantomatrix_converters.skeleton import Skeleton


def coverage_notes(source: Skeleton, edits: MotionEdits) -> list[str]:
    """One line where a motion of that skeleton changes to another, else none; the edits report what is not a body."""
    from pantomatrix_converters.errors import MotionError
    from pantomatrix_converters.retargeting.coverage import coverage
    from pantomatrix_converters.retargeting.humanoid import HumanoidMap
    from pantomatrix_converters.retargeting.retarget import Retargeting
    from pantomatrix_converters.skeleton import load_skeleton

    if edits.skeleton == "" or not len(source):
        return []
    target = load_skeleton(edits.skeleton) if isinstance(edits.skeleton, str) else edits.skeleton
    try:
        own = HumanoidMap.of_pairs(edits.source_joint_map, source) if edits.source_joint_map else None
        theirs = HumanoidMap.of_pairs(edits.joint_map, target) if edits.joint_map else None
        text = coverage(Retargeting(source, target, own, theirs))
    except MotionError:
        return []
    return [text] if text else []
