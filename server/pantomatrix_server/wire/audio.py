"""Audio formats: audio.proto."""

from __future__ import annotations

from pantomatrix.v1 import audio_pb2
from pantomatrix_models.audio.pcm import PcmFormat
from pantomatrix_models.errors import AudioError

_ENCODINGS = {audio_pb2.PCM_ENCODING_S16LE: "s16le", audio_pb2.PCM_ENCODING_F32LE: "f32le"}


def pcm_format_from_message(message: audio_pb2.PcmFormat, field: str) -> PcmFormat:
    """Raises AudioError with the field."""
    try:
        return PcmFormat(_ENCODINGS.get(message.encoding, ""), message.sample_rate_hz, message.channels or 1)
    except AudioError as error:
        error.field = f"{field}.{error.field}"
        raise
