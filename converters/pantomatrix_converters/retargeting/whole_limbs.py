"""Limbs in one piece: a motion turns joints and carries the root, so a foot that hangs on no knee would stay behind."""

from __future__ import annotations

from itertools import pairwise

from ..errors import MotionError
from ..skeleton import Skeleton
from .hierarchy import path_down
from .humanoid import HumanoidMap
from .roles import LIMBS, SIDES


def check_limbs(skeleton: Skeleton, roles: HumanoidMap) -> None:
    """Raises MotionError for a skeleton that motion is to be put on and whose elbow, wrist, knee or ankle does not hang on
    the joint above it in the body."""
    for side in SIDES:
        for limb in LIMBS:
            for upper, lower in pairwise(limb):
                above, below = (roles.roles[f"{side}_{role}"] for role in (upper, lower))
                if not path_down(skeleton, skeleton.index(above), skeleton.index(below)):
                    parent = int(skeleton.parents[skeleton.index(below)])
                    where = f"hangs on {skeleton.joint_names[parent]!r}" if parent >= 0 else "is the root"
                    raise MotionError(
                        f"skeleton {skeleton.name!r}: {below!r} ({side}_{lower}) {where}, not on {above!r} "
                        f"({side}_{upper}), so it would stay behind when that turns; give it that parent in the rig"
                    )
