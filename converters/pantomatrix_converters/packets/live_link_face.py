"""Live Link Face's UDP packets: faces for Unreal without a plugin of ours (its own ARKit face support listens at port 11111).

A packet is a frame: ARKit's 52 weights and nine turns of head and eyes (`head_and_eyes`), big endian.
"""

from __future__ import annotations

import struct
import uuid
from collections.abc import Iterator
from fractions import Fraction

import numpy as np

from ..errors import UnsupportedError
from ..face.conversion import with_face_rig
from ..face.rigs import ARKIT52
from ..formats.arkit.head_and_eyes import head_and_eyes
from ..motion import Motion

SUBJECT = "PantoMatrix"
"""What Unreal lists the face as."""
_DEVICE = str(uuid.uuid4()).upper()
"""By this Unreal tells one sender from another."""
_VERSION = 6


def live_link_frames(motion: Motion, first_frame: int = 0) -> Iterator[list[bytes]]:
    """Each frame's UDP packet. first_frame: the first one's number.

    Raises UnsupportedError if there is no face that can become ARKit's.
    """
    if motion.face is None:
        raise UnsupportedError("Live Link Face carries faces, and the motion has none")
    motion = with_face_rig(motion, ARKIT52.name, None)[0]
    assert motion.face is not None
    values = np.concatenate([motion.face.weights, head_and_eyes(motion)], axis=1)
    rate = Fraction(motion.fps).limit_denominator(1001)
    head = struct.pack(">B", _VERSION) + _text(_DEVICE) + _text(SUBJECT)
    count = values.shape[1]
    for frame, row in enumerate(values.tolist()):
        time = struct.pack(">ifii", first_frame + frame, 0.0, rate.numerator, rate.denominator)
        yield [head + time + struct.pack(f">B{count}f", count, *row)]


def _text(text: str) -> bytes:
    data = text.encode()
    return struct.pack(">i", len(data)) + data
