"""Options that several commands share, with one wording."""

from __future__ import annotations

from typing import Annotated

import typer

Output = Annotated[
    str,
    typer.Option("--output", "-o", help="A file, or a folder (for several inputs or formats).", show_default=False),
]
Formats = Annotated[
    list[str],
    typer.Option(
        "--format",
        "-f",
        help="Format of the result, may be repeated. Default: by the file's ending.",
        show_default=False,
    ),
]
Coordinates = Annotated[
    str,
    typer.Option(
        help="Axes of the file: canonical, gltf, bvh, unity, unreal, unreal_mesh, blender.",
        show_default="the format's own",
    ),
]
Root = Annotated[str, typer.Option(help="What the root does: free, in_place or locked.")]
Force = Annotated[bool, typer.Option("--force", help="Replace existing files.")]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
