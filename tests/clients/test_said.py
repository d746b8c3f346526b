"""What the Python client says again, without a server."""

from __future__ import annotations

import numpy as np
import pytest

from pantomatrix.v1 import frames_pb2, motion_pb2, options_pb2
from pantomatrix_client.motion import FrameBlock, Header
from pantomatrix_client.said import Said

pytestmark = pytest.mark.unit

Request, Response = motion_pb2.StreamMotionRequest, motion_pb2.StreamMotionResponse
BYTES_PER_SECOND = 1000


def said() -> Said:
    start = motion_pb2.StreamStart(options=options_pb2.MotionOptions(speaker="calm"))
    told = Said(Request(start=start), BYTES_PER_SECOND)
    told.header = Header.from_message(frames_pb2.MotionHeader(fps=30, seed=9, features=["resume"]))
    return told


def audio(seconds: float) -> Request:
    return Request(audio=motion_pb2.AudioChunk(samples=bytes(round(BYTES_PER_SECOND * seconds))))


def end() -> Request:
    return Request(end_of_utterance=motion_pb2.EndOfUtterance())


def interrupt(played: float | None = None) -> Request:
    return Request(interrupt=motion_pb2.Interrupt(played_seconds=played))


def change(**fields) -> Request:
    return Request(options=motion_pb2.StreamOptions(**fields))


def frames(told: Said, stop: int) -> None:
    """All up to this one; its weight says which it is."""
    first = told.next_frame
    weights = np.arange(first, stop, dtype=np.float32)[:, None]
    told.take(FrameBlock(first, np.zeros((stop - first, 3)), np.zeros((stop - first, 0, 4)), weights))


def begun(utterance: int, seconds: float) -> Response:
    return Response(utterance_begin=motion_pb2.UtteranceBegin(utterance=utterance, begin_seconds=seconds))


def ended(utterance: int, end_frame: int, interrupted: bool = False) -> Response:
    return Response(
        utterance_end=motion_pb2.UtteranceEnd(utterance=utterance, end_frame=end_frame, interrupted=interrupted)
    )


def kinds(requests: list[Request]) -> list[str]:
    return [str(request.WhichOneof("message")) for request in requests]


def test_without_a_frame_all_is_said_again() -> None:
    told = said()
    told.add(audio(1))
    told.add(end())
    again = told.again()
    assert kinds(again) == ["start", "audio", "end_of_utterance"]
    assert not again[0].start.HasField("resume")


def test_in_mid_utterance() -> None:
    told = said()
    told.add(audio(1))
    told.hear(begun(0, 4.0))
    frames(told, 130)
    told.add(audio(1))
    start, *rest = told.again()
    resume = start.start.resume
    assert (resume.first_frame, resume.audio_seconds, resume.utterance) == (130, 4.0, 0)
    assert np.frombuffer(resume.last_frame, "<f4").tolist() == [129.0]
    assert start.start.options.seed == 9
    assert kinds(rest) == ["audio", "audio"]
    assert told.owed_seconds == pytest.approx(4 + 2 - 130 / 30)
    told.add(audio(0.2))
    told.add(audio(0.3))
    assert [len(request.audio.samples) for request in told.again()[1:]] == [1000, 1000, 500]


def test_between_utterances_and_with_one_that_waits() -> None:
    told = said()
    for request in (audio(1), end(), audio(0.5), end()):
        told.add(request)
    told.hear(begun(0, 0.0))
    frames(told, 40)
    told.hear(ended(0, 30))
    start, *rest = told.again()
    assert not start.start.resume.HasField("audio_seconds")
    assert start.start.resume.utterance == 1
    assert kinds(rest) == ["audio", "end_of_utterance"]


def test_an_interrupt_drops_what_was_said_before_it() -> None:
    told = said()
    for request in (audio(1), end(), audio(1), end(), interrupt(), audio(0.2)):
        told.add(request)
    told.hear(begun(0, 0.0))
    frames(told, 20)
    told.hear(ended(0, 20, interrupted=True))
    assert kinds(told.again()) == ["start", "audio"]


def test_an_interrupt_that_was_not_answered_goes_back_to_what_was_played() -> None:
    told = said()
    told.add(audio(5))
    told.hear(begun(0, 0.0))
    for stop in (50, 100, 150):
        frames(told, stop)
    told.add(interrupt(4.0))
    resume = told.again()[0].start.resume
    assert resume.first_frame == 120
    assert np.frombuffer(resume.last_frame, "<f4").tolist() == [119.0]


def test_the_last_end_once_more_answers_no_audio() -> None:
    told = said()
    told.add(audio(1))
    told.add(end())
    told.hear(begun(0, 0.0))
    frames(told, 30)
    told.hear(ended(0, 30))
    told.add(end())
    told.add(audio(1))
    told.hear(ended(0, 30))
    assert kinds(told.again()) == ["start", "audio"]


