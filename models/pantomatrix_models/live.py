"""A live stream: audio as it is spoken goes in, frames come out as soon as they are settled, one utterance after another.

There is one clock, in samples of what the model hears: the caller's audio, and the silence between utterances. Frame k is at
k / fps of it, however fast or slowly the audio arrives.
"""

from __future__ import annotations

import bisect
import math
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, cast

import numpy as np
import soxr
from numpy.typing import NDArray

from pantomatrix_converters.errors import LimitError
from pantomatrix_converters.motion import Motion, concatenate, frames_in
from pantomatrix_converters.ranges import Range

from .audio.pcm import PcmFormat, samples_of
from .audio.speech import SAMPLE_RATE_HZ
from .closed_mouth import with_closed_mouth
from .edits_in_time import EditsInTime
from .errors import CapabilityError, OptionError
from .generation import Generation, refuse_emotions_with_times
from .going_on import Resumed, Seam
from .live_text import LiveText
from .model import LiveTiming, MotionModel, Push, StreamingModel
from .options import Timing, felt_at_first
from .stepping import step

MAX_CHUNK_SECONDS = 10.0
HOP_SECONDS, LOOK_AHEAD_SECONDS = Range(0.03, 2.0), Range(0.0, 0.5)
KEPT_SECONDS = 2.0
"""How much of what was sent can be sent again."""
_SHUTTING_SECONDS = 0.15
"""How long after its sound a mouth may still be on its way."""
MAX_CHANGES = 1024
"""Changes of options that may wait for their time."""


@dataclass(frozen=True)
class _Change:
    at_seconds: float
    replaced: Mapping[str, Any]


@dataclass(frozen=True)
class UtteranceBegun:
    """utterance: counts from 0. seconds: of its first sample, on the stream's clock."""

    utterance: int
    seconds: float


@dataclass(frozen=True)
class UtteranceEnded:
    """utterance: counts from 0, -1 where there was none. end_frame: the first frame after it."""

    utterance: int
    end_frame: int
    interrupted: bool


@dataclass(frozen=True, eq=False)
class LivePiece:
    """Frames that are settled. first_frame: of the stream; after an interrupt it may be one that was sent before, whose
    place the frames take. idle: nobody speaks in them."""

    first_frame: int
    motion: Motion
    idle: bool


@dataclass(frozen=True, eq=False)
class LiveFrames:
    """What one step of a stream gives. motion: all of its frames; pieces: the same by who speaks; begun, ended: an utterance
    that has begun before them, or has ended with them."""

    motion: Motion
    pieces: tuple[LivePiece, ...]
    begun: UtteranceBegun | None = None
    ended: UtteranceEnded | None = None


