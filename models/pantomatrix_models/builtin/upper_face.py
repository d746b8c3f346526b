"""ARKit's weights of eyes and brows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_LOOK_ASIDE, _LOOK_DOWN, _LOOK_UP = 0.60, 0.61, 0.45
"""Radians that an eye is turned where its weight is 1, as ARKit has it (measured; see the converters' `head_and_eyes`)."""
_LID_FALLS, _LID_RISES = 0.65, 0.5
"""How far the upper lid goes along with the eye, down and up; 0.6 to 0.75 down in recorded faces."""
_DOWN_IN_BLINKS = 0.22
"""How far the eyes go down behind shut lids, in recorded faces."""


def upper_face(lids: Array, gaze: Array, brow: Array, smile: Array, wander: dict[str, Array]) -> dict[str, Array]:
    """Curves of both sides, by name without the side; those of one side alone with it. (T,) each.

    lids: (T, 2) left and right, shut. gaze: (T, 2) radians to the left and down. brow: (T,) raised. smile: (T,) in the
    mouth. wander: (T,) each, see `face.wandering`.
    """
    shut = lids.max(axis=1)
    left, down = gaze[:, 0] / _LOOK_ASIDE, gaze[:, 1] / np.where(gaze[:, 1] > 0, _LOOK_DOWN, _LOOK_UP)
    lower, higher = np.clip(down, 0, 1), np.clip(-down, 0, 1)
    leftwards, rightwards, raised = np.clip(left, 0, 1), np.clip(-left, 0, 1), np.clip(brow, 0, 1)
    falls = _LID_FALLS * lower[:, None]
    blink = lids + (1.0 - lids) * falls
    return {
        "eyeLookOutLeft": leftwards, "eyeLookInRight": leftwards,
        "eyeLookInLeft": rightwards, "eyeLookOutRight": rightwards,
        "eyeLookDownLeft": np.maximum(0.0, lower + _DOWN_IN_BLINKS * lids[:, 0] - higher),
        "eyeLookDownRight": np.maximum(0.0, lower + _DOWN_IN_BLINKS * lids[:, 1] - higher),
        "eyeLookUpLeft": higher * (1.0 - lids[:, 0]), "eyeLookUpRight": higher * (1.0 - lids[:, 1]),
        "eyeBlinkLeft": blink[:, 0], "eyeBlinkRight": blink[:, 1],
        "eyeWide": (0.02 + _LID_RISES * higher + 0.35 * raised) * (1.0 - shut),
        "eyeSquint": np.maximum(0.0, 0.06 + 0.05 * wander["squint"] + 0.3 * smile) * (1.0 - 0.5 * shut),
        "browInnerUp": np.clip(0.05 + 0.02 * wander["brow"] + brow, 0, 1),
        "browOuterUp": 0.6 * raised,
        "browDown": np.maximum(0.0, 0.04 * wander["squint"] - 0.1 * brow),
    }  # fmt: skip
