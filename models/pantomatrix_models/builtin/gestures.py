"""When and where hands, fingers, head and weight go: gestures from prosody, planned event by event."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .articulation import Articulation
from .draws import Moment, Purpose, Recurring, near
from .gesture_units import RELAXED, UNITS, Fingers
from .prosody import Event, Kind, Prosody
from .styles import Style
from .submovements import Submovements

Array = NDArray[np.float64]

_HANDS_LOW = np.array([0.245, -0.015, 0.100])
"""Left wrist beside the thigh, metres from the pelvis: to the left, up, forward. The right hand mirrors the first."""
_HANDS_READY = np.array([0.205, 0.150, 0.210])
_READY_SPREAD = np.array([0.035, 0.070, 0.030])
_SHOULDER = np.array([0.161, 0.437, -0.028])
_FARTHEST_WRIST, _NEAREST_WRIST = 0.500, 0.26
"""Planned wrists stay this near to their shoulder and this far from it, metres: at most 0.95 of the arm, and no further bent
than an elbow goes."""
_TORSO_NORMAL, _TORSO_DISTANCE = np.array([0.6, 0.0, 0.8]), 0.215
_OUT, _MOST_UP = (0.19, 0.40), 0.37
_FORWARD_ABOVE, _FORWARD_PER_UP = 0.15, 0.38
"""Planned wrists stay outside of the torso (a plane before its flank), on their side of the body and below the shoulders, and
come forward as they rise, metres."""
_SIDES = np.array([[1.0, 1.0, 1.0], [-1.0, 1.0, 1.0]])
"""(2, 3) factors between a hand's own outwards, up and forward and the world's axes, left then right."""

HANDS, PALMS, FINGERS, HEAD, WEIGHT = slice(0, 6), slice(6, 8), slice(8, 18), slice(18, 22), slice(22, 27)
BROW = slice(21, 22)
LIVELINESS = slice(27, 28)
"""Channels of what is planned: left and right wrist, metres from the pelvis; turn of the palms up, radians; bend of the left
and right fingers (see Fingers); pitch, yaw, roll of the head, radians, and brow raise 0 to 1; pelvis sideways and forward,
metres, its pitch, yaw and roll, radians; how much hands, fingers and head tremble with speech, 1 as usual."""

_LEFT, _RIGHT = 0, 1
_SAME_SIDE_AGAIN = 0.15
"""Probability that a shift of the weight goes against the change of sides; of two that follow each other one in four does."""
_BROW_SLOT_SECONDS, _RAISES, _RAISES_IN_SILENCE = 4.3, 0.88, 0.35
"""Once in each slot the brows may be raised, with this probability while a phrase is under way, and while none is."""
_RAISES_WHEN_HIGH = 0.05
"""The same at a stress in a high voice."""
_WAITS_SECONDS = 3.0
_RAISE = 0.09
"""How far at least, and how much further on average."""
_AT_REST, _SPEAKING = np.array([0.2]), np.array([1.0])


def _both(left: tuple[float, float, float] | Array) -> Array:
    """The left hand's vector and its mirror image. left: (3,). Returns (2, 3)."""
    return np.array(left) * _SIDES


