"""A user's own glTF document, to which things are added. Bytes of its buffers are never looked at, let alone changed."""

from __future__ import annotations

import base64
from typing import Any

from ...errors import FormatError
from ...files.json_object import json_object
from .glb_chunks import BINARY_CHUNK, JSON_CHUNK, chunks_of, glb_of, looks_like_glb
from .gltf_document import GltfWriter
from .gltf_nodes import Node

_VRM = ("VRMC_vrm", "VRM")


class CharacterDocument(GltfWriter):
    """What is added goes into the binary chunk, behind what is there; or, where that is another file's, into a buffer of its
    own in the text.

    Parameters
    ----------
    data : bytes
        A .glb or .gltf that was read before.
    name : str
        What messages call it.
    """

    def __init__(self, data: bytes, name: str) -> None:
        chunks = chunks_of(data, name) if looks_like_glb(data) else [(JSON_CHUNK, data)]
        super().__init__(json_object(next(content for kind, content in chunks if kind == JSON_CHUNK), name))
        binary = next((content for kind, content in chunks if kind == BINARY_CHUNK), b"")
        self._others = [entry for entry in chunks if entry[0] not in (JSON_CHUNK, BINARY_CHUNK)]
        self._name = name
        self._in_text = False
        buffers = self.entries("buffers")
        if buffers and "uri" in buffers[0]:
            self._in_text, self._buffer, self._kept = True, len(buffers), [binary] if binary else []
        else:
            self._kept = []
            padded = binary + b"\0" * (-len(binary) % 4)
            self._chunks, self._size = [padded], len(padded)

    def entries(self, key: str) -> list[dict[str, Any]]:
        """The document's objects of a kind, for example "nodes". Raises FormatError."""
        entries = self.document.get(key, [])
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            raise FormatError(f"{self._name}: {key} is not a list of objects")
        return entries

    @property
    def vrm(self) -> tuple[str, dict[str, Any]] | None:
        """Name and content of the extension that makes it a VRM, 1.0 or 0.x."""
        extensions = self.document.get("extensions")
        if not isinstance(extensions, dict):
            return None
        return next(((name, extensions[name]) for name in _VRM if isinstance(extensions.get(name), dict)), None)

    @property
    def files_beside(self) -> tuple[str, ...]:
        """Files that it names, which have to lie beside the result as well."""
        names = [entry.get("uri") for key in ("buffers", "images") for entry in self.entries(key)]
        return tuple(name for name in names if isinstance(name, str) and not name.startswith("data:"))

    def make_movable(self, at: int, node: Node) -> None:
        """A node that is given as a matrix gets the same place as translation, rotation and scale: matrices cannot be
        animated (section 3.6.3.4)."""
        entry = self.entries("nodes")[at]
        if "matrix" in entry:
            del entry["matrix"]
            parts = {"translation": node.translation, "rotation": node.rotation, "scale": node.scale}
            entry |= {name: values.tolist() for name, values in parts.items()}

    def glb(self) -> bytes:
        """The document as a .glb."""
        buffers = self.document.setdefault("buffers", [])
        if self._in_text:
            content = base64.b64encode(b"".join(self._chunks)).decode()
            buffers.append({"byteLength": self._size, "uri": f"data:application/octet-stream;base64,{content}"})
            return glb_of(self.document, self._kept, self._others)
        if not buffers:
            buffers.append({})
        buffers[0]["byteLength"] = self._size
        return glb_of(self.document, self._chunks, self._others)
