"""Keyword arguments of the client, written by make_options.py from options.proto, which explains each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal, TypedDict

from .motion import SkeletonLike
from .pose_constraint import PoseConstraint

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
Floor = Literal[
    "keep",
    "ground",
]
Alphabet = Literal[
    "ipa",
    "arpabet",
    "kokoro",
    "azure_visemes",
    "ovr_visemes",
    "inworld_visemes",
    "polly_visemes",
    "rhubarb_visemes",
    "words",
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


class TimedSymbol(TypedDict, total=False):
    """See TimedSymbol in options.proto."""

    symbol: str
    start_seconds: float
    end_seconds: float


class TimedText(TypedDict, total=False):
    """See TimedText in options.proto."""

    alphabet: Alphabet
    symbols: Sequence[TimedSymbol]


class Options(TypedDict, total=False):
    """Of a motion. skeleton: a name in the catalog, or one of your own in the axes that are asked for; joint_map: its
    joints' roles, joint -> role, where names do not tell.

    - fps: Frames per second, 1 to 240. Default: the motion's own.
    - skeleton: Retarget to this skeleton: see `pantomatrix skeletons`, or a BVH, GLB or JSON file that has it.
      Default: the motion's own.
    - joint_map: That skeleton's joints by role: a file as `pantomatrix joints` writes it. Default: by names.
    - source_joint_map: The same for the motion's own skeleton. Default: by names.
    - face_rig: arkit52, arkit52+tongue16, flame100+jaw, vrm, oculus15 or metahuman. Default: the motion's own.
    - coordinate_system: Axes and unit: canonical, gltf, bvh, unity, unreal, unreal_mesh, blender. Default: canonical;
      a file's: its format's own.
    - parts: What may move: face,upper_body,hands,lower_body,translation. Default: all.
    - root_mode: What the root does: free, in_place or locked. Default: 'free'.
    - foot_lock: Hold feet in place while they stand. Default: False.
    - hand_contact: Hands that touch each other, head, hips or thighs do so on the skeleton that is retargeted to.
      Default: False.
    - part_strengths: Factors on how far parts move, 0 to 2, such as face=0.8,hands=1.2. Default: 1 for all.
    - curve_adjustments: Corrections of face curves, CURVE=GAIN[:OFFSET[:MINIMUM[:MAXIMUM]]], such as
      jawOpen=1.2,mouthPucker=1:0.1. Default: none.
    - start_seconds: Begin at this second. Default: 0.0.
    - end_seconds: End at this second. Default: the end.
    - mirror: Exchange left and right. Default: False.
    - smooth_seconds: Average over time: standard deviation of a Gaussian, seconds, 0 to 2. Default: 0.0.
    - scale: Factor on the size of the body, 0.001 to 1000. Default: 1.0.
    - floor: keep: as the file or the model has it; ground: the height where the lower foot usually is becomes 0.
      Default: 'keep'.
    - input_up: The file's axis that points up: x, -x, y, -y, z, -z. Default: told from the body.
    - input_forward: The file's axis along which +Z of the result lies. Default: across up.
    - input_unit: The file's unit: m, dm, cm, mm, in, ft, or its length in metres. Default: told from the body.
    - rest_frame: The file's frame, from 0, whose pose becomes the rest pose. Default: its own rest pose.
    - clip: The clip of a file that holds several: its name, or its number from 1; in `convert` all, for a file of
      each. Default: the first that moves the body.
    - model: See `pantomatrix models`; a network: NAME as fetched, or NAME=PATH. Default: builtin.
    - speaker: A speaker of the model. Default: the model's first.
    - seed: Same audio, options and seed: same motion. Default: 0.
    - constraints: Poses that the motion passes through. Default: none.
    - timing: exact, or reference: as the networks' publications. Default: 'exact'.
    - gestures: How far hands and head go (0 to 2) and how many gestures there are (0.25 to 2), such as
      amplitude=1.2,rate=0.5. Default: 1 for both.
    - emotions: What the speaker feels, 0 to 1, such as joy=0.6,amazement=0.2. A name alone is 1. From a second on:
      2.5:anger=0.5. Default: none.
    - timed_text: A file that says when each phone, viseme or word is said: lips follow it. Default: none, lips follow
      the sound.
    - expression: How the face looks where it neither speaks nor feels: neutral, friendly or serious. Default:
      'neutral'.
    """

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
    emotions: Mapping[str, float] | Sequence[tuple[float, Mapping[str, float]]]
    source_joint_map: Mapping[str, str]
    start_seconds: float
    end_seconds: float
    mirror: bool
    smooth_seconds: float
    scale: float
    floor: Floor
    input_up: str
    input_forward: str
    input_unit: str
    rest_frame: int
    hand_contact: bool
    clip: str
    timed_text: TimedText
    expression: str
    joint_map: Mapping[str, str]


class Changes(TypedDict, total=False):
    """Of a live stream; see StreamOptions in motion.proto."""

    speaker: str
    part_strengths: Mapping[BodyPart, float]
    curve_adjustments: Sequence[CurveAdjustment]
    emotions: Mapping[str, float]
    at_seconds: float
    expression: str
