"""Skeletons: joints, parents and the rest pose, as data."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache, cached_property
from importlib import resources
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .character import Character
from .errors import LimitError, MotionError, UnknownNameError
from .finite_numbers import LARGEST, are_finite

MAX_JOINTS = 1024
"""Joints in a skeleton that comes from a caller; the largest published engine skeletons have about 350."""

_DATA = resources.files("pantomatrix_converters") / "skeletons"


@dataclass(frozen=True, eq=False)
class Skeleton:
    """Joints in the canonical coordinate system. A joint's frame is its parent's, moved by its rest translation and turned
    by its rotation, as in glTF, BVH and the engines.

    joint_names: J names, all different.
    parents: (J,) index of each joint's parent, always smaller than its own; -1 for the root, which is joint 0.
    rest_translations: (J, 3) metres, in the parent's frame; the root's: in the world.
    rest_rotations_xyzw: (J, 4) relative to the parent.
    parts: body part -> names of its joints; joints in no part move with nothing.
    end_sites: joint without children -> (3,) metres, in its frame: where its bone ends, if that is known.
    description: for people.
    character: the file that it was read from, where clips can be written back into that; None otherwise.
    roles: (role, joint), joints of chains from the pelvis up: which joint plays which part, where the file says so itself;
    it comes before names. Roles are those of `retargeting.roles`.
    stance_xyzw: (J, 4) as rest_rotations_xyzw, a pose in which the body stands, where the rest pose is no body's (bones that
    all lie along one axis, say) and the file shows one; see `retargeting.stance`.
    A motion that is a face alone has a skeleton without joints. Raises MotionError, UnknownNameError for a role's joint.
    """

    name: str
    joint_names: tuple[str, ...]
    parents: NDArray[np.int64]
    rest_translations: NDArray[np.float64]
    rest_rotations_xyzw: NDArray[np.float64]
    parts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    end_sites: dict[str, tuple[float, float, float]] = field(default_factory=dict)
    description: str = ""
    character: Character | None = field(default=None, repr=False)
    roles: tuple[tuple[str, str], ...] = ()
    stance_xyzw: NDArray[np.float64] | None = None

    def __post_init__(self) -> None:
        count = len(self.joint_names)
        for attribute, shape in (
            ("parents", (count,)),
            ("rest_translations", (count, 3)),
            ("rest_rotations_xyzw", (count, 4)),
        ):
            array = getattr(self, attribute)
            if array.shape != shape:
                raise MotionError(f"skeleton {self.name!r}: {attribute} has shape {array.shape}, expected {shape}")
            if not are_finite(array):
                raise MotionError(
                    f"skeleton {self.name!r}: {attribute} holds NaN, infinity or a number beyond {LARGEST:g}"
                )
            array.flags.writeable = False
        _check_names(self.name, self.joint_names)
        for _, joint in self.roles:
            self.index(joint)
        for index, parent in enumerate(self.parents):
            if (index == 0) != (parent == -1) or not -1 <= parent < max(index, 1):
                raise MotionError(
                    f"skeleton {self.name!r}: joint {index} {self.joint_names[index]!r} has parent {parent}; "
                    "expected one root, first, and every parent before its children"
                )
        lengths = np.linalg.norm(self.rest_rotations_xyzw, axis=-1)
        if np.any(np.abs(lengths - 1) > 1e-3):
            joint = self.joint_names[int(np.argmax(np.abs(lengths - 1)))]
            raise MotionError(f"skeleton {self.name!r}: the rest rotation of {joint!r} is not a unit quaternion")

    def __repr__(self) -> str:
        return f"Skeleton({self.name!r}, {len(self)} joints)"

    def __len__(self) -> int:
        return len(self.joint_names)

    def index(self, joint_name: str) -> int:
        """Where a joint stands. Raises UnknownNameError."""
        try:
            return self.joint_names.index(joint_name)
        except ValueError:
            raise UnknownNameError(f"joint of skeleton {self.name!r}:", joint_name, self.joint_names) from None

    def indices(self, joint_names: Iterable[str]) -> list[int]:
        """Where several joints stand. Raises UnknownNameError."""
        return [self.index(joint_name) for joint_name in joint_names]

    @cached_property
    def children(self) -> tuple[tuple[int, ...], ...]:
        """The indices of each joint's children."""
        found: list[list[int]] = [[] for _ in self.joint_names]
        for joint, parent in enumerate(self.parents):
            if parent >= 0:
                found[parent].append(joint)
        return tuple(map(tuple, found))

    def same_joints(self, other: Skeleton) -> bool:
        """Whether names, order and parents agree; rest poses may differ."""
        return self.joint_names == other.joint_names and bool(np.array_equal(self.parents, other.parents))

    def scaled(self, factor: float) -> Skeleton:
        """The same skeleton, larger by this factor."""
        return replace(
            self,
            rest_translations=self.rest_translations * factor,
            end_sites={joint: (x * factor, y * factor, z * factor) for joint, (x, y, z) in self.end_sites.items()},
        )

    def without_character(self) -> Skeleton:
        """The same joints, of no file. For what is kept for long: a character's file may be large."""
        return self if self.character is None else replace(self, character=None)

    @classmethod
    def build(
        cls,
        name: str,
        joint_names: Iterable[str],
        parents: Iterable[int],
        rest_translations: object,
        rest_rotations_xyzw: object = None,
        **more: object,
    ) -> Skeleton:
        """Make a skeleton from plain lists. Raises MotionError, LimitError over MAX_JOINTS."""
        names = tuple(joint_names)
        if len(names) > MAX_JOINTS:
            raise LimitError(f"skeleton {name!r} has {len(names)} joints, at most {MAX_JOINTS} are allowed")
        if rest_rotations_xyzw is None:
            rest_rotations_xyzw = np.tile([0.0, 0.0, 0.0, 1.0], (len(names), 1))
        return cls(
            name,
            names,
            np.array(list(parents), np.int64),
            np.array(rest_translations, np.float64).reshape(-1, 3),
            np.array(rest_rotations_xyzw, np.float64).reshape(-1, 4),
            **more,  # type: ignore[arg-type]
        )


