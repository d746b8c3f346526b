"""Hands that touch each other, or the own body, touch on another skeleton too.

Arms and trunks of other lengths take a pose's directions over, not its places: clasped hands come apart or go through each
other. Where hands are close in the source, the ways between those of their joints that are nearest are kept, in lengths of
the target's hand; where a hand is close to the head, the hips or a thigh, its way from there. Both fade with the distance,
and every frame is its own, so that pieces of a motion come out as the whole.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .. import rotations
from ..errors import UnsupportedError
from ..kinematics import forward_kinematics, rest_pose
from ..motion import Motion
from ..skeleton import Skeleton
from .humanoid import HumanoidMap
from .limb_reach import Limb, reached
from .roles import FINGERS

Array = NDArray[np.float64]

_SIDES = ("left", "right")
_ARM_METRES = 0.52
_TOUCH_METRES, _APART_METRES = 0.06, 0.14
"""Between the nearest joints of two hands, of a body with arms of `_ARM_METRES`: closer they touch, farther they do not."""
_NEAREST_METRES = 0.01
"""Joints that are so much farther apart than the nearest count a third."""
_POINTS_OF_FOREARM = (0.35, 0.7)
"""Points of a hand without fingers, beyond the wrist: the palm and the end."""
_ON_BODY_METRES, _OFF_BODY_METRES = 0.03, 0.1
"""The same between a hand's joints and the surface of the body."""
_EASY_STRETCH = 0.99
"""Share of an arm's length to which it is stretched for contact."""
_HINGE = 0.1
"""How much an elbow's axis of the rest pose counts beside that of its bend: straight arms have no other."""
_SHORTEST_BONE_METRES = 1e-6
_FRAMES_AT_ONCE = 1024


@dataclass(frozen=True)
class _Part:
    """A part of the body that hands lie on: around a line from one role to another, or upwards from one."""

    start: str
    end: str
    radius_metres: float


_PARTS = (
    _Part("left_hip", "left_knee", 0.085),
    _Part("right_hip", "right_knee", 0.085),
    _Part("left_hip", "right_hip", 0.11),
    _Part("head", "", 0.11),
)
_TRUNK_METRES = 0.6
"""From pelvis to head of the body that the radii are of."""
_HEAD_OF_TRUNK = 0.2
"""Share of that from the joint of the head to its middle."""


