"""One way to step a model, with its output checked: NaN is the model's fault, not the caller's."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters.errors import MotionError
from pantomatrix_converters.motion import Motion

from .errors import ModelError
from .model import MotionModel, MotionSession, Push


def advance(model: MotionModel, pushes: Sequence[Push]) -> list[Motion]:
    """`MotionModel.advance`, checked. Raises ModelError where the model produces NaN or infinite values."""
    try:
        return model.advance(pushes)
    except MotionError as error:
        name = model.info.name
        text = f"model {name!r} produced NaN or infinite values; nothing was sent: {error}"
        raise ModelError(text, name) from error


def step(
    model: MotionModel, session: MotionSession, samples: NDArray[np.float32] | None = None, *, ended: bool = False
) -> Motion:
    """Advance one session. samples: (S,) more audio, or none; ended: no audio follows. Raises ModelError."""
    samples = np.zeros(0, np.float32) if samples is None else samples
    return advance(model, [Push(session, samples, ended)])[0]
