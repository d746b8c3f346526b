"""What has to be said again where a live stream continues elsewhere. Nothing here reads or writes."""

from __future__ import annotations

import itertools
import math
from collections import deque
from collections.abc import Iterator, Sequence

import numpy as np

from pantomatrix.v1 import motion_pb2

from .motion import FrameBlock, Header

Request = motion_pb2.StreamMotionRequest

_MARKS = ("end_of_utterance", "interrupt")
KEPT_SECONDS = 20.0
"""How much of an utterance is said again before the frame that is to come: a server hears it in a quarter of a second."""
KEPT_FRAMES_SECONDS = 2.0
"""How far a stream goes back to what was played, as the server does."""
_CONFIRMED_SECONDS = 1.0
_LONGEST_CHUNK_SECONDS = 1.0


class Said:
    """A stream's start, what was said since the utterance under way began, and the last frame that came.

    start: the first request. bytes_per_second: of the audio.
    """

    def __init__(self, start: Request, bytes_per_second: float) -> None:
        self._start, self._bytes_per_second = motion_pb2.StreamStart(), bytes_per_second
        self._start.CopyFrom(start.start)
        self._log: deque[Request] = deque()
        self._audio_bytes = self._chunks = self._marks = 0
        """Of the log."""
        self._changes: list[Request] = []
        self._changed_at: dict[int, int] = {}
        self._texts: list[Request] = []
        """Of the utterance under way, which the log has no more."""
        self._begun: motion_pb2.UtteranceBegin | None = None
        self._utterance_seconds = 0.0
        """Where that utterance began, of which the log may have the last seconds only."""
        self._next_utterance = 0
        self._blocks: deque[FrameBlock] = deque()
        self.header: Header | None = None
        self.next_frame = 0
        """The first frame that has not come yet."""

    @property
    def speaking(self) -> bool:
        """Whether audio was said whose utterance has not ended."""
        return self._chunks > 0

    @property
    def owed_seconds(self) -> float:
        """How much was said of which no frames have come; infinite where an end or an interrupt was not answered."""
        if self._marks:
            return math.inf
        said = self._audio_bytes / self._bytes_per_second
        if self._begun is None or self.header is None:
            return said
        return self._begun.begin_seconds + said - self.next_frame / self.header.fps

    def add(self, request: Request) -> None:
        """The caller says it."""
        if request.HasField("audio") and request.audio.HasField("timed_text"):
            self._log.append(Request(audio=motion_pb2.AudioChunk(timed_text=request.audio.timed_text)))
            request = _audio(request.audio.samples)
        if request.HasField("audio") and not request.audio.samples:
            return
        self._log.append(request)
        self._count(request, 1)
        if request.HasField("options"):
            self._changed_at[id(request)] = self.next_frame

    def _count(self, request: Request, times: int) -> None:
        self._audio_bytes += times * len(request.audio.samples)
        self._chunks += times * _has_audio(request)
        self._marks += times * (request.WhichOneof("message") in _MARKS)

    def _popped(self) -> Request:
        """The oldest of the log; a change is kept until it is part of the start, a text until its utterance ends."""
        request = self._log.popleft()
        self._count(request, -1)
        if request.HasField("options"):
            self._changes.append(request)
        elif _is_text(request):
            self._texts.append(request)
        return request

    def hear(self, response: motion_pb2.StreamMotionResponse) -> None:
        """What is not a frame; see `take` for these."""
        if response.HasField("utterance_begin"):
            self._pop_before_audio()
            if self._begun is None:
                self._utterance_seconds = response.utterance_begin.begin_seconds
            self._begun = response.utterance_begin
        elif response.HasField("utterance_end"):
            self._ended(response.utterance_end)

    def take(self, block: FrameBlock) -> FrameBlock | None:
        """Of a block what has not come yet."""
        old = self.next_frame - block.first_frame
        if old >= len(block):
            return None
        if old > 0:
            block = block.frames(old, len(block))
        self.next_frame = block.first_frame + len(block)
        self._blocks.append(block)
        self._fold_changes()
        self._forget()
        return block

    def refused(self, request: Request) -> None:
        """It was not followed and is not said again."""
        self._forget_change(request)

    def _forget_change(self, request: Request) -> None:
        self._changed_at.pop(id(request), None)
        self._log = deque(said for said in self._log if said is not request)
        self._changes = [change for change in self._changes if change is not request]

    def _ended(self, end: motion_pb2.UtteranceEnd) -> None:
        """An end answers what was said up to the first end of an utterance, or up to the interrupt that dropped it. Where
        nobody spoke it is the last one again, and answers no audio."""
        if end.utterance < self._next_utterance and self._begun is None:
            if any(request.WhichOneof("message") in _MARKS for request in self._before_audio()):
                self._answered(_MARKS)
            return
        self._next_utterance, self._begun = end.utterance + 1, None
        if end.interrupted:
            # Frames that were not played come again.
            self.next_frame = min(self.next_frame, end.end_frame)
        interrupts = any(request.HasField("interrupt") for request in self._log)
        self._answered(("interrupt",) if end.interrupted and interrupts else _MARKS)

    def _before_audio(self) -> Iterator[Request]:
        return itertools.takewhile(lambda request: not _has_audio(request), self._log)

    def _answered(self, marks: Sequence[str]) -> None:
        """All up to the first of these marks."""
        while self._log and self._popped().WhichOneof("message") not in marks:
            pass
        self._texts = []

    def _pop_before_audio(self) -> None:
        while self._log and (self._log[0].HasField("options") or _is_text(self._log[0])):
            self._popped()

    def _fold_changes(self) -> None:
        """Changes that have taken effect become part of the start, in the order of their effect. One of the last second may
        yet be refused, which must not be the end of a stream that starts with it."""
        if self.header is None or not self._changes:
            return
        effective = self.next_frame / self.header.fps - _CONFIRMED_SECONDS
        for change in sorted(self._changes, key=self._takes_effect):
            if self._takes_effect(change) <= effective:
                _merge(self._start.options, change.options)
                self._forget_change(change)

    def _forget(self) -> None:
        """Frames and audio that are too old to be needed."""
        if self.header is None:
            return
        while (
            self._blocks[0].first_frame + len(self._blocks[0]) < self.next_frame - KEPT_FRAMES_SECONDS * self.header.fps
        ):
            self._blocks.popleft()
        if self._begun is None:
            return
        kept_from = self.next_frame / self.header.fps - KEPT_SECONDS
        while (first := next(filter(_has_audio, self._log), None)) is not None:
            end = self._begun.begin_seconds + len(first.audio.samples) / self._bytes_per_second
            if end > kept_from or self._log[0].WhichOneof("message") in _MARKS:
                break
            self._pop_before_audio()
            self._popped()
            self._begun = motion_pb2.UtteranceBegin(utterance=self._begun.utterance, begin_seconds=end)

    def again(self) -> list[Request]:
        """What a new server has to be told, first of all where the stream continues."""
        if self.header is None or not self._blocks:
            return [Request(start=self._start), *self._joined()]
        self._go_back_to_what_was_played()
        self._pop_before_audio()
        self._fold_changes()
        start = motion_pb2.StreamStart()
        start.CopyFrom(self._start)
        start.options.seed = self.header.seed
        resume = motion_pb2.Resume(first_frame=self.next_frame, last_frame=self._row(), utterance=self._next_utterance)
        if self._begun is not None:
            resume.utterance, resume.audio_seconds = self._begun.utterance, self._begun.begin_seconds
            resume.utterance_seconds = self._utterance_seconds
        start.resume.CopyFrom(resume)
        return [Request(start=start), *self._changes, *self._texts, *self._joined()]

    def _joined(self) -> Iterator[Request]:
        """The log, its audio in few large chunks."""
        for is_audio, requests in itertools.groupby(self._log, _has_audio):
            if not is_audio:
                yield from requests
                continue
            chunk, most = bytearray(), _LONGEST_CHUNK_SECONDS * self._bytes_per_second
            for request in requests:
                if chunk and len(chunk) + len(request.audio.samples) > most:
                    yield _audio(chunk)
                    chunk = bytearray()
                chunk += request.audio.samples
            yield _audio(chunk)

    def _takes_effect(self, change: Request) -> float:
        """When, on the stream's clock."""
        assert self.header is not None
        said = self._changed_at[id(change)] / self.header.fps
        return max(said, change.options.at_seconds)

    def _go_back_to_what_was_played(self) -> None:
        """An interrupt that was not answered yet: frames after what was played come again, with the mouth shut."""
        assert self.header is not None
        for request in self._log:
            if request.HasField("interrupt") and request.interrupt.HasField("played_seconds"):
                played = math.ceil(request.interrupt.played_seconds * self.header.fps)
                self.next_frame = min(max(played, self._blocks[0].first_frame + 1), self.next_frame)

    def _row(self) -> bytes:
        """The frame before the next one, of which the latest version counts."""
        for block in reversed(self._blocks):
            at = self.next_frame - 1 - block.first_frame
            if 0 <= at < len(block):
                parts = [block.curves[at]]
                if block.rotations_xyzw.shape[1]:
                    parts = [block.root_translation[at], block.rotations_xyzw[at].ravel(), *parts]
                return np.concatenate(parts).astype("<f4").tobytes()
        return b""


def _audio(samples: bytes | bytearray) -> Request:
    return Request(audio=motion_pb2.AudioChunk(samples=bytes(samples)))


def _has_audio(request: Request) -> bool:
    return request.HasField("audio") and not _is_text(request)


def _is_text(request: Request) -> bool:
    return request.HasField("audio") and request.audio.HasField("timed_text")


def _merge(options, change: motion_pb2.StreamOptions) -> None:
    """The stream's options as they are after a change."""
    if change.HasField("speaker"):
        options.speaker = change.speaker
    if change.HasField("expression"):
        options.expression = change.expression
    for name in ("part_strengths", "curve_adjustments", "emotions"):
        if change.HasField(name):
            options.ClearField(name)
            getattr(options, name).extend(getattr(change, name).entries)
