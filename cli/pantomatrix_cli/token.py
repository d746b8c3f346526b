"""`pantomatrix token`: a token for callers."""

from __future__ import annotations

from typing import Annotated

import typer

from .report import one_line_errors


def token(
    name: Annotated[str, typer.Argument(help="Who it is for; the server's log has this name.")],
    max_streams: Annotated[
        int | None, typer.Option(min=0, help="Live streams at once.", show_default="no limit")
    ] = None,
    max_clips: Annotated[int | None, typer.Option(min=0, help="Clips at once.", show_default="no limit")] = None,
    model: Annotated[list[str], typer.Option(help="A model it may use. May be repeated.", show_default="all")] = [],  # noqa: B006
    metrics: Annotated[bool, typer.Option("--metrics", help="It may read /metrics of the web port.")] = False,
) -> None:
    """Make a token. The entry for the server's file goes to standard output, the token itself to standard error, once.

    \b
    pantomatrix token studio-a >> tokens.toml
    pantomatrix token prometheus --max-streams 0 --max-clips 0 --metrics >> tokens.toml
    pantomatrix token kiosk --max-streams 2 --model builtin >> tokens.toml
    pantomatrix serve --tokens tokens.toml
    """
    with one_line_errors():
        import json

        from pantomatrix_server.process.tokens import new_token

        secret, digest = new_token()
        print(f"[{json.dumps(name)}]")
        print(f'sha256 = "{digest}"')
        for key, value in (
            ("max_streams", max_streams),
            ("max_clips", max_clips),
            ("models", model or None),
            ("metrics", metrics or None),
        ):
            if value is not None:
                print(f"{key} = {json.dumps(value)}")
        print()
        typer.echo(f"token of {name}, shown once: {secret}", err=True)
