"""`pantomatrix render`: a motion as a video, without a GPU or a display."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from .arguments import Force, Json
from .report import note, one_line_errors, progress, show_files, show_json

_SAME_LENGTH_SECONDS = 0.25
"""Encoders add some silence, and the last frame ends a little later than the speech."""


def render(
    file: Annotated[Path, typer.Argument(help="A motion file.", show_default=False)],
    output: Annotated[Path, typer.Option("--output", "-o", help="The video to write, .mp4.", show_default=False)],
    audio: Annotated[
        Path | None, typer.Option(help="Speech that belongs to the motion.", show_default="no sound")
    ] = None,
    style: Annotated[str, typer.Option(help="skeleton, mesh, face, or openpose2d.")] = "skeleton",
    body_model: Annotated[
        Path | None, typer.Option(help="Your SMPL-X model (.npz), for --style mesh.", show_default=False)
    ] = None,
    size: Annotated[str, typer.Option(help="Width and height in pixels, even.")] = "1280x720",
    fps: Annotated[float | None, typer.Option(help="Pictures per second.", show_default="the motion's own")] = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Draw a motion as a video with sound. Needs the extra video.

    \b
    pantomatrix render take.npz -o take.mp4 --audio take.wav
    pantomatrix render take.csv -o face.mp4 --style face --size 720x720
    pantomatrix render take.npz -o body.mp4 --style mesh --body-model SMPLX_NEUTRAL_2020.npz
    pantomatrix render take.npz -o pose.mp4 --style openpose2d
    """
    with one_line_errors():
        from pantomatrix_converters.errors import InvalidInputError, UnknownNameError
        from pantomatrix_converters.files.atomic_file import check_target, written_atomically
        from pantomatrix_converters.motion import check_fps
        from pantomatrix_converters.resample import resample
        from pantomatrix_viewer.video.styles import STYLES, Scene
        from pantomatrix_viewer.video.video_file import sound_seconds, write_video

        from .inputs import no_such_file, read_motion

        if style not in STYLES:
            raise UnknownNameError("style", style, STYLES)
        pixels = _size(size)
        if output.suffix.lower() != ".mp4":
            raise InvalidInputError(f"{output}: the video's name has to end in .mp4")
        for wanted in (file, *([audio] if audio else [])):
            if not wanted.is_file():
                raise no_such_file(wanted)
        motion = read_motion(file)[1].motion
        check_target(output, replace=force)
        if fps is not None:
            motion = resample(motion, check_fps(fps, "--fps"))
        notes = _sound_notes(audio, None if audio is None else sound_seconds(audio), motion.duration_seconds)
        drawing = STYLES[style](Scene(motion, pixels, body_model))
        with progress(motion.duration_seconds, output.name, not as_json) as done:

            def pictures():
                for frame in range(len(motion)):
                    yield drawing.draw(frame)
                    done((frame + 1) / motion.fps)

            with written_atomically(output, replace=force) as temporary:
                write_video(temporary, pictures(), pixels, motion.fps, audio)
        if as_json:
            facts = {"file": str(output), "frames": len(motion), "fps": motion.fps, "size": list(pixels)}
            show_json({**facts, "notes": notes})
        else:
            for text in notes:
                note(text)
            show_files([str(output)])


def _sound_notes(audio: Path | None, sound: float | None, motion: float) -> list[str]:
    """What a person should know of the sound. sound, motion: lengths in seconds."""
    if audio is None:
        return ["the video has no sound: --audio names the speech"]
    if sound is None or abs(sound - motion) < _SAME_LENGTH_SECONDS:
        return []
    outcome = "the rest of the sound is left out" if sound > motion else "the end of the video has no sound"
    return [f"{audio.name} is {sound:.2f} s long and the motion {motion:.2f} s: both begin together, {outcome}"]


def _size(text: str) -> tuple[int, int]:
    from pantomatrix_converters.errors import InvalidInputError

    found = re.fullmatch(r"(\d{2,4})x(\d{2,4})", text)
    width, height = (int(found[1]), int(found[2])) if found else (0, 0)
    if not found or width % 2 or height % 2 or min(width, height) < 64:
        raise InvalidInputError(f"--size {text}: expected even numbers from 64, such as 1280x720")
    return width, height
