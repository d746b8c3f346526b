"""glTF 2.0 documents: JSON, one binary buffer, and arrays in it (Khronos specification, sections 3.6 and 4).

Files beside a document are opened only in a folder that the caller names (`gltf_buffers`), and no size is believed before
the bytes are there.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ...errors import FormatError, LimitError
from ...files.json_object import json_object
from ...finite_numbers import LARGEST, are_finite
from .glb_chunks import BINARY_CHUNK, JSON_CHUNK, chunks_of, glb_of, looks_like_glb
from .gltf_buffers import GltfBuffers

_TYPES = {5120: "<i1", 5121: "<u1", 5122: "<i2", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
FLOAT, UNSIGNED_SHORT, UNSIGNED_BYTE, SHORT = 5126, 5123, 5121, 5122
VERTICES, INDICES = 34962, 34963
_WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT2": 4, "MAT3": 9, "MAT4": 16}
_KINDS = {1: "SCALAR", 2: "VEC2", 3: "VEC3", 4: "VEC4", 16: "MAT4"}
GENERATOR = "pantomatrix"
_INDEX_TYPES = (5121, 5123, 5125)
_NOT_OF_JOINTS = (
    "KHR_materials_", "KHR_texture_", "EXT_texture_", "MSFT_texture_", "KHR_draco_", "KHR_mesh_", "EXT_mesh_",
    "EXT_meshopt_compression", "KHR_meshopt_compression", "KHR_lights_", "EXT_lights_", "KHR_audio", "KHR_xmp", "VRM",
)  # fmt: skip
"""How extensions begin that touch pictures, surfaces, meshes or sound, and those that are read."""


def looks_like_gltf(data: bytes) -> bool:
    """Whether it may be a glTF file as text."""
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"{") and b'"asset"' in data and b'"version"' in data and b'"joint_names"' not in data


# ------------------------------------------------------------------------------------------------------------ reading


class GltfReader:
    """A document that was read. Every access checks what it takes; FormatError names the place.

    Parameters
    ----------
    data : bytes
        .glb, or .gltf with its buffers inside.
    name : str
        What messages call it.
    max_bytes : int
        Of all arrays.
    folder : Path, optional
        Where files may be opened that a .gltf names; without it none are.
    """

    def __init__(self, data: bytes, name: str, max_bytes: int, folder: Path | None = None) -> None:
        self._name, self._max_bytes, self._bytes_read = name, max_bytes, 0
        text, binary = _text_and_binary(data, name)
        document = json_object(text, name, max_bytes)
        if not isinstance(document.get("asset"), dict):
            raise FormatError(f"{name}: no glTF document")
        if not str(document["asset"].get("version", "")).startswith("2."):
            raise FormatError(f"{name}: glTF version {document['asset'].get('version')!r}, expected 2.0")
        self._document = document
        self._lists: dict[str, list[dict[str, Any]]] = {}
        self._buffers = GltfBuffers(self.list_of, binary, name, max_bytes, folder)

    @property
    def name(self) -> str:
        """What messages call it."""
        return self._name

    @property
    def unknown_extensions(self) -> list[str]:
        """What it says that it needs, beside what does not concern joints and what is read."""
        required = self._document.get("extensionsRequired", [])
        names = [str(name)[:80] for name in required] if isinstance(required, list) else []
        return [name for name in names if not name.startswith(_NOT_OF_JOINTS)]

    @property
    def generator(self) -> str:
        """The program that wrote the document; empty if it does not say."""
        return str(self._document["asset"].get("generator", ""))

    def list_of(self, key: str) -> list[dict[str, Any]]:
        """The document's objects of a kind, for example "nodes"."""
        if key not in self._lists:
            entries = self._document.get(key, [])
            if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
                raise FormatError(f"{self._name}: {key} is not a list of objects")
            self._lists[key] = entries
        return self._lists[key]

    def extension(self, name: str) -> dict[str, Any]:
        """The document's own entry of an extension; empty without one."""
        extensions = self._document.get("extensions", {})
        entry = extensions.get(name, {}) if isinstance(extensions, dict) else {}
        if not isinstance(entry, dict):
            raise FormatError(f"{self._name}: extensions.{name} is no object")
        return entry

    def index(self, value: object, key: str, where: str) -> int:
        """A reference to an object of a kind."""
        if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value < len(self.list_of(key)):
            raise FormatError(f"{self._name}: {where} is {value!r}, expected an index of {key}")
        return value

    def numbers(self, value: object, count: int, where: str) -> NDArray[np.float64]:
        """A list of `count` finite numbers."""
        try:
            array = np.array(value, np.float64)
        except (TypeError, ValueError, OverflowError):
            array = np.zeros(0)
        if array.shape != (count,) or not are_finite(array):
            raise FormatError(f"{self._name}: {where} is not a list of {count} numbers")
        return array

    def array(self, accessor_index: object, width: int, where: str) -> NDArray[np.float64]:
        """(count, width) numbers of an accessor; normalised integers as -1 to 1 or 0 to 1."""
        accessor = self.list_of("accessors")[self.index(accessor_index, "accessors", where)]
        component, count = accessor.get("componentType"), accessor.get("count")
        if not isinstance(component, int) or component not in _TYPES or _WIDTHS.get(str(accessor.get("type"))) != width:
            raise FormatError(
                f"{self._name}: {where} has {accessor.get('type')!r} of {component!r}, expected width {width}"
            )
        if not isinstance(count, int) or isinstance(count, bool) or count < 1:
            raise FormatError(f"{self._name}: {where} has count {count!r}")
        dtype = np.dtype(_TYPES[component])
        self._bytes_read += count * width * 8
        if self._bytes_read > self._max_bytes:
            raise LimitError(f"{self._name}: {where} claims {count} entries, more than {self._max_bytes} bytes in all")
        values = np.zeros((count, width))
        if "bufferView" in accessor:
            values = self._elements(accessor, dtype, count, width, where).astype(np.float64)
        if "sparse" in accessor:
            self._fill_sparse(values, accessor["sparse"], dtype, where)
        if not are_finite(values):
            raise FormatError(f"{self._name}: {where} holds NaN, infinity or numbers beyond {LARGEST:g}")
        if accessor.get("normalized") and dtype.kind in "iu":
            values = np.maximum(values / np.iinfo(dtype).max, -1.0)
        return values

    def _fill_sparse(self, values: NDArray[np.float64], sparse: object, dtype: np.dtype, where: str) -> None:
        """Put the values that differ into their places (section 3.6.2.3)."""
        entry = sparse if isinstance(sparse, dict) else {}
        indices, differing = entry.get("indices"), entry.get("values")
        if not isinstance(indices, dict) or not isinstance(differing, dict):
            raise FormatError(f"{self._name}: {where} is sparse without indices and values")
        count, kind = entry.get("count"), indices.get("componentType")
        if (
            not isinstance(count, int)
            or isinstance(count, bool)
            or not 0 < count <= len(values)
            or kind not in _INDEX_TYPES
        ):
            raise FormatError(f"{self._name}: {where} is sparse with count {count!r} and indices of {kind!r}")
        rows = self._elements(indices, np.dtype(_TYPES[kind]), count, 1, f"{where} indices")[:, 0].astype(np.int64)
        if rows.max() >= len(values) or np.any(np.diff(rows) <= 0):
            raise FormatError(f"{self._name}: {where} is sparse, and its indices do not increase below {len(values)}")
        values[rows] = self._elements(differing, dtype, count, values.shape[1], f"{where} values")

    def _elements(self, part: dict, dtype: np.dtype, count: int, width: int, where: str) -> np.ndarray:
        """(count, width) numbers of an accessor's bufferView."""
        view = self.index(part.get("bufferView"), "bufferViews", where)
        data, start, length, stated = self._buffers.view(view, where)
        item = dtype.itemsize * width
        stride, offset = item if stated is None else stated, part.get("byteOffset", 0)
        if not isinstance(offset, int) or isinstance(offset, bool) or offset < 0 or stride < item:
            raise FormatError(f"{self._name}: {where} has a bufferView with impossible numbers")
        if offset + stride * (count - 1) + item > length:
            raise FormatError(f"{self._name}: {where} reaches beyond its buffer of {len(data)} bytes")
        return np.ndarray((count, width), dtype, data, start + offset, (stride, dtype.itemsize))


