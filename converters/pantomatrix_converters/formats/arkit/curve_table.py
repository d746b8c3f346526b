"""Tables of curves as text, as programs and spreadsheets write them: any separator, encoding and decimal mark."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from ...errors import FormatError, LimitError
from ...face.arkit_names import arkit_curve
from ...files.text_lines import text_lines

_SEPARATORS = ",;\t"
_HEADER_WITHIN = 40
"""Lines: some programs write about the recording first."""
_SNIFFED_BYTES = 1 << 16


@dataclass(frozen=True)
class CurveTable:
    """header: names of the columns, without empty ones at the end. rows: number of the line and cells."""

    header: tuple[str, ...]
    separator: str
    rows: Iterator[tuple[int, list[str]]]


def looks_like_table(data: bytes) -> bool:
    """Whether one of the first lines names an ARKit curve among others."""
    text = _sniffed(data[:_SNIFFED_BYTES])
    return text is not None and not text.startswith(("{", "[", "<")) and _find_header(text) is not None


def curve_table(data: bytes, name: str) -> CurveTable:
    """The table. Raises FormatError, also while its rows are read, LimitError for a line of names without end."""
    text = text_of(data, name)
    found = _find_header(text[:_SNIFFED_BYTES])
    if found is None:
        raise FormatError(f"{name} line 1: no column is named after an ARKit blendshape, for example JawOpen")
    before, separator, ends = found
    if not ends and len(text) > _SNIFFED_BYTES:
        raise LimitError(
            f"{name} line {before + 1}: the names of the columns go on for more than {_SNIFFED_BYTES} characters"
        )
    rows = _rows(text, separator, name)
    header: list[str] = []
    for line, cells in rows:
        header = [cell.strip() for cell in cells]
        if line > before:
            break
    while header and not header[-1]:
        header.pop()
    return CurveTable(tuple(header), separator, rows)


def text_of(data: bytes, name: str) -> str:
    """What a file's bytes say, in UTF-8 or UTF-16, with or without a byte order mark. Raises FormatError."""
    encoding = _encoding(data)
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        told = "UTF-8" if encoding == "utf-8-sig" else "UTF-16"
        raise FormatError(f"{name}: byte {error.start} is not {told} text") from None


def _encoding(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    head = data[:64]
    if len(head) > 3 and head[1::2].count(0) == len(head) // 2:
        return "utf-16-le"
    if len(head) > 3 and head[::2].count(0) == (len(head) + 1) // 2:
        return "utf-16-be"
    return "utf-8-sig"


def _sniffed(head: bytes) -> str | None:
    """The beginning of a text; None for what is none."""
    encoding = _encoding(head)
    if encoding == "utf-8-sig" and b"\0" in head:
        return None
    return head.decode(encoding, "ignore").lstrip("\ufeff \t\r\n")


def _find_header(text: str) -> tuple[int, str, bool] | None:
    """How many lines are before the header, what separates its names, and whether the line ends."""
    for number, line in enumerate(islice(io.StringIO(text, newline=""), _HEADER_WITHIN)):
        counts = {separator: _curves_in(line.split(separator)) for separator in _SEPARATORS}
        separator = max(counts, key=lambda each: counts[each])
        if counts[separator]:
            return number, separator, line.endswith(("\r", "\n"))
    return None


def _curves_in(cells: list[str]) -> int:
    return sum(arkit_curve(cell) is not None for cell in cells) if len(cells) > 1 else 0


def _rows(text: str, separator: str, name: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(text_lines(text, name), delimiter=separator)
    try:
        for cells in reader:
            yield reader.line_num, cells
    except csv.Error as error:
        raise FormatError(f"{name} line {reader.line_num}: {error}") from None
