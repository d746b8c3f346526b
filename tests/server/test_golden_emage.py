"""EMAGE's network against the published code, stage by stage, under both weight rules. Sessions are still to come."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from conftest import DATA
from golden_case import GoldenCase, weights_by_rule
from pantomatrix_server.models.network_config import EmageConfig, configured
from pantomatrix_server.models.networks.emage import EmageNetwork

WEIGHT_SCALE = 0.12
PARTS = ("face", "upper", "hands", "lower")


def window(network: EmageNetwork, arrays: dict[str, np.ndarray], *, use_audio: bool) -> dict[str, np.ndarray]:
    """Outputs of one window by the goldens' names."""
    with torch.inference_mode():
        output = network(
            torch.from_numpy(arrays["audio"]),
            torch.from_numpy(arrays["speaker_id"].astype(np.int64)),
            torch.from_numpy(arrays["masked_motion"]),
            torch.from_numpy(arrays["mask"].astype(np.float32)),
            use_audio=use_audio,
        )
    made = {f"rec_{part}": output.latents[part].numpy() for part in PARTS}
    return made | {f"cls_{part}": output.logits[part].numpy() for part in PARTS}


@pytest.mark.parametrize("name", ["forward", "forward_b", "forward_no_audio"])
def test_every_stage_is_the_published_one(name: str, request: pytest.FixtureRequest) -> None:
    folder = Path(request.config.getoption("--goldens")) / "emage_audio"
    case = GoldenCase(folder, name)
    network = EmageNetwork(configured(EmageConfig, case.config["main"], "main")).eval()
    manifest = json.loads((folder / "manifest_tiny.json").read_text())["main"]
    weights = weights_by_rule(manifest, case.description["weights"], WEIGHT_SCALE)
    weights["position_embeddings.pe"] = network.position_embeddings.pe
    network.load_state_dict(weights, strict=True)
    stages: dict[str, np.ndarray] = {}
    for child, module in network.named_children():
        module.register_forward_hook(
            lambda module, inputs, output, child=child: stages.__setitem__(f"stage_{child}", output.numpy())
        )
    inputs = GoldenCase(folder, "forward").arrays()
    stages |= window(network, inputs, use_audio=case.description["rule"]["use_audio"])
    wanted = [array for array in case.arrays() if array.startswith(("stage_", "rec_", "cls_"))]
    assert len(wanted) >= 8
    for array in wanted:
        case.compare(array, stages[array][:, : case.arrays()[array].shape[1]])


def test_full_size_has_the_published_keys_and_shapes() -> None:
    folder = DATA / "goldens" / "emage_audio"
    with torch.device("meta"):
        network = EmageNetwork(
            configured(EmageConfig, json.loads((folder / "config_full.json").read_text())["main"], "main")
        )
    manifest = json.loads((folder / "manifest_full.json").read_text())["main"]
    assert {key: list(value.shape) for key, value in network.state_dict().items()} == {
        key: entry["shape"] for key, entry in manifest.items()
    }