class GesturePlanner:
    """Raises the hands when a phrase begins, strikes on stressed syllables, lowers the hands after it.

    A gesture is prepared while the one before is still dying away, waits for a stressed syllable, strikes, holds. Which, how
    far and with which hand is drawn from the seed, by the speaker's style. from_seconds: where it begins.
    """

    def __init__(self, seed: int, style: Style, from_seconds: float) -> None:
        self._seed, self._style = seed, style
        self._styles = [(0.0, style)]
        self._turns = Recurring(seed, Purpose.HEAD_TURNS, slot_seconds=1.33, spread=0.6, from_seconds=from_seconds)
        self._shifts = Recurring(seed, Purpose.WEIGHT_SHIFTS, slot_seconds=2.2, spread=0.55, from_seconds=from_seconds)
        self._brows = Recurring(
            seed, Purpose.BROWS, slot_seconds=_BROW_SLOT_SECONDS, spread=0.7, from_seconds=from_seconds
        )
        self._prosody = Prosody(from_seconds)
        start = np.concatenate([_both(_HANDS_LOW).reshape(6), np.zeros(2), RELAXED, RELAXED, np.zeros(9), _AT_REST])
        self.movements = Submovements(start)
        self._raised = False
        self._ready_at = self._beat_after = 0.0
        self._brows_wanted_until = 0.0
        self._unit, self._part = "beat", np.ones(2)
        self._vigour = 1.0
        self._idle_until(from_seconds)

    def begin_utterance(self, hop: int) -> None:
        """See Prosody."""
        self._prosody.begin_utterance(hop)

    def change_style(self, style: Style, from_seconds: float) -> None:
        """From a time on, which is not before the last change's."""
        self._styles.append((from_seconds, style))

    def _style_at(self, seconds: float) -> Style:
        """Times do not fall from call to call."""
        while len(self._styles) > 1 and self._styles[1][0] <= seconds:
            self._styles.pop(0)
        return self._styles[0][1]

    @property
    def seconds(self) -> float:
        """Up to where it has heard."""
        return self._prosody.seconds

    def push(self, articulation: Articulation) -> None:
        """Plan with more hops; nothing is planned for a time before its hop."""
        for event in self._prosody.push(articulation):
            self._idle_until(event.seconds)
            self._hear(event)
        self._idle_until(self.seconds)

    def _idle_until(self, now: float) -> None:
        """What the body does by itself before that time."""
        for moment in self._turns.until(now):
            self._turn_head(moment)
        for moment in self._shifts.until(now):
            self._shift_weight(moment)
        for moment in self._brows.until(now):
            self._move_brows(moment)

    def _hear(self, event: Event) -> None:
        draw = near(self._seed, Purpose.GESTURES, event.seconds)
        self._style = self._style_at(event.seconds)
        match event.kind:
            case Kind.BEGIN:
                self._raised = True
                self._prepare(event.seconds, draw)
                self.movements.move_to(LIVELINESS, _SPEAKING * self._style.amplitude, event.seconds, 0.8)
            case Kind.END:
                self._raised = False
                self._lower(event.seconds, draw)
            case Kind.STRESS:
                self._nod(event, draw)
                if self._raised and event.seconds >= self._ready_at and draw.random() < 0.9 * self._style.rate:
                    self._strike(event, draw)
                elif self._raised and event.seconds >= self._beat_after and draw.random() < self._style.rate:
                    self._beat(event, draw)

    def _prepare(self, start: float, draw: np.random.Generator) -> None:
        """Choose the next gesture and bring the hands to where it begins."""
        style = self._style
        names = [name for name, _ in style.units if name != self._unit or name == "beat"]
        weights = np.array([weight for name, weight in style.units if name in names])
        self._unit = names[int(draw.choice(len(names), p=weights / weights.sum()))]
        unit = UNITS[self._unit]
        lead = _RIGHT if draw.random() < style.right else _LEFT
        together = not unit.one_hand and draw.random() < style.both
        self._part = np.full(2, draw.uniform(0.4, 0.8) if together else draw.uniform(0.12, 0.35))
        self._part[lead] = 1.0
        spread = _READY_SPREAD * style.amplitude * np.clip(draw.normal(size=(2, 3)), -1.5, 1.5)
        place = (_HANDS_READY + np.array([0.0, style.height, 0.0]) + spread) * _SIDES
        self._vigour = float(np.exp(np.clip(draw.normal(0.0, 0.38), -0.7, 0.7)))
        offset = _both(unit.preparation) * 1.9 * self._vigour * style.amplitude
        duration = float(draw.uniform(0.51, 0.72)) / (style.rate**0.5 * style.tempo * self._vigour**0.3)
        self._move_hands(place + offset * self._part[:, None], start, duration)
        self._shape(unit.prepared, 0.5 * unit.palm, start + 0.1, duration - 0.1, draw)
        self._ready_at = start + 0.65 * duration

    def _strike(self, event: Event, draw: np.random.Generator) -> None:
        """A quick part that is fastest 0.2 s from now and a slower one that carries it on; a hold; the next preparation."""
        now, unit, style = event.seconds, UNITS[self._unit], self._style
        size = 2.9 * style.amplitude * self._vigour * (0.75 + 0.25 * event.strength)
        stroke = _both(unit.stroke) * draw.uniform(0.85, 1.15, size=(2, 3)) * size * self._part[:, None]
        quick, slow = draw.uniform([0.37, 0.57], [0.45, 0.75]) / (style.tempo * self._vigour**0.3)
        begin = self.movements.target[HANDS].reshape(2, 3)
        target = begin + stroke
        self._move_hands(begin + 0.65 * (self._reachable(target) - begin), now, float(quick))
        self._move_hands(target, now + 0.02, float(slow))
        self._shape(unit.struck, unit.palm + float(draw.normal(0.0, 0.12)), now, 0.35, draw)
        hold = float(draw.uniform(0.0, unit.hold)) / style.rate
        self._beat_after = now + 0.4
        self._prepare(float(now + 0.75 * slow + hold), draw)

    def _beat(self, event: Event, draw: np.random.Generator) -> None:
        """A small baton, down and back, on top of whatever the hands do."""
        self._beat_after = event.seconds + 0.3
        size = self._style.amplitude * event.strength * self._part[:, None] * draw.uniform(0.6, 1.3)
        down = _both((0.04, -0.14, 0.055)) * draw.uniform(0.7, 1.3, size=(2, 3)) * size
        begin = self.movements.target[HANDS].reshape(2, 3)
        self._move_hands(begin + down, event.seconds, 0.375)
        self._move_hands(begin, event.seconds + 0.31, float(draw.uniform(0.42, 0.55)))

    def _lower(self, now: float, draw: np.random.Generator) -> None:
        duration = float(draw.uniform(1.0, 1.3))
        self._move_hands(_both(_HANDS_LOW), now, duration)
        self.movements.move_to(LIVELINESS, _AT_REST, now, 1.2)
        self.movements.move_to(PALMS, np.zeros(2), now, 0.9)
        self.movements.move_to(FINGERS, np.array([*RELAXED, *RELAXED]), now, 0.9)

    def _shape(self, fingers: Fingers, palm: float, start: float, duration: float, draw: np.random.Generator) -> None:
        """Palms and fingers, each hand as much as it takes part."""
        share = np.clip(1.6 * self._part - 0.6, 0.0, 1.0)
        relaxed = np.array(RELAXED)
        shaped = relaxed + share[:, None] * (np.array(fingers) - relaxed) + draw.normal(0.0, 0.12, size=(2, 5))
        self.movements.move_to(FINGERS, np.clip(shaped, 0.0, 2.0).reshape(10), start, duration)
        self.movements.move_to(PALMS, np.clip(palm * share, -0.3, 0.9), start, duration)

    def _nod(self, event: Event, draw: np.random.Generator) -> None:
        movements, now = self.movements, event.seconds
        brow = self._raise(event, draw)
        nod = np.radians(draw.uniform(3.0, 6.5)) * event.strength * self._style.amplitude
        change = np.array([nod, 0.0, np.radians(draw.normal(0.0, 1.6)), brow])
        movements.move_to(HEAD, movements.target[HEAD] + change, now, 0.26)
        movements.move_to(HEAD, movements.target[HEAD] - change, now + 0.22, float(draw.uniform(0.4, 0.6)))

    def _raise(self, event: Event, draw: np.random.Generator) -> float:
        """How far the brows go up at a stress, if it is one at which they do."""
        also = event.high and draw.random() < _RAISES_WHEN_HIGH
        if self._brows_wanted_until < event.seconds and not also:
            return 0.04 * float(draw.random())
        self._brows_wanted_until = 0.0
        return _RAISE + float(draw.exponential(_RAISE))

    def _move_brows(self, moment: Moment) -> None:
        """A speaker's wait for a stress, a listener's do not."""
        now, draw = moment.seconds, moment.random
        if draw.random() > (_RAISES if self._raised else _RAISES_IN_SILENCE) * self._style_at(now).rate ** 0.5:
            return
        if self._raised:
            self._brows_wanted_until = now + _WAITS_SECONDS
            return
        rest = self.movements.target[BROW].copy()
        self.movements.move_to(BROW, rest + _RAISE * draw.uniform(0.6, 2.0), now, 0.3)
        self.movements.move_to(BROW, rest, now + float(draw.uniform(0.4, 1.2)), 0.5)

    def _turn_head(self, moment: Moment) -> None:
        """Look elsewhere, or back to the listener."""
        now, draw = moment.seconds, moment.random
        turn = np.radians(draw.normal(size=3) * [3.6, 7.2, 3.8]) * self._style_at(now).amplitude
        turn = np.clip(turn, -0.24, 0.24)
        duration = float(draw.uniform(0.32, 0.65))
        target = np.append(turn, self.movements.target[HEAD][3])
        self.movements.move_to(HEAD, target, now, duration)

    def _shift_weight(self, moment: Moment) -> None:
        """On to the other leg, the pelvis turning and dropping on the free side; sometimes only a little back."""
        now, draw = moment.seconds, moment.random
        again = draw.random() < _SAME_SIDE_AGAIN
        side = 1.0 if (self._seed + moment.slot + again) % 2 else -1.0
        duration = float(draw.uniform(0.9, 1.5))
        target = np.array(
            [
                side * draw.uniform(0.025, 0.065),
                draw.normal(0.0, 0.018),
                np.radians(draw.normal(0.0, 1.2)),
                np.radians(draw.normal(-1.5 * side, 4.5)),
                np.radians(side * draw.uniform(0.5, 2.0)),
            ]
        )
        self.movements.move_to(WEIGHT, np.clip(target, -0.11, 0.11), now, duration)

    def _reachable(self, target: Array) -> Array:
        """(2, 3) the nearest wrists that neither stretch an arm nor enter the body."""
        wrists = target * _SIDES
        wrists[:, 0] = np.clip(wrists[:, 0], *_OUT)
        wrists[:, 1] = np.minimum(wrists[:, 1], _MOST_UP)
        wrists[:, 2] = np.maximum(wrists[:, 2], _FORWARD_PER_UP * (wrists[:, 1] + _FORWARD_ABOVE))
        inside = np.maximum(0.0, _TORSO_DISTANCE - wrists @ _TORSO_NORMAL)
        wrists = wrists + inside[:, None] * _TORSO_NORMAL
        from_shoulder = wrists - _SHOULDER
        distance = np.linalg.norm(from_shoulder, axis=1, keepdims=True)
        wrists = _SHOULDER + from_shoulder * np.clip(distance, _NEAREST_WRIST, _FARTHEST_WRIST) / distance
        return wrists * _SIDES

    def _move_hands(self, target: Array, start: float, duration: float) -> None:
        self.movements.move_to(HANDS, self._reachable(target).reshape(6), start, duration)
