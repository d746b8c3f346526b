"""Lines of texts that may hold anything."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..errors import LimitError

_LONGEST = 1 << 20
_LINE = re.compile(rf"[^\r\n]{{0,{_LONGEST}}}(?:\r\n|\r|\n|\Z)")


def text_lines(text: str, name: str) -> Iterator[str]:
    """Lines with their ends as they are. Raises LimitError for one that is too long for a row of numbers, before more is made
    of it."""
    at = number = 0
    while at < len(text):
        line = _LINE.match(text, at)
        number += 1
        if line is None:
            raise LimitError(f"{name} line {number}: more than {_LONGEST} characters")
        yield line[0]
        at = line.end()
