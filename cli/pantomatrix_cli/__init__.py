"""The command `pantomatrix`. Commands import what they need when they run, so that the others start fast."""

from __future__ import annotations

from typing import Annotated

import typer

from . import (
    catalog,
    convert,
    dataset,
    evaluate,
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
app.command("generate")(generate.generate)
app.command("convert")(convert.convert)
app.command("inspect")(inspect.inspect)
app.command("render")(render.render)
app.command("preview")(preview.preview)
app.command("send")(send.send)
app.command("relay")(relay.relay)
app.command(
    "serve",
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True, "help_option_names": []},
)(serve.serve)
app.command("health")(health.health)
app.command("token")(token.token)
app.add_typer(models.app, name="models")
app.command("skeletons")(catalog.skeletons)
app.command("joints")(joints.joints)
app.command("formats")(catalog.formats)

app.command("evaluate")(evaluate.evaluate)
app.add_typer(dataset.app, name="dataset")
app.command("train")(train.train)


def _show_version(wanted: bool) -> None:
    if wanted:
        from pantomatrix_converters import __version__

        print(f"pantomatrix {__version__}")
        raise typer.Exit()


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print it.")
    ] = False,
) -> None:
    del version


def main() -> None:
    """Entry point of the console script."""
    app()
