"""The services of a real server process, called with the generated stubs."""

from __future__ import annotations

import io
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import grpc
import numpy as np
import pytest
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha.proto_reflection_descriptor_database import ProtoReflectionDescriptorDatabase

import pantomatrix as pm
from command_line import run_process
from eventually import eventually
from folders import AUDIO, ROOT
from motions import random_motion
from pantomatrix.v1 import (
    audio_pb2,
    catalog_pb2,
    catalog_pb2_grpc,
    convert_pb2,
    frames_pb2,
    motion_pb2,
    motion_pb2_grpc,
    options_pb2,
    skeleton_pb2,
)
from pantomatrix_converters import __version__
from pantomatrix_converters.coordinates import COORDINATE_SYSTEMS
from pantomatrix_converters.formats import FORMATS, decode_motion, encode_motion
from pantomatrix_converters.motion import concatenate
from pantomatrix_converters.skeleton import load_skeleton, skeleton_names
from pantomatrix_models.audio.decode import decode_file
from pantomatrix_models.generation import plan
from pantomatrix_models.options import MotionOptions
from pantomatrix_models.registry import ModelRegistry
from server_process import ServerProcess, cpu_seconds, metrics, running_server
from service_calls import convert, details_of, encoded, field_of, frames, generate, open_channel, pcm, refused, talk

pytestmark = pytest.mark.service

Code = grpc.StatusCode

needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads processor time from /proc")


@pytest.fixture(scope="module")
def channel(server: ServerProcess) -> Iterator[grpc.Channel]:
    with open_channel(server.address) as channel:
        yield channel


# ------------------------------------------------------------------------------------------------------ generating


def test_gestures_are_as_large_as_asked(channel: grpc.Channel) -> None:
    def sway(**gestures: float) -> float:
        wanted = options_pb2.Gestures(**gestures)
        turns = frames(generate(channel, talk(6), gestures=wanted))[:, 3:223].reshape(-1, 55, 4)
        return float(np.abs(np.diff(turns, axis=0)).sum())

    assert sway(amplitude=0.3) < 0.8 * sway() == 0.8 * sway(amplitude=1, rate=1)


def test_emotions_change_at_their_times(channel: grpc.Channel) -> None:
    """The same as in Python: joy as it is, then anger from 2 s on."""
    joy, anger = (options_pb2.EmotionStrength(emotion=name, strength=0.75) for name in ("joy", "anger"))
    key = options_pb2.EmotionKey(seconds=2.0, emotions=[anger])
    clip = AUDIO / "hu05_arctic_f.wav"
    rows = frames(generate(channel, encoded(clip.read_bytes()), seed=2, emotions=[joy], emotion_keys=[key]))
    motion = pm.generate(clip, seed=2, emotions=[(0.0, {"joy": 0.75}), (2.0, {"anger": 0.75})])
    assert motion.face is not None
    np.testing.assert_array_equal(rows[:, -52:], motion.face.weights)


def test_a_clip_becomes_header_blocks_summary(channel: grpc.Channel, speech: Path) -> None:
    responses = generate(channel, encoded(speech.read_bytes()), seed=5, fps=60)
    kinds = [response.WhichOneof("message") for response in responses]
    assert kinds[0] == "header"
    assert kinds[-1] == "summary"
    assert set(kinds[1:-1]) == {"frames"}
    assert len(kinds) > 4
    header, summary = responses[0].header, responses[-1].summary
    assert (header.fps, header.seed, header.model, header.speaker, header.frame_count) == (
        60,
        5,
        "builtin",
        "default",
        660,
    )
    assert header.bytes_per_frame == 4 * (3 + 4 * 55 + 52)
    assert [joint.name for joint in header.skeleton.joints[:2]] == ["pelvis", "left_hip"]
    assert header.curve_names[17] == "jawOpen"
    assert header.request_id
    first = 0
    for response in responses[1:-1]:
        assert response.frames.first_frame == first
        first += response.frames.frame_count
    assert summary.frame_count == first == 660
    assert summary.audio_seconds == pytest.approx(11)
    assert summary.timings.compute_seconds > 0
    assert summary.timings.decode_seconds > 0


