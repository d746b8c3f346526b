"""How the command line speaks: results to standard output, all else to standard error, one line an error."""

from __future__ import annotations

import json
import os
import sys
import unicodedata
import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import PurePath
from typing import Any

import typer

from pantomatrix_converters.errors import PantomatrixError

BAD_INPUT, SERVER_FAILED = 2, 3
"""Exit codes; 1 is a bug of ours, 130 an interrupt."""

_MOST_LISTED = 8
"""Files that are listed one by one."""
_CODES_OF_THE_SERVER = {"UNAVAILABLE", "INTERNAL", "UNKNOWN", "DEADLINE_EXCEEDED", "CANCELLED", "DATA_LOSS"}


@contextmanager
def one_line_errors() -> Iterator[None]:
    """End the program with one line for every error that is meant for people."""
    try:
        yield
    except PantomatrixError as error:
        raise typer.Exit(show_error(error)) from None
    except ModuleNotFoundError as error:
        from pantomatrix._install import install_command

        command = install_command(error)
        if command is None:
            raise
        print(f"error: this command needs more: {command}", file=sys.stderr)
        raise typer.Exit(BAD_INPUT) from None
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        raise typer.Exit(130) from None


def printable(text: str) -> str:
    """The text with control characters and undecodable bytes of file names written as escapes. Line breaks stay."""
    return "".join(
        ascii(letter)[1:-1] if letter != "\n" and unicodedata.category(letter) in ("Cc", "Cs") else letter
        for letter in text
    )


def show_error(error: PantomatrixError) -> int:
    """Print its one line; returns the exit code that it asks for."""
    print(printable(f"error: {error}"), file=sys.stderr)
    return SERVER_FAILED if getattr(error, "code", None) in _CODES_OF_THE_SERVER else BAD_INPUT


def note(text: str) -> None:
    """Something a person should know and need not act on."""
    print(printable(f"note: {text}"), file=sys.stderr)


@contextmanager
def warnings_as_notes() -> Iterator[list[str]]:
    """Yields a list which collects what the public package warns of, one sentence each."""
    from pantomatrix.errors import LossWarning, SpeechWarning

    notes: list[str] = []
    with warnings.catch_warnings():
        show = warnings.showwarning

        def collect(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
            if issubclass(category, (LossWarning, SpeechWarning)):
                notes.append(str(message))
            else:
                show(message, category, *where, **more)

        for category in (LossWarning, SpeechWarning):
            warnings.simplefilter("always", category)
        warnings.showwarning = collect
        yield notes


def show_json(value: Any) -> None:
    """For scripts."""
    print(json.dumps(value, indent=2))


def show_table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """For people: no borders; the last column wraps. Texts are shown as they are, without markup."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for index, column in enumerate(columns):
        table.add_column(Text(printable(column)), overflow="fold", no_wrap=index < len(columns) - 1)
    for row in rows:
        table.add_row(*(Text(printable(cell)) for cell in row))
    Console(highlight=False).print(table)


def show_notes(notes: Iterable[tuple[str, str]], inputs: int) -> None:
    """Notes on inputs, (name, text), a line each text. With one input its name is not said."""
    names: dict[str, list[str]] = {}
    for name, text in notes:
        names.setdefault(text, []).append(name)
    for text, whose in names.items():
        more = f" and {len(whose) - 3} more" if len(whose) > 4 else ""
        told = ", ".join(whose[:3] if more else whose) + more
        note(text if inputs == 1 else f"{told}: {text}")


def show_files(files: Iterable[str]) -> None:
    """What was written, a line each, whole however narrow the terminal is; a line each folder where they are many."""
    listed = list(files)
    if len(listed) <= _MOST_LISTED:
        for file in listed:
            print(printable(f"wrote {file}"))
        return
    paths = [PurePath(file) for file in listed]
    for folder in dict.fromkeys(file.parent for file in paths):
        endings = Counter(file.suffix for file in paths if file.parent == folder)
        kinds = ", ".join(f"{count} {ending}" for ending, count in endings.items())
        print(printable(f"wrote {endings.total()} files into {folder}{os.sep} ({kinds})"))


@contextmanager
def progress(total_seconds: float, text: str, shown: bool) -> Iterator[Any]:
    """A bar over seconds of audio on standard error, if that is a terminal; yields a function that takes seconds done."""
    if not (shown and sys.stderr.isatty()):
        yield lambda seconds: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(printable(text), total=total_seconds)
        yield lambda seconds: bar.update(task, completed=seconds)
