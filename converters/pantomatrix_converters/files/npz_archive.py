"""Arrays in a .npz archive, read without trusting it.

Sizes are known before memory is taken, no entry is ever unpickled, and nothing is believed that the archive only claims.
"""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from collections.abc import Collection, Mapping

import numpy as np
from numpy.lib import format as npy

from ..errors import FormatError, LimitError
from ..finite_numbers import LARGEST, are_finite
from ..provenance import Provenances, provenance_text, read_provenance
from ..ranges import FPS

_MAX_ENTRIES = 256
_UNREADABLE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, NotImplementedError, OSError, OverflowError,
    RuntimeError, ValueError,
)  # fmt: skip
"""All that zipfile raises for files that are not archives."""
_HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
"""Versions of .npy."""


def read_arrays(data: bytes, name: str, max_bytes: int, only: Collection[str] = ()) -> dict[str, np.ndarray]:
    """All arrays of an archive, or those of these names that are there; the others are not looked into.

    Raises FormatError for what is not an archive, encrypted, truncated, has an entry twice, or holds objects (pickles);
    LimitError if it unpacks to more than max_bytes.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = archive.infolist()
            _check_entries(entries, name, max_bytes)
            arrays = {entry.filename.removesuffix(".npy"): entry for entry in entries}
            return {key: _array(archive, entry, name) for key, entry in arrays.items() if not only or key in only}
    except _UNREADABLE as error:
        raise FormatError(f"{name}: not a readable npz archive ({error})") from None


def _check_entries(entries: list[zipfile.ZipInfo], name: str, max_bytes: int) -> None:
    if len(entries) > _MAX_ENTRIES:
        raise LimitError(f"{name}: {len(entries)} arrays, at most {_MAX_ENTRIES} are allowed")
    names = [entry.filename for entry in entries]
    for entry in entries:
        if names.count(entry.filename) > 1:
            raise FormatError(f"{name}: entry {entry.filename!r} occurs twice")
        if entry.flag_bits & 1:
            raise FormatError(f"{name}: entry {entry.filename!r} is encrypted")
        if not entry.filename.endswith(".npy"):
            raise FormatError(f"{name}: entry {entry.filename!r} is not an array")
    total = sum(entry.file_size for entry in entries)
    if total > max_bytes:
        raise LimitError(f"{name}: unpacks to {total} bytes, at most {max_bytes} are allowed")


def _array(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str) -> np.ndarray:
    where = f"{name}: array {entry.filename.removesuffix('.npy')!r}"
    with archive.open(entry) as stream:
        try:
            version = npy.read_magic(stream)  # type: ignore[arg-type]
            shape, fortran_order, dtype = _HEADERS[version](stream)  # type: ignore[arg-type]
        except Exception as error:
            # The header is a Python literal: whatever Python's own tokenizer and parser raise can come out.
            raise FormatError(f"{where}: no valid .npy header ({type(error).__name__})") from None
        if dtype.hasobject:
            raise FormatError(f"{where} holds Python objects (a pickle), which are never loaded")
        count = 1
        for length in shape:
            count *= length
        if any(length < 0 for length in shape) or count * dtype.itemsize > entry.file_size:
            raise FormatError(f"{where}: claims shape {shape} but the archive holds {entry.file_size} bytes for it")
        content = stream.read(count * dtype.itemsize)
    if len(content) != count * dtype.itemsize:
        raise FormatError(f"{where}: truncated, {len(content)} of {count * dtype.itemsize} bytes")
    array = np.frombuffer(content, dtype)
    return array.reshape(shape, order="F" if fortran_order else "C")


def write_arrays(arrays: Mapping[str, np.ndarray]) -> bytes:
    """A compressed archive; the same arrays always give the same bytes."""
    stream = io.BytesIO()
    np.savez_compressed(stream, allow_pickle=False, **arrays)  # type: ignore[arg-type]
    return stream.getvalue()


def archive_names(data: bytes) -> frozenset[str]:
    """Names of the arrays in an archive; none if it is not an archive."""
    if not data.startswith(b"PK\x03\x04"):
        return frozenset()
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return frozenset(name.removesuffix(".npy") for name in archive.namelist()[:_MAX_ENTRIES])
    except _UNREADABLE:
        return frozenset()


def array_shape(data: bytes, key: str) -> tuple[int, ...]:
    """The shape that an array of an archive claims; () if there is none, or it is a number."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(f"{key}.npy") as stream:
            version = npy.read_magic(stream)  # type: ignore[arg-type]
            return _HEADERS[version](stream)[0]
    except Exception:  # whatever zipfile and the parser of Python's literals raise
        return ()


def floats(arrays: Mapping[str, np.ndarray], key: str, shape: tuple[int | None, ...], name: str) -> np.ndarray:
    """An array as float64; None in the shape is any length. Raises FormatError unless it is there, of numbers, finite."""
    if key not in arrays:
        raise FormatError(f"{name}: no array {key!r}; found {', '.join(sorted(arrays)) or 'none'}")
    array = arrays[key]
    fits = array.ndim == len(shape) and all(
        wanted in (None, length) for wanted, length in zip(shape, array.shape, strict=True)
    )
    if not fits or array.dtype.kind not in "fiu":
        wanted = "(" + ", ".join("frames" if length is None else str(length) for length in shape) + ")"
        raise FormatError(f"{name}: {key} is {array.dtype} {array.shape}, expected numbers {wanted}")
    values = array.astype(np.float64)
    if not are_finite(values):
        odd = np.argwhere(~(np.abs(values) <= LARGEST))
        place = f" at index {tuple(int(at) for at in odd[0])}" if values.ndim else ""
        raise FormatError(f"{name}: {key} holds NaN, infinity or a number beyond {LARGEST:g}{place}")
    return values


def frame_rate(arrays: Mapping[str, np.ndarray], keys: Collection[str], name: str) -> tuple[float, tuple[str, ...]]:
    """Frames per second from the first of these arrays that is there, else 30 with a note. Raises FormatError."""
    key = next((key for key in keys if key in arrays), None)
    if key is None:
        return 30.0, (f"no {next(iter(keys))}: 30 frames per second assumed",)
    rate = {key: arrays[key].reshape(()) if arrays[key].size == 1 else arrays[key]}
    fps = float(floats(rate, key, (), name))
    if fps not in FPS:
        raise FormatError(f"{name}: {key} is {fps:g}, expected {FPS}")
    return fps, ()


def provenance_array(known: Provenances) -> dict[str, np.ndarray]:
    """An array for an archive; none where nothing is known."""
    return {"provenance": np.array(provenance_text(known))} if known else {}


def provenance_of(arrays: Mapping[str, np.ndarray]) -> Provenances:
    """What that array says."""
    array = arrays.get("provenance")
    return read_provenance(str(array)) if array is not None and array.ndim == 0 and array.dtype.kind == "U" else ()
