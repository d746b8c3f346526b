"""`pantomatrix face-maps`: the tables that say which of a character's shapes a face moves."""

from __future__ import annotations

from typing import Annotated

import typer

from .report import one_line_errors, show_table


def face_maps(
    name: Annotated[
        str, typer.Argument(help="Print this one as JSON, to be copied and edited.", show_default="a list of all")
    ] = "",
) -> None:
    """List the face maps, or print one.

    \b
    pantomatrix face-maps
    pantomatrix face-maps reallusion_cc4 > mine.json      then edit mine.json, and
    pantomatrix generate take.wav -o out.glb --skeleton hero.glb --face-map mine.json
    """
    with one_line_errors():
        from pantomatrix_converters.face.face_maps import face_map_names, face_map_text, load_face_map

        if name:
            print(face_map_text(name), end="")
            return
        show_table(("face map", "about"), ((known, load_face_map(known).about) for known in face_map_names()))
