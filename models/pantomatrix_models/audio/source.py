"""Speech from what a Python program has of it: a file, its bytes, or samples."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..errors import AudioError
from .channels import one_channel
from .decode import decode_file
from .pcm import MAX_CHANNELS, MAX_RATE_HZ, MIN_RATE_HZ
from .speech import Speech, check_finite, speech_from_mono

SpeechSource = str | os.PathLike[str] | bytes | Speech | tuple[NDArray[Any], int]
"""A file (WAV, FLAC, Ogg, MP3, M4A, ...), its bytes, or samples and their rate in Hz.

Samples are (S,) or (S, channels): floats of full scale 1.0, or integers of their type's full scale.
"""


def speech_of(source: SpeechSource) -> Speech:
    """Mono speech at 16 kHz. Raises AudioError, which names the file."""
    if isinstance(source, Speech):
        return source
    if isinstance(source, tuple):
        if len(source) != 2:
            raise AudioError(f"expected (samples, sample_rate_hz), but there are {len(source)} values")
        return _speech_of_samples(*source)
    if isinstance(source, bytes):
        return decode_file(source, float("inf"))
    if not isinstance(source, (str, os.PathLike)):
        raise AudioError(f"speech is {type(source).__name__}, expected a path, bytes, or (samples, sample_rate_hz)")
    path = Path(source)
    try:
        return decode_file(path.read_bytes(), float("inf"), str(path))
    except OSError as error:
        raise AudioError(f"{path}: {error.strerror or error}") from None
    except AudioError as error:
        raise AudioError(f"{path}: {error}", error.field) from None


def _speech_of_samples(samples: NDArray[Any], sample_rate_hz: int) -> Speech:
    if not isinstance(samples, np.ndarray) or not isinstance(sample_rate_hz, (int, float, np.number)):
        raise AudioError("expected (samples, sample_rate_hz): an array and a number, in this order")
    if not MIN_RATE_HZ <= sample_rate_hz <= MAX_RATE_HZ:
        raise AudioError(f"the sample rate is {sample_rate_hz} Hz, expected {MIN_RATE_HZ} to {MAX_RATE_HZ}")
    if samples.ndim not in (1, 2) or (samples.ndim == 2 and not 1 <= samples.shape[1] <= MAX_CHANNELS):
        raise AudioError(
            f"samples have shape {samples.shape}, expected (S,) or (S, channels) with up to {MAX_CHANNELS} channels"
        )
    if samples.dtype.kind == "i":
        floats = samples.astype(np.float32) / np.float32(-float(np.iinfo(samples.dtype).min))
    elif samples.dtype.kind == "f":
        floats = samples.astype(np.float32)
    else:
        raise AudioError(f"samples are {samples.dtype}, expected floats or signed integers")
    channels = floats[:, None] if floats.ndim == 1 else floats
    check_finite(channels, int(sample_rate_hz))
    one, notes = one_channel(lambda: [channels], int(sample_rate_hz))
    return speech_from_mono(one, int(sample_rate_hz), notes)
