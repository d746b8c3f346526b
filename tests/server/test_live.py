"""StreamMotion against a real server process: audio as it is spoken in, frames as they are settled out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import grpc
import numpy as np
import pytest

from eventually import eventually
from live_stream import F32, RATE, SPEECH, Live, chunk, ends_with, request, start
from motions import angle_between
from pantomatrix.v1 import audio_pb2, errors_pb2, motion_pb2, motion_pb2_grpc, options_pb2
from pantomatrix_converters.face.rigs import ARKIT52
from pantomatrix_converters.skeleton import load_skeleton
from pantomatrix_models.audio.pcm import PcmFormat
from pantomatrix_models.builtin.model import BuiltinModel
from pantomatrix_models.generation import plan
from pantomatrix_models.live import LiveFrames, LiveSession
from pantomatrix_models.model import LiveTiming, Push, UtteranceOptions
from pantomatrix_models.options import MotionOptions
from pantomatrix_models.recurrent.model import Disco
from pantomatrix_models.registry import ModelRegistry
from pantomatrix_models.stepping import step
from server_process import ServerProcess, metrics, running_server
from service_calls import field_of, frames, generate, open_channel, pcm
from websocket_channel import WebSocketChannel, stream_motion

pytestmark = pytest.mark.service

Code = grpc.StatusCode
OPENING = ("jaw", "mouthClose", "mouthFunnel", "mouthPucker", "mouthLower", "mouthUpper")
"""Curves of a mouth that speaks; those of its corners are the face's at rest too."""
MOUTH = [at for at, name in enumerate(ARKIT52.curve_names) if name.startswith(OPENING)]


def frames_settled(samples: np.ndarray) -> int:
    """How many frames a live utterance of the builtin model has sent when it has heard this much."""
    model = BuiltinModel()
    return len(step(model, model.open(UtteranceOptions("default", 30.0)), samples))


@pytest.fixture(params=["grpc", "websocket"])
def channel(server: ServerProcess, request: pytest.FixtureRequest) -> Iterator[grpc.Channel | WebSocketChannel]:
    """Both transports, held by the same tests."""
    with open_channel(server.address) as channel:
        yield channel if request.param == "grpc" else WebSocketChannel(f"ws://{server.web}", channel)


def weights(rows: np.ndarray) -> np.ndarray:
    return rows[:, 3 + 4 * 55 :]


@pytest.mark.parametrize("chunk", [160, 1000, 7777, 40000])
def test_pieces_are_the_whole(channel: grpc.Channel, chunk: int) -> None:
    """Bit for bit, however the audio was cut."""
    live = Live(channel, seed=3)
    live.say(SPEECH, chunk)
    rows = live.finish()
    np.testing.assert_array_equal(rows, frames(generate(channel, pcm(SPEECH), seed=3)))
    assert live.summary is not None
    assert live.summary.frame_count == len(rows)
    assert live.summary.audio_seconds == pytest.approx(len(SPEECH) / RATE)
    assert [(end.utterance, end.end_frame, end.interrupted) for end in live.ends] == [(0, len(rows), False)]


@pytest.mark.parametrize(
    ("rate", "encoding", "channels"),
    [
        (48000, audio_pb2.PCM_ENCODING_S16LE, 2),
        (8000, audio_pb2.PCM_ENCODING_F32LE, 1),
        (44100, audio_pb2.PCM_ENCODING_S16LE, 1),
    ],
)
def test_other_rates(channel: grpc.Channel, rate: int, encoding: int, channels: int) -> None:
    import soxr

    other = soxr.resample(SPEECH[: 4 * RATE], RATE, rate, quality="HQ")
    stacked = np.repeat(other[:, None], channels, axis=1)
    samples = (
        np.clip(stacked * 32768, -32768, 32767).astype("<i2")
        if encoding == audio_pb2.PCM_ENCODING_S16LE
        else stacked.astype("<f4")
    )
    form = audio_pb2.PcmFormat(encoding=encoding, sample_rate_hz=rate, channels=channels)  # type: ignore[arg-type]
    live = Live(channel, form)
    live.say(samples, 441)
    rows = live.finish()
    whole = frames(generate(channel, audio_pb2.Audio(pcm=audio_pb2.PcmAudio(format=form, samples=samples.tobytes()))))
    assert len(rows) == len(whole)
    assert np.abs(weights(rows) - weights(whole)).mean() < 5e-3


