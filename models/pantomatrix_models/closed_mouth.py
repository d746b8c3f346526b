"""A mouth that shuts, whatever it was to say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from pantomatrix_converters import rotations
from pantomatrix_converters.face.rigs import FLAME
from pantomatrix_converters.motion import Motion

_CLOSING_SECONDS = 1 / 15
"""In which the mouth closes when it is interrupted, whatever the frame rate: faster looks like a trap that snaps."""
_MOUTH = ("jaw", "mouth", "tongue", "cheekPuff")
_CORNERS = ("mouthSmile", "mouthDimple", "mouthFrown", "mouthPress")
"""What a face at rest and its feelings do too, with lips that are shut: it would be dropped, and be back at once."""


def with_closed_mouth(motion: Motion, first: int, muted: range) -> Motion:
    """The mouth and the jaw's joint on their way to rest, and there.

    first: number of the motion's first frame; muted: the numbers of the frames to shut it in.
    """
    frames = np.arange(first, first + len(motion))
    inside = (frames >= muted.start) & (frames < muted.stop)
    closing = max(1.0, _CLOSING_SECONDS * motion.fps)
    keep = np.where(inside, np.clip(1.0 - (frames - muted.start + 1) / closing, 0.0, 1.0), 1.0)
    quats, face = motion.rotations_xyzw, motion.face
    if "jaw" in motion.skeleton.joint_names:
        joint = motion.skeleton.index("jaw")
        quats = quats.copy()
        quats[:, joint] = rotations.slerp(motion.skeleton.rest_rotations_xyzw[joint], quats[:, joint], keep)
    if face is not None:
        columns = [
            at
            for at, name in enumerate(face.names)
            if face.rig == FLAME.name or (name.startswith(_MOUTH) and not name.startswith(_CORNERS))
        ]
        weights = face.weights.copy()
        weights[:, columns] *= keep[:, None].astype(np.float32)
        face = replace(face, weights=weights)
    return replace(motion, rotations_xyzw=quats, face=face)
