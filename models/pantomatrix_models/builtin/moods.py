"""What feelings do to each frame of a face and a body, and to a speaker's style."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters.face.rigs import ARKIT52

from ..options import Emotion, EmotionStrengths
from .emotions import FEELINGS
from .face import Mouth
from .styles import Style

Array = NDArray[np.float64]

_ORDER = tuple(Emotion)
_FEELINGS = [FEELINGS[emotion] for emotion in _ORDER]
_BREATHS_HZ, _PANTS_HZ = 0.27, 0.95
_PARTED = 0.5
"""Opening of the mouth at which a feeling parts the lips as far as it does."""


def _columns(*names: str) -> list[int]:
    """Of curves; a name without a side is both sides'."""
    sides = [(name,) if name in ARKIT52.curve_names else (f"{name}Left", f"{name}Right") for name in names]
    return [ARKIT52.curve_names.index(curve) for curves in sides for curve in curves]


def _curves() -> Array:
    table = np.zeros((len(_ORDER), len(ARKIT52.curve_names)))
    for row, feeling in zip(table, _FEELINGS, strict=True):
        for name, weight in feeling.curves.items():
            row[_columns(name)] = weight
    return table


CURVES: Array = _curves()
"""(10, 52) what each adds to ARKit's curves, in the order of Emotion."""
_PARTS = _columns("mouthUpperUp", "mouthLowerDown", "mouthFunnel")
_WIDENS = _columns("mouthSmile", "mouthStretch", "mouthDimple", "mouthFrown")
_LIDS, _OPENS_LIDS = _columns("eyeBlink"), _columns("eyeWide", "eyeSquint")

_HELD: Array = np.array(
    [
        (
            feeling.opening - 1.0,
            feeling.breath - 1.0,
            feeling.panting,
            feeling.tremble - 1.0,
            feeling.lean,
            *np.radians((feeling.shoulders, feeling.gaze, *feeling.head, *feeling.trunk)),
        )
        for feeling in _FEELINGS
    ]
)
"""(10, 13), in the order of `Bearing`'s fields."""


@dataclass(frozen=True, eq=False)
class Bearing:
    """How feelings are borne at (T,) times; angles in radians.

    opening: factor on how far the mouth opens. breath: factor on its depth. panting: share of it that is quick. tremble:
    factor on the trembling. lean: metres that the pelvis is forward. shoulders: up. gaze: down. head, trunk: (T, 3) pitch,
    yaw, roll.
    """

    opening: Array
    breath: Array
    panting: Array
    tremble: Array
    lean: Array
    shoulders: Array
    gaze: Array
    head: Array
    trunk: Array

    @classmethod
    def of(cls, moods: Array) -> Bearing:
        """moods: (T, 10) strengths."""
        held = _mixed(moods, _HELD)
        held[:, [0, 1, 3]] += 1.0
        opening, breath, panting, tremble, lean, shoulders, gaze = held[:, :7].T
        return cls(opening, breath, panting, tremble, lean, shoulders, gaze, held[:, 7:10], held[:, 10:])

    def breathed(self, times: Array, phase: Array) -> Array:
        """(T,) the breath, -1 to 1 in a calm body."""
        slow, quick = (np.sin(2 * np.pi * hertz * times + phase) for hertz in (_BREATHS_HZ, _PANTS_HZ))
        return self.breath * ((1.0 - self.panting) * slow + self.panting * quick)


def _mixed(moods: Array, table: Array) -> Array:
    """(T, 10) of (10, N). In a fixed order, so that cuts do not change a bit."""
    mixed = np.zeros((len(moods), table.shape[1]))
    for share, row in zip(moods.T, table, strict=True):
        if share.any():
            mixed += share[:, None] * row
    return mixed


def strengths(emotions: EmotionStrengths) -> Array:
    """(10,) in the order of Emotion; together at most 1, in their proportions."""
    given = np.array([dict(emotions).get(emotion, 0.0) for emotion in _ORDER])
    return given / max(1.0, float(given.sum()))


def felt(style: Style, emotions: EmotionStrengths) -> Style:
    """The style of a speaker who feels so."""
    amplitude, rate, tempo, height = style.amplitude, style.rate, style.tempo, style.height
    for feeling, strength in zip(_FEELINGS, strengths(emotions).tolist(), strict=True):
        amplitude *= 1.0 + strength * (feeling.amplitude - 1.0)
        rate *= 1.0 + strength * (feeling.rate - 1.0)
        tempo *= 1.0 + strength * (feeling.tempo - 1.0)
        height += strength * feeling.height
    return replace(style, amplitude=amplitude, rate=rate, tempo=tempo, height=height)


def opened(mouth: Mouth, opening: Array) -> Mouth:
    """The mouth of a speaker whose feeling opens it further, or less; shut lips stay shut. opening: (T,) factors."""
    return replace(mouth, openness=np.minimum(opening * mouth.openness, 1.0), jaw=np.minimum(opening * mouth.jaw, 1.0))


def with_feelings(weights: NDArray[np.float32], moods: Array, mouth: Mouth) -> NDArray[np.float32]:
    """Feelings over a neutral face: what a curve does already is left less to add to, so that speech stays to be read. No
    feeling parts lips that speech holds together, draws round lips wide, or opens lids that blink.

    weights: (T, 52). moods: (T, 10) strengths. Returns (T, 52), 0 to 1."""
    added = _mixed(moods, CURVES)
    parted = np.clip(mouth.openness / _PARTED, 0.0, 1.0) * (1.0 - np.clip(mouth.pressed, 0.0, 1.0))
    added[:, _PARTS] *= parted[:, None]
    added[:, _WIDENS] *= (1.0 - 0.4 * mouth.rounding)[:, None]
    added[:, _OPENS_LIDS] *= 1.0 - np.tile(weights[:, _LIDS], 2)
    return np.clip(weights + added * (1.0 - weights), 0.0, 1.0).astype(np.float32)
