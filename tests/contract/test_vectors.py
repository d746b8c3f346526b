"""The vectors are what their script writes, and say what an independent implementation says."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation, Slerp

from folders import ROOT

pytestmark = pytest.mark.unit

VECTORS = ROOT / "tests" / "vectors"


def test_vectors_are_up_to_date(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("make_vectors", VECTORS / "make.py")
    assert spec is not None
    assert spec.loader is not None
    make = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make)
    make.write(tmp_path)
    written = {path.name for path in tmp_path.iterdir()}
    assert written == {path.name for path in VECTORS.iterdir() if path.suffix in (".bin", ".json")}
    for path in tmp_path.iterdir():
        assert path.read_bytes() == (VECTORS / path.name).read_bytes(), path.name


def test_samples_are_scipys() -> None:
    rows = np.array(json.loads((VECTORS / "frames.json").read_text())["frames"])
    told = json.loads((VECTORS / "samples.json").read_text())
    times, poses = np.clip(told["times"], 0, 11 / 30), np.array(told["poses"])
    own = np.arange(12) / 30
    for column in (0, 1, 2, 15, 16):
        np.testing.assert_allclose(poses[:, column], np.interp(times, own, rows[:, column]), atol=1e-7)
    for start in (3, 7, 11):
        turned = Slerp(own, Rotation.from_quat(rows[:, start : start + 4]))(times)
        apart = (turned * Rotation.from_quat(poses[:, start : start + 4]).inv()).magnitude()
        assert apart.max() < 2e-6
