"""Sessions of networks that hear one window of speech at a time, and how they are advanced."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters.motion import Motion, concatenate

from ..model import Push

W = TypeVar("W")
R = TypeVar("R")
AnyWindow = TypeVar("AnyWindow", contravariant=True)

WINDOWS_AT_ONCE = 16
"""More gain nothing and take memory. How many streams are stepped together is the server's setting `batch_size`."""


class WindowModel(Protocol[AnyWindow, R]):
    """A network that computes windows, several at once."""

    def run(self, windows: Sequence[AnyWindow]) -> list[R]:
        """The result of each window; it does not depend on the others."""
        ...


class WindowedSession(Generic[W, R]):
    """The state of one utterance that is heard window by window. `advance_windows` asks for `next_window`, computes it and
    hands the result to `take`, until no window is left."""

    def __init__(self) -> None:
        self._audio = np.zeros(0, np.float32)
        self._first_sample = 0
        self.samples_heard = 0
        self.ended = False

    def hear(self, samples: NDArray[np.float32]) -> None:
        """samples: (S,) that follow."""
        self._audio = np.concatenate([self._audio, samples])
        self.samples_heard += len(samples)

    def audio(self, start: int, stop: int) -> NDArray[np.float32]:
        """(stop - start,) samples of the utterance; silence beyond both its ends. What lies before `start` is let go only by
        `forget_audio`."""
        inside = self._audio[max(0, start - self._first_sample) : max(0, stop - self._first_sample)]
        before = max(0, min(stop, 0) - start)
        after = stop - start - before - len(inside)
        return np.pad(inside, (before, after))

    def forget_audio(self, before: int) -> None:
        """No sample before this one is needed any more. They are let go when they are half of what is held."""
        drop = before - self._first_sample
        if 2 * drop < len(self._audio):
            return
        self._audio = self._audio[drop:].copy()
        self._first_sample += drop

    def next_window(self) -> W | None:
        """The window to compute next, or None until more is heard."""
        raise NotImplementedError

    def take(self, result: R) -> None:
        """The result of the window that `next_window` gave last."""
        raise NotImplementedError

    def frames(self) -> Motion:
        """The frames that are settled since the last call; after the end, the rest."""
        raise NotImplementedError


def advance_windows(model: WindowModel[W, R], pushes: Sequence[Push[WindowedSession[W, R]]]) -> list[Motion]:
    """See MotionModel. Windows of all sessions are computed together, WINDOWS_AT_ONCE at a time."""
    pieces: dict[int, list[Motion]] = {id(push.session): [] for push in pushes}
    for push in pushes:
        push.session.hear(push.samples)
        push.session.ended |= push.ended
    sessions = [push.session for push in pushes]
    while waiting := [(session, window) for session in sessions if (window := session.next_window()) is not None]:
        for start in range(0, len(waiting), WINDOWS_AT_ONCE):
            batch = waiting[start : start + WINDOWS_AT_ONCE]
            results = _run(model, [window for _, window in batch])
            for (session, _), result in zip(batch, results, strict=True):
                session.take(result)
                if not session.ended:
                    pieces[id(session)].append(session.frames())
    return [concatenate([*pieces[id(session)], session.frames()]) for session in sessions]


def _run(model: WindowModel[W, R], windows: Sequence[W]) -> list[R]:
    """In smaller batches where memory is short. Raises MemoryError if it is too short for one."""
    try:
        return model.run(windows)
    except MemoryError:
        if len(windows) == 1:
            raise
    half = len(windows) // 2
    return _run(model, windows[:half]) + _run(model, windows[half:])
