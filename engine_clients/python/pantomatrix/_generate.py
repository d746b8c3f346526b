"""Speech to motion in this process: `generate` and `models`."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from pantomatrix_converters.errors import InvalidInputError
from pantomatrix_converters.face.flame_arkit import ArkitMatrix
from pantomatrix_converters.motion import Motion, concatenate
from pantomatrix_models.audio.source import SpeechSource, speech_of
from pantomatrix_models.generation import Generation, plan
from pantomatrix_models.model import ModelInfo
from pantomatrix_models.options import MotionOptions
from pantomatrix_models.registry import DEFAULT_MODEL, MODEL_NAMES, ModelRegistry, model_info, named_place

from ._files import File, matrix_of
from ._options import options_from_keywords, refuse_axes
from ._warn import warn_of
from .errors import LossWarning, SpeechWarning

if TYPE_CHECKING:
    from pantomatrix_client.options import Options


def generate(
    speech: SpeechSource,
    *,
    device: str = "auto",
    precision: str = "fp32",
    progress: Callable[[float, float], None] | None = None,
    arkit_matrix: File | ArkitMatrix | None = None,
    **options: Unpack[Options],
) -> Motion:
    """The motion of a clip of speech, computed in this process.

    Parameters
    ----------
    speech : path, bytes, or (samples, sample_rate_hz)
        A file (WAV, FLAC, Ogg, MP3, ...), its content, or samples (S,) or (S, channels): floats of full scale 1.0, or
        integers of their type's full scale.
    device : str
        What a network computes on: "auto", "cpu" or "cuda".
    precision : str
        Of a network: "fp32"; "int8" on CPUs; "fp16" or "bf16" on GPUs.
    progress : callable
        Called with (seconds done, seconds in all) while the motion is computed.
    arkit_matrix : path or ArkitMatrix, optional
        What turns FLAME's faces into ARKit's and back, for face_rig: the BEAT2 authors' mat_final.npy, or a matrix of your
        own.
    **options
        The options of a motion: `help(pm.Options)` lists them. model: a name of `models()`, or "emage=PATH" for a checkpoint
        of your own; a model is loaded once and kept. skeleton: a known name, a file that has it, or a Skeleton.
        coordinate_system is refused: the axes are canonical, `save` writes others.

    Returns
    -------
    Motion
        Frame k is at k / fps seconds of the speech. Rotations (T, J, 4), the root's position (T, 3) and the curves of the
        face (T, K), in canonical axes: metres, Y up, the character faces +Z.

    Warns
    -----
    SpeechWarning
        The recording is silent, or its content is not what its name says.
    LossWarning
        For what an edit leaves out.

    Raises
    ------
    AudioError
        The speech cannot be read, or is empty.
    InvalidInputError, UnknownNameError
        An option is out of range, or a name is not known.
    CapabilityError
        The model cannot do what an option asks for.
    CheckpointError
        The weights are missing or damaged.
    """
    generation = planned(options, device, precision, matrix_of(arkit_matrix))
    heard = speech_of(speech)
    generation.frame_count(heard)
    warn_of(heard.notes, SpeechWarning)
    warn_of(generation.edits.notes, LossWarning)
    pieces, frames = [], 0
    for piece in generation.pieces(heard):
        pieces.append(piece)
        frames += len(piece)
        if progress is not None:
            progress(min(frames / piece.fps, heard.duration_seconds), heard.duration_seconds)
    named = Path(speech).name if isinstance(speech, (str, os.PathLike)) else ""
    return replace(concatenate(pieces), provenance=(generation.provenance(named),))


def models() -> tuple[ModelInfo, ...]:
    """What each model can do: its parts, speakers, skeleton, face rig and look-ahead.

    Returns
    -------
    tuple of ModelInfo
        The first is the default.
    """
    return tuple(model_info(name) for name in MODEL_NAMES)


def planned(options: Mapping[str, Any], device: str, precision: str, matrix: ArkitMatrix | None = None) -> Generation:
    """The checked request. Raises what `generate` raises before it computes."""
    refuse_axes(options)
    model = options.get("model", DEFAULT_MODEL)
    if not isinstance(model, str):
        raise InvalidInputError(
            f"model is {model!r}, expected one of {', '.join(MODEL_NAMES)}, or NAME=PATH", "options.model"
        )
    keywords = {**options, "model": named_place(model)[0]}
    return plan(options_from_keywords(MotionOptions, keywords), _registry(model, device, precision), matrix)


@cache
def _registry(model: str, device: str, precision: str) -> ModelRegistry:
    return ModelRegistry(dict([named_place(model)]), device, precision)