def test_the_server_gives_what_the_process_gives(channel: grpc.Channel, speech: Path) -> None:
    values = frames(generate(channel, encoded(speech.read_bytes()), seed=7))
    generation = plan(MotionOptions(seed=7), ModelRegistry())
    motion = concatenate(list(generation.pieces(decode_file(speech.read_bytes(), 60))))
    assert motion.face is not None
    np.testing.assert_array_equal(values[:, :3], motion.root_translation)
    np.testing.assert_array_equal(values[:, 3:223].reshape(-1, 55, 4), motion.rotations_xyzw)
    np.testing.assert_array_equal(values[:, 223:], motion.face.weights)


@pytest.mark.parametrize("name", ["unity", "unreal", "unreal_mesh", "blender", "gltf"])
def test_axes_of_the_engines(channel: grpc.Channel, name: str) -> None:
    system = COORDINATE_SYSTEMS[name]
    plain, turned = generate(channel, talk()), generate(channel, talk(), coordinate_system=name)
    a, b = frames(plain), frames(turned)
    np.testing.assert_allclose(b[:, :3], system.positions_from_canonical(a[:, :3]), rtol=1e-5, atol=1e-5)
    quats = system.rotations_from_canonical(a[:, 3:223].reshape(-1, 55, 4))
    np.testing.assert_allclose(b[:, 3:223].reshape(-1, 55, 4), quats, atol=1e-6)
    np.testing.assert_array_equal(b[:, 223:], a[:, 223:])
    offset = turned[0].header.skeleton.joints[16].rest_translation
    rest = plain[0].header.skeleton.joints[16].rest_translation
    expected = system.positions_from_canonical([rest.x, rest.y, rest.z])
    np.testing.assert_allclose([offset.x, offset.y, offset.z], expected, rtol=1e-5, atol=1e-5)


def test_axes_of_the_callers_own(channel: grpc.Channel) -> None:
    own = skeleton_pb2.CoordinateSystem(
        name="maya",
        left=skeleton_pb2.AXIS_POSITIVE_X,
        up=skeleton_pb2.AXIS_POSITIVE_Y,
        forward=skeleton_pb2.AXIS_POSITIVE_Z,
        units_per_metre=100,
    )
    values = frames(generate(channel, talk(), custom_coordinate_system=own))
    np.testing.assert_allclose(values[:, 1], 100 * frames(generate(channel, talk()))[:, 1], rtol=1e-5)
    own.up = skeleton_pb2.AXIS_NEGATIVE_X
    code, text, found = refused(channel, talk(), custom_coordinate_system=own)
    assert code is Code.INVALID_ARGUMENT
    assert "perpendicular" in text
    assert field_of(found) == "options.custom_coordinate_system"


def test_parts_strengths_curves_and_root(channel: grpc.Channel) -> None:
    plain = frames(generate(channel, talk(2)))
    face_alone = generate(channel, talk(2), parts=[options_pb2.BODY_PART_FACE])
    np.testing.assert_array_equal(frames(face_alone)[:, 223:], plain[:, 223:])
    body = frames(face_alone)[:, 3:223].reshape(-1, 55, 4)
    moving = [i for i in range(55) if np.ptp(body[:, i], axis=0).max() > 0]
    assert {face_alone[0].header.skeleton.joints[i].name for i in moving} <= {
        "jaw",
        "left_eye_smplhf",
        "right_eye_smplhf",
    }
    no_face = generate(channel, talk(2), parts=[options_pb2.BODY_PART_UPPER_BODY])
    assert no_face[0].header.bytes_per_frame == 4 * 223
    assert no_face[0].header.face_rig == ""

    still = options_pb2.PartStrength(part=options_pb2.BODY_PART_UPPER_BODY, gain=0)
    arms = frames(generate(channel, talk(2), part_strengths=[still]))[:, 3:223].reshape(-1, 55, 4)
    np.testing.assert_allclose(arms[:, 16], [[0, 0, 0, 1]] * len(arms), atol=1e-6)

    adjustment = options_pb2.CurveAdjustment(curve="jawOpen", gain=2, offset=0.1, maximum=0.5)
    jaw = frames(generate(channel, talk(2), curve_adjustments=[adjustment]))[:, 223 + 17]
    np.testing.assert_allclose(jaw, np.clip(2 * plain[:, 223 + 17] + 0.1, 0, 0.5), atol=1e-6)

    in_place = frames(generate(channel, talk(2), root_mode=options_pb2.ROOT_MODE_IN_PLACE))
    assert np.ptp(in_place[:, [0, 2]], axis=0).max() == 0
    np.testing.assert_array_equal(in_place[:, 1], plain[:, 1])
    locked = frames(generate(channel, talk(2), root_mode=options_pb2.ROOT_MODE_LOCKED))
    assert np.ptp(locked[:, :7], axis=0).max() == 0


