"""EMAGE against the published code under both weight rules: its network stage by stage, poses in parts, and whole clips."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from checkpoints import emage_weights
from folders import DATA
from golden_case import GoldenCase
from pantomatrix_converters import rotations
from pantomatrix_converters.network_layout import pelvis_in_model
from pantomatrix_models.emage.codec import PARTS, EmageCodec, join_parts, split_parts
from pantomatrix_models.emage.model import Emage
from pantomatrix_models.emage.network import EmageNetwork
from pantomatrix_models.network_config import EmageConfig, configured, read_config
from pantomatrix_models.networks.execution import TorchEngine

pytestmark = pytest.mark.golden

TIE = 1e-3
WINDOWS = [f"forward{suffix}" for suffix in ("", "_b", "_no_audio")]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every clip that lies in the folder given by --goldens."""
    if "clip" in metafunc.fixturenames:
        folder = Path(metafunc.config.getoption("--goldens")) / "emage_audio"
        metafunc.parametrize("clip", sorted(path.stem for path in folder.glob("infer_*.npz")))


@pytest.fixture
def goldens(request: pytest.FixtureRequest) -> Path:
    return Path(request.config.getoption("--goldens"))


@pytest.mark.parametrize("name", WINDOWS)
def test_every_stage_of_a_window_is_the_published_one(name: str, goldens: Path) -> None:
    case = GoldenCase(goldens / "emage_audio", name)
    network = EmageNetwork(configured(EmageConfig, case.config["main"], "main")).eval()
    manifest = json.loads((case.folder / "manifest_tiny.json").read_text())["main"]
    network.load_state_dict(emage_weights(manifest, case.config["main"], case.description["weights"]), strict=True)
    stages: dict[str, np.ndarray] = {}
    for child, module in network.named_children():
        module.register_forward_hook(
            lambda module, inputs, output, child=child: stages.__setitem__(f"stage_{child}", output.numpy())
        )
    arrays = GoldenCase(case.folder, "forward").arrays()
    with torch.inference_mode():
        output = network(
            torch.from_numpy(arrays["audio"]),
            torch.from_numpy(arrays["speaker_id"].astype(np.int64)),
            torch.from_numpy(arrays["masked_motion"]),
            torch.from_numpy(arrays["mask"].astype(np.float32)),
            use_audio=case.description["rule"]["use_audio"],
        )
    for part in PARTS:
        stages |= {f"rec_{part}": output.latents[part].numpy(), f"cls_{part}": output.logits[part].numpy()}
    wanted = [array for array in case.arrays() if array.startswith(("stage_", "rec_", "cls_"))]
    assert len(wanted) >= 8
    for array in wanted:
        case.compare(array, stages[array][:, : case.arrays()[array].shape[1]])


