"""What commands read: files, folders, patterns and stdin; and what to say of a file that belongs to another command."""

from __future__ import annotations

import difflib
import glob
import sys
from collections.abc import Sequence
from pathlib import Path

from pantomatrix_converters.errors import FormatError, InvalidInputError
from pantomatrix_converters.files.gzip_file import without_gz
from pantomatrix_converters.formats import (
    Loaded,
    MotionFormat,
    Reading,
    ReadLimits,
    decode_motion,
    load_motion,
    recognised_format,
)

from .report import note

STANDARD = "-"
"""Stands for stdin or stdout."""

_SOUND = {
    0: (b"RIFF", b"RF64", b"fLaC", b"OggS", b"ID3", b"\xff\xfb", b"\xff\xf3", b"FORM", b".snd", b"caff"),
    4: (b"ftypM4A",),
}
_VIDEO = {0: (b"\x1aE\xdf\xa3",), 4: (b"ftyp",)}
"""Where in a file the marks of its kind stand."""


def find_inputs(arguments: Sequence[Path], suffixes: Sequence[str]) -> list[Path]:
    """Files as given, patterns as what they match, folders as the files in them with one of these endings.

    Patterns are for shells that leave them to programs, as Windows' do. A folder's own folders are not searched.
    Raises InvalidInputError.
    """
    inputs: list[Path] = []
    for argument in arguments:
        if argument.is_dir():
            inputs += _in_folder(argument, suffixes)
        elif str(argument) == STANDARD or argument.exists():
            inputs.append(argument)
        else:
            matching = sorted(map(Path, glob.glob(str(argument))))  # noqa: PTH207
            absent = [path for path in matching if not path.exists()] if matching else [argument]
            if absent:
                raise no_such_file(absent[0])
            inputs += find_inputs(matching, suffixes)
    return inputs


def _in_folder(folder: Path, suffixes: Sequence[str]) -> list[Path]:
    inside = sorted(folder.iterdir())
    found = [path for path in inside if path.is_file() and ending(path) in suffixes]
    deeper = [path for path in inside if path.is_dir() and any(ending(file) in suffixes for file in path.iterdir())]
    if not found:
        hint = f"; folders in it are not searched, name {deeper[0]} itself" if deeper else ""
        raise InvalidInputError(f"{folder}: no file in this folder ends in {', '.join(dict.fromkeys(suffixes))}{hint}")
    if deeper:
        note(f"{folder}: folders in it are not searched, such as {deeper[0]}")
    return found


def ending(file: Path) -> str:
    """In small letters, without a .gz behind it."""
    return without_gz(file).suffix.lower()


def no_such_file(path: Path) -> InvalidInputError:
    """An error for a file that is not there, with the nearest name that is."""
    straight = Path(str(path).replace("\\", "/"))
    if straight.exists():
        return InvalidInputError(f"{path}: no such file; did you mean {straight}?")
    folder = path.parent
    if not folder.is_dir():
        return InvalidInputError(f"{path}: no such file, and no such folder as {folder}")
    names = {other.name.lower(): other for other in folder.iterdir() if other.is_file()}
    nearest = difflib.get_close_matches(path.name.lower(), names, n=1, cutoff=0.75)
    hint = f"; did you mean {names[nearest[0]]}?" if nearest else ""
    return InvalidInputError(f"{path}: no such file{hint}")


def read_bytes(path: Path) -> bytes:
    """A file's content. Raises InvalidInputError."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise no_such_file(path) from None
    except IsADirectoryError:
        raise InvalidInputError(f"{path} is a folder, and one file is needed here") from None
    except OSError as error:
        raise InvalidInputError(f"{path}: {error.strerror or error}") from None


def read_speech(path: Path) -> bytes:
    """The content of a speech file or of stdin, not decoded. Raises InvalidInputError for a file of motion too."""
    data = sys.stdin.buffer.read() if str(path) == STANDARD else read_bytes(path)
    known = recognised_format(data)
    if known is not None:
        raise InvalidInputError(
            f"{path} is a motion file ({known.name}), and speech is needed here; "
            "`pantomatrix convert` turns motion files into others"
        )
    return data


def read_motion(path: Path, format_name: str = "", reading: Reading | None = None) -> tuple[MotionFormat, Loaded]:
    """A motion file, or stdin. Raises InvalidInputError, FormatError, LimitError, UnknownNameError."""
    limits = ReadLimits()
    if str(path) == STANDARD:
        return decode_motion(sys.stdin.buffer.read(limits.max_bytes + 1), "stdin", format_name, limits, reading)
    if not path.exists():
        raise no_such_file(path)
    try:
        return load_motion(path, format_name, limits, reading)
    except FormatError:
        kind = "" if format_name else _other_kind(path)
        if kind == "speech":
            raise InvalidInputError(
                f"{path} is speech, and a motion file is needed here; "
                f"`pantomatrix generate {_quoted(path)} -o {_quoted(path.with_suffix('.npz'))}` makes one of it"
            ) from None
        if kind == "a video":
            raise InvalidInputError(f"{path} is a video, and a motion file is needed here") from None
        raise


def _other_kind(path: Path) -> str:
    with path.open("rb") as file:
        data = file.read(64)
    for kind, marks in (("speech", _SOUND), ("a video", _VIDEO)):
        if any(data[at:].startswith(texts) for at, texts in marks.items()):
            return kind
    return ""


def _quoted(path: Path) -> str:
    """As a shell takes it."""
    return f'"{path}"' if " " in str(path) else str(path)
