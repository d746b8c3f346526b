"""The root's way from what EMAGE says of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters.network_layout import integrate_velocity, pelvis_in_model
from pantomatrix_converters.skeleton import load_skeleton

Array = NDArray[np.float64]

_HOME_SECONDS = 10.0
"""How fast the root comes back to where it began: what it walks in so long is let go by two thirds."""
_HEIGHT_SECONDS = 10.0
_BOB_METRES = 0.06


class PublishedRoot:
    """As the publication's code has it: velocities along x and z summed from 0, the height as it comes."""

    def __init__(self, fps: float) -> None:
        self._seconds = 1.0 / fps
        self._place = np.zeros(2)

    def push(self, root: Array) -> Array:
        """root: (P, 3) velocity along x in m/s, height in m, velocity along z. Returns (P, 3) places of the pelvis, m."""
        velocity = root[:, [0, 2]]
        steps = integrate_velocity(np.concatenate([velocity, velocity[-1:]]), self._place, self._seconds)
        self._place = steps[-1]
        return np.stack([steps[:-1, 0], root[:, 1], steps[:-1, 1]], axis=1) + pelvis_in_model()


class SteadyRoot:
    """The same movements without what goes wrong over time: horizontally the sum leaks back to the start, so that errors of
    the velocity do not add up to a walk; the height stays within _BOB_METRES of the rest pose's, around a slow mean."""

    def __init__(self, fps: float) -> None:
        self._fps = fps
        self._home = load_skeleton("smplx").rest_translations[0]
        self._leak = np.exp(-1.0 / (fps * _HOME_SECONDS))
        self._away = np.zeros(2)
        self._mean_height = 0.0
        self._frames = 0

    def push(self, root: Array) -> Array:
        """See PublishedRoot."""
        places = np.empty((len(root), 3))
        for index, (x_velocity, height, z_velocity) in enumerate(root):
            self._frames += 1
            self._mean_height += (height - self._mean_height) / min(self._frames, self._fps * _HEIGHT_SECONDS)
            bob = _BOB_METRES * np.tanh((height - self._mean_height) / _BOB_METRES)
            places[index] = self._away[0], bob, self._away[1]
            self._away = self._leak * self._away + np.array([x_velocity, z_velocity]) / self._fps
        return places + self._home
