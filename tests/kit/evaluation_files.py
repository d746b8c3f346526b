"""What the authors of EMAGE publish for measuring, made by rule: the auto-encoder of FGD, and an SMPL-X model of few vertices."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch

from folders import DATA
from golden_case import weights_by_rule
from pantomatrix_converters.skeleton import load_skeleton

GOLDENS = DATA / "goldens"
VERTICES = 200


def write_gesture_encoder(path: Path, rule: str, wrapped: bool = False) -> Path:
    """AESKConv_240_100.bin's layout; masks and pooling from the skeleton's edges, as its training code builds them."""
    weights = weights_by_rule(json.loads((GOLDENS / "metrics_manifest.json").read_text()), rule, 0.05)
    structure = json.loads((GOLDENS / "metrics_structure.json").read_text())
    for index, layer in enumerate(structure["layers"]):
        start = f"encoder.layers.{index}.0"
        for name in (f"{start}.residual.0.mask", f"{start}.shortcut.mask"):
            mask = weights[name] = torch.zeros_like(weights[name])
            wide, narrow = (size // len(layer["neighbours"]) for size in mask.shape[:2])
            for joint, others in enumerate(layer["neighbours"]):
                for other in others:
                    mask[joint * wide : (joint + 1) * wide, other * narrow : (other + 1) * narrow] = 1
        pooling = f"{start}.common.0.weight"
        if pooling in weights:
            weight = weights[pooling] = torch.zeros_like(weights[pooling])
            channels = weight.shape[0] // len(layer["pooling"])
            for group, members in enumerate(layer["pooling"]):
                for member in members:
                    for channel in range(channels):
                        weight[group * channels + channel, member * channels + channel] = 1 / len(members)
    state = {f"module.{key}": value for key, value in weights.items()} if wrapped else weights
    torch.save({"model_state": state, "epoch": 100} if wrapped else state, path)
    return path


def write_body_model(path: Path, seed: int = 0) -> Path:
    """SMPLX_NEUTRAL_2020.npz's layout with 200 vertices, a quarter of them of the face."""
    random = np.random.default_rng(seed)
    weights = random.random((VERTICES, 55)) ** 8
    weights[VERTICES // 4 :, 22] = 0
    regressor = random.random((55, VERTICES)) ** 6
    shapes = random.normal(size=(VERTICES, 3, 400)) * 0.003
    shapes[VERTICES // 4 :, :, 300:] = 0
    corrections = random.normal(size=(VERTICES, 3, 486)) * 0.01
    corrections[VERTICES // 4 :, :, 189:198] = 0
    parents = load_skeleton("smplx").parents.astype(np.int64)
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(
        path,
        v_template=random.normal(size=(VERTICES, 3)) * 0.4,
        shapedirs=shapes,
        posedirs=corrections,
        J_regressor=regressor / regressor.sum(axis=1, keepdims=True),
        weights=weights / weights.sum(axis=1, keepdims=True),
        kintree_table=np.stack([np.where(parents < 0, 2**32 - 1, parents), np.arange(55)]),
        f=np.zeros((10, 3), np.int64),
        hands_meanl=random.normal(size=45) * 0.3,
        hands_meanr=random.normal(size=45) * 0.3,
        hands_componentsl=np.eye(45),
        hands_componentsr=np.eye(45),
        lmk_faces_idx=np.zeros(51, np.int64),
        lmk_bary_coords=np.full((51, 3), 1 / 3),
        dynamic_lmk_faces_idx=np.zeros((79, 17), np.int64),
        dynamic_lmk_bary_coords=np.full((79, 17, 3), 1 / 3),
    )
    return path
