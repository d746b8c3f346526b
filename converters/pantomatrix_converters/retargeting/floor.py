"""Where the floor lies that a body walks on."""

from __future__ import annotations

import numpy as np

from ..kinematics import forward_kinematics
from ..motion import Motion
from .body_frame import RestBody

_FRAMES_LOOKED_AT = 4096
_USUALLY_PERCENT = 10


def floor_height(motion: Motion, body: RestBody) -> float:
    """Metres: where the lower foot usually is, less where it is when the body stands at height 0. Jumps do not count, a stage
    does. body: the motion's skeleton."""
    frames = np.unique(np.linspace(0, len(motion) - 1, _FRAMES_LOOKED_AT).round().astype(int))
    positions, _ = forward_kinematics(motion.skeleton, motion.rotations_xyzw[frames], motion.root_translation[frames])
    lowest = positions[:, body.feet, 1].min(axis=1)
    return float(np.percentile(lowest, _USUALLY_PERCENT)) - body.foot_height


def counts_from_pelvis(height: float, body: RestBody) -> bool:
    """Whether a floor so far below 0 means that heights count from where the pelvis stood."""
    return height < -body.leg_length / 4
