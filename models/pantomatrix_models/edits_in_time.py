"""Edits of a live stream that change while it runs: the former give way to the next within a third of a second."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters import rotations
from pantomatrix_converters.motion import Motion

CHANGE_SECONDS = 0.3


@dataclass(frozen=True)
class _Change:
    first_frame: int
    finished: Callable[[Motion], Motion]


class EditsInTime:
    """What is done to each frame. finished: the edits from the first frame on."""

    def __init__(self, finished: Callable[[Motion], Motion]) -> None:
        self._changes = [_Change(0, finished)]
        self._fade_frames = 1.0

    def change(self, first_frame: int, finished: Callable[[Motion], Motion]) -> None:
        """Other edits from this frame on, and not before the ones that were asked for last."""
        change = _Change(max(first_frame, self._changes[-1].first_frame), finished)
        if len(self._changes) > 1 and self._changes[-1].first_frame == change.first_frame:
            self._changes.pop()  # nothing of it was seen
        self._changes.append(change)

    def apply(self, motion: Motion, first_frame: int) -> Motion:
        """The frames as they are sent. first_frame: of the first of them."""
        frames = np.arange(first_frame, first_frame + len(motion))
        self._fade_frames = max(1.0, CHANGE_SECONDS * motion.fps)
        shares = [np.clip((frames - one.first_frame + 1) / self._fade_frames, 0.0, 1.0) for one in self._changes]
        # What a later change has replaced in all of the frames is not computed: there may be many changes a second.
        begin = max((at for at, share in enumerate(shares) if share[0] == 1), default=0)
        result = self._changes[begin].finished(motion)
        for change, share in zip(self._changes[begin + 1 :], shares[begin + 1 :], strict=True):
            if share[-1] > 0:
                result = between(result, change.finished(motion), share * share * (3.0 - 2.0 * share))
        return result

    def forget(self, first_frame: int) -> None:
        """Frames before this one are not asked for again."""
        while len(self._changes) > 1 and self._changes[1].first_frame + self._fade_frames <= first_frame:
            del self._changes[0]


def between(first: Motion, second: Motion, share: NDArray[np.float64]) -> Motion:
    """Frame by frame between two motions of the same skeleton and curves. share: (T,) of the second, 0 to 1."""
    place = first.root_translation + share[:, None] * (second.root_translation - first.root_translation)
    quats = first.rotations_xyzw
    if first.has_body:
        quats = rotations.slerp(quats, second.rotations_xyzw, np.broadcast_to(share[:, None], quats.shape[:2]))
    face = first.face
    if face is not None and second.face is not None:
        weights = face.weights + share[:, None] * (second.face.weights - face.weights)
        face = replace(face, weights=weights.astype(np.float32))
    return replace(first, root_translation=place.astype(np.float32), rotations_xyzw=quats.astype(np.float32), face=face)