def test_frames_leave_as_soon_as_they_are_settled(channel: grpc.Channel) -> None:
    """After each chunk all frames arrive that lie a look-ahead and one hop behind it, without any more audio."""
    live = Live(channel)
    behind = live.header.look_ahead_seconds + 0.011
    for first in range(0, 3 * RATE, 320):
        live.say(SPEECH[first : first + 320])
        due = int(max(0.0, (first + 320) / RATE - behind) * live.header.fps)
        live.until(lambda due=due: len(live.rows) >= due)
    assert len(live.rows) >= 80
    live.finish()


def test_utterances_on_one_clock(channel: grpc.Channel) -> None:
    """Two sentences with silence between: no jump, the mouth shut in between, every frame counted once."""
    live = Live(channel, echo_audio=True)
    live.say(SPEECH[: 2 * RATE])
    live.send(end_of_utterance=motion_pb2.EndOfUtterance())
    live.until(lambda: len(live.ends) == 1)
    assert len(live.rows) >= live.ends[0].end_frame == 60
    idle_from = len(live.rows)
    live.until(lambda: len(live.rows) >= idle_from + 20)
    live.say(SPEECH[2 * RATE : 4 * RATE])
    live.send(end_of_utterance=motion_pb2.EndOfUtterance())
    live.until(lambda: len(live.ends) == 2)
    rows = live.finish()
    begun = next(echo for echo in live.echoes if echo.start_seconds > 2.0 + 0.15)
    second = begun.start_seconds
    assert live.ends[1].end_frame == pytest.approx((second + 2.0) * 30, abs=1.01)
    assert sum(len(echo.samples) for echo in live.echoes) == 4 * RATE * 4
    between = slice(live.ends[0].end_frame + 6, int(second * 30) - 2)
    assert weights(rows)[between][:, MOUTH].max() < 0.02
    assert weights(rows)[: live.ends[0].end_frame][:, MOUTH].max() > 0.3
    turns = rows[:, 3 : 3 + 4 * 55].reshape(len(rows), 55, 4)
    step = angle_between(turns[1:], turns[:-1])
    assert step.max() < 0.35
    seams = [live.ends[0].end_frame, int(second * 30)]
    for seam in seams:
        assert step[seam - 2 : seam + 3, :22].max() <= step[:, :22].max()


def test_who_listens_breathes_and_blinks_in_real_time(channel: grpc.Channel) -> None:
    """By the clock: in the same time twice as many frames come to who asked for twice as many a second."""
    live, faster = Live(channel), Live(channel, fps=60)
    live.until(lambda: len(live.rows) >= 60)
    faster.close()
    live.close()
    rows, more = live.finish(), faster.finish()
    assert 1.5 < len(more) / len(rows) < 2.5
    assert weights(rows)[:, MOUTH].max() < 0.02
    assert np.ptp(rows[:, : 3 + 4 * 55], axis=0).max() > 1e-3


def test_an_interrupt_shuts_the_mouth_within_two_frames(channel: grpc.Channel) -> None:
    live = Live(channel)
    live.say(SPEECH[: 3 * RATE])
    sent = frames_settled(SPEECH[: 3 * RATE])
    live.until(lambda: len(live.rows) == sent)
    live.send(interrupt=motion_pb2.Interrupt())
    live.until(lambda: len(live.ends) == 1 and len(live.rows) > 90)
    rows = np.stack(live.rows)
    assert (live.ends[0].end_frame, live.ends[0].interrupted) == (sent, True)
    assert len(rows) > sent + 2
    assert weights(rows)[sent + 1 :][:, MOUTH].max() < 0.02
    assert weights(rows)[sent + 1 : 90][:, MOUTH].max() == 0.0
    jaw = load_skeleton("smplx").index("jaw")
    turns = rows[sent + 1 :, 3 + 4 * jaw : 7 + 4 * jaw]
    assert angle_between(turns, np.array([0.0, 0, 0, 1])).max() < 0.01
    live.say(SPEECH[:RATE])
    before = len(live.rows)
    rows = live.finish()
    assert weights(rows)[before:][:, MOUTH].max() > 0.1


def strengths(gain: float) -> motion_pb2.PartStrengths:
    face = options_pb2.PartStrength(part=options_pb2.BODY_PART_FACE, gain=gain)
    return motion_pb2.PartStrengths(entries=[face])


