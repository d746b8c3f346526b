"""Face parameters, multipliers and offsets of Audio2Face-3D's clients, as corrections of our curves."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from nvidia_ace_compat.a2f_pb2 import BlendShapeParameters, FaceParameters
from pantomatrix_converters.editing.options import CurveAdjustment
from pantomatrix_converters.errors import UnknownNameError
from pantomatrix_converters.face.rigs import ARKIT_TONGUE, TONGUE_CURVES
from pantomatrix_models.errors import OptionError


def ace_name(curve: str) -> str:
    """NVIDIA's name of a curve of ARKit's."""
    return curve[0].upper() + curve[1:]


_CURVES = {name: curve for curve in ARKIT_TONGUE.curve_names for name in (ace_name(curve), curve)}
"""NVIDIA's and Apple's name -> our curve."""


def _starting_with(*words: str) -> tuple[str, ...]:
    return tuple(curve for curve in ARKIT_TONGUE.curve_names if curve.startswith(words))


_UPPER = _starting_with("brow", "eyeSquint", "eyeWide", "cheekSquint", "noseSneer")
_LOWER = _starting_with("jaw", "mouth", "cheekPuff")
_BLINK, _WIDE, _LIPS = (
    _starting_with("eyeBlink"),
    _starting_with("eyeWide"),
    _starting_with("mouthLowerDown", "mouthUpperUp"),
)
GAINS: Mapping[str, Sequence[str]] = {
    "upperFaceStrength": _UPPER,
    "lowerFaceStrength": _LOWER,
    "skinStrength": (*_UPPER, *_LOWER),
    "tongueStrength": _starting_with("tongue"),
    "blinkStrength": _BLINK,
}
"""Face parameter -> curves that it multiplies; 1 changes nothing."""
OFFSETS: Mapping[str, Mapping[str, float]] = {
    "eyelidOpenOffset": {**dict.fromkeys(_BLINK, -1.0), **dict.fromkeys(_WIDE, 1.0)},
    "lipOpenOffset": dict.fromkeys(_LIPS, 1.0),
    "blinkOffset": dict.fromkeys(_BLINK, 1.0),
}
"""Face parameter -> curves that it is added to, with a factor; 0 changes nothing."""
_NOTHING = {
    **dict.fromkeys(("upperFaceSmoothing", "lowerFaceSmoothing", "tongueHeightOffset", "tongueDepthOffset"), 0.0),
    **dict.fromkeys(GAINS, 1.0),
    **dict.fromkeys(OFFSETS, 0.0),
}
"""Face parameter -> the value that asks for nothing."""
_MOST = float(np.finfo(np.float32).max)
_FACE, _SHAPES = "audio_stream_header.face_params", "audio_stream_header.blendshape_params"


class FaceCorrections:
    """Of one clip. Face parameters come first and leave weights within 0 to 1; then weight * multiplier + offset, clamped
    if that is asked for.

    curves: that the model has. Raises OptionError for what is not a finite number, UnknownNameError for a shape.
    """

    def __init__(self, face: FaceParameters, shapes: BlendShapeParameters, curves: Sequence[str]) -> None:
        """not_used: names of what was sent and has no meaning here."""
        self._curves = curves
        self.not_used = dict.fromkeys(self._without_meaning(face, shapes))
        floats = dict(face.float_params)
        for name, value in floats.items():
            _check(value, name, f"{_FACE}.float_params")
        self._gains = {curve: _product(floats, curve) for curve in curves}
        self._lifts = {curve: _sum(floats, curve) for curve in curves}
        self._multipliers = _by_curve(shapes.bs_weight_multipliers, "bs_weight_multipliers")
        self._offsets = _by_curve(shapes.bs_weight_offsets, "bs_weight_offsets")
        self._clamped = shapes.enable_clamping_bs_weight

    def adjustments(self) -> Iterator[CurveAdjustment]:
        """One for each curve that is changed."""
        for curve in self._curves:
            gain, lift = self._gains[curve], self._lifts[curve]
            multiplier, offset = self._multipliers.get(curve, 1.0), self._offsets.get(curve, 0.0)
            if (gain, lift, multiplier, offset) != (1.0, 0.0, 1.0, 0.0):
                low, high = sorted((offset, multiplier + offset))
                if self._clamped:
                    low, high = min(1.0, max(0.0, low)), min(1.0, max(0.0, high))
                numbers = (gain * multiplier, lift * multiplier + offset, low, high)
                yield CurveAdjustment(curve, *(min(_MOST, max(-_MOST, number)) for number in numbers))

    def _without_meaning(self, face: FaceParameters, shapes: BlendShapeParameters) -> Iterator[str]:
        for name, value in sorted(face.float_params.items()):
            mapped = name in OFFSETS or (name in GAINS and any(curve in self._curves for curve in GAINS[name]))
            if not mapped and value != _NOTHING.get(name):
                yield f"face_params.{name}"
        yield from (f"face_params.{name}" for name in sorted({*face.integer_params, *face.float_array_params}))
        if not set(TONGUE_CURVES) <= set(self._curves):
            asked = {_CURVES.get(name) for name, value in shapes.bs_weight_multipliers.items() if value != 1.0}
            asked |= {_CURVES.get(name) for name, value in shapes.bs_weight_offsets.items() if value != 0.0}
            if asked & set(TONGUE_CURVES):
                yield "blendshape_params of the tongue, which this model does not move"


def _product(floats: Mapping[str, float], curve: str) -> float:
    return math.prod(floats.get(name, 1.0) for name, curves in GAINS.items() if curve in curves)


def _sum(floats: Mapping[str, float], curve: str) -> float:
    return sum(floats.get(name, 0.0) * curves.get(curve, 0.0) for name, curves in OFFSETS.items())


def _by_curve(named: Mapping[str, float], field: str) -> dict[str, float]:
    """Raises OptionError, UnknownNameError."""
    found: dict[str, float] = {}
    for name, value in named.items():
        if name not in _CURVES:
            raise UnknownNameError("blendshape", name, [ace_name(curve) for curve in ARKIT_TONGUE.curve_names])
        _check(value, name, f"{_SHAPES}.{field}")
        if _CURVES[name] in found:
            raise OptionError(f"{name!r} occurs twice, in NVIDIA's spelling and in Apple's", f"{_SHAPES}.{field}")
        found[_CURVES[name]] = value
    return found


def _check(value: float, name: str, field: str) -> None:
    if not math.isfinite(value):
        raise OptionError(f"{name!r} is {value}, expected a finite number", field)
