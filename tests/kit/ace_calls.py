"""Calls as clients of NVIDIA's Audio2Face-3D make them, and what their answers hold."""

from __future__ import annotations

import json

import grpc
import numpy as np

from folders import AUDIO, DATA
from nvidia_ace_compat import a2f_controller_pb2_grpc, a2f_pb2, audio_pb2, controller_pb2
from nvidia_ace_compat.emotion_with_timecode_pb2 import EmotionWithTimeCode
from pantomatrix_models.audio.decode import decode_file

ORDERS = json.loads((DATA / "arkit_orders.json").read_text())
SHAPES: list[str] = [*ORDERS["audio2face_52"], *ORDERS["audio2face_tongue_16"]]
EMOTIONS = ["amazement", "anger", "cheekiness", "disgust", "fear", "grief", "joy", "outofbreath", "pain", "sadness"]
RATE = 16000
SPEECH = (decode_file((AUDIO / "hu03_speech_m.wav").read_bytes(), 60).samples[: 3 * RATE] * 32767).astype("<i2")
END = controller_pb2.AudioStream(end_of_audio=controller_pb2.AudioStream.EndOfAudio())

Answers = list[controller_pb2.AnimationDataStream]
Keys = list[tuple[float, dict[str, float]]]


def header(rate: int = RATE, channels: int = 1, bits: int = 16, **params) -> controller_pb2.AudioStream:
    form = audio_pb2.AudioHeader(samples_per_second=rate, channel_count=channels, bits_per_sample=bits)
    return controller_pb2.AudioStream(audio_stream_header=controller_pb2.AudioStreamHeader(audio_header=form, **params))


def audio(samples: np.ndarray, keys: Keys | None = None) -> controller_pb2.AudioStream:
    """keys: time codes and emotions."""
    emotions = [EmotionWithTimeCode(time_code=seconds, emotion=given) for seconds, given in keys or ()]
    return controller_pb2.AudioStream(
        audio_with_emotion=a2f_pb2.AudioWithEmotion(audio_buffer=samples.tobytes(), emotions=emotions)
    )


def chunks(samples: np.ndarray, size: int) -> list[controller_pb2.AudioStream]:
    return [audio(samples[start : start + size]) for start in range(0, len(samples), size)]


def call(channel: grpc.Channel, *messages: controller_pb2.AudioStream) -> Answers:
    stub = a2f_controller_pb2_grpc.A2FControllerServiceStub(channel)
    return list(stub.ProcessAudioStream(iter(messages), timeout=60))


def weights(answers: Answers) -> np.ndarray:
    """(T, 68)"""
    animated = [a.animation_data.skel_animation for a in answers if a.HasField("animation_data")]
    return np.array([frame.blend_shape_weights[0].values for frame in animated], np.float32)


def column(name: str) -> int:
    return SHAPES.index(name)