def emotions(**entries: float) -> motion_pb2.Emotions:
    felt = [options_pb2.EmotionStrength(emotion=name, strength=strength) for name, strength in entries.items()]
    return motion_pb2.Emotions(entries=felt)


def test_options_change_in_mid_sentence(channel: grpc.Channel) -> None:
    """Within a third of a second after the last frame that was sent, without a jump; what is not named stays."""
    live = Live(channel, emotions=[options_pb2.EmotionStrength(emotion="joy", strength=1)])
    live.say(SPEECH[: 2 * RATE])
    sent = frames_settled(SPEECH[: 2 * RATE])
    live.until(lambda: len(live.rows) == sent)
    live.send(options=motion_pb2.StreamOptions(part_strengths=strengths(0)))
    live.say(SPEECH[2 * RATE : 4 * RATE])
    live.until(lambda: len(live.rows) > sent + 30)
    live.send(options=motion_pb2.StreamOptions(part_strengths=motion_pb2.PartStrengths()))
    live.say(SPEECH[4 * RATE : 6 * RATE])
    rows = live.finish()
    face = weights(rows)
    assert face[:sent].max() > 0.3
    assert face[sent + 10 : sent + 28].max() == 0.0
    assert smile(rows[-20:]) > 0.5
    lips = [at for at, name in enumerate(ARKIT52.curve_names) if not name.startswith("eye")]
    steps = np.abs(np.diff(face[: sent + 12, lips], axis=0)).max(axis=1)
    assert steps[sent - 2 :].max() <= steps[: sent - 2].max()


def smile(rows: np.ndarray) -> float:
    return float(weights(rows)[:, ARKIT52.curve_names.index("mouthSmileLeft")].mean())


def test_emotions_change_at_their_time(channel: grpc.Channel) -> None:
    """Asked for before anything is said, the later one first; the sentence is heard in one go."""
    live = Live(channel)
    live.send(options=motion_pb2.StreamOptions(emotions=emotions(), at_seconds=4))
    live.send(options=motion_pb2.StreamOptions(emotions=emotions(joy=1), at_seconds=2))
    live.say(SPEECH[: 6 * RATE], 6 * RATE)
    rows = live.finish()
    calm = Live(channel)
    calm.say(SPEECH[: 6 * RATE], 6 * RATE)
    gained = [smile(rows[part]) - smile(rows_of) for part, rows_of in parts_of(rows, calm.finish())]
    assert gained[0] == 0
    assert gained[1] > 0.5
    assert abs(gained[2]) < 0.02


def test_an_expression_changes_and_is_taken_back(channel: grpc.Channel) -> None:
    live, calm = Live(channel), Live(channel)
    live.send(options=motion_pb2.StreamOptions(expression="friendly", at_seconds=2))
    live.send(options=motion_pb2.StreamOptions(expression="", at_seconds=4))
    for one in (live, calm):
        one.say(SPEECH[: 6 * RATE], 6 * RATE)
    rows = live.finish()
    gained = [smile(rows[part]) - smile(rows_of) for part, rows_of in parts_of(rows, calm.finish())]
    assert gained[0] == 0
    assert gained[1] > 0.1
    assert abs(gained[2]) < 0.02


def parts_of(rows: np.ndarray, other: np.ndarray) -> list[tuple[slice, np.ndarray]]:
    """Before 2 s, in full from 2.9 to 4 s, over from 4.9 s on."""
    parts = [slice(0, 60), slice(87, 120), slice(147, 180)]
    return [(part, other[part]) for part in parts]


@pytest.mark.parametrize(
    ("changes", "reason", "field"),
    [
        ({"speaker": "nobody"}, "UNKNOWN_NAME", "options.speaker"),
        ({"expression": "stern"}, "UNKNOWN_NAME", "options.expression"),
        ({"emotions": {"entries": [{"emotion": "joi", "strength": 1}]}}, "UNKNOWN_NAME", "options.emotions"),
        ({"emotions": {"entries": [{"emotion": "joy", "strength": 2}]}}, "INVALID_OPTION", "options.emotions"),
        ({"part_strengths": {"entries": [{"part": 1, "gain": 9}]}}, "INVALID_OPTION", "options.part_strengths"),
        ({"curve_adjustments": {"entries": [{"curve": "nose"}]}}, "UNKNOWN_NAME", "options.curve_adjustments"),
    ],
)
def test_a_change_that_cannot_be_made_is_refused_and_the_stream_goes_on(
    channel: grpc.Channel, changes: dict, reason: str, field: str
) -> None:
    live = Live(channel, seed=3)
    live.say(SPEECH[:RATE])
    live.send(options=motion_pb2.StreamOptions(**changes))
    live.say(SPEECH[RATE : 2 * RATE])
    rows = live.finish()
    (refusal,) = live.refusals
    assert errors_pb2.ErrorReason.Name(refusal.reason) == f"ERROR_REASON_{reason}"
    assert refusal.field == field
    np.testing.assert_array_equal(rows, frames(generate(channel, pcm(SPEECH[: 2 * RATE]), seed=3)))


