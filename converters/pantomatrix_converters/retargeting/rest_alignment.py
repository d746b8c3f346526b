"""How far a skeleton's rest pose must turn to look like another's: T against A, lying against standing, one length of bone
against another.

Whole bodies are brought together first (`body_frame`). From there arms, legs and fingers are brought into the same direction
by the shortest arc, from the trunk outwards; a hand by two axes, wrist to middle finger and index to little finger. Trunk,
head, collar bones and feet keep their own rest pose: a spine's curve and a foot's height are the character's. Where a rest
pose is only a moment of a clip there is no such curve: then these too are brought into the same direction, pelvis and chest
by two axes.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from .. import rotations
from .body_frame import RestBody, bone, direction, turn_between
from .chain_drivers import Driver
from .roles import FINGERS

Array = NDArray[np.float64]

_SIDES = ("left", "right")
_CHAINS = (("shoulder", "elbow", "wrist"), ("hip", "knee", "ankle"))


def rest_alignment(source: RestBody, target: RestBody, drivers: Mapping[int, Driver]) -> dict[int, Array]:
    """Target joint -> (4,) the rotation in the world that brings its rest bone into the source's, for every joint that
    `drivers` has: what drives it."""
    whole = turn_between(source.axes, target.axes)
    by_joint = _trunk(source, target, drivers, whole) if source.from_stance or target.from_stance else {}
    by_role: dict[str, Array] = {}
    pelvis = by_joint.get(target.pelvis, whole)
    chest = next((by_joint[joint] for joint in reversed(_joints(target, "spine")) if joint in by_joint), pelvis)
    for side in _SIDES:
        collar = _arc(source, target, f"{side}_collar", f"{side}_shoulder", chest) if by_joint else whole
        by_role[f"{side}_collar"] = collar
        for (upper, middle, end), base in zip(_CHAINS, (collar, pelvis), strict=True):
            first = _arc(source, target, f"{side}_{upper}", f"{side}_{middle}", base)
            by_role[f"{side}_{upper}"] = first
            by_role[f"{side}_{middle}"] = _arc(source, target, f"{side}_{middle}", f"{side}_{end}", first)
        if by_joint:
            foot = _arc(source, target, f"{side}_ankle", f"{side}_foot", by_role[f"{side}_knee"])
            by_role[f"{side}_ankle"] = by_role[f"{side}_foot"] = foot
        by_role |= _hand(source, target, side, by_role[f"{side}_elbow"])
    by_joint |= {
        target.skeleton.index(target.roles.roles[role]): turn
        for role, turn in by_role.items()
        if role in target.roles.roles
    }
    return {joint: by_joint.get(joint, whole) for joint in drivers}


def _arc(source: RestBody, target: RestBody, start: str, end: str, base: Array) -> Array:
    """From the target's bone, once `base` has turned it, to the source's; after `base`."""
    return _onto(bone(target.at, start, end), bone(source.at, start, end), base)


def _onto(target: Array | None, source: Array | None, base: Array) -> Array:
    if target is None or source is None:
        return base
    return rotations.multiply(rotations.shortest_arc(rotations.rotate(base, target), source), base)


def _trunk(source: RestBody, target: RestBody, drivers: Mapping[int, Driver], whole: Array) -> dict[int, Array]:
    """Target joint -> its turn, from the pelvis to the head."""
    sources, targets = _path(source), _path(target)
    aligned: dict[int, Array] = {}
    turn = whole
    chest = _joints(target, "spine")[-1:]
    for place, joint in enumerate(targets):
        driver = drivers.get(joint)
        if driver is None:
            continue
        begins = driver.start if driver.start != driver.end else driver.end
        along = _next_bone(target, targets[place:]), _next_bone(source, sources[sources.index(begins) :])
        line = "hip" if joint == target.pelvis else "shoulder" if joint in chest else ""
        across = tuple(bone(body.at, f"right_{line}", f"left_{line}") for body in (target, source))
        framed = _two_axes(along, across)
        turn = _onto(*along, turn) if framed is None else framed
        aligned[joint] = turn
    return aligned


def _path(body: RestBody) -> list[int]:
    head = body.skeleton.index(body.roles.roles["head"])
    return [body.pelvis, *_joints(body, "spine"), *_joints(body, "neck"), head]


def _joints(body: RestBody, chain: str) -> list[int]:
    return body.skeleton.indices(body.roles.chains.get(chain, ()))


def _next_bone(body: RestBody, path: list[int]) -> Array | None:
    """From the first joint to the next one that lies elsewhere."""
    first = body.positions[path[0]]
    return next((found for joint in path[1:] if (found := direction(first, body.positions[joint])) is not None), None)


def _hand(source: RestBody, target: RestBody, side: str, elbow: Array) -> dict[str, Array]:
    along, across = (
        tuple(bone(body.at, f"{side}_{start}", f"{side}_{end}") for body in (target, source))
        for start, end in (("wrist", "middle1"), ("index1", "pinky1"))
    )
    wrist = _two_axes(along, across)
    if wrist is None:
        wrist = _arc(source, target, f"{side}_wrist", f"{side}_middle1", elbow)
    aligned = {f"{side}_wrist": wrist}
    for finger in FINGERS:
        turned = wrist
        for segment in (1, 2, 3):
            role = f"{side}_{finger}{segment}"
            turned = _arc(source, target, role, f"{side}_{finger}{segment + 1}", turned)
            aligned[role] = turned
    return aligned


def _two_axes(along: tuple[Array | None, ...], across: tuple[Array | None, ...]) -> Array | None:
    """(4,) from the target's frame of two directions to the source's; None where one is missing or both are one."""
    frames = []
    for first, second in zip(along, across, strict=True):
        if first is None or second is None:
            return None
        second = second - (second @ first) * first
        if np.linalg.norm(second) < 1e-3:
            return None
        second = second / np.linalg.norm(second)
        frames.append(np.stack([first, second, np.cross(first, second)], axis=1))
    target, source = frames
    return rotations.quat_from_matrix(source @ target.T)
