"""`pantomatrix train`: DisCo, CaMN and EMAGE, from shards to a checkpoint that the server loads."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .report import note, one_line_errors, progress, show_files

if TYPE_CHECKING:
    from pantomatrix_research.training.settings import Settings
    from pantomatrix_research.training.trainer import Processes

_DEBUG = ("solver.steps=4", "solver.batch=4", "log=1", "validate=2", "save=2")
_SHOWN_CLIPS = 4


def train(
    recipe: Annotated[
        str,
        typer.Argument(
            help="camn_audio, disco_audio, emage_vq_face, emage_vq_upper, emage_vq_hands, emage_vq_lower, emage_vq_global, "
            "or emage_audio.",
            show_default=False,
        ),
    ],
    values: Annotated[
        list[str] | None,
        typer.Argument(
            help="Values of the configuration, as solver.steps=2000.", show_default=False, metavar="key=value"
        ),
    ] = None,
    shards: Annotated[Path, typer.Option(help="What `pantomatrix dataset prepare` made.", show_default=False)] = Path(
        "shards"
    ),
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The run's folder.", show_default="runs/RECIPE")
    ] = None,
    config: Annotated[
        Path | None, typer.Option(help="A YAML file over the recipe's own values.", show_default=False)
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on where the folder's checkpoint is.")] = False,
    start: Annotated[
        Path | None,
        typer.Option(
            "--start-from", help="Weights to fine-tune: a checkpoint in the published layout.", show_default=False
        ),
    ] = None,
    device: Annotated[str, typer.Option(help="auto, cpu or cuda.")] = "auto",
    test: Annotated[bool, typer.Option("--test", help="Only make motion for the test clips, with best/.")] = False,
    evaluate: Annotated[
        bool, typer.Option("--evaluate", help="Measure the test clips, after training or --test.")
    ] = False,
    visualize: Annotated[
        bool, typer.Option("--visualize", help="Videos of four test clips. Needs the extra video.")
    ] = False,
    tensorboard: Annotated[
        bool, typer.Option("--tensorboard", help="Log for TensorBoard too, into the run's folder.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Four steps of everything, to see that it runs.")] = False,
) -> None:
    """Train a model on shards, or fine-tune one.

    The folder gets settings.yaml, log.jsonl, checkpoint.pt, and best/ and last/ in the published layout, which
    `pantomatrix serve --model NAME=FOLDER` loads.

    \b
    pantomatrix train camn_audio --shards shards/ -o runs/camn solver.steps=20000
    pantomatrix train camn_audio --shards shards/ -o runs/camn --resume
    pantomatrix train emage_audio --shards shards/ options.codecs=runs/emage_vq --evaluate
    torchrun --nproc-per-node 2 -m pantomatrix_cli train camn_audio --shards shards/
    """
    with one_line_errors():
        from pantomatrix_converters.errors import InvalidInputError
        from pantomatrix_research.datasets.windows import read_index
        from pantomatrix_research.training.run_files import BEST, CHECKPOINT, SETTINGS
        from pantomatrix_research.training.settings import load_settings
        from pantomatrix_research.training.trial import MODELS

        folder = output or Path("runs") / recipe
        overrides = [*(values or []), *(_DEBUG if debug else ())]
        own = folder / SETTINGS if (resume or test) and config is None and (folder / SETTINGS).is_file() else config
        settings = load_settings(recipe, own, overrides)
        if (evaluate or visualize or test) and recipe not in MODELS:
            raise InvalidInputError(f"{recipe} makes no motion by itself: no --test, --evaluate or --visualize")
        if resume and not (folder / CHECKPOINT).is_file():
            raise InvalidInputError(f"{folder}: nothing to go on from, no {CHECKPOINT}")
        if test and not (folder / BEST / "config.json").is_file():
            raise InvalidInputError(f"{folder}: nothing trained, no {BEST}/")
        if not resume and not test and (folder / CHECKPOINT).exists():
            raise InvalidInputError(
                f"{folder}: a training is there already; --resume continues it, -o names another folder"
            )
        if not test or evaluate or visualize:
            read_index(shards)
        _check_installed(evaluate, visualize, tensorboard)

        from pantomatrix_research.training.trainer import processes

        with processes(device) as together:
            if not test:
                _train(settings, shards, folder, start, resume, together, tensorboard)
            if together.is_first and (test or evaluate or visualize):
                _try(settings, shards, folder, together, evaluate, visualize)


def _check_installed(evaluate: bool, visualize: bool, tensorboard: bool) -> None:
    """What is needed after the training, before it. Raises ModuleNotFoundError, InvalidInputError."""
    if evaluate:
        import_module("librosa")
    if visualize:
        import_module("pantomatrix_viewer.video.styles")
        import_module("pantomatrix_viewer.video.video_file")
    if tensorboard:
        from pantomatrix_research.training.tensorboard_log import TensorboardLog

        TensorboardLog.check_installed()


def _train(
    settings: Settings,
    shards: Path,
    folder: Path,
    start: Path | None,
    resume: bool,
    together: Processes,
    tensorboard: bool,
) -> None:
    import torch

    from pantomatrix_converters.errors import InvalidInputError
    from pantomatrix_research.datasets.windows import TrainingWindows
    from pantomatrix_research.training.recipe import sizes_of
    from pantomatrix_research.training.recipes import RECIPES
    from pantomatrix_research.training.run_files import BEST, LAST
    from pantomatrix_research.training.trainer import Trainer

    data = settings.data
    windows = TrainingWindows(shards, data.frames, data.stride, ("train",), data.speakers, data.mirrored)
    try:
        validation = TrainingWindows(shards, data.frames, data.frames, ("val",), data.speakers)
    except InvalidInputError:
        validation = None
        if together.is_first:
            note("no clip for validation is long enough: best/ is last/")
    if start is not None and not resume:
        settings.network = {**sizes_of(start), **settings.network}
    torch.manual_seed(settings.solver.seed)
    recipe = RECIPES[settings.recipe](settings, len(windows.speakers))
    if start is not None and not resume:
        recipe.load(start)
    listeners: list[Callable[[dict[str, Any]], None]] = []
    open_logs = ExitStack()
    if tensorboard and together.is_first:
        from pantomatrix_research.training.tensorboard_log import TensorboardLog

        listeners.append(open_logs.enter_context(TensorboardLog(folder)))
    steps = settings.solver.steps
    with open_logs, progress(steps, settings.recipe, together.is_first) as advance:

        def report(line: dict[str, Any]) -> None:
            advance(line["step"])
            for listener in listeners:
                listener(line)
            if not sys.stderr.isatty():
                print(_one_line(line), file=sys.stderr)

        trainer = Trainer(recipe, windows, validation, folder, together, report)
        if resume:
            at = trainer.resume()
            if together.is_first:
                note(f"going on at step {at} of {steps}")
        trainer.run()
    if together.is_first:
        show_files(f"{folder / name}" for name in (BEST, LAST))


def _one_line(line: dict[str, Any]) -> str:
    if "validation" in line:
        return f"step {line['step']}: validation {line['validation']['loss']:.4f}"
    return f"step {line['step']}: loss {line['loss']:.4f}"


def _try(settings: Settings, shards: Path, folder: Path, together: Processes, evaluate: bool, visualize: bool) -> None:
    from pantomatrix_research.datasets.windows import TrainingWindows
    from pantomatrix_research.training.run_files import BEST
    from pantomatrix_research.training.trial import make_trial

    clips = TrainingWindows(shards, 1, 1, ("test",), settings.data.speakers)
    with progress(len(clips.clips), "test clips", True) as advance:
        done = iter(range(1, len(clips.clips) + 1))
        made = make_trial(
            settings.recipe, folder / BEST, clips, folder / "test", together.device.type, lambda: advance(next(done))
        )
    show_files([str(folder / "test" / "predictions")])
    if evaluate:
        from pantomatrix_research.clip_measures import Protocol
        from pantomatrix_research.evaluation import evaluate as measure
        from pantomatrix_research.evaluation import joined

        from .evaluate import evaluation_as_json, show

        measured, failed = measure(made, Protocol(without_legs=settings.recipe != "emage_audio"))
        total = joined(measured)
        show(measured, total)
        (folder / "evaluation.json").write_text(json.dumps(evaluation_as_json(measured, total, failed), indent=1))
        show_files([str(folder / "evaluation.json")])
    if visualize:
        from .render import render

        for clip in made[:_SHOWN_CLIPS]:
            assert clip.audio is not None
            render(clip.predicted, folder / "test" / f"{clip.name}.mp4", clip.audio, size="640x640", force=True)
