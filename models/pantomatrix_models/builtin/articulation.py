"""From what is heard to what the mouth does. A small network says what the lips do (`lips.py`); whether anyone speaks, and
which syllables are stressed, follows from levels relative to the speaker's own loudness and the room's."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from .hearing import COLUMNS, HOPS_PER_SECOND, Heard
from .lips import OFFSETS, TARGETS, features, lips
from .script import Script, Told

Array = NDArray[np.float64]

_SILENT_DB, _FIRST_REFERENCE_DB = -100.0, -50.0
_REFERENCE_AHEAD = 3
_USUAL_DB, _WIDER_A_DB, _WIDTHS = -8.0, 0.02, (0.65, 1.15)
"""Level of speech relative to the speaker's loudness, and how much wider a louder mouth opens, within these factors."""
_VOICED, _OVER_THE_ROOM_DB = 0.5, 5.0
"""What is taken for a voice: voicing, and how much louder than the room."""
_SPEAKING_SMOOTH, _STRESS_SMOOTH = 12, 8
STRESS_AHEAD = 16
"""Hops that stress is heard ahead, for the hands to be at their fastest in the middle of the syllable."""
_PAST = max(-int(OFFSETS.min()), _SPEAKING_SMOOTH)
_AHEAD = max(int(OFFSETS.max()), _SPEAKING_SMOOTH, STRESS_AHEAD + _STRESS_SMOOTH)

LOOK_AHEAD_HOPS = _AHEAD + _REFERENCE_AHEAD
"""Hops after its own that the articulation of a hop depends on, unless it is to be guessed from less."""

_VOICING, _LEVEL = 9, COLUMNS
"""Columns of what was heard (see Heard); the level is kept behind them."""
_COLUMNS = _LEVEL + 1

_SAYS_SPEECH, _SAYS_CLOSED, _TOLD_CLOSED = (0.5, 0.75), np.array([0.08, 0.2]), np.array([0.35, 0.75])
"""What the network, and a text, say where nobody speaks or the lips are apart, and where someone does or they are shut:
closures are events, so lips do not stop half way."""
SPEAKING = 0.4
"""Activity above which someone speaks."""


@dataclass(frozen=True, eq=False)
class Articulation:
    """Consecutive hops; every track is (H,) from 0 to 1.

    openness: lips apart, where they are not held shut. rounding: lips pushed forward. spread: mouth corners drawn apart.
    pressed: lips held shut while speaking. sibilance: teeth together. tongue: its tip at or behind the teeth. bitten: the
    lower lip at the upper teeth. between: the tongue between the teeth. activity: someone speaks. stress: loudness of
    syllables, smoothed to their rate, of STRESS_AHEAD hops later. pitch_hz: fundamental frequency, 0 where there is no voice.
    """

    openness: Array
    rounding: Array
    spread: Array
    pressed: Array
    sibilance: Array
    tongue: Array
    bitten: Array
    between: Array
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

    def __init__(self, look_ahead: int = LOOK_AHEAD_HOPS, first_hop: float = 0.0) -> None:
        """first_hop: of the stream."""
        self._reference_ahead = min(_REFERENCE_AHEAD, max(0, look_ahead - int(OFFSETS.max())))
        self.ahead = min(_AHEAD, look_ahead - self._reference_ahead)
        self._loudness = _Loudness()
        self._waiting = np.zeros((0, _COLUMNS))
        self.script = Script(first_hop)
        """What is said, where a text tells it."""
        past = np.column_stack([silence(_PAST).values, np.tile((_FIRST_REFERENCE_DB, _SILENT_DB), (_PAST, 1))])
        self.context = past
        """(C, COLUMNS + 2) hops heard, with the reference and floor levels at each, decibels; the first _PAST are done."""

    def begin_utterance(self, hop: int) -> None:
        """From this hop on it may be another voice."""
        self._loudness.begin_at(hop - self._reference_ahead)

    def push(self, heard: Array, level: Array) -> int:
        """heard: (H, COLUMNS) values of hops; level: (H,) decibels. Returns how many hops of `context` they settle."""
        waiting = np.concatenate([self._waiting, np.concatenate([heard, level[:, None]], axis=1)])
        ready = max(0, len(waiting) - self._reference_ahead)
        levels, begun = self._loudness.push(waiting[:, _LEVEL].tolist(), waiting[:, _VOICING].tolist(), ready)
        self._waiting = waiting[ready:]
        if ready:
            known = len(self.context)
            self.context = np.concatenate([self.context, np.concatenate([waiting[:ready, :_LEVEL], levels], axis=1)])
            for hop in begun:
                # What came before a voice is heard as it is where a stream begins with that voice.
                self.context[known + hop - _PAST : known + hop, _LEVEL] = _FIRST_REFERENCE_DB
        return max(0, len(self.context) - _PAST - self.ahead)


