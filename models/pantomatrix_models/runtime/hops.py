"""Live utterances through networks that learned to hear whole windows: short hops, each beginning with the known past."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters.motion import Motion, concatenate, frames_in

from ..audio.speech import SAMPLE_RATE_HZ
from ..errors import OptionError
from ..model import LiveTiming, UtteranceOptions
from ..options import EmotionStrengths, Expression
from .timeline import OwnFrames, Timeline
from .windows import R, W, WindowedSession

Array = NDArray[np.float64]

HEARD_SECONDS = 3.0
"""No live window reaches further back."""
_SEAM_SECONDS = 0.25
"""What a new hop would have had otherwise of the past is let go within this time."""


def live_frames(timing: LiveTiming, own_fps: float, usual: tuple[int, int], most: int) -> tuple[int, int]:
    """Own frames of a hop and of what is looked at beyond it, for what a caller wants; `usual` where it says nothing. Raises
    OptionError if they do not fit into `most`."""
    hop, look = usual
    if timing.hop_seconds is not None:
        hop = max(1, round(timing.hop_seconds * own_fps))
    if timing.look_ahead_seconds is not None:
        look = max(1, round(timing.look_ahead_seconds * own_fps))
    if hop + look > most:
        raise OptionError(
            f"a hop of {hop / own_fps:.2f} s with a look-ahead of {look / own_fps:.2f} s, together at most "
            f"{most / own_fps:.2f} s",
            "hop_seconds",
        )
    return hop, look


def hop_look_ahead(frames: tuple[int, int], own_fps: float, fps: float) -> float:
    """Seconds of audio after a frame's own time that it takes. Frames between two own frames wait for the second one."""
    between = 0 if (own_fps / fps).is_integer() else 1
    return (sum(frames) + between) / own_fps


class HopSession(WindowedSession[W, R]):
    """A window ends where the audio does. Its last frames are looked at only to go on from the others (`look`), the ones
    before them are new (`hop`), all others are past: the network sees them as known motion, and they stay as they were sent.
    Where the new frames do not follow from those, the difference in place and speed fades like a critically damped spring.

    A network says how by `_samples_until`, `_window` and `_own_frames`.
    """

    def __init__(self, timeline: Timeline, options: UtteranceOptions, *, hop: int, look: int, own_fps: float) -> None:
        """hop: new own frames of a window; look: own frames heard beyond them."""
        super().__init__()
        self._speaker = int(options.speaker)
        self._timeline, self._fps = timeline, options.fps
        self._hop, self._look = hop, look
        self._left_out = options.wanted_frame - options.first_frame
        self._fading = 4.0 / (_SEAM_SECONDS * own_fps)
        self._made = 0
        self._sent = 0
        self._fresh: list[tuple[OwnFrames, OwnFrames]] = []
        self._last: Array | None = None

    def begin_utterance(self) -> None:
        """See StreamingSession; a window ends what it depends on soon enough."""

    def speak_as(self, speaker: str, emotions: EmotionStrengths, expression: Expression, from_seconds: float) -> None:
        """See StreamingSession."""
        self._speaker = int(speaker)

    def _samples_until(self, frame: int) -> int:
        """Samples that have to be heard for the own frames before `frame`."""
        raise NotImplementedError

    def _window(self, stop: int) -> W:
        """The window that ends with own frame `stop`, not included; frames from `self._made` on are unknown."""
        raise NotImplementedError

    def _own_frames(self, result: R, start: int, stop: int) -> OwnFrames:
        """What the window that ended at `stop` has for own frames `start` to `stop`. Called once a window; from then on the
        frames up to self._made + self._hop are past."""
        raise NotImplementedError

    def next_window(self) -> W | None:
        """See WindowedSession."""
        stop = self._made + self._hop + self._look
        if self.ended:
            if self._made >= self._timeline.own_frames_for(self._frames()):
                return None
        elif self.samples_heard < self._samples_until(stop):
            return None
        return self._window(stop)

    def take(self, result: R) -> None:
        """See WindowedSession."""
        before = min(self._made, 2)
        flat = self._own_frames(result, self._made - before, self._made + self._hop + self._look).flat()
        if self._last is not None:
            flat = self._following(flat, before)
        joints, stop = self._timeline.joints, before + self._hop
        fresh, ahead = (OwnFrames.from_flat(part, joints) for part in (flat[before:stop], flat[stop:]))
        self._fresh.append((fresh, ahead))
        self._last = flat[:stop][-2:]
        self._made += self._hop

    def _following(self, flat: Array, before: int) -> Array:
        """The same frames, moved to go on from those that were sent; `before` of them are past."""
        assert self._last is not None
        joints = 4 * self._timeline.joints
        past, last = flat[:before], self._last[-before:]
        quats = past[-1, :joints].reshape(-1, 4)
        flips = np.where(np.sum(quats * last[-1, :joints].reshape(-1, 4), axis=1) < 0, -1.0, 1.0)
        sign = np.concatenate([np.repeat(flips, 4), np.ones(flat.shape[1] - joints)])
        flat = flat * sign
        past = flat[:before]
        away = last[-1] - past[-1]
        speed = (last[-1] - last[0]) - (past[-1] - past[0])
        time = np.arange(1, len(flat) - before + 1)[:, None]
        rest = (away + (speed + self._fading * away) * time) * np.exp(-self._fading * time)
        return np.concatenate([last, flat[before:] + rest])

    def frames(self) -> Motion:
        """See WindowedSession."""
        pieces = [self._timeline.nothing, *(self._timeline.push(own, ahead) for own, ahead in self._fresh)]
        self._fresh = []
        if self.ended:
            pieces.append(self._timeline.finish(self._frames()))
        settled = concatenate(pieces)
        sent, self._sent = self._sent, min(self._sent + len(settled), self._frames())
        return settled.frames(min(max(0, self._left_out - sent), self._sent - sent), self._sent - sent)

    def _frames(self) -> int:
        return frames_in(self.samples_heard / SAMPLE_RATE_HZ, self._fps)
