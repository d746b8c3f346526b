"""Faces as NVIDIA's Audio2Face application exports them, read only.

    {"exportFps": 30, "trackPath": ..., "numPoses": K, "numFrames": T, "facsNames": [K], "weightMat": [T][K], "joints": ...}

facsNames are ARKit's 52 in any spelling, or the application's own 46 FACS shapes. Old versions have no exportFps; jaw and
eye joints are left out. What it streams to Unreal's Live Link, kept as JSON, is read too:

    {"0": {"Audio2Face": {"Facial": {"Names": [K], "Weights": [K]}, "Body": ...}}, "1": ...}
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import FormatError
from ...face.arkit_names import arkit_curve, arkit_curves
from ...face.arkit_tables import ARKIT_FROM_AUDIO2FACE
from ...face.rigs import ARKIT52
from ...files.json_object import json_object
from ...finite_numbers import are_finite
from ...motion import face_motion
from ...ranges import FPS
from ..motion_format import Loaded, MotionFormat, ReadLimits

_DEFAULT_FPS, _STREAM_FPS = 60.0, 30.0
"""The application's own."""
_STREAM_HEAD = 4096
_FACS = {name.lower(): targets for name, targets in ARKIT_FROM_AUDIO2FACE.items()}
_FACS |= {f"dimple{side}": ARKIT_FROM_AUDIO2FACE[f"dimpler{side.upper()}"] for side in "lr"}


def recognises(data: bytes) -> bool:
    """Whether it is a JSON object that speaks of facsNames and weightMat."""
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    exported = b'"weightMat"' in data and b'"facsNames"' in data
    streamed = b'"Audio2Face"' in data[:_STREAM_HEAD] and b'"Facial"' in data[:_STREAM_HEAD]
    return start.startswith(b"{") and (exported or streamed)


def read(data: bytes, name: str, limits: ReadLimits) -> Loaded:
    """A face alone. Raises FormatError naming the row, LimitError."""
    document = json_object(data, name)
    if "weightMat" not in document:
        document = _exported(document, name)
    names, rows = document.get("facsNames"), document.get("weightMat")
    if not isinstance(names, list) or not all(isinstance(curve, str) for curve in names) or not isinstance(rows, list):
        raise FormatError(f"{name}: expected an object with the lists `facsNames` and `weightMat`")
    limits.check_frames(len(rows), name)
    weights = _weights(rows, len(names), name)
    for key, there in (("numFrames", len(rows)), ("numPoses", len(names))):
        if document.get(key, there) != there:
            raise FormatError(f"{name}: {key} is {document[key]!r}, but there are {there}")
    fps, notes = _frame_rate(document, name)
    names, weights, more = _as_arkit(names, weights)
    face, absent = arkit_curves(names, weights, name)
    if document.get("joints"):
        notes += ("joints of jaw and eyes are left out",)
    return Loaded(face_motion(face, fps), (*notes, *more, *absent))


def _exported(stream: dict[str, Any], name: str) -> dict[str, Any]:
    """Frames that were streamed, in the layout of an export."""
    names, rows = None, []
    for key, frame in stream.items():
        subject = frame.get("Audio2Face") if isinstance(frame, dict) else None
        face = subject.get("Facial") if isinstance(subject, dict) else None
        if not isinstance(face, dict) or face.get("Names", names) != (names or face.get("Names")):
            raise FormatError(
                f"{name}: {key!r:.40} is not a frame with Audio2Face, Facial, Names and Weights as the others"
            )
        names = face.get("Names", names)
        rows.append(face.get("Weights"))
    return {"facsNames": names, "weightMat": rows, "streamed": True}


def _weights(rows: list[Any], width: int, name: str) -> NDArray[np.float64]:
    weights = np.zeros((len(rows), width))
    for at, values in enumerate(rows):
        try:
            row = np.array(values, np.float64)
        except (TypeError, ValueError, OverflowError):
            row = np.zeros(0)
        if row.shape != (width,) or not are_finite(row):
            raise FormatError(f"{name}: weightMat[{at}] is not a list of {width} numbers")
        weights[at] = row
    return weights


def _frame_rate(document: dict[str, Any], name: str) -> tuple[float, tuple[str, ...]]:
    fps = document.get("exportFps")
    if document.get("streamed") is True:
        return _STREAM_FPS, (
            f"a stream without times: {_STREAM_FPS:g} frames per second, the application's own, assumed",
        )
    if fps is None:
        return _DEFAULT_FPS, (f"no exportFps: {_DEFAULT_FPS:g} frames per second, the application's own, assumed",)
    if isinstance(fps, bool) or not isinstance(fps, int | float) or fps not in FPS:
        raise FormatError(f"{name}: exportFps is {fps!r}, expected {FPS}")
    return float(fps), ()


def _as_arkit(names: list[str], weights: NDArray[np.float64]) -> tuple[list[str], NDArray[np.float64], tuple[str, ...]]:
    """Weights of the application's own shapes as ARKit's, if its are not ARKit's already."""
    own = [at for at, name in enumerate(names) if name.lower() in _FACS]
    if len(own) <= sum(arkit_curve(name) is not None for name in names):
        return names, weights, ()
    matrix = np.zeros((len(names), len(ARKIT52.curve_names)))
    for at in own:
        for curve, gain in _FACS[names[at].lower()].items():
            matrix[at, ARKIT52.curve_names.index(curve)] += gain
    driven = [curve for curve, column in zip(ARKIT52.curve_names, matrix.T, strict=True) if column.any()]
    converted = np.clip(weights @ matrix, 0.0, 1.0)
    columns = [ARKIT52.curve_names.index(curve) for curve in driven]
    return driven, converted[:, columns], ("Audio2Face's FACS shapes are brought to ARKit's of the same meaning",)


AUDIO2FACE_JSON = MotionFormat(
    name="audio2face-json",
    description="Weights that NVIDIA's Audio2Face application exports",
    extensions=(".json",),
    body=False,
    face=True,
    native_coordinates=None,
    any_coordinates=False,
    recognises=recognises,
    read=read,
    write=None,
)
