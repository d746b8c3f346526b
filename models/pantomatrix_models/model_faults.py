"""What a model makes is checked where it is made: NaN is its fault, not the caller's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pantomatrix_converters.errors import MotionError

from .errors import ModelError
from .model import ModelInfo


@contextmanager
def finite_motion(info: ModelInfo) -> Iterator[None]:
    """Raises ModelError where a model produces NaN or infinite values."""
    try:
        yield
    except MotionError as error:
        text = f"model {info.name!r} produced NaN or infinite values; nothing was sent: {error}"
        raise ModelError(text, info.name) from error
