"""How a file is to be read: which of its clips, axes and unit where its format states none, and which pose is its rest pose.

What the caller does not say is told from the body, and a note says what was assumed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike

from ..coordinates import CoordinateSystem
from ..errors import InvalidInputError, in_field
from ..motion import Motion
from ..retargeting.humanoid import HumanoidMap, guess_roles
from ..retargeting.joint_axes import recognised
from ..retargeting.stance import with_stance
from ..skeleton import Skeleton
from .body_axes import UNIT_METRES, told_unit, told_up
from .motion_format import Loaded, MotionFormat

_USUAL_FORWARD = {"y": "z", "z": "-y", "-z": "y", "-y": "-z", "x": "z", "-x": "z"}
"""Up -> what faces the reader then: a quarter turn about X for Z up, as Blender's files have it."""


@dataclass(frozen=True)
class Reading:
    """up, forward: the file's axes, such as "z" and "-y", that become canonical +Y and +Z. unit: a name in UNIT_METRES, or
    metres as a number. rest_frame: the frame, from 0, whose pose becomes the rest pose. Empty, None: told from the
    body, whose joints `roles` names, (role, joint). clip: the name of one of the file's clips, or its number from 1;
    None for its rest pose alone.
    """

    up: str = ""
    forward: str = ""
    unit: str = ""
    rest_frame: int | None = None
    roles: tuple[tuple[str, str], ...] = ()
    clip: str | None = ""

    def roles_of(self, skeleton: Skeleton) -> HumanoidMap:
        """Which joint is which. Raises UnknownNameError, MotionError."""
        with in_field("options.source_joint_map"):
            return (
                HumanoidMap.of_pairs(self.roles, skeleton, "--source-joint-map")
                if self.roles
                else guess_roles(skeleton)
            )


def understood(loaded: Loaded, found: MotionFormat, reading: Reading, name: str) -> Loaded:
    """What a reader made of a file, in canonical axes and metres, with a rest pose that others can be compared with.

    name: the file's, for errors. Raises InvalidInputError with the option's field, UnknownNameError for a role's joint.
    """
    motion, notes = loaded.motion, [*loaded.notes]
    if not motion.has_body:
        return replace(loaded, notes=(*notes, *_without_body(reading)))
    roles = reading.roles_of(motion.skeleton)
    up = reading.up or ("y" if found.states_axes else told_up(motion, roles, notes))
    system = _system(up, reading.forward)
    unit = reading.unit or ("" if found.states_axes else told_unit(motion, roles, notes))
    units_per_metre = (
        1.0 if found.states_axes or found.native_coordinates is None else found.native_coordinates.units_per_metre
    )
    factor = metres(unit) * units_per_metre if unit else 1.0
    if system.basis_from_canonical.tolist() != np.eye(3).tolist() or factor != 1.0:
        motion = recognised(_changed(motion, system, factor))
    if reading.rest_frame is not None:
        motion = _resting_as_in(motion, reading.rest_frame, name)
    else:
        motion, frame = with_stance(motion, roles)
        if frame is not None:
            notes.append(
                "the rest pose is no body that stands: other skeletons' arms and legs are compared with those of frame "
                f"{frame}; --rest-frame takes another"
            )
    return replace(loaded, motion=motion, notes=tuple(notes))


def _without_body(reading: Reading) -> list[str]:
    """Which options say nothing about a face alone, as a note."""
    given = {
        "input_up": reading.up,
        "input_forward": reading.forward,
        "input_unit": reading.unit,
        "rest_frame": "" if reading.rest_frame is None else "given",
    }
    options = [option for option, value in given.items() if value]
    return [f"{', '.join(options)}: of no use here, the file has a face and no body"] if options else []


def metres(unit: str) -> float:
    """A unit's length. unit: as `Reading` has it, or "". Raises InvalidInputError."""
    if unit in UNIT_METRES:
        return UNIT_METRES[unit]
    try:
        length = float(unit)
    except ValueError:
        length = 0.0
    if not 1e-6 <= length <= 1e6:
        raise InvalidInputError(
            f"input_unit is {unit!r}, expected {', '.join(UNIT_METRES)} or the length of a unit in metres",
            "options.input_unit",
        )
    return length


def _system(up: str, forward: str) -> CoordinateSystem:
    """The file's axes. Raises InvalidInputError for two that lie along each other."""
    forward = forward or _USUAL_FORWARD[up]
    if up[-1] == forward[-1]:
        raise InvalidInputError(
            f"input_forward is {forward!r} and up is {up!r}: expected an axis across it", "options.input_forward"
        )
    up_axis, forward_axis = (_vector(axis) for axis in (up, forward))
    across = np.cross(up_axis, forward_axis)
    at = int(np.argmax(np.abs(across)))
    left = f"{'+' if across[at] > 0 else '-'}{'xyz'[at]}"
    return CoordinateSystem("the file's", left, _signed(up), _signed(forward))


def _vector(axis: str) -> np.ndarray:
    return np.eye(3)["xyz".index(axis[-1])] * (-1.0 if axis.startswith("-") else 1.0)


def _signed(axis: str) -> str:
    return axis if axis.startswith("-") else f"+{axis}"


def _changed(motion: Motion, system: CoordinateSystem, factor: float) -> Motion:
    """Out of a system of axes, and larger by a factor. Joints have other axes then than in the file, so that no clip can go
    back into it."""
    skeleton = motion.skeleton

    def place(points: ArrayLike) -> np.ndarray:
        return system.positions_to_canonical(points) * factor

    skeleton = replace(
        skeleton,
        rest_translations=place(skeleton.rest_translations),
        rest_rotations_xyzw=system.rotations_to_canonical(skeleton.rest_rotations_xyzw),
        end_sites={joint: tuple(place(end)) for joint, end in skeleton.end_sites.items()},
        character=None,
    )
    return replace(
        motion,
        skeleton=skeleton,
        rotations_xyzw=system.rotations_to_canonical(motion.rotations_xyzw).astype(np.float32),
        root_translation=place(motion.root_translation).astype(np.float32),
    )


def _resting_as_in(motion: Motion, frame: int, name: str) -> Motion:
    """The motion on a skeleton that rests as it stands in a frame. Raises InvalidInputError."""
    if not 0 <= frame < len(motion):
        raise InvalidInputError(
            f"{name}: rest_frame is {frame}, expected 0 to {len(motion) - 1}: there are {len(motion)} frames",
            "options.rest_frame",
        )
    offsets = motion.skeleton.rest_translations.copy()
    offsets[0] = motion.root_translation[frame]
    turns = motion.rotations_xyzw[frame].astype(np.float64)
    turns /= np.linalg.norm(turns, axis=1, keepdims=True)
    skeleton = replace(motion.skeleton, rest_translations=offsets, rest_rotations_xyzw=turns, stance_xyzw=None)
    return replace(motion, skeleton=skeleton)
