"""Audio files to speech. The file type is detected from the content."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import PurePath

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters.errors import LimitError

from ..errors import AudioError
from .av_containers import HOW_TO_INSTALL, container_of, is_installed, open_av
from .chained_files import files_in
from .channels import one_channel
from .pcm import MAX_CHANNELS, MAX_RATE_HZ, MIN_RATE_HZ
from .recording import Recording
from .sndfile import NotForSndfile, open_sndfile
from .speech import SAMPLE_RATE_HZ, Speech, check_finite, check_length, resampled, speech_from_mono

AUDIO_SUFFIXES = (
    ".wav", ".flac", ".ogg", ".opus", ".oga", ".mp3", ".aiff", ".aif", ".aifc", ".au", ".caf", ".w64", ".rf64", ".bw64",
    ".m4a", ".aac", ".weba", ".mka", ".wma", ".amr",
)  # fmt: skip
"""What a folder is searched for; a file that is named is tried whatever its name."""

_SUFFIX_CONTAINERS = {
    ".wav": ("WAV", "WAVEX", "RF64"), ".flac": ("FLAC",), ".ogg": ("OGG", "Ogg"), ".opus": ("OGG",), ".mp3": ("MP3",),
    ".aiff": ("AIFF",), ".aif": ("AIFF",), ".m4a": ("MP4",), ".mp4": ("MP4",), ".aac": ("AAC",),
    ".webm": ("Matroska or WebM",), ".wma": ("WMA",),
}  # fmt: skip


def decode_file(data: bytes, max_seconds: float, name: str = "", expected_sample_rate_hz: int = 0) -> Speech:
    """An audio file's bytes to speech; of several complete files one behind the other, all of them.

    name: its file name if there is one; only for a note if the content is something else.
    expected_sample_rate_hz: if not 0, the file's sample rate must be this.
    Raises AudioError for what is not audio, truncated, empty, not finite or of another rate, or if what reads it is not
    installed; LimitError for a clip longer than max_seconds, before it is decoded where the file says so itself.
    """
    if not data:
        raise AudioError("the audio file is empty (0 bytes)")
    parts: list[NDArray[np.float32]] = []
    notes: dict[str, None] = {}
    seconds, files = 0.0, 0
    for file in files_in(data):
        recording = _open(file.data)
        _check_header(recording, expected_sample_rate_hz)
        samples, more = one_channel(partial(_blocks, recording, seconds, max_seconds), recording.sample_rate_hz)
        if len(samples):
            parts.append(resampled(samples, recording.sample_rate_hz))
        seconds += len(samples) / recording.sample_rate_hz
        notes |= dict.fromkeys((*_other_content(name, recording.container), *file.notes, *recording.notes, *more))
        files += 1
    if files > 1:
        notes[f"{files} audio files one behind the other are read as one"] = None
    whole = np.concatenate(parts) if len(parts) > 1 else parts[0] if parts else np.zeros(0, np.float32)
    return speech_from_mono(whole, SAMPLE_RATE_HZ, tuple(notes))


def _open(data: bytes) -> Recording:
    container = container_of(data)
    if container is not None and not container.by_sndfile:
        return open_av(data, container)
    try:
        return open_sndfile(data)
    except NotForSndfile as reason:
        if container is not None and is_installed():
            return open_av(data, container)
        more = f"; {HOW_TO_INSTALL} reads more kinds" if container is not None else ""
        raise AudioError(f"{reason}{more}") from None


def _check_header(recording: Recording, expected_sample_rate_hz: int) -> None:
    if expected_sample_rate_hz and recording.sample_rate_hz != expected_sample_rate_hz:
        raise AudioError(
            f"the file has {recording.sample_rate_hz} samples a second, but {expected_sample_rate_hz} were declared",
            "expected_sample_rate_hz",
        )
    if not MIN_RATE_HZ <= recording.sample_rate_hz <= MAX_RATE_HZ:
        raise AudioError(f"the sample rate is {recording.sample_rate_hz} Hz, expected {MIN_RATE_HZ} to {MAX_RATE_HZ}")
    if not 1 <= recording.channels <= MAX_CHANNELS:
        raise AudioError(f"the file has {recording.channels} channels, expected 1 to {MAX_CHANNELS}")


def _blocks(recording: Recording, seconds_before: float, max_seconds: float) -> Iterator[NDArray[np.float32]]:
    """Those of the recording, checked. Raises AudioError, LimitError."""
    rate = recording.sample_rate_hz
    check_length(recording.frames, rate, max_seconds)
    count = 0
    for block in recording.blocks():
        check_finite(block, rate, first=count)
        count += len(block)
        if seconds_before + count / rate > max_seconds:
            raise LimitError(f"the clip is longer than the {max_seconds:g} s that are allowed")
        yield block


def _other_content(name: str, container: str) -> tuple[str, ...]:
    """A note about a name that promises something else."""
    expected = _SUFFIX_CONTAINERS.get(PurePath(name).suffix.lower())
    if expected is None or container in expected:
        return ()
    return (f"{PurePath(name).name} is {container} by its content, whatever its name says",)