class LiveSession:
    """The state of one stream. Each of its methods says what the model is to hear next, as a Push. `MotionModel.advance`
    computes it, and `take` makes of the frames what the stream sends; then the next method may be called.

    Parameters
    ----------
    generation : Generation
        What `plan` made of the stream's options.
    pcm : PcmFormat
        Of every chunk.
    timing : LiveTiming, optional
        Default: the model's own.
    resumed : Resumed, optional
        Where it goes on, if it is not new; see `check_resumed`.

    Raises CapabilityError if the model cannot do it live, OptionError.
    """

    def __init__(
        self,
        generation: Generation,
        pcm: PcmFormat,
        timing: LiveTiming | None = None,
        resumed: Resumed | None = None,
    ) -> None:
        timing = timing or LiveTiming()
        self._model = _streaming_model(generation)
        self.pcm, self._fps = pcm, generation.fps
        origin, self.first_frame = 0, 0
        if resumed is not None:
            self.first_frame = resumed.first_frame
            origin = resumed.origin_frame(self._fps, self._model.info.memory_seconds)
        wanted = max(0, self.first_frame - 1)
        utterance = replace(generation.utterance, first_frame=origin, wanted_frame=wanted)
        self._session = self._model.open_streaming(utterance, timing)
        self._generation = self._latest = generation
        self._edits = EditsInTime(generation.finished)
        self._seam = Seam(resumed) if resumed is not None else None
        self._nothing = generation.finished(step(self._model, self._session))
        self._utterance = resumed.utterance - 1 if resumed is not None else -1
        self._last = UtteranceEnded(self._utterance, self.first_frame, interrupted=False)
        self._begun: UtteranceBegun | None = None
        self._ended: UtteranceEnded | None = None
        self._changes: list[_Change] = []
        began = resumed.utterance_seconds if resumed is not None else None
        self.text = LiveText(self._model.info, self._session, began)
        self.look_ahead_seconds = self._model.streaming_look_ahead_seconds(self._fps, timing)
        """Audio after a frame's own time that the frame depends on."""
        self._settling_seconds = self.look_ahead_seconds + 0.02
        self._heard = self._unheard_until = round(origin / self._fps * SAMPLE_RATE_HZ)
        self._before = np.zeros(0, np.float32)
        if resumed is not None:
            self._go_on(resumed)
        self._sent = wanted
        self._past: deque[Motion] = deque()
        self._again: list[Motion] = []
        self._speaking = False
        self._idle_from: list[tuple[int, bool]] = [(0, True)]
        self._muted = range(0)
        self._begin_resampling()

    def _go_on(self, resumed: Resumed) -> None:
        """Silence first, up to the audio that is said again, or until the first frame is settled."""
        if resumed.audio_seconds is None:
            until = self.first_frame / self._fps + self._settling_seconds
        else:
            until = resumed.audio_seconds
        silent = round(until * SAMPLE_RATE_HZ) - self._heard
        self._before = np.zeros(max(0, silent), np.float32)
        self._heard += silent

    @property
    def model(self) -> MotionModel:
        """What computes the pushes."""
        return self._model

    @property
    def bytes_a_second(self) -> int:
        """Of the caller's audio."""
        return self.pcm.frame_bytes * self.pcm.sample_rate_hz

    @property
    def speaking(self) -> bool:
        """Whether an utterance is under way."""
        return self._speaking

    @property
    def seconds(self) -> float:
        """The clock: where the next chunk of audio will begin."""
        return (self._utterance_start + self._taken * SAMPLE_RATE_HZ / self.pcm.sample_rate_hz) / SAMPLE_RATE_HZ

    def push(self, *chunks: bytes) -> Push:
        """Hear one or more chunks. Raises AudioError, LimitError over MAX_CHUNK_SECONDS."""
        samples = np.concatenate([self._checked(chunk) for chunk in chunks])
        if len(samples) and not self._speaking:
            self._speaking, self._utterance = True, self._utterance + 1
            self._begun = UtteranceBegun(self._utterance, self.seconds)
            self._session.begin_utterance()
            self._idle_from.append((self._heard_frames, False))
            self.text.begin(self.seconds)
        self._taken += len(samples)
        return self._pushed(self._heard_more(self._resampled(samples, last=False)))

    def idle(self, seconds: float) -> Push:
        """Let time pass in silence between utterances; the body keeps breathing, blinking and shifting."""
        return self._pushed(self._silence(seconds))

    def end_utterance(self) -> Push:
        """The speaker has finished a sentence: its remaining frames and the first of the silence after it. Where nobody
        speaks, the last utterance's end is told again."""
        if not self._speaking:
            self.text.end(self.seconds)
            self._ended = self._last
            return self._pushed(self._silence(0.0))
        tail = self._tail()
        self._end(self._heard_frames, interrupted=False)
        return self._pushed(np.concatenate([tail, self._settling_silence()]))

    def interrupt(self, played_seconds: float | None = None, *, unheard: bool = False) -> Push:
        """Stop talking: audio that has not become a frame yet is dropped, the mouth closes within a fifteenth of a second.

        played_seconds: what the listener has seen. Later frames that were sent, of the last KEPT_SECONDS at most, come again
        with the mouth shut. Where nobody speaks in what was not seen, the last utterance's end is told again. unheard:
        another utterance was to come, whose end is told then.
        """
        self.text.end(self._heard / SAMPLE_RATE_HZ)
        start = self._sent if played_seconds is None else self._first_unseen(played_seconds)
        if unheard and not self._speaking:
            self._utterance += 1
        elif not self._speaking and start >= self._last.end_frame:
            self._ended = self._last
            return self._pushed(self._silence(0.0))
        self._muted = range(start, frames_in(self._heard / SAMPLE_RATE_HZ + _SHUTTING_SECONDS, self._fps) + 1)
        self._send_again(start)
        self._end(start, interrupted=True)
        return self._pushed(self._settling_silence())

    def change(self, replaced: Mapping[str, Any], at_seconds: float | None = None) -> None:
        """Other options, by their names in MotionOptions, from this second of the clock on; from the next frame on where that
        is past or not given. Raises LimitError over MAX_CHANGES that wait, and what `Generation.changed` raises."""
        if len(self._changes) >= MAX_CHANGES:
            raise LimitError(f"{len(self._changes)} changes of options wait for their time already")
        if at_seconds is not None and not math.isfinite(at_seconds):
            raise OptionError(f"at_seconds is {at_seconds:g}, expected a time of the stream", "options.at_seconds")
        latest = self._latest.changed(replaced)
        refuse_emotions_with_times(latest)
        self._latest = latest
        at = self._next_seconds if at_seconds is None else at_seconds
        bisect.insort(self._changes, _Change(at, replaced), key=lambda change: change.at_seconds)

    def finish(self) -> Push:
        """The caller has closed its side: all remaining frames. An utterance under way ends as a clip does."""
        if not self._speaking:
            return self._pushed(self._silence(0.0), ended=True)
        tail = self._tail()
        self._end(self._heard_frames, interrupted=False)
        return self._pushed(tail, ended=True)

    def take(self, motion: Motion) -> LiveFrames:
        """What to send of the frames that the model made of the last push."""
        (begun, ended), self._begun, self._ended = (self._begun, self._ended), None, None
        again, self._again = self._again, []
        if again:
            motion = concatenate([*again, motion]) if len(motion) else concatenate(again)
        if not len(motion):
            return LiveFrames(self._nothing, (), begun, ended)
        first = self._sent
        self._remember(motion)
        if self._muted.stop > first:
            motion = with_closed_mouth(motion, first, self._muted)
        finished = self._edits.apply(motion, first)
        self._edits.forget(first - round(KEPT_SECONDS * self._fps))
        if self._seam is not None:
            finished = self._seam.applied(finished, first)
        return LiveFrames(finished, tuple(self._pieces(finished, max(first, self.first_frame))), begun, ended)

    def _pushed(self, samples: NDArray[np.float32], *, ended: bool = False) -> Push:
        """The push, with the changes whose time comes in it."""
        while self._changes and self._changes[0].at_seconds < self._heard / SAMPLE_RATE_HZ:
            change = self._changes.pop(0)
            self._generation = generation = self._generation.changed(change.replaced)
            first = frames_in(max(self._next_seconds, change.at_seconds), self._fps)
            options = generation.options
            felt = felt_at_first(options.emotions)
            self._session.speak_as(generation.speaker, felt, options.expression, first / self._fps)
            self._edits.change(first, generation.finished)
        before, self._before = self._before, self._before[:0]
        skipped = min(len(samples), max(0, self._unheard_until - (self._heard - len(samples))))
        return Push(self._session, np.concatenate([before, samples[skipped:]]), ended)

    def _checked(self, chunk: bytes) -> NDArray[np.float32]:
        if is_too_long(chunk, self.pcm):
            seconds = len(chunk) / self.bytes_a_second
            raise LimitError(f"a chunk of {seconds:.1f} s, at most {MAX_CHUNK_SECONDS:g} s are allowed")
        return samples_of(chunk, self.pcm)

    @property
    def _next_seconds(self) -> float:
        """Of the next frame; of what is said again, where it is said."""
        return min(self._sent / self._fps, self._heard / SAMPLE_RATE_HZ)

    @property
    def _heard_frames(self) -> int:
        """The first frame after what was heard."""
        return frames_in(self._heard / SAMPLE_RATE_HZ, self._fps)

    def _end(self, end_frame: int, *, interrupted: bool) -> None:
        self._speaking = False
        self.text.end(self._heard / SAMPLE_RATE_HZ)
        end_frame = max(end_frame, self.first_frame)
        self._ended = self._last = UtteranceEnded(self._utterance, end_frame, interrupted)
        self._idle_from = [span for span in self._idle_from if span[0] < end_frame] or [(0, True)]
        self._idle_from.append((end_frame, True))

    def _first_unseen(self, played_seconds: float) -> int:
        kept = sum(map(len, self._past))
        earliest = max(self._sent - kept, self.first_frame)
        return min(max(frames_in(max(0.0, played_seconds), self._fps), earliest), self._sent)

    def _send_again(self, start: int) -> None:
        """The frames from `start` on that were sent."""
        past = concatenate([*self._past]) if self._past else self._nothing
        self._again = [past.frames(len(past) - (self._sent - start), len(past))] if start < self._sent else []
        self._past = deque([past.frames(0, len(past) - (self._sent - start))]) if self._past else deque()
        self._sent = start

    def _remember(self, motion: Motion) -> None:
        self._sent += len(motion)
        self._past.append(motion)
        spare = sum(map(len, self._past)) - round(KEPT_SECONDS * self._fps)
        while spare >= len(self._past[0]) > 0:
            spare -= len(self._past.popleft())

    def _pieces(self, motion: Motion, first: int) -> Iterator[LivePiece]:
        """By who speaks."""
        stop = first + len(motion)
        while len(self._idle_from) > 1 and self._idle_from[1][0] <= first:
            self._idle_from.pop(0)
        for number, (start, idle) in enumerate(self._idle_from):
            end = self._idle_from[number + 1][0] if number + 1 < len(self._idle_from) else max(stop, start)
            low, high = max(first, start), min(stop, end)
            if high > low:
                yield LivePiece(low, motion.frames(low - first, high - first), idle)

    def _begin_resampling(self) -> None:
        self._utterance_start, self._taken = self._heard, 0
        self._resampler = None
        if self.pcm.sample_rate_hz != SAMPLE_RATE_HZ:
            self._resampler = soxr.ResampleStream(self.pcm.sample_rate_hz, SAMPLE_RATE_HZ, 1, "float32", "HQ")

    def _resampled(self, samples: NDArray[np.float32], last: bool) -> NDArray[np.float32]:
        """At the model's rate; at the end of an utterance exactly as many as its length asks for."""
        if self._resampler is None:
            return samples
        result = self._resampler.resample_chunk(samples, last=last)
        due = -(-self._taken * SAMPLE_RATE_HZ // self.pcm.sample_rate_hz) - (self._heard - self._utterance_start)
        return np.pad(result, (0, max(0, due - len(result))))[:due] if last else result[:due]

    def _tail(self) -> NDArray[np.float32]:
        """What the resampler still holds of the utterance."""
        return self._heard_more(self._resampled(np.zeros(0, np.float32), last=True))

    def _heard_more(self, samples: NDArray[np.float32]) -> NDArray[np.float32]:
        self._heard += len(samples)
        return samples

    def _settling_silence(self) -> NDArray[np.float32]:
        """Until the last frame is settled; in what is said again until the first one that is to come, before which nothing
        new may begin."""
        behind = self.first_frame / self._fps - self._heard / SAMPLE_RATE_HZ
        return self._silence(max(0.0, behind) + self._settling_seconds)

    def _silence(self, seconds: float) -> NDArray[np.float32]:
        silence = self._heard_more(np.zeros(round(seconds * SAMPLE_RATE_HZ), np.float32))
        self._begin_resampling()
        return silence


def is_too_long(chunk: bytes, pcm: PcmFormat) -> bool:
    """Whether it has more than MAX_CHUNK_SECONDS."""
    return len(chunk) > MAX_CHUNK_SECONDS * pcm.sample_rate_hz * pcm.frame_bytes


def check_timing(timing: LiveTiming) -> None:
    """Raises OptionError with the field in the message that opens a stream."""
    for field, seconds, within in (
        ("hop_seconds", timing.hop_seconds, HOP_SECONDS),
        ("look_ahead_seconds", timing.look_ahead_seconds, LOOK_AHEAD_SECONDS),
    ):
        if seconds is not None and seconds not in within:
            raise OptionError(f"{field} is {seconds:g}, expected {within}", field)


def _streaming_model(generation: Generation) -> StreamingModel:
    """Raises CapabilityError if the model does not stream, or an option is of whole clips."""
    options, info = generation.options, generation.model.info
    if not info.streaming:
        raise CapabilityError(f"model {info.name!r} does not stream; GenerateMotion serves whole clips")
    if options.timing is Timing.REFERENCE:
        raise CapabilityError("reference timing is of whole clips; GenerateMotion has it")
    if options.timed_text is not None:
        raise CapabilityError("timed text of a stream comes with its audio; GenerateMotion has it among its options")
    if options.constraints:
        raise CapabilityError("known poses need a clip whose length is known; GenerateMotion has them")
    refuse_emotions_with_times(generation)
    if generation.edits.whole_clip:
        raise CapabilityError(f"{generation.edits.whole_clip}; GenerateMotion has it")
    return cast(StreamingModel, generation.model)
