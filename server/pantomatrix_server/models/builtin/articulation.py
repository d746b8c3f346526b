"""From what is heard to what the mouth does: rules of acoustic phonetics on band levels.

Levels are taken relative to the speaker's own loudness. The first formant (the balance of 500-1200 Hz against 100-500 Hz)
opens the jaw; weak bands above 1.8 kHz in a voiced sound round the lips, strong ones spread them; a sound whose middle
bands vanish closes the lips, unless noise above 2.6 kHz within the same consonant tells of a tongue instead of the lips.
(Stevens, Acoustic Phonetics, 1998, chapters 6 to 9, for the directions; the constants were set by hand.)
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from .hearing import HOPS_PER_SECOND, Heard

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
"""Hops after its own that the articulation of a hop depends on, unless it is to be guessed from less."""

_VOICING, _LEVEL = 9, 11
"""Columns of what was heard (see Heard); the level is kept behind them."""
_COLUMNS = _LEVEL + 1

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

    def hops(self, start: int, stop: int) -> Articulation:
        """The hops start to stop, stop not included."""
        return Articulation(*(getattr(self, field.name)[start:stop] for field in fields(self)))


class Articulator:
    """What is remembered of an utterance to turn its hops into articulation, `look_ahead` hops behind the ear. Where that is
    less than LOOK_AHEAD_HOPS, the last hop is taken to go on."""

    def __init__(self, look_ahead: int = LOOK_AHEAD_HOPS) -> None:
        self._reference_ahead = min(_REFERENCE_AHEAD, look_ahead)
        self.ahead = min(_AHEAD, look_ahead - self._reference_ahead)
        self._loudness = _Loudness()
        self._waiting = np.zeros((0, _COLUMNS))
        past = np.concatenate([silence(_PAST).values, np.full((_PAST, 2), _SILENT_DB)], axis=1)
        self.context = past
        """(C, 13) hops heard, with the reference and floor levels at each, decibels; the first _PAST are done."""

    def push(self, heard: Array, level: Array) -> int:
        """heard: (H, 11) values of hops; level: (H,) decibels. Returns how many hops of `context` are settled by them."""
        waiting = np.concatenate([self._waiting, np.concatenate([heard, level[:, None]], axis=1)])
        ready = max(0, len(waiting) - self._reference_ahead)
        levels = self._loudness.push(waiting[:, _LEVEL].tolist(), waiting[:, _VOICING].tolist(), ready)
        self._waiting = waiting[ready:]
        if ready:
            self.context = np.concatenate([self.context, np.concatenate([waiting[:ready, :_LEVEL], levels], axis=1)])
        return max(0, len(self.context) - _PAST - self.ahead)

    def contexts(self, settled: int) -> tuple[Array, NDArray[np.int64]]:
        """(C, 13) hops to articulate from, and which of them those that are settled are."""
        if self.ahead == _AHEAD:
            return self.context, np.arange(_PAST, _PAST + settled)
        each = np.arange(settled)[:, None] + np.minimum(np.arange(_PAST + 1 + _AHEAD), _PAST + self.ahead)
        return self.context[each.reshape(-1)], _PAST + (_PAST + 1 + _AHEAD) * np.arange(settled)


def articulated(articulators: Sequence[Articulator], heard: Heard, counts: Sequence[int]) -> list[Articulation]:
    """Articulation of the hops of several utterances that are settled by more of each.

    heard: hops of the first, then of the second and so on; counts: how many of each.
    """
    level = _power_db(heard.bands_db, range(1, 7))
    ends = np.cumsum(counts).tolist()
    settled = [
        articulator.push(heard.values[end - count : end], level[end - count : end])
        for articulator, count, end in zip(articulators, counts, ends, strict=True)
    ]
    contexts = [articulator.contexts(more) for articulator, more in zip(articulators, settled, strict=True)]
    starts = np.cumsum([0, *(len(context) for context, _ in contexts)]).tolist()
    now = np.concatenate([places + start for start, (_, places) in zip(starts, contexts, strict=False)])
    together = _articulation(np.concatenate([context for context, _ in contexts]), now)
    for articulator, more in zip(articulators, settled, strict=True):
        articulator.context = articulator.context[more:]
    stops = np.cumsum(settled).tolist()
    return [together.hops(stop - more, stop) for stop, more in zip(stops, settled, strict=True)]


class _Loudness:
    """How loud this speaker is (fast up, slowly down while the voice sounds) and how loud the room (the reverse)."""

    def __init__(self) -> None:
        self._reference = -50.0
        self._floor: float | None = None

    def push(self, levels: list[float], voices: list[float], ready: int) -> Array:
        """levels, voices: of ready hops, and of those ahead. Returns (ready, 2): at each the reference and the floor, dB."""
        reference, floor = self._reference, self._floor
        reach = len(levels) - ready
        both = []
        for hop in range(ready):
            if floor is None:
                floor = levels[hop]
            ahead = hop + reach
            voiced = voices[ahead] > 0.6
            if voiced and levels[ahead] > max(-75.0, floor + 8.0, reference):
                reference += 0.3 * (levels[ahead] - reference)
            if voiced:
                reference = max(reference - 0.03, -70.0)
            floor = min(floor + 0.02, levels[hop])
            both.append((reference, floor))
        self._reference, self._floor = reference, floor
        return np.array(both).reshape(-1, 2)


def _articulation(context: Array, now: NDArray[np.int64]) -> Articulation:
    """context: (C, 13), of one utterance after another; now: the hops of it to articulate, _PAST behind the beginning of
    their utterance's and _AHEAD before its end, so that none sees another's."""
    heard, reference, floor = Heard(context[:, :_LEVEL]), context[:, _LEVEL], context[:, _LEVEL + 1]
    voicing = heard.voicing
    bands = heard.bands_db - reference[:, None]
    power = 10.0 ** (bands / 10.0)
    low_voice = _db(power[:, 1:4].sum(axis=1))
    middle = _db(power[:, 2:6].sum(axis=1))
    level = _db(power[:, 1:7].sum(axis=1))
    above_floor = level + reference - floor
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
    lips = _smooth(np.stack([rounding, spread, sibilance]), _gaussian(_LIPS_SIGMA), now)
    (open_lips,) = _smooth(openness[None], _gaussian(_MOUTH_SIGMA), now)
    stress, speaking = _smooth(np.stack([sonority, _ramp(level, -30, -20) * activity]), _triangle(_STRESS_SMOOTH), now)
    return Articulation(
        openness=open_lips,
        rounding=lips[0],
        spread=lips[1],
        pressed=(1.0 - _ramp(open_lips, 0.04, 0.16)) * _ramp(speaking, 0.2, 0.6),
        sibilance=lips[2],
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


def _smooth(tracks: Array, kernel: Array, now: NDArray[np.int64]) -> Array:
    """Weighted mean of (N, C) tracks around the hops `now`; summed in a fixed order, so that cuts do not change a bit."""
    half = len(kernel) // 2
    result = np.zeros((len(tracks), len(now)))
    for offset, weight in enumerate(kernel, start=-half):
        result += weight * tracks[:, now + offset]
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


def silence(hops: int) -> Heard:
    """Hops in which nothing sounds."""
    values = np.full((hops, _LEVEL), _SILENT_DB)
    values[:, _VOICING], values[:, _VOICING + 1] = 0.0, HOPS_PER_SECOND
    return Heard(values)
