"""Clips as differences, and differences on other clips."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

import pantomatrix as pm
from command_line import run
from motions import angle_between, assert_same_body, random_motion
from pantomatrix_converters.editing.additive import added, differences
from pantomatrix_converters.editing.options import Reference
from pantomatrix_converters.errors import MotionError
from pantomatrix_converters.motion import face_motion
from pantomatrix_converters.retargeting.retarget import Retargeting
from pantomatrix_converters.skeleton import load_skeleton

pytestmark = pytest.mark.unit


@pytest.mark.parametrize("reference", list(Reference))
@pytest.mark.parametrize("skeleton", ["smplx", "ue5_manny"])
def test_a_clip_on_the_pose_it_differs_from_is_the_clip(reference: Reference, skeleton: str) -> None:
    motion = random_motion(20, seed=1)
    motion = Retargeting(motion.skeleton, load_skeleton(skeleton)).apply(motion)
    rest = motion.skeleton
    still = motion.frames(0, 1)
    if reference is Reference.REST:
        assert still.face is not None
        still = replace(
            still,
            rotations_xyzw=rest.rest_rotations_xyzw[None].astype(np.float32),
            root_translation=rest.rest_translations[:1].astype(np.float32),
            face=replace(still.face, weights=np.zeros_like(still.face.weights)),
        )
    held = replace(
        motion,
        rotations_xyzw=np.repeat(still.rotations_xyzw, 20, axis=0),
        root_translation=np.repeat(still.root_translation, 20, axis=0),
        face=still.face and replace(still.face, weights=np.repeat(still.face.weights, 20, axis=0)),
    )
    back, notes = added(held, differences(motion, reference))
    assert notes == ()
    assert_same_body(back, motion, radians=1e-5, metres=1e-6)
    assert back.face is not None
    assert motion.face is not None
    np.testing.assert_allclose(back.face.weights, motion.face.weights, atol=1e-6)


def test_scipy_differs_by_the_same() -> None:
    motion = random_motion(6, seed=2)
    quats = differences(motion, Reference.FIRST).rotations_xyzw
    wanted = Rotation.from_quat(motion.rotations_xyzw[0, 16]).inv() * Rotation.from_quat(motion.rotations_xyzw[:, 16])
    assert angle_between(quats[:, 16], wanted.as_quat()).max() < 1e-6
    assert angle_between(quats[0], np.array([0.0, 0, 0, 1])).max() < 1e-6


def test_a_nod_on_another_motion() -> None:
    """In the head's own axes, at another frame rate, and held when it ends."""
    base = random_motion(60, seed=3, fps=60)
    nod = random_motion(10, angle=0.0, fps=30)
    quats = nod.rotations_xyzw.copy()
    head = nod.skeleton.index("head")
    turns = Rotation.from_euler("X", np.linspace(0, 20, 10)[:, None], degrees=True)
    quats[:, head] = turns.as_quat()
    nod = replace(nod, rotations_xyzw=quats, face=None, root_translation=np.zeros((10, 3)))
    whole, _ = added(base, differences(nod, Reference.FIRST))
    assert len(whole) == 60
    away = angle_between(base.rotations_xyzw, whole.rotations_xyzw)
    np.testing.assert_allclose(away[[0, 10, 59], head], np.radians([0, 20 / 9 * 5, 20]), atol=1e-4)
    assert np.delete(away, head, axis=1).max() < 1e-5
    assert whole.face is base.face


def test_what_does_not_fit_is_refused_or_said() -> None:
    base, other = random_motion(5), random_motion(5)
    mixamo = Retargeting(other.skeleton, load_skeleton("mixamo")).apply(other)
    with pytest.raises(MotionError, match="the skeletons differ: 'smplx' and 'mixamo'; retarget both"):
        added(base, mixamo)
    assert base.face is not None
    whole, notes = added(face_motion(base.face, 30), random_motion(9))
    assert notes == (
        "what is added is 0.30 s long: the end of it is left out",
        "the motion has no body: joints that are added are left out",
    )
    assert whole.face is not None
    assert 0 <= whole.face.weights.min() <= whole.face.weights.max() <= 1
    assert "no face" in added(replace(base, face=None), other)[1][0]


def test_the_command_writes_and_adds(tmp_path: Path) -> None:
    speech = Path(__file__).parents[2] / "examples" / "speech.wav"
    take = pm.generate(speech, end_seconds=2)
    pm.save(take, tmp_path / "take.npz")
    made = run("convert", "take.npz", "-o", "differences.json", "--additive", "first", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    first = pm.load(tmp_path / "differences.json")
    assert math.isclose(np.abs(first.root_translation[0]).max(), 0.0, abs_tol=1e-6)
    pm.save(replace(take, rotations_xyzw=np.repeat(take.rotations_xyzw[:1], len(take), axis=0)), tmp_path / "still.npz")
    result = run("convert", "still.npz", "-o", "again.npz", "--add", "differences.json", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    again = pm.load(tmp_path / "again.npz")
    assert angle_between(again.rotations_xyzw, take.rotations_xyzw).max() < 1e-4
    refused = run("convert", "take.npz", "-o", "x.npz", "--additive", "second", cwd=tmp_path)
    assert refused.returncode == 2
    assert "first" in refused.stderr
