"""The rest pose of a glTF character: its nodes as they stand, or the pose in which its meshes were bound to them.

Both are common. Exporters save nodes in the bind pose, in a T-pose that somebody gave a character that was bound in an
A-pose, or in whatever frame was on the screen. A pose to measure turns from has straight limbs; so where the two differ,
the straighter is taken. A VRM's nodes are in its T-pose, says its specification.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ... import rotations
from ...errors import FormatError, UnsupportedError
from ...kinematics import forward_kinematics
from ...skeleton import Skeleton
from .gltf_document import GltfReader
from .gltf_skeleton import skin_joints

Array = NDArray[np.float64]

_OTHER_RADIANS = np.radians(5.0)
_STRAIGHTER = 1e-3


def straighter_rest(
    document: GltfReader, skeleton: Skeleton, nodes: list[int], notes: list[str]
) -> NDArray[np.float64]:
    """(J, 4) rest rotations: those of the skeleton, or those of the bind pose. nodes: of each joint."""
    own = skeleton.rest_rotations_xyzw
    bound = _bind_rotations(document, skeleton, nodes)
    away = rotations.multiply(rotations.inverse(own), bound)
    if 2 * np.arcsin(np.clip(np.linalg.norm(away[:, :3], axis=1), 0, 1)).max() < _OTHER_RADIANS:
        return own
    if _straightness(skeleton, bound) < _straightness(skeleton, own) + _STRAIGHTER:
        return own
    notes.append(
        "the nodes stand in a pose with bent limbs; the pose that the mesh was bound in is taken as the rest pose"
    )
    return bound


def _bind_rotations(document: GltfReader, skeleton: Skeleton, nodes: list[int]) -> Array:
    """Local rotations in the bind pose; the nodes' own for joints that no skin binds together with their parent."""
    bound = skeleton.rest_rotations_xyzw.copy()
    places = {node: joint for joint, node in enumerate(nodes)}
    done: set[int] = set()
    for at, skin in enumerate(document.list_of("skins")):
        listed = skin_joints(document, at)
        if "inverseBindMatrices" not in skin or places.keys().isdisjoint(listed):
            continue
        where = f"skins[{at}].inverseBindMatrices"
        try:
            columns = document.array(skin["inverseBindMatrices"], 16, where)
        except UnsupportedError:
            continue  # packed, and what unpacks it is not installed; the nodes stand somewhere as well
        if len(columns) < len(listed):
            raise FormatError(f"{document.name}: {where} has {len(columns)} matrices for {len(listed)} joints")
        inverse = np.swapaxes(columns[: len(listed)].reshape(-1, 4, 4), 1, 2)[:, :3, :3]
        flat = np.abs(np.linalg.det(inverse)) < 1e-27
        rows = {places[node]: row for row, node in enumerate(listed) if node in places and not flat[row]}
        for joint, row in rows.items():
            above = rows.get(int(skeleton.parents[joint]), -1)
            if above < 0 or joint in done:
                continue
            turn = _turn(inverse[above] @ np.linalg.inv(inverse[row]))
            if turn is not None:
                bound[joint] = turn
                done.add(joint)
    return bound


def _turn(linear: Array) -> Array | None:
    """The rotation in a matrix without mirrors."""
    if not np.isfinite(linear).all() or np.linalg.det(linear) <= 0:
        return None
    left, _, right = np.linalg.svd(linear)
    return rotations.quat_from_matrix(left @ right)


def _straightness(skeleton: Skeleton, turns: Array) -> float:
    """1 where every bone that continues one other lies along it."""
    places, _ = forward_kinematics(skeleton, turns[None], skeleton.rest_translations[:1])
    cosines = []
    for joint, children in enumerate(skeleton.children):
        if len(children) == 1 and skeleton.parents[joint] >= 0:
            before = places[0, joint] - places[0, skeleton.parents[joint]]
            behind = places[0, children[0]] - places[0, joint]
            length = np.linalg.norm(before) * np.linalg.norm(behind)
            cosines += [before @ behind / length] if length > 1e-9 else []
    return float(np.mean(cosines)) if cosines else 0.0