@needs_proc
def test_blocks_come_while_later_ones_are_computed(server: ServerProcess, channel: grpc.Channel) -> None:
    """When the first block is here, the server has done less than half of the work."""
    request = motion_pb2.GenerateMotionRequest(audio=talk(120))
    begun, first = cpu_seconds(server), 0.0
    for response in motion_pb2_grpc.MotionServiceStub(channel).GenerateMotion(request):
        if not first and response.WhichOneof("message") == "frames":
            first = cpu_seconds(server)
    assert first - begun < 0.5 * (cpu_seconds(server) - begun)


@pytest.mark.parametrize("samples", [1, 800])
def test_the_shortest_clips(channel: grpc.Channel, samples: int) -> None:
    responses = generate(channel, pcm(np.zeros(samples)))
    assert responses[-1].summary.frame_count == np.ceil(samples / 16000 * 30)


# --------------------------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("audio", "field", "text"),
    [
        (audio_pb2.Audio(), "audio", "no audio is given"),
        (encoded(b""), "audio.encoded", "empty"),
        (encoded(b"nothing to hear"), "audio.encoded", "not a readable audio file"),
        (encoded((AUDIO / "float_with_nan.wav").read_bytes()), "audio.encoded", "sample 4000"),
        (encoded((AUDIO / "no_samples.wav").read_bytes()), "audio.encoded", "no samples"),
        (encoded((AUDIO / "truncated_60pct.wav").read_bytes()), "audio.encoded", "truncated"),
        (
            encoded((AUDIO / "mono_8k.wav").read_bytes(), expected_sample_rate_hz=16000),
            "audio.encoded.expected_sample_rate_hz",
            "has 8000 samples a second, but 16000",
        ),
        (pcm(np.array([0, np.nan])), "audio.pcm", "sample 1"),
        (pcm(np.array([-np.inf])), "audio.pcm", "sample 0"),
        (pcm(np.zeros(0)), "audio.pcm", "no samples"),
        (pcm(np.zeros(10), rate=0), "audio.pcm.format.sample_rate_hz", "sample_rate_hz is 0"),
        (pcm(np.zeros(10), rate=-1), "audio.pcm.format.sample_rate_hz", "sample_rate_hz is -1"),
        (pcm(np.zeros(10), rate=10**9), "audio.pcm.format.sample_rate_hz", "expected 4000 to 192000"),
        (pcm(np.zeros(10), channels=9), "audio.pcm.format.channels", "channels is 9"),
        (pcm(np.zeros(10), channels=-1), "audio.pcm.format.channels", "channels is -1"),
        (pcm(np.zeros(10), channels=3), "audio.pcm.samples", "not a whole number"),
        (pcm(np.zeros(10), encoding=0), "audio.pcm.format.encoding", "encoding is not given"),
        (pcm(np.zeros(10), encoding=99), "audio.pcm.format.encoding", "encoding 99 is not known"),
    ],
)
def test_bad_audio_names_its_field(channel: grpc.Channel, audio: audio_pb2.Audio, field: str, text: str) -> None:
    code, message, found = refused(channel, audio)
    assert code is Code.INVALID_ARGUMENT
    assert text in message
    assert field_of(found) == field
    assert found["ErrorInfo"].reason == "INVALID_AUDIO"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("options", "code", "text"),
    [
        ({"model": "emagee"}, Code.NOT_FOUND, "unknown model 'emagee'"),
        ({"model": "../../etc/passwd"}, Code.NOT_FOUND, "unknown model"),
        ({"speaker": "nobody"}, Code.NOT_FOUND, "(valid: calm, default"),
        ({"skeleton": "smplxx"}, Code.NOT_FOUND, "did you mean smplx?"),
        ({"coordinate_system": "unitty"}, Code.NOT_FOUND, "did you mean unity?"),
        ({"face_rig": "arkit53"}, Code.NOT_FOUND, "did you mean arkit52"),
        ({"face_rig": "flame100+jaw"}, Code.FAILED_PRECONDITION, "--arkit-matrix"),
        ({"fps": 0.5}, Code.INVALID_ARGUMENT, "fps is 0.5, expected 1 to 240"),
        ({"fps": -30}, Code.INVALID_ARGUMENT, "fps is -30"),
        ({"fps": float("nan")}, Code.INVALID_ARGUMENT, "fps is nan"),
        ({"parts": [0]}, Code.INVALID_ARGUMENT, "body part 0"),
        ({"parts": [77]}, Code.INVALID_ARGUMENT, "body part 77"),
        ({"root_mode": 9}, Code.INVALID_ARGUMENT, "root mode 9"),
        ({"timing": 9}, Code.INVALID_ARGUMENT, "timing 9"),
        ({"timing": options_pb2.TIMING_REFERENCE}, Code.FAILED_PRECONDITION, "no reference timing"),
        ({"constraints": [options_pb2.PoseConstraint()]}, Code.INVALID_ARGUMENT, "neither a joint nor the root"),
        ({"gestures": options_pb2.Gestures(amplitude=3)}, Code.INVALID_ARGUMENT, "amplitude is 3, expected 0 to 2"),
        (
            {"emotions": [options_pb2.EmotionStrength(emotion="happy")]},
            Code.NOT_FOUND,
            "unknown emotion 'happy'; did you mean joy?",
        ),
        (
            {"emotions": [options_pb2.EmotionStrength(emotion="joy", strength=2)]},
            Code.INVALID_ARGUMENT,
            "strength of joy is 2",
        ),
        (
            {"emotions": [options_pb2.EmotionStrength(emotion="joy")] * 2},
            Code.INVALID_ARGUMENT,
            "an emotion occurs twice",
        ),
        ({"expression": "frendly"}, Code.NOT_FOUND, "unknown expression 'frendly'; did you mean friendly"),
        (
            {"emotion_keys": [options_pb2.EmotionKey(seconds=2), options_pb2.EmotionKey(seconds=1)]},
            Code.INVALID_ARGUMENT,
            "emotions change at 2 s and then at 1 s, expected times that rise",
        ),
        (
            {"emotion_keys": [options_pb2.EmotionKey(seconds=-1)]},
            Code.INVALID_ARGUMENT,
            "emotions change at -1 s, expected a time of the speech, from 0",
        ),
        (
            {"emotion_keys": [options_pb2.EmotionKey(seconds=99)]},
            Code.INVALID_ARGUMENT,
            "emotions change at 99 s, but the clip ends at 1 s",
        ),
        ({"gestures": options_pb2.Gestures(rate=0)}, Code.INVALID_ARGUMENT, "rate is 0, expected 0.25 to 2"),
        ({"part_strengths": [options_pb2.PartStrength(part=1, gain=9)]}, Code.INVALID_ARGUMENT, "gain of face is 9"),
        (
            {"part_strengths": [options_pb2.PartStrength(part=1, gain=1)] * 2},
            Code.INVALID_ARGUMENT,
            "a part occurs twice",
        ),
        ({"curve_adjustments": [options_pb2.CurveAdjustment(curve="jawopen")]}, Code.NOT_FOUND, "did you mean jawOpen"),
        (
            {"curve_adjustments": [options_pb2.CurveAdjustment(curve="jawOpen")] * 2},
            Code.INVALID_ARGUMENT,
            "occurs twice",
        ),
        (
            {"curve_adjustments": [options_pb2.CurveAdjustment(curve="jawOpen", gain=float("inf"))]},
            Code.INVALID_ARGUMENT,
            "finite",
        ),
    ],
)
def test_bad_options(channel: grpc.Channel, options: dict, code: grpc.StatusCode, text: str) -> None:
    got, message, _ = refused(channel, talk(), **options)
    assert (got, text in message) == (code, True), message


