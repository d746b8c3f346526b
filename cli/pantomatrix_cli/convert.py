"""`pantomatrix convert`: motion files to other motion files."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pantomatrix_converters.editing.options import MotionEdits, Reference

from .arguments import (
    ClipOnly,
    FaceDeltas,
    FaceMapName,
    FaceMatrix,
    FaceModel,
    Force,
    Formats,
    Json,
    Output,
    Reduce,
    face_map_of,
    face_matrix,
)
from .option_flags import with_options
from .report import note, one_line_errors, show_error, show_files, show_json, show_notes, show_table, warnings_as_notes

if TYPE_CHECKING:
    from pantomatrix_converters.formats import MotionFormat, Reading
    from pantomatrix_converters.skeleton import Skeleton

    from .targets import Targets

ALL_CLIPS = "all"


@with_options(MotionEdits)
def convert(
    motion: Annotated[
        list[Path],
        typer.Argument(
            help="Motion files, gzipped or not, folders of them, or - for stdin. "
            "The file type is detected from the content, not from the name.",
            show_default=False,
        ),
    ],
    output: Output,
    format_names: Formats = [],  # noqa: B006
    source_format: Annotated[
        str, typer.Option("--from", help="Format of the input.", show_default="told from its content")
    ] = "",
    arkit_matrix: FaceMatrix = None,
    arkit_deltas: FaceDeltas = None,
    face_model: FaceModel = None,
    concat: Annotated[bool, typer.Option("--concat", help="Join the inputs, in order, to one motion.")] = False,
    blend: Annotated[
        float | None,
        typer.Option(
            "--blend-seconds",
            help="With --concat: how long each motion takes to come to its own pose, 0 to 10.",
            show_default="0.4",
        ),
    ] = None,
    add: Annotated[
        Path | None,
        typer.Option(help="Put a file's differences, as --additive writes them, on the motion.", show_default=False),
    ] = None,
    additive: Annotated[
        Reference | None,
        typer.Option(
            help="Write how the motion differs from its first frame or from the rest pose, to be added to another.",
            show_default=False,
        ),
    ] = None,
    reduce: Reduce = 0.0,
    face_map: FaceMapName = "",
    clip_only: ClipOnly = False,
    force: Force = False,
    as_json: Json = False,
    **words: Any,
) -> None:
    """Turn motion files into other motion files.

    \b
    pantomatrix convert take.npz -o take.bvh
    pantomatrix convert take.npz -o take.glb --skeleton mixamo --foot-lock
    pantomatrix convert takes/ -o out/ --format bvh --fps 60
    pantomatrix convert nod.bvh -o nod.json --additive first
    pantomatrix convert hero.glb -o clips/ --clip all
    pantomatrix convert emage.npz -o face.csv --face-rig arkit52 --arkit-matrix mat_final.npy
    cat take.npz | pantomatrix convert - -o - --format bvh > take.bvh
    """
    with one_line_errors():
        import pantomatrix as pm
        from pantomatrix_converters.editing.additive import added, differences
        from pantomatrix_converters.editing.joining import JOIN_SECONDS, join_all
        from pantomatrix_converters.editing.option_kinds import plain_options, read_words
        from pantomatrix_converters.errors import InvalidInputError, PantomatrixError
        from pantomatrix_converters.formats import FORMATS, encode_motion
        from pantomatrix_converters.formats.key_reduction import KeyReduction
        from pantomatrix_converters.ranges import BLEND_SECONDS

        from .coverage_notes import coverage_notes
        from .inputs import STANDARD, find_inputs, read_motion
        from .targets import check_targets, plan_targets, write

        if blend is not None and not concat:
            raise InvalidInputError("--blend-seconds is of --concat, which joins motions to one")
        BLEND_SECONDS.check(blend or 0.0, "--blend-seconds")
        inputs = find_inputs(motion, [ending for entry in FORMATS.values() for ending in entry.extensions])
        if as_json and output == STANDARD:
            raise InvalidInputError("--json and the file itself cannot both go to stdout")
        each_clip = words.get("clip") == ALL_CLIPS
        if each_clip and concat:
            raise InvalidInputError("--clip all makes a file of each clip, and --concat one of all; give one of them")
        if each_clip and (output == STANDARD or (Path(output).suffix and not Path(output).is_dir())):
            raise InvalidInputError(
                f"--clip all makes a file of each clip, and {output} is not a folder; clips/ is one"
            )
        from_folder = each_clip or (not concat and any(path.is_dir() for path in motion))
        targets = plan_targets(inputs[:1] if concat else inputs, output, format_names, "bvh", from_folder=from_folder)
        if concat and len(inputs) == 1:
            note(f"nothing to join: {inputs[0]} is the only input")
        edits = read_words(MotionEdits, words)
        matrix = face_matrix(arkit_matrix, arkit_deltas, face_model) if edits.face_rig else None
        KeyReduction(reduce)
        moves_face = face_map_of(face_map, clip_only)
        on_top = read_motion(add)[1].motion if add is not None else None
        goes_on = "" if clip_only else edits.skeleton
        check_targets({} if each_clip else targets, force, goes_on)
        in_canonical_axes = replace(edits.once_read(), coordinate_system="")
        results, exit_code = [], 0
        groups = [inputs] if concat else [[path] for path in inputs]
        sources = [(group, edits.reading, targets[group[0]]) for group in groups]
        if each_clip:
            sources, exit_code = _each_clip(inputs, source_format, edits.reading, targets, force, goes_on)
        for group, reading, files in sources:
            try:
                loaded = [read_motion(path, source_format, reading) for path in group]
                notes = [text for _, entry in loaded for text in entry.notes]
                whole, more = join_all([entry.motion for _, entry in loaded], JOIN_SECONDS if blend is None else blend)
                notes += more
                if on_top is not None:
                    whole, more = added(whole, on_top)
                    notes += more
                with warnings_as_notes() as more:
                    result = pm.convert(whole, arkit_matrix=matrix, **plain_options(in_canonical_axes))
                notes += [*more, *coverage_notes(whole.skeleton, edits)]
                if additive is not None:
                    result = differences(result, additive)
                for entry, file in files:
                    encoded = encode_motion(
                        result,
                        entry.name,
                        edits.coordinate_system,
                        reduce_degrees=reduce,
                        face_map=moves_face,
                        clip_only=clip_only,
                    )
                    write(file, encoded.data, force)
                    notes += encoded.notes
            except PantomatrixError as error:
                exit_code = show_error(error)
                continue
            results.append(
                {
                    "input": _several(list(map(str, group))),
                    "name": _several([path.name for path in group]),
                    "format": loaded[0][0].name,
                    "frames": len(result),
                    "fps": result.fps,
                    "seconds": round(result.duration_seconds, 3),
                    "files": [str(file) for _, file in files],
                    "notes": notes,
                }
            )
        if as_json:
            show_json(results)
        elif results:
            _show(results, output == STANDARD)
        raise typer.Exit(exit_code)


def _several(names: list[str]) -> str:
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _each_clip(
    inputs: list[Path], source_format: str, reading: Reading, targets: Targets, force: bool, skeleton: Skeleton | str
) -> tuple[list[tuple[list[Path], Reading, list[tuple[MotionFormat, Path]]]], int]:
    """(inputs, reading, files) of every clip, and the exit code: files that cannot be read are told and passed over. A file
    that holds one motion is as it is without --clip."""
    from pantomatrix_converters.errors import PantomatrixError

    from .inputs import read_motion
    from .targets import check_targets, targets_of_clips

    found, exit_code = [], 0
    for path in inputs:
        try:
            names = [clip.name for clip in read_motion(path, source_format, replace(reading, clip=""))[1].clips]
        except PantomatrixError as error:
            exit_code = show_error(error)
            continue
        each = targets_of_clips(targets[path], names)
        check_targets({path: [target for files in each for target in files]}, force, skeleton)
        found += [([path], replace(reading, clip=str(number)), files) for number, files in enumerate(each, start=1)]
        if not names:
            found.append(([path], replace(reading, clip=""), targets[path]))
    return found, exit_code


def _show(results: list[dict[str, Any]], only_notes: bool) -> None:
    show_notes([(result["name"], text) for result in results for text in result["notes"]], len(results))
    if only_notes:
        return
    show_table(
        ("input", "format", "frames", "fps", "seconds"),
        ((r["name"], r["format"], str(r["frames"]), f"{r['fps']:g}", f"{r['seconds']:.2f}") for r in results),
    )
    show_files(file for result in results for file in result["files"])
