"""`pantomatrix send`: a motion file, played as packets to programs that listen."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .arguments import JointMap
from .packets import LiveLink, Osc, SendFrames, Vmc, receivers
from .report import one_line_errors, progress

if TYPE_CHECKING:
    from pantomatrix_converters.motion import Motion


def send(
    motion: Annotated[Path, typer.Argument(help="A motion file, or - for stdin.", show_default=False)],
    vmc: Vmc = None,
    livelink: LiveLink = None,
    osc: Osc = None,
    joint_map: JointMap = None,
    loop: Annotated[bool, typer.Option("--loop", help="Begin again at the end, until Ctrl-C.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Show no progress.")] = False,
) -> None:
    """Play a motion in real time to one or several programs, by UDP. Without a target: VMC on this machine.

    \b
    pantomatrix send take.npz
    pantomatrix send take.npz --vmc 192.168.0.7:39539 --loop
    pantomatrix send own.bvh --joint-map own.json
    pantomatrix send take.csv --livelink 127.0.0.1:11111
    pantomatrix send take.npz --osc 127.0.0.1:9000 --vmc 127.0.0.1:39539
    """
    with one_line_errors():
        from pantomatrix_converters.retargeting.humanoid import read_roles, with_roles

        from .inputs import read_motion

        clip = read_motion(motion)[1].motion
        if joint_map:
            clip = replace(clip, skeleton=with_roles(clip.skeleton, read_roles(joint_map)))
        with receivers(vmc, livelink, osc) as send_frames:
            while True:
                with progress(clip.duration_seconds, motion.name, not quiet) as done:
                    _play(send_frames, clip, done)
                if not loop:
                    return


def _play(send_frames: SendFrames, clip: Motion, done: Callable[[float], None]) -> None:
    """Each frame at its time."""
    frames = send_frames(clip, 0)
    started = time.monotonic()
    for number in range(len(clip)):
        time.sleep(max(0.0, started + number / clip.fps - time.monotonic()))
        next(frames)
        done((number + 1) / clip.fps)
