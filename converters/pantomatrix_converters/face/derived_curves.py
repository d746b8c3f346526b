"""Vowels, visemes and feelings from ARKit's curves, for faces that have such shapes instead.

Vowels and visemes are told by what the lips do: how far apart they are, how round, how spread, whether they are held shut.
Vowels are shared out by height and rounding as the International Phonetic Alphabet's chart has them: wide open is A, spread
is E or, narrower, I; round is O or, narrower, U. The tongue cannot be seen, so that kk, nn and RR stay 0 and DD, SS and CH
stand for all that is said through a narrow gap. Feelings are told by Ekman's action units; joy needs raised cheeks, so that
spread lips that only speak are none.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .face_maps import DERIVED_CURVES
from .rigs import ARKIT52

Array = NDArray[np.float64]

_WIDEST_GAP, _WIDEST_ROUND_GAP = 0.8, 0.62
"""The gap of a mouth that speaks its widest vowel; lips that are round part by the jaw alone."""
_NARROW_GAP = 0.2
"""How open a mouth is that says S or D."""


def derived_curves(arkit: NDArray[np.floating]) -> dict[str, Array]:
    """(T,) for each of DERIVED_CURVES. arkit: (T, 52 or more) in ARKit's order. The five vowels together are at most 1, the
    fifteen visemes exactly 1, the feelings at most 1."""
    columns = arkit[:, : len(ARKIT52.curve_names)].T.astype(np.float64)
    face = dict(zip(ARKIT52.curve_names, columns, strict=True))
    found = {**_mouth(face), **_feelings(face)}
    zeros = np.zeros(len(arkit))
    return {name: found.get(name, zeros) for name in DERIVED_CURVES}


def _mouth(face: dict[str, Array]) -> dict[str, Array]:
    lower_down, upper_up = _both(face, "mouthLowerDown"), _both(face, "mouthUpperUp")
    gap = np.maximum(0, face["jawOpen"] - face["mouthClose"]) + 0.35 * lower_down + 0.25 * upper_up
    lower_in, upper_in = face["mouthRollLower"], face["mouthRollUpper"]
    held = np.maximum(_both(face, "mouthPress"), np.minimum(lower_in, upper_in))
    shut = _ramp(held, 0.05, 0.3) * (1 - _ramp(gap, 0.15, 0.4))
    round_ = _ramp(0.8 * face["mouthFunnel"] + face["mouthPucker"], 0.2, 0.6)
    openness = np.minimum(1, gap / (_WIDEST_GAP + (_WIDEST_ROUND_GAP - _WIDEST_GAP) * round_)) * (1 - shut)
    stretched = 0.5 * _both(face, "mouthSmile") + _both(face, "mouthStretch") + 0.6 * _both(face, "mouthDimple")
    spread = _ramp(stretched, 0.08, 0.36)

    # Of the vowels: what is round and what is spread, and of these what is open.
    round_open, spread_open = _ramp(openness, 0.35, 0.6), _ramp(openness, 0.42, 0.62)
    front = (1 - round_) * spread * (1 - _ramp(openness, 0.62, 0.95))
    a = (1 - round_ - front) * openness
    u, o = round_ * (1 - round_open), round_ * round_open * np.minimum(1, openness / 0.6)
    i, e = (
        front * (1 - spread_open) * np.minimum(1, openness / 0.4),
        front * spread_open * np.minimum(1, openness / 0.6),
    )

    # Of the visemes: first the lips and the tongue that can be seen, then the narrow gaps, then the vowels.
    said = 1 - shut
    bite = said * _ramp(lower_in - upper_in, 0.15, 0.5)
    tongue = (said - bite) * _ramp(face["tongueOut"], 0.1, 0.5)
    left = said - bite - tongue
    narrow = left * np.minimum(1, openness / _NARROW_GAP) * (1 - _ramp(openness, _NARROW_GAP, 0.42))
    pout = narrow * _ramp(round_, 0.2, 0.5) * (1 - _ramp(round_, 0.6, 0.9))
    flat = narrow * (1 - _ramp(round_, 0.2, 0.5))
    left = left - pout - flat
    return {
        **{f"vowel{name}": said * part for name, part in zip("AIUEO", (a, i, u, e, o), strict=True)},
        "mouthOpen": openness, "lipsShut": shut,
        "visemePP": shut, "visemeFF": bite, "visemeTH": tongue,
        "visemeCH": pout, "visemeSS": flat * spread, "visemeDD": flat * (1 - spread),
        "visemeAA": left * a, "visemeE": left * e, "visemeIH": left * i, "visemeOH": left * o, "visemeOU": left * u,
        "visemeSil": np.maximum(0, left * (1 - a - e - i - o - u)),
    }  # fmt: skip


def _feelings(face: dict[str, Array]) -> dict[str, Array]:
    outer_up, brow_down = _both(face, "browOuterUp"), _both(face, "browDown")
    joy = _ramp(_both(face, "cheekSquint"), 0.1, 0.5) * _ramp(_both(face, "mouthSmile"), 0.2, 0.6)
    anger = _ramp(brow_down, 0.25, 0.8) * (1 - joy)
    sorrow = _ramp(face["browInnerUp"] - outer_up, 0.3, 0.7) * (1 - joy)
    surprise = _ramp(outer_up, 0.3, 0.7) * _ramp(_both(face, "eyeWide"), 0.2, 0.6) * (1 - joy)
    share = 1 / np.maximum(1, joy + anger + sorrow + surprise)
    return {"joy": share * joy, "anger": share * anger, "sorrow": share * sorrow, "surprise": share * surprise}


def _both(face: dict[str, Array], curve: str) -> Array:
    return 0.5 * (face[f"{curve}Left"] + face[f"{curve}Right"])


def _ramp(value: Array, low: float, high: float) -> Array:
    return np.clip((value - low) / (high - low), 0, 1)
