"""Joints of a file that move against their parents, in motions whose bones keep their lengths.

One way is kept whole: that from the root to the pelvis. Where the pelvis moves under a root that stands, or that goes its own
way, the root goes so that the pelvis is where the file has it.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from .. import rotations
from ..retargeting.hierarchy import path_down
from ..retargeting.humanoid import guess_roles
from ..skeleton import Skeleton

Array = NDArray[np.float64]

MOVED_OF_LONGEST = 2.5e-3
"""From which distance on a joint is somewhere else, in lengths of the longest bone: a millimetre on a body."""


def root_for_moving_joints(
    skeleton: Skeleton, quats: NDArray[np.float32], root: Array, moving: Mapping[int, Array], notes: list[str]
) -> Array:
    """(T, 3) where the root has to be.

    quats: (T, J, 4) local; root: (T, 3) where the file has it; moving: joint -> (T, 3) in its parent's frame, in place of its
    rest translation. Notes say whose way the root takes, and what is left out.
    """
    path = _to_pelvis(skeleton)[1:]
    kept = [joint for joint in path if joint in moving]
    if kept:
        turn, root = quats[:, 0].astype(np.float64), root.astype(np.float64)
        for joint in path:
            if joint in moving:
                root = root + rotations.rotate(turn, moving[joint] - skeleton.rest_translations[joint])
            turn = rotations.multiply(turn, quats[:, joint])
        names = " and ".join(repr(skeleton.joint_names[joint]) for joint in kept)
        notes.append(f"{names} moves under {skeleton.joint_names[0]!r}: the root goes that way")
    left_out = [skeleton.joint_names[joint] for joint in moving if joint not in kept]
    if len(left_out) == 1:
        notes.append(f"joint {left_out[0]!r} changes its length, which is left out")
    elif left_out:
        notes.append(f"{len(left_out)} joints change their length ({left_out[0]!r} first), which is left out")
    return root


def _to_pelvis(skeleton: Skeleton) -> list[int]:
    """From the root to the pelvis; to where the first branch is if there is none."""
    pelvis = guess_roles(skeleton).roles.get("pelvis")
    if pelvis is not None:
        return path_down(skeleton, 0, skeleton.index(pelvis))
    path = [0]
    while len(skeleton.children[path[-1]]) == 1:
        path.append(skeleton.children[path[-1]][0])
    return path
