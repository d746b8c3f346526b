"""Brows, cheeks, nose and the mouth's corners move further than the figure's own shapes have them, so that a face can be
read from where a whole figure is seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Pull:
    """More of a shape around a place, under a Gaussian; metres, on the figure's left. at: x, y and z. wide: its standard
    deviation. by: how far."""

    at: tuple[float, float, float]
    wide: float
    by: tuple[float, float, float]


_FACTORS = {"browInnerUp": 1.5, "browDown": 1.1, "browOuterUp": 1.3, "noseSneer": 1.5, "mouthFrown": 1.35}
_PULLS = {
    "browInnerUp": (
        Pull((0.010, 1.575, 0.144), 0.011, (-0.0015, 0.0040, 0.0)),
        Pull((0.050, 1.574, 0.125), 0.012, (0.0, -0.0025, 0.0)),
    ),
    "browDown": (Pull((0.009, 1.573, 0.144), 0.010, (-0.0020, -0.0045, 0.0020)),),
    "cheekSquint": (Pull((0.038, 1.536, 0.131), 0.012, (0.0015, 0.0020, 0.0045)),),
    "noseSneer": (
        Pull((0.014, 1.527, 0.146), 0.008, (0.0010, 0.0035, 0.0)),
        Pull((0.006, 1.553, 0.147), 0.009, (0.0, 0.0010, 0.0020)),
    ),
    "mouthSmile": (Pull((0.040, 1.520, 0.128), 0.012, (0.0020, 0.0015, 0.0040)),),
}
"""By the curve's name without its side. AU 1, 4, 6, 9 and 12 of the Facial Action Coding System."""


def strengthened(shapes: Mapping[str, Array], vertices: Array) -> dict[str, Array]:
    """shapes: curve -> (V, 3) displacements; vertices: (V, 3); metres."""
    return {name: _stronger(name, shape, vertices) for name, shape in shapes.items()}


def _stronger(name: str, shape: Array, vertices: Array) -> Array:
    plain = name.removesuffix("Left").removesuffix("Right")
    stronger = _FACTORS.get(plain, 1.0) * shape
    sides = [side for side, word in ((1.0, "Left"), (-1.0, "Right")) if plain == name or name.endswith(word)]
    for pull in _PULLS.get(plain, ()):
        for side in sides:
            mirrored = np.array([side, 1.0, 1.0])
            away = np.linalg.norm(vertices - np.array(pull.at) * mirrored, axis=1)
            stronger = stronger + np.exp(-0.5 * (away / pull.wide) ** 2)[:, None] * np.array(pull.by) * mirrored
    return stronger
