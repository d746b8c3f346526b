"""How the published networks (CaMN, DisCo, EMAGE) lay out motion in vectors: joint groups, velocities, upsampling."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .skeleton import load_skeleton

Array = NDArray[np.float64]


@cache
def joint_groups() -> dict[str, tuple[int, ...]]:
    """Name of a group -> its joints in SMPL-X's order. "local" means relative to the root."""
    smplx = load_skeleton("smplx")
    upper, hands, lower = (tuple(smplx.indices(smplx.parts[part])) for part in ("upper_body", "hands", "lower_body"))
    return {
        "upper": upper,
        "hands": hands,
        "lower": lower,
        "local_upper": tuple(sorted(upper + hands)),
        "local_full": tuple(range(1, len(smplx))),
    }


@cache
def pelvis_in_model() -> Array:
    """(3,) metres: the pelvis of the mean shape in SMPL-X's own origin, J0. A published translation moves that origin."""
    text = (resources.files("pantomatrix_converters") / "skeletons" / "smplx.json").read_text(encoding="utf-8")
    return np.array(json.loads(text)["model_origin_to_pelvis"])


def select_joints(motion: ArrayLike, joints: tuple[int, ...], joint_count: int = 55) -> Array:
    """motion: (..., joint_count * c). Returns (..., len(joints) * c)."""
    values = np.asarray(motion, np.float64)
    by_joint = values.reshape(*values.shape[:-1], joint_count, -1)
    return by_joint[..., list(joints), :].reshape(*values.shape[:-1], -1)


def spread_joints(selected: ArrayLike, joints: tuple[int, ...], joint_count: int = 55) -> Array:
    """Inverse of `select_joints`; the other joints are zero. selected: (..., len(joints) * c). Returns (..., 55 * c)."""
    values = np.asarray(selected, np.float64)
    channels = values.shape[-1] // len(joints)
    full = np.zeros((*values.shape[:-1], joint_count, channels))
    full[..., list(joints), :] = values.reshape(*values.shape[:-1], len(joints), channels)
    return full.reshape(*values.shape[:-1], joint_count * channels)


def integrate_velocity(velocity: ArrayLike, start: ArrayLike, seconds_per_frame: float) -> Array:
    """Positions p[0] = start, p[t] = p[t-1] + v[t-1] * seconds_per_frame; the last velocity is not used.

    velocity: (..., T, c) per second; start: (..., c). Returns (..., T, c).
    """
    steps = np.asarray(velocity, np.float64)[..., :-1, :] * seconds_per_frame
    first = np.asarray(start, np.float64)[..., None, :]
    return np.concatenate([first, first + np.cumsum(steps, axis=-2)], axis=-2)


def upsample(series: ArrayLike, factor: int) -> Array:
    """Linear interpolation at positions linspace(0, T - 1, factor * T): first and last frame stay, so the step is not
    exactly 1 / factor. For comparing with the publications only; `resample` keeps time.

    series: (..., T, c). Returns (..., factor * T, c).
    """
    values = np.asarray(series, np.float64)
    frames = values.shape[-2]
    position = np.linspace(0, frames - 1, factor * frames)
    before = np.minimum(position.astype(np.int64), max(frames - 2, 0))
    after = np.minimum(before + 1, frames - 1)
    fraction = (position - before)[:, None]
    return values[..., before, :] * (1 - fraction) + values[..., after, :] * fraction
