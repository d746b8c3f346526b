"""Speech to motion as it is spoken, in this process: `live`."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any, Unpack

import numpy as np
from numpy.typing import DTypeLike, NDArray

from pantomatrix_converters.errors import InvalidInputError
from pantomatrix_converters.motion import Motion
from pantomatrix_converters.ranges import Range
from pantomatrix_models.audio.pcm import PCM_DTYPES, PcmFormat
from pantomatrix_models.errors import AudioError, OptionError
from pantomatrix_models.live import LiveSession, check_timing
from pantomatrix_models.model import LiveTiming, Push
from pantomatrix_models.options import MotionOptions
from pantomatrix_models.stepping import advance

from ._generate import planned
from ._options import options_from_keywords

if TYPE_CHECKING:
    from pantomatrix_client.options import Changes, Options, TimedText

    from ._files import File

_IDLE_SECONDS = Range(0, 600)


def live(
    sample_rate_hz: int,
    *,
    dtype: DTypeLike = "int16",
    channels: int = 1,
    look_ahead_seconds: float | None = None,
    hop_seconds: float | None = None,
    device: str = "auto",
    precision: str = "fp32",
    **options: Unpack[Options],
) -> LiveStream:
    """Open a live stream: speech goes in as it is spoken, motion comes out as soon as it is settled.

    Parameters
    ----------
    sample_rate_hz : int
        Of the samples that will be pushed, 4000 to 192000.
    dtype : dtype
        Of these samples: int16, or float32 of full scale 1.0.
    channels : int
        1 to 8; their mean is heard.
    look_ahead_seconds, hop_seconds : float, optional
        How much later a frame may come than its speech, 0 to 0.5, and how much a network hears at a time, 0.03 to 2.
        Default: the model's own.
    device, precision, **options
        As in `generate`; `help(pm.Options)` lists the options. Those that need the whole clip are refused.

    Returns
    -------
    LiveStream

    Raises
    ------
    AudioError
        The sample format is not possible.
    InvalidInputError, UnknownNameError
        An option is out of range, or a name is not known.
    CapabilityError
        The model cannot do it live.
    CheckpointError
        The weights are missing or damaged.
    """
    encodings = {stored: name for name, stored in PCM_DTYPES.items()}
    if np.dtype(dtype) not in encodings:
        raise AudioError(f"dtype is {np.dtype(dtype)}, expected int16 or float32")
    pcm = PcmFormat(encodings[np.dtype(dtype)], sample_rate_hz, channels)
    timing = LiveTiming(hop_seconds, look_ahead_seconds)
    check_timing(timing)
    generation = planned(options, device, precision)
    return LiveStream(LiveSession(generation, pcm, timing), np.dtype(dtype), channels)


class LiveStream:
    """An open live stream. Each method computes and returns the frames that are settled by it; there may be none.

    Frame k of all that was returned is at k / fps seconds of the stream's clock, which is the audio that was pushed and the
    idle time between utterances. After `close`, or the end of a `with`, each raises InvalidInputError.
    """

    def __init__(self, session: LiveSession, dtype: np.dtype[Any], channels: int) -> None:
        self._session, self._dtype, self._channels = session, dtype, channels
        self._closed = False
        self._settled = self._run(session.idle(0.0))

    @property
    def look_ahead_seconds(self) -> float:
        """Audio after a frame's own time that the frame depends on."""
        return self._session.look_ahead_seconds

    @property
    def seconds(self) -> float:
        """The clock: where the next chunk of audio will begin."""
        return self._session.seconds

    def push(self, samples: NDArray[Any], timed_text: TimedText | File | None = None) -> Motion:
        """Hear speech.

        Parameters
        ----------
        samples : array
            (S,), interleaved where there are several channels, or (S, channels); of the stream's dtype, up to 10 s.
        timed_text : mapping or path, optional
            What is said in them or in what follows, as far as it is known, in seconds since the utterance began: see
            `read_timed_text`. From its first start on it takes the place of what was pushed before. It has most effect where
            it comes with its sound or earlier, with no samples too.

        Raises
        ------
        AudioError, InvalidInputError, LimitError
            The samples, or the text, cannot be used.
        CapabilityError
            The model follows no text.
        """
        self._check_open()
        if not isinstance(samples, np.ndarray):
            raise AudioError(f"samples are {type(samples).__name__}, expected a numpy array of {self._dtype}")
        if samples.ndim != 1 and samples.shape[1:] != (self._channels,):
            raise AudioError(f"samples have shape {samples.shape}, expected (S,) or (S, {self._channels})")
        if samples.dtype != self._dtype:
            raise AudioError(f"samples are {samples.dtype}, the stream was opened for {self._dtype}")
        if timed_text is not None:
            text = options_from_keywords(MotionOptions, {"timed_text": timed_text}).timed_text
            assert text is not None
            self._session.text.read(text)
        return self._run(self._session.push(np.ascontiguousarray(samples).tobytes()))

    def idle(self, seconds: float) -> Motion:
        """Let time pass in silence between utterances: the body breathes, blinks and shifts its weight. seconds: 0 to 600.
        Raises OptionError."""
        self._check_open()
        if seconds not in _IDLE_SECONDS:
            raise OptionError(f"seconds is {seconds:g}, expected {_IDLE_SECONDS}", "seconds")
        return self._run(self._session.idle(seconds))

    def end_utterance(self) -> Motion:
        """A sentence is over: its remaining frames, and the first of the silence after it."""
        self._check_open()
        return self._run(self._session.end_utterance())

    def interrupt(self) -> Motion:
        """Stop talking: speech that has not become a frame yet is dropped, and the mouth closes within 1/15 s."""
        self._check_open()
        return self._run(self._session.interrupt())

    def change(self, **changes: Unpack[Changes]) -> None:
        """Other options, in mid-sentence too: what is not given stays as it is. They are seen within a third of a second.

        Parameters
        ----------
        **changes
            speaker, emotions, expression, part_strengths, curve_adjustments; an empty one takes it back. at_seconds: when,
            on the stream's clock; without it with the next frames.

        Raises
        ------
        InvalidInputError, UnknownNameError
            An option is out of range, or a name is not known. The stream continues as it was.
        """
        self._check_open()
        options: dict[str, Any] = dict(changes)
        at_seconds = options.pop("at_seconds", None)
        changed = options_from_keywords(MotionOptions, options)
        self._session.change({name: getattr(changed, name) for name in options}, at_seconds)

    def close(self) -> Motion:
        """Nothing more will be said: all remaining frames. A second call returns no frames."""
        if self._closed:
            return self._settled.frames(0, 0)
        self._closed = True
        return self._run(self._session.finish())

    def __enter__(self) -> LiveStream:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed = True

    def _check_open(self) -> None:
        if self._closed:
            raise InvalidInputError("the stream is closed; pm.live opens another")

    def _run(self, push: Push) -> Motion:
        (motion,) = advance(self._session.model, [push])
        self._settled = self._session.take(motion).motion
        return self._settled