def articulated(articulators: Sequence[Articulator], heard: Heard, counts: Sequence[int]) -> list[Articulation]:
    """Articulation of the hops of several utterances that are settled by more of each.

    heard: hops of the first, then of the second and so on; counts: how many of each.
    """
    level = heard.level_db
    ends = np.cumsum(counts).tolist()
    settled = [
        articulator.push(heard.values[end - count : end], level[end - count : end])
        for articulator, count, end in zip(articulators, counts, ends, strict=True)
    ]
    contexts = [articulator.context for articulator in articulators]
    starts = np.cumsum([0, *map(len, contexts)]).tolist()
    now = np.concatenate([start + _PAST + np.arange(more) for start, more in zip(starts, settled, strict=False)])
    ahead = np.repeat([articulator.ahead for articulator in articulators], settled)
    told = _together(
        [articulator.script.tell(more) for articulator, more in zip(articulators, settled, strict=True)], settled
    )
    together = _articulation(np.concatenate(contexts), now, ahead, told)
    for articulator, more in zip(articulators, settled, strict=True):
        articulator.context = articulator.context[more:]
    stops = np.cumsum(settled).tolist()
    return [together.hops(stop - more, stop) for stop, more in zip(stops, settled, strict=True)]


def _together(told: Sequence[Told | None], hops: Sequence[int]) -> Told | None:
    """Of one utterance after another."""
    if not any(told):
        return None
    each = [one or Told(np.zeros((more, len(TARGETS))), np.zeros(more)) for one, more in zip(told, hops, strict=True)]
    return Told(np.concatenate([one.targets for one in each]), np.concatenate([one.share for one in each]))


class _Loudness:
    """How loud this speaker is (fast up, slowly down while the voice sounds) and how loud the room (the reverse)."""

    def __init__(self) -> None:
        self._reference = _FIRST_REFERENCE_DB
        self._floor: float | None = None
        self._hops = 0
        self._begins: list[int] = []

    def begin_at(self, hop: int) -> None:
        """Forget the voice before this hop, which is still to come."""
        self._begins.append(max(hop, self._hops))

    def push(self, levels: list[float], voices: list[float], ready: int) -> tuple[Array, list[int]]:
        """levels, voices: of ready hops, and of those ahead. Returns (ready, 2): at each the reference and the floor, dB; and
        the hops at which another voice may begin."""
        reference, floor = self._reference, self._floor
        reach = len(levels) - ready
        both, begun = [], []
        for hop in range(ready):
            if self._begins and self._begins[0] == self._hops + hop:
                self._begins = [begin for begin in self._begins if begin > self._hops + hop]
                reference = _FIRST_REFERENCE_DB
                begun.append(hop)
            if floor is None:
                floor = levels[hop]
            ahead = hop + reach
            voiced = voices[ahead] > _VOICED
            if voiced and levels[ahead] > max(-75.0, floor + _OVER_THE_ROOM_DB, reference):
                reference += 0.3 * (levels[ahead] - reference)
            if voiced:
                reference = max(reference - 0.03, -70.0)
            floor = min(floor + 0.02, levels[hop])
            both.append((reference, floor))
        self._reference, self._floor = reference, floor
        self._hops += ready
        return np.array(both).reshape(-1, 2), begun


def heard_in(context: Array) -> NDArray[np.float32]:
    """(C, features) of an Articulator's context, for `lips`."""
    return features(Heard(context[:, :_LEVEL]), context[:, _LEVEL], context[:, _LEVEL + 1])


