"""Files that appear complete or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ..errors import OutputError


def check_target(path: Path, *, replace: bool) -> None:
    """Raise OutputError if a file could not be written to `path`: its folder is missing or read-only, or it exists and may
    not be replaced. For asking before long work; `write_atomically` asks again."""
    folder = path.parent
    if path.is_dir():
        raise OutputError(f"{path} is a folder, expected a file name")
    if not folder.is_dir():
        raise OutputError(f"{path}: the folder {folder} does not exist")
    if not os.access(folder, os.W_OK):
        raise OutputError(f"{path}: no permission to write to {folder}")
    if path.exists() and not replace:
        raise OutputError(f"{path} exists; --force replaces it")


def write_atomically(path: Path, data: bytes, *, replace: bool) -> None:
    """Write `data` as `written_atomically` does."""
    with written_atomically(path, replace=replace) as temporary:
        temporary.write_bytes(data)


@contextmanager
def written_atomically(path: Path, *, replace: bool) -> Iterator[Path]:
    """A file beside the target to write to; it is renamed when it is complete and on the disk.

    replace: whether an existing file may be replaced. Raises OutputError; after any error nothing has changed.
    """
    check_target(path, replace=replace)
    temporary = None
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as stream:
            temporary = Path(stream.name)
        yield temporary
        with temporary.open("rb+") as stream:
            os.fsync(stream.fileno())
        temporary.chmod(0o666 & ~_umask())
        temporary.replace(path)
    except OSError as error:
        raise OutputError(f"{path}: {error.strerror or error}") from None
    finally:
        if temporary is not None:
            temporary.unlink(missing_ok=True)


def _umask() -> int:
    current = os.umask(0o022)
    os.umask(current)
    return current
