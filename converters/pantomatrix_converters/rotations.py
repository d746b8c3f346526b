"""Rotations as quaternions, matrices, axis-angle, 6D and Euler angles.

Quaternions are x y z w, matrices act on column vectors, angles are radians. Every function takes any number of leading
dimensions, computes in float64 and returns float64.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

IDENTITY_XYZW: Array = np.array([0.0, 0.0, 0.0, 1.0])

_AXES = {"x": 0, "y": 1, "z": 2}
_SMALL_ANGLE = 1e-6


def normalize(quat_xyzw: ArrayLike) -> Array:
    """Unit quaternions of the same direction.

    quat_xyzw: (..., 4), not zero. Returns (..., 4).
    """
    quat = np.asarray(quat_xyzw, np.float64)
    return quat / np.linalg.norm(quat, axis=-1, keepdims=True)


def shortest(quat_xyzw: ArrayLike) -> Array:
    """The same rotations with w >= 0, so that their angle is at most pi.

    quat_xyzw: (..., 4). Returns (..., 4).
    """
    quat = np.asarray(quat_xyzw, np.float64)
    return np.where(quat[..., 3:] < 0, -quat, quat)


def multiply(left_xyzw: ArrayLike, right_xyzw: ArrayLike) -> Array:
    """Hamilton product: the rotation `right` followed by `left`.

    left_xyzw, right_xyzw: (..., 4), broadcast against each other. Returns (..., 4).
    """
    ax, ay, az, aw = _components(left_xyzw)
    bx, by, bz, bw = _components(right_xyzw)
    product = np.empty((*np.broadcast_shapes(aw.shape, bw.shape), 4))
    product[..., 0] = aw * bx + ax * bw + ay * bz - az * by
    product[..., 1] = aw * by - ax * bz + ay * bw + az * bx
    product[..., 2] = aw * bz + ax * by - ay * bx + az * bw
    product[..., 3] = aw * bw - ax * bx - ay * by - az * bz
    return product


def _components(vectors: ArrayLike) -> list[Array]:
    """The last axis taken apart."""
    array = np.asarray(vectors, np.float64)
    return [array[..., index] for index in range(array.shape[-1])]


def cross(first: ArrayLike, second: ArrayLike) -> Array:
    """Cross product, a third of the time of numpy's general one. first, second: (..., 3), broadcast. Returns (..., 3)."""
    ax, ay, az = _components(first)
    bx, by, bz = _components(second)
    product = np.empty((*np.broadcast_shapes(ax.shape, bx.shape), 3))
    product[..., 0] = ay * bz - az * by
    product[..., 1] = az * bx - ax * bz
    product[..., 2] = ax * by - ay * bx
    return product


def inverse(quat_xyzw: ArrayLike) -> Array:
    """Inverse rotations: the conjugates of unit quaternions.

    quat_xyzw: (..., 4). Returns (..., 4).
    """
    return np.asarray(quat_xyzw, np.float64) * np.array([-1.0, -1.0, -1.0, 1.0])


def rotate(quat_xyzw: ArrayLike, vectors: ArrayLike) -> Array:
    """Vectors turned by unit quaternions.

    quat_xyzw: (..., 4); vectors: (..., 3), broadcast against each other. Returns (..., 3).
    """
    quat, vector = np.asarray(quat_xyzw, np.float64), np.asarray(vectors, np.float64)
    axis, w = quat[..., :3], quat[..., 3:]
    twice = 2.0 * cross(axis, vector)
    return vector + w * twice + cross(axis, twice)


def shortest_arc(start: ArrayLike, end: ArrayLike) -> Array:
    """The smallest rotation that turns one direction into another; half a turn has some axis across.

    start, end: (..., 3) unit vectors, broadcast. Returns (..., 4).
    """
    a, b = np.broadcast_arrays(np.asarray(start, np.float64), np.asarray(end, np.float64))
    w = 1.0 + np.sum(a * b, axis=-1, keepdims=True)
    opposite = w < 1e-9
    across = np.eye(3)[np.argmin(np.abs(a), axis=-1)]
    return normalize(
        np.concatenate([np.where(opposite, cross(a, across), cross(a, b)), np.where(opposite, 0.0, w)], -1)
    )


def slerp(start_xyzw: ArrayLike, end_xyzw: ArrayLike, fraction: ArrayLike) -> Array:
    """Spherical linear interpolation on the shortest arc (Shoemake, 1985).

    start_xyzw, end_xyzw: (..., 4) unit; fraction: (...), 0 gives start, 1 gives end. Returns (..., 4) unit.
    """
    start, end = np.asarray(start_xyzw, np.float64), np.asarray(end_xyzw, np.float64)
    t = np.asarray(fraction, np.float64)[..., None]
    cosine = np.sum(start * end, axis=-1, keepdims=True)
    end = np.where(cosine < 0, -end, end)
    angle = np.arccos(np.clip(np.abs(cosine), 0.0, 1.0))
    sine = np.sin(angle)
    near = sine < _SMALL_ANGLE
    safe = np.where(near, 1.0, sine)
    from_start = np.where(near, 1.0 - t, np.sin((1.0 - t) * angle) / safe)
    from_end = np.where(near, t, np.sin(t * angle) / safe)
    return normalize(from_start * start + from_end * end)


