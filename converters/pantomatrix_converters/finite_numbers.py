"""Numbers that can be computed with: finite, and not so large that single precision or a square of them overflows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LARGEST = 1e12


def are_finite(values: NDArray[np.float64]) -> bool:
    """Whether none is NaN, infinite or beyond LARGEST."""
    return bool((np.abs(values) <= LARGEST).all())
