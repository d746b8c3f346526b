"""ARKit weights as BEAT stores them: {"names": [51], "frames": [{"weights": [51], "time": seconds, "rotation": []}]}.

The 51 shapes are in alphabetical order, tongueOut is not among them; 60 frames a second. Read by name, in any order.
Frames without times are at the rate that the file tells (`fps`).
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np

from ...coordinates import CoordinateSystem
from ...errors import FormatError
from ...face.arkit_names import arkit_curves
from ...face.flame_arkit import ROWS
from ...face.rigs import ARKIT52
from ...files.json_object import json_object
from ...finite_numbers import are_finite
from ...motion import Motion, face_motion
from ...provenance import provenance_text, read_provenance
from ...ranges import FPS
from ..motion_format import Loaded, MotionFormat, ReadLimits
from .even_frames import even_frames

_BEAT_FPS = 60.0
_RATE_KEYS = ("fps", "frameRate", "frame_rate", "exportFps")
"""What those write who keep BEAT's names and frames, and no times."""


def recognises(data: bytes) -> bool:
    """Whether it is a JSON object that speaks of names, frames and weights."""
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"{") and b'"weights"' in data and b'"frames"' in data and b'"joint_names"' not in data


def read(data: bytes, name: str, limits: ReadLimits) -> Loaded:
    """A face alone. Raises FormatError naming the frame, LimitError."""
    document = json_object(data, name, limits.max_bytes)
    names, frames = document.get("names"), document.get("frames")
    if (
        not isinstance(names, list)
        or not all(isinstance(curve, str) for curve in names)
        or not isinstance(frames, list)
    ):
        raise FormatError(f"{name}: expected an object with the lists `names` and `frames`")
    if not frames:
        raise FormatError(f"{name}: no frames")
    limits.check_frames(len(frames), name)
    weights = np.zeros((len(frames), len(names)))
    times = np.full(len(frames), np.nan)
    for at, frame in enumerate(frames):
        values = frame.get("weights") if isinstance(frame, dict) else None
        try:
            row = np.array(values, np.float64)
            times[at] = float(frame.get("time", np.nan)) if isinstance(frame, dict) else np.nan
        except (TypeError, ValueError, OverflowError):
            row = np.zeros(0)
        if row.shape != (len(names),) or not are_finite(row):
            raise FormatError(f"{name}: frames[{at}].weights is not a list of {len(names)} numbers")
        weights[at] = row
    if len(times) > 1 and np.isfinite(times).all() and np.ptp(times) > 0:
        even = even_frames(times, weights, name, limits, np.arange(len(times)), row_word="frames entry")
        fps, weights, more = even.fps, even.values, even.notes
    else:
        fps, more = _told_rate(document, name)
    face, notes = arkit_curves(names, weights, name)
    motion = replace(face_motion(face, fps), provenance=read_provenance(document.get("provenance")))
    return Loaded(motion, (*notes, *more))


def _told_rate(document: dict[str, Any], name: str) -> tuple[float, tuple[str, ...]]:
    """Of frames without times: BEAT's, unless the file says another. With a note. Raises FormatError."""
    for key in _RATE_KEYS:
        fps = document.get(key)
        if fps is None:
            continue
        if isinstance(fps, bool) or not isinstance(fps, int | float) or fps not in FPS:
            raise FormatError(f"{name}: {key} is {fps!r}, expected {FPS}")
        return float(fps), ()
    note = f"the times do not tell the frame rate: {_BEAT_FPS:g} frames per second, BEAT's own, assumed"
    return _BEAT_FPS, (note,)


def write(motion: Motion, coordinates: CoordinateSystem) -> bytes:
    """BEAT's 51 shapes; tongueOut is left out. `coordinates` plays no part: weights have no axes."""
    del coordinates
    assert motion.face is not None
    columns = [motion.face.names.index(name) for name in ROWS]
    frames = [
        {"weights": [round(weight, 6) for weight in row], "time": round(frame / motion.fps, 6), "rotation": []}
        for frame, row in enumerate(motion.face.weights[:, columns].tolist())
    ]
    document = {"names": ROWS, "frames": frames}
    if motion.provenance:
        document["provenance"] = json.loads(provenance_text(motion.provenance))
    return json.dumps(document).encode()


ARKIT_JSON = MotionFormat(
    name="arkit-json",
    description="ARKit blendshape weights, BEAT's layout of 51 shapes",
    extensions=(".json",),
    body=False,
    face=True,
    native_coordinates=None,
    any_coordinates=False,
    recognises=recognises,
    read=read,
    write=write,
    face_rigs=(ARKIT52.name,),
)
