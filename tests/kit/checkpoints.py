"""Checkpoints in the published layout, with weights made by rule."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import torch
from filelock import FileLock
from safetensors.torch import save_file

from folders import DATA
from golden_case import weights_by_rule
from pantomatrix_models.emage.model import Emage
from pantomatrix_models.emage.network import PeriodicPositions
from pantomatrix_models.network_config import EmageConfig, configured
from pantomatrix_models.pretrained import PretrainedModel
from pantomatrix_models.recurrent.model import Camn, Disco

EMAGE_SCALE, RECURRENT_SCALE = 0.12, 0.1
_MODELS: dict[str, type[PretrainedModel]] = {"camn": Camn, "disco": Disco, "emage": Emage}
EMAGE_PARTS = ("face", "upper", "hands", "lower", "global")


def emage_weights(manifest: dict[str, Any], config: dict[str, Any], rule: str) -> dict[str, torch.Tensor]:
    """Of the main network; the table of positions stays as built."""
    sizes = configured(EmageConfig, config, "here")
    weights = weights_by_rule(manifest, rule, EMAGE_SCALE)
    weights["position_embeddings.pe"] = PeriodicPositions(sizes.hidden_size, sizes.pose_length).pe
    return weights


def write_emage(folder: Path, goldens: Path = DATA / "goldens", *, size: str = "tiny", rule: str = "rule B") -> Path:
    """EMAGE with its five models under emage_vq/."""
    source = goldens / "emage_audio"
    configs = json.loads((source / f"config_{size}.json").read_text())
    manifests = json.loads((source / f"manifest_{size}.json").read_text())
    _write(folder, configs["main"], emage_weights(manifests["main"], configs["main"], rule))
    for part in EMAGE_PARTS:
        weights = weights_by_rule(manifests[f"vq_{part}"], rule, EMAGE_SCALE)
        _write(folder / "emage_vq" / part, configs[f"vq_{part}"], weights)
    return folder


def write_recurrent(
    folder: Path, kind: str, goldens: Path = DATA / "goldens", *, size: str = "tiny", rule: str = "rule B"
) -> Path:
    """kind: "camn" or "disco"."""
    source = goldens / f"{kind}_audio"
    manifest = json.loads((source / f"manifest_{size}.json").read_text())
    config = json.loads((source / f"config_{size}.json").read_text())
    _write(folder, config, weights_by_rule(manifest.get("keys", manifest), rule, RECURRENT_SCALE))
    return folder


def checkpoints_in(root: Path) -> Callable[..., Path]:
    """What gives the folder of a checkpoint, by kind ("camn", "disco", "emage") and the words of the functions above.

    Each is written once for all test processes, and prepared for ONNX Runtime once. They are to be read only.
    """

    @cache
    def place(kind: str, goldens: Path = DATA / "goldens", *, size: str = "tiny", rule: str = "rule B") -> Path:
        goldens = goldens.resolve()
        folder = root / f"{kind}-{size}-{rule[-1]}-{hashlib.sha256(str(goldens).encode()).hexdigest()[:8]}"
        with FileLock(folder.with_suffix(".lock")):
            if not folder.exists():
                half = folder.with_suffix(".half")
                if kind == "emage":
                    write_emage(half, goldens, size=size, rule=rule)
                else:
                    write_recurrent(half, kind, goldens, size=size, rule=rule)
                half.rename(folder)
                _MODELS[kind].from_pretrained(folder, device="cpu")
        return folder

    return place


def _write(folder: Path, config: dict[str, Any], weights: dict[str, torch.Tensor]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "config.json").write_text(json.dumps(config))
    save_file({key: value.contiguous() for key, value in weights.items()}, folder / "model.safetensors")
