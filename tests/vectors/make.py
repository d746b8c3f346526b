"""Writes the vectors that all clients are held to: `python tests/vectors/make.py [FOLDER]`."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from copy import deepcopy
from io import BytesIO
from pathlib import Path

import numpy as np
from google.protobuf import json_format, proto
from google.protobuf.message import Message

from pantomatrix.v1 import audio_pb2, errors_pb2, frames_pb2, motion_pb2, options_pb2, skeleton_pb2
from pantomatrix_converters.coordinates import CANONICAL
from pantomatrix_converters.motion import FaceCurves, Motion
from pantomatrix_converters.skeleton import Skeleton
from pantomatrix_models.errors import OptionError
from pantomatrix_server.transports.status import status_of
from pantomatrix_server.wire.channels import FrameEncoding, FrameLayout

HERE = Path(__file__).resolve().parent
FPS = 30.0
JOINTS = (("root", -1), ("Rücken", 0), ("mixamorig:Head", 1))
CURVES = ("jawOpen", "mouthClose")
SEED = 2**63 + 5
"""More than a double or a signed integer holds."""


def frames() -> np.ndarray:
    """(12, 17) float32. Some neighbouring quaternions are on opposite halves of their sphere, some nearly equal."""
    random = np.random.default_rng(8)
    rows = random.normal(size=(12, 3 + 4 * len(JOINTS) + len(CURVES))).astype(np.float32)
    quaternions = rows[:, 3:15].reshape(12, 3, 4)
    quaternions[6] = quaternions[5] + np.float32(1e-3)
    quaternions[8] = -quaternions[7]
    quaternions /= np.linalg.norm(quaternions, axis=-1, keepdims=True)
    rows[:, 15:] = random.uniform(size=(12, 2))
    return rows


def times() -> list[float]:
    return [-0.5, 0.0, 0.01, 0.05, 1 / 30, 0.15, 0.18, 0.25, 0.3, 11 / 30, 2.0]


def sampled(rows: np.ndarray, at: Sequence[float]) -> np.ndarray:
    """(len(at), 17) in double precision, clamped to the first and last frame."""
    place = np.clip(np.asarray(at) * FPS, 0, len(rows) - 1)
    before = np.minimum(place.astype(int), len(rows) - 2)
    fraction = (place - before)[:, None]
    a, b = rows[before].astype(float), rows[before + 1].astype(float)
    out = a + (b - a) * fraction
    for start in range(3, 15, 4):
        p, q = a[:, start : start + 4], b[:, start : start + 4]
        cosine = (p * q).sum(-1, keepdims=True)
        angle = np.arccos(np.clip(abs(cosine), 0, 1))
        small = angle < 1e-6
        safe = np.where(small, 1, np.sin(angle))
        left = np.where(small, 1 - fraction, np.sin((1 - fraction) * angle) / safe)
        right = np.where(small, fraction, np.sin(fraction * angle) / safe) * np.where(cosine < 0, -1, 1)
        out[:, start : start + 4] = left * p + right * q
    return out


def generate_request() -> motion_pb2.GenerateMotionRequest:
    return motion_pb2.GenerateMotionRequest(
        options=options_pb2.MotionOptions(
            model="builtin",
            speaker="2",
            seed=SEED,
            fps=29.97,
            skeleton="ue5_manny",
            face_rig="arkit52",
            coordinate_system="unreal_mesh",
            parts=[options_pb2.BODY_PART_FACE, options_pb2.BODY_PART_HANDS],
            root_mode=options_pb2.ROOT_MODE_IN_PLACE,
            foot_lock=True,
            part_strengths=[options_pb2.PartStrength(part=options_pb2.BODY_PART_FACE, gain=0.5)],
            curve_adjustments=[options_pb2.CurveAdjustment(curve="jawOpen", gain=0.0, maximum=0.75)],
            emotions=[options_pb2.EmotionStrength(emotion="joy", strength=0.25)],
        ),
        audio=audio_pb2.Audio(
            pcm=audio_pb2.PcmAudio(
                format=audio_pb2.PcmFormat(encoding=audio_pb2.PCM_ENCODING_S16LE, sample_rate_hz=16_000, channels=2),
                samples=np.array([0, 1, -1, 32767, -32768, 256], "<i2").tobytes(),
            )
        ),
    )


def stream_requests() -> list[Message]:
    start = motion_pb2.StreamStart(
        options=options_pb2.MotionOptions(skeleton="smplx"),
        format=audio_pb2.PcmFormat(encoding=audio_pb2.PCM_ENCODING_F32LE, sample_rate_hz=48_000),
        look_ahead_seconds=0.096,
        echo_audio=True,
        max_ahead_seconds=0,
        frame_encoding=frames_pb2.FRAME_ENCODING_COMPACT,
        labels={"character": "Käthe"},
    )
    samples = np.array([0, 0.5, -1, 1e-7], "<f4").tobytes()
    amazed = options_pb2.EmotionStrength(emotion="amazement", strength=1)
    request = motion_pb2.StreamMotionRequest
    return [
        request(start=start),
        request(audio=motion_pb2.AudioChunk(samples=samples)),
        request(end_of_utterance=motion_pb2.EndOfUtterance()),
        request(interrupt=motion_pb2.Interrupt()),
        request(interrupt=motion_pb2.Interrupt(played_seconds=0)),
        request(options=motion_pb2.StreamOptions(speaker="3", emotions=motion_pb2.Emotions(entries=[amazed]))),
        request(options=motion_pb2.StreamOptions(part_strengths=motion_pb2.PartStrengths(), at_seconds=1.5)),
    ]


def stream_responses(rows: np.ndarray, encoding: FrameEncoding = FrameEncoding.FLOAT32) -> list[Message]:
    """What a stream of these frames sends. Between the channels that a client knows lies one of a kind that it does not."""
    layout = FrameLayout(len(JOINTS), len(CURVES), encoding, unit_weights=True)
    channels = deepcopy(layout.channels)
    channels[2].offset += 4
    channels.insert(2, frames_pb2.Channel(name="later", kind=99, width=1, offset=channels[2].offset - 4, encoding=1))  # type: ignore[arg-type]
    joints = [
        skeleton_pb2.Joint(name=name, parent=parent, rest_translation=skeleton_pb2.Vector3(y=0.25 * index))
        for index, (name, parent) in enumerate(JOINTS)
    ]
    header = frames_pb2.MotionHeader(
        fps=FPS,
        skeleton=skeleton_pb2.Skeleton(name="three", joints=joints),
        face_rig="two",
        curve_names=CURVES,
        coordinate_system=skeleton_pb2.CoordinateSystem(
            name="unity",
            left=skeleton_pb2.AXIS_NEGATIVE_X,
            up=skeleton_pb2.AXIS_POSITIVE_Y,
            forward=skeleton_pb2.AXIS_POSITIVE_Z,
            units_per_metre=1,
        ),
        channels=channels,
        bytes_per_frame=layout.bytes_per_frame + 4,
        model="builtin",
        seed=SEED,
        look_ahead_seconds=1.5,
        request_id="0123456789abcdef",
        notes=["ein Hinweis: größer als 1"],
        labels={"character": "Käthe"},
        features=["a", "b"],
    )
    data = stored(rows, layout)
    blocks = [
        frames_pb2.FrameBlock(
            first_frame=start, frame_count=stop - start, data=data[start:stop].tobytes(), idle=start == 9
        )
        for start, stop in ((0, 5), (5, 9), (9, 12))
    ]
    response = motion_pb2.StreamMotionResponse
    return [
        response(header=header),
        *(response(frames=block) for block in blocks),
        response(utterance_end=motion_pb2.UtteranceEnd(utterance=1, end_frame=12, interrupted=True)),
        response(
            refusal=motion_pb2.Refusal(
                reason=errors_pb2.ERROR_REASON_UNKNOWN_NAME, text="unknown emotion 'joi'", field="options.emotions"
            )
        ),
        response(audio=motion_pb2.AudioEcho(start_seconds=2.000000001, samples=b"\x00\xff\x80\x7f")),
        response(summary=frames_pb2.MotionSummary(frame_count=12, audio_seconds=0.4)),
    ]


def stored(rows: np.ndarray, layout: FrameLayout) -> np.ndarray:
    """(12, B) bytes, those of the unknown channel all 255."""
    joints = [parent for _, parent in JOINTS]
    skeleton = Skeleton.build(
        "three", [name for name, _ in JOINTS], joints, np.zeros((3, 3)), np.tile([0, 0, 0, 1], (3, 1))
    )
    face = FaceCurves("two", CURVES, rows[:, 15:])
    motion = Motion(skeleton, FPS, rows[:, 3:15].reshape(12, 3, 4), rows[:, :3], face)
    data = np.frombuffer(layout.packed(motion, CANONICAL), np.uint8).reshape(12, -1)
    at = layout.channels[2].offset
    return np.concatenate([data[:, :at], np.full((12, 4), 255, np.uint8), data[:, at:]], axis=1)


def write(folder: Path) -> None:
    rows = frames()
    _write_messages(folder / "stream_requests", stream_requests())
    _write_messages(folder / "stream_responses", stream_responses(rows))
    _write_messages(folder / "compact_responses", stream_responses(rows, FrameEncoding.COMPACT))
    request = generate_request()
    (folder / "generate_request.bin").write_bytes(request.SerializeToString(deterministic=True))
    _write_json(folder / "generate_request.json", json_format.MessageToDict(request))
    numbers = {
        "fps": FPS,
        "joint_names": [name for name, _ in JOINTS],
        "parents": [parent for _, parent in JOINTS],
        "curve_names": list(CURVES),
        "frames": rows.astype(float).tolist(),
    }
    _write_json(folder / "frames.json", numbers)
    _write_json(folder / "samples.json", {"times": times(), "poses": sampled(rows, times()).round(9).tolist()})
    error = OptionError('fps is 300, expected 1 to 240: "ü" \\ too', "options.fps")
    status = status_of(error, "0123456789abcdef")
    text = json_format.MessageToJson(status, indent=None)
    told = {"code": status.code, "message": status.message, "request_id": "0123456789abcdef", "field": "options.fps"}
    _write_json(folder / "status.json", {"text": text, **told})


def _write_messages(path: Path, messages: Sequence[Message]) -> None:
    stream = BytesIO()
    for message in messages:
        proto.serialize_length_prefixed(message, stream)
    path.with_suffix(".bin").write_bytes(stream.getvalue())
    _write_json(path.with_suffix(".json"), [json_format.MessageToDict(message) for message in messages])


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
