"""A body at rest as a whole: where its left, up and forward are, whichever way it stands, lies or faces, and how high it
stands.

Up is from the hips to the head, left from the right side to the left one, forward across both. An axis of the file that is
near counts in their place: how a spine is curved and how uneven a scanned body is are the character's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .. import rotations
from ..errors import MotionError
from ..kinematics import rest_pose
from ..skeleton import Skeleton
from .humanoid import HumanoidMap

Array = NDArray[np.float64]

_MIN_BONE_METRES = 1e-4
_NEAR_UP, _NEAR_LEFT = np.cos(np.radians([30.0, 5.0]))
_SIDES = (("left", 1.0), ("right", -1.0))
_LEAST_LEG, _LEAST_ARM, _LEAST_TWIST = -0.3, -0.5, 0.5
"""Cosines: of a leg's bone against down, of an upper arm against its own side, of the hips' line against the shoulders'.
Beyond them the shortest turn into another pose would be a matter of chance."""
_FLOOR_OF_LEG = (-0.01, 0.15)
"""Height of the lowest foot in a rest pose that stands on the floor, and how far from the origin it may be, in legs."""
_SOLE_OF_LEG = 0.08


def role_positions(skeleton: Skeleton, roles: HumanoidMap, positions: Array) -> dict[str, Array]:
    """Role -> (..., 3) out of the positions (..., J, 3) of all joints."""
    return {role: positions[..., skeleton.index(joint), :] for role, joint in roles.roles.items()}


def upward(at: Mapping[str, Array]) -> Array:
    """(..., 3) unit, from between the hips to the head. at: role -> (..., 3)."""
    return _unit(at["head"] - (at["left_hip"] + at["right_hip"]) / 2)


def leftward(at: Mapping[str, Array]) -> Array:
    """(..., 3) unit, from right to left by hips and shoulders."""
    return _unit(at["left_hip"] - at["right_hip"] + at["left_shoulder"] - at["right_shoulder"])


def is_body(at: Mapping[str, Array], up: Array, left: Array) -> NDArray[np.bool_]:
    """(...) whether arms and legs point where a body's can, so that another body's are brought there by the shortest way.

    at: role -> (..., 3); up, left: (..., 3) unit.
    """
    hips, shoulders = (_unit(at[f"left_{role}"] - at[f"right_{role}"]) for role in ("hip", "shoulder"))
    hips = np.where(_dot(hips, hips)[..., None] > 0.5, hips, shoulders)  # both legs may begin in one place
    found = (_dot(hips, shoulders) > _LEAST_TWIST) & (np.abs(_dot(left, up)) < _LEAST_TWIST)
    for side, sign in _SIDES:
        for start, end in (("hip", "knee"), ("knee", "ankle")):
            found = found & (_dot(_unit(at[f"{side}_{end}"] - at[f"{side}_{start}"]), -up) > _LEAST_LEG)
        arm = _unit(at[f"{side}_elbow"] - at[f"{side}_shoulder"])
        found = found & (_dot(arm, sign * left) > _LEAST_ARM)
    return found


@dataclass(frozen=True, eq=False)
class RestBody:
    """A skeleton's rest pose, or the pose in which it stands where its rest pose is none.

    skeleton: with that pose at rest. axes: (3, 3), its left, up and forward in the world, as columns.
    """

    skeleton: Skeleton
    roles: HumanoidMap
    positions: Array
    turns: Array
    at: Mapping[str, Array]
    axes: Array
    leg_length: float
    from_stance: bool

    @classmethod
    def of(cls, skeleton: Skeleton, roles: HumanoidMap) -> RestBody:
        """roles: with all that a body needs. Raises MotionError for a pose that another cannot be compared with."""
        from_stance = skeleton.stance_xyzw is not None
        if skeleton.stance_xyzw is not None:
            skeleton = replace(skeleton, rest_rotations_xyzw=skeleton.stance_xyzw, stance_xyzw=None)
        positions, turns = rest_pose(skeleton)
        at = role_positions(skeleton, roles, positions)
        leg = _leg_length(at)
        if leg < 1e-6:
            raise MotionError(f"skeleton {skeleton.name!r}: its legs have no length")
        up, left = upward(at), leftward(at)
        if not is_body(at, up, left):
            raise MotionError(
                f"skeleton {skeleton.name!r}: its rest pose is no body that stands, arms and legs lie over trunk and head, "
                "and its file has no frame in which it stands; take a file with a T-pose, or the frame of one by --rest-frame"
            )
        axes = _axes(up, left)
        if _toes_forward(at, axes[:, 2]) < -0.5:
            raise MotionError(
                f"skeleton {skeleton.name!r}: its toes point backwards, so left and right are exchanged; "
                "mirror the file, or exchange the sides in a table of joints"
            )
        return cls(skeleton, roles, positions, turns, at, axes, leg, from_stance)

    @cached_property
    def on_floor(self) -> bool:
        """Whether the rest pose stands upright at the origin, its feet on the floor at height 0."""
        least, most = (share * self.leg_length for share in _FLOOR_OF_LEG)
        away = float(np.hypot(*self.positions[self.pelvis][[0, 2]]))
        upright = self.axes[1, 1] == 1.0 and not self.from_stance
        return bool(upright and least <= self._lowest_foot <= most and away <= most)

    @cached_property
    def pelvis(self) -> int:
        """Its joint."""
        return self.skeleton.index(self.roles.roles["pelvis"])

    @cached_property
    def home(self) -> Array:
        """(3,) metres: the pelvis of the body when it stands upright at the origin."""
        if self.on_floor:
            return self.positions[self.pelvis]
        up = self.axes[:, 1]
        hips = (self.at["left_hip"] + self.at["right_hip"]) / 2
        drops = [
            up @ (self.at[f"{side}_ankle"] - self.at[f"{side}_foot"]) for side, _ in _SIDES if f"{side}_foot" in self.at
        ]
        sole = max(0.0, *drops) if drops else _SOLE_OF_LEG * self.leg_length
        return np.array([0.0, up @ (self.at["pelvis"] - hips) + self.leg_length + sole, 0.0])

    @property
    def foot_height(self) -> float:
        """Metres of the lowest joint of the feet over the floor, at home."""
        return self._lowest_foot if self.on_floor else 0.0

    @property
    def feet(self) -> list[int]:
        """Joints of ankles and toes."""
        roles = (f"{side}_{role}" for side, _ in _SIDES for role in ("ankle", "foot"))
        return self.skeleton.indices(self.roles.roles[role] for role in roles if role in self.roles.roles)

    @property
    def _lowest_foot(self) -> float:
        return float(self.positions[self.feet, 1].min())


def _axes(up: Array, left: Array) -> Array:
    up = _nearest_axis(up, _NEAR_UP)
    left = _nearest_axis(_unit(left - (left @ up) * up), _NEAR_LEFT)
    left = _unit(left - (left @ up) * up)
    return np.stack([left, up, np.cross(left, up)], axis=1)


def _nearest_axis(direction: Array, least_cosine: float) -> Array:
    """An axis of the world in place of a direction that is near it."""
    at = int(np.argmax(np.abs(direction)))
    axis = np.sign(direction[at]) * np.eye(3)[at]
    return axis if direction @ axis >= least_cosine else direction


def _toes_forward(at: Mapping[str, Array], forward: Array) -> float:
    """Cosine, of the foot that points more to the front; 1 where there are no toes."""
    feet = [at[f"{side}_foot"] - at[f"{side}_ankle"] for side, _ in _SIDES if f"{side}_foot" in at]
    return max((float(_unit(foot) @ forward) for foot in feet), default=1.0)


def _leg_length(at: Mapping[str, Array]) -> float:
    """Metres from hip to knee to ankle, the mean of both legs."""
    length = 0.0
    for side, _ in _SIDES:
        hip, knee, ankle = (at[f"{side}_{role}"] for role in ("hip", "knee", "ankle"))
        length += float(np.linalg.norm(knee - hip) + np.linalg.norm(ankle - knee)) / 2
    return length


def bone(at: Mapping[str, Array], start: str, end: str) -> Array | None:
    """(3,) unit vector between two roles, None if one is not there or they are in one place."""
    return direction(at[start], at[end]) if start in at and end in at else None


def direction(start: Array, end: Array) -> Array | None:
    """(3,) unit vector between two points, None if they are one."""
    length = np.linalg.norm(end - start)
    return (end - start) / length if length > _MIN_BONE_METRES else None


def turn_between(source: Array, target: Array) -> Array:
    """(4,) from the axes of one body, (3, 3) columns, to those of another: source from target."""
    if np.array_equal(source, target):
        return rotations.IDENTITY_XYZW
    return rotations.quat_from_matrix(source @ target.T)


def _unit(vectors: Array) -> Array:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-12)


def _dot(first: Array, second: Array) -> Array:
    return np.sum(first * second, axis=-1)
