"""Where results go: one file, or a folder with a file for every input and format."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from pantomatrix_converters.atomic_file import check_target, write_atomically
from pantomatrix_converters.errors import InvalidInputError, OutputError
from pantomatrix_converters.formats import (
    FORMATS,
    Loaded,
    MotionFormat,
    ReadLimits,
    decode_motion,
    find_format,
    format_of_path,
    load_motion,
)

STANDARD = "-"
"""Stands for stdin or stdout."""

Targets = dict[Path, list[tuple[MotionFormat, Path]]]


def plan_targets(
    inputs: Sequence[Path], output: str, format_names: Sequence[str], default: str, force: bool
) -> Targets:
    """For each input, the formats and files to write. All can be written as far as is known now.

    output: a file's path if there is one input and at most one format and it is no existing folder and ends in no slash;
    else a folder, which `write` makes. Without format names a file's ending decides, a folder gets `default`.
    Raises UnknownNameError, InvalidInputError, OutputError.
    """
    if output == STANDARD:
        if len(format_names) != 1 or len(inputs) != 1:
            raise InvalidInputError("stdout takes one result: give one input and one --format")
        return {inputs[0]: [(find_format(format_names[0]), Path(STANDARD))]}
    path = Path(output)
    named = [find_format(name) for name in format_names]
    is_folder = len(inputs) > 1 or len(named) > 1 or path.is_dir() or output.endswith(("/", "\\"))
    if is_folder and path.exists() and not path.is_dir():
        raise OutputError(
            f"{path} is a file; a folder is needed for {len(inputs)} inputs and {len(named) or 1} formats"
        )
    if is_folder and not path.exists() and not output.endswith(("/", "\\")) and path.suffix.lower() in _endings():
        raise InvalidInputError(
            f"{output} is named like a file, and {len(inputs)} inputs in {len(named) or 1} formats need a folder; "
            f"{path.with_suffix('')}/ is one"
        )
    if not is_folder:
        target = named[0] if named else format_of_path(path)
        check_target(path, replace=force)
        return {inputs[0]: [(target, path)]}
    stems = [_stem(source) for source in inputs]
    repeated = next((stem for stem in stems if stems.count(stem) > 1), None)
    if repeated is not None:
        raise InvalidInputError(f"two inputs are called {repeated!r}; their results would have one name")
    targets: Targets = {}
    for source in inputs:
        targets[source] = [
            (entry, path / f"{_stem(source)}{entry.extensions[0]}") for entry in named or [find_format(default)]
        ]
        if path.exists():
            for _, file in targets[source]:
                check_target(file, replace=force)
    return targets


def _endings() -> set[str]:
    return {ending for entry in FORMATS.values() for ending in entry.extensions}


def _stem(source: Path) -> str:
    if str(source) == STANDARD:
        return "stdin"
    return (source.with_suffix("") if source.suffix.lower() == ".gz" else source).stem


def write(file: Path, data: bytes, force: bool) -> None:
    """`write_atomically`, into a folder that may not be there yet; or to stdout. Raises OutputError."""
    if str(file) == STANDARD:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{file.parent}: {error.strerror or error}") from None
    write_atomically(file, data, replace=force)


def find_inputs(arguments: Sequence[Path], suffixes: Sequence[str]) -> list[Path]:
    """Files as given, folders as the files in them with one of these endings. Raises InvalidInputError."""
    inputs: list[Path] = []
    for argument in arguments:
        if str(argument) == STANDARD:
            inputs.append(argument)
            continue
        if not argument.is_dir():
            if not argument.exists():
                raise InvalidInputError(f"{argument}: no such file")
            inputs.append(argument)
            continue
        found = sorted(file for file in argument.iterdir() if _ending(file) in suffixes)
        if not found:
            raise InvalidInputError(f"{argument}: no file in this folder ends in {', '.join(suffixes)}")
        inputs += found
    return inputs


def _ending(file: Path) -> str:
    return (file.with_suffix("") if file.suffix.lower() == ".gz" else file).suffix.lower()


def load_input(path: Path, format_name: str) -> tuple[MotionFormat, Loaded]:
    """`load_motion` of a file or of stdin. Raises InvalidInputError, LimitError, UnknownNameError."""
    if str(path) != STANDARD:
        return load_motion(path, format_name)
    limits = ReadLimits()
    return decode_motion(sys.stdin.buffer.read(limits.max_bytes + 1), "stdin", format_name, limits)


def read_bytes(path: Path) -> bytes:
    """A file's content. Raises InvalidInputError."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidInputError(f"{path}: {error.strerror or error}") from None