def joints(*parents: int, name: str = "j{}") -> skeleton_pb2.Skeleton:
    return skeleton_pb2.Skeleton(
        name="mine", joints=[skeleton_pb2.Joint(name=name.format(i), parent=parent) for i, parent in enumerate(parents)]
    )


@pytest.mark.parametrize(
    ("skeleton", "code", "text"),
    [
        (joints(), Code.INVALID_ARGUMENT, "without joints"),
        (joints(-1, 2, 1), Code.INVALID_ARGUMENT, "every parent before its children"),
        (joints(-1, 0, name="same"), Code.INVALID_ARGUMENT, "occurs twice"),
        (joints(*range(-1, 20000)), Code.RESOURCE_EXHAUSTED, "at most 1024"),
        (joints(-1, 0), Code.INVALID_ARGUMENT, "no joint found for pelvis, head, left_shoulder"),
    ],
)
def test_bad_skeletons(
    channel: grpc.Channel, skeleton: skeleton_pb2.Skeleton, code: grpc.StatusCode, text: str
) -> None:
    got, message, _ = refused(channel, talk(), custom_skeleton=skeleton)
    assert (got, text in message) == (code, True), message


def test_unknown_calls_are_unimplemented(channel: grpc.Channel) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        channel.unary_unary("/pantomatrix.v1.MotionService/Dance")(b"")
    assert caught.value.code() is Code.UNIMPLEMENTED  # type: ignore[attr-defined]


