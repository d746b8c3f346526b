"""`pantomatrix send`: a motion file, played as packets to programs that listen."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .report import one_line_errors, progress

if TYPE_CHECKING:
    from pantomatrix_converters.motion import Motion

_VMC, _LIVE_LINK, _OSC = "127.0.0.1:39539", "127.0.0.1:11111", "127.0.0.1:9000"


def send(
    motion: Annotated[Path, typer.Argument(help="A motion file, or - for stdin.", show_default=False)],
    vmc: Annotated[
        str | None,
        typer.Option(help=f"HOST:PORT that receives Virtual Motion Capture, such as {_VMC}.", show_default=False),
    ] = None,
    livelink: Annotated[
        str | None,
        typer.Option(
            help=f"HOST:PORT of an Unreal that receives Live Link Face, such as {_LIVE_LINK}.", show_default=False
        ),
    ] = None,
    osc: Annotated[
        str | None, typer.Option(help=f"HOST:PORT that receives plain OSC, such as {_OSC}.", show_default=False)
    ] = None,
    loop: Annotated[bool, typer.Option("--loop", help="Begin again at the end, until Ctrl-C.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
) -> None:
    """Play a motion in real time to one or several programs, by UDP. Without a target: VMC on this machine.

    \b
    pantomatrix send take.npz
    pantomatrix send take.npz --vmc 192.168.0.7:39539 --loop
    pantomatrix send take.csv --livelink 127.0.0.1:11111
    pantomatrix send take.npz --osc 127.0.0.1:9000 --vmc 127.0.0.1:39539
    """
    with one_line_errors():
        from pantomatrix_converters.live_link_face import live_link_frames
        from pantomatrix_converters.plain_osc import plain_osc_frames
        from pantomatrix_converters.vmc import vmc_frames

        from .targets import load_input

        wanted: list[tuple[str, str | None, Callable[[Motion], Iterator[list[bytes]]]]] = [
            ("--vmc", vmc if vmc or livelink or osc else _VMC, vmc_frames),
            ("--livelink", livelink, live_link_frames),
            ("--osc", osc, plain_osc_frames),
        ]
        clip = load_input(motion, "")[1].motion
        with ExitStack() as sockets:
            targets = [
                (sockets.enter_context(_connected(option, place)), frames) for option, place, frames in wanted if place
            ]
            while True:
                with progress(clip.duration_seconds, motion.name, not quiet) as done:
                    _play([(target, frames(clip)) for target, frames in targets], clip, done)
                if not loop:
                    return


def _connected(option: str, place: str) -> socket.socket:
    """Raises InvalidInputError."""
    from pantomatrix_converters.errors import InvalidInputError

    host, _, port = place.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise InvalidInputError(f"{option} is {place!r}, expected HOST:PORT, for example {_VMC}")
    target = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        target.connect((host, int(port)))
    except OSError as error:
        target.close()
        raise InvalidInputError(f"{option} {place}: {error.strerror or error}") from None
    return target


def _play(
    targets: list[tuple[socket.socket, Iterator[list[bytes]]]], clip: Motion, done: Callable[[float], None]
) -> None:
    """Each frame at its time; a receiver that is not there yet loses frames, as UDP does."""
    started = time.monotonic()
    for number in range(len(clip)):
        time.sleep(max(0.0, started + number / clip.fps - time.monotonic()))
        for target, frames in targets:
            for packet in next(frames):
                try:
                    target.send(packet)
                except ConnectionRefusedError:
                    continue
        done((number + 1) / clip.fps)
