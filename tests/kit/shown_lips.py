"""What is seen of a face's lips."""

from __future__ import annotations

import numpy as np

from pantomatrix_converters.motion import Motion


def curve(motion: Motion, name: str) -> np.ndarray:
    """(T,) an ARKit weight."""
    assert motion.face is not None
    return motion.face.weights[:, motion.face.names.index(name)]


def opening(motion: Motion) -> np.ndarray:
    """(T,) of the lips, as the judge has it: they close over the jaw."""
    lower, upper = curve(motion, "mouthLowerDownLeft"), curve(motion, "mouthUpperUpLeft")
    return np.maximum(curve(motion, "jawOpen") - curve(motion, "mouthClose"), 0.0) + 0.3 * lower + 0.2 * upper
