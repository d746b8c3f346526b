"""`pantomatrix evaluate`: measures of motion."""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from .arguments import Json
from .report import BAD_INPUT, note, one_line_errors, printable, progress, show_json, show_table

if TYPE_CHECKING:
    from pantomatrix_research.clip_measures import Measured, Protocol
    from pantomatrix_research.evaluation import Failed
    from pantomatrix_research.pairing import Paired

_OF_RECORDINGS = ("BC", "L1Div")
_BARS = "▁▂▃▄▅▆▇█"


def evaluate(
    predictions: Annotated[Path, typer.Argument(help="A folder of motion files, or one.", show_default=False)],
    recordings: Annotated[
        Path | None,
        typer.Argument(
            help="The same clips, recorded: a folder of motion files, or a dataset's folder (BEAT2, BEAT), whose speech, "
            "phones and annotations are taken too.",
            show_default=False,
        ),
    ] = None,
    audio: Annotated[Path | None, typer.Option(help="A folder of speech, for BC.", show_default=False)] = None,
    phones: Annotated[
        Path | None, typer.Option(help="A folder of TextGrid or .phones.json, for lips.", show_default=False)
    ] = None,
    semantic: Annotated[
        Path | None, typer.Option(help="A folder of BEAT's annotations (.txt), for SRGR.", show_default=False)
    ] = None,
    protocol: Annotated[
        str, typer.Option(help="beat2: the published one, on its clips, with --tools.", show_default=False)
    ] = "",
    tools: Annotated[
        Path | None,
        typer.Option(help="The folder emage_evaltools, with encoder, mean speeds and SMPL-X.", show_default=False),
    ] = None,
    encoder: Annotated[Path | None, typer.Option(help="AESKConv_240_100.bin, for FGD.", show_default=False)] = None,
    mean_speeds: Annotated[
        Path | None,
        typer.Option(help="mean_vel_smplxflame_30.npy, for BC.", show_default="of the recordings themselves"),
    ] = None,
    body_model: Annotated[
        Path | None,
        typer.Option(help="SMPLX_NEUTRAL_2020.npz, for LVDFace and MSEFace.", show_default=False),
    ] = None,
    resample: Annotated[bool, typer.Option("--resample", help="Bring both to one frame rate.")] = False,
    cut: Annotated[bool, typer.Option("--cut", help="Bring both to the shorter's length.")] = False,
    without_legs: Annotated[
        bool,
        typer.Option(
            "--without-legs", help="Set the legs of both motions to the rest pose, for models that move none."
        ),
    ] = False,
    workers: Annotated[
        int, typer.Option(min=0, help="Processes.", show_default="one for each processor and four clips")
    ] = 0,
    as_json: Json = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print the result as CSV, a line each clip.")] = False,
) -> None:
    """Measure motion by the published metrics, and by what real speakers do.

    \b
    pantomatrix evaluate predictions/ recordings/ --audio speech/
    pantomatrix evaluate predictions/ beat_english_v2.0.0/
    pantomatrix evaluate predictions/ --audio speech/ --phones speech/      without recordings
    pantomatrix evaluate predictions/ beat_english_v2.0.0/ --protocol beat2 --tools emage_evaltools/
    """
    with one_line_errors():
        from pantomatrix_converters.errors import InvalidInputError
        from pantomatrix_research.clip_measures import Protocol
        from pantomatrix_research.evaluation import evaluate as measure
        from pantomatrix_research.evaluation import joined
        from pantomatrix_research.pairing import pair, pair_with_beat2

        if protocol not in ("", "beat2"):
            raise InvalidInputError(f"unknown protocol {protocol!r} (valid: beat2)")
        if protocol and (recordings is None or tools is None):
            raise InvalidInputError("--protocol beat2 needs BEAT2's folder as second argument, and --tools")
        if tools is not None:
            encoder = encoder or tools / "AESKConv_240_100.bin"
            mean_speeds = mean_speeds or tools / "mean_vel_smplxflame_30.npy"
            body_model = body_model or tools / "smplx_models" / "smplx" / "SMPLX_NEUTRAL_2020.npz"
        for option, file in (("--encoder", encoder), ("--mean-speeds", mean_speeds), ("--body-model", body_model)):
            if file is not None and not file.is_file():
                raise InvalidInputError(f"{option}: {file}: no such file")
        how = Protocol(
            encoder=encoder,
            mean_speeds=None if mean_speeds is None else _mean_speeds(mean_speeds),
            body_model=body_model,
            resample=resample or bool(protocol),
            cut=cut or bool(protocol),
            fps=30.0 if protocol else 0.0,
            without_legs=without_legs,
        )
        paired = (
            pair_with_beat2(predictions, recordings)
            if protocol and recordings is not None
            else pair(predictions, recordings, audio, phones, semantic)
        )
        _note_unpaired(paired)
        with progress(len(paired.clips), "measuring", not (as_json or as_csv)) as advance:
            done = iter(range(1, len(paired.clips) + 1))
            measured, failed = measure(paired.clips, how, workers, lambda: advance(next(done)))
        total = joined(measured)
        if as_json:
            unpaired = {
                "without_recording": list(paired.without_recording),
                "without_prediction": list(paired.without_prediction),
            }
            show_json({**evaluation_as_json(measured, total, failed), **unpaired})
        elif as_csv:
            _show_csv(measured, total)
        elif measured:
            show(measured, total)
            _note_left_out(how, paired)
        for text in dict.fromkeys(text for item in measured for text in item.notes):
            note(text)
        for reason, names in _by_reason(failed).items():
            print(printable(f"error: {_few(names)}: {reason}"), file=sys.stderr)
        if failed:
            raise typer.Exit(BAD_INPUT)


