"""Phrases and stressed syllables, found as they come."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from .articulation import SPEAKING, Articulation
from .hearing import HOPS_PER_SECOND

_PHRASE_GAP_HOPS = 30
_PHRASE_END_HOPS = 90
_FIRST_PEAK, _LEAST_PEAK = 0.45, 0.25
_STRESSED = 0.85
"""A syllable that comes to this share of the speaker's usual peak is stressed."""
_RELEASED = 0.75
"""Below this share of the peak it is over, and the next may come."""
_PITCH_SHARE = 0.5
"""How much an octave above the speaker's usual pitch counts, in peaks of loudness."""


class Kind(Enum):
    """What happens in speech."""

    BEGIN = auto()
    STRESS = auto()
    END = auto()


@dataclass(frozen=True)
class Event:
    """strength: 1 for a usual stressed syllable; 0 where there is none. high: the voice is well above its usual pitch."""

    seconds: float
    kind: Kind
    strength: float = 0.0
    high: bool = False


class Prosody:
    """Hears an utterance hop by hop. A phrase begins with speech after a pause and ends with a long one.

    Stress is what is loud, long (the track is smoothed over a syllable) and high, compared with the speaker's own: a syllable
    counts while its loudness still rises, ahead of its middle by what the track looks ahead. from_seconds: where it begins.
    """

    def __init__(self, from_seconds: float) -> None:
        self._from_seconds, self._hop = from_seconds, 0
        self._silent_hops = _PHRASE_END_HOPS
        self._in_phrase = False
        self._begins: list[int] = []
        self._know_no_voice()

    def _know_no_voice(self) -> None:
        self._pitch = 0.0
        self._usual_peak = _FIRST_PEAK
        self._peak = 0.0
        self._armed = True

    def begin_utterance(self, hop: int) -> None:
        """From this hop on, which is still to come, it may be another voice."""
        self._begins.append(max(hop, self._hop))

    @property
    def seconds(self) -> float:
        """Up to where it has heard."""
        return self._from_seconds + self._hop / HOPS_PER_SECOND

    def push(self, articulation: Articulation) -> Iterator[Event]:
        """Events of more hops."""
        tracks = articulation.activity.tolist(), articulation.stress.tolist(), articulation.pitch_hz.tolist()
        for activity, stress, pitch in zip(*tracks, strict=True):
            if self._begins and self._begins[0] == self._hop:
                self._begins = [begin for begin in self._begins if begin > self._hop]
                self._know_no_voice()
            yield from self._phrase(self.seconds, activity)
            yield from self._stress(self.seconds, stress, pitch)
            self._hop += 1

    def _phrase(self, now: float, activity: float) -> Iterator[Event]:
        if activity > SPEAKING:
            if not self._in_phrase and self._silent_hops >= _PHRASE_GAP_HOPS:
                self._in_phrase = True
                yield Event(now, Kind.BEGIN)
            self._silent_hops = 0
            return
        self._silent_hops += 1
        if self._in_phrase and self._silent_hops == _PHRASE_END_HOPS:
            self._in_phrase = False
            yield Event(now, Kind.END)

    def _stress(self, now: float, stress: float, pitch: float) -> Iterator[Event]:
        raised = 0.0
        if pitch > 0:
            self._pitch += 0.01 * (pitch - self._pitch) if self._pitch else pitch
            raised = pitch / self._pitch - 1.0
        self._peak = max(self._peak, stress)
        if not self._armed and stress < _RELEASED * self._peak:
            self._armed = True
            self._usual_peak += 0.12 * (max(self._peak, _LEAST_PEAK) - self._usual_peak)
            self._peak = stress
        elif self._armed:
            self._peak = stress
            strength = stress / self._usual_peak + _PITCH_SHARE * raised
            if stress > _LEAST_PEAK and strength > _STRESSED:
                self._armed = False
                yield Event(now, Kind.STRESS, min(strength / _STRESSED, 1.6), raised > 0.1)
