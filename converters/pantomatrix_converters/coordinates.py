"""Coordinate systems as values, and the change from one to another.

Inside the project everything is in CANONICAL axes: right-handed, +X the character's left, +Y up, +Z forward, metres.
Other systems appear only where data enters or leaves.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import rotations
from .errors import InvalidInputError, UnknownNameError

_UNIT_VECTORS = {
    f"{sign}{letter}": (1 if sign == "+" else -1) * np.eye(3)[index]
    for index, letter in enumerate("xyz")
    for sign in "+-"
}


@dataclass(frozen=True)
class CoordinateSystem:
    """Which axis points where, and how long a unit is.

    left, up, forward: "+x", "-x", "+y", ... : the axis towards the character's own left, up, and the way it faces.
    units_per_metre: 1 for metres, 100 for centimetres.
    Raises InvalidInputError if the axes are not perpendicular or the unit is not positive.
    """

    name: str
    left: str
    up: str
    forward: str
    units_per_metre: float = 1.0

    def __post_init__(self) -> None:
        axes = (self.left, self.up, self.forward)
        unknown = [axis for axis in axes if axis not in _UNIT_VECTORS]
        if unknown:
            raise InvalidInputError(
                f"coordinate system {self.name!r}: axis {unknown[0]!r} is not one of +x -x +y -y +z -z"
            )
        if len({axis[1] for axis in axes}) != 3:
            raise InvalidInputError(f"coordinate system {self.name!r}: left, up and forward must be perpendicular")
        if not (np.isfinite(self.units_per_metre) and self.units_per_metre > 0):
            raise InvalidInputError(
                f"coordinate system {self.name!r}: units_per_metre is {self.units_per_metre}, expected above 0"
            )

    @cached_property
    def basis_from_canonical(self) -> NDArray[np.float64]:
        """(3, 3) signed permutation: this system's direction from the canonical one, without the unit."""
        return np.stack([_UNIT_VECTORS[axis] for axis in (self.left, self.up, self.forward)], axis=1)

    @cached_property
    def right_handed(self) -> bool:
        """Whether x cross y is z."""
        return bool(np.linalg.det(self.basis_from_canonical) > 0)

    def positions_from_canonical(self, positions: ArrayLike) -> NDArray[np.float64]:
        """positions: (..., 3) canonical metres. Returns (..., 3) in this system's axes and unit."""
        return np.asarray(positions, np.float64) @ self.basis_from_canonical.T * self.units_per_metre

    def positions_to_canonical(self, positions: ArrayLike) -> NDArray[np.float64]:
        """positions: (..., 3) in this system's axes and unit. Returns (..., 3) canonical metres."""
        return np.asarray(positions, np.float64) @ self.basis_from_canonical / self.units_per_metre

    def rotations_from_canonical(self, quat_xyzw: ArrayLike) -> NDArray[np.float64]:
        """The same rotations seen in this system: R' = M R M^T.

        quat_xyzw: (..., 4), global ones, or local ones of a skeleton whose rest pose goes through this change as well.
        Returns (..., 4).
        """
        quat = np.asarray(quat_xyzw, np.float64)
        basis = self.basis_from_canonical
        sign = 1.0 if self.right_handed else -1.0
        return np.concatenate([sign * (quat[..., :3] @ basis.T), quat[..., 3:]], axis=-1)

    def rotations_to_canonical(self, quat_xyzw: ArrayLike) -> NDArray[np.float64]:
        """Inverse of `rotations_from_canonical`. quat_xyzw: (..., 4). Returns (..., 4)."""
        quat = np.asarray(quat_xyzw, np.float64)
        sign = 1.0 if self.right_handed else -1.0
        return rotations.normalize(
            np.concatenate([sign * (quat[..., :3] @ self.basis_from_canonical), quat[..., 3:]], axis=-1)
        )


CANONICAL = CoordinateSystem("canonical", left="+x", up="+y", forward="+z")
GLTF = CoordinateSystem("gltf", left="+x", up="+y", forward="+z")
BVH = CoordinateSystem("bvh", left="+x", up="+y", forward="+z", units_per_metre=100.0)
UNITY = CoordinateSystem("unity", left="-x", up="+y", forward="+z")
UNREAL = CoordinateSystem("unreal", left="-y", up="+z", forward="+x", units_per_metre=100.0)
UNREAL_MESH = CoordinateSystem("unreal_mesh", left="+x", up="+z", forward="+y", units_per_metre=100.0)
BLENDER = CoordinateSystem("blender", left="+x", up="+z", forward="-y")

COORDINATE_SYSTEMS = {system.name: system for system in (CANONICAL, GLTF, BVH, UNITY, UNREAL, UNREAL_MESH, BLENDER)}


def coordinate_system(name: str) -> CoordinateSystem:
    """The system of that name. Raises UnknownNameError."""
    try:
        return COORDINATE_SYSTEMS[name.lower()]
    except KeyError:
        raise UnknownNameError("coordinate system", name, COORDINATE_SYSTEMS) from None
