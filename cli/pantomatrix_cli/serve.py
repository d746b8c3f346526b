"""`pantomatrix serve`: the gRPC server."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

import typer

from .report import one_line_errors


def serve(context: typer.Context) -> None:
    """Serve motion over gRPC until Ctrl-C or SIGTERM."""
    with one_line_errors():
        from .setting_flags import with_settings

        program = typer.Typer(
            add_completion=False,
            pretty_exceptions_enable=False,
            context_settings={"help_option_names": ["-h", "--help"]},
        )
        program.command()(with_settings(_serve, own=frozenset({"models"})))
        raise typer.Exit(program(args=context.args, prog_name=context.command_path, standalone_mode=False) or 0)


def leave_cores_to_clips() -> None:
    """To be called before numpy is imported. A server computes a clip a core; numpy's threads, as many as cores for each
    clip, would only take the cores from each other."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def _serve(
    config: Annotated[
        Path | None,
        typer.Option(help="Settings as TOML; environment variables and flags win over it.", show_default=False),
    ] = None,
    model: Annotated[
        list[str],
        typer.Option(
            help="Serve a network as well: NAME as fetched, or NAME=PATH. May be repeated.", show_default="none"
        ),
    ] = [],  # noqa: B006
    print_config: Annotated[
        bool, typer.Option("--print-config", help="Print all settings as they would be, and serve nothing.")
    ] = False,
    **flags: Any,
) -> None:
    """Serve motion over gRPC until Ctrl-C or SIGTERM. SIGHUP reloads models and tokens.

    \b
    pantomatrix serve
    pantomatrix serve --port 0          prints the port it got
    pantomatrix serve --model emage     after `pantomatrix models fetch emage`
    pantomatrix serve --web-port 8080   for web pages, WebSockets and Prometheus
    pantomatrix serve --audio2face builtin
    pantomatrix serve --preview         and open the page that it names
    pantomatrix serve --host 0.0.0.0 --tls-certificate cert.pem --tls-key key.pem --tokens tokens.toml
    pantomatrix serve --print-config > server.toml
    PANTOMATRIX_MAX_CLIP_SECONDS=60 pantomatrix serve --config server.toml
    """
    with one_line_errors():
        leave_cores_to_clips()
        from pantomatrix_models.registry import named_place
        from pantomatrix_server.settings import as_toml, load_settings

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
