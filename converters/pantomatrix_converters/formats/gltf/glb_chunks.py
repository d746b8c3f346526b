"""The container of a .glb: a JSON chunk, a binary one, and any others (Khronos specification, section 4)."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from typing import Any

from ...errors import FormatError, UnsupportedError

JSON_CHUNK, BINARY_CHUNK = 0x4E4F534A, 0x004E4942
_MAGIC, _VERSION = b"glTF", 2
_MOST_BYTES = (1 << 32) - 1


def looks_like_glb(data: bytes) -> bool:
    """Whether it begins as a binary glTF file."""
    return data.startswith(_MAGIC)


def chunks_of(data: bytes, name: str) -> list[tuple[int, bytes]]:
    """Kind and content of each chunk of a .glb, in order. Raises FormatError if one is cut off or there is no JSON."""
    if len(data) < 20:
        raise FormatError(f"{name}: truncated, {len(data)} bytes are no GLB")
    _, version, total = struct.unpack_from("<4sII", data)
    if version != _VERSION:
        raise FormatError(f"{name}: GLB version {version}, expected {_VERSION}")
    if total > len(data):
        raise FormatError(f"{name}: truncated, {len(data)} of {total} bytes")
    chunks: list[tuple[int, bytes]] = []
    at = 12
    while at + 8 <= total:
        length, kind = struct.unpack_from("<II", data, at)
        if at + 8 + length > total:
            raise FormatError(f"{name}: a chunk at byte {at} reaches beyond the file")
        chunks.append((kind, data[at + 8 : at + 8 + length]))
        at += 8 + length
    if all(kind != JSON_CHUNK for kind, _ in chunks):
        raise FormatError(f"{name}: no JSON chunk")
    return chunks


def glb_of(document: dict[str, Any], binary: Sequence[bytes], others: Sequence[tuple[int, bytes]] = ()) -> bytes:
    """A .glb of a document, its binary chunk in pieces, and other chunks behind. Raises UnsupportedError over 4 GiB."""
    text = json.dumps(document, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 4)
    parts = [struct.pack("<II", len(text), JSON_CHUNK), text]
    size = sum(map(len, binary))
    if size:
        parts += [struct.pack("<II", size + -size % 4, BINARY_CHUNK), *binary, b"\0" * (-size % 4)]
    for kind, data in others:
        parts += [struct.pack("<II", len(data), kind), data]
    total = 12 + sum(map(len, parts))
    if total > _MOST_BYTES:
        raise UnsupportedError(f"a .glb holds at most 4 GiB, this one would have {total >> 20} MiB")
    return b"".join([struct.pack("<4sII", _MAGIC, _VERSION, total), *parts])
