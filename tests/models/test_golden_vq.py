"""EMAGE's motion codes against the published code."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from folders import DATA
from golden_case import GoldenCase, weights_by_rule
from pantomatrix_models.emage.vq import MotionVq, motion_model
from pantomatrix_models.network_config import VqConfig, configured

pytestmark = pytest.mark.golden

WEIGHT_SCALE = 0.12
TIE = 1e-3
PARTS = ("face", "upper", "hands", "lower", "global")


@pytest.mark.parametrize("part", PARTS)
def test_codes_and_frames_are_the_published_ones(part: str, request: pytest.FixtureRequest) -> None:
    case = GoldenCase(Path(request.config.getoption("--goldens")) / "emage_audio", "encode")
    arrays = {name.removeprefix(f"{part}_"): array for name, array in case.arrays().items() if name.startswith(part)}
    manifest = json.loads((case.folder / "manifest_tiny.json").read_text())[f"vq_{part}"]
    network = motion_model(configured(VqConfig, case.config[f"vq_{part}"], part)).eval()
    network.load_state_dict(weights_by_rule(manifest, case.description["weights"], WEIGHT_SCALE), strict=True)
    motion = torch.from_numpy(arrays["input"])
    with torch.inference_mode():
        latents = network.encoder(motion)
        case.compare(f"{part}_pre_latent", latents.numpy())
        if not isinstance(network, MotionVq):
            case.compare(f"{part}_forward_rec", network(motion).numpy())
            return
        codes = network.encode(motion)
        clear = arrays["margin"] > TIE
        np.testing.assert_array_equal(codes.numpy()[clear], arrays["index"][clear])
        given = torch.from_numpy(arrays["index"].astype(np.int64))
        case.compare(f"{part}_z_q", network.quantizer.embedding(given).numpy())
        case.compare(f"{part}_decoded", network.decode(given).numpy())
        case.compare(f"{part}_forward_rec", network.decode(given).numpy())


@pytest.mark.parametrize("part", PARTS)
def test_full_size_has_the_published_keys_and_shapes(part: str) -> None:
    folder = DATA / "goldens" / "emage_audio"
    config = json.loads((folder / "config_full.json").read_text())[f"vq_{part}"]
    manifest = json.loads((folder / "manifest_full.json").read_text())[f"vq_{part}"]
    with torch.device("meta"):
        network = motion_model(configured(VqConfig, config, part))
    assert {key: list(value.shape) for key, value in network.state_dict().items()} == {
        key: entry["shape"] for key, entry in manifest.items()
    }
