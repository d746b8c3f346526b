"""Audio in the containers of phones, browsers and films, by FFmpeg (PyAV, the extra `audio`).

FFmpeg is told which of its demuxers to use, from the first bytes, and which decoders it may open: it never guesses, reads no
playlist, and opens nothing but the bytes that it was given.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from ..errors import AudioError
from .recording import Recording

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer

CODECS = (
    "aac", "aac_latm", "alac", "opus", "vorbis", "mp3float", "mp3", "mp2float", "mp2", "flac", "ac3", "eac3", "wmav1",
    "wmav2", "wmapro", "wmalossless", "wmavoice", "amrnb", "amrwb", "speex", "pcm_s16le", "pcm_s16be", "pcm_s24le",
    "pcm_s24be", "pcm_s32le", "pcm_s32be", "pcm_f32le", "pcm_f32be", "pcm_f64le", "pcm_f64be", "pcm_u8", "pcm_s8", "pcm_alaw",
    "pcm_mulaw",
)  # fmt: skip
"""FFmpeg's decoders that may be opened."""

HOW_TO_INSTALL = 'pip install ".[audio]" in the project\'s folder'

_MP3_BEGINNINGS = tuple(bytes([0xFF, second]) for second in (0xFB, 0xFA, 0xF3, 0xF2, 0xE3, 0xE2))
_ASF = bytes.fromhex("3026b2758e66cf11")
_EBML = bytes.fromhex("1a45dfa3")
_HEADER_BYTES = 5 << 20
"""FFmpeg looks at so much before it says what is in a container."""
_MICROSECONDS = 1_000_000
_SMALLEST_GAP_SECONDS, _LARGEST_GAP_SECONDS, _MOST_SILENCE_SECONDS = 0.05, 60.0, 600.0
"""Holes in the file's times that are filled with silence: encoders round, and longer ones are mistakes."""


@dataclass(frozen=True)
class Container:
    """name: for messages. demuxer: FFmpeg's. begins: whether bytes are one. by_sndfile: whether libsndfile reads most.
    states_length: whether its header says how long the sound is; of others FFmpeg guesses it."""

    name: str
    demuxer: str
    begins: Callable[[bytes], bool]
    by_sndfile: bool = False
    states_length: bool = False


