"""How frames are stored: the same motion in each encoding, read back by the client, and how many bytes it takes."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from folders import AUDIO
from live_stream import F32, SPEECH, request
from pantomatrix.v1 import frames_pb2, motion_pb2, motion_pb2_grpc, options_pb2
from pantomatrix_client import Client
from pantomatrix_client.motion import Motion
from pantomatrix_client.request import FrameEncoding
from pantomatrix_converters.coordinates import CANONICAL, coordinate_system
from pantomatrix_converters.motion import FaceCurves
from pantomatrix_converters.motion import Motion as ServedMotion
from pantomatrix_converters.skeleton import load_skeleton
from pantomatrix_server.wire import channels
from pantomatrix_server.wire.frames import block_packing, motion_layout
from server_process import ServerProcess
from service_calls import generate, open_channel, talk

pytestmark = pytest.mark.service

COMPACT = frames_pb2.FRAME_ENCODING_COMPACT


def apart(first: Motion, second: Motion) -> tuple[float, float, float]:
    """Most degrees, weights, and length units."""
    a, b = (Rotation.from_quat(motion.rotations_xyzw.reshape(-1, 4)) for motion in (first, second))
    turned = float(np.degrees((a * b.inv()).magnitude().max()))
    weights = float(np.abs(first.curves - second.curves).max())
    return turned, weights, float(np.abs(first.root_translation - second.root_translation).max())


@pytest.mark.parametrize(("encoding", "degrees", "weight"), [("float16", 0.1, 0.0005), ("compact", 0.012, 0.002)])
@pytest.mark.parametrize("axes", ["canonical", "unreal_mesh"])
def test_other_encodings_are_the_same_motion(
    server: ServerProcess, encoding: FrameEncoding, degrees: float, weight: float, axes: str
) -> None:
    clip = AUDIO / "hu03_speech_m.wav"
    with Client(server.address) as plain, Client(server.address, frame_encoding=encoding) as small:
        whole = plain.generate(clip, skeleton="ue5_manny", coordinate_system=axes)
        turned, weights, moved = apart(whole, small.generate(clip, skeleton="ue5_manny", coordinate_system=axes))
    assert turned < degrees
    assert weights < weight
    assert moved == 0


def test_turns_of_every_size_survive() -> None:
    """Also where two components are equally large, and about half a turn."""
    random = np.random.default_rng(3)
    quats = random.normal(size=(4000, 4))
    quats[:100, 3] = 0.0
    quats[100:200] = np.sign(quats[100:200])
    quats[200:204] = -np.eye(4)
    quats /= np.linalg.norm(quats, axis=1, keepdims=True)
    smplx = load_skeleton("smplx")
    motion = ServedMotion(
        smplx, 30.0, np.resize(quats, (72, len(smplx), 4)).astype(np.float32), np.zeros((72, 3), np.float32), None
    )
    layout = motion_layout(motion, channels.FrameEncoding.COMPACT)
    (block,) = block_packing(layout, CANONICAL)(motion, 0)
    from pantomatrix_client.channels import channel_values

    back = channel_values(block, layout.channels[1], layout.bytes_per_frame).reshape(-1, 4)
    off = (Rotation.from_quat(back) * Rotation.from_quat(motion.rotations_xyzw.reshape(-1, 4)).inv()).magnitude()
    assert np.degrees(off.max()) < 0.012


@pytest.mark.parametrize(("parts", "most"), [([], 12_000), ([options_pb2.BODY_PART_FACE], 2_000)])
def test_compact_streams_are_small(server: ServerProcess, parts: list, most: int) -> None:
    """Bytes a second of all messages with frames, as a microphone's chunks of 100 ms make them."""
    options = options_pb2.MotionOptions(parts=parts)
    opened = motion_pb2.StreamStart(format=F32, frame_encoding=COMPACT, options=options, max_ahead_seconds=0.05)
    chunks = [SPEECH[at : at + 1600].tobytes() for at in range(0, 4 * 16000, 1600)]
    said = [request(audio=motion_pb2.AudioChunk(samples=chunk)) for chunk in chunks]
    with open_channel(server.address) as channel:
        stub = motion_pb2_grpc.MotionServiceStub(channel)
        responses = list(stub.StreamMotion(iter([request(start=opened), *said]), timeout=60))
    frames = [response for response in responses if response.WhichOneof("message") == "frames"]
    assert sum(response.frames.frame_count for response in frames) == 120
    assert sum(response.ByteSize() for response in frames) / 4 <= most


def test_weights_beyond_one_are_not_cut_off(server: ServerProcess) -> None:
    louder = [options_pb2.CurveAdjustment(curve="jawOpen", gain=3, maximum=3)]
    options = options_pb2.MotionOptions(curve_adjustments=louder)
    asked = motion_pb2.GenerateMotionRequest(options=options, audio=talk(2), frame_encoding=COMPACT)
    with open_channel(server.address) as channel:
        header, *blocks, _ = motion_pb2_grpc.MotionServiceStub(channel).GenerateMotion(asked)
    curves = header.header.channels[2]
    assert curves.encoding == frames_pb2.CHANNEL_ENCODING_FLOAT16
    assert header.header.bytes_per_frame == 12 + 6 * 55 + 2 * 52
    rows = np.concatenate(
        [np.frombuffer(b.frames.data, np.uint8).reshape(-1, header.header.bytes_per_frame) for b in blocks]
    )
    assert np.ascontiguousarray(rows[:, curves.offset :]).view("<f2").max() > 1.2


def test_a_block_is_a_mebibyte_at_most(server: ServerProcess) -> None:
    with open_channel(server.address) as channel:
        responses = generate(channel, talk(12), fps=240, skeleton="metahuman")
    sizes = [len(response.frames.data) for response in responses[1:-1]]
    assert max(sizes) <= 1 << 20
    assert sum(sizes) > 3 << 20


def test_a_face_alone_and_coordinates_of_ones_own() -> None:
    smplx = load_skeleton("smplx")
    face = FaceCurves("arkit52", ("jawOpen",), np.array([[0.25], [2.0]], np.float32))
    alone = ServedMotion(
        smplx, 30.0, np.tile([0, 0, 0, 1], (2, 55, 1)).astype(np.float32), np.ones((2, 3), np.float32), face
    )
    layout = motion_layout(alone, channels.FrameEncoding.COMPACT)
    (block,) = block_packing(layout, coordinate_system("unreal"))(alone, 7)
    assert [channel.encoding for channel in layout.channels][-1] == frames_pb2.CHANNEL_ENCODING_FLOAT16
    assert (block.first_frame, block.frame_count) == (7, 2)
    np.testing.assert_allclose(np.frombuffer(block.data[:12], "<f4"), [100, -100, 100])
