"""Files that were gzipped."""

from __future__ import annotations

import io
import zlib
from pathlib import Path

from ..errors import FormatError, LimitError

SUFFIX = ".gz"
_MAGIC = b"\x1f\x8b"
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
_PACKED_PIECE, _PIECE = 1 << 16, 1 << 20
_MOST_TIMES = 200
"""What has unpacked to more times its size is refused, beyond _ANY_RATIO_BYTES: motion as text is packed 3 to 5 times, a bomb
1000 times."""
_ANY_RATIO_BYTES = 8 << 20


def without_gz(path: Path) -> Path:
    """The path without a .gz behind it, in any case."""
    return path.with_suffix("") if path.suffix.lower() == SUFFIX else path


def packed_for(path: Path, data: bytes) -> bytes:
    """What to write to that path: gzipped if its name ends in .gz. The same data always give the same bytes."""
    if path.suffix.lower() != SUFFIX:
        return data
    stream = zlib.compressobj(6, zlib.DEFLATED, _GZIP_WINDOW)
    return stream.compress(data) + stream.flush()


def unpacked(data: bytes, name: str, max_bytes: int) -> bytes:
    """What a gzip file holds, of one member or several (RFC 1952); other data as it is.

    Works in pieces, and zeros behind the last member are padding, as gunzip has it. Raises FormatError, also for anything
    else there; LimitError beyond max_bytes or for a file that is much too small for what it holds, before memory is taken.
    """
    if not data.startswith(_MAGIC):
        return data
    content = io.BytesIO()
    at = 0
    while at < len(data):
        if not data.startswith(_MAGIC, at):
            if any(data[at:]):
                raise FormatError(f"{name}: {len(data) - at} bytes after the end of the gzip file that are not gzip")
            break
        at = _unpack_member(data, at, content, name, max_bytes)
    return content.getvalue()


def _unpack_member(data: bytes, start: int, content: io.BytesIO, name: str, max_bytes: int) -> int:
    """Append what the member that begins at `start` holds; returns where the next may begin."""
    stream = zlib.decompressobj(_GZIP_WINDOW)
    at = start
    while not stream.eof:
        packed = stream.unconsumed_tail or data[at : at + _PACKED_PIECE]
        if not packed:
            raise FormatError(f"{name}: the gzip file is truncated")
        if not stream.unconsumed_tail:
            at += len(packed)
        try:
            content.write(stream.decompress(packed, _PIECE))
        except zlib.error as error:
            raise FormatError(f"{name}: not a readable gzip file ({error})") from None
        size = content.tell()
        if size > max_bytes:
            raise LimitError(f"{name}: unpacks to more than {max_bytes} bytes")
        taken = at - len(stream.unconsumed_tail)
        if size > max(_ANY_RATIO_BYTES, _MOST_TIMES * taken):
            raise LimitError(
                f"{name}: its first {taken} bytes unpack to more than {_MOST_TIMES} times as many, which motion never does; "
                "unpack it yourself if it is to be trusted"
            )
    return at - len(stream.unused_data)
