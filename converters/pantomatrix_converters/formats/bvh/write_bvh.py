"""A motion as the text of a BVH file.

Written so that every reader agrees: root OFFSET 0 0 0, position channels on the root alone, one rotation order, joint axes
along the world in the rest pose (all angles 0), an End Site under every leaf.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from ... import rotations
from ...coordinates import CoordinateSystem
from ...errors import UnsupportedError
from ...motion import Motion
from ...retargeting.joint_axes import world_aligned, world_aligned_skeleton
from ...skeleton import Skeleton
from .fixed_point import fixed_point_lines

WRITTEN_ORDER = "XYZ"
"""Rotation channels of every joint that we write: R = Rx Ry Rz, the order of BEAT's own files."""

_DECIMALS = 6
_FRAMES_AT_ONCE = 256
_END_SITE = 0.6
"""Length of a last bone that is not known, in lengths of the bone before."""


def write(motion: Motion, coordinates: CoordinateSystem) -> bytes:
    """The motion's joints; the face is left out.

    coordinates: axes and unit of the file, "bvh" (Y up, facing +Z, centimetres) unless asked otherwise; right-handed.
    """
    if not coordinates.right_handed:
        raise UnsupportedError(
            f"a BVH file is right-handed, {coordinates.name} is left-handed; "
            "import the file as it is, the engine's importer changes the axes"
        )
    hierarchy, joint_order = _hierarchy(world_aligned_skeleton(motion.skeleton.without_character()), coordinates)
    head = ["HIERARCHY", *hierarchy, "MOTION", f"Frames: {len(motion)}", f"Frame Time: {1.0 / motion.fps:.9f}", ""]
    return b"".join(["\n".join(head).encode(), *_rows(motion, coordinates, joint_order)])


def _rows(motion: Motion, coordinates: CoordinateSystem, joint_order: list[int]) -> Iterator[bytes]:
    """The frames' lines, some frames at a time: their numbers then stay in the processor's cache."""
    before = np.zeros((0, len(joint_order), 3))
    for start in range(0, len(motion), _FRAMES_AT_ONCE):
        part = world_aligned(motion.frames(start, start + _FRAMES_AT_ONCE))
        quats = rotations.normalize(coordinates.rotations_from_canonical(part.rotations_xyzw[:, joint_order]))
        euler = np.concatenate([before, rotations.euler_from_quat(quats, WRITTEN_ORDER)])
        euler = np.unwrap(euler, axis=0)[len(before) :]
        before = euler[-1:]
        root = coordinates.positions_from_canonical(part.root_translation)
        yield fixed_point_lines(np.concatenate([root, np.degrees(euler).reshape(len(part), -1)], axis=1), _DECIMALS)


def _hierarchy(skeleton: Skeleton, coordinates: CoordinateSystem) -> tuple[list[str], list[int]]:
    """The section's lines, and the joints in the order in which it has them: depth first. Channels follow that order."""
    offsets = coordinates.positions_from_canonical(skeleton.rest_translations)
    ends = {skeleton.index(j): coordinates.positions_from_canonical(end) for j, end in skeleton.end_sites.items()}
    rotation_channels = " ".join(f"{axis}rotation" for axis in WRITTEN_ORDER)
    position_channels = " ".join(f"{axis}position" for axis in "XYZ")
    children = skeleton.children
    lines: list[str] = []
    joint_order: list[int] = []
    stack: list[tuple[int, int]] = [(0, 0)]
    while stack:
        joint, depth = stack.pop()
        indent = "\t" * depth
        if joint < 0:
            lines.append(f"{indent}}}")
            continue
        joint_order.append(joint)
        root = depth == 0
        offset = np.zeros(3) if root else offsets[joint]
        lines += [
            f"{indent}{'ROOT' if root else 'JOINT'} {_file_name(skeleton.joint_names[joint])}",
            f"{indent}{{",
            f"{indent}\tOFFSET {_triple(offset)}",
            f"{indent}\tCHANNELS {f'6 {position_channels} ' if root else '3 '}{rotation_channels}",
        ]
        if not children[joint]:
            end = ends.get(joint, offset * _END_SITE)
            lines += [f"{indent}\tEnd Site", f"{indent}\t{{", f"{indent}\t\tOFFSET {_triple(end)}", f"{indent}\t}}"]
        stack.append((-1, depth))
        stack += [(child, depth + 1) for child in reversed(children[joint])]
    return lines, joint_order


def _file_name(joint_name: str) -> str:
    return re.sub(r"\s+", "_", joint_name)


def _triple(values: np.ndarray) -> str:
    return " ".join(f"{value:.6f}" for value in values)
