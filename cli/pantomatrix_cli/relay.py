"""`pantomatrix relay`: live speech through a server's StreamMotion, its frames as packets to programs that listen."""

from __future__ import annotations

import queue
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pantomatrix_models.options import MotionOptions

from .connecting import Tls, TlsCa, Token, client_for
from .option_flags import with_options
from .packets import LiveLink, Osc, SendFrames, Vmc, receivers
from .report import note, one_line_errors

if TYPE_CHECKING:
    from pantomatrix_client import FrameBlock, LiveMotion
    from pantomatrix_client.options import TimedText
    from pantomatrix_converters.editing.options import JointRoles

_CHUNK_SECONDS = 0.02
_REMEMBERED_BLOCKS = 100
_MOST_SLACK_SECONDS = 0.1
"""By how much frames may come earlier than the delay asks for before the clock is moved."""


@with_options(MotionOptions)
def relay(
    speech: Annotated[
        str,
        typer.Argument(help="An audio file, played in real time, or - for 16-bit mono samples from stdin."),
    ] = "-",
    vmc: Vmc = None,
    livelink: LiveLink = None,
    osc: Osc = None,
    server: Annotated[
        list[str], typer.Option(help="HOST:PORT of the server; several, of which one takes over where another is lost.")
    ] = ["localhost:50051"],  # noqa: B006
    token: Token = "",
    tls: Tls = False,
    tls_ca: TlsCa = None,
    rate: Annotated[int, typer.Option(min=4000, max=192_000, help="Samples per second of stdin.")] = 16000,
    delay: Annotated[float, typer.Option(min=0, max=10, help="Seconds that a frame waits, to even out jitter.")] = 0.05,
    **words: Any,
) -> None:
    """Turn speech into motion as it is spoken and send it on, by UDP. Without a target: VMC on this machine.

    \b
    arecord -q -t raw -f S16_LE -r 16000 -c 1 | pantomatrix relay
    ffmpeg -v quiet -f avfoundation -i :0 -f s16le -ar 16000 -ac 1 - | pantomatrix relay --livelink 127.0.0.1:11111
    pantomatrix relay take.wav --vmc 127.0.0.1:39539 --osc 127.0.0.1:9000 --server 192.168.0.7:50051
    pantomatrix relay take.wav --server 192.168.0.7:50051 --server 192.168.0.8:50051
    """
    with one_line_errors():
        from pantomatrix.client_motion import client_options
        from pantomatrix_client import ServerError
        from pantomatrix_converters.editing.option_kinds import read_words
        from pantomatrix_models.timed_text import plain_text
        from pantomatrix_server.errors import ServerCallError

        options = read_words(MotionOptions, words)
        text = plain_text(options.timed_text)
        options = replace(options, coordinate_system="", timed_text=None)
        samples, rate = _samples(speech, rate)
        try:
            with (
                receivers(vmc, livelink, osc) as send_frames,
                client_for(server, token, tls, tls_ca) as client,
                client.live(rate, max_ahead_seconds=0, **client_options(options)) as live,
            ):
                note(f"live at {' or '.join(server)}; Ctrl-C ends")
                threading.Thread(target=_speak, args=(live, samples, text), daemon=True).start()
                _relay(live, send_frames, delay, options.joint_map)
        except ServerError as error:
            raise ServerCallError(str(error), error.code) from None


def _samples(speech: str, rate: int) -> tuple[Iterator[bytes], int]:
    """16-bit samples in pieces, at the pace of speech, and their rate. Raises AudioError, FormatError."""
    if speech == "-":
        return _from_stdin(rate), rate
    import numpy as np

    from pantomatrix_models.audio.decode import decode_file
    from pantomatrix_models.audio.speech import SAMPLE_RATE_HZ

    from .inputs import read_speech

    heard = decode_file(read_speech(Path(speech)), float("inf"), speech).samples
    data = (np.clip(heard, -1, 1) * 32767).astype("<i2").tobytes()
    return _paced(data, SAMPLE_RATE_HZ), SAMPLE_RATE_HZ


def _from_stdin(rate: int) -> Iterator[bytes]:
    """What is there, whole samples only."""
    left = b""
    while data := sys.stdin.buffer.read1(2 * int(rate * _CHUNK_SECONDS)):  # type: ignore[attr-defined]
        left += data
        whole = len(left) // 2 * 2
        yield left[:whole]
        left = left[whole:]


def _paced(data: bytes, rate: int) -> Iterator[bytes]:
    step = 2 * int(rate * _CHUNK_SECONDS)
    started = time.monotonic()
    for start in range(0, len(data), step):
        time.sleep(max(0.0, started + start / 2 / rate - time.monotonic()))
        yield data[start : start + step]


def _speak(live: LiveMotion, samples: Iterator[bytes], text: TimedText | None) -> None:
    import numpy as np

    if text is not None:
        live.push(np.zeros(0, np.int16), text)
    for data in samples:
        live.push(np.frombuffer(data, "<i2"))
    live.end_utterance()
    live.close()


def _relay(live: LiveMotion, send_frames: SendFrames, delay: float, joint_map: JointRoles) -> None:
    """Each frame at its time, until the last. joint_map: of the skeleton that the frames are on. Raises ServerError."""
    from pantomatrix.client_motion import motion_of_frames, skeleton_of
    from pantomatrix_client import FrameBlock, GoneOn, Refusal
    from pantomatrix_converters.retargeting.humanoid import with_roles

    skeleton, clock = skeleton_of(live.header), _Clock(live.header.fps, delay)
    if joint_map:
        skeleton = with_roles(skeleton, joint_map)
    come: queue.SimpleQueue[tuple[float, FrameBlock] | Exception | None] = queue.SimpleQueue()

    def read() -> None:
        try:
            for event in live:
                if isinstance(event, FrameBlock):
                    come.put((time.monotonic(), event))
                elif isinstance(event, GoneOn):
                    note(f"gone on at {event.address}, {event.lost_seconds:.1f} s without a server")
                elif isinstance(event, Refusal):
                    note(event.text)
            come.put(None)
        except Exception as error:
            come.put(error)

    threading.Thread(target=read, daemon=True).start()
    while (item := come.get()) is not None:
        if isinstance(item, Exception):
            raise item
        arrived, block = item
        clock.hear(block.first_frame, arrived)
        frames = send_frames(motion_of_frames(live.header, skeleton, block), block.first_frame)
        for number in range(block.first_frame, block.first_frame + len(block)):
            time.sleep(max(0.0, clock.due(number) - time.monotonic()))
            next(frames)


@dataclass
class _Clock:
    """When frames are due. A frame that comes too late moves all later ones; when all come early, they are moved back."""

    fps: float
    delay: float
    start: float | None = None
    slack: deque[float] = field(default_factory=lambda: deque(maxlen=_REMEMBERED_BLOCKS))

    def hear(self, frame: int, arrived: float) -> None:
        """A block that begins with this frame came."""
        if self.start is None:
            self.start = arrived + self.delay - frame / self.fps
        early = self.due(frame) - arrived
        self.slack.append(early)
        if early < 0:
            self._move(self.delay - early)
        elif len(self.slack) == _REMEMBERED_BLOCKS and min(self.slack) > self.delay + _MOST_SLACK_SECONDS:
            self._move(self.delay - min(self.slack))

    def due(self, frame: int) -> float:
        """On time.monotonic."""
        assert self.start is not None
        return self.start + frame / self.fps

    def _move(self, seconds: float) -> None:
        assert self.start is not None
        self.start += seconds
        self.slack.clear()
