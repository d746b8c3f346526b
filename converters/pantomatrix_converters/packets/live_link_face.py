"""Live Link Face's UDP packets: faces for Unreal without a plugin of ours (its own ARKit face support listens at port 11111).

A packet is a frame: ARKit's 52 weights and nine rotations of head and eyes, big endian. The rotations' unit is not
documented; they are sent as 0, so eyes move by the curves eyeLook, and the head does not.
"""

from __future__ import annotations

import struct
import uuid
from collections.abc import Iterator
from fractions import Fraction

from ..errors import UnsupportedError
from ..face.conversion import with_face_rig
from ..face.rigs import ARKIT52
from ..motion import Motion

SUBJECT = "PantoMatrix"
"""What Unreal lists the face as."""
_DEVICE = str(uuid.uuid4()).upper()
"""By this Unreal tells one sender from another."""
_VERSION = 6
_ROTATIONS = 9


def live_link_frames(motion: Motion, first_frame: int = 0) -> Iterator[list[bytes]]:
    """Each frame's UDP packet. first_frame: the first one's number.

    Raises UnsupportedError if there is no face that can become ARKit's.
    """
    if motion.face is None:
        raise UnsupportedError("Live Link Face carries faces, and the motion has none")
    face = with_face_rig(motion, ARKIT52.name, None)[0].face
    assert face is not None
    rate = Fraction(motion.fps).limit_denominator(1001)
    head = struct.pack(">B", _VERSION) + _text(_DEVICE) + _text(SUBJECT)
    count = len(face.names) + _ROTATIONS
    for frame, weights in enumerate(face.weights.tolist()):
        time = struct.pack(">ifii", first_frame + frame, 0.0, rate.numerator, rate.denominator)
        yield [head + time + struct.pack(f">B{count}f", count, *weights, *[0.0] * _ROTATIONS)]


def _text(text: str) -> bytes:
    data = text.encode()
    return struct.pack(">i", len(data)) + data
