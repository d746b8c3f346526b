"""What a model makes is checked where it is made: NaN is its fault, not the caller's."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from pantomatrix_converters.errors import MotionError

from .errors import ModelError
from .models.model import ModelInfo


@contextmanager
def finite_motion(info: ModelInfo) -> Iterator[None]:
    """Raises ModelError where a model makes a motion that is none."""
    try:
        yield
    except MotionError as error:
        from . import metrics  # the command line makes motion without them

        metrics.NOT_FINITE.labels(info.name).inc()
        raise ModelError(f"model {info.name!r} made a motion that is none, and it was not sent: {error}") from error
