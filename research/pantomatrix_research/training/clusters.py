"""DisCo's clusters of content and rhythm (Liu et al., "DisCo: Disentangled Implicit Content and Rhythm Learning for Diverse
Co-Speech Gestures Synthesis", ACM MM 2022): windows of rare motion are drawn as often as those of common motion."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray
from scipy.cluster.vq import kmeans2, whiten

from pantomatrix_converters.network_layout import joint_groups

from ..datasets.frame_rows import sixd_of
from ..datasets.windows import TrainingWindows

_BANDS = 8


def balanced(windows: TrainingWindows, contents: int, rhythms: int, seed: int) -> NDArray[np.float64]:
    """(len(windows),) draws that make all pairs of a cluster of content and one of rhythm equally likely; mean 1."""
    joints = list(joint_groups()["local_upper"])
    content, rhythm = [], []
    for at in range(len(windows)):
        sixd = sixd_of(windows[at].poses).reshape(windows.frames, 55, 6)[:, joints].reshape(windows.frames, -1)
        content.append(np.concatenate([sixd.mean(axis=0), sixd.std(axis=0)]))
        rhythm.append(_rhythm(sixd))
    labels = [
        _clusters(np.array(features, np.float64), count, seed)
        for features, count in ((content, contents), (rhythm, rhythms))
    ]
    pairs = labels[0] * rhythms + labels[1]
    sizes = np.bincount(pairs)
    draws = 1.0 / sizes[pairs]
    return draws / draws.mean()


def _rhythm(sixd: NDArray[np.float32]) -> NDArray[np.float64]:
    """How fast the motion is, and the spectrum of that in equal parts."""
    speed = np.abs(np.diff(sixd, axis=0)).mean(axis=1)
    power = np.abs(np.fft.rfft(speed - speed.mean())) ** 2
    shares = np.array([part.sum() for part in np.array_split(power[1:], _BANDS)])
    return np.concatenate([[speed.mean(), speed.std()], shares / max(shares.sum(), 1e-12)])


def _clusters(features: NDArray[np.float64], count: int, seed: int) -> NDArray[np.int64]:
    """(N,) labels below count, by k-means; some may go unused."""
    spread = features[:, features.std(axis=0) > 1e-9]
    if count < 2 or len(features) <= count or not spread.shape[1]:
        return np.zeros(len(features), np.int64)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "One of the clusters is empty")
        _, labels = kmeans2(whiten(spread), count, minit="++", rng=np.random.default_rng(seed))
    return np.asarray(labels, np.int64)
