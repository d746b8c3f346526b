"""Clips as differences from a pose, and differences on top of another clip."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .. import rotations
from ..errors import MotionError
from ..face.rigs import ARKIT52
from ..motion import Motion
from ..resample import resample
from .options import Reference
from .same_body import check_same_body


def differences(motion: Motion, reference: Reference) -> Motion:
    """How the motion differs from a pose: a joint's turn from its own there, the root's way from there, curves less those.

    What `added` puts on another clip, and three.js' and the engines' additive blending: rotation = base * difference, the
    others are sums.
    """
    is_first = reference is Reference.FIRST
    pose = motion.rotations_xyzw[0] if is_first else motion.skeleton.rest_rotations_xyzw
    place = motion.root_translation[0] if is_first or not motion.has_body else motion.skeleton.rest_translations[0]
    quats = motion.rotations_xyzw
    if motion.has_body:
        quats = rotations.shortest(rotations.multiply(rotations.inverse(pose), rotations.normalize(quats)))
    face = motion.face
    if face is not None and is_first:
        face = replace(face, weights=face.weights - face.weights[0])
    return replace(
        motion,
        rotations_xyzw=quats.astype(np.float32),
        root_translation=(motion.root_translation - place).astype(np.float32),
        face=face,
    )


def added(motion: Motion, additive: Motion) -> tuple[Motion, tuple[str, ...]]:
    """The motion with differences on top, and notes. They are brought to its frame rate; their last frame is held.

    Raises MotionError if the skeletons or the curves differ; either may be without a body or a face.
    """
    notes = []
    additive = resample(additive, motion.fps)
    if len(additive) > len(motion):
        notes.append(f"what is added is {additive.duration_seconds:.2f} s long: the end of it is left out")
    frames = np.minimum(np.arange(len(motion)), len(additive) - 1)
    if additive.has_body and motion.has_body:
        check_same_body(motion.skeleton, additive.skeleton)
        turned = rotations.multiply(motion.rotations_xyzw, additive.rotations_xyzw[frames])
        motion = replace(
            motion,
            rotations_xyzw=rotations.normalize(turned).astype(np.float32),
            root_translation=motion.root_translation + additive.root_translation[frames],
        )
    elif additive.has_body:
        notes.append("the motion has no body: joints that are added are left out")
    if additive.face is not None and motion.face is not None:
        if motion.face.names != additive.face.names:
            raise MotionError(f"the face curves differ: {motion.face.rig} and, of what is added, {additive.face.rig}")
        weights = motion.face.weights + additive.face.weights[frames]
        weights = weights.clip(0, 1) if motion.face.rig == ARKIT52.name else weights
        motion = replace(motion, face=replace(motion.face, weights=weights))
    elif additive.face is not None:
        notes.append("the motion has no face: curves that are added are left out")
    return motion, tuple(notes)
