"""Audio files to speech, by libsndfile. The file type is detected from the content."""

from __future__ import annotations

import io
import struct
from pathlib import PurePath

import numpy as np
import soundfile

from pantomatrix_converters.errors import LimitError

from ..errors import AudioError
from .pcm import MAX_CHANNELS, MAX_RATE_HZ, MIN_RATE_HZ
from .speech import Speech, check_finite, check_length, mono, speech_from_mono

_PLAIN = ("PCM_S8", "PCM_U8", "PCM_16", "PCM_24", "PCM_32", "FLOAT", "DOUBLE", "ULAW", "ALAW")
ALLOWED_SUBTYPES = {
    **dict.fromkeys(("WAV", "WAVEX", "RF64", "W64", "AIFF", "AU", "CAF"), _PLAIN),
    "FLAC": ("PCM_S8", "PCM_16", "PCM_24"),
    "OGG": ("VORBIS", "OPUS"),
    "MP3": ("MPEG_LAYER_III",),
}
"""Container -> codecs that are decoded. Others are refused before a sample is read: libsndfile up to 1.2.2 overflows in
IMA ADPCM, and nobody records speech in the rest."""

AUDIO_SUFFIXES = (".wav", ".flac", ".ogg", ".opus", ".oga", ".mp3", ".aiff", ".aif", ".aifc", ".au", ".caf", ".w64")
"""What a folder is searched for; a file that is named is tried whatever its name."""

_BLOCK_FRAMES = 1 << 20
_SUFFIX_CONTAINERS = {
    ".wav": ("WAV", "WAVEX", "RF64"), ".flac": ("FLAC",), ".ogg": ("OGG",), ".opus": ("OGG",), ".mp3": ("MP3",),
    ".aiff": ("AIFF",), ".aif": ("AIFF",),
}  # fmt: skip


def decode_file(data: bytes, max_seconds: float, name: str = "", expected_sample_rate_hz: int = 0) -> Speech:
    """An audio file's bytes to speech.

    name: its file name if there is one; only for a note if the content is something else.
    expected_sample_rate_hz: if not 0, the file's sample rate must be this.
    Raises AudioError for what is not audio, truncated, empty, not finite or of another rate; LimitError for a clip longer
    than max_seconds, before it is decoded where the file says so itself.
    """
    if not data:
        raise AudioError("the audio file is empty (0 bytes)")
    _check_riff_length(data)
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            if file.subtype not in ALLOWED_SUBTYPES.get(file.format, ()):
                raise AudioError(f"audio as {file.format} {file.subtype} is not supported; WAV, FLAC, Ogg and MP3 are")
            _check_header(file, expected_sample_rate_hz)
            samples = _read(file, max_seconds)
            rate, container = file.samplerate, file.format
    except soundfile.LibsndfileError as error:
        raise AudioError(f"not a readable audio file ({error.error_string.strip().rstrip('.')})") from None
    return speech_from_mono(samples, rate, _notes(name, container))


def _check_riff_length(data: bytes) -> None:
    """libsndfile reads a truncated WAV in silence, so its claim is compared with what is there. Lengths of 0 and 2^32 - 1
    are those of writers that could not seek back."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        return
    position = 12
    while position + 8 <= len(data):
        chunk, size = data[position : position + 4], struct.unpack_from("<I", data, position + 4)[0]
        present = len(data) - position - 8
        if chunk == b"data":
            if size not in (0, 0xFFFFFFFF) and size > present:
                raise AudioError(
                    f"the WAV file is truncated: its header promises {size} bytes of samples, {present} are there"
                )
            return
        position += 8 + size + size % 2
    raise AudioError("the WAV file is truncated: it ends before its samples")


def _check_header(file: soundfile.SoundFile, expected_sample_rate_hz: int) -> None:
    if expected_sample_rate_hz and file.samplerate != expected_sample_rate_hz:
        raise AudioError(
            f"the file has {file.samplerate} samples a second, but {expected_sample_rate_hz} were declared",
            "expected_sample_rate_hz",
        )
    if not MIN_RATE_HZ <= file.samplerate <= MAX_RATE_HZ:
        raise AudioError(f"the sample rate is {file.samplerate} Hz, expected {MIN_RATE_HZ} to {MAX_RATE_HZ}")
    if not 1 <= file.channels <= MAX_CHANNELS:
        raise AudioError(f"the file has {file.channels} channels, expected 1 to {MAX_CHANNELS}")


def _read(file: soundfile.SoundFile, max_seconds: float) -> np.ndarray:
    check_length(file.frames if file.frames < 1 << 62 else 0, file.samplerate, max_seconds)
    blocks: list[np.ndarray] = []
    count = 0
    while len(block := file.read(_BLOCK_FRAMES, dtype="float32", always_2d=True)):
        block = np.asarray(block, np.float32)
        check_finite(block, file.samplerate, first=count)
        count += len(block)
        if count > max_seconds * file.samplerate:
            raise LimitError(f"the clip is longer than the {max_seconds:g} s that are allowed")
        blocks.append(mono(block))
    if count < file.frames < 1 << 62 and file.format == "FLAC":
        raise AudioError(f"the file is truncated: its header promises {file.frames} samples, {count} could be read")
    return np.concatenate(blocks) if blocks else np.zeros(0, np.float32)


def _notes(name: str, container: str) -> tuple[str, ...]:
    expected = _SUFFIX_CONTAINERS.get(PurePath(name).suffix.lower())
    if expected is None or container in expected:
        return ()
    return (f"{PurePath(name).name} is {container} by its content, whatever its name says",)