def test_what_a_newer_client_says_is_answered(channel: grpc.Channel) -> None:
    """Fields and messages that this server does not know, as unknown fields: in the start a note, later a refusal."""
    later = b"\xb2\x06\x02hi"  # field 102, two bytes
    opened = motion_pb2.StreamStart(format=F32)
    opened.options.MergeFromString(later)
    changes = motion_pb2.StreamOptions(speaker="calm")
    changes.MergeFromString(later)
    control = motion_pb2.StreamMotionRequest.FromString(later)
    requests = [request(start=opened), request(options=changes), control]
    responses = list(stream_motion(channel, requests, 30))
    assert [note for note in responses[0].header.notes if "options.102" in note]
    refused = [response.refusal for response in responses if response.WhichOneof("message") == "refusal"]
    assert [(refusal.field, "102" in refusal.text) for refusal in refused] == [("options", True), ("message", True)]


def test_every_end_is_answered(channel: grpc.Channel) -> None:
    live = Live(channel)
    live.send(interrupt=motion_pb2.Interrupt())
    live.send(end_of_utterance=motion_pb2.EndOfUtterance())
    live.say(SPEECH[:RATE])
    for _ in range(2):
        live.send(end_of_utterance=motion_pb2.EndOfUtterance())
    live.until(lambda: len(live.ends) == 4)
    live.send(interrupt=motion_pb2.Interrupt())
    live.finish()
    told = [(end.utterance, end.end_frame, end.interrupted) for end in live.ends]
    assert told == [(-1, 0, False)] * 2 + [(0, 30, False)] * 3


def test_idle_frames_are_marked(channel: grpc.Channel) -> None:
    live = Live(channel)
    live.until(lambda: len(live.rows) >= 10)
    live.say(SPEECH[:RATE])
    live.send(end_of_utterance=motion_pb2.EndOfUtterance())
    live.until(lambda: len(live.ends) == 1 and len(live.rows) >= live.ends[0].end_frame + 10)
    live.finish()
    spoken = [frame for frame, idle in enumerate(live.idle) if not idle]
    assert spoken == list(range(live.ends[0].end_frame - 30, live.ends[0].end_frame))


def test_labels_features_and_the_callers_request_id(channel: grpc.Channel) -> None:
    opened = motion_pb2.StreamStart(format=F32, labels={"npc": "Käthe"})
    stub = motion_pb2_grpc.MotionServiceStub(channel)
    call = stub.StreamMotion(iter([request(start=opened)]), metadata=(("x-request-id", "quest-17"),), timeout=30)
    header = next(call).header
    assert dict(header.labels) == {"npc": "Käthe"}
    assert "pacing" in header.features
    assert header.request_id == "quest-17"
    assert [answer.WhichOneof("message") for answer in call][-1] == "summary"  # a call has its trailer once all is read
    assert {key: value for key, value in call.trailing_metadata()}["x-request-id"] == "quest-17"
    too_many = motion_pb2.StreamStart(format=F32, labels={str(number): "" for number in range(17)})
    got, _, found = ends_with(channel, request(start=too_many))
    assert (got, field_of(found)) == (Code.INVALID_ARGUMENT, "start.labels")


def test_other_skeletons_and_faces(channel: grpc.Channel) -> None:
    live = Live(channel, skeleton="ue5_manny", face_rig="vrm", coordinate_system="unreal_mesh", fps=60)
    live.say(SPEECH[: 2 * RATE])
    rows = live.finish()
    assert rows.shape == (120, 3 + 4 * 80 + 14)
    whole = frames(
        generate(
            channel,
            pcm(SPEECH[: 2 * RATE]),
            skeleton="ue5_manny",
            face_rig="vrm",
            coordinate_system="unreal_mesh",
            fps=60,
        )
    )
    np.testing.assert_allclose(rows, whole, atol=1e-4)


# -------------------------------------------------------------------------------------------------------------- faults


