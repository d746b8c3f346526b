"""A motion as plain OSC messages, for programs that can be told what an address means (TouchDesigner, Max, Notch).

/pantomatrix/time f          seconds
/pantomatrix/root fff        place of the root joint, metres
/pantomatrix/joint/NAME ffff unit quaternion x y z w, local to the parent
/pantomatrix/face/NAME f     weight of a curve

Axes are canonical: right-handed, +Y up, +Z forward.
"""

from __future__ import annotations

from collections.abc import Iterator

from ..motion import Motion
from .osc import Message, osc_packets


def plain_osc_frames(motion: Motion, first_frame: int = 0) -> Iterator[list[bytes]]:
    """Each frame's UDP packets. first_frame: the first one's number. Raises UnsupportedError without python-osc."""
    joints, face = motion.skeleton.joint_names, motion.face
    for frame in range(len(motion)):
        messages: list[Message] = [("/pantomatrix/time", ((first_frame + frame) / motion.fps,))]
        if motion.has_body:
            messages.append(("/pantomatrix/root", tuple(motion.root_translation[frame].tolist())))
            turns = motion.rotations_xyzw[frame].tolist()
            messages += [(f"/pantomatrix/joint/{name}", tuple(turn)) for name, turn in zip(joints, turns, strict=True)]
        if face is not None:
            weights = face.weights[frame].tolist()
            messages += [
                (f"/pantomatrix/face/{name}", (weight,)) for name, weight in zip(face.names, weights, strict=True)
            ]
        yield osc_packets(messages)
