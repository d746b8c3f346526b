"""config.json of a published checkpoint, as dataclasses. Files in the wild lack fields and have others: what they do not say
is as published, what is not known here is passed over."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from .errors import CheckpointError

Config = TypeVar("Config")


@dataclass(frozen=True)
class SpeakerConfig:
    """What every network's configuration says of its speakers: how many they are."""

    speaker_dims: int = 1


@dataclass(frozen=True)
class RecurrentConfig(SpeakerConfig):
    """Sizes of CaMN and DisCo; the defaults are those published.

    pose_dims: 6D rotations of 43 joints, body_dims and hands_dims its two parts. seed_frames: known
    first frames.
    """

    pose_dims: int = 258
    body_dims: int = 78
    hands_dims: int = 180
    audio_f: int = 128
    speaker_f: int = 16
    hidden_size: int = 512
    n_layer: int = 4
    dropout_prob: float = 0.1
    seed_frames: int = 4


@dataclass(frozen=True)
class EmageConfig(SpeakerConfig):
    """Sizes of EMAGE; the defaults are those published. pose_length: frames of a window."""

    motion_f: int = 256
    audio_f: int = 256
    hidden_size: int = 768
    pose_length: int = 64
    seed_frames: int = 4
    vae_codebook_size: int = 256


@dataclass(frozen=True)
class VqConfig:
    """Sizes of the model of one part of EMAGE's motion.

    vae_layer: convolutions of the encoder; vae_test_dim: size of a frame; vae_length: size of a code; vae_codebook_size:
    number of codes, 0 for the auto-encoder of global motion.
    """

    vae_layer: int
    vae_test_dim: int
    vae_length: int = 256
    vae_codebook_size: int = 0


def read_config(folder: Path) -> dict[str, Any]:
    """config.json. Raises CheckpointError."""
    path = folder / "config.json"
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        inside = sorted(str(found.parent) for found in folder.glob("*/config.json"))
        hint = f"; a checkpoint is in {' and in '.join(inside)}" if inside else ""
        raise CheckpointError(f"{folder}: not a checkpoint, no config.json in it{hint}") from None
    except OSError as error:
        raise CheckpointError(f"{path}: {error.strerror or error}") from None
    except ValueError as error:
        raise CheckpointError(f"{path}: no valid JSON ({error})") from None
    if not isinstance(config, dict):
        raise CheckpointError(f"{path}: expected a JSON object")
    return config


def configured(kind: type[Config], config: Mapping[str, Any], where: str) -> Config:
    """A network's sizes from its config.json. Raises CheckpointError naming a size that is missing or no number."""
    sizes = {}
    for field in fields(kind):  # type: ignore[arg-type]
        value = config.get(field.name)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, int | float) or value < 0:
            raise CheckpointError(f"{where}: {field.name!r} in config.json is {value!r}, expected a number")
        sizes[field.name] = value
    try:
        return kind(**sizes)
    except TypeError:
        missing = next(f.name for f in fields(kind) if f.name not in sizes)  # type: ignore[arg-type]
        raise CheckpointError(f"{where}: config.json has no {missing!r}") from None
