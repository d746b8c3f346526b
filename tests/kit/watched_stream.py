"""The Python client's live streams as a listener sees them: what came, when, and whether anything jumped."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np

from folders import AUDIO
from motions import angle_between
from pantomatrix_client import AsyncClient, Client, FrameBlock, GoneOn, Move, Refusal, UtteranceEnd
from pantomatrix_client.live_messages import Event
from pantomatrix_models.audio.decode import decode_file

RATE, CHUNK = 16000, 800
SPEECH = (decode_file((AUDIO / "hu03_speech_m.wav").read_bytes(), 60).samples * 32767).astype(np.int16)
SENTENCE = SPEECH[: 2 * RATE]
PAUSE_CHUNKS = 14


@dataclass
class Watched:
    """What came. Frames are checked to be the next. faults: when something happened to a server; found: when the stream had
    gone on; shown: when its first frame came after it."""

    blocks: list[FrameBlock] = field(default_factory=list)
    gone_on: list[GoneOn] = field(default_factory=list)
    ends: list[UtteranceEnd] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    moves: list[Move] = field(default_factory=list)
    frames: int = 0
    faults: list[float] = field(default_factory=list)
    found: list[float] = field(default_factory=list)
    shown: list[float] = field(default_factory=list)

    def see(self, event: Event) -> None:
        match event:
            case FrameBlock():
                assert event.first_frame == self.frames, "a frame was skipped or doubled"
                self.frames += len(event)
                self.blocks.append(event)
                if len(self.shown) < len(self.found):
                    self.shown.append(time.monotonic())
            case GoneOn():
                assert event.first_frame == self.frames
                self.gone_on.append(event)
                self.found.append(time.monotonic())
            case UtteranceEnd():
                self.ends.append(event)
            case Refusal():
                self.refusals.append(event)
            case Move():
                self.moves.append(event)

    @property
    def seams(self) -> list[int]:
        """The last frames before the stream went on."""
        return [gone.first_frame - 1 for gone in self.gone_on if 0 < gone.first_frame < self.frames]

    def steps(self) -> tuple[np.ndarray, np.ndarray]:
        """From frame to frame: the largest turn of a joint, degrees, and how far the root goes, millimetres."""
        quats = np.concatenate([block.rotations_xyzw for block in self.blocks])
        places = np.concatenate([block.root_translation for block in self.blocks])
        turns = np.degrees(angle_between(quats[:-1], quats[1:]).max(axis=1))
        return turns, 1000 * np.linalg.norm(np.diff(places, axis=0), axis=1)

    def assert_no_jump(self) -> None:
        """At no seam does a joint turn, or the root go, by more than 99 % of the other steps."""
        assert len(self.seams) > 0
        for steps in self.steps():
            assert (steps[self.seams] <= np.percentile(np.delete(steps, self.seams), 99)).all()

    def figures(self) -> str:
        """For a table: found and shown after, seam, and the usual step."""
        if not self.seams:
            return "no seam"
        (turns, ways), seams = self.steps(), self.seams
        after = [f"{found - fault:.2f}" for fault, found in zip(self.faults, self.found, strict=False)]
        first = [f"{shown - found:.3f}" for shown, found in zip(self.shown, self.found, strict=False)]
        return (
            f"gone on after {after} s, first frame {first} s later, seams {np.round(turns[seams], 2)} degrees "
            f"{np.round(ways[seams], 2)} mm, usual step up to {np.percentile(turns, 99):.1f} degrees {np.percentile(ways, 99):.1f} mm"
        )


Does = Callable[[int], bool | None]
"""What happens to the servers after so many chunks were pushed; true where something has just broken."""


def told(addresses: list[str], does: Does, **options) -> Watched:
    """Two sentences as they are spoken, with a pause between them."""
    watched = Watched()
    with Client(addresses) as client, client.live(RATE, **options) as live:

        def speak() -> None:
            for count, _ in enumerate(said(live)):
                if does(count):
                    watched.faults.append(time.monotonic())
                time.sleep(CHUNK / RATE)
            live.close()

        thread = threading.Thread(target=speak)
        thread.start()
        for event in live:
            watched.see(event)
        thread.join()
    return watched


async def told_async(addresses: list[str], does: Does, **options) -> Watched:
    watched = Watched()
    async with AsyncClient(addresses) as client, client.live(RATE, **options) as live:

        async def speak() -> None:
            for count, _ in enumerate(said(live)):
                if does(count):
                    watched.faults.append(time.monotonic())
                await asyncio.sleep(CHUNK / RATE)
            live.close()

        task = asyncio.create_task(speak())
        async for event in live:
            watched.see(event)
        await task
    return watched


def said(live) -> Iterator[None]:
    for at in range(0, len(SENTENCE), CHUNK):
        live.push(SENTENCE[at : at + CHUNK])
        yield
    live.end_utterance()
    for _ in range(PAUSE_CHUNKS):
        yield
    for at in range(0, len(SENTENCE), CHUNK):
        live.push(SENTENCE[at : at + CHUNK])
        yield
    live.end_utterance()
    yield


SENTENCE_CHUNKS = len(SENTENCE) // CHUNK
IN_FIRST, BETWEEN, IN_SECOND = 20, SENTENCE_CHUNKS + 10, SENTENCE_CHUNKS + PAUSE_CHUNKS + 20


def assert_whole(watched: Watched) -> None:
    """Both sentences, and no frame less."""
    assert [end.utterance for end in watched.ends] == [0, 1]
    assert not any(end.interrupted for end in watched.ends)
    heard = sum(len(block) for block in watched.blocks if not block.idle)
    assert abs(heard - 2 * 2 * 30) <= 2
