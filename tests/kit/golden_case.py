"""Golden cases of the published networks: weights and audio made by rule, arrays compared by rule (goldens/README.md)."""

from __future__ import annotations

import json
import re
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch

from pantomatrix_converters import rotations

AXIS_ANGLE = {"motion_axis_angle", "poses_30fps", "poses", "full_motion_axis_angle", "part_motion_axis_angle"}


def weights_by_rule(manifest: dict[str, dict], rule: str, scale: float) -> dict[str, torch.Tensor]:
    """Each tensor from its own name; rule "rule A" or "rule B"."""
    return {key: _tensor(key, entry["shape"], entry["dtype"], rule, scale) for key, entry in manifest.items()}


def _tensor(key: str, shape: list[int], dtype: str, rule: str, scale: float) -> torch.Tensor:
    if "int" in dtype:
        return torch.zeros(shape, dtype=torch.int64)
    n = np.random.default_rng(zlib.crc32(key.encode())).standard_normal(shape)
    if key.endswith("running_var"):
        values = 1 + 0.1 * np.abs(n)
    elif key.endswith("running_mean"):
        values = 0.1 * n
    elif rule == "rule A":
        values = scale * n
    elif len(shape) >= 2:
        values = 1.4 * n / np.sqrt(np.prod(shape[1:]))
    else:
        values = 1 + 0.1 * n if key.endswith(".weight") else 0.1 * n
    return torch.from_numpy(np.asarray(values, np.float32))


def pseudo_speech(samples: int, seed: int) -> np.ndarray:
    """(S,) float32."""
    t = np.arange(samples) / 16000
    noise = np.random.default_rng(seed).standard_normal(samples)
    hum = 0.2 * np.sin(2 * np.pi * 120 * t) * (0.5 + 0.5 * np.sin(2 * np.pi * 3 * t))
    return (0.1 * noise * (0.5 + 0.5 * np.sin(2 * np.pi * 4 * t)) + hum).astype(np.float32)


@dataclass(frozen=True)
class GoldenCase:
    """One case of one model's folder."""

    folder: Path
    name: str

    @property
    def description(self) -> dict[str, Any]:
        return json.loads((self.folder / f"{self.name}.json").read_text())

    @property
    def config(self) -> dict[str, Any]:
        return json.loads((self.folder / "config_tiny.json").read_text())

    def arrays(self) -> dict[str, np.ndarray]:
        """As stored; a case of rule B takes the inputs that it leaves out from the case without `_b`."""
        arrays = _arrays(self.folder / f"{self.name}.npz")
        if self.name.endswith("_b") and "audio" not in arrays:
            return arrays | {"audio": _arrays(self.folder / f"{self.name.removesuffix('_b')}.npz")["audio"]}
        return arrays

    def weights(self, scale: float) -> dict[str, torch.Tensor]:
        manifest = json.loads((self.folder / "manifest_tiny.json").read_text())
        return weights_by_rule(manifest.get("keys", manifest), self.description["weights"], scale)

    def compare(self, array: str, actual: np.ndarray) -> float:
        """The largest difference, after checking that it is within the tolerance of that array."""
        entry = self.description["arrays"][array]
        expected = self.arrays()[array]
        stride = re.search(r"every (\d+)th time step", entry["meaning"])
        actual = actual[..., :: int(stride[1])] if stride else actual
        assert actual.shape == expected.shape, f"{array}: {actual.shape}, expected {expected.shape}"
        difference = np.abs(actual - expected)
        if array in AXIS_ANGLE:
            difference = _without_half_turns(actual, expected, difference)
            assert (difference <= 1e-4).mean() >= 0.99, array
            assert difference.max() <= 5e-3, array
        else:
            tolerance = max(1e-4 * max(1.0, entry["max_abs"]), 5 * entry["float64_run_max_abs_diff"])
            assert difference.max() <= tolerance, array
        return float(difference.max())


@lru_cache(maxsize=4)
def _arrays(path: Path) -> dict[str, np.ndarray]:
    """To be read only."""
    with np.load(path) as stored:
        return dict(stored)


def _without_half_turns(actual: np.ndarray, expected: np.ndarray, difference: np.ndarray) -> np.ndarray:
    """Half turns may have their axis on either side: there the rotations are compared instead."""
    vectors = expected.reshape(-1, 3)
    half_turn = np.abs(np.linalg.norm(vectors, axis=1) - np.pi) < 2e-3
    matrices = [
        rotations.matrix_from_quat(rotations.quat_from_axis_angle(values.reshape(-1, 3)[half_turn]))
        for values in (actual, expected)
    ]
    by_joint = difference.reshape(-1, 3).copy()
    by_joint[half_turn] = np.abs(matrices[0] - matrices[1]).max(axis=(1, 2), initial=0.0)[:, None]
    return by_joint
