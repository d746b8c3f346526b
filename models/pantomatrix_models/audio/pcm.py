"""Raw samples as callers send them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import AudioError
from .channels import one_channel
from .speech import Speech, check_finite, check_length, mono, speech_from_mono

MIN_RATE_HZ, MAX_RATE_HZ, MAX_CHANNELS = 4_000, 192_000, 8
PCM_DTYPES = {"s16le": np.dtype("<i2"), "f32le": np.dtype("<f4")}


@dataclass(frozen=True)
class PcmFormat:
    """How raw samples are stored: encoding is a key of PCM_DTYPES. Raises AudioError with the field that is wrong."""

    encoding: str
    sample_rate_hz: int
    channels: int = 1

    def __post_init__(self) -> None:
        if self.encoding not in PCM_DTYPES:
            raise AudioError(f"encoding is not given, expected one of {', '.join(PCM_DTYPES)}", "encoding")
        if not MIN_RATE_HZ <= self.sample_rate_hz <= MAX_RATE_HZ:
            raise AudioError(
                f"sample_rate_hz is {self.sample_rate_hz}, expected {MIN_RATE_HZ} to {MAX_RATE_HZ}", "sample_rate_hz"
            )
        if not 1 <= self.channels <= MAX_CHANNELS:
            raise AudioError(f"channels is {self.channels}, expected 1 to {MAX_CHANNELS}", "channels")

    @property
    def frame_bytes(self) -> int:
        """Bytes of one sample of every channel."""
        return PCM_DTYPES[self.encoding].itemsize * self.channels


def decode_pcm(data: bytes, pcm: PcmFormat, max_seconds: float) -> Speech:
    """Interleaved samples to speech. Raises AudioError, LimitError."""
    check_length(len(data) // pcm.frame_bytes, pcm.sample_rate_hz, max_seconds)
    samples, notes = one_channel(lambda: [_channels(data, pcm)], pcm.sample_rate_hz)
    return speech_from_mono(samples, pcm.sample_rate_hz, notes)


def samples_of(data: bytes, pcm: PcmFormat) -> NDArray[np.float32]:
    """(S,) the mean of the channels, full scale 1.0, at the format's own rate. Raises AudioError."""
    return mono(_channels(data, pcm))


def _channels(data: bytes, pcm: PcmFormat) -> NDArray[np.float32]:
    """(S, channels)."""
    if len(data) % pcm.frame_bytes:
        raise AudioError(f"{len(data)} bytes are not a whole number of {pcm.frame_bytes}-byte sample frames", "samples")
    dtype = PCM_DTYPES[pcm.encoding]
    samples = np.frombuffer(data, dtype).reshape(-1, pcm.channels)
    scale = np.float32(1 / 32768) if dtype.kind == "i" else np.float32(1)
    floats = samples.astype(np.float32) * scale
    check_finite(floats, pcm.sample_rate_hz)
    return floats
