"""Feet that stay where they stand.

A foot is in contact while its ball is low and slow. It is then held at one place on the floor, by turning hip and knee;
between contacts it returns to its own path. The foot keeps its rotation.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .. import rotations
from ..errors import UnsupportedError
from ..kinematics import forward_kinematics
from ..motion import Motion
from ..skeleton import Skeleton
from .humanoid import HumanoidMap, guess_roles
from .inverse_kinematics import two_bone
from .rest_alignment import rest_pose

Array = NDArray[np.float64]

_ENTER_METRES, _LEAVE_METRES = 0.04, 0.07
_ENTER_METRES_PER_SECOND, _LEAVE_METRES_PER_SECOND = 0.25, 0.45
"""Height over the standing height, and horizontal speed, at which a contact begins and ends."""
_SHORTEST_SECONDS, _BLEND_SECONDS = 0.1, 0.2
_FARTHEST_METRES = 0.15
"""A foot that was carried farther from where it stands takes a step."""
_ON_THE_FLOOR_METRES = 0.05


def contacts(ball: Array, fps: float, floor: float) -> list[tuple[int, int]]:
    """Stretches of frames [start, stop) in which a foot stands.

    ball: (T, 3) position of its ball in the world, metres; floor: height of the ball when it stands.
    """
    height = ball[:, 1] - floor
    speed = _speed(ball, fps)
    may_stay = (height < _LEAVE_METRES) & (speed < _LEAVE_METRES_PER_SECOND)
    begins = may_stay & (height < _ENTER_METRES) & (speed < _ENTER_METRES_PER_SECOND)
    stretches = []
    edges = np.flatnonzero(np.diff(np.concatenate([[0], may_stay.view(np.int8), [0]])))
    for start, stop in edges.reshape(-1, 2):
        entered = np.flatnonzero(begins[start:stop])
        if len(entered) and stop - start - entered[0] >= _SHORTEST_SECONDS * fps:
            stretches += _steps(ball, int(start + entered[0]), int(stop))
    return stretches


def locked_feet(motion: Motion, roles: HumanoidMap | None = None) -> Motion:
    """The motion with feet that do not slide while they stand.

    roles: guessed from names and hierarchy by default. Raises UnsupportedError for a skeleton without plain legs.
    """
    if not len(motion):
        return motion
    skeleton = motion.skeleton
    legs = check_legs(skeleton, roles or guess_roles(skeleton))
    rest_positions, _ = rest_pose(skeleton)
    positions, world = forward_kinematics(skeleton, motion.rotations_xyzw, motion.root_translation)
    quats = motion.rotations_xyzw.astype(np.float64)
    balls = [leg[-1] for leg in legs]
    floor = _floor(positions[:, balls, 1], rest_positions[balls, 1])
    for hip, knee, ankle, ball in legs:
        standing = contacts(positions[:, ball], motion.fps, rest_positions[ball, 1] + floor)
        offset = _offsets(positions[:, ball], standing, motion.fps, rest_positions[ball, 1] + floor)
        upper, lower = positions[:, knee] - positions[:, hip], positions[:, ankle] - positions[:, knee]
        forward = positions[:, ball] - positions[:, ankle]
        bend = _bend(upper, lower, forward)
        turns = two_bone(
            positions[:, hip],
            positions[:, ankle] + offset,
            bend,
            upper_rest=upper,
            lower_rest=lower,
            hinge_rest=rotations.cross(bend, upper + lower),
        )
        moved = (np.abs(offset).max(axis=1) > 1e-6)[:, None]
        turns = [np.where(moved, turn, rotations.IDENTITY_XYZW) for turn in turns]
        hip_turn, knee_turn = (
            rotations.multiply(turn, world[:, at]) for turn, at in zip(turns, (hip, knee), strict=True)
        )
        above = skeleton.parents[hip]
        quats[:, hip] = rotations.multiply(rotations.inverse(world[:, above]), hip_turn)
        quats[:, knee] = rotations.multiply(rotations.inverse(hip_turn), knee_turn)
        quats[:, ankle] = rotations.multiply(rotations.inverse(knee_turn), world[:, ankle])
    return replace(motion, rotations_xyzw=rotations.normalize(quats).astype(np.float32))


def floor_height(motion: Motion, roles: HumanoidMap) -> float:
    """Metres by which the floor that a motion stands on lies above that of its skeleton's rest pose: 0 unless the feet are
    nowhere near it, as in files that count height from the pelvis."""
    rest_positions, _ = rest_pose(motion.skeleton)
    feet = [motion.skeleton.index(roles.roles[f"{side}_ankle"]) for side in ("left", "right")]
    sample = motion.frames(0, min(len(motion), 4096))
    positions, _ = forward_kinematics(sample.skeleton, sample.rotations_xyzw, sample.root_translation)
    off = _floor(positions[:, feet, 1], rest_positions[feet, 1])
    leg = float(np.ptp(rest_positions[:, 1])) / 2
    return off if abs(off) > leg / 4 else 0.0


def _floor(heights: Array, rest_heights: Array) -> float:
    """Where the lower foot usually is, above where it is at rest. heights: (T, 2)."""
    return float(np.percentile((heights - rest_heights).min(axis=1), 10))


def check_legs(skeleton: Skeleton, roles: HumanoidMap, flag: str = "--joint-map") -> list[tuple[int, int, int, int]]:
    """Hip, knee, ankle and ball of the left foot and the right. Raises MotionError if the roles are not a body's,
    UnsupportedError for a skeleton without plain legs."""
    roles.checked(skeleton, flag)
    return [_leg(skeleton, roles, side) for side in ("left", "right")]


def _leg(skeleton: Skeleton, roles: HumanoidMap, side: str) -> tuple[int, int, int, int]:
    hip, knee, ankle = (skeleton.index(roles.roles[f"{side}_{role}"]) for role in ("hip", "knee", "ankle"))
    if skeleton.parents[knee] != hip or skeleton.parents[ankle] != knee or skeleton.parents[hip] < 0:
        raise UnsupportedError(
            f"skeleton {skeleton.name!r}: foot lock needs a {side} leg of hip, knee and ankle in a row"
        )
    ball = roles.roles.get(f"{side}_foot")
    return hip, knee, ankle, ankle if ball is None else skeleton.index(ball)


def _speed(ball: Array, fps: float) -> Array:
    """(T,) horizontal, metres a second, over the frames around."""
    if len(ball) < 2:
        return np.zeros(len(ball))
    return np.linalg.norm(np.gradient(ball[:, [0, 2]], axis=0), axis=1) * fps


def _steps(ball: Array, start: int, stop: int) -> list[tuple[int, int]]:
    """One stretch, or several with a step between them where the foot is carried too far from its place."""
    away = np.linalg.norm(ball[start:stop, [0, 2]] - ball[start, [0, 2]], axis=1)
    far = np.flatnonzero(away > 2 * _FARTHEST_METRES)
    if not len(far):
        return [(start, stop)]
    middle = start + int(far[0])
    return [(start, middle), *_steps(ball, middle + 1, stop)] if middle + 1 < stop else [(start, middle)]


def _offsets(ball: Array, standing: list[tuple[int, int]], fps: float, floor: float) -> Array:
    """(T, 3) how far the foot has to move: to its place while it stands, fading in the air."""
    offsets = np.zeros_like(ball)
    known = np.zeros(len(ball), bool)
    for start, stop in standing:
        place = ball[start:stop].mean(axis=0)
        if abs(place[1] - floor) < _ON_THE_FLOOR_METRES:
            place[1] = floor
        offsets[start:stop] = place - ball[start:stop]
        known[start:stop] = True
    gaps = np.flatnonzero(np.diff(np.concatenate([[0], (~known).view(np.int8), [0]]))).reshape(-1, 2)
    blend = max(1.0, _BLEND_SECONDS * fps)
    for start, stop in gaps:
        since, until = np.arange(1, stop - start + 1), np.arange(stop - start, 0, -1)
        before = offsets[start - 1] if start else np.zeros(3)
        after = offsets[stop] if stop < len(ball) else np.zeros(3)
        short = min(blend, (stop - start + 1) / 2)
        offsets[start:stop] = _fade(since / short) * before + _fade(until / short) * after
    return offsets


def _fade(progress: Array) -> Array:
    """From 1 to 0, smooth at both ends. (n,) -> (n, 1)."""
    x = np.clip(progress, 0.0, 1.0)
    return (1.0 - x * x * (3.0 - 2.0 * x))[:, None]


def _bend(upper: Array, lower: Array, forward: Array) -> Array:
    """Where the knee points: out of the line from hip to ankle; along the foot where the leg is straight."""
    along = upper + lower
    along = along / np.maximum(np.linalg.norm(along, axis=-1, keepdims=True), 1e-9)
    out = upper - np.sum(upper * along, axis=-1, keepdims=True) * along
    forward = forward - np.sum(forward * along, axis=-1, keepdims=True) * along
    return out + 1e-3 * forward
