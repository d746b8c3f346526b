"""Which joint is which by its place, where names do not tell: two pairs of limbs that mirror each other, legs away from the
trunk, the head above the arms, the side by the names' sides or by where the toes point.

Nothing is taken for granted: a body that may be read in two ways is refused with a sentence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..kinematics import forward_kinematics
from ..skeleton import Skeleton
from .hierarchy import ancestors, common_ancestor
from .roles import SIDES

Array = NDArray[np.float64]

_SAME_LENGTH = 0.05
"""Share of a limb's length by which bones of a pair may differ."""
_LIMB = 0.45
"""A pair of limbs is at least this share of the longest pair's length: others are ears, hair, straps."""
_SECOND_BONE, _OTHER_BONE = 0.5, 0.8
"""A limb's two bones: the shorter is at least this share of the longer; where others are at most this share of the shorter,
they stand out."""
_LONG, _ALIKE_BONES, _COLLAR = 0.5, 0.6, 0.85
"""Where they do not, shares of the longest: what is longer is none of a hand; the shorter bone of an arm; the longest collar
bone."""
_HEAD_BONE = 0.35
"""The last of three joints above the arms is where the head ends if its bone is longer than this share of the trunk."""
_WIDTH = 0.25
"""Distance of the shoulders, as a share of the trunk's length."""
_TOES = 0.3
"""Share of a foot's length by which the toes must point forward for a side to be told."""
_AWAY, _ACROSS, _ALIKE = -0.64, 0.64, 0.77
"""Cosines: legs point away from the trunk (within 50 degrees); a trunk lies across the limbs (50 to 130 degrees); arms and
legs point the same way (within 40 degrees)."""


class UntoldError(Exception):
    """The shape does not tell; says why. Never leaves `retargeting`."""


@dataclass(frozen=True)
class _Pair:
    """Two limbs that mirror each other: the joint that carries them, and each limb's joints along its longest way."""

    above: int
    limbs: tuple[list[int], list[int]]
    length: float


def roles_by_shape(skeleton: Skeleton, sides: Sequence[str]) -> dict[str, int]:
    """Role -> joint: the roles that every body needs, and collar bones and balls of the feet.

    sides: each joint's side as its name says it, empty where it says none. Raises UntoldError.
    """
    at = _positions(skeleton)
    legs, arms = _legs_and_arms(skeleton, at)
    ends = {
        pair.above: [_two_bones(at, limb, what) for limb in pair.limbs]
        for pair, what in ((legs, "legs"), (arms, "arms"))
    }
    if any(len(set(places)) > 1 for places in ends.values()):
        raise UntoldError("the bones of its left and right limbs differ")
    leg, arm = ends[legs.above][0], ends[arms.above][0]
    hips, ankles = ([limb[leg + step] for limb in legs.limbs] for step in (0, 2))
    shoulders = [limb[arm] for limb in arms.limbs]
    up = _direction(at[shoulders].mean(axis=0) - at[hips].mean(axis=0))
    if _direction(at[ankles].mean(axis=0) - at[hips].mean(axis=0)) @ up > _AWAY:
        raise UntoldError("its legs do not point away from its trunk, as those of four-legged bodies")
    width = np.linalg.norm(at[shoulders[0]] - at[shoulders[1]])
    if width < _WIDTH * np.linalg.norm(at[shoulders].mean(axis=0) - at[hips].mean(axis=0)):
        raise UntoldError("its arms begin in one place")
    roles = {"pelvis": common_ancestor(skeleton, (legs.above, arms.above)), "head": _head(skeleton, at, arms, up, hips)}
    left = _left(at, legs, leg, up, sides)
    for pair, first, names in (
        (legs, leg, ("", "hip", "knee", "ankle", "foot")),
        (arms, arm, ("collar", "shoulder", "elbow", "wrist")),
    ):
        ordered = sorted(pair.limbs, key=lambda limb: -float(at[limb[first]] @ left))
        for side, limb in zip(SIDES, ordered, strict=True):
            for place, role in enumerate(names, first - 1):
                if role and 0 <= place < len(limb):
                    roles[f"{side}_{role}"] = limb[place]
    return roles


