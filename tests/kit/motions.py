"""Motions to test with."""

from __future__ import annotations

import numpy as np

from pantomatrix_converters import rotations
from pantomatrix_converters.face.rigs import ARKIT52
from pantomatrix_converters.motion import FaceCurves, Motion
from pantomatrix_converters.skeleton import load_skeleton


def random_motion(
    frames: int = 20, *, seed: int = 0, fps: float = 30.0, angle: float = 0.6, face: bool = True
) -> Motion:
    """Smooth nothing: every frame's joints are turned at random about `angle` radians."""
    random = np.random.default_rng(seed)
    skeleton = load_skeleton("smplx")
    quats = rotations.quat_from_axis_angle(random.normal(scale=angle, size=(frames, len(skeleton), 3)))
    weights = random.random((frames, len(ARKIT52.curve_names))).astype(np.float32)
    return Motion(
        skeleton,
        fps,
        quats.astype(np.float32),
        random.normal(size=(frames, 3)).astype(np.float32),
        FaceCurves(ARKIT52.name, ARKIT52.curve_names, weights) if face else None,
    )


def assert_same_body(actual: Motion, expected: Motion, *, radians: float, metres: float) -> None:
    """Rotations compared as matrices, joints by name."""
    assert len(actual) == len(expected)
    order = actual.skeleton.indices(expected.skeleton.joint_names)
    matrices = rotations.matrix_from_quat(actual.rotations_xyzw[:, order])
    np.testing.assert_allclose(matrices, rotations.matrix_from_quat(expected.rotations_xyzw), atol=radians)
    np.testing.assert_allclose(actual.root_translation, expected.root_translation, atol=metres)


def angle_between(one_xyzw: np.ndarray, other_xyzw: np.ndarray) -> np.ndarray:
    """(..., 4) rotations to (...) radians."""
    away = rotations.multiply(rotations.inverse(one_xyzw), other_xyzw)
    return np.linalg.norm(rotations.axis_angle_from_quat(rotations.shortest(away)), axis=-1)