SOUND = chunk(bytes(320 * 4))
NAN = chunk(np.array([0, np.nan], "<f4").tobytes())


@pytest.mark.parametrize(
    ("requests", "code", "field", "text"),
    [
        ([], Code.INVALID_ARGUMENT, "start", "first request has to be start"),
        ([SOUND], Code.INVALID_ARGUMENT, "start", "first request has to be start"),
        ([start(), start()], Code.INVALID_ARGUMENT, "start", "only once"),
        ([start(), NAN], Code.INVALID_ARGUMENT, "audio.samples", "NaN"),
        ([start(), chunk(b"123")], Code.INVALID_ARGUMENT, "audio.samples", "not a whole number of 4-byte"),
        ([start(), chunk(bytes(4 * RATE * 11))], Code.RESOURCE_EXHAUSTED, "", "at most 10 s"),
        ([start(audio_pb2.PcmFormat())], Code.INVALID_ARGUMENT, "start.format.encoding", "encoding"),
        ([start(audio_pb2.PcmFormat(encoding=audio_pb2.PCM_ENCODING_F32LE, sample_rate_hz=1_000_000_000))], Code.INVALID_ARGUMENT, "start.format.sample_rate_hz", "1000000000"),
        ([start(model="emagee")], Code.NOT_FOUND, "start.options.model", "unknown model"),
        ([start(fps=1000)], Code.INVALID_ARGUMENT, "start.options.fps", "fps is 1000"),
        ([start(foot_lock=True)], Code.FAILED_PRECONDITION, "", "foot lock needs the whole clip"),
        ([start(constraints=[options_pb2.PoseConstraint()])], Code.FAILED_PRECONDITION, "", "GenerateMotion has them"),
        ([start(timing=options_pb2.TIMING_REFERENCE)], Code.FAILED_PRECONDITION, "", "no reference timing"),
    ],
)  # fmt: skip
def test_wrong_streams(channel: grpc.Channel, requests: list, code: Code, field: str, text: str) -> None:
    got, message, found = ends_with(channel, *requests)
    assert (got, text in message) == (code, True), message
    if field:
        assert field_of(found) == field


def test_a_request_without_a_message(server: ServerProcess) -> None:
    """Refused in gRPC; over a WebSocket an empty message closes the caller's side."""
    with open_channel(server.address) as channel:
        refused, plain = (
            list(stream_motion(through, [start(), request()], 30))
            for through in (channel, WebSocketChannel(f"ws://{server.web}", channel))
        )
    assert [response.WhichOneof("message") for response in refused] == ["header", "refusal", "summary"]
    assert [response.WhichOneof("message") for response in plain] == ["header", "summary"]


@pytest.mark.parametrize(("wanted", "got"), [(0, 0.046), (60, 0.056), (100, 0.096), (200, 0.196), (500, 0.316)])
def test_a_caller_may_trade_delay_for_quality(channel: grpc.Channel, wanted: int, got: float) -> None:
    """The header says what the look-ahead is, frames come in that time, and cuts still change nothing."""
    chosen = {"look_ahead_seconds": wanted / 1000, "seed": 3}
    live = Live(channel, **chosen)
    assert live.header.look_ahead_seconds == pytest.approx(got)
    for at in range(0, 2 * RATE, 320):
        live.say(SPEECH[at : at + 320])
        due = int(max(0.0, (at + 320) / RATE - got - 0.011) * live.header.fps)
        live.until(lambda due=due: len(live.rows) >= due)
    rows, other = live.finish(), Live(channel, **chosen)
    other.say(SPEECH[: 2 * RATE], 7777)
    np.testing.assert_array_equal(rows, other.finish())


def test_a_live_face_is_a_tenth_of_a_second_behind(channel: grpc.Channel) -> None:
    live = Live(channel, look_ahead_seconds=None)
    assert live.header.look_ahead_seconds == pytest.approx(0.096)
    live.say(SPEECH[: 2 * RATE])
    live.until(lambda: len(live.rows) >= int((2 - 0.096 - 0.02) * 30))
    assert weights(live.finish())[:, MOUTH].max() > 0.3


def test_look_ahead_has_a_range(channel: grpc.Channel) -> None:
    got, message, found = ends_with(channel, start(look_ahead_seconds=2))
    assert (got, "expected 0 to 0.5" in message) == (Code.INVALID_ARGUMENT, True)
    assert field_of(found) == "start.look_ahead_seconds"


