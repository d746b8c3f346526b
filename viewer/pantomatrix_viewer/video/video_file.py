"""MP4 files with sound, by the FFmpeg libraries that PyAV brings along."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

import av
import av.error
import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters.errors import FormatError

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer, OutputContainer

_QUALITY = {"crf": "20", "preset": "veryfast"}
_SOUND_RATE_HZ = 48000


def write_video(
    file: Path, pictures: Iterable[NDArray[np.uint8]], size: tuple[int, int], fps: float, audio: Path | None
) -> None:
    """H.264 with, if there is one, the sound of an audio file as AAC, cut where the pictures end.

    pictures: (H, W, 3) red, green, blue; size: width and height, even. Raises FormatError if the sound cannot be read.
    """
    with ExitStack() as stack:
        source = stack.enter_context(_opened(audio)) if audio else None
        container = stack.enter_context(av.open(str(file), "w", format="mp4", options={"movflags": "+faststart"}))
        video = container.add_stream("libx264", rate=Fraction(fps).limit_denominator(100_000), options=_QUALITY)
        video.width, video.height = size
        video.pix_fmt = "yuv420p"
        sound = None
        if source is not None:
            sound = container.add_stream("aac", rate=_SOUND_RATE_HZ)
            sound.layout = "mono" if source.streams.audio[0].channels == 1 else "stereo"
        count = 0
        for picture in pictures:
            container.mux(video.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
            count += 1
        container.mux(video.encode(None))
        if sound is not None and source is not None:
            _add_sound(container, sound, source, count / fps)


def sound_seconds(audio: Path) -> float | None:
    """Length of an audio file; None where it does not say so. Raises FormatError if it cannot be read."""
    with _opened(audio) as source:
        stream = source.streams.audio[0]
        if stream.duration is not None and stream.time_base is not None:
            return float(stream.duration * stream.time_base)
        return None if source.duration is None else source.duration / av.time_base


def _add_sound(container: OutputContainer, stream: AudioStream, source: InputContainer, seconds: float) -> None:
    length = round(seconds * _SOUND_RATE_HZ)
    resampler = av.AudioResampler(format="fltp", layout=stream.layout.name, rate=_SOUND_RATE_HZ)
    done = 0
    for frame in source.decode(audio=0):
        for piece in resampler.resample(frame):
            samples = np.ascontiguousarray(piece.to_ndarray()[:, : length - done], np.float32)
            if not samples.shape[1]:
                break
            cut = av.AudioFrame.from_ndarray(samples, format="fltp", layout=stream.layout.name)
            cut.sample_rate, cut.pts = _SOUND_RATE_HZ, done
            done += samples.shape[1]
            container.mux(stream.encode(cut))
    container.mux(stream.encode(None))


@contextmanager
def _opened(audio: Path) -> Iterator[InputContainer]:
    try:
        with av.open(str(audio)) as source:
            if not source.streams.audio:
                raise FormatError(f"{audio}: no sound in it")
            yield source
    except av.error.FFmpegError as error:
        raise FormatError(f"{audio}: cannot be read as sound ({error.strerror})") from None
