"""Where the floor lies that a body walks on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ..kinematics import forward_kinematics
from ..motion import Motion
from .body_frame import RestBody

Array = NDArray[np.float64]

_FRAMES_LOOKED_AT = 4096
_USUALLY_PERCENT = 10
_STAGE_OF_LEG, _STEADY_OF_LEG, _MOST_OF_THE_TIME = 0.125, 0.025, 0.5


def foot_heights(motion: Motion, body: RestBody) -> Array:
    """(T,) metres of the lower foot over where it is when the body stands at height 0, at frames over the whole motion, 4096
    at most. body: the motion's skeleton."""
    frames = np.unique(np.linspace(0, len(motion) - 1, _FRAMES_LOOKED_AT).round().astype(int))
    positions, _ = forward_kinematics(motion.skeleton, motion.rotations_xyzw[frames], motion.root_translation[frames])
    return positions[:, body.feet, 1].min(axis=1) - body.foot_height


def floor_height(heights: Array) -> float:
    """Metres where the lower foot usually is: jumps do not count. heights: of `foot_heights`."""
    return float(np.percentile(heights, _USUALLY_PERCENT))


def counts_from_pelvis(heights: Array, body: RestBody) -> bool:
    """Whether feet so far under 0 mean that heights count from where the pelvis stood."""
    return floor_height(heights) < -body.leg_length / 4


def is_stage(heights: Array, body: RestBody) -> bool:
    """Whether the body stands on something most of the time."""
    height = floor_height(heights)
    steady = np.abs(heights - height) < _STEADY_OF_LEG * body.leg_length
    return height > _STAGE_OF_LEG * body.leg_length and bool(steady.mean() > _MOST_OF_THE_TIME)
