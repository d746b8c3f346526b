"""Audio: audio.proto."""

from __future__ import annotations

from pantomatrix.v1 import audio_pb2
from pantomatrix_models.audio.pcm import PcmFormat
from pantomatrix_models.errors import AudioError

from ..app.clips import EncodedAudio, PcmAudio

_ENCODINGS = {audio_pb2.PCM_ENCODING_S16LE: "s16le", audio_pb2.PCM_ENCODING_F32LE: "f32le"}


def pcm_format_from_message(message: audio_pb2.PcmFormat, field: str) -> PcmFormat:
    """Raises AudioError with the field."""
    if message.encoding not in (0, *_ENCODINGS):
        raise AudioError(f"encoding {message.encoding} is not known, expected 1 or 2", f"{field}.encoding")
    try:
        return PcmFormat(_ENCODINGS.get(message.encoding, ""), message.sample_rate_hz, message.channels or 1)
    except AudioError as error:
        error.field = f"{field}.{error.field}"
        raise


def audio_from_message(message: audio_pb2.Audio) -> EncodedAudio | PcmAudio:
    """Raises AudioError with the field."""
    match message.WhichOneof("source"):
        case "encoded":
            return EncodedAudio(message.encoded.data, message.encoded.expected_sample_rate_hz)
        case "pcm":
            return PcmAudio(message.pcm.samples, pcm_format_from_message(message.pcm.format, "audio.pcm.format"))
    raise AudioError("no audio is given, expected audio.encoded or audio.pcm", "audio")
