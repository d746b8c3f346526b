"""Requests from plain Python values. Which options there are, and of what kind, is read from the contract."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
from google.protobuf.message import Message

from pantomatrix.v1 import audio_pb2, motion_pb2, options_pb2, skeleton_pb2

from .motion import Skeleton
from .options import Changes, Options, TimedText
from .pose_constraint import PoseConstraint

Speech = str | Path | bytes | tuple[np.ndarray, int]
"""A path, a file's bytes, or samples with their rate: (S,) or (S, channels) int16, or floats of full scale 1."""


FrameEncoding = Literal["float32", "float16", "compact"]
"""How frames come over the network: see FrameEncoding in frames.proto."""


@dataclass(frozen=True)
class Delivery:
    """How an answer comes. labels: words of the caller's that come back in the header. Raises ValueError for an encoding that
    the contract does not have."""

    frame_encoding: FrameEncoding = "float32"
    labels: Mapping[str, str] = field(default_factory=dict)

    def fill(self, message: Any) -> None:
        """Into a request that delivers frames."""
        _fill(message, {"frame_encoding": self.frame_encoding, "labels": self.labels})


def generate_request(speech: Speech, options: Options, delivery: Delivery) -> motion_pb2.GenerateMotionRequest:
    """Raises OSError if a path cannot be read, ValueError for a name that the contract does not have."""
    request = motion_pb2.GenerateMotionRequest(options=options_message(options), audio=_audio(speech))
    delivery.fill(request)
    return request


def options_message(options: Options) -> options_pb2.MotionOptions:
    """Raises ValueError for a name that the contract does not have, TypeError for an option that does not exist."""
    plain: dict[str, Any] = dict(options)
    skeleton, joint_map = plain.pop("skeleton", ""), plain.pop("joint_map", {})
    emotions = plain.get("emotions")
    if emotions and not isinstance(emotions, Mapping):
        keys = [{"seconds": seconds, "emotions": felt} for seconds, felt in plain.pop("emotions")]
        plain["emotion_keys"] = keys
    plain["constraints"] = [_constraint(known) for known in plain.pop("constraints", ())]
    message = options_pb2.MotionOptions()
    _fill(message, plain)
    if isinstance(skeleton, str):
        message.skeleton = skeleton
    else:
        message.custom_skeleton.CopyFrom(_skeleton(skeleton, joint_map))
    return message


def changes_message(changes: Changes) -> motion_pb2.StreamOptions:
    """Raises ValueError for a name that the contract does not have, TypeError for an option that does not exist."""
    message = motion_pb2.StreamOptions()
    _fill(message, changes)
    return message


def timed_text_message(text: TimedText) -> options_pb2.TimedText:
    """Raises ValueError for an alphabet that the contract does not have, TypeError for a name that it does not have."""
    message = options_pb2.TimedText()
    _fill(message, text)
    return message


def _fill(message: Message, values: Mapping[str, Any]) -> None:
    """Set a message's fields from plain values: numbers, texts, names of enumerations, lists, mappings."""
    fields = {
        name: field for name, field in message.DESCRIPTOR.fields_by_name.items() if not name.startswith("custom_")
    }
    for name, value in values.items():
        field = fields.get(name)
        if field is None:
            raise TypeError(f"unknown option {name!r} (valid: {', '.join(fields)})")
        present = getattr(message, name)
        if field.message_type is None:
            if hasattr(present, "extend"):
                present.extend(_scalar(field, entry) for entry in value)
            else:
                setattr(message, name, _scalar(field, value))
        elif field.message_type.GetOptions().map_entry:
            present.update(value)
        elif hasattr(present, "extend"):
            _extend(present, field, value)
        else:
            present.SetInParent()
            entries = field.message_type.fields_by_name.get("entries")
            if entries is None:
                _fill(present, value)
            else:
                _extend(present.entries, entries, value)


def _extend(messages: Any, field: Any, values: Any) -> None:
    """values: messages, or mappings of their fields; or one mapping from each one's first field to its second."""
    if isinstance(values, Mapping):
        first, second = (own.name for own in field.message_type.fields)
        values = [{first: key, second: value} for key, value in values.items()]
    for value in values:
        if isinstance(value, Message):
            messages.append(value)
        else:
            _fill(messages.add(), value)


def _scalar(field: Any, value: Any) -> Any:
    return _number(field.enum_type, value) if field.enum_type is not None and isinstance(value, str) else value


def _number(enum: Any, name: str) -> int:
    """Of a name as it is in the contract, in small letters and without the enumeration's own. Raises ValueError."""
    prefix = enum.values_by_number[0].name.removesuffix("UNSPECIFIED")
    found = enum.values_by_name.get(prefix + name.upper())
    if found is None:
        valid = sorted(value.name.removeprefix(prefix).lower() for value in enum.values if value.number)
        kind = prefix.lower().replace("_", " ").strip()
        raise ValueError(f"unknown {kind} {name!r}{_hint(name, valid)} (valid: {', '.join(valid)})")
    return found.number


def _hint(name: str, valid: list[str]) -> str:
    """The nearest names, as an error continues with them."""
    nearest = difflib.get_close_matches(name.lower(), valid, n=3, cutoff=0.5)
    return f"; did you mean {' or '.join(nearest)}?" if nearest else ""


def _skeleton(skeleton: Skeleton, roles: Mapping[str, str]) -> skeleton_pb2.Skeleton:
    message = skeleton_pb2.Skeleton(name=skeleton.name)
    for at, name in enumerate(skeleton.joint_names):
        offset, turn = skeleton.rest_translations[at], skeleton.rest_rotations_xyzw[at]
        message.joints.append(
            skeleton_pb2.Joint(
                name=name,
                parent=int(skeleton.parents[at]),
                rest_translation=skeleton_pb2.Vector3(x=offset[0], y=offset[1], z=offset[2]),
                rest_rotation=skeleton_pb2.Quaternion(x=turn[0], y=turn[1], z=turn[2], w=turn[3]),
                role=roles.get(name, ""),
            )
        )
    return message


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
