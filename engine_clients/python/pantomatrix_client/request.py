"""Requests from plain Python values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypedDict

import numpy as np

from pantomatrix.v1 import audio_pb2, motion_pb2, options_pb2

Speech = str | Path | bytes | tuple[np.ndarray, int]
"""A path, a file's bytes, or samples with their rate: (S,) or (S, channels) int16, or floats of full scale 1."""


class Options(TypedDict, total=False):
    """Keyword arguments of `generate`; see MotionOptions in options.proto for defaults and ranges.

    parts: names such as "face", "upper_body". root_mode: "free", "in_place", "locked". strengths: part -> gain.
    """

    model: str
    speaker: str
    seed: int
    fps: float
    skeleton: str
    face_rig: str
    coordinates: str
    parts: Sequence[str]
    root_mode: str
    strengths: Mapping[str, float]


def generate_request(speech: Speech, options: Options) -> motion_pb2.GenerateMotionRequest:
    """Raises OSError if a path cannot be read, ValueError for a name that the contract does not have."""
    message = options_pb2.MotionOptions(
        model=options.get("model", ""),
        speaker=options.get("speaker", ""),
        seed=options.get("seed", 0),
        fps=options.get("fps", 0.0),
        face_rig=options.get("face_rig", ""),
        parts=[_part(name) for name in options.get("parts", ())],
        root_mode=_enum(options_pb2.RootMode, "ROOT_MODE", options.get("root_mode", "unspecified")),
        part_strengths=[
            options_pb2.PartStrength(part=_part(name), gain=gain) for name, gain in options.get("strengths", {}).items()
        ],
    )
    if options.get("skeleton"):
        message.skeleton = options["skeleton"]  # type: ignore[typeddict-item]
    if options.get("coordinates"):
        message.coordinate_system = options["coordinates"]  # type: ignore[typeddict-item]
    unknown = set(options) - set(Options.__annotations__)
    if unknown:
        raise TypeError(f"unknown option {sorted(unknown)[0]!r} (valid: {', '.join(Options.__annotations__)})")
    return motion_pb2.GenerateMotionRequest(options=message, audio=_audio(speech))


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


def _part(name: str):
    return _enum(options_pb2.BodyPart, "BODY_PART", name)


def _enum(enum, prefix: str, name: str) -> Any:
    try:
        return enum.Value(f"{prefix}_{name.upper()}")
    except ValueError:
        valid = [key.removeprefix(f"{prefix}_").lower() for key, number in enum.items() if number]
        raise ValueError(f"{name!r} is none of {', '.join(valid)}") from None