def test_messages_over_the_limit_are_refused_before_they_are_read(channel: grpc.Channel) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        generate(channel, encoded(bytes(65 << 20)))
    assert caught.value.code() is Code.RESOURCE_EXHAUSTED  # type: ignore[attr-defined]


def test_random_requests_never_hurt(channel: grpc.Channel) -> None:
    call = channel.unary_stream("/pantomatrix.v1.MotionService/GenerateMotion")
    random = np.random.default_rng(0)
    good = motion_pb2.GenerateMotionRequest(
        options=options_pb2.MotionOptions(fps=30, model="builtin", parts=[1, 2]), audio=talk(0.05)
    ).SerializeToString()
    for _ in range(200):
        data = bytearray(good)
        for position in random.integers(0, len(data), size=random.integers(1, 8)):
            data[position] = random.integers(256)
        try:
            list(call(bytes(data), timeout=10))
        except grpc.RpcError as error:
            assert error.code() not in (Code.UNKNOWN, Code.DEADLINE_EXCEEDED), error.details()  # type: ignore[attr-defined]
    assert len(generate(channel, talk())) > 2


# ------------------------------------------------------------------------------------------- time, load and shutdown


def test_health_answers_while_clips_are_computed(channel: grpc.Channel) -> None:
    """Many times in the course of one clip: were they answered only between clips, it would be once."""
    call = motion_pb2_grpc.MotionServiceStub(channel).GenerateMotion(motion_pb2.GenerateMotionRequest(audio=talk(300)))
    assert next(call).header.frame_count == 9000
    rest: list[motion_pb2.GenerateMotionResponse] = []
    reader = threading.Thread(target=lambda: rest.extend(call))
    reader.start()
    health, answered = health_pb2_grpc.HealthStub(channel), 0
    while reader.is_alive():
        answer = health.Check(health_pb2.HealthCheckRequest(service="pantomatrix.v1.MotionService"))
        assert answer.status == health_pb2.HealthCheckResponse.SERVING
        answered += 1
    assert rest[-1].summary.frame_count == 9000
    assert answered > 20


