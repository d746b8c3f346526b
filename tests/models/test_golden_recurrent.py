"""CaMN and DisCo against the published code, stage by stage, under both weight rules."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from folders import DATA
from golden_case import GoldenCase, pseudo_speech
from pantomatrix_converters import rotations
from pantomatrix_converters.network_layout import joint_groups, spread_joints, upsample
from pantomatrix_models.network_config import RecurrentConfig, configured
from pantomatrix_models.recurrent.camn import CamnNetwork
from pantomatrix_models.recurrent.clock import encoder_frames
from pantomatrix_models.recurrent.disco import DiscoNetwork
from pantomatrix_models.recurrent.model import Camn, Disco
from pantomatrix_models.recurrent.session import SEED_FRAMES, RecurrentWindow

pytestmark = pytest.mark.golden

NETWORKS = {"camn_audio": CamnNetwork, "disco_audio": DiscoNetwork}
WEIGHT_SCALE = 0.1


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every case that lies in the folder given by --goldens."""
    if "case" not in metafunc.fixturenames:
        return
    root = Path(metafunc.config.getoption("--goldens"))
    cases = [GoldenCase(root / model, path.stem) for model in NETWORKS for path in sorted((root / model).glob("*.npz"))]
    metafunc.parametrize("case", cases, ids=lambda case: f"{case.folder.name}-{case.name}")


def test_every_stage_is_the_published_one(case: GoldenCase) -> None:
    network = NETWORKS[case.folder.name](configured(RecurrentConfig, case.config, "here")).eval()
    network.load_state_dict(case.weights(WEIGHT_SCALE), strict=True)
    stages: dict[str, torch.Tensor] = {}

    def keep(name: str):
        def hook(module: torch.nn.Module, inputs: object, output: object) -> None:
            stages[name] = output[0] if isinstance(output, tuple) else output  # type: ignore[assignment]

        return hook

    for name, module in network.named_children():
        module.register_forward_hook(keep(name))
    for index, block in enumerate(network.audio_encoder.feat_extractor):
        block.register_forward_hook(keep(f"audio_block{index}"))
    arrays = case.arrays()
    seed_motion = torch.from_numpy(arrays["seed_motion"]) if "seed_motion" in arrays else None
    with torch.inference_mode():
        speaker = torch.from_numpy(arrays["speaker_id"].astype(np.int64))
        motion = network(torch.from_numpy(arrays["audio"]), speaker, seed_motion)
        if isinstance(network, DiscoNetwork):
            stages["audio_fea_c"] = network.content(stages["audio_encoder"])
            stages["audio_fea_r"] = stages["audio_encoder_r"]
    made = {name: stage.numpy() for name, stage in stages.items()}
    made["motion"] = motion.numpy().reshape(arrays["motion"].shape)
    made["motion_axis_angle"] = axis_angle(motion.numpy())
    made["poses_30fps"] = upsample(made["motion_axis_angle"], 2).reshape(arrays["poses_30fps"].shape)
    compared = {name: case.compare(name, made[name]) for name in arrays if name in made}
    inputs = {"audio", "speaker_id", "seed_motion", "axis_angle_cond"}
    assert set(arrays) - inputs == set(compared)


def axis_angle(motion: np.ndarray) -> np.ndarray:
    """6D of 43 joints to axis-angle of all 55: (N, T, 258) to (N, T, 165)."""
    matrices = rotations.matrix_from_sixd(motion.reshape(*motion.shape[:2], 43, 6))
    vectors = rotations.axis_angle_from_quat(rotations.quat_from_matrix(matrices))
    return spread_joints(vectors.reshape(*motion.shape[:2], -1), joint_groups()["local_upper"])


def test_whole_clips_are_the_published_ones(case: GoldenCase, checkpoint: Callable[..., Path]) -> None:
    """Through the loaded model, in ONNX Runtime, the clips of a case together."""
    kind = case.folder.name.removesuffix("_audio")
    place = checkpoint(kind, case.folder.parent, rule=case.description["weights"])
    model = {"camn": Camn, "disco": Disco}[kind].from_pretrained(place, device="cpu")
    arrays = case.arrays()
    speakers = [int(speaker) for speaker in arrays["speaker_id"][:, 0]]
    seeds = arrays.get("seed_motion", np.zeros((len(speakers), SEED_FRAMES, 258), np.float32))[:, :SEED_FRAMES]
    windows = [
        RecurrentWindow(audio, speaker, seed)
        for audio, speaker, seed in zip(arrays["audio"], speakers, seeds, strict=True)
    ]
    case.compare("motion", np.stack(model.run(windows)).reshape(arrays["motion"].shape))
    if "seed_motion" in arrays:
        return
    clips = [model.generate(w.audio, speaker=w.speaker, timing="reference") for w in windows]
    vectors = [rotations.axis_angle_from_quat(rotations.shortest(clip.rotations_xyzw)) for clip in clips]
    case.compare("poses_30fps", np.stack(vectors).reshape(arrays["poses_30fps"].shape))


@pytest.mark.parametrize("model", NETWORKS)
def test_full_size_has_the_published_keys_and_shapes(model: str) -> None:
    folder = DATA / "goldens" / model
    with torch.device("meta"):
        network = NETWORKS[model](
            configured(RecurrentConfig, json.loads((folder / "config_full.json").read_text()), model)
        )
    manifest = json.loads((folder / "manifest_full.json").read_text())
    manifest = manifest.get("keys", manifest)
    assert {key: list(value.shape) for key, value in network.state_dict().items()} == {
        key: entry["shape"] for key, entry in manifest.items()
    }


def test_frame_counts() -> None:
    table = json.loads((DATA / "goldens" / "frame_counts.json").read_text())["lstm_models"]["table"]
    for samples, frames in table.items():
        assert encoder_frames(int(samples)) == frames


def test_inputs_are_made_by_rule() -> None:
    case = GoldenCase(DATA / "goldens" / "camn_audio", "short")
    np.testing.assert_array_equal(case.arrays()["audio"][0], pseudo_speech(16000, 1))
