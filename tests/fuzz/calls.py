"""Random and mutated messages to every call of a real server, over gRPC and WebSockets:

    python tests/fuzz/calls.py --minutes 10

Each worker takes a valid request, changes it, and sends it. Finds are: a status that no caller should see (UNKNOWN, INTERNAL), a
path or a traceback in a message, a server that dies, one that stops answering rightly, one that keeps growing.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

import grpc
from google.protobuf import json_format
from google.rpc import error_details_pb2, status_pb2
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.sync.client import connect

sys.path.insert(0, str(Path(__file__).parents[1] / "kit"))

from folders import AUDIO, DATA
from nvidia_ace_compat import a2f_pb2, controller_pb2
from nvidia_ace_compat import audio_pb2 as nvidia_audio_pb2
from nvidia_ace_compat.emotion_with_timecode_pb2 import EmotionWithTimeCode
from pantomatrix.v1 import audio_pb2, catalog_pb2, convert_pb2, motion_pb2, options_pb2
from server_process import ServerProcess, running_server

WORKERS = 6
_FORM = audio_pb2.PcmFormat(encoding=audio_pb2.PCM_ENCODING_S16LE, sample_rate_hz=16000)
_SOUND = bytes(random.Random(0).randbytes(3200))
_AUDIO2FACE = "/nvidia_ace.services.a2f_controller.v1.A2FControllerService/ProcessAudioStream"
_CONFIGS = "/nvidia_ace.services.a2x_export_config.v1.A2XExportConfigService/GetConfigs"
_NEVER = {grpc.StatusCode.UNKNOWN, grpc.StatusCode.INTERNAL, grpc.StatusCode.DATA_LOSS}
_SECRET = re.compile(r"Traceback|/tmp/|/home/|\.py\b|site-packages")


def requests() -> dict[str, list[list[bytes]]]:
    """Valid requests of each call: sequences of messages."""
    options = options_pb2.MotionOptions(seed=3, fps=60, skeleton="ue5_manny", coordinate_system="unreal", parts=[1, 2])
    options.gestures.amplitude = 1.2
    options.emotions.add(emotion="joy", strength=0.5)
    pcm = audio_pb2.Audio(pcm=audio_pb2.PcmAudio(format=_FORM, samples=_SOUND))
    encoded = audio_pb2.Audio(encoded=audio_pb2.EncodedAudio(data=(AUDIO / "hu05_arctic_f.wav").read_bytes()[:20_000]))
    files = [path.read_bytes() for path in sorted(DATA.rglob("*.bvh"))[:2] if path.stat().st_size < 200_000]
    files.append(b'{"names": ["jawOpen"], "frames": [{"weights": [0.5], "time": 0}]}')
    sequence = [
        motion_pb2.StreamMotionRequest(start=motion_pb2.StreamStart(options=options, format=_FORM, echo_audio=True)),
        motion_pb2.StreamMotionRequest(audio=motion_pb2.AudioChunk(samples=_SOUND)),
        motion_pb2.StreamMotionRequest(end_of_utterance=motion_pb2.EndOfUtterance()),
        motion_pb2.StreamMotionRequest(
            options=motion_pb2.StreamOptions(part_strengths={"entries": [{"part": 1, "gain": 0.5}]})
        ),
        motion_pb2.StreamMotionRequest(audio=motion_pb2.AudioChunk(samples=_SOUND)),
        motion_pb2.StreamMotionRequest(interrupt=motion_pb2.Interrupt()),
    ]
    header = nvidia_audio_pb2.AudioHeader(samples_per_second=16000, channel_count=1, bits_per_sample=16)
    gains = a2f_pb2.BlendShapeParameters(bs_weight_multipliers={"JawOpen": 1.5}, enable_clamping_bs_weight=True)
    face = a2f_pb2.FaceParameters(
        float_params={"lowerFaceStrength": 1.2, "eyelidOpenOffset": 0.1, "faceMaskLevel": 0.6}
    )
    feeling = a2f_pb2.EmotionPostProcessingParameters(emotion_strength=1.0, max_emotions=2)
    keys = [EmotionWithTimeCode(time_code=0.05, emotion={"joy": 1.0}), EmotionWithTimeCode(emotion={"fear": 0.5})]
    audio2face = [
        controller_pb2.AudioStream(
            audio_stream_header=controller_pb2.AudioStreamHeader(
                audio_header=header,
                face_params=face,
                emotion_post_processing_params=feeling,
                blendshape_params=gains,
                emotion_params=a2f_pb2.EmotionParameters(beginning_emotion={"joy": 0.5}),
            )
        ),
        controller_pb2.AudioStream(audio_with_emotion=a2f_pb2.AudioWithEmotion(audio_buffer=_SOUND, emotions=keys)),
        controller_pb2.AudioStream(end_of_audio=controller_pb2.AudioStream.EndOfAudio()),
    ]
    generate = [motion_pb2.GenerateMotionRequest(options=options, audio=audio) for audio in (pcm, encoded)]
    convert = [
        convert_pb2.ConvertRequest(data=data, options={"fps": 30}, file=convert_pb2.FileOutput(format="bvh"))
        for data in files
    ]
    return {
        "/pantomatrix.v1.MotionService/StreamMotion": [[message.SerializeToString() for message in sequence]],
        "/pantomatrix.v1.MotionService/GenerateMotion": [[message.SerializeToString()] for message in generate],
        "/pantomatrix.v1.ConvertService/Convert": [[message.SerializeToString()] for message in convert],
        "/pantomatrix.v1.CatalogService/GetCatalog": [[catalog_pb2.GetCatalogRequest().SerializeToString()]],
        _AUDIO2FACE: [[message.SerializeToString() for message in audio2face]],
        _CONFIGS: [[b"\x08\x01"]],
        "/grpc.health.v1.Health/Check": [[b"\x0a\x07builtin"]],
        "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo": [[b"\x3a\x00"]],
    }


def mutated(messages: list[bytes], dice: random.Random) -> list[bytes]:
    """Bytes changed, cut, doubled, replaced; messages left out, repeated, in another order."""
    result = list(messages)
    for _ in range(dice.randrange(1, 4)):
        place = dice.randrange(len(result))
        data = bytearray(result[place])
        kind = dice.randrange(7)
        if kind == 0 and data:
            for _ in range(dice.randrange(1, 8)):
                data[dice.randrange(len(data))] = dice.randrange(256)
        elif kind == 1:
            data = data[: dice.randrange(len(data) + 1)]
        elif kind == 2 and data:
            start = dice.randrange(len(data))
            data[start:start] = data[start : start + dice.randrange(64)]
        elif kind == 3:
            data = bytearray(dice.randbytes(dice.randrange(200)))
        elif kind == 4 and len(data) > 8:
            start = dice.randrange(len(data) - 8)
            data[start : start + 8] = dice.choice([b"\xff" * 8, b"\0" * 8, b"\x7f\xf0" + b"\0" * 6, b"\x80" * 8])
        elif kind == 5:
            result.insert(place, result[dice.randrange(len(result))])
        elif kind == 6:
            dice.shuffle(result)
        result[min(place, len(result) - 1)] = bytes(data)
    return result


class Fuzzer:
    """Sends to one server until told to stop."""

    def __init__(self, server: ServerProcess, minutes: float) -> None:
        self._server, self._until = server, time.monotonic() + 60 * minutes
        self._requests = requests()
        self.statuses: Counter[str] = Counter()
        self.finds: list[str] = []

    def run(self, seed: int) -> None:
        dice = random.Random(seed)
        with grpc.insecure_channel(self._server.address, [("grpc.use_local_subchannel_pool", 1)]) as channel:
            while time.monotonic() < self._until and len(self.finds) < 20:
                method = dice.choice(list(self._requests))
                messages = dice.choice(self._requests[method])
                messages = mutated(messages, dice) if dice.random() < 0.95 else messages
                if method.startswith("/pantomatrix") and dice.random() < 0.3:
                    self._over_websocket(method, messages)
                else:
                    self._over_grpc(channel, method, messages, dice)

    def _over_grpc(self, channel: grpc.Channel, method: str, messages: list[bytes], dice: random.Random) -> None:
        call = channel.stream_stream(method)(iter(messages), timeout=20)
        try:
            for count, _ in enumerate(call):
                if dice.random() < 0.01 or count > 2000:
                    call.cancel()
            self.statuses["OK"] += 1
        except grpc.RpcError as error:
            self._judge(method, messages, error.code(), error.details() or "")  # type: ignore[attr-defined]

    def _over_websocket(self, method: str, messages: list[bytes]) -> None:
        try:
            with connect(f"ws://{self._server.web}{method}", compression=None, proxy=None, max_size=None) as socket:
                for message in messages:
                    socket.send(message)
                if method.endswith("StreamMotion"):
                    socket.send(b"")
                while True:
                    data = socket.recv(20)
                    if isinstance(data, str):
                        status = _status(data)
                        self._judge(method, messages, _CODES[status.code], status.message)
        except (ConnectionClosed, TimeoutError):
            self.statuses["websocket closed"] += 1
        except (WebSocketException, OSError) as error:
            self.finds.append(f"{method}: {error!r}")

    def _judge(self, method: str, messages: list[bytes], code: grpc.StatusCode, text: str) -> None:
        self.statuses[code.name] += 1
        if code in _NEVER or _SECRET.search(text):
            self.finds.append(f"{method}: {code.name}: {text}: {[message[:200] for message in messages]}")


assert error_details_pb2.ErrorInfo  # its details have to be known for a status to be parsed
_CODES = {code.value[0]: code for code in grpc.StatusCode}


def _status(text: str) -> status_pb2.Status:
    return json_format.Parse(text, status_pb2.Status())


def resident_mib(process: int) -> float:
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{process}/status").read_text())
    assert found
    return int(found[1]) / 1024


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        with running_server(
            Path(scratch) / "log", "--audio2face", "builtin", PANTOMATRIX_MAX_CLIP_SECONDS="20"
        ) as server:
            fuzzer = Fuzzer(server, arguments.minutes)
            threads = [threading.Thread(target=fuzzer.run, args=(arguments.seed + at,)) for at in range(WORKERS)]
            for thread in threads:
                thread.start()
            sizes = []
            while any(thread.is_alive() for thread in threads):
                time.sleep(60 * arguments.minutes / 10)
                sizes.append(round(resident_mib(server.process.pid)))
            assert server.process.poll() is None, "the server has died"
            files = len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))
            code = server.terminate()
    calls = sum(fuzzer.statuses.values())
    print(f"{calls} calls in {arguments.minutes:g} minutes: {dict(fuzzer.statuses.most_common())}")
    print(f"server: exit code {code}, {files} open files at the end, memory {sizes} MiB")
    print("\n".join(fuzzer.finds) or "no finds")
    return 1 if fuzzer.finds else 0


if __name__ == "__main__":
    sys.exit(main())