class HandContact:
    """How the hands of one skeleton's motions are put on another's; made once, applied to motions or pieces of them.

    Raises UnsupportedError for arms that are not shoulder, elbow and wrist in a row.
    """

    def __init__(self, source: Skeleton, source_map: HumanoidMap, target: Skeleton, target_map: HumanoidMap) -> None:
        fingers = [
            f"{finger}{segment}"
            for finger in FINGERS
            for segment in (1, 2, 3)
            if all(f"{side}_{finger}{segment}" in own.roles for side in _SIDES for own in (source_map, target_map))
        ]
        self._source, self._target = _Body(source, source_map, fingers), _Body(target, target_map, fingers)
        self._target.check_arms()

    def apply(self, motion: Motion, moved: Motion) -> Motion:
        """The retargeted motion with hands in place. motion: the source's, of the same frames."""
        quats = moved.rotations_xyzw.copy()
        for start in range(0, len(motion), _FRAMES_AT_ONCE):
            stop = start + _FRAMES_AT_ONCE
            quats[start:stop] = self._applied(motion.frames(start, stop), moved.frames(start, stop))
        return replace(moved, rotations_xyzw=quats)

    def _applied(self, motion: Motion, moved: Motion) -> NDArray[np.float32]:
        source, target = self._source.pose(motion), self._target.pose(moved)
        way = np.zeros((2, len(motion), 3))
        for part in range(len(_PARTS)):
            self._put_on_body(source, target, way, part)
        self._put_together(source, target, way)
        return self._reached(moved, target, way)

    def _put_together(self, source: _Pose, target: _Pose, way: Array) -> None:
        """Change the ways that the hands go, (2, T, 3), by half of what is between them each."""
        left, right = source.hands
        apart = np.linalg.norm(right[None] - left[:, None], axis=-1)
        nearest = apart.min(axis=(0, 1))
        weights = np.exp((nearest - apart) / (_NEAREST_METRES * self._source.size))
        weights /= weights.sum(axis=(0, 1))
        # The mean of all pairs' ways is that of the points of each hand, weighted by their pairs.
        own_left, own_right = target.hands[0] + way[0], target.hands[1] + way[1]
        ratio = self._target.hand / self._source.hand
        missing = np.einsum("jt,jtc->tc", weights.sum(axis=0), ratio * right - own_right)
        missing -= np.einsum("it,itc->tc", weights.sum(axis=1), ratio * left - own_left)
        close = _near(nearest / self._source.size, _TOUCH_METRES, _APART_METRES)[:, None]
        way[0] -= 0.5 * close * missing
        way[1] += 0.5 * close * missing
        # Where one arm is too short for its half, the other hand comes.
        for side, other in ((0, 1), (1, 0)):
            way[other] -= close * self._beyond_reach(target, side, way[side])

    def _beyond_reach(self, target: _Pose, side: int, way: Array) -> Array:
        """(T, 3) by how much a hand cannot go its way, (T, 3)."""
        shoulder, elbow, wrist = (target.at[:, joint] for joint in self._target.arms[side])
        goal = wrist + way - shoulder
        distance = np.linalg.norm(goal, axis=1, keepdims=True)
        longest = np.linalg.norm(elbow - shoulder, axis=1) + np.linalg.norm(wrist - elbow, axis=1)
        easy = np.maximum(_EASY_STRETCH * longest, np.linalg.norm(wrist - shoulder, axis=1))[:, None]
        return goal * np.maximum(1.0 - easy / np.maximum(distance, 1e-9), 0.0)

    def _put_on_body(self, source: _Pose, target: _Pose, way: Array, part: int) -> None:
        """Change the ways that the hands go, (2, T, 3), by what brings them to one part of the body."""
        (start, end), (own_start, own_end) = source.parts[part], target.parts[part]
        size = self._source.trunk / _TRUNK_METRES
        ratio = self._target.trunk / self._source.trunk
        for side, (hand, own) in enumerate(zip(source.hands, target.hands, strict=True)):
            share, distance = _from_line(hand, start, end)
            nearest = distance.min(axis=0)
            weights = np.exp((nearest - distance) / (_NEAREST_METRES * size))
            weights /= weights.sum(axis=0)
            close = _near(nearest / size - _PARTS[part].radius_metres, _ON_BODY_METRES, _OFF_BODY_METRES)
            on_line, own_line = (at + share[..., None] * (to - at) for at, to in ((start, end), (own_start, own_end)))
            missing = np.einsum("it,itc->tc", weights, own_line + ratio * (hand - on_line) - own - way[side])
            way[side] += close[:, None] * missing

    def _reached(self, moved: Motion, target: _Pose, way: Array) -> NDArray[np.float32]:
        quats = moved.rotations_xyzw.copy()
        for side, (shoulder, elbow, wrist) in enumerate(self._target.arms):
            goes = np.flatnonzero(np.abs(way[side]).max(axis=1) > 1e-6)
            if not len(goes):
                continue
            at, world = target.at[goes], target.turns[goes]
            hinge = rotations.rotate(world[:, shoulder], self._target.hinges[side])
            arm = Limb(at[:, shoulder], at[:, elbow], at[:, wrist], hinge)
            upper, lower = reached(arm, np.zeros_like(hinge), at[:, wrist] + way[side][goes])
            upper_turn = rotations.multiply(upper, world[:, shoulder])
            lower_turn = rotations.multiply(upper, rotations.multiply(lower, world[:, elbow]))
            above = world[:, self._target.skeleton.parents[shoulder]]
            for joint, parent, turn in (
                (shoulder, above, upper_turn),
                (elbow, upper_turn, lower_turn),
                (wrist, lower_turn, world[:, wrist]),
            ):
                quats[goes, joint] = rotations.normalize(rotations.multiply(rotations.inverse(parent), turn))
        return quats


@dataclass(frozen=True, eq=False)
class _Pose:
    """A body in T frames, metres in the world.

    at: (T, J, 3), turns: (T, J, 4) of all joints. hands: left and right, (n, T, 3), the same points of each. parts: `_PARTS`
    as pairs of (T, 3), the ends of their lines.
    """

    at: Array
    turns: Array
    hands: tuple[Array, Array]
    parts: list[tuple[Array, Array]]


