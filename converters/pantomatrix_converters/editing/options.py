"""What a caller may ask of a motion, made from speech or read from a file. Imports nothing heavy: the command line reads its
flags from here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from ..ranges import FPS, FRAME, SCALE, SECONDS, SMOOTH_SECONDS, Range
from .option_kinds import (
    SWITCH,
    TEXT,
    OptionKind,
    number,
    one_of,
    option,
    options_of,
    records_of,
    several_of,
    strengths_of,
    whole_number,
)

if TYPE_CHECKING:
    from ..coordinates import CoordinateSystem
    from ..formats import Reading
    from ..skeleton import Skeleton


class BodyPart(StrEnum):
    """A part of the body. The values of joint parts are the keys of `Skeleton.parts`."""

    FACE = "face"
    UPPER_BODY = "upper_body"
    HANDS = "hands"
    LOWER_BODY = "lower_body"
    TRANSLATION = "translation"


class RootMode(StrEnum):
    """As it is; without leaving its place (height and rotation stay as they are); position and rotation of the rest pose."""

    FREE = "free"
    IN_PLACE = "in_place"
    LOCKED = "locked"


class Floor(StrEnum):
    """The file's or model's own, at height 0; or where the feet usually are, brought to height 0."""

    KEEP = "keep"
    GROUND = "ground"


class Reference(StrEnum):
    """What a clip's differences are from: its first frame, or its skeleton's rest pose and a face at 0."""

    FIRST = "first"
    REST = "rest"


@dataclass(frozen=True)
class CurveAdjustment:
    """clamp(weight * gain + offset, minimum, maximum) on one face curve."""

    curve: str
    gain: float = 1.0
    offset: float = 0.0
    minimum: float = 0.0
    maximum: float = 1.0


OF_FILES = ("input_up", "input_forward", "input_unit", "rest_frame", "clip")
"""Options that say how a file is read."""

JointRoles = tuple[tuple[str, str], ...]
"""(role, joint), joints of chains from the pelvis up; see `HumanoidMap.of_pairs`. Empty: told from names and hierarchy."""


def _read_skeleton(value: Any) -> Any:
    from ..skeleton import Skeleton

    return value if isinstance(value, Skeleton) else str(value)


def _read_skeleton_word(word: str) -> Any:
    from ..skeleton import skeleton_names
    from ..skeleton_file import find_skeleton

    return word if not word or word in skeleton_names() else find_skeleton(word)


def _read_roles(value: Mapping[str, Any] | Iterable[tuple[str, str]]) -> JointRoles:
    """A mapping is joint -> role, or role -> joint as tables are where only that can be meant."""
    from ..retargeting.humanoid import is_table, roles_of_table

    if not isinstance(value, Mapping):
        return tuple((str(role), str(joint)) for role, joint in value if role)
    mapping: Mapping[str, Any] = value  # type: ignore[assignment]
    if is_table(mapping):
        return roles_of_table(mapping, "the joint map")
    return tuple((str(role), str(joint)) for joint, role in mapping.items() if role)


def _read_roles_word(word: str) -> JointRoles:
    from ..retargeting.humanoid import read_roles

    return read_roles(Path(word)) if word else ()


def _read_coordinates(value: Any) -> Any:
    from ..coordinates import CoordinateSystem

    return value if isinstance(value, CoordinateSystem) else str(value)


def _read_axis(value: Any) -> str:
    axis = str(value).lower().removeprefix("+")
    if axis not in ("x", "-x", "y", "-y", "z", "-z"):
        raise ValueError
    return axis


def _read_unit(value: Any) -> str:
    from ..formats.reading import metres

    metres(str(value))
    return str(value)


_SKELETON = OptionKind(_read_skeleton, read_word=_read_skeleton_word)
_JOINT_ROLES = OptionKind(
    _read_roles,
    lambda value: {joint: role for role, joint in value},
    _read_roles_word,
    expected="joint -> role, or a table's path",
)
_COORDINATES = OptionKind(_read_coordinates)
_AXIS = OptionKind(_read_axis, expected="x, -x, y, -y, z or -z")
_UNIT = OptionKind(_read_unit)


@dataclass(frozen=True)
class MotionEdits:
    """What to change. Each default leaves the motion as it is; see options.proto for ranges.

    skeleton: a known skeleton's name or one of the caller's. joint_map: that one's roles; source_joint_map: those of the
    motion's own. coordinate_system: a name or one of the caller's; it is applied where frames or files are written.
    """

    fps: float = option(0.0, number(FPS), "Frames per second, 1 to 240.", "the motion's own")
    skeleton: str | Skeleton = option(
        "",
        _SKELETON,
        "Retarget to this skeleton: see `pantomatrix skeletons`, or a BVH, GLB or JSON file that has it.",
        "the motion's own",
    )
    joint_map: JointRoles = option(
        (), _JOINT_ROLES, "That skeleton's joints by role: a file as `pantomatrix joints` writes it.", "by names"
    )
    source_joint_map: JointRoles = option((), _JOINT_ROLES, "The same for the motion's own skeleton.", "by names")
    face_rig: str = option(
        "", TEXT, "arkit52, arkit52+tongue16, flame100+jaw, vrm, oculus15 or metahuman.", "the motion's own"
    )
    coordinate_system: str | CoordinateSystem = option(
        "",
        _COORDINATES,
        "Axes and unit: canonical, gltf, bvh, unity, unreal, unreal_mesh, blender.",
        "canonical; a file's: its format's own",
    )
    parts: tuple[BodyPart, ...] = option(
        (), several_of(BodyPart, "part"), "What may move: face,upper_body,hands,lower_body,translation.", "all"
    )
    root_mode: RootMode = option(
        RootMode.FREE, one_of(RootMode, "root mode"), "What the root does: free, in_place or locked."
    )
    foot_lock: bool = option(False, SWITCH, "Hold feet in place while they stand.")
    hand_contact: bool = option(
        False, SWITCH, "Hands that touch each other, head, hips or thighs do so on the skeleton that is retargeted to."
    )
    part_strengths: tuple[tuple[BodyPart, float], ...] = option(
        (),
        strengths_of(BodyPart, "part"),
        "Factors on how far parts move, 0 to 2, such as face=0.8,hands=1.2.",
        "1 for all",
    )
    curve_adjustments: tuple[CurveAdjustment, ...] = option(
        (),
        records_of(CurveAdjustment),
        "Corrections of face curves, CURVE=GAIN[:OFFSET[:MINIMUM[:MAXIMUM]]], such as jawOpen=1.2,mouthPucker=1:0.1.",
        "none",
    )
    start_seconds: float = option(0.0, number(SECONDS), "Begin at this second.")
    end_seconds: float = option(0.0, number(Range(0, above=True)), "End at this second.", "the end")
    mirror: bool = option(False, SWITCH, "Exchange left and right.")
    smooth_seconds: float = option(
        0.0, number(SMOOTH_SECONDS), "Average over time: standard deviation of a Gaussian, seconds, 0 to 2."
    )
    scale: float = option(1.0, number(SCALE), "Factor on the size of the body, 0.001 to 1000.")
    floor: Floor = option(
        Floor.KEEP,
        one_of(Floor, "floor"),
        "keep: as the file or the model has it; ground: the height where the lower foot usually is becomes 0.",
    )
    input_up: str = option("", _AXIS, "The file's axis that points up: x, -x, y, -y, z, -z.", "told from the body")
    input_forward: str = option("", _AXIS, "The file's axis along which +Z of the result lies.", "across up")
    input_unit: str = option(
        "", _UNIT, "The file's unit: m, dm, cm, mm, in, ft, or its length in metres.", "told from the body"
    )
    rest_frame: int | None = option(
        None, whole_number(FRAME), "The file's frame, from 0, whose pose becomes the rest pose.", "its own rest pose"
    )
    clip: str = option(
        "",
        TEXT,
        "The clip of a file that holds several: its name, or its number from 1; in `convert` all, for a file of each.",
        "the first that moves the body",
    )

    @property
    def reading(self) -> Reading:
        """How the file of the motion is to be read."""
        from ..formats import Reading

        return Reading(
            self.input_up, self.input_forward, self.input_unit, self.rest_frame, self.source_joint_map, self.clip
        )

    def once_read(self) -> Self:
        """What is left to do when the file has been read so."""
        unsaid = {name: default for name, (_, default) in options_of(type(self)).items() if name in OF_FILES}
        return replace(self, **unsaid)

    @property
    def coordinates(self) -> CoordinateSystem:
        """The axes and unit of frames. Raises UnknownNameError."""
        from ..coordinates import CANONICAL, coordinate_system

        own = self.coordinate_system
        return (coordinate_system(own) if own else CANONICAL) if isinstance(own, str) else own
