"""What a caller may ask of a motion, as the rest of the server sees it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from pantomatrix_converters.coordinates import CANONICAL, CoordinateSystem
from pantomatrix_converters.errors import UnknownNameError
from pantomatrix_converters.humanoid import HumanoidMap
from pantomatrix_converters.root import RootMode
from pantomatrix_converters.skeleton import Skeleton

from .constraints import PoseConstraint
from .model import USUAL_GESTURES, BodyPart, Emotion, EmotionStrengths, Gestures

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True)
class CurveAdjustment:
    """clamp(weight * gain + offset, minimum, maximum) on one face curve."""

    curve: str
    gain: float = 1.0
    offset: float = 0.0
    minimum: float = 0.0
    maximum: float = 1.0


@dataclass(frozen=True)
class MotionOptions:
    """Options of one motion; see options.proto for each. Empty strings, 0 fps and empty tuples mean the default."""

    model: str = ""
    speaker: str = ""
    seed: int = 0
    fps: float = 0.0
    skeleton: str | Skeleton = ""
    joint_map: HumanoidMap | None = None
    face_rig: str = ""
    coordinates: CoordinateSystem = CANONICAL
    parts: tuple[BodyPart, ...] = ()
    root_mode: RootMode = RootMode.FREE
    foot_lock: bool = False
    part_strengths: tuple[tuple[BodyPart, float], ...] = ()
    curve_adjustments: tuple[CurveAdjustment, ...] = ()
    constraints: tuple[PoseConstraint, ...] = ()
    reference_timing: bool = False
    gestures: Gestures = USUAL_GESTURES
    emotions: EmotionStrengths = ()


def emotion_named(name: str) -> Emotion:
    """The emotion of that name. Raises UnknownNameError."""
    return _named("emotion", Emotion, name)


def body_part(name: str) -> BodyPart:
    """The part of that name. Raises UnknownNameError."""
    return _named("part", BodyPart, name)


def _named(kind: str, members: type[E], name: str) -> E:
    try:
        return members(name)
    except ValueError:
        raise UnknownNameError(kind, name, members) from None
