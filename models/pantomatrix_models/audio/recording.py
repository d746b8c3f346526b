"""What a reader of audio files makes of a file, before its samples are read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Recording:
    """A file that can be decoded.

    container: as its content has it. sample_rate_hz, channels, and frames: as the file says; frames is 0 if it does not.
    blocks: the samples, (S, channels) float32 of full scale 1.0 at a time, from the beginning each time it is called. It
    raises AudioError for what is damaged. notes: what was assumed, one sentence each.
    """

    container: str
    sample_rate_hz: int
    channels: int
    frames: int
    blocks: Callable[[], Iterator[NDArray[np.float32]]]
    notes: tuple[str, ...] = ()
