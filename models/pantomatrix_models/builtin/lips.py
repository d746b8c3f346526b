"""What the lips do: a small network from the bands of a sound and of its neighbours to the articulation of one hop.

The model card is docs/reference/builtin-model.md.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file

from .hearing import Heard, steady_product

WEIGHTS = Path(__file__).with_name("lips.safetensors")
OFFSETS = np.array([-50, -40, -32, -26, -21, -17, -14, -12, *range(-10, 6)])
"""Hops around its own that the network hears."""
TARGETS = ("openness", "rounding", "spread", "closed", "sibilance", "tongue", "bitten", "between", "speech")
"""What it says of a hop, each 0 to 1. bitten: the lower lip at the upper teeth; between: the tongue between the teeth."""


def features(heard: Heard, reference: NDArray[np.float64], floor: NDArray[np.float64]) -> NDArray[np.float32]:
    """(C, 31) of hops: mel bands relative to the speaker's loudness, how far that is above the room's, voicing, level.

    reference, floor: (C,) decibels, see Articulator.
    """
    columns = [
        (heard.mels_db - reference[:, None] + 20.0) / 20.0,
        ((reference - floor - 30.0) / 20.0)[:, None],
        heard.voicing[:, None],
        ((heard.level_db - reference + 10.0) / 15.0)[:, None],
    ]
    return np.clip(np.concatenate(columns, axis=1), -4.0, 3.0).astype(np.float32)


def lips(features: NDArray[np.float32], now: NDArray[np.int64], ahead: NDArray[np.int64]) -> NDArray[np.float64]:
    """(N, len(TARGETS)) of the hops `now` among (C, 31) features, as if the hop `ahead` of each went on."""
    values = features[now[:, None] + np.minimum(OFFSETS, ahead[:, None])].reshape(
        len(now), len(OFFSETS) * features.shape[1]
    )
    layers = _layers()
    for number, (weight, bias) in enumerate(layers):
        values = steady_product(values, weight) + bias
        if number < len(layers) - 1:
            values = np.maximum(values, 0.0)
    return 1.0 / (1.0 + np.exp(-values.astype(np.float64)))


@cache
def _layers() -> list[tuple[NDArray[np.float32], NDArray[np.float32]]]:
    tensors = load_file(WEIGHTS)
    return [(tensors[f"{at}.weight"], tensors[f"{at}.bias"]) for at in range(len(tensors) // 2)]
