"""From articulation to ARKit's 52 weights, with eyes and brows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters.face.rigs import ARKIT52, ARKIT_TONGUE

from .draws import Purpose, of_slot
from .submovements import Drift
from .upper_face import upper_face

Array = NDArray[np.float64]

_COLUMN = {name: index for index, name in enumerate(ARKIT52.curve_names)}
_JAW_SHARE = 0.62
"""Of an opening that the jaw makes, where it has time for it."""
_FOLLOWS = 0.62
"""How far the jaw follows the opening of the last 0.15 s."""
_SIDED = {"brow": 0.15, "smile": 0.10, "stretch": 0.10, "lower": 0.06, "upper": 0.06, "eye": 0.09}
"""How much a side of the face does more than the other now and then, as a share; standard deviations."""
_WANDERING: tuple[str, ...] = ("frown", "squint", "cheek", "smile", "mouth", "jaw", "sneer", "lips", "brow")
_UNLIKE = 0.045
"""The same, always."""


def _falling(hops: int) -> Array:
    """Weights of the last hops, the newest first: nothing begins or ends at once."""
    window = np.hanning(hops + 2)[1:-1]
    return window / window.sum()


_LAST = _falling(15)
JAW_PAST = len(_LAST) - 1


def jaw_of(openness: Array) -> Array:
    """(JAW_PAST + H,) lips apart, of hops -> (H,) how far the jaw is open: it is heavier than the lips."""
    hops = len(openness) - JAW_PAST
    jaw = np.zeros(hops)
    # Summed in a fixed order, so that cuts do not change a bit.
    for back, weight in enumerate(_LAST):
        jaw += _FOLLOWS * weight * openness[JAW_PAST - back :][:hops]
    return jaw


@dataclass(frozen=True, eq=False)
class Mouth:
    """Articulation at frame times, (T,) each; see Articulation. jaw: see `jaw_of`."""

    openness: Array
    rounding: Array
    spread: Array
    pressed: Array
    sibilance: Array
    tongue: Array
    bitten: Array
    between: Array
    jaw: Array


SIDES = len(_SIDED)


def sides_of(random: np.random.Generator) -> Array:
    """(SIDES,) how much further the left side of a face always goes than the right one, as shares."""
    return np.clip(random.normal(size=SIDES) * _UNLIKE, -2 * _UNLIKE, 2 * _UNLIKE)


def wandering(seed: int) -> Array:
    """What moves in a face by itself, as Drift has it, in channels of `_SIDED` and `_WANDERING`."""
    amplitudes = np.array([*_SIDED.values()] + [1.0] * len(_WANDERING))
    return Drift(of_slot(seed, Purpose.FACE_DRIFT, 0), amplitudes, (0.06, 0.45)).waves


def face_weights(mouth: Mouth, lids: Array, gaze: Array, brow: Array, own: Array) -> NDArray[np.float32]:
    """(T, 52) weights in ARKIT52's order, 0 to 1.

    lids: (T, 2) left and right, shut. gaze: (T, 2) radians. brow: (T,) raised. own: (T, N), see `wandering`.
    """
    weights = np.zeros((len(lids), len(_COLUMN)))
    more: dict[str, Array] = dict(zip(_SIDED, own.T, strict=False))
    wander: dict[str, Array] = dict(zip(_WANDERING, own[:, SIDES:].T, strict=True))

    def put(values: Array, *names: str) -> None:
        for name in names:
            weights[:, _COLUMN[name]] = values

    def both(values: Array, side: str, *names: str) -> None:
        for name in names:
            weights[:, _COLUMN[f"{name}Left"]] = values * (1.0 + more[side])
            weights[:, _COLUMN[f"{name}Right"]] = values * (1.0 - more[side])

    def two(values: Array, name: str) -> None:
        put(np.maximum(values, 0.0), f"{name}Left")
        put(np.maximum(-values, 0.0), f"{name}Right")

    rounding, pressed = mouth.rounding, mouth.pressed
    open_ = mouth.openness * (1.0 - pressed) * (1.0 - 0.7 * mouth.bitten)
    flat = 1.0 - rounding
    spread = mouth.spread * flat
    talks = np.clip(5.0 * mouth.jaw, 0.0, 1.0)
    # Where the jaw is late the lips open further, and where it is still open they close over it.
    late = _JAW_SHARE * open_ - mouth.jaw
    opening = np.maximum(late, 0.0) * (1.0 - 0.6 * rounding)
    put(mouth.jaw, "jawOpen")
    put(np.maximum(-late, 0.0), "mouthClose")
    both(0.40 * open_ * flat + 1.7 * opening, "lower", "mouthLowerDown")
    both(0.20 * open_ * flat + 2.4 * opening + 0.30 * mouth.bitten, "upper", "mouthUpperUp")
    put(0.40 * rounding, "mouthFunnel")
    put(0.80 * rounding * (1.0 - 0.5 * open_), "mouthPucker")
    smile = 0.22 * spread + talks * np.maximum(0.0, 0.03 + 0.03 * wander["smile"])
    both(smile, "smile", "mouthSmile")
    both(np.maximum(0.18 * spread, 0.22 * mouth.sibilance), "stretch", "mouthStretch")
    both(0.15 * spread, "smile", "mouthDimple")
    put(0.10 * mouth.sibilance, "jawForward")
    both(0.22 * pressed, "stretch", "mouthPress")
    lips = talks * np.maximum(0.0, 0.03 * wander["lips"])
    put(0.32 * pressed + 0.45 * mouth.bitten + lips, "mouthRollLower")
    put(0.28 * pressed, "mouthRollUpper")
    put(0.25 * mouth.between, "tongueOut")
    put(0.12 * pressed + talks * np.maximum(0.0, 0.02 + 0.03 * wander["lips"]), "mouthShrugLower")
    put(0.10 * pressed + 0.05 * rounding, "mouthShrugUpper")
    put(0.06 * pressed, "cheekPuff")
    both(talks * np.maximum(0.0, 0.05 * wander["frown"]), "stretch", "mouthFrown")
    two(0.04 * talks * wander["mouth"], "mouth")
    two(0.12 * wander["jaw"] * mouth.jaw, "jaw")
    both(0.05 * open_ * flat + np.maximum(0.0, 0.03 * wander["sneer"]), "upper", "noseSneer")
    both(0.5 * smile + np.maximum(0.0, 0.03 + 0.03 * wander["cheek"]), "smile", "cheekSquint")

    for name, values in upper_face(lids, gaze, brow, smile, wander).items():
        if name in _COLUMN:
            put(values, name)
        else:
            both(values, "brow" if name.startswith("brow") else "eye", name)
    return np.clip(weights, 0.0, 1.0).astype(np.float32)


def tongue_weights(mouth: Mouth) -> NDArray[np.float32]:
    """(T, 16) weights of ARKIT_TONGUE's last curves: the tip as it is heard, the body as vowels have it (high in front where
    lips are spread, back where they are rounded, low where they are wide open)."""
    weights = dict.fromkeys(ARKIT_TONGUE.curve_names[len(_COLUMN) :], np.zeros_like(mouth.tongue))
    weights["tongueTipUp"] = 0.9 * mouth.tongue
    weights["tongueUp"] = 0.5 * mouth.spread * (1.0 - mouth.rounding) * (1.0 - mouth.openness)
    weights["tongueIn"] = 0.4 * mouth.rounding
    weights["tongueDown"] = 0.5 * mouth.openness * (1.0 - mouth.tongue)
    return np.clip(np.stack(list(weights.values()), axis=1), 0.0, 1.0).astype(np.float32)
