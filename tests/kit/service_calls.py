"""Calls of the server's services with the generated stubs, and what their answers hold."""

from __future__ import annotations

import grpc
import numpy as np
import pytest
from google.rpc import error_details_pb2, status_pb2

from folders import AUDIO
from pantomatrix.v1 import audio_pb2, convert_pb2, convert_pb2_grpc, motion_pb2, motion_pb2_grpc, options_pb2
from pantomatrix_models.audio.decode import decode_file


def open_channel(address: str) -> grpc.Channel:
    return grpc.insecure_channel(
        address, options=[("grpc.max_send_message_length", -1), ("grpc.max_receive_message_length", -1)]
    )


def pcm(
    samples: np.ndarray, rate: int = 16000, channels: int = 1, encoding: int = audio_pb2.PCM_ENCODING_F32LE
) -> audio_pb2.Audio:
    dtype = "<f4" if encoding == audio_pb2.PCM_ENCODING_F32LE else "<i2"
    form = audio_pb2.PcmFormat(encoding=encoding, sample_rate_hz=rate, channels=channels)  # type: ignore[arg-type]
    return audio_pb2.Audio(pcm=audio_pb2.PcmAudio(format=form, samples=samples.astype(dtype).tobytes()))


def encoded(data: bytes, **fields) -> audio_pb2.Audio:
    return audio_pb2.Audio(encoded=audio_pb2.EncodedAudio(data=data, **fields))


def talk(seconds: float = 1.0) -> audio_pb2.Audio:
    samples = decode_file((AUDIO / "hu03_speech_m.wav").read_bytes(), 60).samples
    return pcm(np.resize(samples, int(seconds * 16000)))


def generate(
    channel: grpc.Channel, audio: audio_pb2.Audio, timeout: float = 60, **options
) -> list[motion_pb2.GenerateMotionResponse]:
    request = motion_pb2.GenerateMotionRequest(options=options_pb2.MotionOptions(**options), audio=audio)
    return list(motion_pb2_grpc.MotionServiceStub(channel).GenerateMotion(request, timeout=timeout))


def frames(responses: list[motion_pb2.GenerateMotionResponse]) -> np.ndarray:
    width = responses[0].header.bytes_per_frame
    return np.concatenate([np.frombuffer(r.frames.data, "<f4").reshape(-1, width // 4) for r in responses[1:-1]])


def refused(channel: grpc.Channel, audio: audio_pb2.Audio, **options) -> tuple[grpc.StatusCode, str, dict[str, object]]:
    """Status, text, and rich details by their short name."""
    with pytest.raises(grpc.RpcError) as caught:
        generate(channel, audio, **options)
    return details_of(caught.value)


def details_of(error) -> tuple[grpc.StatusCode, str, dict[str, object]]:
    trailers = {key: value for key, value in error.trailing_metadata()}
    status = status_pb2.Status.FromString(trailers["grpc-status-details-bin"])
    assert status.code == error.code().value[0]
    assert status.message == error.details()
    found: dict[str, object] = {"trailers": trailers}
    for kind in (
        error_details_pb2.ErrorInfo,
        error_details_pb2.BadRequest,
        error_details_pb2.ResourceInfo,
        error_details_pb2.RetryInfo,
    ):
        for detail in status.details:
            message = kind()
            if detail.Unpack(message):
                found[kind.__name__] = message
    assert found["ErrorInfo"].metadata["request_id"] == trailers["x-request-id"]  # type: ignore[attr-defined]
    return error.code(), error.details(), found


def field_of(found: dict[str, object]) -> str:
    return found["BadRequest"].field_violations[0].field  # type: ignore[attr-defined]


def convert(channel: grpc.Channel, **fields) -> list[convert_pb2.ConvertResponse]:
    return list(convert_pb2_grpc.ConvertServiceStub(channel).Convert(convert_pb2.ConvertRequest(**fields)))
