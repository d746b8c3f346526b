"""The text form of a binary glTF document, with its buffer inside (Khronos specification, sections 4.1 and 3.6.1.1)."""

from __future__ import annotations

import base64
import json
import struct

_HEADER, _CHUNK = struct.Struct("<4sII"), struct.Struct("<II")


def as_gltf(glb: bytes) -> bytes:
    """A .glb of ours as .gltf."""
    length, _ = _CHUNK.unpack_from(glb, _HEADER.size)
    start = _HEADER.size + _CHUNK.size
    document = json.loads(glb[start : start + length])
    binary = glb[start + length + _CHUNK.size :]
    for buffer in document.get("buffers", ())[:1]:
        data = base64.b64encode(binary[: buffer["byteLength"]]).decode()
        buffer["uri"] = f"data:application/octet-stream;base64,{data}"
    return json.dumps(document, separators=(",", ":")).encode()