def _articulation(context: Array, now: NDArray[np.int64], ahead: NDArray[np.int64], told: Told | None) -> Articulation:
    """context: (C, COLUMNS + 2), of one utterance after another; now: the hops of it to articulate, _PAST behind the
    beginning of their utterance's; ahead: how many hops of it follow each, so that none sees another's: the last is
    repeated; told: by a text, of these hops."""
    heard, reference, floor = Heard(context[:, :_LEVEL]), context[:, _LEVEL], context[:, _LEVEL + 1]
    voicing = heard.voicing
    power = 10.0 ** ((heard.bands_db - reference[:, None]) / 10.0)
    level = _db(power[:, 1:7].sum(axis=1))
    activity = _ramp(level + reference - floor, 6, 14) * _ramp(_db(power.sum(axis=1)), -45, -30)
    sonority = _ramp(_db(power[:, 1:4].sum(axis=1)), -20, 0) * _ramp(voicing, 0.3, 0.6) * activity
    (stress,) = _smooth(sonority[None], _triangle(_STRESS_SMOOTH), now, ahead, STRESS_AHEAD)
    (speaking,) = _smooth((_ramp(level, -30, -20) * activity)[None], _triangle(_SPEAKING_SMOOTH), now, ahead)

    said = dict(zip(TARGETS, lips(heard_in(context), now, ahead).T, strict=True))
    speech = _ramp(said["speech"], *_SAYS_SPEECH) * _ramp(_db(power[now].sum(axis=1)), -45, -30)
    closed = _SAYS_CLOSED
    if told is not None:
        closed = _SAYS_CLOSED[:, None] + told.share * (_TOLD_CLOSED - _SAYS_CLOSED)[:, None]
        said["speech"] = speech
        said = dict(zip(TARGETS, told.targets.T + (1.0 - told.share) * np.stack(list(said.values())), strict=True))
        speech = said["speech"]
        (loud,) = _smooth(power[:, 1:7].sum(axis=1)[None], _triangle(_SPEAKING_SMOOTH), now, ahead)
        wider = np.clip(1.0 + _WIDER_A_DB * (_db(loud) - _USUAL_DB), *_WIDTHS)
        said["openness"] = said["openness"] * (1.0 + told.share * (wider - 1.0))
    return Articulation(
        openness=np.clip(1.15 * (said["openness"] - 0.02), 0.0, 1.0) * speech,
        rounding=said["rounding"] * speech,
        spread=said["spread"] * speech,
        pressed=_ramp(said["closed"], *closed) * speech,
        sibilance=said["sibilance"] * speech,
        tongue=said["tongue"] * speech,
        bitten=said["bitten"] * speech,
        between=said["between"] * speech,
        activity=speaking,
        stress=stress,
        pitch_hz=np.where(voicing[now] > 0.6, heard.pitch_hz[now], 0.0) * (activity[now] > 0.5),
    )


def _smooth(tracks: Array, kernel: Array, now: NDArray[np.int64], ahead: NDArray[np.int64], middle: int = 0) -> Array:
    """Weighted mean of (N, C) tracks around the hops `middle` after `now`, as if the hop `ahead` of it went on; summed in a
    fixed order, so that cuts do not change a bit."""
    half = len(kernel) // 2
    result = np.zeros((len(tracks), len(now)))
    for offset, weight in enumerate(kernel, start=middle - half):
        result += weight * tracks[:, now + np.minimum(offset, ahead)]
    return result


def _triangle(half: int) -> Array:
    kernel = half + 1.0 - np.abs(np.arange(-half, half + 1))
    return kernel / kernel.sum()


def _ramp(values: Array, low: float | Array, high: float | Array) -> Array:
    return np.clip((values - low) / (high - low), 0.0, 1.0)


def _db(power: Array) -> Array:
    return 10.0 * np.log10(power + 1e-12)


def silence(hops: int) -> Heard:
    """Hops in which nothing sounds."""
    values = np.full((hops, _LEVEL), _SILENT_DB)
    values[:, _VOICING], values[:, _VOICING + 1] = 0.0, HOPS_PER_SECOND
    return Heard(values)
