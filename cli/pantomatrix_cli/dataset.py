"""`pantomatrix dataset`: recorded speech with motion, for measuring and training."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from .arguments import Json
from .report import BAD_INPUT, note, one_line_errors, progress, show_files, show_json, show_table

if TYPE_CHECKING:
    from pantomatrix_research.datasets.check import Report

app = typer.Typer(
    help="Recorded speech with motion: check it, prepare it for training, or generate a small synthetic one.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)
Folder = Annotated[
    Path,
    typer.Argument(
        help="A language's folder of BEAT2 (beat_english_v2.0.0) or BEAT (beat_english_v0.2.1).", show_default=False
    ),
]
Workers = Annotated[int, typer.Option(min=0, help="Processes.", show_default="one for each processor")]
_MOST_PROBLEMS = 40


class Kind(StrEnum):
    """Of what is made."""

    BEAT2 = "beat2"
    BEAT = "beat"


@app.command("check")
def check(folder: Folder, workers: Workers = 0, as_json: Json = False) -> None:
    """Say whether every file of a dataset is there, readable and plausible.

    Ends with 0 if everything can be trained on.

    \b
    pantomatrix dataset check beat_english_v2.0.0/
    """
    with one_line_errors():
        from pantomatrix_research.datasets.check import check as checked
        from pantomatrix_research.datasets.dataset import layout_of

        layout = layout_of(folder)
        clips = layout.index(folder)
        with progress(len(clips), "checking", not as_json) as advance:
            done = iter(range(1, len(clips) + 1))
            report = checked(layout, clips, workers or os.cpu_count() or 1, lambda: advance(next(done)))
        if as_json:
            show_json(_as_json(report))
        else:
            _show(report)
        if not report.is_whole:
            raise typer.Exit(BAD_INPUT)


@app.command("prepare")
def prepare(
    folder: Folder,
    output: Annotated[Path, typer.Option("--output", "-o", help="A folder for the shards.", show_default=False)],
    workers: Workers = 0,
) -> None:
    """Make a dataset into memory-mapped shards that training reads.

    With foot contacts, and mean and std over the clips for training. What is there already is kept: after an
    interruption, the same command continues.

    \b
    pantomatrix dataset prepare beat_english_v2.0.0/ -o shards/
    """
    with one_line_errors():
        from pantomatrix_research.datasets.dataset import layout_of
        from pantomatrix_research.datasets.shards import make_shards

        clips = layout_of(folder).index(folder)
        done = 0
        with progress(len(clips), "preparing", True) as advance:

            def on_clips(count: int) -> None:
                nonlocal done
                done += count
                advance(done)

            made = make_shards(clips, output, workers or os.cpu_count() or 1, on_clips)
        for name, reason in made.left_out[:_MOST_PROBLEMS]:
            note(f"left out {name}: {reason}")
        if len(made.left_out) > _MOST_PROBLEMS:
            note(f"left out {len(made.left_out)} clips in all; pantomatrix dataset check lists them")
        if made.kept:
            note(f"{made.kept} of {made.kept + made.made} shards were there already")
        show_files([str(output / "index.json")])


@app.command("make")
def make(
    output: Annotated[Path, typer.Argument(help="A new folder.", show_default=False)],
    kind: Annotated[Kind, typer.Option(help="The layout.")] = Kind.BEAT2,
    clips: Annotated[int, typer.Option(min=1, help="For each speaker.")] = 8,
    seconds: Annotated[float, typer.Option(min=3, max=600, help="Of each clip.")] = 20,
    speakers: Annotated[str, typer.Option(help="Numbers, with commas.")] = "2",
    seed: Annotated[int, typer.Option(min=0, help="The same seed gives the same files.")] = 0,
) -> None:
    """Generate a small synthetic dataset, in exactly these layouts: babble, and the builtin model's motion to it.

    For trying programs out; what is trained on it is of no use.

    \b
    pantomatrix dataset make nobody/
    """
    with one_line_errors():
        from pantomatrix_converters.errors import InvalidInputError
        from pantomatrix_research.datasets.synthetic import make_beat, make_beat2

        if output.exists() and (not output.is_dir() or any(output.iterdir())):
            raise InvalidInputError(f"{output}: there is something already")
        try:
            persons = tuple(int(number) for number in speakers.split(","))
        except ValueError:
            persons = ()
        if not persons or min(persons) < 0:
            raise InvalidInputError(f"--speakers is {speakers!r}, expected numbers with commas, such as 1,2")
        total = clips * len(persons)
        with progress(total, "making", True) as advance:
            done = iter(range(1, total + 1))
            making = {Kind.BEAT2: make_beat2, Kind.BEAT: make_beat}[kind]
            making(output, clips, seconds, persons, seed, lambda: advance(next(done)))
        show_files([f"{output}{os.sep}"])


def _show(report: Report) -> None:
    rows = [(split, str(count), _length(report.seconds[split])) for split, count in report.clips.items()]
    rows += [("all", str(report.clips.total()), _length(report.seconds.total()))]
    show_table((report.layout, "clips", "length"), rows)
    speakers = ", ".join(f"{speaker} ({_length(seconds)})" for speaker, seconds in sorted(report.speakers.items()))
    print(f"\nspeakers: {speakers}")
    if report.problems:
        print()
        show_table(
            ("clip", "", "problem"),
            ((problem.clip, problem.severity, problem.text) for problem in report.problems[:_MOST_PROBLEMS]),
        )
        if len(report.problems) > _MOST_PROBLEMS:
            note(f"{len(report.problems)} problems in all; --json lists them")
    else:
        print("nothing is missing, everything can be read")


def _length(seconds: float) -> str:
    return f"{seconds / 60:.1f} min" if seconds < 3600 else f"{seconds / 3600:.1f} h"


def _as_json(report: Report) -> dict:
    return {
        "layout": report.layout,
        "is_whole": report.is_whole,
        "clips": dict(report.clips),
        "seconds": dict(report.seconds),
        "speakers": {str(speaker): seconds for speaker, seconds in sorted(report.speakers.items())},
        "problems": [
            {"clip": problem.clip, "severity": problem.severity, "problem": problem.text} for problem in report.problems
        ],
    }
