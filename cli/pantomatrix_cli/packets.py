"""Where packets go: programs that listen for them by UDP."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pantomatrix_converters.motion import Motion

_VMC, _LIVE_LINK, _OSC = "127.0.0.1:39539", "127.0.0.1:11111", "127.0.0.1:9000"

Vmc = Annotated[
    str | None,
    typer.Option(help=f"HOST:PORT that receives Virtual Motion Capture, such as {_VMC}.", show_default=False),
]
LiveLink = Annotated[
    str | None,
    typer.Option(
        help=f"HOST:PORT of an Unreal that receives Live Link Face, such as {_LIVE_LINK}.", show_default=False
    ),
]
Osc = Annotated[
    str | None, typer.Option(help=f"HOST:PORT that receives plain OSC, such as {_OSC}.", show_default=False)
]
SendFrames = Callable[["Motion", int], Iterator[None]]
"""Of a motion, whose first frame has that number, sends a frame to everyone each time that it is asked for the next."""


@contextmanager
def receivers(vmc: str | None, livelink: str | None, osc: str | None) -> Iterator[SendFrames]:
    """Sockets to all that are given; VMC on this machine if none is. Raises InvalidInputError."""
    from pantomatrix_converters.packets.live_link_face import live_link_frames
    from pantomatrix_converters.packets.plain_osc import plain_osc_frames
    from pantomatrix_converters.packets.vmc import vmc_frames

    wanted = {
        ("--vmc", _VMC, vmc_frames): vmc or (None if livelink or osc else _VMC),
        ("--livelink", _LIVE_LINK, live_link_frames): livelink,
        ("--osc", _OSC, plain_osc_frames): osc,
    }
    with ExitStack() as sockets:
        targets = {
            sockets.enter_context(_connected(option, place, example)): packets
            for (option, example, packets), place in wanted.items()
            if place
        }
        yield lambda motion, first_frame: _send(targets, motion, first_frame)


def _send(
    targets: Mapping[socket.socket, Callable[[Motion, int], Iterator[list[bytes]]]], motion: Motion, first_frame: int
) -> Iterator[None]:
    """A receiver that is not there yet loses frames, as UDP does."""
    streams = [(target, packets(motion, first_frame)) for target, packets in targets.items()]
    for _ in range(len(motion)):
        for target, frames in streams:
            for packet in next(frames):
                try:
                    target.send(packet)
                except ConnectionRefusedError:
                    continue
        yield


def _connected(option: str, place: str, example: str) -> socket.socket:
    """Raises InvalidInputError."""
    from pantomatrix_converters.errors import InvalidInputError

    host, _, port = place.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        raise InvalidInputError(f"{option} is {place!r}, expected HOST:PORT, for example {example}")
    target = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    try:
        target.connect((host, int(port)))
    except OSError as error:
        target.close()
        raise InvalidInputError(f"{option} {place}: {error.strerror or error}") from None
    return target
