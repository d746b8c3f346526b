"""Virtual Motion Capture: a frame as OSC packets that VTuber programs and engines' plugins understand (protocol.vmc.info).

Bones are Unity's HumanBodyBones with local rotations away from the T-pose, in Unity's axes and metres; faces are blend shape
values. OSC itself is python-osc's (the extra `vmc`).
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from .coordinates import UNITY
from .errors import UnsupportedError
from .face_conversion import with_face_rig
from .face_rigs import ARKIT52, FLAME, VRM
from .motion import Motion
from .retargeting import Retargeting
from .skeleton import load_skeleton

_PACKET_MESSAGES = 12
"""Messages in a bundle: it stays under 1400 bytes, which no network splits."""


def vmc_frames(motion: Motion) -> Iterator[list[bytes]]:
    """Each frame's UDP packets. ARKit faces go out as ARKit's names and as VRM's presets.

    Raises UnsupportedError without python-osc, MotionError if the skeleton is no humanoid.
    """
    try:
        from pythonosc import osc_bundle_builder, osc_message_builder
    except ImportError:
        raise UnsupportedError("VMC needs the package python-osc: pip install 'pantomatrix[vmc]'") from None

    def message(address: str, *values: str | float | int) -> object:
        builder = osc_message_builder.OscMessageBuilder(address)
        for value in values:
            builder.add_arg(value)
        return builder.build()

    def bundles(messages: list) -> list[bytes]:
        packets = []
        for start in range(0, len(messages), _PACKET_MESSAGES):
            bundle = osc_bundle_builder.OscBundleBuilder(osc_bundle_builder.IMMEDIATELY)
            for entry in messages[start : start + _PACKET_MESSAGES]:
                bundle.add_content(entry)
            packets.append(bundle.build().dgram)
        return packets

    bones = _bones(motion) if motion.has_body else []
    curves = _curves(motion)
    for frame in range(len(motion)):
        messages = [message("/VMC/Ext/OK", 1), message("/VMC/Ext/T", frame / motion.fps)]
        if bones:
            messages.append(message("/VMC/Ext/Root/Pos", "root", 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 1.0))
        for name, values in bones:
            messages.append(message("/VMC/Ext/Bone/Pos", name, *values[frame].tolist()))
        for name, weights in curves:
            messages.append(message("/VMC/Ext/Blend/Val", name, float(weights[frame])))
        if curves:
            messages.append(message("/VMC/Ext/Blend/Apply"))
        yield bundles(messages)


def _bones(motion: Motion) -> list[tuple[str, np.ndarray]]:
    """Name -> (T, 7) place in the parent and rotation."""
    humanoid = load_skeleton("unity_humanoid")
    moved = Retargeting(motion.skeleton, humanoid).apply(motion)
    places = np.tile(UNITY.positions_from_canonical(humanoid.rest_translations), (len(motion), 1, 1))
    places[:, 0] = UNITY.positions_from_canonical(moved.root_translation)
    values = np.concatenate([places, UNITY.rotations_from_canonical(moved.rotations_xyzw)], axis=2)
    return [(name, values[:, joint]) for joint, name in enumerate(humanoid.joint_names)]


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
