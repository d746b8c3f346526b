"""Where results go: one file, or a folder with a file for every input and format."""

from __future__ import annotations

import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pantomatrix_converters.errors import InvalidInputError, OutputError
from pantomatrix_converters.files.atomic_file import check_target, write_atomically
from pantomatrix_converters.files.gzip_file import SUFFIX as GZ
from pantomatrix_converters.files.gzip_file import without_gz
from pantomatrix_converters.formats import MotionFormat, bytes_for, find_format, format_of_path
from pantomatrix_converters.skeleton import Skeleton

from .inputs import STANDARD, ending
from .report import note

_VIDEO_ENDINGS = (".mp4", ".mov", ".webm", ".avi", ".mkv", ".gif")

Targets = dict[Path, list[tuple[MotionFormat, Path]]]


def plan_targets(
    inputs: Sequence[Path], output: str, format_names: Sequence[str], default: str, *, from_folder: bool = False
) -> Targets:
    """For each input, the formats and files to write.

    output: a file's path if there is one input and at most one format and it is no existing folder and ends in no slash;
    else a folder, which `write` makes. Without format names a file's ending decides, a folder gets `default`.
    from_folder: whether the inputs are a folder's, however many there are today; they go into a folder.
    Raises UnknownNameError, InvalidInputError, OutputError.
    """
    named = [_wanted(name) for name in format_names]
    if output == STANDARD:
        if len(named) != 1 or len(inputs) != 1:
            raise InvalidInputError("stdout takes one result: give one input and one --format")
        if named[0].packed:
            raise InvalidInputError(f"stdout is not packed: --format {named[0].format.name} | gzip does it")
        return {inputs[0]: [(named[0].format, Path(STANDARD))]}
    path = Path(output)
    is_named_so = path.is_dir() or output.endswith(("/", "\\"))
    is_folder = len(inputs) > 1 or len(named) > 1 or from_folder or is_named_so
    if is_folder and path.exists() and not path.is_dir():
        raise OutputError(f"{path} is a file; a folder is needed for {_amount(inputs, named, from_folder)}")
    if is_folder and not is_named_so and path.suffix:
        raise InvalidInputError(
            f"{output} is named like a file, and {_amount(inputs, named, from_folder)} need a folder; "
            f"{without_gz(path).with_suffix('')}/ is one"
        )
    if not is_folder:
        if named and named[0].packed and path.suffix.lower() != GZ:
            raise InvalidInputError(f"--format {format_names[0]} is packed, and {path} does not end in {GZ}")
        target = named[0].format if named else _format_for(path)
        if not path.parent.is_dir():
            raise OutputError(f"{path}: the folder {path.parent} does not exist")
        return {inputs[0]: [(target, path)]}
    stems = [_stem(source) for source in inputs]
    repeated = next((stem for stem in stems if stems.count(stem) > 1), None)
    if repeated is not None:
        raise InvalidInputError(
            f"two inputs are called {repeated!r}; their results would have one name; "
            "rename one, or run the command once for each with another -o"
        )
    if not named:
        note(f"written as {default}; --format names another, such as bvh or arkit-csv")
    wanted = named or [_wanted(default)]
    return {source: [(entry.format, path / f"{_stem(source)}{entry.ending}") for entry in wanted] for source in inputs}


def _amount(inputs: Sequence[Path], named: Sequence[_Wanted], from_folder: bool) -> str:
    if len(inputs) == 1 and from_folder:
        return "the files of a folder"
    return f"{len(inputs)} inputs in {len(named) or 1} formats"


@dataclass(frozen=True)
class _Wanted:
    """A format that was asked for by its name, with .gz behind it if its files shall be packed."""

    format: MotionFormat
    packed: bool

    @property
    def ending(self) -> str:
        return self.format.extensions[0] + (GZ if self.packed else "")


def _wanted(name: str) -> _Wanted:
    """Raises UnknownNameError."""
    return _Wanted(find_format(name.lower().removesuffix(GZ)), name.lower().endswith(GZ))


def targets_of_clips(
    targets: Sequence[tuple[MotionFormat, Path]], names: Sequence[str]
) -> list[list[tuple[MotionFormat, Path]]]:
    """For each clip of one input the files to write, in the same folder: take.glb becomes take_idle.glb, take_walk.glb.

    Characters that file systems do not take are replaced, and names that occur twice get their number.
    """
    plain = [re.sub(r"[^\w. +()-]", "_", name).strip(". ")[:80] for name in names]
    folded = [name.lower() for name in plain]
    unique = [
        f"{name}_{number}" if not name or folded.count(name.lower()) > 1 else name
        for number, name in enumerate(plain, start=1)
    ]
    listed = []
    for name in unique:
        files = []
        for entry, file in targets:
            stem, ending, packed = file.name.rpartition(entry.extensions[0])
            files.append((entry, file.with_name(f"{stem}_{name}{ending}{packed}")))
        listed.append(files)
    return listed


def check_targets(targets: Targets, force: bool, skeleton: Skeleton | str) -> None:
    """Whether all can be written, as far as is known before the work. Call it last: that a file exists already hides no
    other fault. skeleton: what the motions will be on. Raises OutputError, UnsupportedError."""
    for entry, file in (target for listed in targets.values() for target in listed):
        entry.check_writer(skeleton)
        if str(file) != STANDARD and file.parent.exists():
            check_target(file, replace=force)


def _format_for(path: Path) -> MotionFormat:
    """By the ending. Raises InvalidInputError, UnknownNameError."""
    if ending(path) in _VIDEO_ENDINGS:
        raise InvalidInputError(
            f"{path} is named like a video; `pantomatrix render` makes one of a motion file, such as .npz"
        )
    if not ending(path):
        raise InvalidInputError(f"{path} has no ending that names a format: {path}.bvh would be BVH, {path}/ a folder")
    return format_of_path(path)


def _stem(source: Path) -> str:
    if str(source) == STANDARD:
        return "stdin"
    return without_gz(source).stem


def write(file: Path, data: bytes, force: bool) -> None:
    """`write_atomically`, as the file's name asks for, into a folder that may not be there yet; or to stdout. Raises
    OutputError."""
    if str(file) == STANDARD:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(f"{file.parent}: {error.strerror or error}") from None
    write_atomically(file, bytes_for(file, data), replace=force)
