"""Frames with left and right exchanged, so that a dataset is twice as large and no model right-handed by chance."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters.network_layout import pelvis_in_model
from pantomatrix_converters.retargeting.humanoid import mirrored_joints
from pantomatrix_converters.skeleton import load_skeleton

from .frame_rows import COLUMNS


def mirrored_rows(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """(T, 272) as in a mirror. FLAME's expressions have no left and right and stay; of the jaw, the pose is mirrored."""
    result = rows.copy()
    poses = rows[:, COLUMNS["poses"]].reshape(len(rows), 55, 3)
    result[:, COLUMNS["poses"]] = (poses[:, _partners()] * np.array([1, -1, -1], np.float32)).reshape(len(rows), -1)
    result[:, COLUMNS["trans"].start] = -rows[:, COLUMNS["trans"].start] - 2 * pelvis_in_model()[0]
    result[:, COLUMNS["contacts"]] = rows[:, COLUMNS["contacts"]][:, [1, 0, 3, 2]]
    return result


@cache
def _partners() -> list[int]:
    return list(mirrored_joints(load_skeleton("smplx")))
