"""From what is heard to what the mouth does: rules of acoustic phonetics on band levels.

Levels are taken relative to the speaker's own loudness. The first formant (the balance of 500-1200 Hz against 100-500 Hz)
opens the jaw; weak bands above 1.8 kHz in a voiced sound round the lips, strong ones spread them; a sound whose middle
bands vanish closes the lips, unless noise above 2.6 kHz within the same consonant tells of a tongue instead of the lips.
(Stevens, Acoustic Phonetics, 1998, chapters 6 to 9, for the directions; the constants were set by hand.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .hearing import HOPS_PER_SECOND, Heard, join_heard

Array = NDArray[np.float64]

_SILENT_DB = -100.0
_REFERENCE_AHEAD = 3
_CONSONANT_BACK, _CONSONANT_AHEAD = 3, 7
_MOUTH_SIGMA, _LIPS_SIGMA = 1.4, 2.0
_SMOOTH = 5
_STRESS_SMOOTH = 12
_WIDE = 0.65
"""Opening from which the jaw gives way only slowly, so that loud vowels differ instead of all being cut at 1."""
_PAST = max(_CONSONANT_BACK + _SMOOTH, _STRESS_SMOOTH)
_AHEAD = max(_CONSONANT_AHEAD + _SMOOTH, _STRESS_SMOOTH)

LOOK_AHEAD_HOPS = _AHEAD + _REFERENCE_AHEAD

SPEAKING = 0.4
"""Activity above which someone speaks."""


@dataclass(frozen=True, eq=False)
class Articulation:
    """Consecutive hops; every track is (H,) from 0 to 1.

    openness: lips apart. rounding: lips pushed forward. spread: mouth corners drawn apart. pressed: lips held shut while
    speaking. sibilance: teeth together. activity: someone speaks. stress: loudness of syllables, smoothed to their rate.
    pitch_hz: fundamental frequency, 0 where there is no voice.
    """

    openness: Array
    rounding: Array
    spread: Array
    pressed: Array
    sibilance: Array
    activity: Array
    stress: Array
    pitch_hz: Array

    def __len__(self) -> int:
        return len(self.openness)


class Articulator:
    """Turns hops into articulation, LOOK_AHEAD_HOPS behind the ear."""

    def __init__(self) -> None:
        self._loudness = _Loudness()
        self._waiting: Heard = _silence(0)
        self._context = _Context(_silence(_PAST), np.full(_PAST, _SILENT_DB), np.full(_PAST, _SILENT_DB))

    def push(self, heard: Heard) -> Articulation:
        """Articulation of the hops that are settled by these."""
        waiting = join_heard([self._waiting, heard])
        ready = max(0, len(waiting) - _REFERENCE_AHEAD)
        level = _power_db(waiting.bands_db, range(1, 7))
        reference, floor = self._loudness.push(level, waiting.voicing, ready)
        self._waiting = _hops(waiting, ready, len(waiting))
        context = self._context.joined(_hops(waiting, 0, ready), reference, floor)
        settled = max(0, len(context.heard) - _PAST - _AHEAD)
        tracks = _articulation(context, settled) if settled else _nothing()
        self._context = context.since(settled)
        return tracks

    def finish(self) -> Articulation:
        """Articulation of all remaining hops, silence after them."""
        return self.push(_silence(LOOK_AHEAD_HOPS))


@dataclass
class _Context:
    """Hops with the reference and floor levels at each, decibels."""

    heard: Heard
    reference: Array
    floor: Array

    def joined(self, heard: Heard, reference: Array, floor: Array) -> _Context:
        return _Context(
            join_heard([self.heard, heard]),
            np.concatenate([self.reference, reference]),
            np.concatenate([self.floor, floor]),
        )

    def since(self, start: int) -> _Context:
        return _Context(_hops(self.heard, start, len(self.heard)), self.reference[start:], self.floor[start:])


class _Loudness:
    """How loud this speaker is (fast up, slowly down while the voice sounds) and how loud the room (the reverse)."""

    def __init__(self) -> None:
        self._reference = -50.0
        self._floor: float | None = None

    def push(self, level: Array, voicing: Array, ready: int) -> tuple[Array, Array]:
        """level, voicing: (ready + ahead,). Returns the reference and the floor, (ready,) each, decibels."""
        levels, voices = level.tolist(), voicing.tolist()
        reference, floor = self._reference, self._floor
        references, floors = [], []
        for hop in range(ready):
            if floor is None:
                floor = levels[hop]
            ahead = hop + _REFERENCE_AHEAD
            voiced = voices[ahead] > 0.6
            if voiced and levels[ahead] > max(-75.0, floor + 8.0, reference):
                reference += 0.3 * (levels[ahead] - reference)
            if voiced:
                reference = max(reference - 0.03, -70.0)
            floor = min(floor + 0.02, levels[hop])
            references.append(reference)
            floors.append(floor)
        self._reference, self._floor = reference, floor
        return np.array(references), np.array(floors)


def _articulation(context: _Context, settled: int) -> Articulation:
    heard, voicing = context.heard, context.heard.voicing
    bands = heard.bands_db - context.reference[:, None]
    power = 10.0 ** (bands / 10.0)
    low_voice = _db(power[:, 1:4].sum(axis=1))
    middle = _db(power[:, 2:6].sum(axis=1))
    level = _db(power[:, 1:7].sum(axis=1))
    above_floor = level + context.reference - context.floor
    activity = _ramp(above_floor, 6, 14) * _ramp(_db(power.sum(axis=1)), -45, -30)

    first_formant = _db((power[:, 2] + 2 * power[:, 3]) / (power[:, 1] + 0.3 * power[:, 0] + 1e-9))
    vowel = _ramp(middle, -24, -12)
    voice = _ramp(voicing + np.where(level > -12, 0.3, 0.0), 0.3, 0.6)
    jaw = np.maximum(0.25, 0.62 + 0.035 * first_formant)
    jaw = np.where(jaw > _WIDE, _WIDE + (1.0 - _WIDE) * np.tanh((jaw - _WIDE) / (1.0 - _WIDE)), jaw)
    vowel_opening = jaw * vowel * voice

    consonant = low_voice < -14
    noise = _within_consonant(_db(power[:, 6:9].sum(axis=1)), consonant)
    tongue_opening = np.where(consonant, 0.26 * _ramp(noise, -40, -30), 0.0)
    openness = np.maximum(vowel_opening, tongue_opening) * activity

    brightness = _db(power[:, 5:8].sum(axis=1)) - low_voice
    clear_voice = _ramp(voicing, 0.5, 0.7) * vowel * activity
    rounding = (1.0 - _ramp(brightness, -24, -16)) * clear_voice
    spread = _ramp(brightness, -14, -6) * clear_voice
    hiss = _db(power[:, 7:9].sum(axis=1))
    sibilance = _ramp(hiss - low_voice, 0, 10) * _ramp(hiss, -30, -18) * activity

    sonority = _ramp(low_voice, -20, 0) * _ramp(voicing, 0.3, 0.6) * activity
    stress = _smooth(sonority, _triangle(_STRESS_SMOOTH), settled)
    open_lips = _smooth(openness, _gaussian(_MOUTH_SIGMA), settled)
    speaking = _smooth(_ramp(level, -30, -20) * activity, _triangle(_STRESS_SMOOTH), settled)
    now = slice(_PAST, _PAST + settled)
    return Articulation(
        openness=open_lips,
        rounding=_smooth(rounding, _gaussian(_LIPS_SIGMA), settled),
        spread=_smooth(spread, _gaussian(_LIPS_SIGMA), settled),
        pressed=(1.0 - _ramp(open_lips, 0.04, 0.16)) * _ramp(speaking, 0.2, 0.6),
        sibilance=_smooth(sibilance, _gaussian(_LIPS_SIGMA), settled),
        activity=speaking,
        stress=stress,
        pitch_hz=np.where(voicing[now] > 0.6, heard.pitch_hz[now], 0.0) * (activity[now] > 0.5),
    )


def _within_consonant(values: Array, consonant: NDArray[np.bool_]) -> Array:
    """The highest value of the same consonant, a few hops around each hop."""
    highest = values.copy()
    for direction, reach in ((1, _CONSONANT_AHEAD), (-1, _CONSONANT_BACK)):
        same = consonant.copy()
        for step in range(1, reach + 1):
            same &= _shifted(consonant, direction * step, fill=False)
            neighbour = _shifted(values, direction * step, fill=_SILENT_DB)
            highest = np.where(same, np.maximum(highest, neighbour), highest)
    return highest


def _shifted(values: NDArray, steps: int, fill: float) -> NDArray:
    """values[h + steps] at h."""
    result = np.full_like(values, fill)
    if steps > 0:
        result[:-steps] = values[steps:]
    else:
        result[-steps:] = values[:steps]
    return result


def _smooth(values: Array, kernel: Array, settled: int) -> Array:
    """Weighted mean around the settled hops; summed in a fixed order, so that cuts do not change a bit."""
    half = len(kernel) // 2
    result = np.zeros(settled)
    for offset, weight in enumerate(kernel, start=-half):
        result += weight * values[_PAST + offset : _PAST + offset + settled]
    return result


def _gaussian(sigma: float) -> Array:
    kernel = np.exp(-0.5 * (np.arange(-_SMOOTH, _SMOOTH + 1) / sigma) ** 2)
    return kernel / kernel.sum()


def _triangle(half: int) -> Array:
    kernel = half + 1.0 - np.abs(np.arange(-half, half + 1))
    return kernel / kernel.sum()


def _ramp(values: Array, low: float, high: float) -> Array:
    return np.clip((values - low) / (high - low), 0.0, 1.0)


def _db(power: Array) -> Array:
    return 10.0 * np.log10(power + 1e-12)


def _power_db(bands_db: Array, bands: range) -> Array:
    return _db((10.0 ** (bands_db[:, bands.start : bands.stop] / 10.0)).sum(axis=1))


def _silence(hops: int) -> Heard:
    return Heard(np.full((hops, 9), _SILENT_DB), np.zeros(hops), np.full(hops, float(HOPS_PER_SECOND)))


def _nothing() -> Articulation:
    return Articulation(*(np.zeros(0) for _ in range(8)))


def _hops(heard: Heard, start: int, stop: int) -> Heard:
    return Heard(heard.bands_db[start:stop], heard.voicing[start:stop], heard.pitch_hz[start:stop])
