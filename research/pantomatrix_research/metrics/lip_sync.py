"""Whether a mouth does what its speech asks for: lips shut at P, B, M, open with the phones, round, in time, shut in silence.

Of a face in ARKit's curves against timed phones; no recording of a face is needed. Formulas: docs/reference/metrics.md.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters.face.rigs import ARKIT52
from pantomatrix_converters.motion import FaceCurves

from ..phones import SILENCE, Phone

Array = NDArray[np.float64]

OPENING = {
    "AA": 1.0, "AE": 0.9, "AH": 0.6, "AO": 0.8, "AW": 0.85, "AY": 0.9, "EH": 0.7, "ER": 0.45, "EY": 0.6, "IH": 0.45,
    "IY": 0.35, "OW": 0.6, "OY": 0.65, "UH": 0.4, "UW": 0.25, "P": 0.0, "B": 0.0, "M": 0.0, "F": 0.12, "V": 0.12, "TH": 0.25,
    "DH": 0.25, "T": 0.28, "D": 0.28, "N": 0.28, "L": 0.3, "S": 0.15, "Z": 0.15, "SH": 0.2, "ZH": 0.2, "CH": 0.2, "JH": 0.2,
    "K": 0.3, "G": 0.3, "NG": 0.3, "R": 0.3, "Y": 0.3, "W": 0.12, "HH": 0.4, SILENCE: 0.0,
}  # fmt: skip
"""How far lips open in ARPABET's phones, 0 shut to 1 widest: by height and roundness of American English vowels."""
_SHUT = frozenset("PBM")
_ROUND = frozenset(["UW", "UH", "OW", "AO", "OY", "W", "R"])
_SPREAD = frozenset(["IY", "EY", "IH", "S", "Z"])

_SHUT_BELOW = 0.25
_LEAST_OPENING = 0.02
_TARGET_SIGMA_SECONDS, _TARGET_STEP_SECONDS, _TARGET_MARGIN_SECONDS = 0.03, 0.005, 0.5
_MOST_LAG_SECONDS = 0.3
_SILENCE_EDGE_SECONDS, _SILENCE_LEAST_SECONDS = 0.08, 0.15
_CHANCE_FROM_SECONDS = 0.25
_WEIGHTS = {"closure": 0.30, "opening": 0.25, "rounding": 0.20, "timing": 0.15, "silence": 0.10}


@dataclass(frozen=True)
class LipSync:
    """Of one clip; NaN where its speech cannot show it.

    closures: how many P, B, M there are. closure_share of them are shut, closure_chance would be by chance, closure_skill is
    what is above chance, 0 to 1. opening: correlation with the phones' table in speech. lag_ms: late is positive.
    rounding: probability that a rounded phone is rounder than a spread one. silence: how open lips are in silence, of their
    usual opening in speech. score: 0 to 1, weighted mean of the parts.
    """

    closures: int
    closure_share: float
    closure_chance: float
    closure_skill: float
    opening: float
    lag_ms: float
    rounding: float
    silence: float
    score: float


def lip_sync(face: FaceCurves, fps: float, phones: Sequence[Phone]) -> LipSync:
    """face: ARKit's 52 curves, (T, 52), frame k at k / fps seconds of the phones' time."""
    curves = _Curves(face, fps, max(phone.end for phone in phones))
    times, openness = curves.times, curves.openness
    spoken = np.zeros(len(times), bool)
    for phone in phones:
        if phone.label != SILENCE:
            spoken |= (times >= phone.start) & (times < phone.end)
    usual = float(np.percentile(openness[spoken] if spoken.any() else openness, 90))
    closures, share, chance, skill = _closure(curves, phones, usual)
    opening, lag, best = _opening(openness, spoken, _targets(phones, times), fps)
    rounding = _rounding(curves, phones)
    silence = _silence(curves, phones, usual, bool(spoken.any()))
    parts = {
        "closure": skill,
        "opening": max(0.0, opening) if opening == opening else opening,
        "rounding": max(0.0, 2 * rounding - 1) if rounding == rounding else rounding,
        "timing": _timing(opening, lag, best),
        "silence": silence
        if silence != silence
        else 0.0
        if usual < _LEAST_OPENING and spoken.any()
        else float(np.clip(1 - silence, 0, 1)),
    }
    seen = {name: value for name, value in parts.items() if value == value}
    weight = sum(_WEIGHTS[name] for name in seen)
    score = sum(_WEIGHTS[name] * value for name, value in seen.items()) / weight if weight else float("nan")
    return LipSync(closures, share, chance, skill, opening, lag, rounding, silence, score * curves.coverage)


