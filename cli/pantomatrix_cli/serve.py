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
    audio2face: Annotated[
        str | None,
        typer.Option(help="Model that answers clients of NVIDIA's Audio2Face-3D too.", show_default="none"),
    ] = None,
    device: Device = None,
    precision: Precision = None,
    arkit_matrix: FaceMatrix = None,
    arkit_deltas: FaceDeltas = None,
    face_model: FaceModel = None,
    web_port: Annotated[
        int | None,
        typer.Option(
            help="Serve HTTP too: WebSockets, Connect, gRPC-Web, /metrics, /healthz, /readyz; 0 takes a free port.",
            show_default="none",
        ),
    ] = None,
    preview: Annotated[
        bool | None,
        typer.Option(
            "--preview", help="Show motion on a page at the web port (8080 unless named).", show_default=False
        ),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(help="Server processes that share the ports.", show_default="1")
    ] = None,
    tls_certificate: Annotated[
        Path | None, typer.Option(help="Certificate chain, PEM; switches TLS on.", show_default=False)
    ] = None,
    tls_key: Annotated[Path | None, typer.Option(help="The certificate's key, PEM.", show_default=False)] = None,
    tls_client_ca: Annotated[
        Path | None, typer.Option(help="Callers' certificates have to be signed by it, PEM.", show_default=False)
    ] = None,
    tokens: Annotated[
        Path | None, typer.Option(help="Callers need one of these, see `pantomatrix token`.", show_default=False)
    ] = None,
    log_format: Annotated[str | None, typer.Option(help="Log lines: text or json.", show_default="text")] = None,
    max_clip_seconds: Annotated[float | None, typer.Option(help="Longest clip, seconds.", show_default="600")] = None,
    max_concurrent_clips: Annotated[
        int | None, typer.Option(help="Clips computed at once.", show_default="one a core")
    ] = None,
    max_queued_clips: Annotated[int | None, typer.Option(help="Clips that may wait.", show_default="16")] = None,
    max_streams: Annotated[
        int | None, typer.Option(help="Live streams at once, in each worker.", show_default="64")
    ] = None,
    drain_seconds: Annotated[
        float | None, typer.Option(help="How long running calls may go on after SIGTERM.", show_default="30")
    ] = None,
    print_config: Annotated[
        bool, typer.Option("--print-config", help="Print all settings as they would be, and serve nothing.")
    ] = False,
) -> None:
    """Serve motion over gRPC until Ctrl-C or SIGTERM. SIGHUP reloads models and tokens.

    \b
    pantomatrix serve
    pantomatrix serve --port 0          prints the port it got
    pantomatrix serve --model emage     as fetched by `pantomatrix models fetch emage`
    pantomatrix serve --web-port 8080   for web pages, WebSockets and Prometheus
    pantomatrix serve --audio2face builtin
    pantomatrix serve --preview         and open the page that it names
    pantomatrix serve --host 0.0.0.0 --tls-certificate cert.pem --tls-key key.pem --tokens tokens.toml
    pantomatrix serve --print-config > server.toml
    PANTOMATRIX_MAX_CLIP_SECONDS=60 pantomatrix serve --config server.toml
    """
    given = dict(locals())
    with one_line_errors():
        from pantomatrix_models.registry import named_place
        from pantomatrix_server.settings import as_toml, load_settings

        flags = {name: value for name, value in given.items() if name not in ("config", "model", "print_config")}
        settings = load_settings(config, flags | {"models": dict(map(named_place, model)) or None})
        if print_config:
            print(as_toml(settings), end="")
            return

        import asyncio

        from pantomatrix_converters import __version__
        from pantomatrix_server.process.log_lines import set_up_log
        from pantomatrix_server.process.serve import Listening
        from pantomatrix_server.process.serve import serve as serve_calls
        from pantomatrix_viewer.front_end import preview as preview_of

        def ready(at: Listening) -> None:
            print(f"pantomatrix {__version__} listening on {at}", flush=True)

        set_up_log(settings.log_format)
        if settings.workers > 1:
            from pantomatrix_server.process.supervisor import supervise

            asyncio.run(supervise(settings, ready))
        else:
            asyncio.run(serve_calls(settings, ready, preview_of() if settings.preview else None))
