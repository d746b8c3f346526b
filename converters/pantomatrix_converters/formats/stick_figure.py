"""A figure of sticks for formats that show a skeleton only if a mesh is skinned to it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .. import rotations
from ..kinematics import rest_pose
from ..skeleton import Skeleton

_HALF_WIDTH = 0.06
"""Of a stick, in lengths of its bone."""
_WAIST = 0.15
_TIP_METRES = 0.03
_FACES = np.array([[0, 1, 2], [0, 2, 3], [0, 3, 4], [0, 4, 1], [5, 2, 1], [5, 3, 2], [5, 4, 3], [5, 1, 4]])


@dataclass(frozen=True, eq=False)
class StickFigure:
    """points: (N, 3) in the rest pose, metres. triangles: (M, 3). joints: (N,) the one joint that moves each point."""

    points: NDArray[np.float64]
    triangles: NDArray[np.int64]
    joints: NDArray[np.int64]


def stick_figure(skeleton: Skeleton) -> StickFigure:
    """Octahedra from each joint to its children, and a tip where there are none."""
    positions, turns = rest_pose(skeleton)
    bones = [(int(parent), positions[joint]) for joint, parent in enumerate(skeleton.parents) if parent >= 0]
    for joint in (joint for joint, children in enumerate(skeleton.children) if not children):
        end = skeleton.end_sites.get(skeleton.joint_names[joint], (0.0, _TIP_METRES, 0.0))
        bones.append((joint, positions[joint] + rotations.rotate(turns[joint], end)))
    points, triangles, joints = [], [], []
    for joint, end in bones:
        bone = end - positions[joint]
        length = float(np.linalg.norm(bone))
        if length < 1e-4:
            continue
        across = np.cross(bone, np.eye(3)[int(np.argmin(np.abs(bone)))])
        across *= length * _HALF_WIDTH / np.linalg.norm(across)
        other = np.cross(bone, across) / length
        waist = positions[joint] + _WAIST * bone
        triangles.append(_FACES + 6 * len(points))
        points.append([positions[joint], waist + across, waist + other, waist - across, waist - other, end])
        joints += [joint] * 6
    if not points:
        triangles, points, joints = [_FACES], [np.tile(positions[0], (6, 1))], [0] * 6
    return StickFigure(np.concatenate(points), np.concatenate(triangles), np.array(joints))
