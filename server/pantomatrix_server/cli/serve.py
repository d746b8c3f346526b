"""`pantomatrix serve`: the gRPC server."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .arguments import Device, FaceDeltas, FaceMatrix, FaceModel, Precision
from .report import one_line_errors


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.", show_default="127.0.0.1")] = None,
    port: Annotated[
        int | None, typer.Option(help="Port to listen on; 0 takes a free one.", show_default="50051")
    ] = None,
    config: Annotated[
        Path | None,
        typer.Option(help="Settings as TOML; environment variables and flags win over it.", show_default=False),
    ] = None,
    allow_network: Annotated[
        bool | None,
        typer.Option("--allow-network", help="Listen off loopback without TLS and token.", show_default=False),
    ] = None,
    model: Annotated[
        list[str],
        typer.Option(
            help="Serve a network as well: NAME as fetched, or NAME=PATH. May be repeated.", show_default="none"
        ),
    ] = [],  # noqa: B006
    device: Device = None,
    precision: Precision = None,
    arkit_matrix: FaceMatrix = None,
    arkit_deltas: FaceDeltas = None,
    face_model: FaceModel = None,
    max_clip_seconds: Annotated[float | None, typer.Option(help="Longest clip, seconds.", show_default="600")] = None,
    max_concurrent_clips: Annotated[
        int | None, typer.Option(help="Clips computed at once.", show_default="one a core")
    ] = None,
    max_queued_clips: Annotated[int | None, typer.Option(help="Clips that may wait.", show_default="16")] = None,
    drain_seconds: Annotated[
        float | None, typer.Option(help="How long running calls may go on after SIGTERM.", show_default="30")
    ] = None,
) -> None:
    """Serve motion over gRPC until Ctrl-C or SIGTERM.

    \b
    pantomatrix serve
    pantomatrix serve --port 0          prints the port it got
    pantomatrix serve --model emage     as fetched by `pantomatrix models fetch emage`
    PANTOMATRIX_MAX_CLIP_SECONDS=60 pantomatrix serve
    """
    with one_line_errors():
        import asyncio
        import logging

        from pantomatrix_converters import __version__

        from ..models import named_place
        from ..serve import serve as run
        from ..settings import load_settings

        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
        flags = {
            "host": host,
            "port": port,
            "allow_network": allow_network,
            "models": dict(map(named_place, model)) or None,
            "device": device,
            "precision": precision,
            "arkit_matrix": arkit_matrix,
            "arkit_deltas": arkit_deltas,
            "face_model": face_model,
            "max_clip_seconds": max_clip_seconds,
            "max_concurrent_clips": max_concurrent_clips,
            "max_queued_clips": max_queued_clips,
            "drain_seconds": drain_seconds,
        }
        settings = load_settings(config, flags)
        asyncio.run(
            run(settings, lambda address: print(f"pantomatrix {__version__} listening on {address}", flush=True))
        )
