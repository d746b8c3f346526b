"""BC: whether movements turn where speech sets on (Li et al., AIST++, ICCV 2021, as EMAGE, CVPR 2024, measures it)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .metric import WeightedMean

Array = NDArray[np.float64]

UPPER_BODY = (3, 6, 9, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21)
"""SMPL-X's joints whose beats count: spine, neck, head, arms."""
_HOP_SAMPLES, _RATE = 512, 16_000
_SIGMA_SECONDS = 0.3
_APART_FRAMES = 7
_LEAST_SPEED = 0.1
_SHIFTS, _SHIFT_SECONDS = 10, 0.05


class BeatConsistency(WeightedMean):
    """Mean over the upper body's joints, and over speech onsets, of exp(-d^2 / 2 sigma^2), d the time to the joint's nearest
    beat, sigma 0.3 s; clips weighted by their frames. A joint without beats counts 0.

    More is not better: recorded speakers are below most models, and jitter raises it. Compare with the recordings' own.
    """

    def __init__(self, mean_speeds: ArrayLike | None = None) -> None:
        """mean_speeds: (55,) each joint's mean speed, which its speed is divided by; BEAT2's is published as
        mean_vel_smplxflame_30.npy. None: the highest speed in the first clip, kept for the others, as published."""
        super().__init__()
        self._given = None if mean_speeds is None else np.asarray(mean_speeds, np.float64)
        self._scale = self._given

    def reset(self) -> None:
        super().reset()
        self._scale = getattr(self, "_given", None)

    def update(self, positions: ArrayLike, onsets: ArrayLike, fps: float, skipped_seconds: float = 0) -> float:
        """positions: (T, J, 3) joint positions, metres. onsets: (N,) seconds from where the count begins. skipped_seconds: at
        both ends that do not count; 2 in the published protocol. Returns the clip's own; NaN, which does not count, if
        there are no onsets or no frames left."""
        where = np.asarray(positions, np.float64)
        times = np.asarray(onsets, np.float64)
        skipped = round(skipped_seconds * fps)
        counted = len(where) - 2 * skipped
        if len(times) == 0 or counted <= 0:
            return float("nan")
        if self._scale is None:
            self._scale = speeds(where, fps).max()
        beats = motion_beats(where, fps, self._scale, skipped, UPPER_BODY)
        return self._add(alignment(times, [found / fps for found in beats]), counted)


def onset_times(samples: ArrayLike) -> Array:
    """(N,) seconds at which speech sets on: librosa's onset detection, hop 512.

    samples: (S,) mono, 16 kHz.
    """
    import librosa

    heard = np.asarray(samples, np.float32)
    if not heard.any():
        return np.zeros(0)
    return np.asarray(librosa.onset.onset_detect(y=heard, sr=_RATE, hop_length=_HOP_SAMPLES, units="time"), np.float64)


def compile_onset_detection() -> None:
    """Fill the cache of what librosa compiles, 20 s the first time. Several processes that fill it at once corrupt it."""
    onset_times(np.random.default_rng(0).standard_normal(_RATE))


def speeds(positions: ArrayLike, fps: float) -> Array:
    """(T, J) m/s of (T, J, 3) positions, by central differences."""
    return np.linalg.norm(np.gradient(np.asarray(positions, np.float64), 1 / fps, axis=0), axis=2)


def motion_beats(
    positions: ArrayLike, fps: float, scale: ArrayLike, skipped: int = 0, joints: Sequence[int] | None = None
) -> list[NDArray[np.int64]]:
    """For each joint the frames, counted from `skipped`, where its speed is least among seven on either side.

    positions: (T, J, 3). scale: number or (J,) that speeds are divided by; joints where it is 0 have no beats. Minima of
    frame k + skipped count if the scaled
    speed of frame k is above 0.1: the published code looks it up that much too early, and so does this.
    """
    moving = speeds(positions, fps)
    scaled = np.divide(moving, scale, out=np.zeros_like(moving), where=np.asarray(scale) > 0)
    from scipy.signal import argrelextrema

    counted = scaled[skipped : len(scaled) - skipped]
    result = []
    for joint in range(scaled.shape[1]) if joints is None else joints:
        (minima,) = argrelextrema(counted[:, joint], np.less, order=_APART_FRAMES)
        result.append(minima[scaled[minima, joint] > _LEAST_SPEED])
    return result


def alignment_curve(onsets: Array, beats: Sequence[Array]) -> tuple[Array, Array]:
    """What `alignment` is when the motion is shifted: (N,) seconds, late is positive, and (N,) scores.

    A peak at 0 says that movements follow the speech; a flat curve, that the score is the density of beats alone, as it is
    for recorded speakers, whose stresses come 150 times a minute.
    """
    shifts = np.asarray(np.arange(-_SHIFTS, _SHIFTS + 1) * _SHIFT_SECONDS, np.float64)
    scores = np.array([alignment(onsets, [times + shift for times in beats]) for shift in shifts])
    return shifts, scores


def alignment(onsets: Array, beats: Sequence[Array]) -> float:
    """onsets: (N,) seconds. beats: for each joint (M,) seconds. 0 to 1."""
    scores = [
        np.exp(-np.square(np.abs(onsets[:, None] - times[None]).min(axis=1)) / (2 * _SIGMA_SECONDS**2)).mean()
        if len(times)
        else 0.0
        for times in beats
    ]
    return float(np.mean(scores))
