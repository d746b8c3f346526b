"""Emotions as clients of Audio2Face-3D give them: keys in time, and how strongly they are shown."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from nvidia_ace_compat.a2f_pb2 import EmotionParameters, EmotionPostProcessingParameters
from nvidia_ace_compat.emotion_with_timecode_pb2 import EmotionWithTimeCode
from pantomatrix_converters.errors import LimitError
from pantomatrix_converters.motion import frames_in
from pantomatrix_models import options
from pantomatrix_models.errors import OptionError
from pantomatrix_models.options import Emotion

from ..app.live_inputs import LiveChange

ACE_NAMES = {emotion: emotion.replace("_", "") for emotion in Emotion}
"""Each of the ten as NVIDIA spells it."""
_EMOTIONS = {name: emotion for emotion, name in ACE_NAMES.items()}
STRENGTH, PREFERRED_STRENGTH = 0.6, 0.5
"""NVIDIA's defaults of emotion_strength and preferred_emotion_strength."""
OF_HEARD = {"emotion_contrast": 1.0, "live_blend_coef": 0.7, "max_emotions": 3}
"""What shapes the emotions that NVIDIA's service hears in a voice, with the defaults. This server hears none."""
TRANSITION_SECONDS = 0.5
"""NVIDIA's default of live_transition_time."""
MAX_KEYS = 100_000
"""Of one clip."""
_PARAMS = "audio_stream_header.emotion_post_processing_params"

Given = Mapping[Emotion, float]
"""How strongly each is given, 0 to 1."""


@dataclass(frozen=True)
class EmotionKey:
    """What is felt from a second of the clip on."""

    seconds: float
    given: Given = field(default_factory=dict)


class EmotionTimeline:
    """The keys of one clip in time.

    What is shown is share * given: NVIDIA's emotion_strength * (preferred_emotion_strength * given +
    (1 - preferred_emotion_strength) * heard), where nothing is heard.

    fps: of the frames to come. can_show: whether the model shows emotions. not_used: names of what was sent and has no
    meaning here. Raises OptionError.
    """

    def __init__(
        self,
        params: EmotionPostProcessingParameters,
        emotions: EmotionParameters,
        fps: float,
        *,
        can_show: bool = True,
    ) -> None:
        self._fps = fps
        self.not_used = dict.fromkeys(_without_meaning(params, emotions))
        self._wanted = _share(params)
        self.share = self._wanted if can_show else 0.0
        self._keys = (EmotionKey(0.0),)
        self._beginning = self._told = EmotionKey(-math.inf, self._read(emotions.beginning_emotion))
        self._until = 0.0

    def add(self, keys: Iterable[EmotionWithTimeCode]) -> None:
        """More keys, in any order. Raises OptionError, LimitError."""
        added = [EmotionKey(_seconds(key.time_code), self._read(key.emotion)) for key in keys]
        if len(self._keys) + len(added) > MAX_KEYS:
            raise LimitError(f"more than {MAX_KEYS} emotions with time codes in one clip")
        if added:
            self._keys = tuple(sorted((*self._keys, *added), key=_time))

    def begin(self) -> tuple[options.EmotionKey, ...]:
        """What is shown at first: the key at 0; without one the beginning emotion, which fades from there on."""
        first = self.in_force(0.0)
        self._told = self._beginning if first is self._keys[0] else first
        return self._shown(self._told)

    def changes(self, until_seconds: float) -> Iterator[LiveChange]:
        """Of what is shown, before this second; each once, and one a frame. A key that comes late counts from its message
        on, unless a later one is in force."""
        keys = self._keys
        in_force, stop = (bisect_right(keys, self._until, key=_time), bisect_left(keys, until_seconds, key=_time))
        of_frames = {frames_in(key.seconds, self._fps): key for key in keys[in_force - 1 : max(in_force, stop)]}
        for key in of_frames.values():
            if self._shown(key) != self._shown(self._told):
                yield LiveChange({"emotions": self._shown(key)}, max(key.seconds, self._until))
            self._told = key
        self._until = until_seconds

    def in_force(self, seconds: float) -> EmotionKey:
        """The last key at that second or before it."""
        keys = self._keys
        return keys[bisect_right(keys, seconds, key=_time) - 1]

    def shown(self, given: Given) -> dict[Emotion, float]:
        """0 to 1."""
        return {emotion: min(1.0, self.share * strength) for emotion, strength in given.items()}

    def _shown(self, key: EmotionKey) -> tuple[options.EmotionKey, ...]:
        """As an option."""
        shown = tuple((emotion, strength) for emotion, strength in self.shown(key.given).items() if strength > 0)
        return (options.EmotionKey(0.0, shown),) if shown else ()

    def _read(self, emotions: Mapping[str, float]) -> dict[Emotion, float]:
        """By our names, in their order."""
        found: dict[Emotion, float] = {}
        for name, strength in emotions.items():
            emotion = _EMOTIONS.get(name.lower().replace("_", "").replace(" ", ""))
            if not math.isfinite(strength):
                raise OptionError(f"the strength of {name!r} is {strength}, expected 0 to 1", "emotion")
            if emotion is None:
                self.not_used[f"emotion {name!r}"] = None
            elif strength > 0 and self._wanted > self.share:
                self.not_used["emotions, which this model does not show"] = None
            if emotion is not None:
                found[emotion] = min(1.0, max(0.0, strength))
        return {emotion: found[emotion] for emotion in Emotion if emotion in found}


def _share(params: EmotionPostProcessingParameters) -> float:
    """Factor on what is given, 0 to 1."""
    if params.HasField("enable_preferred_emotion") and not params.enable_preferred_emotion:
        return 0.0
    share = 1.0
    for name, default in (("emotion_strength", STRENGTH), ("preferred_emotion_strength", PREFERRED_STRENGTH)):
        value = getattr(params, name) if params.HasField(name) else default
        if not math.isfinite(value):
            raise OptionError(f"{name} is {value}, expected 0 to 1", f"{_PARAMS}.{name}")
        share *= min(1.0, max(0.0, value))
    return share


def _without_meaning(params: EmotionPostProcessingParameters, emotions: EmotionParameters) -> Iterator[str]:
    """Names of parameters that ask for something else than the default and cannot have it."""
    for name, default in OF_HEARD.items():
        if params.HasField(name) and not math.isclose(getattr(params, name), default, rel_tol=1e-6):
            yield f"emotion_post_processing_params.{name}"
    wanted = emotions.live_transition_time
    if emotions.HasField("live_transition_time") and not math.isclose(wanted, TRANSITION_SECONDS, rel_tol=1e-6):
        yield "emotion_params.live_transition_time"


def _time(key: EmotionKey) -> float:
    return key.seconds


def _seconds(time_code: float) -> float:
    if not math.isfinite(time_code):
        raise OptionError(f"time_code is {time_code}, expected seconds", "audio_with_emotion.emotions.time_code")
    return max(0.0, time_code)
