"""Laws of rotations, against scipy as a second implementation."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.spatial.transform import Rotation, Slerp

from pantomatrix_converters import rotations as r

pytestmark = pytest.mark.unit

ORDERS = [
    "".join(axes)
    for letters in ("XYZ", "xyz")
    for axes in itertools.product(letters, repeat=3)
    if axes[0] != axes[1] and axes[1] != axes[2]
]
angles = st.floats(-10, 10) | st.sampled_from([0.0, 1e-9, np.pi, -np.pi, np.pi - 1e-7, np.pi / 2, 2 * np.pi])
axis_angles = arrays(np.float64, (4, 3), elements=angles)


def quats(count: int = 200, seed: int = 0) -> np.ndarray:
    return r.normalize(np.random.default_rng(seed).normal(size=(count, 4)))


def same(actual: np.ndarray, expected: np.ndarray, atol: float = 1e-9) -> None:
    np.testing.assert_allclose(r.matrix_from_quat(actual), r.matrix_from_quat(expected), atol=atol)


@given(axis_angles)
def test_axis_angle_agrees_with_scipy_and_returns(vectors: np.ndarray) -> None:
    quat = r.quat_from_axis_angle(vectors)
    np.testing.assert_allclose(r.matrix_from_quat(quat), Rotation.from_rotvec(vectors).as_matrix(), atol=1e-9)
    same(r.quat_from_axis_angle(r.axis_angle_from_quat(quat)), quat)
    same(r.quat_from_axis_angle(r.axis_angle_from_quat(r.shortest(quat))), quat)


@given(axis_angles)
def test_matrix_and_sixd_return_at_every_angle(vectors: np.ndarray) -> None:
    quat = r.quat_from_axis_angle(vectors)
    matrix = r.matrix_from_quat(quat)
    same(r.quat_from_matrix(matrix), quat, atol=1e-8)
    np.testing.assert_allclose(r.matrix_from_sixd(r.sixd_from_matrix(matrix)), matrix, atol=1e-9)


def test_half_turns_keep_the_signs_of_their_axis() -> None:
    axes = np.array(list(itertools.product([-1, 0, 1], repeat=3)), float)
    axes = axes[np.any(axes != 0, axis=1)]
    quat = np.concatenate([axes / np.linalg.norm(axes, axis=1, keepdims=True), np.zeros((len(axes), 1))], axis=1)
    same(r.quat_from_matrix(r.matrix_from_quat(quat)), quat, atol=1e-12)


@pytest.mark.parametrize("order", ORDERS)
def test_euler_agrees_with_scipy_in_every_order(order: str) -> None:
    random = np.random.default_rng(1)
    given_angles = random.uniform(-np.pi, np.pi, size=(500, 3))
    quat = r.quat_from_euler(given_angles, order)
    same(quat, Rotation.from_euler(order, given_angles).as_quat())
    np.testing.assert_allclose(r.euler_from_quat(quat, order), Rotation.from_quat(quat).as_euler(order), atol=1e-6)
    same(r.quat_from_euler(r.euler_from_quat(quat, order), order), quat)


@pytest.mark.parametrize("order", ORDERS)
def test_euler_in_gimbal_lock_is_the_same_rotation(order: str) -> None:
    locked = (0.0, np.pi) if order[0] == order[2] else (np.pi / 2, -np.pi / 2)
    for middle in locked:
        quat = r.quat_from_euler([[0.3, middle, -1.1], [2.9, middle, 0.4]], order)
        same(r.quat_from_euler(r.euler_from_quat(quat, order), order), quat, atol=1e-7)


def test_euler_of_one_pose_by_hand() -> None:
    """90 degrees about x, then the joint's own z: x goes to z."""
    quat = r.quat_from_euler(np.radians([90.0, 0.0, 90.0]), "XYZ")
    np.testing.assert_allclose(r.rotate(quat, [1.0, 0.0, 0.0]), [0.0, 0.0, 1.0], atol=1e-12)


@pytest.mark.parametrize("order", ["XXY", "XY", "XyZ", "ABC", ""])
def test_wrong_euler_orders_are_refused(order: str) -> None:
    with pytest.raises(ValueError, match="Euler order"):
        r.quat_from_euler(np.zeros(3), order)


def test_products_and_turned_vectors_agree_with_scipy() -> None:
    a, b = quats(seed=2), quats(seed=3)
    same(r.multiply(a, b), (Rotation.from_quat(a) * Rotation.from_quat(b)).as_quat())
    same(r.multiply(a, r.inverse(a)), np.broadcast_to(r.IDENTITY_XYZW, a.shape))
    vectors = np.random.default_rng(4).normal(size=(200, 3))
    np.testing.assert_allclose(r.rotate(a, vectors), Rotation.from_quat(a).apply(vectors), atol=1e-12)


def test_slerp_agrees_with_scipy_and_holds_the_ends() -> None:
    a, b = quats(50, seed=5), quats(50, seed=6)
    for start, end in zip(a, b, strict=True):
        expected = Slerp([0, 1], Rotation.from_quat([start, end]))([0.0, 0.3, 1.0]).as_quat()
        same(r.slerp(np.stack([start] * 3), np.stack([end] * 3), np.array([0.0, 0.3, 1.0])), expected, atol=1e-7)
    same(r.slerp(a, a, np.full(50, 0.5)), a)


def test_any_leading_shape_and_float32() -> None:
    quat = quats(6).reshape(1, 2, 3, 4).astype(np.float32)
    assert r.matrix_from_quat(quat).shape == (1, 2, 3, 3, 3)
    assert r.euler_from_quat(quat, "ZXY").shape == (1, 2, 3, 3)
    assert r.axis_angle_from_quat(quat[0, 0, 0]).shape == (3,)