def _check_names(skeleton: str, names: tuple[str, ...]) -> None:
    if len(set(names)) != len(names):
        seen: set[str] = set()
        repeated = next(name for name in names if name in seen or seen.add(name))
        raise MotionError(f"skeleton {skeleton!r}: joint name {repeated!r} occurs twice")
    if "" in names:
        raise MotionError(f"skeleton {skeleton!r}: joint {names.index('')} has no name")


NO_JOINTS = Skeleton.build("none", (), (), np.zeros((0, 3)), description="A face alone: no joints.")


@cache
def skeleton_names() -> tuple[str, ...]:
    """Names of the skeletons that the project knows."""
    return tuple(sorted(entry.name.removesuffix(".json") for entry in _DATA.iterdir() if entry.name.endswith(".json")))


@cache
def original_skeleton_names() -> tuple[str, ...]:
    """Those of them that are no other's joints under another name."""
    return tuple(name for name in skeleton_names() if "joints_of" not in _read(name))


@cache
def load_skeleton(name: str) -> Skeleton:
    """The skeleton of that name. Raises UnknownNameError."""
    if name not in skeleton_names():
        raise UnknownNameError("skeleton", name, skeleton_names())
    data = _read(name)
    joints = _read(data["joints_of"]) if "joints_of" in data else data
    return Skeleton.build(
        name,
        joints["joint_names"],
        joints["parents"],
        joints["rest_translations"],
        joints.get("rest_rotations_xyzw"),
        parts={part: tuple(names) for part, names in joints.get("parts", {}).items()},
        end_sites={joint: tuple(offset) for joint, offset in joints.get("end_sites", {}).items()},
        description=data["description"],
    )


def _read(name: str) -> dict[str, Any]:
    return json.loads((_DATA / f"{name}.json").read_text(encoding="utf-8"))