def test_empty_chunks_and_turns_without_speech_change_nothing(channel: grpc.Channel) -> None:
    live = Live(channel)
    for _ in range(5):
        live.send(audio=motion_pb2.AudioChunk())
        live.send(end_of_utterance=motion_pb2.EndOfUtterance())
        live.send(interrupt=motion_pb2.Interrupt())
    live.say(SPEECH[:RATE])
    rows = live.finish()
    np.testing.assert_array_equal(rows, frames(generate(channel, pcm(SPEECH[:RATE]))))


def test_networks_stream(tmp_path: Path, checkpoint: Callable[..., Path]) -> None:
    """What comes is what the model gives in hops; then it idles, and speaks again."""
    place = checkpoint("disco")
    speech = SPEECH[: 2 * RATE]
    model = Disco.from_pretrained(place, device="cpu")
    session = model.open_streaming(UtteranceOptions("0", 30.0), LiveTiming(0.2, 0.1))
    with (
        running_server(tmp_path / "log", "--model", f"disco={place}", "--device", "cpu") as running,
        open_channel(running.address) as channel,
    ):
        options = {"hop_seconds": 0.2, "look_ahead_seconds": 0.1}
        live = Live(channel, model="disco", **options)
        assert live.header.look_ahead_seconds == pytest.approx(5 * 1080 / RATE)
        live.say(speech)
        live.send(end_of_utterance=motion_pb2.EndOfUtterance())
        live.until(lambda: len(live.ends) == 1)
        live.say(speech)
        rows = live.finish()
        got, message, _ = ends_with(channel, start(hop_seconds=2, model="disco"))
    first = step(model, session, speech).rotations_xyzw
    np.testing.assert_allclose(rows[: len(first), 3:].reshape(len(first), 55, 4), first, atol=1e-5)
    assert live.ends[0].end_frame == 60
    assert len(rows) >= 120
    assert (got, "together at most" in message) == (Code.INVALID_ARGUMENT, True), message


def test_too_many_streams_are_told_when_to_come_back(tmp_path: Path) -> None:
    with (
        running_server(tmp_path / "log", PANTOMATRIX_MAX_STREAMS="2") as running,
        open_channel(running.address) as channel,
    ):
        open_ = [Live(channel), Live(channel)]
        got, message, found = ends_with(channel, start(), SOUND)
        assert (got, "2 streams are open" in message) == (Code.RESOURCE_EXHAUSTED, True)
        assert "RetryInfo" in found
        open_[0].cancel()
        eventually(lambda: metrics(running)["pantomatrix_streams"] == 1)
        again = Live(channel)
        again.say(SPEECH[:RATE])
        assert len(again.finish()) == 30
        open_[1].say(SPEECH[:RATE])
        assert len(open_[1].finish()) >= 30


def test_many_streams_get_what_each_alone_gets(channel: grpc.Channel) -> None:
    alone = [frames(generate(channel, pcm(SPEECH[: 2 * RATE]), seed=seed)) for seed in range(8)]
    streams = []
    for seed in range(8):
        streams.append(Live(channel, seed=seed))
        streams[-1].say(SPEECH[:3200], 3200)
    for at in range(3200, 2 * RATE, 3200):
        for live in streams:
            live.say(SPEECH[at : min(at + 3200, 2 * RATE)], 3200)
    for live, wanted in zip(streams, alone, strict=True):
        np.testing.assert_array_equal(live.finish(), wanted)


# -------------------------------------------------------------------------------------------- the session, without gRPC


def test_a_day_has_no_drift() -> None:
    """44.1 kHz in odd chunks: after ten minutes the clock is exact to the sample."""
    generation = plan(MotionOptions(), ModelRegistry({}, "cpu", "fp32"))
    live = LiveSession(generation, PcmFormat("f32le", 44100))
    silence = np.zeros(44100 + 7, "<f4").tobytes()

    def computed(push: Push) -> LiveFrames:
        return live.take(generation.model.advance([push])[0])

    made = sum(len(computed(live.push(silence)).motion) for _ in range(600))
    seconds = 600 * (44100 + 7) / 44100
    assert live.seconds == pytest.approx(seconds, abs=1e-9)
    rest = computed(live.end_utterance())
    assert rest.ended is not None
    assert rest.ended.end_frame == int(np.ceil(seconds * 30 - 1e-6))
    assert made + len(rest.motion) >= rest.ended.end_frame
