"""What feelings do to a face and a body: ARKit's curves that are added, the head's pose, size and number of gestures, breath.

The faces follow the action units of Ekman and Friesen's Facial Action Coding System, put into ARKit's curves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters.face.rigs import ARKIT52

from ..options import Emotion, EmotionStrengths
from .styles import Style

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Feeling:
    """At full strength. curves: added to ARKit's; a name without a side is both sides'. head: degrees of pitch (down), yaw
    and roll. amplitude, rate: factors on gestures, see Style. breath: factor on its depth."""

    curves: dict[str, float]
    head: tuple[float, float, float] = (0.0, 0.0, 0.0)
    amplitude: float = 1.0
    rate: float = 1.0
    breath: float = 1.0


FEELINGS = {
    Emotion.AMAZEMENT: Feeling({"browInnerUp": 0.7, "browOuterUp": 0.7, "eyeWide": 0.6}, (-4, 0, 0), 1.15, 1.1),
    Emotion.ANGER: Feeling(
        {"browDown": 0.8, "eyeSquint": 0.35, "noseSneer": 0.35, "mouthPress": 0.12, "mouthFrown": 0.25, "jawForward": 0.12},
        (3, 0, 0), 1.3, 1.25, 1.3,
    ),
    Emotion.CHEEKINESS: Feeling(
        {"mouthSmileLeft": 0.55, "mouthSmileRight": 0.2, "mouthDimpleLeft": 0.4, "browOuterUpRight": 0.5, "eyeSquint": 0.2,
         "cheekSquintLeft": 0.25},
        (-1, 4, 5), 1.05, 1.05,
    ),
    Emotion.DISGUST: Feeling(
        {"noseSneer": 0.75, "mouthUpperUp": 0.28, "browDown": 0.45, "eyeSquint": 0.4, "mouthFrown": 0.3, "cheekSquint": 0.3},
        (-5, 6, 0), 0.9, 0.9,
    ),
    Emotion.FEAR: Feeling(
        {"browInnerUp": 0.8, "browOuterUp": 0.3, "eyeWide": 0.7, "mouthStretch": 0.35, "mouthFrown": 0.2}, (-3, 0, 0), 0.75,
        1.2, 1.5,
    ),
    Emotion.GRIEF: Feeling(
        {"browInnerUp": 0.8, "browDown": 0.45, "eyeSquint": 0.6, "mouthFrown": 0.6, "mouthShrugLower": 0.35,
         "mouthStretch": 0.3, "cheekSquint": 0.35},
        (10, 0, 2), 0.35, 0.4, 1.4,
    ),
    Emotion.JOY: Feeling(
        {"mouthSmile": 0.65, "cheekSquint": 0.5, "eyeSquint": 0.25, "mouthDimple": 0.2, "browOuterUp": 0.15}, (-2, 0, 0),
        1.2, 1.2,
    ),
    Emotion.OUT_OF_BREATH: Feeling(
        {"browInnerUp": 0.35, "noseSneer": 0.12, "eyeSquint": 0.12, "mouthStretch": 0.1}, (4, 0, 0), 0.7, 0.7, 4.0
    ),
    Emotion.PAIN: Feeling(
        {"browDown": 0.6, "browInnerUp": 0.3, "eyeSquint": 0.7, "cheekSquint": 0.5, "noseSneer": 0.4, "mouthStretch": 0.4,
         "mouthFrown": 0.25},
        (6, 0, 3), 0.6, 0.6, 1.6,
    ),
    Emotion.SADNESS: Feeling(
        {"browInnerUp": 0.6, "mouthFrown": 0.45, "mouthShrugLower": 0.25, "eyeSquint": 0.1, "eyeBlink": 0.15}, (8, 0, 2), 0.6,
        0.6,
    ),
}  # fmt: skip

_ORDER = tuple(Emotion)


def _curves(feeling: Feeling) -> Array:
    row = np.zeros(len(ARKIT52.curve_names))
    for name, weight in feeling.curves.items():
        for curve in (name,) if name in ARKIT52.curve_names else (f"{name}Left", f"{name}Right"):
            row[ARKIT52.curve_names.index(curve)] = weight
    return row


CURVES: Array = np.stack([_curves(FEELINGS[emotion]) for emotion in _ORDER])
"""(10, 52) what each adds to ARKit's curves, in the order of Emotion."""
HEAD_TURNS: Array = np.radians([FEELINGS[emotion].head for emotion in _ORDER])
"""(10, 3) pitch, yaw and roll of the head, radians."""
BREATH: Array = np.array([FEELINGS[emotion].breath - 1.0 for emotion in _ORDER])
"""(10,) how much deeper the breath is."""


_OPENING = [
    ARKIT52.curve_names.index(name)
    for name in ("mouthUpperUpLeft", "mouthUpperUpRight", "mouthStretchLeft", "mouthStretchRight")
]


def strengths(emotions: EmotionStrengths) -> Array:
    """(10,) in the order of Emotion; together at most 1, in their proportions."""
    given = np.array([dict(emotions).get(emotion, 0.0) for emotion in _ORDER])
    return given / max(1.0, float(given.sum()))


def felt(style: Style, emotions: EmotionStrengths) -> Style:
    """The style of a speaker who feels so."""
    amplitude, rate = style.amplitude, style.rate
    for emotion, strength in zip(_ORDER, strengths(emotions), strict=True):
        amplitude *= 1.0 + strength * (FEELINGS[emotion].amplitude - 1.0)
        rate *= 1.0 + strength * (FEELINGS[emotion].rate - 1.0)
    return replace(style, amplitude=amplitude, rate=rate)


def with_feelings(weights: NDArray[np.float32], moods: Array, pressed: Array) -> NDArray[np.float32]:
    """weights: (T, 52) of a neutral face; moods: (T, 10) strengths; pressed: (T,) lips held shut, which no feeling opens.
    Returns (T, 52), 0 to 1."""
    added = moods @ CURVES
    added[:, _OPENING] *= (1.0 - np.clip(pressed, 0.0, 1.0))[:, None]
    return np.clip(weights + added, 0.0, 1.0).astype(np.float32)