def is_four_legged(skeleton: Skeleton, roles: Mapping[str, int]) -> bool:
    """Whether the trunk lies across the limbs, which all point the same way, as in the rest pose of a horse. (Where all
    angles are 0 a body may be folded in other ways: bones in one line, a trunk that lies.)"""
    at = _positions(skeleton)
    hips, shoulders, ankles, wrists = (
        at[[roles[f"{side}_{role}"] for side in SIDES]] for role in ("hip", "shoulder", "ankle", "wrist")
    )
    trunk = _direction(shoulders.mean(axis=0) - hips.mean(axis=0))
    legs, arms = _direction(ankles - hips), _direction(wrists - shoulders)
    across = max(np.abs(legs @ trunk).max(), np.abs(arms @ trunk).max()) < _ACROSS
    return bool(across and np.sum(legs * arms, axis=1).min() > _ALIKE)


def _positions(skeleton: Skeleton) -> Array:
    positions, _ = forward_kinematics(skeleton, skeleton.rest_rotations_xyzw[None], skeleton.rest_translations[:1])
    return positions[0]


def _direction(vectors: Array) -> Array:
    """(..., 3) unit vectors; zero where there is no length."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)


def _legs_and_arms(skeleton: Skeleton, at: Array) -> tuple[_Pair, _Pair]:
    pairs = _pairs(skeleton, at)
    longest = max((pair.length for pair in pairs), default=0.0)
    pairs = [pair for pair in pairs if pair.length >= _LIMB * longest]
    pairs = [
        pair
        for pair in pairs
        if sum(other.above in ancestors(skeleton, pair.above) for other in pairs) < 2  # hair and ears, above the arms
    ]
    if len(pairs) != 2 or pairs[0].above == pairs[1].above:
        raise UntoldError(f"it has {len(pairs)} pairs of long limbs, expected legs and arms")
    below, above = pairs if pairs[0].above in ancestors(skeleton, pairs[1].above) else pairs[::-1]
    if below.above not in ancestors(skeleton, above.above):
        below, above = sorted(pairs, key=lambda pair: -pair.length)
    return below, above


def _pairs(skeleton: Skeleton, at: Array) -> list[_Pair]:
    """Neighbours that mirror each other in length, of joints that are in no limb themselves; parents first."""
    lengths, next_joint = _longest_ways(skeleton, at)
    inside = np.zeros(len(skeleton), bool)
    pairs: list[_Pair] = []
    for joint, children in enumerate(skeleton.children):
        if inside[joint]:
            inside[list(children)] = True
            continue
        ordered = sorted(children, key=lambda child: -lengths[child])
        first = 0
        while first + 1 < len(ordered):
            ways = [_way(next_joint, child) for child in ordered[first : first + 2]]
            long = float(lengths[ordered[first]] + np.linalg.norm(at[ordered[first]] - at[joint]))
            mirrored = _alike(at, joint, ways[0], ways[1], long)
            if mirrored:
                pairs.append(_Pair(joint, (ways[0], ways[1]), long))
                inside[ordered[first : first + 2]] = True
            first += 2 if mirrored else 1
    return pairs


def _alike(at: Array, above: int, one: list[int], other: list[int], length: float) -> bool:
    """Whether two ways have bones of the same lengths."""
    if len(one) != len(other) or length <= 0:
        return False
    bones = [np.linalg.norm(np.diff(at[[above, *way]], axis=0), axis=1) for way in (one, other)]
    return bool(np.abs(bones[0] - bones[1]).max() <= _SAME_LENGTH * length)


def _longest_ways(skeleton: Skeleton, at: Array) -> tuple[Array, list[int]]:
    """Metres from each joint to the farthest one under it, along bones, and the next joint on that way, -1 at its end."""
    lengths, next_joint = np.zeros(len(skeleton)), [-1] * len(skeleton)
    for joint in range(len(skeleton) - 1, 0, -1):
        parent = int(skeleton.parents[joint])
        length = lengths[joint] + float(np.linalg.norm(at[joint] - at[parent]))
        if length > lengths[parent]:
            lengths[parent], next_joint[parent] = length, joint
    return lengths, next_joint


def _way(next_joint: Sequence[int], joint: int) -> list[int]:
    way = [joint]
    while next_joint[way[-1]] >= 0:
        way.append(next_joint[way[-1]])
    return way


def _two_bones(at: Array, limb: list[int], what: str) -> int:
    """Where in a limb its first bone begins: its two bones are the longest, or in an arm the last long ones, behind a collar
    bone that is nearly as long. Raises UntoldError if they do not stand out."""
    bones = np.linalg.norm(np.diff(at[limb], axis=0), axis=1)
    if len(bones) >= 2:
        first = int(np.argmax(bones[:-1] + bones[1:]))
        short, long = sorted(bones[first : first + 2])
        others = np.delete(bones, [first, first + 1])
        ends = what != "arms" or np.all(bones[first + 2 :] <= _LONG * long)  # or it is a collar bone and an upper arm
        if short >= _SECOND_BONE * long and np.all(others <= _OTHER_BONE * short) and ends:
            return first
        lasting = np.flatnonzero(bones >= _LONG * bones.max())
        if what == "arms" and len(lasting) == 3 and lasting[2] == lasting[0] + 2:
            collar, *both = bones[lasting]
            if collar <= _COLLAR * max(both) and min(both) >= _ALIKE_BONES * max(both):
                return int(lasting[1])
    raise UntoldError(f"which joints of its {what} bend cannot be told from their lengths")


def _head(skeleton: Skeleton, at: Array, arms: _Pair, up: Array, hips: list[int]) -> int:
    """The last joint of the chain that goes on above the arms, or the one before where that is only the head's end."""
    roots = {limb[0] for limb in arms.limbs}
    above = [child for child in skeleton.children[arms.above] if child not in roots]
    ways = [_unbranched(skeleton, child) for child in above]
    ways = [way for way in ways if np.any((at[way] - at[arms.above]) @ up > 0)]
    if len(ways) != 1:
        raise UntoldError(f"{len(ways)} chains go up between its arms, expected the neck")
    way = ways[0]
    trunk = (at[arms.above] - at[hips].mean(axis=0)) @ up
    if (
        len(way) > 2
        and not skeleton.children[way[-1]]
        and np.linalg.norm(at[way[-1]] - at[way[-2]]) > _HEAD_BONE * trunk
    ):
        return way[-2]
    return way[-1]


def _unbranched(skeleton: Skeleton, joint: int) -> list[int]:
    """A joint and those under it, as far as there is one only."""
    way = [joint]
    while len(skeleton.children[way[-1]]) == 1:
        way.append(skeleton.children[way[-1]][0])
    return way


def _left(at: Array, legs: _Pair, first: int, up: Array, sides: Sequence[str]) -> Array:
    """Direction of the body's left."""
    hips = [limb[first] for limb in legs.limbs]
    across = at[hips[0]] - at[hips[1]]
    across = _direction(across - (across @ up) * up)
    told = [sides[hip] for hip in hips]
    if set(told) == set(SIDES):
        return across if told[0] == "left" else -across
    if min(len(limb) for limb in legs.limbs) < first + 4:
        raise UntoldError("without toes its left cannot be told from its right")
    toes = np.mean([at[limb[first + 3]] - at[limb[first + 2]] for limb in legs.limbs], axis=0)
    forward = toes - (toes @ up) * up - (toes @ across) * across
    if np.linalg.norm(forward) < _TOES * np.linalg.norm(toes):
        raise UntoldError("its toes do not point forward, so its left cannot be told from its right")
    left = np.cross(up, forward)
    return across if left @ across > 0 else -across