class _Curves:
    """Held at their last frame up to the end of the phones."""

    def __init__(self, face: FaceCurves, fps: float, end: float) -> None:
        if face.rig != ARKIT52.name:
            raise ValueError(f"lips are scored by ARKit's curves, this face is {face.rig!r}")
        weights = np.clip(np.asarray(face.weights, np.float64), 0, 1)
        missing = int(np.ceil((end - (len(weights) - 1) / fps) * fps - 1e-6)) - 1
        if missing > 1:
            weights = np.concatenate([weights, np.repeat(weights[-1:], missing, axis=0)])
        covered = len(face.weights) / fps
        self.coverage = min(1.0, covered / end) if end - covered > 1.5 / fps else 1.0
        self.times = np.arange(len(weights)) / fps
        self.fps = fps
        index = {name: at for at, name in enumerate(face.names)}

        def of(*names: str) -> Array:
            return weights[:, [index[name] for name in names]].mean(axis=1)

        gap = of("jawOpen") - of("mouthClose") + 0.3 * of("mouthLowerDownLeft", "mouthLowerDownRight")
        self.openness = np.maximum(0, gap + 0.2 * of("mouthUpperUpLeft", "mouthUpperUpRight"))
        roundness = 2 * of("mouthFunnel", "mouthPucker")
        self.roundness = np.where(roundness < 0.01, 0, roundness)

    def frames(self, start: float, end: float, pad: float = 0.0) -> NDArray[np.int64]:
        """Those in an interval, or the one nearest to its middle."""
        inside = np.flatnonzero((self.times >= start - pad - 1e-9) & (self.times <= end + pad + 1e-9))
        return inside if len(inside) else np.array([np.abs(self.times - (start + end) / 2).argmin()])


def _closure(curves: _Curves, phones: Sequence[Phone], usual: float) -> tuple[int, float, float, float]:
    """Chance is what the same curve gets when it is turned in time by a quarter of a second and more."""
    nan = float("nan")
    windows = [curves.frames(phone.start, phone.end, 1 / curves.fps) for phone in phones if phone.label in _SHUT]
    if not windows:
        return 0, nan, nan, nan
    if usual < _LEAST_OPENING:
        return len(windows), 0.0, 0.0, 0.0
    shut = curves.openness / usual < _SHUT_BELOW
    share = float(np.mean([shut[window].any() for window in windows]))
    count = len(shut)
    first = max(1, round(_CHANCE_FROM_SECONDS * curves.fps))
    turns = np.arange(first, max(first + 1, count - first + 1))
    turned = [shut[(window[:, None] - turns) % count].any(axis=0) for window in windows]
    chance = float(np.mean(turned))
    return len(windows), share, chance, max(0.0, (share - chance) / (1 - chance)) if chance < 1 - 1e-9 else 0.0


def _targets(phones: Sequence[Phone], times: Array) -> Array:
    """The table held over each phone, smoothed by a Gaussian of 30 ms."""
    end = max(max(phone.end for phone in phones), float(times[-1])) + _TARGET_MARGIN_SECONDS
    grid = np.arange(-_TARGET_MARGIN_SECONDS, end, _TARGET_STEP_SECONDS)
    wanted = np.zeros(len(grid))
    for phone in phones:
        wanted[(grid >= phone.start) & (grid < phone.end)] = OPENING[phone.label]
    reach = 4 * _TARGET_SIGMA_SECONDS
    offsets = np.arange(-reach, reach + _TARGET_STEP_SECONDS / 2, _TARGET_STEP_SECONDS)
    kernel = np.exp(-np.square(offsets) / (2 * _TARGET_SIGMA_SECONDS**2))
    smooth = np.asarray(np.convolve(wanted, kernel / kernel.sum(), "same"), np.float64)
    return np.asarray(np.interp(times, grid, smooth), np.float64)


