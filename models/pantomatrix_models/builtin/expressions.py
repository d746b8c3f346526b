"""How a face looks by itself, before it speaks or feels: rest expressions in ARKit's curves.

The neutral one is what faces of recorded speakers never go below: a squint of 0.14, brows at 0.12, a trace of a smile.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters.face.rigs import ARKIT52

from ..options import Expression
from .face import Mouth

Array = NDArray[np.float64]

REST_FACES: dict[Expression, dict[str, float]] = {
    Expression.NEUTRAL: {
        "browInnerUp": 0.06, "eyeSquint": 0.08, "mouthSmile": 0.035, "mouthDimple": 0.03, "mouthFrown": 0.015,
        "mouthShrugLower": 0.03, "noseSneer": 0.02,
    },
    Expression.FRIENDLY: {
        "browInnerUp": 0.08, "browOuterUp": 0.07, "eyeSquint": 0.16, "cheekSquint": 0.18, "mouthSmile": 0.27,
        "mouthDimple": 0.10, "noseSneer": 0.02,
    },
    Expression.SERIOUS: {
        "browDown": 0.24, "eyeSquint": 0.12, "mouthPress": 0.18, "mouthFrown": 0.07, "mouthRollLower": 0.06,
        "mouthShrugLower": 0.08, "noseSneer": 0.03,
    },
}  # fmt: skip
"""Expression -> what it adds to ARKit's curves; a name without a side is both sides'."""

_ORDER = tuple(Expression)
_UNEVEN = {"mouthSmile": 0.22, "mouthDimple": 0.3, "cheekSquint": 0.2, "mouthPress": 0.2, "browOuterUp": 0.25}
"""How much further one side goes than the other, as a share of their mean."""
_APART_ENDS = 3.0
"""Lips are pressed while they are less apart than one part of this."""


def _rows(side: float) -> Array:
    """(E, 52) with `side` times as uneven a face, positive where the left goes further."""
    rows = np.zeros((len(_ORDER), len(ARKIT52.curve_names)))
    for row, expression in zip(rows, _ORDER, strict=True):
        for name, weight in REST_FACES[expression].items():
            one = name in ARKIT52.curve_names
            uneven = 0.0 if one else 0.5 * side * _UNEVEN.get(name, 0.0)
            for curve, factor in ((name, 1.0),) if one else ((f"{name}Left", 1 + uneven), (f"{name}Right", 1 - uneven)):
                row[ARKIT52.curve_names.index(curve)] = weight * factor
    return rows


_EVEN = _rows(0.0)
_UNEVENLY = _rows(1.0) - _EVEN


def _columns(*starts: str) -> list[int]:
    return [at for at, name in enumerate(ARKIT52.curve_names) if name.startswith(starts)]


_CORNERS = _columns("mouthSmile", "mouthDimple", "mouthFrown")
_PRESSED = _columns("mouthPress", "mouthRoll", "mouthShrug")


def share_of(expression: Expression) -> Array:
    """(E,) how much of each rest face this one is."""
    return np.array([float(one is expression) for one in _ORDER])


def with_rest_face(weights: NDArray[np.float32], shares: Array, side: Array, mouth: Mouth) -> NDArray[np.float32]:
    """weights: (T, 52) of speech, eyes and brows. shares: (T, E) see `share_of`. side: (T,) which side of the face does
    more, -1 to 1. Where lips are rounded or shut they need their corners, and they are pressed only while they are shut
    anyway. Returns (T, 52), 0 to 1."""
    added = np.zeros(weights.shape)
    # Summed in a fixed order, so that cuts do not change a bit.
    for share, even, uneven in zip(shares.T, _EVEN, _UNEVENLY, strict=True):
        added += share[:, None] * (even + side[:, None] * uneven)
    added[:, _CORNERS] *= ((1.0 - 0.7 * mouth.rounding) * (1.0 - 0.4 * mouth.pressed))[:, None]
    added[:, _PRESSED] *= np.clip(1.0 - _APART_ENDS * mouth.openness, 0.0, 1.0)[:, None]
    return np.clip(weights + added, 0.0, 1.0).astype(np.float32)