@needs_proc
@pytest.mark.parametrize("how", ["cancel", "deadline"])
def test_a_call_given_up_stops_the_work(how: str, tmp_path: Path) -> None:
    """A clip that comes after it costs what it costs alone, and the rest of the one given up would cost as much again."""
    with running_server(tmp_path / "log", "--max-concurrent-clips", "1") as own, open_channel(own.address) as channel:

        def cost() -> float:
            before = cpu_seconds(own)
            generate(channel, talk(100))
            return cpu_seconds(own) - before

        generate(channel, talk(100))
        alone = cost()
        request = motion_pb2.GenerateMotionRequest(audio=talk(300), options=options_pb2.MotionOptions(fps=120))
        call = motion_pb2_grpc.MotionServiceStub(channel).GenerateMotion(
            request, timeout=5 if how == "deadline" else 60
        )
        seen = [next(call), next(call)]
        assert seen[0].WhichOneof("message") == "header"
        if how == "cancel":
            call.cancel()
        else:
            # Nothing is read until then, so the server cannot have sent it all.
            eventually(lambda: call.code() is not None)
        with pytest.raises(grpc.RpcError) as caught:
            list(call)
        expected = Code.CANCELLED if how == "cancel" else Code.DEADLINE_EXCEEDED
        assert caught.value.code() is expected  # type: ignore[attr-defined]
        assert cost() < 1.5 * alone


def test_limits_come_from_settings(tmp_path: Path) -> None:
    config = tmp_path / "pantomatrix.toml"
    config.write_text("max_clip_seconds = 2\nmax_message_bytes = 200000\n")
    environment = {"PANTOMATRIX_MAX_CONCURRENT_CLIPS": "1"}
    flags = ["--config", str(config), "--max-queued-clips", "0"]
    with running_server(tmp_path / "log", *flags, **environment) as own, open_channel(own.address) as channel:
        limits = catalog_pb2_grpc.CatalogServiceStub(channel).GetCatalog(catalog_pb2.GetCatalogRequest()).limits
        assert limits.max_clip_seconds == 2
        assert (limits.max_concurrent_clips, limits.max_queued_clips, limits.max_message_bytes) == (1, 0, 200000)
        code, text, _ = refused(channel, talk(2.1))
        assert (code, "2.1 s long, at most 2 s" in text) == (Code.RESOURCE_EXHAUSTED, True)
        with pytest.raises(grpc.RpcError) as caught:
            generate(channel, encoded(bytes(300_000)))
        assert caught.value.code() is Code.RESOURCE_EXHAUSTED  # type: ignore[attr-defined]


def test_too_many_clips_are_told_when_to_come_back(tmp_path: Path) -> None:
    flags = ["--max-concurrent-clips", "1", "--max-queued-clips", "1"]
    with running_server(tmp_path / "log", *flags) as own, open_channel(own.address) as channel:
        stub = motion_pb2_grpc.MotionServiceStub(channel)
        long_clip = motion_pb2.GenerateMotionRequest(audio=talk(590))
        running = stub.GenerateMotion(long_clip)
        assert next(running).header.frame_count == 590 * 30
        waiting = stub.GenerateMotion(motion_pb2.GenerateMotionRequest(audio=talk(1)))
        eventually(lambda: metrics(own)["pantomatrix_clips"] == 2)
        waits_since = time.monotonic()
        code, text, found = refused(channel, talk(0.1))
        assert (code, "1 clips are being computed and 1 are waiting" in text) == (Code.RESOURCE_EXHAUSTED, True)
        assert found["RetryInfo"].retry_delay.seconds == 1  # type: ignore[attr-defined]
        assert found["trailers"]["grpc-retry-pushback-ms"] == "1000"  # type: ignore[index]
        # The server's own measure spans this one, whatever the machine is busy with.
        waited = time.monotonic() - waits_since
        running.cancel()
        summary = list(waiting)[-1].summary
        assert summary.frame_count == 30
        assert summary.timings.queue_seconds >= waited