def _opening(openness: Array, spoken: NDArray[np.bool_], target: Array, fps: float) -> tuple[float, float, float]:
    """Correlation in speech; the lag in ms with the best correlation over the clip, and that."""
    nan = float("nan")
    if not spoken.any():
        return nan, nan, nan
    most, count = round(_MOST_LAG_SECONDS * fps), len(openness)
    found = {
        lag: _correlation(openness[max(0, lag) : count + min(0, lag)], target[max(0, -lag) : count - max(0, lag)])
        for lag in range(-most, most + 1)
        if count - abs(lag) >= 8
    }
    in_speech = _correlation(openness[spoken], target[spoken])
    if not found:
        return in_speech, nan, nan
    best = max(found, key=lambda lag: (found[lag], -abs(lag)))
    if found[best] < 0.2:
        return in_speech, nan, found[best]
    between = 0.0
    if best - 1 in found and best + 1 in found:
        curvature = found[best - 1] - 2 * found[best] + found[best + 1]
        if curvature < -1e-12:
            between = float(np.clip((found[best - 1] - found[best + 1]) / (2 * curvature), -0.5, 0.5))
    return in_speech, 1000 * (best + between) / fps, found[best]


def _timing(opening: float, lag_ms: float, best: float) -> float:
    """1 within 20 ms, 0 from 200 ms on and for curves without correlation."""
    if opening != opening:
        return opening
    return float(np.clip(1 - (abs(lag_ms) - 20) / 180, 0, 1)) if best >= 0.3 else 0.0


def _rounding(curves: _Curves, phones: Sequence[Phone]) -> float:
    """Over the middle 60 % of phones; ties count half."""

    def of(labels: frozenset[str]) -> Array:
        chosen = [phone for phone in phones if phone.label in labels]
        edges = [0.2 * (phone.end - phone.start) for phone in chosen]
        return np.array(
            [
                curves.roundness[curves.frames(phone.start + edge, phone.end - edge)].mean()
                for phone, edge in zip(chosen, edges, strict=True)
            ]
        )

    rounded, spread = of(_ROUND), of(_SPREAD)
    if not len(rounded) or not len(spread):
        return float("nan")
    more = rounded[:, None] - spread[None]
    return float(((more > 1e-6) + 0.5 * (np.abs(more) <= 1e-6)).mean())


def _silence(curves: _Curves, phones: Sequence[Phone], usual: float, speaks: bool) -> float:
    """Mean openness over the usual one; 80 ms next to speech are left out, then silences below 0.15 s."""
    first, last = phones[0].start, max(phone.end for phone in phones)
    silent = np.zeros(len(curves.times), bool)
    for phone in phones:
        start = phone.start + (0 if phone.start <= first + 1e-6 else _SILENCE_EDGE_SECONDS)
        end = phone.end - (0 if phone.end >= last - 1e-6 else _SILENCE_EDGE_SECONDS)
        if phone.label == SILENCE and end - start >= _SILENCE_LEAST_SECONDS:
            silent |= (curves.times >= start) & (curves.times < end)
    if not silent.any():
        return float("nan")
    if not speaks:
        return float(curves.openness[silent].mean() / 0.3)
    return float(curves.openness[silent].mean() / usual) if usual >= _LEAST_OPENING else 0.0


def _correlation(one: Array, other: Array) -> float:
    if len(one) < 5 or one.std() < 1e-6 or other.std() < 1e-6:
        return 0.0
    return float(np.corrcoef(one, other)[0, 1])
