"""The published metrics against values of the published code (tests/data/goldens)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from evaluation_files import write_gesture_encoder
from folders import DATA
from golden_case import pseudo_speech
from pantomatrix_converters import rotations
from pantomatrix_models.errors import CheckpointError
from pantomatrix_research.metrics.beat_consistency import BeatConsistency, motion_beats, onset_times, speeds
from pantomatrix_research.metrics.face_error import FaceError, FaceVelocityError
from pantomatrix_research.metrics.frechet_distance import FrechetGestureDistance, frechet_distance
from pantomatrix_research.metrics.gesture_encoder import GestureEncoder
from pantomatrix_research.metrics.gesture_recall import GestureRecall
from pantomatrix_research.metrics.l1_diversity import L1Diversity

pytestmark = pytest.mark.unit

GOLDENS = DATA / "goldens"
VALUES = json.loads((GOLDENS / "metrics.json").read_text())["values"]
ARRAYS = np.load(GOLDENS / "metrics.npz")
SEED = 200


def near(value: float, name: str) -> None:
    assert value == pytest.approx(VALUES[name], rel=1e-4), name


# ------------------------------------------------------------------------------------------------------------- FGD


@pytest.mark.parametrize("size", ["small", "wide"])
def test_frechet_distance(size: str) -> None:
    one, other = (ARRAYS[f"frechet_{size}_{letter}"] for letter in "ab")
    near(frechet_distance(one, other), f"frechet_{size}")
    assert frechet_distance(one, one) == pytest.approx(VALUES[f"frechet_{size}_self"], abs=1e-4)


def motion(seed: int, frames: int, amplitude: float) -> np.ndarray:
    """(frames, 330) by the goldens' rule."""
    turns = (np.random.default_rng(seed).standard_normal((1, frames, 55, 3)) * amplitude).astype(np.float32)
    matrices = rotations.matrix_from_quat(rotations.quat_from_axis_angle(turns[0]))
    return rotations.sixd_from_matrix(matrices).reshape(frames, 330).astype(np.float32)


@pytest.mark.parametrize("rule", ["a", "b"])
def test_fgd(rule: str, tmp_path: Path) -> None:
    encoder = GestureEncoder.load(
        write_gesture_encoder(tmp_path / "ae.bin", f"rule {rule.upper()}", wrapped=rule == "b")
    )
    probe = ARRAYS["fgd_probe_in"][0]
    np.testing.assert_allclose(motion(SEED + 1, 100, 0.3), probe, atol=2e-5)
    x = torch.from_numpy(probe[:96]).T[None]
    for index, layer in enumerate(encoder.layers):
        x = layer(x)
        np.testing.assert_allclose(x.detach().numpy(), ARRAYS[f"fgd_{rule}_layer{index}"], atol=1e-4)
    np.testing.assert_allclose(encoder.features(probe)[None], ARRAYS[f"fgd_{rule}_probe_feature"], atol=1e-4)

    fgd, other = FrechetGestureDistance(encoder), FrechetGestureDistance(encoder)
    assert np.isnan(fgd.compute())
    for index, metric in enumerate((fgd, other)):
        frames = 2400 + 7 * index
        metric.update(motion(SEED + 10 + index, frames, 0.3), motion(SEED + 20 + index, frames, 0.5))
    fgd.merge_state([other])
    near(fgd.compute(), f"fgd_{rule}")
    fgd.reset()
    assert np.isnan(fgd.compute())
    assert encoder.features(probe[:31]).shape == (0, 240)


def test_a_wrong_checkpoint_is_named(tmp_path: Path) -> None:
    path = tmp_path / "ae.bin"
    with pytest.raises(CheckpointError, match="No such file"):
        GestureEncoder.load(path)
    path.write_bytes(b"no weights")
    with pytest.raises(CheckpointError, match="no readable weights"):
        GestureEncoder.load(path)
    torch.save({"a": torch.zeros(1)}, path)
    with pytest.raises(CheckpointError, match="no weights of an encoder"):
        GestureEncoder.load(path)
    weights = torch.load(write_gesture_encoder(path, "rule A"), weights_only=True)
    del weights["encoder.layers.2.0.shortcut.bias"]
    torch.save(weights, path)
    with pytest.raises(CheckpointError, match=r"layers.2.0.shortcut.bias"):
        GestureEncoder.load(path)


# -------------------------------------------------------------------------------------------------------- the others


