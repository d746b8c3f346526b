"""Files that were gzipped."""

from __future__ import annotations

import zlib

from ..errors import FormatError, LimitError

_MAGIC = b"\x1f\x8b"
_GZIP_WINDOW = 16 + zlib.MAX_WBITS


def unpacked(data: bytes, name: str, max_bytes: int) -> bytes:
    """What a gzip file holds; other data as it is. Raises FormatError, LimitError beyond max_bytes, before they are there."""
    if not data.startswith(_MAGIC):
        return data
    stream = zlib.decompressobj(_GZIP_WINDOW)
    try:
        content = stream.decompress(data, max_bytes + 1)
    except zlib.error as error:
        raise FormatError(f"{name}: not a readable gzip file ({error})") from None
    if len(content) > max_bytes:
        raise LimitError(f"{name}: unpacks to more than {max_bytes} bytes")
    if not stream.eof:
        raise FormatError(f"{name}: the gzip file is truncated")
    return content
