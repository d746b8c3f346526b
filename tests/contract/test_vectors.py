"""The vectors are what their script writes, and say what an independent implementation says."""

from __future__ import annotations

import importlib.util
import json
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from google.protobuf import proto
from scipy.spatial.transform import Rotation, Slerp

from folders import ROOT
from pantomatrix.v1 import motion_pb2
from pantomatrix_client import FrameBlock, Header

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


@pytest.mark.parametrize("name", ["stream_responses", "compact_responses"])
def test_frames_are_read_back(name: str) -> None:
    """By the Python client. The compact form is off by what frames.proto says at most."""
    rows = np.array(json.loads((VECTORS / "frames.json").read_text())["frames"])
    stream, responses = BytesIO((VECTORS / f"{name}.bin").read_bytes()), []
    while (response := proto.parse_length_prefixed(motion_pb2.StreamMotionResponse, stream)) is not None:
        responses.append(response)
    header = Header.from_message(responses[0].header)
    blocks = [FrameBlock.from_message(r.frames, header) for r in responses if r.WhichOneof("message") == "frames"]
    assert [block.idle for block in blocks] == [False, False, True]
    root, quats, curves = (
        np.concatenate([getattr(block, field) for block in blocks])
        for field in ("root_translation", "rotations_xyzw", "curves")
    )
    np.testing.assert_array_equal(root, rows[:, :3].astype(np.float32))
    there = Rotation.from_quat(rows[:, 3:15].reshape(-1, 4))
    off = np.degrees((Rotation.from_quat(quats.reshape(-1, 4)) * there.inv()).magnitude())
    compact = name == "compact_responses"
    assert off.max() < (0.02 if compact else 1e-4)
    assert np.abs(curves - rows[:, 15:]).max() < (0.002 if compact else 1e-7)


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