def unbroken(quat_xyzw: ArrayLike) -> Array:
    """Quaternions over time, neighbours on the same side of the sphere, so that readers turn the short way between them.

    quat_xyzw: (T, ..., 4). Returns (T, ..., 4).
    """
    quats = np.array(quat_xyzw, np.float64)
    leaps = np.cumsum(np.sum(quats[1:] * quats[:-1], axis=-1) < 0, axis=0) % 2
    quats[1:] *= np.where(leaps, -1.0, 1.0)[..., None]
    return quats


def quat_from_axis_angle(axis_angle: ArrayLike) -> Array:
    """Axis-angle (the axis times the angle) to quaternions.

    axis_angle: (..., 3) radians. Returns (..., 4); w < 0 for angles between pi and 3 pi.
    """
    vector = np.asarray(axis_angle, np.float64)
    half = 0.5 * np.linalg.norm(vector, axis=-1, keepdims=True)
    return np.concatenate([0.5 * np.sinc(half / np.pi) * vector, np.cos(half)], axis=-1)


def axis_angle_from_quat(quat_xyzw: ArrayLike) -> Array:
    """Unit quaternions to axis-angle; the angle is 2 atan2(|v|, w), so it exceeds pi where w < 0 (see `shortest`).

    quat_xyzw: (..., 4). Returns (..., 3) radians.
    """
    quat = np.asarray(quat_xyzw, np.float64)
    vector, w = quat[..., :3], quat[..., 3:]
    sine = np.linalg.norm(vector, axis=-1, keepdims=True)
    angle = 2.0 * np.arctan2(sine, w)
    small = sine < 1e-12
    return vector * np.where(small, 2.0, angle / np.where(small, 1.0, sine))


def matrix_from_quat(quat_xyzw: ArrayLike) -> Array:
    """Quaternions of any length but zero to rotation matrices.

    quat_xyzw: (..., 4). Returns (..., 3, 3).
    """
    quat = np.asarray(quat_xyzw, np.float64)
    x, y, z, w = _components(quat)
    s = 2.0 / np.sum(quat * quat, axis=-1)
    rows = [
        [1 - s * (y * y + z * z), s * (x * y - z * w), s * (x * z + y * w)],
        [s * (x * y + z * w), 1 - s * (x * x + z * z), s * (y * z - x * w)],
        [s * (x * z - y * w), s * (y * z + x * w), 1 - s * (x * x + y * y)],
    ]
    return np.stack([np.stack(row, axis=-1) for row in rows], axis=-2)


def quat_from_matrix(matrix: ArrayLike) -> Array:
    """Rotation matrices to quaternions with w >= 0, well-conditioned at every angle (Shepperd, 1978).

    matrix: (..., 3, 3). Returns (..., 4). Matrices that are not rotations give what the PantoMatrix networks' original
    code gives for them: the square roots of the four sums of diagonal elements with the signs of the antisymmetric part.
    """
    m = np.asarray(matrix, np.float64)
    m00, m11, m22 = m[..., 0, 0], m[..., 1, 1], m[..., 2, 2]
    yz, zx, xy = m[..., 2, 1] - m[..., 1, 2], m[..., 0, 2] - m[..., 2, 0], m[..., 1, 0] - m[..., 0, 1]
    yx, xz, zy = m[..., 1, 0] + m[..., 0, 1], m[..., 0, 2] + m[..., 2, 0], m[..., 2, 1] + m[..., 1, 2]
    squares = np.stack([1 + m00 - m11 - m22, 1 - m00 + m11 - m22, 1 - m00 - m11 + m22, 1 + m00 + m11 + m22], axis=-1)
    candidates = np.stack(
        [
            np.stack([squares[..., 0], yx, xz, yz], axis=-1),
            np.stack([yx, squares[..., 1], zy, zx], axis=-1),
            np.stack([xz, zy, squares[..., 2], xy], axis=-1),
            np.stack([yz, zx, xy, squares[..., 3]], axis=-1),
        ],
        axis=-2,
    )
    largest = np.argmax(squares, axis=-1)[..., None, None]
    chosen = np.take_along_axis(candidates, largest, axis=-2)[..., 0, :]
    length = np.linalg.norm(chosen, axis=-1, keepdims=True)
    quat = shortest(chosen / np.where(length == 0, 1.0, length))
    defect = np.abs(m @ np.swapaxes(m, -1, -2) - np.eye(3)).max(axis=(-1, -2))
    no_rotation = (defect > 1e-3)[..., None]
    if not no_rotation.any():
        return quat
    signs = np.copysign(1.0, np.stack([yz, zx, xy, np.ones_like(xy)], axis=-1))
    return np.where(no_rotation, 0.5 * np.sqrt(np.maximum(squares, 0.0)) * signs, quat)


