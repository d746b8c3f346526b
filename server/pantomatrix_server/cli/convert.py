"""`pantomatrix convert`: motion files to other motion files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .arguments import Coordinates, Force, Formats, Json, Output, Root
from .report import note, one_line_errors, show_error, show_files, show_json, show_table


def convert(
    motion: Annotated[
        list[Path],
        typer.Argument(help="Motion files, or folders of them. Content decides what a file is.", show_default=False),
    ],
    output: Output,
    format_names: Formats = [],  # noqa: B006
    source_format: Annotated[
        str, typer.Option("--from", help="Format of the input.", show_default="told from its content")
    ] = "",
    fps: Annotated[float, typer.Option(help="Frames per second, 1 to 240.", show_default="the file's own")] = 0.0,
    skeleton: Annotated[str, typer.Option(help="See `pantomatrix skeletons`.", show_default="the file's own")] = "",
    coordinates: Coordinates = "",
    root: Root = "free",
    rig: Annotated[
        str, typer.Option("--face-rig", help="arkit52 or flame100+jaw.", show_default="the file's own")
    ] = "",
    arkit_matrix: Annotated[
        Path | None,
        typer.Option(
            help="The BEAT2 authors' mat_final.npy, for faces between FLAME and ARKit.",
            envvar="PANTOMATRIX_ARKIT_MATRIX",
            show_default=False,
        ),
    ] = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Turn motion files into other motion files.

    \b
    pantomatrix convert take.npz -o take.bvh
    pantomatrix convert takes/ -o out/ --format bvh --fps 60
    pantomatrix convert emage.npz -o face.csv --face-rig arkit52 --arkit-matrix mat_final.npy
    """
    with one_line_errors():
        from pantomatrix_converters.errors import PantomatrixError
        from pantomatrix_converters.flame_arkit import ArkitMatrix
        from pantomatrix_converters.formats import FORMATS, encode_motion, load_motion
        from pantomatrix_converters.root import root_mode

        from ..conversion import ConversionOptions, converted, with_face_rig
        from .targets import find_inputs, plan_targets, write

        inputs = find_inputs(motion, [ending for entry in FORMATS.values() for ending in entry.extensions])
        targets = plan_targets(inputs, output, format_names, "bvh", force)
        options = ConversionOptions(fps, skeleton, root_mode(root))
        matrix = ArkitMatrix.load(arkit_matrix) if rig and arkit_matrix else None
        results, exit_code = [], 0
        for path in inputs:
            try:
                source, loaded = load_motion(path, source_format)
                result = converted(loaded.motion, options)
                notes = list(loaded.notes)
                if rig:
                    result, face_notes = with_face_rig(result, rig, matrix)
                    notes += face_notes
                for entry, file in targets[path]:
                    encoded = encode_motion(result, entry.name, coordinates)
                    write(file, encoded.data, force)
                    notes += encoded.notes
            except PantomatrixError as error:
                exit_code = show_error(error)
                continue
            results.append(
                {
                    "input": str(path),
                    "format": source.name,
                    "frames": len(result),
                    "fps": result.fps,
                    "seconds": round(result.duration_seconds, 3),
                    "files": [str(file) for _, file in targets[path]],
                    "notes": notes,
                }
            )
        if as_json:
            show_json(results)
        elif results:
            _show(results)
        raise typer.Exit(exit_code)


def _show(results: list[dict]) -> None:
    for result in results:
        for text in result["notes"]:
            note(f"{Path(result['input']).name}: {text}")
    show_table(
        ("input", "format", "frames", "fps", "seconds"),
        (
            (Path(r["input"]).name, r["format"], str(r["frames"]), f"{r['fps']:g}", f"{r['seconds']:.2f}")
            for r in results
        ),
    )
    for result in results:
        show_files(result["files"])
