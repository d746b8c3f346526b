"""From articulation to ARKit's 52 weights, with eyes and brows."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters.face.rigs import ARKIT52, ARKIT_TONGUE

from .articulation import SPEAKING, Articulation
from .draws import Purpose, Recurring
from .hearing import HOPS_PER_SECOND
from .submovements import Submovements

Array = NDArray[np.float64]

_COLUMN = {name: index for index, name in enumerate(ARKIT52.curve_names)}
_CLOSING, _CLOSED, _OPENING = 0.06, 0.03, 0.09
_BLINK_SECONDS = _CLOSING + _CLOSED + _OPENING
_GAZE_YAW_RADIANS, _GAZE_PITCH_RADIANS = np.radians(40.0), np.radians(30.0)
_PAUSE_HOPS = 12
_LEAST_BETWEEN_BLINKS = 1.5
_BOTH = slice(0, 2)


@dataclass(frozen=True, eq=False)
class Mouth:
    """Articulation at frame times, (T,) each; see Articulation."""

    openness: Array
    rounding: Array
    spread: Array
    pressed: Array
    sibilance: Array
    tongue: Array


class Eyes:
    """Blinks and glances, planned hop by hop: a blink every few seconds, sooner when a phrase ends. from_seconds: where it
    begins."""

    def __init__(self, seed: int, from_seconds: float) -> None:
        self._from_seconds, self._hop = from_seconds, 0
        self._usual_blinks = Recurring(seed, Purpose.BLINKS, slot_seconds=4.0, spread=0.9, from_seconds=from_seconds)
        self._glances = Recurring(seed, Purpose.GLANCES, slot_seconds=1.35, spread=0.6, from_seconds=from_seconds)
        self._blinks: list[float] = []
        self._last_blink = -10.0
        self._silent_hops = 0
        self.gaze = Submovements(np.zeros(2))
        """Yaw to the left and pitch down, radians."""

    def push(self, articulation: Articulation) -> None:
        """Plan with more hops."""
        for activity in articulation.activity.tolist():
            now = self._seconds
            for moment in self._usual_blinks.until(now):
                self._blink(moment.seconds)
            self._silent_hops = 0 if activity > SPEAKING else self._silent_hops + 1
            if self._silent_hops == _PAUSE_HOPS < self._hop:
                self._blink(now)
            self._hop += 1
        for moment in self._glances.until(self._seconds):
            target = moment.random.normal(size=2) * np.radians([3.0, 1.6])
            self.gaze.move_to(_BOTH, np.clip(target, -0.15, 0.15), moment.seconds, 0.05)

    @property
    def _seconds(self) -> float:
        """Up to where it has heard."""
        return self._from_seconds + self._hop / HOPS_PER_SECOND

    def _blink(self, seconds: float) -> None:
        """Unless the eyes have just blinked."""
        if abs(seconds - self._last_blink) > _LEAST_BETWEEN_BLINKS:
            self._blinks.append(seconds)
            self._last_blink = seconds

    def blink(self, times: Array) -> Array:
        """times: (T,) seconds. Returns (T,) lids shut, 0 to 1."""
        lids = np.zeros(len(times))
        if not self._blinks:
            return lids
        for start in self._blinks:
            since = times - start
            shutting, opening = since / _CLOSING, (_BLINK_SECONDS - since) / _OPENING
            lids = np.maximum(lids, np.clip(np.minimum(shutting, opening), 0.0, 1.0))
        if len(times):
            self._blinks = [start for start in self._blinks if start + _BLINK_SECONDS > times[-1]]
        return lids * lids * (3.0 - 2.0 * lids)


def face_weights(mouth: Mouth, lids: Array, gaze: Array, brow: Array) -> NDArray[np.float32]:
    """(T, 52) weights in ARKIT52's order, 0 to 1."""
    weights = np.zeros((len(lids), len(_COLUMN)))

    def put(values: Array, *names: str) -> None:
        for name in names:
            weights[:, _COLUMN[name]] = values

    open_, rounding = mouth.openness, mouth.rounding
    spread = mouth.spread * (1.0 - rounding)
    put(0.62 * open_, "jawOpen")
    put(0.40 * open_ * (1.0 - rounding), "mouthLowerDownLeft", "mouthLowerDownRight")
    put(0.20 * open_ * (1.0 - rounding), "mouthUpperUpLeft", "mouthUpperUpRight")
    put(0.45 * rounding, "mouthFunnel")
    put(0.35 * rounding * (1.0 - 0.5 * open_), "mouthPucker")
    put(0.22 * spread, "mouthSmileLeft", "mouthSmileRight")
    put(np.maximum(0.18 * spread, 0.22 * mouth.sibilance), "mouthStretchLeft", "mouthStretchRight")
    put(0.15 * spread, "mouthDimpleLeft", "mouthDimpleRight")
    put(0.10 * mouth.sibilance, "jawForward")
    put(0.35 * mouth.pressed, "mouthPressLeft", "mouthPressRight")
    put(0.25 * mouth.pressed, "mouthRollLower", "mouthRollUpper")

    put(lids, "eyeBlinkLeft", "eyeBlinkRight")
    left, down = gaze[:, 0] / _GAZE_YAW_RADIANS, gaze[:, 1] / _GAZE_PITCH_RADIANS
    put(np.clip(left, 0, 1), "eyeLookOutLeft", "eyeLookInRight")
    put(np.clip(-left, 0, 1), "eyeLookInLeft", "eyeLookOutRight")
    put(np.clip(down, 0, 1), "eyeLookDownLeft", "eyeLookDownRight")
    put(np.clip(-down, 0, 1), "eyeLookUpLeft", "eyeLookUpRight")
    put(np.clip(0.05 + brow, 0, 1), "browInnerUp")
    put(np.clip(0.6 * brow, 0, 1), "browOuterUpLeft", "browOuterUpRight")
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