def sixd_from_matrix(matrix: ArrayLike) -> Array:
    """The first two rows of matrices (Zhou et al., CVPR 2019, with rows in place of columns as PyTorch3D has it).

    matrix: (..., 3, 3). Returns (..., 6).
    """
    m = np.asarray(matrix, np.float64)
    return m[..., :2, :].reshape(*m.shape[:-2], 6)


def matrix_from_sixd(sixd: ArrayLike) -> Array:
    """Gram-Schmidt on two rows; the third is their cross product. Lengths below 1e-12 count as 1e-12.

    sixd: (..., 6). Returns (..., 3, 3).
    """
    d = np.asarray(sixd, np.float64)
    first = _unit_row(d[..., :3])
    second = d[..., 3:] - np.sum(first * d[..., 3:], axis=-1, keepdims=True) * first
    second = _unit_row(second)
    return np.stack([first, second, cross(first, second)], axis=-2)


def _unit_row(row: Array) -> Array:
    return row / np.maximum(np.linalg.norm(row, axis=-1, keepdims=True), 1e-12)


def quat_from_euler(angles: ArrayLike, order: str) -> Array:
    """Euler angles to quaternions.

    angles: (..., 3) radians in the order of `order`; order: three of XYZ, neighbours different. Capitals are intrinsic
    as in BVH channels ("XYZ" is R = Rx Ry Rz), small letters extrinsic ("xyz" is R = Rz Ry Rx). Returns (..., 4).
    """
    axes, intrinsic = _parse_order(order)
    half = 0.5 * np.asarray(angles, np.float64)
    result = None
    for position, axis in enumerate(axes):
        single = np.zeros((*half.shape[:-1], 4))
        single[..., axis] = np.sin(half[..., position])
        single[..., 3] = np.cos(half[..., position])
        if result is None:
            result = single
        else:
            result = multiply(result, single) if intrinsic else multiply(single, result)
    assert result is not None
    return result


def euler_from_quat(quat_xyzw: ArrayLike, order: str) -> Array:
    """Quaternions to Euler angles (Bernardes and Viollet, PLoS ONE 2022).

    quat_xyzw: (..., 4); order: as in `quat_from_euler`. Returns (..., 3) radians: the outer angles in (-pi, pi], the
    middle one in [-pi/2, pi/2] or, where the outer axes are the same, in [0, pi]. In gimbal lock one outer angle
    (intrinsic: the last; extrinsic: the first) is 0.
    """
    axes, intrinsic = _parse_order(order)
    i, j, k = axes if not intrinsic else axes[::-1]
    quat = np.asarray(quat_xyzw, np.float64)
    proper = i == k
    if proper:
        k = 3 - i - j
    sign = float((i - j) * (j - k) * (k - i) // 2)
    x, y, z, w = quat[..., i], quat[..., j], quat[..., k] * sign, quat[..., 3]
    a, b, c, d = (w, x, y, z) if proper else (w - y, x + z, y + w, z - x)
    middle = 2.0 * np.arctan2(np.hypot(c, d), np.hypot(a, b))
    half_sum, half_difference = np.arctan2(b, a), np.arctan2(d, c)
    first, last = half_sum - half_difference, half_sum + half_difference
    low, high = np.abs(middle) < 1e-7, np.abs(middle - np.pi) < 1e-7
    locked = low | high
    last = np.where(low, 2 * half_sum, np.where(high, 2 * half_difference, last))
    first = np.where(locked, 0.0, first)
    if not proper:
        last = last * sign
        middle = middle - 0.5 * np.pi
    angles = np.stack([first, middle, last], axis=-1)
    angles[..., [0, 2]] = (angles[..., [0, 2]] + np.pi) % (2 * np.pi) - np.pi
    return angles[..., ::-1] if intrinsic else angles


def _parse_order(order: str) -> tuple[tuple[int, int, int], bool]:
    axes = tuple(_AXES.get(letter, -1) for letter in order.lower())
    one_case = order.isupper() or order.islower()
    if len(axes) != 3 or -1 in axes or not one_case or axes[0] == axes[1] or axes[1] == axes[2]:
        raise ValueError(f"Euler order {order!r}: three of XYZ (or xyz) with different neighbours, for example 'XYZ'")
    return axes, order.isupper()