def modules(folder: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """The stages of a tiny EMAGE loaded from a checkpoint, and its config."""
    config = read_config(folder)
    return Emage.stages(folder, config), config


def test_poses_split_into_parts_and_back(goldens: Path, checkpoint: Callable[..., Path]) -> None:
    case = GoldenCase(goldens / "emage_audio", "vq_model")
    arrays = case.arrays()
    stages, _ = modules(checkpoint("emage", goldens, rule=case.description["weights"]))
    codec = stages["decoding"].module.codec
    assert isinstance(codec, EmageCodec)
    tensors = {name: torch.from_numpy(array) for name, array in arrays.items()}
    matrices = rotations.matrix_from_quat(rotations.quat_from_axis_angle(arrays["axis_angle"]))
    sixd = rotations.sixd_from_matrix(matrices).astype(np.float32)
    case.compare("rot6d", sixd.reshape(2, 40, 330))
    parts = split_parts(torch.from_numpy(sixd), tensors["expression_in"], tensors["trans_in"], tensors["contact_in"])
    with torch.inference_mode():
        codes = codec.encode(parts)
        for part in PARTS:
            case.compare(f"split_{part}", parts[part].numpy())
            clear = arrays[f"margin_{part}"] > TIE
            np.testing.assert_array_equal(codes[part].numpy()[clear], arrays[f"index_{part}"][clear])
        given = {part: tensors[f"index_{part}"].long() for part in PARTS}
        motion, expression, root = codec.decode_with_root(torch.stack([given[part] for part in PARTS], dim=-1))
        case.compare("full_all_motion4inference", motion.numpy())
        case.compare("full_expression", expression.numpy())
        case.compare("full_motion_axis_angle", axis_angle(motion.numpy()))
        np.testing.assert_allclose(root[..., 1], arrays["full_trans"][..., 1], atol=1e-4)
        upper, hands = codec.parts["upper"], codec.parts["hands"]
        motion, expression = join_parts(
            {"upper": upper.decoder(tensors["latent_upper"]), "hands": hands.decode(given["hands"])}
        )
        case.compare("part_all_motion4inference", motion.numpy())
        case.compare("part_expression", expression.numpy())
        case.compare("part_motion_axis_angle", axis_angle(motion.numpy()))


def axis_angle(motion: np.ndarray) -> np.ndarray:
    """(..., 337) to (..., 165)."""
    matrices = rotations.matrix_from_sixd(motion[..., :330].reshape(*motion.shape[:-1], 55, 6))
    return rotations.axis_angle_from_quat(rotations.quat_from_matrix(matrices)).reshape(*motion.shape[:-1], 165)


class Recorder:
    """What passes through the modules of an EMAGE."""

    def __init__(self, stages: dict[str, Any]) -> None:
        self.windows: list[dict[str, np.ndarray]] = []
        self.decoded: dict[str, np.ndarray] = {}
        stages["window"].module.register_forward_hook(self._window)
        network = stages["window"].module.network
        self._move, network.move = network.move, self._moving
        stages["window"].module.register_forward_pre_hook(self._heard)
        codec = stages["decoding"].module.codec
        for part in (*PARTS, "global"):
            model = codec.global_motion if part == "global" else codec.parts[part]
            model.decoder.register_forward_hook(
                lambda module, inputs, output, part=part: self.decoded.__setitem__(part, output.numpy())
            )

    def _heard(self, module: object, inputs: tuple[torch.Tensor, ...]) -> None:
        self.windows.append({"audio": inputs[0].numpy(), "motion_in": inputs[2].numpy()})

    def _moving(self, *inputs: torch.Tensor) -> Any:
        output = self._move(*inputs)
        self.windows[-1] |= {f"rec_{part}": output.latents[part].numpy() for part in PARTS}
        self.windows[-1] |= {f"cls_{part}": output.logits[part].numpy() for part in PARTS}
        return output

    def _window(self, module: object, inputs: object, output: tuple[torch.Tensor, torch.Tensor]) -> None:
        self.windows[-1] |= {"codes": output[0].numpy(), "last_motion": output[1].numpy()}


def test_whole_clips_are_the_published_ones(clip: str, goldens: Path, checkpoint: Callable[..., Path]) -> None:
    case = GoldenCase(goldens / "emage_audio", clip)
    arrays = case.arrays()
    folder = checkpoint("emage", goldens, rule=case.description["weights"])
    stages, config = modules(folder)
    recorder = Recorder(stages)
    engines = {name: TorchEngine(stage, "cpu", "fp32") for name, stage in stages.items()}
    emage = Emage(engines, Emage.describe("emage", config["speaker_dims"]))
    motion = emage.generate(arrays["audio"][0], speaker=int(arrays["speaker_id"][0, 0]), timing="reference")

    assert len(motion) == case.description["frames_out"]
    count = sum(name.endswith("_motion_in") for name in arrays)
    assert len(recorder.windows) == count
    for index, window in enumerate(recorder.windows):
        start, stop = arrays[f"w{index}_audio_range"]
        np.testing.assert_array_equal(window["audio"], arrays["audio"][:, start:stop])
        first, last = arrays[f"w{index}_frames"]
        assert window["motion_in"].shape[1] == last - first
        case.compare(f"w{index}_motion_in", window["motion_in"])
        case.compare(f"w{index}_last_motion", window["last_motion"])
        for place, part in enumerate(PARTS):
            case.compare(f"w{index}_rec_{part}", window[f"rec_{part}"])
            case.compare(f"w{index}_cls_{part}", window[f"cls_{part}"])
            clear = arrays[f"w{index}_margin_{part}"] > TIE
            np.testing.assert_array_equal(window["codes"][..., place][clear], arrays[f"w{index}_index_{part}"][clear])
    for part in PARTS:
        case.compare(f"decoded_{part}", recorder.decoded[part])
    case.compare("global_rec", recorder.decoded["global"])

    assert motion.face is not None
    case.compare("expressions", motion.face.weights[None, :, :100])
    case.compare("trans", (motion.root_translation - pelvis_in_model())[None].astype(np.float32))
    poses = rotations.axis_angle_from_quat(rotations.shortest(motion.rotations_xyzw)).reshape(1, len(motion), 165)
    case.compare("poses", poses)
    np.testing.assert_allclose(motion.face.weights[:, 100:], poses[0, :, 66:69], atol=2e-4)

    onnx = Emage.from_pretrained(folder, device="cpu")
    same = onnx.generate(arrays["audio"][0], speaker=int(arrays["speaker_id"][0, 0]), timing="reference")
    cosines = np.abs(np.sum(same.rotations_xyzw * motion.rotations_xyzw, axis=-1))
    assert cosines.min() > 1 - 1e-6
    np.testing.assert_allclose(same.root_translation, motion.root_translation, atol=1e-4)


def test_frame_counts() -> None:
    table = json.loads((DATA / "goldens" / "frame_counts.json").read_text())["emage"]["table"]
    from pantomatrix_models.emage.session import ReferenceLayout

    for frames, expected in table.items():
        made = ReferenceLayout().frames(-(-int(frames) * 16000 // 30))
        assert made == (0 if isinstance(expected, str) else expected), frames


def test_full_size_has_the_published_keys_and_shapes() -> None:
    folder = DATA / "goldens" / "emage_audio"
    with torch.device("meta"):
        config = json.loads((folder / "config_full.json").read_text())["main"]
        network = EmageNetwork(configured(EmageConfig, config, "main"))
    manifest = json.loads((folder / "manifest_full.json").read_text())["main"]
    assert {key: list(value.shape) for key, value in network.state_dict().items()} == {
        key: entry["shape"] for key, entry in manifest.items()
    }
