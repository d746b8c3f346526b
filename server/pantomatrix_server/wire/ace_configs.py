"""Settings in force as Audio2Face-3D's clients fetch them: files of YAML or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from nvidia_ace_compat.a2x_export_config_pb2 import A2XConfig, ConfigsTypeRequest
from pantomatrix_models.audio.pcm import MAX_RATE_HZ, MIN_RATE_HZ
from pantomatrix_models.generation import Generation
from pantomatrix_models.live import MAX_CHUNK_SECONDS

from ..app.limits import Limits
from .ace_emotions import ACE_NAMES, PREFERRED_STRENGTH, STRENGTH
from .ace_parameters import GAINS, OFFSETS, ace_name


def config_files(
    request: ConfigsTypeRequest, generation: Generation, limits: Limits, look_ahead_seconds: float
) -> Iterator[A2XConfig]:
    """What a caller gets who sends nothing, and what the server allows. Both say only what is in force here: names of
    parameters that have no meaning are left out."""
    as_json = request.config_type == ConfigsTypeRequest.JSON
    shapes = [ace_name(curve) for curve in generation.curve_names]
    style = {
        "face_parameters": {**dict.fromkeys(GAINS, 1.0), **dict.fromkeys(OFFSETS, 0.0)},
        "blendshape_parameters": {
            "enable_clamping_bs_weight": False,
            "multipliers": dict.fromkeys(shapes, 1.0),
            "offsets": dict.fromkeys(shapes, 0.0),
        },
        "beginning_emotion": dict.fromkeys(ACE_NAMES.values(), 0.0),
        "post_processing_parameters": {
            "enable_preferred_emotion": True,
            "preferred_emotion_strength": PREFERRED_STRENGTH,
            "emotion_strength": STRENGTH,
        },
    }
    info = generation.model.info
    deployment = {
        "model": {"name": info.name, "version": info.version, "shows_emotions": info.emotions},
        "output": {
            "frames_per_second": generation.fps,
            "look_ahead_seconds": round(look_ahead_seconds, 3),
            "joints_of": generation.skeleton.name if generation.options.skeleton else "",
        },
        "limits": {
            "min_sample_rate_hz": MIN_RATE_HZ,
            "max_sample_rate_hz": MAX_RATE_HZ,
            "max_chunk_seconds": MAX_CHUNK_SECONDS,
            "max_clip_seconds": limits.max_clip_seconds,
            "max_streams": limits.max_streams,
            "silent_caller_seconds": limits.silent_caller_seconds,
        },
    }
    for name, content in (("stylization_config", style), ("deployment_config", deployment)):
        text = json.dumps(content, indent=2) + "\n" if as_json else "\n".join(_yaml(content)) + "\n"
        yield A2XConfig(name=f"{name}.{'json' if as_json else 'yaml'}", content=text)


def _yaml(content: Mapping[str, Any], indent: str = "") -> Iterator[str]:
    """Lines; values are written as JSON, which YAML reads."""
    for name, value in content.items():
        if isinstance(value, dict):
            yield f"{indent}{name}:"
            yield from _yaml(value, indent + "  ")
        else:
            yield f"{indent}{name}: {json.dumps(value)}"