def test_a_reader_that_takes_nothing_is_cut_off(tmp_path: Path) -> None:
    flags = ["--max-concurrent-clips", "1", "--max-queued-clips", "1"]
    with running_server(tmp_path / "log", *flags, PANTOMATRIX_READER_TIMEOUT_SECONDS="1") as own:
        with open_channel(own.address) as stalled, open_channel(own.address) as channel:
            request = motion_pb2.GenerateMotionRequest(audio=talk(590), options=options_pb2.MotionOptions(fps=120))
            call = motion_pb2_grpc.MotionServiceStub(stalled).GenerateMotion(request)
            assert next(call).header.frame_count == 590 * 120
            assert generate(channel, talk(), timeout=60)[-1].summary.frame_count == 30
            with pytest.raises(grpc.RpcError) as caught:
                list(call)
            code, text, _ = details_of(caught.value)
            assert (code, text) == (Code.DEADLINE_EXCEEDED, "nothing of the answer was taken for 1 s")
        ends = [line for line in own.log.read_text().splitlines() if "MotionService/GenerateMotion" in line]
        assert ["DEADLINE_EXCEEDED" in ends[0], ends[1].endswith("OK")] == [True, True], ends


def test_sigterm_drains(tmp_path: Path) -> None:
    with running_server(tmp_path / "log") as own, open_channel(own.address) as channel:
        running = motion_pb2_grpc.MotionServiceStub(channel).GenerateMotion(
            motion_pb2.GenerateMotionRequest(audio=talk(300))
        )
        header = next(running).header
        own.process.terminate()
        rest = list(running)
        assert rest[-1].summary.frame_count == header.frame_count == 9000
        assert own.process.wait(timeout=20) == 0
        with pytest.raises(grpc.RpcError) as caught:
            generate(channel, talk())
        assert caught.value.code() is Code.UNAVAILABLE  # type: ignore[attr-defined]


def test_a_second_server_on_the_port_says_so(server: ServerProcess) -> None:
    port = server.address.rsplit(":", 1)[1]
    result = run_process("serve", "--port", port)
    assert result.returncode == 2
    assert "the address is in use" in result.stderr.splitlines()[-1]
    result = run_process("serve", "--host", "0.0.0.0")
    assert result.returncode == 2
    assert "--allow-network" in result.stderr


# --------------------------------------------------------------------------------- catalog, conversion, reflection


def test_the_catalog_fills_an_editors_menus(channel: grpc.Channel) -> None:
    catalog = catalog_pb2_grpc.CatalogServiceStub(channel).GetCatalog(catalog_pb2.GetCatalogRequest())
    assert catalog.server_version == __version__
    builtin = catalog.models[0]
    assert "small trained network" in builtin.description
    assert (builtin.name, builtin.skeleton, builtin.face_rig, list(builtin.parts)) == (
        "builtin",
        "smplx",
        "arkit52",
        [1, 2, 3, 4, 5],
    )
    assert 0 < builtin.look_ahead_seconds <= 0.32
    assert builtin.live_look_ahead_seconds == pytest.approx(0.096)
    assert builtin.streaming is True
    assert {skeleton.name: len(skeleton.joints) for skeleton in catalog.skeletons} == {
        name: len(load_skeleton(name)) for name in skeleton_names()
    }
    assert {form.name for form in catalog.formats} == set(FORMATS)
    assert {system.name for system in catalog.coordinate_systems} == set(COORDINATE_SYSTEMS)
    assert {rig.name: len(rig.curve_names) for rig in catalog.face_rigs} == {
        "arkit52": 52, "arkit52+tongue16": 68, "flame100+jaw": 103, "vrm": 14, "oculus15": 15, "metahuman": 69,
    }  # fmt: skip


def test_a_file_becomes_another_file(channel: grpc.Channel) -> None:
    motion = random_motion(3000)
    responses = convert(
        channel, data=encode_motion(motion, "npz").data, file=convert_pb2.FileOutput(format="bvh"), options={"fps": 60}
    )
    header, summary = responses[0].header, responses[-1].summary
    assert (header.source_format, header.extension, header.frame_count, header.fps) == ("npz", ".bvh", 6000, 60)
    assert "52 curves are left out" in header.notes[0]
    data = b"".join(response.chunk.data for response in responses[1:-1])
    assert len(responses) > 4
    assert len(data) == summary.byte_count
    assert len(decode_motion(data)[1].motion) == summary.frame_count == 6000