def test_changes() -> None:
    told = said()
    refused = change(speaker="nobody")
    emotions = motion_pb2.Emotions(entries=[options_pb2.EmotionStrength(emotion="joy", strength=0.5)])
    for request in (
        change(speaker="lively"),
        refused,
        change(emotions=emotions, expression="serious"),
        change(at_seconds=60.0, speaker="calm"),
    ):
        told.add(request)
    frames(told, 10)
    told.refused(refused)
    # They may yet be refused: said again as they were.
    assert kinds(told.again()) == ["start", "options", "options", "options"]
    frames(told, 60)
    start, *rest = told.again()
    assert start.start.options.speaker == "lively"
    assert [entry.emotion for entry in start.start.options.emotions] == ["joy"]
    assert start.start.options.expression == "serious"
    assert [request.options.at_seconds for request in rest] == [60.0]


def test_of_a_long_utterance_the_last_seconds_are_kept() -> None:
    told = said()
    told.hear(begun(2, 10.0))
    for _ in range(100):
        told.add(audio(1))
    frames(told, 30 * 100)
    start, *rest = told.again()
    resume = start.start.resume
    assert resume.audio_seconds == pytest.approx(80.0)
    assert len(rest) == 30
    assert resume.utterance == 2


def test_changes_and_empty_audio_in_a_long_utterance() -> None:
    told = said()
    told.hear(begun(0, 0.0))
    for second in range(100):
        told.add(audio(1))
        told.add(audio(0))
        if second % 10 == 0:
            told.add(change(speaker=f"speaker {second}"))
        frames(told, 30 * (second + 1))
    start, *rest = told.again()
    assert start.start.resume.audio_seconds == pytest.approx(80.0)
    assert kinds(rest).count("audio") == 20
    assert start.start.options.speaker == "speaker 70"


def test_the_change_that_takes_effect_last_wins() -> None:
    told = said()
    told.add(change(speaker="calm", at_seconds=3.0))
    told.add(change(speaker="lively"))
    frames(told, 150)
    assert told.again()[0].start.options.speaker == "calm"


def test_frames_that_came_already_are_left_out() -> None:
    told = said()
    frames(told, 10)
    block = FrameBlock(5, np.zeros((10, 3)), np.zeros((10, 0, 4)), np.arange(5.0, 15.0, dtype=np.float32)[:, None])
    fresh = told.take(block)
    assert fresh is not None
    assert (fresh.first_frame, fresh.curves[:, 0].tolist()) == (10, [10.0, 11.0, 12.0, 13.0, 14.0])
    assert told.take(block) is None


def spoken(*starts: float, seconds: float = 0.0) -> Request:
    """Text with phones at these times, and so much audio."""
    symbols = [options_pb2.TimedSymbol(symbol="a", start_seconds=start) for start in starts]
    text = options_pb2.TimedText(alphabet=options_pb2.ALPHABET_IPA, symbols=symbols)
    return Request(audio=motion_pb2.AudioChunk(samples=bytes(round(BYTES_PER_SECOND * seconds)), timed_text=text))


def starts_in(requests: list[Request]) -> list[list[float]]:
    return [[symbol.start_seconds for symbol in request.audio.timed_text.symbols] for request in requests]


def test_text_is_said_again_with_its_audio() -> None:
    told = said()
    for request in (spoken(0.5), spoken(0.0, seconds=1.0), audio(1.0), spoken(2.5, seconds=1.0)):
        told.add(request)
    told.hear(begun(0, 4.0))
    frames(told, 150)
    start, *again = told.again()
    assert start.start.resume.audio_seconds == start.start.resume.utterance_seconds == 4.0
    assert starts_in(again) == [[0.5], [0.0], [], [], [2.5], []]
    assert [len(request.audio.samples) for request in again] == [0, 0, 1000, 1000, 0, 1000]


def test_text_outlives_audio_that_is_too_old() -> None:
    """Its times count from the utterance's beginning, which is told."""
    told = said()
    told.add(spoken(0.0, 33.0))
    for _ in range(35):
        told.add(audio(1.0))
    told.hear(begun(3, 4.0))
    frames(told, 35 * 30)
    start, text, *again = told.again()
    assert starts_in([text]) == [[0.0, 33.0]]
    assert start.start.resume.utterance_seconds == 4.0
    assert start.start.resume.audio_seconds == 15.0
    assert sum(len(request.audio.samples) for request in again) == 24 * BYTES_PER_SECOND
    told.hear(begun(3, 15.0))
    assert told.again()[0].start.resume.utterance_seconds == 4.0


@pytest.mark.parametrize("mark", [end(), interrupt()])
def test_text_is_forgotten_with_its_utterance(mark: Request) -> None:
    told = said()
    for request in (spoken(0.0), audio(1.0), mark, spoken(1.0), audio(1.0)):
        told.add(request)
    told.hear(begun(0, 4.0))
    frames(told, 150)
    told.hear(ended(0, 150, interrupted=mark.HasField("interrupt")))
    told.hear(begun(1, 6.0))
    assert starts_in(told.again()[1:]) == [[1.0], []]
