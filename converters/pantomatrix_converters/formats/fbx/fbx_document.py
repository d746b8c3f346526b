"""Binary FBX documents, version 7, as a tree of records: read, added to and written again, all else byte for byte as it was.

A record has a name, values, and records inside; arrays in it are never unpacked. Ends of records are absolute places in the
file, so that all of them are written anew.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from ...errors import FormatError, LimitError

_MAGIC = b"Kaydara FBX Binary  \x00\x1a\x00"
_FIRST = len(_MAGIC) + 4
_WIDE_FROM = 7500
"""From this version on places are of 64 bits."""
_MAX_DEPTH, _MAX_RECORDS = 64, 1_000_000
_SCALARS = {b"Y": "<h", b"C": "<b", b"I": "<i", b"F": "<f", b"D": "<d", b"L": "<q"}
_ARRAYS = {"f": 4, "d": 8, "l": 8, "i": 4, "b": 1}
_ID_BYTES, _END_BYTES = 16, 16
_ZEROS = 120

Value = int | float | str | bytes | np.integer | np.ndarray


@dataclass
class Record:
    """values: `count` of them as they stand in the file. block: whether something may stand inside, even if nothing does."""

    name: str
    values: bytes = b""
    count: int = 0
    inside: list[Record] = field(default_factory=list)
    block: bool = False

    @classmethod
    def of(cls, name: str, *values: Value, inside: Sequence[Record] = ()) -> Record:
        """int: 64 bits, np.int32: 32; float: 64 bits; str and bytes: a string; arrays: float32, float64, int32, int64."""
        return cls(name, b"".join(map(_packed, values)), len(values), list(inside), bool(inside))

    def read(self) -> list[int | float | bytes | None]:
        """The values; None for arrays. Raises ValueError."""
        found: list[int | float | bytes | None] = []
        place = 0
        for _ in range(self.count):
            kind = self.values[place : place + 1]
            place += 1
            if kind in _SCALARS:
                found += struct.unpack_from(_SCALARS[kind], self.values, place)
                place += struct.calcsize(_SCALARS[kind])
            elif kind in (b"S", b"R"):
                (size,) = struct.unpack_from("<I", self.values, place)
                found.append(self.values[place + 4 : place + 4 + size])
                place += 4 + size
            elif kind.decode("latin-1") in _ARRAYS:
                _, _, size = struct.unpack_from("<III", self.values, place)
                found.append(None)
                place += 12 + size
            else:
                raise ValueError(f"value of kind {kind!r}")
        return found

    def find(self, name: str) -> Record | None:
        """The first inside of that name."""
        return next((record for record in self.inside if record.name == name), None)

    def all(self, name: str) -> Iterator[Record]:
        """Those inside of that name."""
        return (record for record in self.inside if record.name == name)


def _packed(value: Value) -> bytes:
    if isinstance(value, np.integer):
        return b"I" + struct.pack("<i", int(value))
    if isinstance(value, int):
        return b"L" + struct.pack("<q", value)
    if isinstance(value, float):
        return b"D" + struct.pack("<d", value)
    if isinstance(value, np.ndarray):
        kind = {"f4": b"f", "f8": b"d", "i4": b"i", "i8": b"l"}[value.dtype.str[1:]]
        data = np.ascontiguousarray(value).tobytes()
        return kind + struct.pack("<III", len(value), 0, len(data)) + data
    text = value.encode("utf-8") if isinstance(value, str) else value
    return b"S" + struct.pack("<I", len(text)) + text


class FbxDocument:
    """A file's records. Raises FormatError, LimitError; `is_readable` tells which files it reads."""

    def __init__(self, data: bytes, name: str) -> None:
        self._data, self._name, self._count = data, name, 0
        if not is_readable(data):
            raise FormatError(f"{name}: not a binary FBX of version 7")
        self.version = _version(data)
        self._header = struct.Struct("<QQQB" if self.version >= _WIDE_FROM else "<IIIB")
        self.root = Record("", block=True)
        try:
            end = self._read_inside(self.root, _FIRST, len(data))
        except (struct.error, UnicodeDecodeError):
            raise FormatError(f"{name}: the FBX is truncated or damaged") from None
        self._footer = data[end:]

    def _read_inside(self, root: Record, start: int, stop: int) -> int:
        """Fill a record with those that stand from `start` on, up to an empty one; where that ends."""
        place = start
        open_records: list[tuple[Record, int]] = [(root, stop)]
        while True:
            parent, limit = open_records[-1]
            if place >= limit:
                if len(open_records) == 1:
                    return place
                open_records.pop()
                continue
            end, count, size, name_size = self._header.unpack_from(self._data, place)
            body = place + self._header.size
            if end == 0:
                parent.block = True
                open_records.pop()
                place = body
                if not open_records:
                    return place
                if body > limit:
                    raise FormatError(f"{self._name}: byte {place}: a record is longer than what it stands in")
                continue
            if not body + name_size + size <= end <= limit:
                raise FormatError(f"{self._name}: byte {place}: a record ends at {end}, outside of what it stands in")
            self._count += 1
            if self._count > _MAX_RECORDS or len(open_records) > _MAX_DEPTH:
                raise LimitError(f"{self._name}: more than {_MAX_RECORDS} records, or {_MAX_DEPTH} in one another")
            record = Record(
                self._data[body : body + name_size].decode("latin-1"),
                self._data[body + name_size : body + name_size + size],
                count,
            )
            parent.inside.append(record)
            place = body + name_size + size
            if place < end:
                open_records.append((record, end))

    def bytes(self) -> bytes:
        """The whole file."""
        pieces = [self._data[:_FIRST]]
        at = self._write_inside(self.root, _FIRST, pieces)
        if len(self._footer) >= _ID_BYTES + _END_BYTES + _ZEROS:
            # The version stands at a multiple of 16 (Blender), or 4 behind one (FBX SDK).
            behind = (len(self._data) - _END_BYTES - _ZEROS - 4) % 16
            gap = 5 + (behind - at - _ID_BYTES - 5) % 16
            version = struct.pack("<I", self.version)
            pieces += [self._footer[:_ID_BYTES], bytes(gap), version, bytes(_ZEROS), self._footer[-_END_BYTES:]]
        return b"".join(pieces)

    def _write_inside(self, parent: Record, at: int, pieces: list[bytes]) -> int:
        for record in parent.inside:
            name = record.name.encode("latin-1")
            slot = len(pieces)
            pieces += [b"", name, record.values]
            end = at + self._header.size + len(name) + len(record.values)
            if record.inside or record.block:
                end = self._write_inside(record, end, pieces)
            pieces[slot] = self._header.pack(end, record.count, len(record.values), len(name))
            at = end
        pieces.append(bytes(self._header.size))
        return at + self._header.size


def is_readable(data: bytes) -> bool:
    """Whether it begins as a binary FBX of version 7."""
    return data.startswith(_MAGIC) and 7000 <= _version(data) < 8000


def _version(data: bytes) -> int:
    return struct.unpack_from("<I", data, len(_MAGIC))[0] if len(data) >= _FIRST else 0
