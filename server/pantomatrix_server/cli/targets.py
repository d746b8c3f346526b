"""Where results go: one file, or a folder with a file for every input and format."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from pantomatrix_converters.atomic_file import check_target, write_atomically
from pantomatrix_converters.errors import InvalidInputError, OutputError
from pantomatrix_converters.formats import MotionFormat, find_format, format_of_path

Targets = dict[Path, list[tuple[MotionFormat, Path]]]


def plan_targets(
    inputs: Sequence[Path], output: str, format_names: Sequence[str], default: str, force: bool
) -> Targets:
    """For each input, the formats and files to write. All can be written as far as is known now.

    output: a file's path if there is one input and at most one format and it is no existing folder and ends in no slash;
    else a folder, which `write` makes. Without format names a file's ending decides, a folder gets `default`.
    Raises UnknownNameError, InvalidInputError, OutputError.
    """
    path = Path(output)
    named = [find_format(name) for name in format_names]
    is_folder = len(inputs) > 1 or len(named) > 1 or path.is_dir() or output.endswith(("/", "\\"))
    if is_folder and path.exists() and not path.is_dir():
        raise OutputError(
            f"{path} is a file; a folder is needed for {len(inputs)} inputs and {len(named) or 1} formats"
        )
    if not is_folder:
        target = named[0] if named else format_of_path(path)
        check_target(path, replace=force)
        return {inputs[0]: [(target, path)]}
    stems = [source.stem for source in inputs]
    repeated = next((stem for stem in stems if stems.count(stem) > 1), None)
    if repeated is not None:
        raise InvalidInputError(f"two inputs are called {repeated!r}; their results would have one name")
    targets: Targets = {}
    for source in inputs:
        targets[source] = [
            (entry, path / f"{source.stem}{entry.extensions[0]}") for entry in named or [find_format(default)]
        ]
        if path.exists():
            for _, file in targets[source]:
                check_target(file, replace=force)
    return targets


def write(file: Path, data: bytes, force: bool) -> None:
    """`write_atomically`, into a folder that may not be there yet. Raises OutputError."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{file.parent}: {error.strerror or error}") from None
    write_atomically(file, data, replace=force)


def find_inputs(arguments: Sequence[Path], suffixes: Sequence[str]) -> list[Path]:
    """Files as given, folders as the files in them with one of these endings. Raises InvalidInputError."""
    inputs: list[Path] = []
    for argument in arguments:
        if not argument.is_dir():
            if not argument.exists():
                raise InvalidInputError(f"{argument}: no such file")
            inputs.append(argument)
            continue
        found = sorted(file for file in argument.iterdir() if file.suffix.lower() in suffixes)
        if not found:
            raise InvalidInputError(f"{argument}: no file in this folder ends in {', '.join(suffixes)}")
        inputs += found
    return inputs


def read_bytes(path: Path) -> bytes:
    """A file's content. Raises InvalidInputError."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidInputError(f"{path}: {error.strerror or error}") from None