def test_a_clip_of_several_is_chosen(channel: grpc.Channel) -> None:
    data = (ROOT / "tests/data/strange_files/two_clips.gltf").read_bytes()
    files = []
    for clip in ("idle", "2"):
        responses = convert(channel, data=data, options={"clip": clip}, file=convert_pb2.FileOutput(format="json"))
        files.append(b"".join(response.chunk.data for response in responses[1:-1]))
    first, second = (decode_motion(file)[1].motion for file in files)
    arm = first.skeleton.index("LeftArm")
    assert np.abs(first.rotations_xyzw[:, arm] - second.rotations_xyzw[:, arm]).max() > 0.5
    with pytest.raises(grpc.RpcError, match="unknown clip of data: 'walk'") as caught:
        convert(channel, data=data, options={"clip": "walk"}, file=convert_pb2.FileOutput(format="json"))
    assert field_of(details_of(caught.value)[2]) == "options.clip"


def test_a_file_becomes_frames(channel: grpc.Channel) -> None:
    motion = random_motion(100)
    responses = convert(
        channel,
        data=encode_motion(motion, "npz").data,
        frames=convert_pb2.FrameOutput(),
        options={"coordinate_system": "unity"},
    )
    header: frames_pb2.MotionHeader = responses[1].motion_header
    assert header.coordinate_system.name == "unity"
    values = np.concatenate(
        [np.frombuffer(r.frames.data, "<f4").reshape(-1, header.bytes_per_frame // 4) for r in responses[2:-1]]
    )
    np.testing.assert_allclose(values[:, 0], -motion.root_translation[:, 0], atol=1e-6)
    assert responses[-1].summary.frame_count == 100


@pytest.mark.parametrize(
    ("fields", "code", "text"),
    [
        ({"data": b"", "file": convert_pb2.FileOutput(format="bvh")}, Code.INVALID_ARGUMENT, "empty"),
        ({"data": b"x" * 100, "file": convert_pb2.FileOutput(format="bvh")}, Code.INVALID_ARGUMENT, "not a motion file"),
        ({"data": b"x"}, Code.INVALID_ARGUMENT, "no output is given"),
        ({"data": b"x", "file": convert_pb2.FileOutput(format="bhv")}, Code.NOT_FOUND, "did you mean bvh"),
        ({"data": encode_motion(random_motion(2000, fps=1), "npz").data, "frames": convert_pb2.FrameOutput(), "options": {"fps": 240}}, Code.RESOURCE_EXHAUSTED, "480000 frames"),
        ({"data": b"x", "file": convert_pb2.FileOutput()}, Code.NOT_FOUND, "unknown format ''"),
        ({"data": io.BytesIO(b"PK\x03\x04junk").getvalue(), "frames": convert_pb2.FrameOutput()}, Code.INVALID_ARGUMENT, "npz"),
        ({"data": encode_motion(random_motion(2), "npz").data, "frames": convert_pb2.FrameOutput(), "options": {"fps": 999}}, Code.INVALID_ARGUMENT, "fps is 999"),
        ({"data": encode_motion(random_motion(2), "bvh").data, "file": convert_pb2.FileOutput(format="arkit-csv")}, Code.FAILED_PRECONDITION, "a body and no face"),
        ({"data": b"x", "frames": convert_pb2.FrameOutput(), "options": {"custom_skeleton": joints(-1, 5)}}, Code.INVALID_ARGUMENT, "every parent before"),
    ],
)  # fmt: skip
def test_bad_conversions(channel: grpc.Channel, fields: dict, code: grpc.StatusCode, text: str) -> None:
    with pytest.raises(grpc.RpcError) as caught:
        convert(channel, **fields)
    got, message, _ = details_of(caught.value)
    assert (got, text in message) == (code, True), message


def test_reflection_lists_the_services(channel: grpc.Channel) -> None:
    database = ProtoReflectionDescriptorDatabase(channel)
    services = set(database.get_services())
    assert {f"pantomatrix.v1.{name}" for name in ("MotionService", "ConvertService", "CatalogService")} <= services
    file = database.FindFileContainingSymbol("pantomatrix.v1.MotionService")
    assert file.name == "pantomatrix/v1/motion.proto"