def test_l1_diversity() -> None:
    diversity = L1Diversity()
    assert np.isnan(diversity.compute())
    diversity.update(ARRAYS["l1_clip0"])
    near(diversity.compute(), "l1div_after_clip0")
    second = L1Diversity()
    second.update(ARRAYS["l1_clip1"].reshape(-1, 55, 3))
    diversity.merge_state([second])
    near(diversity.compute(), "l1div_after_clip1")
    diversity.reset()
    assert np.isnan(diversity.compute())


@pytest.mark.parametrize(("kind", "name"), [(FaceVelocityError, "lvd"), (FaceError, "mse")])
def test_faces(kind: type, name: str) -> None:
    metric = kind()
    for clip in (0, 1):
        metric.update(ARRAYS[f"face_pred{clip}"], ARRAYS[f"face_target{clip}"])
        near(metric.compute(), f"{name}_after_clip{clip}")
    with pytest.raises(ValueError, match="one shape"):
        metric.update(np.zeros((2, 3)), np.zeros((3, 3)))


def test_gesture_recall() -> None:
    result, target = (ARRAYS[f"srgr_{name}"].reshape(70, 47, 3) for name in ("result", "target"))
    recall = GestureRecall()
    assert recall.update(result, target) == pytest.approx(VALUES["srgr_plain"], abs=1e-12)
    assert recall.update(result, target, ARRAYS["srgr_semantic"]) == pytest.approx(VALUES["srgr_semantic"], rel=1e-6)
    near(recall.compute(), "srgr_avg_of_both")


@pytest.mark.slow
@pytest.mark.parametrize("case", ["trimmed", "whole", "no_mean"])
def test_beat_consistency(case: str, compiled_onsets: Path) -> None:
    positions = ARRAYS["bc_position"].reshape(300, 55, 3)
    heard = pseudo_speech(160_000, SEED + 61)
    skipped = 60 if case == "trimmed" else 0
    onsets = onset_times(heard[32_000:128_000] if skipped else heard)
    np.testing.assert_allclose(onsets, ARRAYS[f"bc_{case}_onset_times"], atol=1e-4)
    scale = speeds(positions, 30).max() if case == "no_mean" else ARRAYS["bc_mean_velocity"]
    beats = motion_beats(positions, 30, scale, skipped)
    assert [len(found) for found in beats] == list(ARRAYS[f"bc_{case}_beat_counts"])
    assert list(np.concatenate(beats)) == list(ARRAYS[f"bc_{case}_beats"])
    metric = BeatConsistency(None if case == "no_mean" else ARRAYS["bc_mean_velocity"])
    near(metric.update(positions, onsets, 30, skipped / 30), f"bc_{case}")
    near(metric.compute(), f"bc_{case}")


@pytest.mark.slow
def test_what_is_compiled_ahead_is_all_that_onset_detection_needs(compiled_onsets: Path) -> None:
    """A process that measures writes nothing that several of them could corrupt."""

    def written() -> dict[Path, int]:
        return {path: path.stat().st_mtime_ns for path in compiled_onsets.rglob("*") if path.is_file()}

    before = written()
    assert before
    code = "import numpy as np, pantomatrix_research.metrics.beat_consistency as beats\n"
    code += "assert len(beats.onset_times(np.sin(np.arange(160_000) ** 1.5)))"
    subprocess.run([sys.executable, "-c", code], check=True)
    assert written() == before


def test_beat_consistency_without_beats_or_onsets() -> None:
    metric = BeatConsistency(np.ones(55))
    assert metric.update(np.zeros((90, 55, 3)), [0.5], 30) == 0
    assert np.isnan(metric.update(np.zeros((90, 55, 3)), [], 30))
    assert np.isnan(metric.update(np.zeros((90, 55, 3)), [0.5], 30, skipped_seconds=2))
    assert metric.compute() == 0
    assert len(onset_times(np.zeros(16_000))) == 0


def test_the_first_clip_sets_the_scale() -> None:
    positions = ARRAYS["bc_position"].reshape(300, 55, 3)
    onsets = ARRAYS["bc_whole_onset_times"]
    metric = BeatConsistency()
    first = metric.update(positions, onsets, 30)
    assert metric.update(positions * 10, onsets, 30) > first
    metric.reset()
    assert metric.update(positions * 10, onsets, 30) == pytest.approx(first)
