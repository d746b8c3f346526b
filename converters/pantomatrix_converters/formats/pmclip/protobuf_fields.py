"""Protobuf's wire format, as much as one message needs: this package is numpy alone.

A message is its fields: number -> values in the order in which they come, a whole number for a varint, bytes for the rest.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

from ...errors import FormatError

_VARINT, _FIXED64, _BYTES, _FIXED32 = 0, 1, 2, 5
_MOST_VARINT_BYTES = 10


class Fields:
    """Of one message that was read. Of a field that holds one value the last one counts. where: what errors call it."""

    def __init__(self, data: bytes, where: str) -> None:
        self.where = where
        self._found: dict[tuple[int, int], list[int | bytes]] = {}
        for number, kind, value in _fields(data, where):
            self._found.setdefault((number, kind), []).append(value)

    def numbers(self, number: int) -> list[int]:
        """Unsigned, one each or packed."""
        found = [value for value in self._found.get((number, _VARINT), ()) if isinstance(value, int)]
        for packed in self._texts(number):
            at = 0
            while at < len(packed):
                value, at = _varint(packed, at, self.where)
                found.append(value)
        return found

    def number(self, number: int, default: int = 0) -> int:
        """Signed, of 32 or 64 bits."""
        found = self._found.get((number, _VARINT), [default])[-1]
        assert isinstance(found, int)
        return found - (1 << 64) if found >= 1 << 63 else found

    def double(self, number: int) -> float:
        return self._real(number, _FIXED64, "<d")

    def float(self, number: int) -> float:
        return self._real(number, _FIXED32, "<f")

    def text(self, number: int) -> str:
        return (self.texts(number) or [""])[-1]

    def texts(self, number: int) -> list[str]:
        """Raises FormatError for what is not UTF-8."""
        try:
            return [value.decode() for value in self._texts(number)]
        except UnicodeDecodeError:
            raise FormatError(f"{self.where}: field {number} is no UTF-8") from None

    def count(self, number: int) -> int:
        """Of texts or messages."""
        return len(self._texts(number))

    def message(self, number: int) -> Fields:
        """Without fields where it was not given."""
        return Fields((self._texts(number) or [b""])[-1], self.where)

    def messages(self, number: int) -> list[Fields]:
        return [Fields(value, self.where) for value in self._texts(number)]

    def _texts(self, number: int) -> list[bytes]:
        return [value for value in self._found.get((number, _BYTES), ()) if isinstance(value, bytes)]

    def _real(self, number: int, kind: int, form: str) -> float:
        found = self._found.get((number, kind))
        return struct.unpack(form, found[-1])[0] if found and isinstance(found[-1], bytes) else 0.0


def _fields(data: bytes, where: str) -> Iterator[tuple[int, int, int | bytes]]:
    """(number, wire type, value). Raises FormatError."""
    at = 0
    while at < len(data):
        tag, at = _varint(data, at, where)
        number, kind = tag >> 3, tag & 7
        if not 0 < number < 1 << 29:
            raise FormatError(f"{where}: a field has number {number}")
        if kind == _VARINT:
            value, at = _varint(data, at, where)
            yield number, kind, value
            continue
        if kind == _BYTES:
            length, at = _varint(data, at, where)
        elif kind in (_FIXED64, _FIXED32):
            length = 8 if kind == _FIXED64 else 4
        else:
            raise FormatError(f"{where}: field {number} has wire type {kind}")
        if length > len(data) - at:
            raise FormatError(f"{where}: field {number} is longer than what it is in")
        yield number, kind, data[at : at + length]
        at += length


def _varint(data: bytes, at: int, where: str) -> tuple[int, int]:
    """The number, and where it ends. Raises FormatError."""
    value = 0
    for place in range(_MOST_VARINT_BYTES):
        if at >= len(data):
            raise FormatError(f"{where}: a number is cut off")
        value |= (data[at] & 127) << (7 * place)
        at += 1
        if data[at - 1] < 128:
            return value & (1 << 64) - 1, at
    raise FormatError(f"{where}: a number has more than {_MOST_VARINT_BYTES} bytes")


def number_field(number: int, value: int, *, keep_zero: bool = False) -> bytes:
    """Nothing for 0, unless it is to be kept."""
    return _tag(number, _VARINT) + _varint_bytes(value) if value or keep_zero else b""


def double_field(number: int, value: float) -> bytes:
    """Nothing for 0, as protobuf has it, but for -0."""
    stored = struct.pack("<d", value)
    return _tag(number, _FIXED64) + stored if any(stored) else b""


def float_field(number: int, value: float) -> bytes:
    """As double_field."""
    stored = struct.pack("<f", value)
    return _tag(number, _FIXED32) + stored if any(stored) else b""


def bytes_field(number: int, value: bytes, *, keep_empty: bool = False) -> bytes:
    """Of a message too. Nothing for what is empty, unless it is to be kept."""
    return _tag(number, _BYTES) + _varint_bytes(len(value)) + value if value or keep_empty else b""


def text_field(number: int, value: str, *, keep_empty: bool = False) -> bytes:
    return bytes_field(number, value.encode(), keep_empty=keep_empty)


def _tag(number: int, kind: int) -> bytes:
    return _varint_bytes(number << 3 | kind)


def _varint_bytes(value: int) -> bytes:
    value &= (1 << 64) - 1
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)
