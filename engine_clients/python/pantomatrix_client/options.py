"""Keyword arguments of the client, written by make_options.py from options.proto, which explains each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TypedDict

from .motion import SkeletonLike
from .pose_constraint import PoseConstraint

ALSO_CALLED = {
    "amazed": "amazement",
    "astonished": "amazement",
    "astonishment": "amazement",
    "surprise": "amazement",
    "surprised": "amazement",
    "angry": "anger",
    "furious": "anger",
    "mad": "anger",
    "rage": "anger",
    "cheeky": "cheekiness",
    "mischievous": "cheekiness",
    "playful": "cheekiness",
    "smug": "cheekiness",
    "disgusted": "disgust",
    "afraid": "fear",
    "fearful": "fear",
    "frightened": "fear",
    "scared": "fear",
    "crying": "grief",
    "grieving": "grief",
    "mourning": "grief",
    "cheerful": "joy",
    "glad": "joy",
    "happiness": "joy",
    "happy": "joy",
    "joyful": "joy",
    "smile": "joy",
    "breathless": "out_of_breath",
    "exhausted": "out_of_breath",
    "panting": "out_of_breath",
    "hurt": "pain",
    "painful": "pain",
    "suffering": "pain",
    "depressed": "sadness",
    "sad": "sadness",
    "sorrow": "sadness",
    "unhappy": "sadness",
}
"""Other word -> the name that is meant by it, for the error that names it."""
BodyPart = Literal[
    "face",
    "upper_body",
    "hands",
    "lower_body",
    "translation",
]
RootMode = Literal[
    "free",
    "in_place",
    "locked",
]
Timing = Literal[
    "exact",
    "reference",
]
Emotion = Literal[
    "amazement",
    "anger",
    "cheekiness",
    "disgust",
    "fear",
    "grief",
    "joy",
    "out_of_breath",
    "pain",
    "sadness",
]


class CurveAdjustment(TypedDict, total=False):
    """See CurveAdjustment in options.proto."""

    curve: str
    gain: float
    offset: float
    minimum: float
    maximum: float


class Gestures(TypedDict, total=False):
    """See Gestures in options.proto."""

    amplitude: float
    rate: float


class Options(TypedDict, total=False):
    """Of a motion. skeleton: a name in the catalog, or one of your own in the axes that are asked for; joint_map: its
    joints' roles, joint -> role, where names do not tell."""

    model: str
    speaker: str
    seed: int
    fps: float
    skeleton: str | SkeletonLike
    face_rig: str
    coordinate_system: str
    parts: Sequence[BodyPart]
    root_mode: RootMode
    foot_lock: bool
    part_strengths: Mapping[BodyPart, float]
    curve_adjustments: Sequence[CurveAdjustment]
    constraints: Sequence[PoseConstraint]
    timing: Timing
    gestures: Gestures
    emotions: Mapping[Emotion, float]
    source_joint_map: Mapping[str, str]
    start_seconds: float
    end_seconds: float
    mirror: bool
    smooth_seconds: float
    scale: float
    joint_map: Mapping[str, str]


class Changes(TypedDict, total=False):
    """Of a live stream, from the next utterance on."""

    speaker: str
    part_strengths: Mapping[BodyPart, float]
    curve_adjustments: Sequence[CurveAdjustment]
    emotions: Mapping[Emotion, float]
