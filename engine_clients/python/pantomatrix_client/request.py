"""Requests from plain Python values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypedDict

import numpy as np
from numpy.typing import NDArray

from pantomatrix.v1 import audio_pb2, motion_pb2, options_pb2, skeleton_pb2

from .motion import Skeleton

Speech = str | Path | bytes | tuple[np.ndarray, int]
"""A path, a file's bytes, or samples with their rate: (S,) or (S, channels) int16, or floats of full scale 1."""


@dataclass(frozen=True, eq=False)
class PoseConstraint:
    """A pose that the motion must pass through.

    time_seconds: of the audio. rotations: joint's name -> (4,) unit quaternion x y z w, local to the parent, in the axes that
    are asked for. root_translation: (3,), or None if it is free.
    """

    time_seconds: float
    rotations: Mapping[str, NDArray]
    root_translation: NDArray | None = None


class Options(TypedDict, total=False):
    """Keyword arguments of `generate`; see MotionOptions in options.proto for defaults and ranges.

    skeleton: a name in the catalog, or one of your own in the axes that are asked for; joint_roles: joint -> role for that
    one (Joint.role in skeleton.proto), where names do not tell.
    parts: names such as "face", "upper_body". root_mode: "free", "in_place", "locked". strengths: part -> gain.
    timing: "exact" or "reference". emotions: name -> strength, 0 to 1.
    gesture_amplitude, gesture_rate: see Gestures in options.proto.
    """

    model: str
    speaker: str
    seed: int
    fps: float
    skeleton: str | Skeleton
    joint_roles: Mapping[str, str]
    face_rig: str
    foot_lock: bool
    coordinates: str
    parts: Sequence[str]
    root_mode: str
    strengths: Mapping[str, float]
    constraints: Sequence[PoseConstraint]
    timing: str
    emotions: Mapping[str, float]
    gesture_amplitude: float
    gesture_rate: float


def generate_request(speech: Speech, options: Options) -> motion_pb2.GenerateMotionRequest:
    """Raises OSError if a path cannot be read, ValueError for a name that the contract does not have."""
    return motion_pb2.GenerateMotionRequest(options=options_message(options), audio=_audio(speech))


def options_message(options: Options) -> options_pb2.MotionOptions:
    """Raises ValueError for a name that the contract does not have, TypeError for an option that there is not."""
    message = options_pb2.MotionOptions(
        model=options.get("model", ""),
        speaker=options.get("speaker", ""),
        seed=options.get("seed", 0),
        fps=options.get("fps", 0.0),
        face_rig=options.get("face_rig", ""),
        foot_lock=options.get("foot_lock", False),
        parts=[part_value(name) for name in options.get("parts", ())],
        root_mode=_enum(options_pb2.RootMode, "ROOT_MODE", options.get("root_mode", "unspecified")),
        part_strengths=[
            options_pb2.PartStrength(part=part_value(name), gain=gain)
            for name, gain in options.get("strengths", {}).items()
        ],
        emotions=emotion_messages(options.get("emotions", {})),
        constraints=[_constraint(known) for known in options.get("constraints", ())],
        timing=_enum(options_pb2.Timing, "TIMING", options.get("timing", "unspecified")),
    )
    if "gesture_amplitude" in options:
        message.gestures.amplitude = options["gesture_amplitude"]
    if "gesture_rate" in options:
        message.gestures.rate = options["gesture_rate"]
    _set_skeleton(message, options.get("skeleton", ""), options.get("joint_roles", {}))
    if options.get("coordinates"):
        message.coordinate_system = options["coordinates"]  # type: ignore[typeddict-item]
    unknown = set(options) - set(Options.__annotations__)
    if unknown:
        raise TypeError(f"unknown option {sorted(unknown)[0]!r} (valid: {', '.join(Options.__annotations__)})")
    return message


def _set_skeleton(message: options_pb2.MotionOptions, skeleton: str | Skeleton, roles: Mapping[str, str]) -> None:
    if isinstance(skeleton, str):
        if skeleton:
            message.skeleton = skeleton
        return
    message.custom_skeleton.name = skeleton.name
    for at, name in enumerate(skeleton.joint_names):
        offset, turn = skeleton.rest_translations[at], skeleton.rest_rotations_xyzw[at]
        message.custom_skeleton.joints.append(
            skeleton_pb2.Joint(
                name=name,
                parent=int(skeleton.parents[at]),
                rest_translation=skeleton_pb2.Vector3(x=offset[0], y=offset[1], z=offset[2]),
                rest_rotation=skeleton_pb2.Quaternion(x=turn[0], y=turn[1], z=turn[2], w=turn[3]),
                role=roles.get(name, ""),
            )
        )


def _audio(speech: Speech) -> audio_pb2.Audio:
    if isinstance(speech, (str, Path)):
        speech = Path(speech).read_bytes()
    if isinstance(speech, bytes):
        return audio_pb2.Audio(encoded=audio_pb2.EncodedAudio(data=speech))
    samples, rate = speech
    integer = samples.dtype == np.int16
    pcm_format = audio_pb2.PcmFormat(
        encoding=audio_pb2.PCM_ENCODING_S16LE if integer else audio_pb2.PCM_ENCODING_F32LE,
        sample_rate_hz=rate,
        channels=1 if samples.ndim == 1 else samples.shape[1],
    )
    data = np.ascontiguousarray(samples, "<i2" if integer else "<f4").tobytes()
    return audio_pb2.Audio(pcm=audio_pb2.PcmAudio(format=pcm_format, samples=data))


def _constraint(known: PoseConstraint) -> options_pb2.PoseConstraint:
    place = known.root_translation
    return options_pb2.PoseConstraint(
        time_seconds=known.time_seconds,
        rotations=[
            options_pb2.JointRotation(joint=joint, rotation=skeleton_pb2.Quaternion(x=q[0], y=q[1], z=q[2], w=q[3]))
            for joint, q in known.rotations.items()
        ],
        root_translation=None if place is None else skeleton_pb2.Vector3(x=place[0], y=place[1], z=place[2]),
    )


def part_value(name: str) -> Any:
    """A body part's number in the contract. Raises ValueError."""
    return _enum(options_pb2.BodyPart, "BODY_PART", name)


def emotion_messages(emotions: Mapping[str, float]) -> list[options_pb2.EmotionStrength]:
    """Raises ValueError for a name that the contract does not have."""
    return [
        options_pb2.EmotionStrength(emotion=_enum(options_pb2.Emotion, "EMOTION", name), strength=strength)
        for name, strength in emotions.items()
    ]


def _enum(enum, prefix: str, name: str) -> Any:
    try:
        return enum.Value(f"{prefix}_{name.upper()}")
    except ValueError:
        valid = [key.removeprefix(f"{prefix}_").lower() for key, number in enum.items() if number]
        raise ValueError(f"{name!r} is not one of {', '.join(valid)}") from None
