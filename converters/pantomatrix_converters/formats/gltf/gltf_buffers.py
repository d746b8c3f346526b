"""Bytes that a glTF document's arrays lie in: its own binary chunk, text inside it, files beside it, or packed by meshopt.

Files are opened only in the folder that the caller names, and nothing is fetched. No size is believed before it is checked.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeGuard
from urllib.parse import unquote

import numpy as np

from ...errors import FormatError, LimitError, UnsupportedError

Objects = Callable[[str], list[dict[str, Any]]]
_DATA_URI = "data:"
_MESHOPT = ("EXT_meshopt_compression", "KHR_meshopt_compression")
_MODES = ("ATTRIBUTES", "TRIANGLES", "INDICES")
_FILTERS = ("NONE", "OCTAHEDRAL", "QUATERNION", "EXPONENTIAL", "COLOR")


class GltfBuffers:
    """A document's buffers and bufferViews, each decoded once.

    Parameters
    ----------
    list_of : callable
        The document's objects of a kind.
    binary : bytes
        The binary chunk of a .glb.
    name : str
        What messages call the document.
    max_bytes : int
        Of all that is unpacked or opened.
    folder : Path, optional
        Where files may be opened that the document names.
    """

    def __init__(self, list_of: Objects, binary: bytes, name: str, max_bytes: int, folder: Path | None) -> None:
        self._list_of, self._binary, self._name = list_of, binary, name
        self._left, self._folder = max_bytes, folder
        self._buffers: dict[int, bytes] = {}
        self._unpacked: dict[int, bytes] = {}

    def view(self, index: int, where: str) -> tuple[bytes, int, int, int | None]:
        """Where a bufferView lies: bytes, its start and length in them, and its stride if it states one.

        Raises FormatError, LimitError, UnsupportedError.
        """
        view = self._list_of("bufferViews")[index]
        stride = view.get("byteStride")
        if stride is not None and not _is_size(stride):
            raise self._wrong(where, "has a bufferView with impossible numbers")
        extensions = view.get("extensions")
        packed = [extensions[key] for key in _MESHOPT if key in extensions] if isinstance(extensions, dict) else []
        if packed:
            if index not in self._unpacked:
                self._unpacked[index] = self._meshopt(packed[0], where)
            data = self._unpacked[index]
            return data, 0, len(data), stride
        start, length, data = self._part(view, where)
        return data, start, length, stride

    def _part(self, entry: dict[str, Any], where: str) -> tuple[int, int, bytes]:
        """Start, length and buffer of a bufferView, or of what stands like one in an extension."""
        data = self._buffer(entry.get("buffer"), where)
        start, length = entry.get("byteOffset", 0), entry.get("byteLength")
        if not _is_size(start) or not _is_size(length):
            raise self._wrong(where, "has a bufferView with impossible numbers")
        if start + length > len(data):
            raise self._wrong(where, f"reaches beyond its buffer of {len(data)} bytes")
        return start, length, data

    def _buffer(self, index: object, where: str) -> bytes:
        buffers = self._list_of("buffers")
        if not isinstance(index, int) or isinstance(index, bool) or not 0 <= index < len(buffers):
            raise self._wrong(where, f"is {index!r}, expected an index of buffers")
        if index not in self._buffers:
            uri = buffers[index].get("uri")
            if uri is None:
                self._buffers[index] = self._binary
            elif isinstance(uri, str) and uri.startswith(_DATA_URI) and ";base64," in uri[:200]:
                self._buffers[index] = self._base64(uri, index)
            else:
                self._buffers[index] = self._file(str(uri), where)
        return self._buffers[index]

    def _base64(self, uri: str, index: int) -> bytes:
        try:
            return base64.b64decode(uri.split(",", 1)[1], validate=True)
        except (binascii.Error, ValueError):
            raise FormatError(f"{self._name}: buffer {index} is not base64") from None

    def _file(self, uri: str, where: str) -> bytes:
        """A file in the document's folder or below. What leads out of it, links too, is refused."""
        shown = repr(uri[:60])
        if self._folder is None:
            raise self._wrong(where, f"lies in the file {shown}, which is not at hand; export a single .glb")
        try:
            home = self._folder.resolve()
            path = (home / unquote(uri)).resolve()
            inside, there = ":" not in uri and path.is_relative_to(home), path.is_file()
            size = path.stat().st_size if inside and there else 0
        except (OSError, ValueError, RuntimeError) as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            raise self._wrong(where, f"lies in the file {shown}, which cannot be opened ({reason})") from None
        if not inside:
            raise self._wrong(where, f"lies in {shown}, outside the document's folder; that is not opened")
        if not there:
            raise self._wrong(where, f"lies in the file {shown}, which is not in the document's folder")
        self._take(size, where)
        try:
            return path.read_bytes()[:size]
        except OSError as error:
            raise self._wrong(where, f"lies in the file {shown}, which cannot be opened ({error.strerror})") from None

    def _meshopt(self, entry: object, where: str) -> bytes:
        """A bufferView that meshoptimizer packed, whole (Khronos extension EXT_meshopt_compression)."""
        if not isinstance(entry, dict):
            raise self._wrong(where, "is packed by meshopt without saying how")
        start, length, data = self._part(entry, where)
        count, stride, mode, kind = (entry.get(key) for key in ("count", "byteStride", "mode", "filter"))
        kind = "NONE" if kind is None else kind
        if not _is_size(count) or not _is_size(stride) or not count or not 0 < stride <= 256:
            raise self._wrong(where, f"is packed by meshopt with count {count!r} and byteStride {stride!r}")
        if mode not in _MODES or kind not in _FILTERS:
            raise self._wrong(where, f"is packed by meshopt in mode {mode!r} with filter {kind!r}")
        self._take(count * stride, where)
        if find_spec("meshopt") is None:
            raise UnsupportedError(
                f"{self._name}: {where} is packed by meshopt, and unpacking it needs more: "
                'pip install ".[meshopt]" in the project\'s folder'
            )
        import meshopt

        try:
            rows = meshopt.decode_gltf_buffer(data[start : start + length], count, stride, mode, kind)
        except (ValueError, RuntimeError) as error:
            raise self._wrong(where, f"is packed by meshopt, and does not unpack ({error})") from None
        return np.ascontiguousarray(rows).tobytes()

    def _take(self, size: int, where: str) -> None:
        self._left -= size
        if self._left < 0:
            raise LimitError(f"{self._name}: {where} would bring the document beyond the size that is allowed")

    def _wrong(self, where: str, what: str) -> FormatError:
        return FormatError(f"{self._name}: {where} {what}")


def _is_size(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0
