"""Options that several commands share, with one wording."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from pantomatrix_converters.face.flame_arkit import ArkitMatrix
    from pantomatrix_converters.face_map import FaceMap

OUTPUT, COMPUTING, FACES = "Output", "Where it is computed", "Between FLAME and ARKit faces"
"""Panels of the help."""

Output = Annotated[
    str,
    typer.Option(
        "--output",
        "-o",
        help="A file, a folder (for several inputs or formats), or - for stdout.",
        show_default=False,
        rich_help_panel=OUTPUT,
    ),
]
Formats = Annotated[
    list[str],
    typer.Option(
        "--format",
        "-f",
        help="Format of the result, may be repeated. Default: by the file's ending.",
        show_default=False,
        rich_help_panel=OUTPUT,
    ),
]
Force = Annotated[
    bool,
    typer.Option(
        "--force",
        help="Replace existing files.",
        rich_help_panel=OUTPUT,
    ),
]
Reduce = Annotated[
    float,
    typer.Option(
        "--reduce",
        metavar="DEGREES",
        help="Smaller GLB and VRMA: leave out keys as long as no joint is further off, 0 to 10; 0.1 halves a file.",
        show_default="every frame",
        rich_help_panel=OUTPUT,
    ),
]
Device = Annotated[
    str | None,
    typer.Option(
        help="What a network computes on: auto, cpu or cuda.",
        show_default="auto",
        rich_help_panel=COMPUTING,
    ),
]
Precision = Annotated[
    str | None,
    typer.Option(
        help="Of a network: fp32; int8 on CPUs; fp16 or bf16 on GPUs.", show_default="fp32", rich_help_panel=COMPUTING
    ),
]
Json = Annotated[
    bool,
    typer.Option(
        "--json",
        help="Print the result as JSON.",
        rich_help_panel=OUTPUT,
    ),
]
JointMap = Annotated[
    Path | None,
    typer.Option(
        help="Which joint of the motion is which: a file as `pantomatrix joints` writes it.",
        show_default="told from the file",
    ),
]
FaceMatrix = Annotated[
    Path | None,
    typer.Option(
        "--arkit-matrix",
        help="The BEAT2 authors' mat_final.npy, for faces between FLAME and ARKit.",
        envvar="PANTOMATRIX_ARKIT_MATRIX",
        show_default=False,
        rich_help_panel=FACES,
    ),
]
FaceDeltas = Annotated[
    Path | None,
    typer.Option(
        "--arkit-deltas",
        help="In its place: ARKit's shapes as vertex deltas (.npz), with --face-model.",
        envvar="PANTOMATRIX_ARKIT_DELTAS",
        show_default=False,
        rich_help_panel=FACES,
    ),
]
FaceModel = Annotated[
    Path | None,
    typer.Option(
        "--face-model",
        help="FLAME or SMPL-X as .npz, for --arkit-deltas.",
        envvar="PANTOMATRIX_FACE_MODEL",
        show_default=False,
        rich_help_panel=FACES,
    ),
]
FaceMapName = Annotated[
    str,
    typer.Option(
        "--face-map",
        help="What moves the face of the character that --skeleton names: one of `pantomatrix face-maps`, or a file.",
        show_default="the one that fits its shapes' names",
        rich_help_panel=OUTPUT,
    ),
]
ClipOnly = Annotated[
    bool,
    typer.Option(
        "--clip-only",
        help="The clip without the character whose skeleton it is on.",
        rich_help_panel=OUTPUT,
    ),
]


def face_map_of(name: str, clip_only: bool) -> FaceMap | None:
    """What --face-map says. Raises InvalidInputError, FormatError, UnknownNameError."""
    from pantomatrix_converters.errors import InvalidInputError
    from pantomatrix_converters.face.face_maps import find_face_map

    if name and clip_only:
        raise InvalidInputError("--face-map moves the character's face, and --clip-only leaves the character out")
    return find_face_map(name) if name else None


def face_matrix(matrix: Path | None, deltas: Path | None, model: Path | None) -> ArkitMatrix | None:
    """What these options give, or nothing. Raises FormatError, InvalidInputError."""
    from pantomatrix_converters.face.flame_arkit import find_matrix

    return find_matrix(matrix, deltas, model)
