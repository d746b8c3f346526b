"""What the root of a motion does."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ..motion import Motion
from .options import RootMode


def with_root(motion: Motion, mode: RootMode) -> Motion:
    """The motion with its root held so. A motion without joints stays as it is."""
    if mode is RootMode.FREE or not motion.has_body:
        return motion
    home = motion.skeleton.rest_translations[0].astype(np.float32)
    if mode is RootMode.IN_PLACE:
        translation = motion.root_translation.copy()
        translation[:, [0, 2]] = home[[0, 2]]
        return replace(motion, root_translation=translation)
    quats = motion.rotations_xyzw.copy()
    quats[:, 0] = motion.skeleton.rest_rotations_xyzw[0]
    return replace(motion, rotations_xyzw=quats, root_translation=np.broadcast_to(home, (len(motion), 3)))