class _Body:
    """Where hands and what they lie on are in a skeleton.

    fingers: their joints that count, by role without side. hand: length of the fingers' first segments from the wrist, or of
    the forearm where a hand has none, metres. trunk: from pelvis to head. size: the arm's length in those of a grown-up.
    """

    def __init__(self, skeleton: Skeleton, roles: HumanoidMap, fingers: list[str]) -> None:
        self.skeleton = skeleton
        rest, turns = rest_pose(skeleton)
        index = {role: skeleton.index(joint) for role, joint in roles.roles.items()}
        self.arms = [tuple(index[f"{side}_{role}"] for role in ("shoulder", "elbow", "wrist")) for side in _SIDES]
        self._fingers = [[index[f"{side}_{finger}"] for finger in fingers] for side in _SIDES]
        forearms = [rest[wrist] - rest[elbow] for _, elbow, wrist in self.arms]
        lengths = [np.linalg.norm(rest[elbow] - rest[shoulder]) for shoulder, elbow, _ in self.arms]
        lengths = [length + np.linalg.norm(forearm) for length, forearm in zip(lengths, forearms, strict=True)]
        self.size = max(float(np.mean(lengths)) / _ARM_METRES, 1e-6)
        reaches = [
            np.linalg.norm(rest[joints] - rest[wrist], axis=-1)
            for joints, (_, _, wrist) in zip(self._fingers, self.arms, strict=True)
            if joints
        ]
        self.hand = max(float(np.mean(reaches or np.linalg.norm(forearms, axis=-1))), 1e-6)
        # A hand without fingers goes on as the forearm does in the rest pose.
        self._along = [
            rotations.rotate(rotations.inverse(turns[arm[2]]), bone)
            for arm, bone in zip(self.arms, forearms, strict=True)
        ]
        forward = np.cross(
            rest[index["left_shoulder"]] - rest[index["right_shoulder"]], rest[index["head"]] - rest[index["pelvis"]]
        )
        self.hinges = []
        for shoulder, _, wrist in self.arms:
            axis = np.cross(rest[wrist] - rest[shoulder], forward)
            axis = rotations.rotate(rotations.inverse(turns[shoulder]), axis)
            self.hinges.append(_HINGE * axis / max(float(np.linalg.norm(axis)), 1e-9))
        self._index = index
        up = rest[index["head"]] - rest[index["pelvis"]]
        self.trunk = max(float(np.linalg.norm(up)), 1e-6)
        self._crown = rotations.rotate(rotations.inverse(turns[index["head"]]), _HEAD_OF_TRUNK * up)

    def check_arms(self) -> None:
        """Raises UnsupportedError for arms that are no shoulder, elbow and wrist in a row."""
        parents, offsets = self.skeleton.parents, self.skeleton.rest_translations
        for side, (shoulder, elbow, wrist) in zip(_SIDES, self.arms, strict=True):
            in_a_row = parents[elbow] == shoulder and parents[wrist] == elbow and parents[shoulder] >= 0
            if not in_a_row or min(np.linalg.norm(offsets[[elbow, wrist]], axis=1)) < _SHORTEST_BONE_METRES:
                raise UnsupportedError(
                    f"skeleton {self.skeleton.name!r}: hand contact needs a {side} arm of shoulder, elbow and wrist in a row"
                )

    def pose(self, motion: Motion) -> _Pose:
        """All that contact needs of a motion on this skeleton."""
        at, turns = forward_kinematics(self.skeleton, motion.rotations_xyzw, motion.root_translation)
        hands = []
        for (_, _, wrist), fingers, along in zip(self.arms, self._fingers, self._along, strict=True):
            hand = rotations.rotate(turns[:, wrist], along)
            beyond = [at[:, joint] for joint in fingers] or [
                at[:, wrist] + share * hand for share in _POINTS_OF_FOREARM
            ]
            hands.append(np.stack([at[:, wrist], *beyond]))
        head = self._index["head"]
        crown = at[:, head] + rotations.rotate(turns[:, head], self._crown)
        parts = [
            (at[:, self._index[part.start]], at[:, self._index[part.end]]) if part.end else (crown, crown)
            for part in _PARTS
        ]
        return _Pose(at, turns, (hands[0], hands[1]), parts)


def _from_line(points: Array, start: Array, end: Array) -> tuple[Array, Array]:
    """Share of the way along a line that lies nearest, and how far that is. points: (n, T, 3), ends: (T, 3). (n, T) each."""
    line = end - start
    length2 = np.maximum(np.sum(line * line, axis=-1), 1e-12)
    share = np.clip(np.sum((points - start) * line, axis=-1) / length2, 0.0, 1.0)
    return share, np.linalg.norm(points - start - share[..., None] * line, axis=-1)


def _near(distance: Array, touching: float, apart: float) -> Array:
    """1 for what touches, 0 for what is apart, smooth between."""
    x = np.clip((apart - distance) / (apart - touching), 0.0, 1.0)
    return x * x * (3.0 - 2.0 * x)
