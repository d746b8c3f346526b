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
Device = Annotated[str | None, typer.Option(help="What a network computes on: auto, cpu or cuda.", show_default="auto")]
Precision = Annotated[
    str | None,
    typer.Option(help="Of a network: fp32; int8 on CPUs; fp16 or bf16 on GPUs.", show_default="fp32"),
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
