"""`pantomatrix models`: what there is, and getting it."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from .arguments import Json
from .report import note, one_line_errors, show_json, show_table

app = typer.Typer(invoke_without_command=True, help="List the models and what each can do, or fetch one.")


@app.callback()
def models(context: typer.Context, as_json: Json = False) -> None:
    """List the models and what each can do, or fetch one.

    \b
    pantomatrix models
    pantomatrix models fetch emage
    """
    if context.invoked_subcommand is not None:
        return
    with one_line_errors():
        from pantomatrix_models.registry import MODEL_NAMES

        rows = [_row(name) for name in MODEL_NAMES]
        if as_json:
            show_json(rows)
            return
        show_table(
            ("model", "ready", "skeleton", "face", "fps", "look-ahead", "what it is"),
            (
                (
                    row["name"],
                    "yes" if row["ready"] else "to fetch",
                    row["skeleton"],
                    row["face_rig"] or "-",
                    f"{row['fps']:g}",
                    f"{1000 * row['look_ahead_seconds']:.0f} ms",
                    row["description"],
                )
                for row in rows
            ),
        )


def _row(name: str) -> dict[str, Any]:
    from pantomatrix_models.registry import model_info
    from pantomatrix_models.weights import PUBLISHED, is_fetched

    info = model_info(name)
    return {
        "name": info.name,
        "ready": name not in PUBLISHED or is_fetched(name),
        "version": info.version,
        "description": info.description,
        "parts": sorted(info.parts),
        "speakers": [speaker.id for speaker in info.speakers],
        "skeleton": info.skeleton,
        "face_rig": info.face_rig,
        "fps": info.default_fps,
        "look_ahead_seconds": info.look_ahead_seconds,
        "gestures": info.gestures,
        "emotions": info.emotions,
        "timed_text": info.timed_text,
        "expressions": info.expressions,
        "weights_license": info.weights_license,
    }


@app.command("fetch")
def fetch(
    name: Annotated[str, typer.Argument(help="emage, camn, disco, or the id of a repository on the hub.")],
    revision: Annotated[str, typer.Option(help="A branch, tag or commit.", show_default="the newest")] = "",
) -> None:
    """Download a network's weights into the Hugging Face cache.

    \b
    pantomatrix models fetch emage
    """
    with one_line_errors():
        from pantomatrix_models.weights import PUBLISHED
        from pantomatrix_models.weights import fetch as download

        if name in PUBLISHED:
            note(PUBLISHED[name].license_text)
        folder = download(name, revision or None)
        print(f"fetched {name} into {folder}")
