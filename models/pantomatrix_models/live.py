"""A live stream: audio as it is spoken goes in, frames come out as soon as they are settled, one utterance after another.

There is one clock, in samples of what the model hears: the caller's audio, and the silence between utterances. Frame k is at
k / fps of it, however fast or slowly the audio arrives.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import cast

import numpy as np
import soxr
from numpy.typing import NDArray

from pantomatrix_converters import rotations
from pantomatrix_converters.errors import LimitError
from pantomatrix_converters.face.rigs import FLAME
from pantomatrix_converters.motion import Motion, concatenate, frames_in
from pantomatrix_converters.ranges import Range

from .audio.pcm import PcmFormat, samples_of
from .audio.speech import SAMPLE_RATE_HZ
from .errors import CapabilityError, OptionError
from .generation import Generation
from .model import LiveTiming, MotionModel, Push, StreamingModel
from .options import Timing
from .stepping import step

MAX_CHUNK_SECONDS = 10.0
HOP_SECONDS, LOOK_AHEAD_SECONDS = Range(0.03, 2.0), Range(0.0, 0.5)
_SILENT_FRAMES = 2
"""Frames in which the mouth closes when it is interrupted."""
_MOUTH = ("jaw", "mouth", "tongue", "cheekPuff")


@dataclass(frozen=True)
class UtteranceEnded:
    """utterance: counts from 0. end_frame: the first frame after it."""

    utterance: int
    end_frame: int
    interrupted: bool


@dataclass(frozen=True, eq=False)
class LiveFrames:
    """Frames that are settled, and the end of an utterance if they are its last."""

    motion: Motion
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

    Raises CapabilityError if the model cannot do it live, OptionError.
    """

    def __init__(self, generation: Generation, pcm: PcmFormat, timing: LiveTiming | None = None) -> None:
        timing = timing or LiveTiming()
        self._model = _streaming_model(generation)
        self._pcm, self._fps = pcm, generation.fps
        self._session = self._model.open_streaming(generation.utterance, timing)
        self._finished: list[tuple[int, Callable[[Motion], Motion]]] = [(0, generation.finished)]
        self._nothing = generation.finished(step(self._model, self._session))
        self._ended: UtteranceEnded | None = None
        self._next: Generation | None = None
        self.look_ahead_seconds = self._model.streaming_look_ahead_seconds(self._fps, timing)
        """Audio after a frame's own time that the frame depends on."""
        self._settling_seconds = self.look_ahead_seconds + 0.02
        self._heard = 0
        self._sent = 0
        self._utterance = -1
        self._speaking = False
        self._muted = range(0)
        self._begin_resampling()

    @property
    def model(self) -> MotionModel:
        """What computes the pushes."""
        return self._model

    @property
    def bytes_a_second(self) -> int:
        """Of the caller's audio."""
        return self._pcm.frame_bytes * self._pcm.sample_rate_hz

    @property
    def speaking(self) -> bool:
        """Whether an utterance is under way."""
        return self._speaking

    @property
    def seconds(self) -> float:
        """The clock: where the next chunk of audio will begin."""
        return (self._utterance_start + self._taken * SAMPLE_RATE_HZ / self._pcm.sample_rate_hz) / SAMPLE_RATE_HZ

    def push(self, *chunks: bytes) -> Push:
        """Hear one or more chunks. Raises AudioError, LimitError over MAX_CHUNK_SECONDS."""
        samples = np.concatenate([self._checked(chunk) for chunk in chunks])
        if len(samples) and not self._speaking:
            self._begin_utterance()
        self._taken += len(samples)
        samples = self._resampled(samples, last=False)
        self._heard += len(samples)
        return Push(self._session, samples)

    def idle(self, seconds: float) -> Push:
        """Let time pass in silence between utterances; the body keeps breathing, blinking and shifting."""
        return Push(self._session, self._silence(seconds))

    def end_utterance(self) -> Push:
        """The speaker has finished a sentence: its remaining frames and the first of the silence after it."""
        if not self._speaking:
            return Push(self._session, self._silence(0.0))
        tail = self._tail()
        self._end(interrupted=False)
        return Push(self._session, np.concatenate([tail, self._silence(self._settling_seconds)]))

    def interrupt(self) -> Push:
        """Stop talking: audio that has not become a frame yet is dropped, the mouth closes within two frames."""
        if not self._speaking:
            return Push(self._session, self._silence(0.0))
        self._muted = range(self._sent, frames_in(self._heard / SAMPLE_RATE_HZ, self._fps) + 1)
        self._end(interrupted=True)
        return Push(self._session, self._silence(self._settling_seconds))

    def change(self, generation: Generation) -> None:
        """Another speaker, other strengths and corrections from the next utterance on."""
        self._next = generation

    def finish(self) -> Push:
        """The caller has closed its side: all remaining frames. An utterance under way ends as a clip does."""
        if not self._speaking:
            return Push(self._session, self._silence(0.0), ended=True)
        tail = self._tail()
        self._end(interrupted=False)
        return Push(self._session, tail, ended=True)

    def take(self, motion: Motion) -> LiveFrames:
        """What to send of the frames that the model made of the last push."""
        ended, self._ended = self._ended, None
        return LiveFrames(self._out(motion), ended)

    def _checked(self, chunk: bytes) -> NDArray[np.float32]:
        samples, rate = samples_of(chunk, self._pcm), self._pcm.sample_rate_hz
        if len(samples) > MAX_CHUNK_SECONDS * rate:
            raise LimitError(f"a chunk of {len(samples) / rate:.1f} s, at most {MAX_CHUNK_SECONDS:g} s are allowed")
        return samples

    def _begin_utterance(self) -> None:
        self._speaking, self._utterance = True, self._utterance + 1
        if self._next is not None:
            self._session.speak_as(self._next.speaker, self._next.options.emotions)
            self._finished.append((frames_in(self._heard / SAMPLE_RATE_HZ, self._fps), self._next.finished))
            self._next = None

    def _end(self, interrupted: bool) -> None:
        self._speaking = False
        self._ended = UtteranceEnded(self._utterance, frames_in(self._heard / SAMPLE_RATE_HZ, self._fps), interrupted)

    def _begin_resampling(self) -> None:
        self._utterance_start, self._taken = self._heard, 0
        self._resampler = None
        if self._pcm.sample_rate_hz != SAMPLE_RATE_HZ:
            self._resampler = soxr.ResampleStream(self._pcm.sample_rate_hz, SAMPLE_RATE_HZ, 1, "float32", "HQ")

    def _resampled(self, samples: NDArray[np.float32], last: bool) -> NDArray[np.float32]:
        """At the model's rate; at the end of an utterance exactly as many as its length asks for."""
        if self._resampler is None:
            return samples
        result = self._resampler.resample_chunk(samples, last=last)
        due = -(-self._taken * SAMPLE_RATE_HZ // self._pcm.sample_rate_hz) - (self._heard - self._utterance_start)
        return np.pad(result, (0, max(0, due - len(result))))[:due] if last else result[:due]

    def _tail(self) -> NDArray[np.float32]:
        """What the resampler still holds of the utterance."""
        tail = self._resampled(np.zeros(0, np.float32), last=True)
        self._heard += len(tail)
        return tail

    def _silence(self, seconds: float) -> NDArray[np.float32]:
        silence = np.zeros(round(seconds * SAMPLE_RATE_HZ), np.float32)
        self._heard += len(silence)
        self._begin_resampling()
        return silence

    def _out(self, motion: Motion) -> Motion:
        """Muted, and edited by what is in force at each frame."""
        if not len(motion):
            return self._nothing
        first, stop = self._sent, self._sent + len(motion)
        self._sent = stop
        if self._muted.stop > first:
            motion = _with_closed_mouth(motion, first, self._muted)
        while len(self._finished) > 1 and self._finished[1][0] <= first:
            self._finished.pop(0)
        pieces = []
        for number, (start, finished) in enumerate(self._finished):
            end = self._finished[number + 1][0] if number + 1 < len(self._finished) else max(stop, start)
            low, high = max(first, start) - first, min(stop, end) - first
            if high > low:
                pieces.append(finished(motion.frames(low, high)))
        return concatenate(pieces)


def check_timing(timing: LiveTiming) -> None:
    """Raises OptionError with the field in the request that opens a stream."""
    for field, seconds, within in (
        ("hop", timing.hop_seconds, HOP_SECONDS),
        ("look_ahead", timing.look_ahead_seconds, LOOK_AHEAD_SECONDS),
    ):
        if seconds is not None and seconds not in within:
            raise OptionError(f"{field} is {seconds:g} s, expected {within} s", f"start.{field}")


def _streaming_model(generation: Generation) -> StreamingModel:
    """Raises CapabilityError if the model does not stream, or an option is of whole clips."""
    options, info = generation.options, generation.model.info
    if not info.streaming:
        raise CapabilityError(f"model {info.name!r} does not stream; GenerateMotion serves whole clips")
    if options.timing is Timing.REFERENCE:
        raise CapabilityError("reference timing is of whole clips; GenerateMotion has it")
    if options.constraints:
        raise CapabilityError("known poses need a clip whose length is known; GenerateMotion has them")
    if generation.edits.whole_clip:
        raise CapabilityError(f"{generation.edits.whole_clip}; GenerateMotion has it")
    return cast(StreamingModel, generation.model)


def _with_closed_mouth(motion: Motion, first: int, muted: range) -> Motion:
    """The mouth and the jaw's joint on their way to rest, and there."""
    frames = np.arange(first, first + len(motion))
    inside = (frames >= muted.start) & (frames < muted.stop)
    keep = np.where(inside, np.clip(1.0 - (frames - muted.start + 1) / _SILENT_FRAMES, 0.0, 1.0), 1.0)
    quats, face = motion.rotations_xyzw, motion.face
    if "jaw" in motion.skeleton.joint_names:
        joint = motion.skeleton.index("jaw")
        quats = quats.copy()
        quats[:, joint] = rotations.slerp(motion.skeleton.rest_rotations_xyzw[joint], quats[:, joint], keep)
    if face is not None:
        columns = [at for at, name in enumerate(face.names) if face.rig == FLAME.name or name.startswith(_MOUTH)]
        weights = face.weights.copy()
        weights[:, columns] *= keep[:, None].astype(np.float32)
        face = replace(face, weights=weights)
    return replace(motion, rotations_xyzw=quats, face=face)
