"""JSON objects out of files that may hold anything."""

from __future__ import annotations

import json
from typing import Any

from ..errors import FormatError, LimitError

_MEMORY = {b"[": 64, b"{": 232, b",": 40, b'"': 30}
"""Bytes that Python takes for what such a letter begins or ends, about: a list, a dict, a number in a list, half a text."""


def json_object(data: bytes, name: str, max_bytes: int = 2 << 30) -> dict[str, Any]:
    """The object that a text is, with or without a byte order mark. Raises FormatError; LimitError if Python's objects for it
    would take more than max_bytes, before they do."""
    size = sum(data.count(letter) * size for letter, size in _MEMORY.items())
    if size > max_bytes:
        raise LimitError(
            f"{name}: this JSON takes about {size >> 20} MiB to read, at most {max_bytes >> 20} are allowed"
        )
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{name}: no readable JSON ({error})") from None
    if not isinstance(document, dict):
        raise FormatError(f"{name}: expected a JSON object")
    return document
