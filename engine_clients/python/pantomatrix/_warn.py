"""Notes of a public function as warnings."""

from __future__ import annotations

import warnings
from collections.abc import Iterable


def warn_of(notes: Iterable[str], category: type[Warning]) -> None:
    """A warning for each, at the line that called the public function which calls this."""
    for note in notes:
        warnings.warn(note, category, stacklevel=3)