def _text_and_binary(data: bytes, name: str) -> tuple[bytes, bytes]:
    if not looks_like_glb(data):
        return data, b""
    chunks = dict(reversed(chunks_of(data, name)))
    return chunks[JSON_CHUNK], chunks.get(BINARY_CHUNK, b"")


# ------------------------------------------------------------------------------------------------------------ writing


@dataclass
class GltfWriter:
    """A document under way."""

    document: dict[str, Any] = field(default_factory=dict)
    _chunks: list[bytes] = field(default_factory=list)
    _size: int = 0
    _buffer: int = 0

    def add(self, key: str, entry: dict[str, Any]) -> int:
        """Append an object; returns its index."""
        entries = self.document.setdefault(key, [])
        entries.append(entry)
        return len(entries) - 1

    def add_array(
        self, values: np.ndarray, component: int = FLOAT, *, bounds: bool = False, target: int | None = None
    ) -> int:
        """(n, width) or (n,) numbers as an accessor; returns its index.

        bounds: state minimum and maximum. target: VERTICES or INDICES for what a mesh is drawn from.
        """
        array = np.ascontiguousarray(values, _TYPES[component])
        columns = array.reshape(len(array), -1)
        accessor: dict[str, Any] = {
            "bufferView": self._add_view(array, component, target),
            "componentType": component,
            "count": len(array),
            "type": _KINDS[columns.shape[1]],
        }
        if bounds:
            accessor |= {"min": columns.min(axis=0).tolist(), "max": columns.max(axis=0).tolist()}
        return self.add("accessors", accessor)

    def _add_view(self, values: np.ndarray, component: int, target: int | None = None) -> int:
        data = np.ascontiguousarray(values, _TYPES[component]).tobytes()
        padding = -len(data) % 4
        entry = {"buffer": self._buffer, "byteOffset": self._size, "byteLength": len(data)}
        self._chunks.append(data + b"\0" * padding)
        self._size += len(data) + padding
        return self.add("bufferViews", entry | ({"target": target} if target else {}))

    def add_zeros(self, count: int) -> int:
        """An accessor of (count, 3) zeros, which takes no room."""
        zeros = [0.0, 0.0, 0.0]
        entry = {"componentType": FLOAT, "count": count, "type": "VEC3", "min": zeros, "max": zeros}
        return self.add("accessors", entry)

    def add_sparse(self, values: np.ndarray, least: float) -> int:
        """(n, 3) numbers, rows within `least` of zero left out, as a sparse accessor (section 3.6.2.3)."""
        rows = np.flatnonzero(np.abs(values).max(axis=1) > least)
        accessor = self.add_zeros(len(values))
        if len(rows):
            kept = np.zeros_like(values)
            kept[rows] = values[rows]
            entry = self.document["accessors"][accessor]
            entry |= {"min": kept.min(axis=0).tolist(), "max": kept.max(axis=0).tolist()}
            entry["sparse"] = {
                "count": len(rows),
                "indices": {"bufferView": self._add_view(rows, UNSIGNED_SHORT), "componentType": UNSIGNED_SHORT},
                "values": {"bufferView": self._add_view(values[rows], FLOAT)},
            }
        return accessor

    def glb(self) -> bytes:
        """The document as a .glb."""
        document = {"asset": {"version": "2.0", "generator": GENERATOR}, **self.document}
        document["buffers"] = [{"byteLength": self._size}]
        return glb_of(document, self._chunks)