def _atom(data: bytes) -> bool:
    return data[4:8] in (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")


def _adts(data: bytes) -> bool:
    """Two frames of AAC, one behind the other: the first two bytes alone may be those of an MP3."""
    if len(data) < 7 or data[0] != 0xFF or data[1] & 0xF6 != 0xF0:
        return False
    length = (data[3] & 3) << 11 | data[4] << 3 | data[5] >> 5
    return length >= 7 and (len(data) <= length + 1 or (data[length] == 0xFF and data[length + 1] & 0xF6 == 0xF0))


def _packets(data: bytes) -> bool:
    return len(data) > 376 and data[0] == data[188] == data[376] == 0x47


CONTAINERS = (
    Container("MP4", "mov", _atom, states_length=True),
    Container("Matroska or WebM", "matroska", lambda data: data.startswith(_EBML)),
    Container("AAC", "aac", _adts),
    Container("WMA", "asf", lambda data: data.startswith(_ASF)),
    Container("AMR", "amr", lambda data: data.startswith(b"#!AMR")),
    Container("FLV", "flv", lambda data: data.startswith(b"FLV\1")),
    Container("AVI", "avi", lambda data: data.startswith(b"RIFF") and data[8:12] == b"AVI "),
    Container("MPEG transport stream", "mpegts", _packets),
    Container("AC-3", "ac3", lambda data: data.startswith(b"\x0bw")),
    Container(
        "WAV", "wav", lambda data: data.startswith((b"RIFF", b"RF64")) and data[8:12] == b"WAVE", by_sndfile=True
    ),
    Container("CAF", "caf", lambda data: data.startswith(b"caff"), by_sndfile=True),
    Container("Ogg", "ogg", lambda data: data.startswith(b"OggS"), by_sndfile=True),
    Container("FLAC", "flac", lambda data: data.startswith(b"fLaC"), by_sndfile=True),
    Container("MP3", "mp3", lambda data: data.startswith(b"ID3") or data[:2] in _MP3_BEGINNINGS, by_sndfile=True),
)


def is_installed() -> bool:
    """Whether PyAV is."""
    return find_spec("av") is not None


def container_of(data: bytes) -> Container | None:
    """What FFmpeg would read the bytes as."""
    return next((container for container in CONTAINERS if container.begins(data)), None)


def open_av(data: bytes, container: Container) -> Recording:
    """The first sound of a file.

    Its blocks are silent where the sound begins later than the file's pictures and where its times have a hole.
    Raises AudioError for a file without sound, of a codec that is not decoded, or damaged, or if PyAV is missing.
    """
    if not is_installed():
        raise AudioError(f"audio as {container.name} needs more: {HOW_TO_INSTALL}; or give it as WAV")
    with _opened(data, container) as file:
        tracks = list(file.streams.audio)
        if not tracks:
            raise AudioError(f"the {container.name} file has no sound")
        codec = getattr(tracks[0].codec_context, "name", "an unknown codec")
        if codec not in CODECS:
            raise AudioError(f"audio as {container.name} with {codec} is not supported; WAV, FLAC, Ogg and MP3 are")
        first = next(_frames(file), None)
        if first is None:
            raise AudioError("the audio has no samples")
        rate, channels = first.sample_rate, first.layout.nb_channels
        notes = (f"the file has {len(tracks)} sound tracks, the first is taken",) if len(tracks) > 1 else ()
        frames = round(_stated_seconds(tracks[0], container) * rate)
    blocks = partial(_blocks, data, container, rate, channels)
    return Recording(container.name, rate, channels, frames, blocks, notes)


def _blocks(data: bytes, container: Container, rate: int, channels: int) -> Iterator[NDArray[np.float32]]:
    with _opened(data, container) as file:
        expected, silent, there = (file.start_time or 0) / _MICROSECONDS, 0.0, 0
        for frame in _frames(file):
            block = _floats(frame)
            if (frame.sample_rate, block.shape[1]) != (rate, channels):
                raise AudioError("the sound changes its sample rate or its channels in the middle")
            time = expected if frame.time is None else frame.time
            gap = time - expected
            if _SMALLEST_GAP_SECONDS < gap < _LARGEST_GAP_SECONDS and silent + gap < _MOST_SILENCE_SECONDS:
                silent += gap
                yield np.zeros((round(gap * rate), channels), np.float32)
            expected = time + len(block) / rate
            there += len(block)
            yield block
        stated = _stated_seconds(file.streams.audio[0], container)
        if stated - silent - there / rate > max(1.0, 0.02 * stated):
            raise AudioError(
                f"the {container.name} file is truncated: its header promises {stated:.1f} s of sound, "
                f"{there / rate:.1f} s are there"
            )


def _stated_seconds(stream: AudioStream, container: Container) -> float:
    """By the file's header; 0 if it does not say."""
    if not container.states_length or stream.duration is None or stream.time_base is None:
        return 0.0
    return max(0.0, float(stream.duration * stream.time_base))


@contextmanager
def _opened(data: bytes, container: Container) -> Iterator[InputContainer]:
    """Errors of FFmpeg inside are AudioErrors."""
    import av
    import av.error

    options = {
        "protocol_whitelist": "",
        "format_whitelist": container.demuxer,
        "codec_whitelist": ",".join(CODECS),
        "probesize": str(_HEADER_BYTES),
    }
    try:
        with av.open(
            io.BytesIO(data), "r", format=container.demuxer, options=options, metadata_errors="replace"
        ) as file:
            yield file
    except (av.error.FFmpegError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise AudioError(f"the {container.name} file is damaged or cut off ({reason})") from None


def _frames(file: InputContainer) -> Iterator[AudioFrame]:
    for frame in file.decode(file.streams.audio[0]):
        if frame.samples:
            yield frame


def _floats(frame: AudioFrame) -> NDArray[np.float32]:
    """(S, channels), full scale 1.0."""
    values: NDArray[Any] = frame.to_ndarray()
    values = values.T if frame.format.is_planar else values.reshape(-1, frame.layout.nb_channels)
    floats = np.ascontiguousarray(values, np.float32)
    if values.dtype.kind == "f":
        return floats
    full = np.float32(1 << 8 * values.dtype.itemsize - 1)
    return floats / full - np.float32(values.dtype.kind == "u")