def _mean_speeds(path: Path) -> tuple[float, ...]:
    import numpy as np

    from pantomatrix_converters.errors import FormatError

    try:
        speeds = np.asarray(np.load(path, allow_pickle=False), np.float64).reshape(-1)
    except (OSError, ValueError) as error:
        raise FormatError(f"{path}: no array of numbers: {error}") from None
    if speeds.shape != (55,) or not (np.isfinite(speeds) & (speeds >= 0)).all():
        raise FormatError(f"{path}: expected 55 speeds, one a joint")
    return tuple(speeds.tolist())


def _note_unpaired(paired: Paired) -> None:
    for names, what in (
        (paired.without_recording, "without a recording"),
        (paired.without_prediction, "recorded, without a prediction"),
    ):
        if names:
            note(f"{len(names)} {what}: {_few(names)}")


def _few(names: Sequence[str]) -> str:
    return f"{', '.join(names[:8])}{f' and {len(names) - 8} more' if len(names) > 8 else ''}"


def _by_reason(failed: Sequence[Failed]) -> dict[str, list[str]]:
    """One reason for many clips is said once."""
    clips: dict[str, list[str]] = {}
    for item in failed:
        clips.setdefault(item.reason, []).append(item.name)
    return clips


def _note_left_out(how: Protocol, paired: Paired) -> None:
    if all(clip.recorded is None for clip in paired.clips):
        return
    missing = [
        name
        for name, is_missing in (
            ("FGD (--encoder)", how.encoder is None),
            ("LVDFace and MSEFace (--body-model)", how.body_model is None),
            ("BC (--audio)", all(clip.audio is None for clip in paired.clips)),
        )
        if is_missing
    ]
    if missing:
        note(f"not measured: {', '.join(missing)}")


def show(measured: Sequence[Measured], total: Measured) -> None:
    """Tables for people."""
    names = list(total.metrics)
    if names:
        rows = [[item.name, *(_metric(item, name, len(measured)) for name in names)] for item in measured]
        rows += [["all", *(_text(total.metrics[name].compute()) for name in names)]] if len(measured) > 1 else []
        if total.recorded:
            own = {name: _text(metric.compute()) for name, metric in total.recorded.items()}
            rows += [["recordings", *(own.get(name, "") for name in names)]]
        show_table(("clip", *names), rows)
    if total.natural:
        print()
        show_table(("", "value", "real speakers", "", ""), _natural_rows(total))
    if total.curve is not None:
        print(f"\nBC of motion shifted by -0.5 to 0.5 s: {_sparkline(total.curve[1])}")


def _metric(item: Measured, name: str, clips: int) -> str:
    if name not in item.metrics or (name == "FGD" and clips > 1):
        return ""
    return _text(item.metrics[name].compute())


def _natural_rows(total: Measured) -> Iterable[Sequence[str]]:
    from pantomatrix_research.real_speakers import NATURAL

    for name, value in total.natural.items():
        kind = NATURAL[name]
        low, high = (f"{edge:.{kind.digits}f}" for edge in (kind.low, kind.high))
        real = low if low == high else f"{low} to {high}"
        shown = "-" if math.isnan(value) else f"{value:.{kind.digits}f}"
        yield name, shown, real, kind.unit, "" if math.isnan(value) else kind.verdict(value)


def _sparkline(scores: Any) -> str:
    low, high = float(scores.min()), float(scores.max())
    spread = max(high - low, 1e-9)
    bars = "".join(_BARS[round((score - low) / spread * (len(_BARS) - 1))] for score in scores)
    return f"{bars}  {low:.3f} to {high:.3f}, {scores[len(scores) // 2]:.3f} unshifted"


def _text(value: float) -> str:
    return "-" if math.isnan(value) else f"{value:.4g}"


def _plain(item: Measured) -> dict[str, Any]:
    def numbers(values: dict[str, float]) -> dict[str, float | None]:
        return {name: None if math.isnan(value) else value for name, value in values.items()}

    return {
        "clip": item.name,
        "seconds": item.seconds,
        "metrics": numbers({name: metric.compute() for name, metric in item.metrics.items()}),
        "recorded": numbers({name: metric.compute() for name, metric in item.recorded.items()}),
        "natural": numbers(item.natural),
        "alignment_curve": None
        if item.curve is None
        else [list(map(float, row)) for row in zip(*item.curve, strict=True)],
        "notes": item.notes,
    }


def evaluation_as_json(measured: Sequence[Measured], total: Measured, failed: Sequence[Failed]) -> dict[str, Any]:
    """Everything, clip by clip."""
    return {
        "clips": [_plain(item) for item in measured],
        "all": _plain(total) if measured else None,
        "failed": [{"clip": item.name, "reason": item.reason} for item in failed],
    }


def _show_csv(measured: Sequence[Measured], total: Measured) -> None:
    columns = [("", name) for name in total.metrics]
    columns += [("recorded ", name) for name in _OF_RECORDINGS if name in total.recorded]
    columns += [("natural", name) for name in total.natural]
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["clip", "seconds", *(name if kind == "natural" else kind + name for kind, name in columns)])
    for item in (*measured, total) if len(measured) > 1 else measured:
        plain = _plain(item)
        found = {"": plain["metrics"], "recorded ": plain["recorded"], "natural": plain["natural"]}
        cells = (found[kind].get(name) for kind, name in columns)
        writer.writerow([item.name, f"{item.seconds:g}", *("" if cell is None else f"{cell:.6g}" for cell in cells)])
