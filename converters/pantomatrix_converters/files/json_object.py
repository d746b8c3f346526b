"""JSON objects out of files that may hold anything."""

from __future__ import annotations

import json
from typing import Any

from ..errors import FormatError


def json_object(data: bytes, name: str) -> dict[str, Any]:
    """The object that a text is, with or without a byte order mark. Raises FormatError."""
    try:
        document = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise FormatError(f"{name}: no readable JSON ({error})") from None
    if not isinstance(document, dict):
        raise FormatError(f"{name}: expected a JSON object")
    return document
