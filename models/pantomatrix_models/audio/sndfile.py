"""Audio files that libsndfile reads, behind an allow-list of codecs."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial

import numpy as np
import soundfile
from numpy.typing import NDArray

from ..errors import AudioError
from .recording import Recording

_PLAIN = ("PCM_S8", "PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW", "ALAW")
ALLOWED_SUBTYPES = {
    **dict.fromkeys(("WAV", "WAVEX", "RF64", "W64", "AIFF", "AU", "CAF"), _PLAIN),
    "FLAC": ("PCM_S8", "PCM_16", "PCM_24"),
    "OGG": ("VORBIS", "OPUS"),
    "MP3": ("MPEG_LAYER_III",),
}
"""Container -> codecs that are decoded. Others are refused before a sample is read: libsndfile up to 1.2.2 overflows in
IMA ADPCM, and nobody records speech in the rest."""

_BLOCK_FRAMES = 1 << 20
_MOST_FRAMES = 1 << 62
"""libsndfile's word for a length that it does not know is larger."""


class NotForSndfile(Exception):  # noqa: N818 - no error yet: another reader may know it
    """libsndfile does not know it, or may not decode it. `str` of it is the reason."""


def open_sndfile(data: bytes) -> Recording:
    """Raises NotForSndfile for what libsndfile does not know or a codec that is not allowed."""
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            if file.subtype not in ALLOWED_SUBTYPES.get(file.format, ()):
                raise NotForSndfile(
                    f"audio as {file.format} {file.subtype} is not supported; WAV, FLAC, Ogg and MP3 are"
                )
            frames = file.frames if file.frames < _MOST_FRAMES else 0
            return Recording(file.format, file.samplerate, file.channels, frames, partial(_blocks, data))
    except soundfile.LibsndfileError as error:
        raise NotForSndfile(f"not a readable audio file ({_reason(error)})") from None


def _blocks(data: bytes) -> Iterator[NDArray[np.float32]]:
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            count = 0
            while len(block := file.read(_BLOCK_FRAMES, dtype="float32", always_2d=True)):
                count += len(block)
                yield np.asarray(block, np.float32)
            if count < file.frames < _MOST_FRAMES and file.format == "FLAC":
                raise AudioError(
                    f"the file is truncated: its header promises {file.frames} samples, {count} could be read"
                )
    except soundfile.LibsndfileError as error:
        raise AudioError(f"not a readable audio file ({_reason(error)})") from None


def _reason(error: soundfile.LibsndfileError) -> str:
    return error.error_string.strip().rstrip(".")
