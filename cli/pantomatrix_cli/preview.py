"""`pantomatrix preview`: motion on a character, in the browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .arguments import Device, FaceDeltas, FaceMatrix, FaceModel, JointMap, Precision
from .report import one_line_errors
from .serve import leave_cores_to_clips


def preview(
    files: Annotated[
        list[Path] | None,
        typer.Argument(
            help="Motion files, or speech to make motion from; two are shown side by side.", show_default=False
        ),
    ] = None,
    audio: Annotated[
        Path | None, typer.Option(help="Speech that belongs to the first motion file.", show_default="no sound")
    ] = None,
    joint_map: JointMap = None,
    model: Annotated[
        list[str],
        typer.Option(
            help="Offer a network as well: NAME as fetched, or NAME=PATH. May be repeated.", show_default="none"
        ),
    ] = [],  # noqa: B006
    port: Annotated[int, typer.Option(help="Port of the page; 0 takes a free one.")] = 0,
    browser: Annotated[bool, typer.Option(help="Open the page in the browser.")] = True,
    device: Device = None,
    precision: Precision = None,
    arkit_matrix: FaceMatrix = None,
    arkit_deltas: FaceDeltas = None,
    face_model: FaceModel = None,
) -> None:
    """Show motion on a character in the browser, until Ctrl-C. Needs the extra server.

    \b
    pantomatrix preview speech.wav            makes motion and shows it
    pantomatrix preview take.npz --audio take.wav
    pantomatrix preview first.bvh second.glb  side by side
    pantomatrix preview --model emage         an empty page to drop speech on
    """
    with one_line_errors():
        leave_cores_to_clips()
        import asyncio
        import webbrowser

        from pantomatrix_converters.errors import InvalidInputError
        from pantomatrix_converters.retargeting.humanoid import read_roles
        from pantomatrix_models.registry import named_place
        from pantomatrix_server.process.serve import Listening, serve
        from pantomatrix_server.settings import load_settings
        from pantomatrix_viewer.front_end import preview as preview_of
        from pantomatrix_viewer.takes import Source

        from .inputs import read_bytes, read_speech

        settings = load_settings(
            None,
            {
                "port": 0,
                "preview": True,
                "web_port": port,
                "models": dict(map(named_place, model)) or None,
                "device": device,
                "precision": precision,
                "arkit_matrix": arkit_matrix,
                "arkit_deltas": arkit_deltas,
                "face_model": face_model,
            },
        )
        if audio and not files:
            raise InvalidInputError("--audio belongs to a motion file, give that too")
        speech = read_speech(audio) if audio else b""
        roles = read_roles(joint_map) if joint_map else ()
        shown = [
            Source(path.name, read_bytes(path), b"" if at else speech, joint_map=roles)
            for at, path in enumerate(files or [])
        ]

        def ready(at: Listening) -> None:
            print(f"preview at {at.preview} (Ctrl-C ends it)", flush=True)
            if browser:
                webbrowser.open(at.preview)

        asyncio.run(serve(settings, ready, preview_of(shown)))
