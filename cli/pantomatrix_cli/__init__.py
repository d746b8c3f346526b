"""The command `pantomatrix`. Commands import what they need when they run, so that the others start fast."""

from __future__ import annotations

from typing import Annotated

import typer

from . import (
    catalog,
    convert,
    dataset,
    evaluate,
    face_maps,
    generate,
    health,
    inspect,
    joints,
    models,
    preview,
    relay,
    render,
    send,
    serve,
    token,
    train,
    usage,
)

app = typer.Typer(
    name="pantomatrix",
    cls=usage.OneLineGroup,
    help="Speech in, motion out, for the characters of games and films.",
    epilog="One line from speech to a character:  pantomatrix generate take.wav -o take.bvh",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("generate", rich_help_panel="Motion")(generate.generate)
app.command("convert", rich_help_panel="Motion")(convert.convert)
app.command("inspect", rich_help_panel="Motion")(inspect.inspect)
app.command("render", rich_help_panel="Motion")(render.render)
app.command("preview", rich_help_panel="Motion")(preview.preview)
app.command("send", rich_help_panel="Live")(send.send)
app.command("relay", rich_help_panel="Live")(relay.relay)
app.command(
    "serve",
    rich_help_panel="Server",
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
)(serve.serve)
app.command("health", rich_help_panel="Server")(health.health)
app.command("token", rich_help_panel="Server")(token.token)
app.add_typer(models.app, name="models", rich_help_panel="What there is")
app.command("skeletons", rich_help_panel="What there is")(catalog.skeletons)
app.command("joints", rich_help_panel="What there is")(joints.joints)
app.command("face-maps", rich_help_panel="What there is")(face_maps.face_maps)
app.command("formats", rich_help_panel="What there is")(catalog.formats)

app.command("evaluate", rich_help_panel="Research")(evaluate.evaluate)
app.add_typer(dataset.app, name="dataset", rich_help_panel="Research")
app.command("train", rich_help_panel="Research")(train.train)


def _show_version(wanted: bool) -> None:
    if wanted:
        from pantomatrix_converters import __version__

        print(f"pantomatrix {__version__}")
        raise typer.Exit()


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    del version


def main() -> None:
    """Entry point of the console script."""
    app()
