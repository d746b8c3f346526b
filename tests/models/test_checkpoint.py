"""Checkpoints in the published layout: whole, damaged and malicious ones."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from folders import DATA
from golden_case import GoldenCase
from pantomatrix_models.errors import CheckpointError
from pantomatrix_models.network_config import RecurrentConfig, configured, read_config
from pantomatrix_models.networks.checkpoint import fill, read_weights
from pantomatrix_models.recurrent.camn import CamnNetwork
from pantomatrix_models.recurrent.disco import DiscoNetwork

pytestmark = pytest.mark.unit

CASE = GoldenCase(DATA / "goldens" / "camn_audio", "short")


@pytest.fixture(params=["safetensors", "bin"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    (tmp_path / "config.json").write_text(json.dumps(CASE.config))
    if request.param == "safetensors":
        save_file(CASE.weights(0.1), tmp_path / "model.safetensors")
    else:
        torch.save(CASE.weights(0.1), tmp_path / "pytorch_model.bin")
    return tmp_path


def weights_file(folder: Path) -> Path:
    return next(path for path in folder.iterdir() if path.suffix in (".safetensors", ".bin"))


def load(folder: Path, kind: type = CamnNetwork) -> torch.nn.Module:
    network = kind(configured(RecurrentConfig, read_config(folder), "here"))
    fill(network, read_weights(folder), str(folder))
    return network


def test_a_whole_checkpoint_loads(folder: Path) -> None:
    expected = CASE.weights(0.1)
    assert all(torch.equal(value, expected[key]) for key, value in load(folder).state_dict().items())


def test_configs_in_the_wild_lack_fields_and_have_others() -> None:
    config = configured(RecurrentConfig, {"motion_dim": 256, "architectures": None, "hidden_size": 64}, "here")
    assert (config.hidden_size, config.n_layer, config.pose_dims) == (64, 4, 258)


def test_another_networks_weights_name_a_key(folder: Path) -> None:
    with pytest.raises(CheckpointError, match="weights are missing, the first is 'audio_encoder_c1.fc1.bias'"):
        load(folder, DiscoNetwork)


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda w: w.pop("body_out.fc1.bias"), "1 weights are missing, the first is 'body_out.fc1.bias'"),
        (lambda w: w.update(extra=torch.zeros(1)), "1 weights do not belong here, the first is 'extra'"),
        (
            lambda w: w.update({"body_out.fc1.bias": torch.zeros(3)}),
            r"'body_out.fc1.bias' has shape \(3,\), expected \(48,\)",
        ),
        (lambda w: w["body_out.fc1.bias"].fill_(float("nan")), "'body_out.fc1.bias' holds NaN"),
    ],
)
def test_wrong_weights_name_the_key(change, text: str) -> None:
    weights = CASE.weights(0.1)
    change(weights)
    with pytest.raises(CheckpointError, match=text):
        fill(CamnNetwork(configured(RecurrentConfig, CASE.config, "here")), weights, "here")


def test_damaged_files_name_the_file(folder: Path) -> None:
    path = weights_file(folder)
    whole = path.read_bytes()
    for content in (whole[: len(whole) // 2], b"", b"nothing", whole[:100] + b"\xff" * 100 + whole[200:]):
        path.write_bytes(content)
        with pytest.raises(CheckpointError):
            load(folder)
    path.unlink()
    with pytest.raises(CheckpointError, match=r"neither model.safetensors nor pytorch_model.bin"):
        load(folder)
    (folder / "config.json").write_text("{")
    with pytest.raises(CheckpointError, match=r"config.json: no valid JSON"):
        load(folder)
    (folder / "config.json").unlink()
    with pytest.raises(CheckpointError, match=r"no config.json in it"):
        load(folder)


class Intruder:
    """Unpickling it writes a file."""

    path = ""

    def __reduce__(self):
        return (Path.touch, (Path(self.path),))


@pytest.mark.filterwarnings("ignore:Detected pickle protocol")
def test_pickles_never_run(tmp_path: Path) -> None:
    Intruder.path = str(tmp_path / "ran")
    (tmp_path / "config.json").write_text(json.dumps(CASE.config))
    for write in (
        lambda path: torch.save({"a": Intruder()}, path),
        lambda path: path.write_bytes(pickle.dumps(Intruder())),
    ):
        write(tmp_path / "pytorch_model.bin")
        with pytest.raises(CheckpointError, match=r"pytorch_model.bin: no readable weights"):
            load(tmp_path)
    assert not (tmp_path / "ran").exists()
