"""`pantomatrix send`: a motion file, played as VMC packets."""

from __future__ import annotations

import socket
import time
from pathlib import Path
from typing import Annotated

import typer

from .report import one_line_errors, progress

_VMC_PORT = 39539


def send(
    motion: Annotated[Path, typer.Argument(help="A motion file, or - for stdin.", show_default=False)],
    to: Annotated[str, typer.Option(help="HOST:PORT of a program that receives VMC (OSC over UDP).")] = (
        f"127.0.0.1:{_VMC_PORT}"
    ),
    loop: Annotated[bool, typer.Option("--loop", help="Begin again at the end, until Ctrl-C.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
) -> None:
    """Play a motion in real time to a program that understands Virtual Motion Capture.

    \b
    pantomatrix send take.npz
    pantomatrix send take.npz --to 192.168.0.7:39539 --loop
    """
    with one_line_errors():
        from pantomatrix_converters.errors import InvalidInputError
        from pantomatrix_converters.vmc import vmc_frames

        from .targets import load_input

        host, _, port = to.rpartition(":")
        if not host or not port.isdigit() or not 0 < int(port) < 65536:
            raise InvalidInputError(f"--to is {to!r}, expected HOST:PORT, for example 127.0.0.1:{_VMC_PORT}")
        clip = load_input(motion, "")[1].motion
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as target:
            try:
                target.connect((host, int(port)))
            except OSError as error:
                raise InvalidInputError(f"--to {to}: {error.strerror or error}") from None
            while True:
                with progress(clip.duration_seconds, motion.name, not quiet) as done:
                    _play(target, vmc_frames(clip), clip.fps, done)
                if not loop:
                    return


def _play(target: socket.socket, frames, fps: float, done) -> None:
    """Each frame at its time; a receiver that is not there yet loses frames, as UDP does."""
    started = time.monotonic()
    for number, packets in enumerate(frames):
        time.sleep(max(0.0, started + number / fps - time.monotonic()))
        for packet in packets:
            try:
                target.send(packet)
            except ConnectionRefusedError:
                continue
        done((number + 1) / fps)
