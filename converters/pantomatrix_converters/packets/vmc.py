"""Virtual Motion Capture: a frame as OSC packets that VTuber programs and engines' plugins understand (protocol.vmc.info).

Bones are Unity's HumanBodyBones with local rotations away from the T-pose, in Unity's axes and metres; faces are blend shape
values.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from ..coordinates import UNITY
from ..face.conversion import with_face_rig
from ..face.rigs import ARKIT52, FLAME, VRM
from ..motion import Motion
from ..retargeting.retarget import Retargeting
from ..skeleton import Skeleton, load_skeleton
from .osc import Message, osc_packets


def vmc_frames(motion: Motion, first_frame: int = 0) -> Iterator[list[bytes]]:
    """Each frame's UDP packets. ARKit faces go out as ARKit's names and as VRM's presets.

    first_frame: the first one's number. Raises UnsupportedError without python-osc, MotionError if the
    skeleton is not a humanoid.
    """
    bones = _bones(motion) if motion.has_body else []
    curves = _curves(motion)
    for frame in range(len(motion)):
        messages: list[Message] = [("/VMC/Ext/OK", (1,)), ("/VMC/Ext/T", ((first_frame + frame) / motion.fps,))]
        if bones:
            messages.append(("/VMC/Ext/Root/Pos", ("root", 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0)))
        messages += [("/VMC/Ext/Bone/Pos", (name, *values[frame].tolist())) for name, values in bones]
        messages += [("/VMC/Ext/Blend/Val", (name, float(weights[frame]))) for name, weights in curves]
        if curves:
            messages.append(("/VMC/Ext/Blend/Apply", ()))
        yield osc_packets(messages)


def _bones(motion: Motion) -> list[tuple[str, np.ndarray]]:
    """Name -> (T, 7) place in the parent and rotation."""
    humanoid = load_skeleton("unity_humanoid")
    moved = _to_humanoid(motion.skeleton).apply(motion)
    places = np.tile(UNITY.positions_from_canonical(humanoid.rest_translations), (len(motion), 1, 1))
    places[:, 0] = UNITY.positions_from_canonical(moved.root_translation)
    values = np.concatenate([places, UNITY.rotations_from_canonical(moved.rotations_xyzw)], axis=2)
    return [(name, values[:, joint]) for joint, name in enumerate(humanoid.joint_names)]


@lru_cache(maxsize=4)
def _to_humanoid(skeleton: Skeleton) -> Retargeting:
    """Live motion comes in many pieces of one skeleton."""
    return Retargeting(skeleton, load_skeleton("unity_humanoid"))


def _curves(motion: Motion) -> list[tuple[str, np.ndarray]]:
    face = motion.face
    if face is None or face.rig == FLAME.name:
        return []
    found = list(zip(face.names, face.weights.T, strict=True))
    if face.rig == ARKIT52.name:
        presets = with_face_rig(motion, VRM.name, None)[0].face
        assert presets is not None
        found += zip(presets.names, presets.weights.T, strict=True)
    return found
