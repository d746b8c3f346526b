"""From a network's own frames to frames at k / fps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters import rotations
from pantomatrix_converters.motion import FaceCurves, Motion
from pantomatrix_converters.skeleton import Skeleton

Array = NDArray[np.float64]

_CURVE_FRAMES = 2
"""Own frames after a moment that the curve there depends on."""


@dataclass(frozen=True, eq=False)
class OwnFrames:
    """Frames as a network makes them.

    quats: (P, J, 4) local rotations; translation: (P, 3) metres; face: (P, K) weights, K may be 0.
    """

    quats: Array
    translation: Array
    face: Array

    def __len__(self) -> int:
        return len(self.quats)

    def flat(self) -> Array:
        """(P, 4 J + 3 + K)."""
        return np.concatenate([self.quats.reshape(len(self), -1), self.translation, self.face], axis=1)

    @classmethod
    def from_flat(cls, flat: Array, joints: int) -> OwnFrames:
        """Inverse of `flat`."""
        quats = flat[:, : 4 * joints].reshape(len(flat), joints, 4)
        return cls(quats, flat[:, 4 * joints : 4 * joints + 3], flat[:, 4 * joints + 3 :])


class Timeline:
    """Lays own frames, a steady step apart, on a time axis and reads it at k / fps.

    Between own frames runs a Catmull-Rom curve (Catmull and Rom, 1974) through them, of quaternions by their components on
    one hemisphere: no corner in a movement where 15 frames a second become 60. Before the first and after the last, those
    hold. A frame that falls on an own frame is that frame.
    """

    def __init__(
        self,
        skeleton: Skeleton,
        face_rig: tuple[str, tuple[str, ...]] | None,
        *,
        start: float,
        step: float,
        fps: float,
    ) -> None:
        """start: time of own frame 0, seconds; step: between own frames, seconds; face_rig: name and curves."""
        self._skeleton, self._face_rig = skeleton, face_rig
        self._start, self._step, self._fps = start, step, fps
        self.joints = len(skeleton)
        size = 4 * self.joints + 3 + (len(face_rig[1]) if face_rig else 0)
        self._own = np.zeros((0, size))
        self._first_own = 0
        self._next_frame = 0

    def own_frames_for(self, frames: int) -> int:
        """How many own frames it takes to read the first `frames` without holding the last."""
        return max(1, int(np.ceil(((frames - 1) / self._fps - self._start) / self._step - 1e-6)) + 1)

    def push(self, own: OwnFrames, ahead: OwnFrames | None = None) -> Motion:
        """Lay further own frames on, read what they settle.

        ahead: what will probably follow them, so that the last of them can be read at once.
        """
        self._own = self._joined(own)
        settled = self._first_own + len(self._own) - _CURVE_FRAMES
        if ahead is None or not len(ahead):
            return self._read(self._frames_before(settled))
        laid = self._own
        settled = min(settled + len(ahead), self._first_own + len(laid) - 1)
        self._own = self._joined(ahead)
        motion = self._read(self._frames_until(settled))
        self._own = self._own[: len(self._own) - len(ahead)]
        return motion

    def _joined(self, own: OwnFrames) -> Array:
        if not len(own):
            return self._own
        flat = own.flat()
        before = self._own[-1] if len(self._own) else flat[0]
        return np.concatenate([self._own, self._on_one_hemisphere(flat, before)])

    def _frames_before(self, own: int) -> int:
        """Frames before the moment of an own frame."""
        return int(np.floor((self._start + own * self._step) * self._fps + 1e-6)) if own > 0 else 0

    def _frames_until(self, own: int) -> int:
        """Frames before and at the moment of an own frame."""
        return max(0, int(np.floor((self._start + own * self._step) * self._fps + 1e-6)) + 1)

    @property
    def nothing(self) -> Motion:
        """No frame."""
        return self._read(0)

    def finish(self, frames: int) -> Motion:
        """Read on until there have been `frames`."""
        return self._read(frames)

    def _on_one_hemisphere(self, flat: Array, before: Array) -> Array:
        quats = 4 * self.joints
        series = np.concatenate([before[None, :quats], flat[:, :quats]]).reshape(-1, self.joints, 4)
        flips = np.cumprod(np.where(np.sum(series[1:] * series[:-1], axis=-1) < 0, -1.0, 1.0), axis=0)
        flat = flat.copy()
        flat[:, :quats] = (series[1:] * flips[..., None]).reshape(len(flat), quats)
        return flat

    def _read(self, stop: int) -> Motion:
        times = np.arange(self._next_frame, max(stop, self._next_frame)) / self._fps
        self._next_frame += len(times)
        values = self._at(times) if len(times) else np.zeros((0, self._own.shape[1]))
        self._forget()
        joints = 4 * self.joints
        quats = rotations.normalize(values[:, :joints].reshape(len(times), self.joints, 4))
        face = None
        if self._face_rig:
            name, curves = self._face_rig
            face = FaceCurves(name, curves, values[:, joints + 3 :].astype(np.float32))
        translation = values[:, joints : joints + 3].astype(np.float32)
        return Motion(self._skeleton, self._fps, quats.astype(np.float32), translation, face)

    def _at(self, times: Array) -> Array:
        """(T, size) on the curve."""
        last = len(self._own) - 1
        position = np.clip((times - self._start) / self._step - self._first_own, 0, last)
        nearest = np.rint(position)
        position = np.where(np.abs(position - nearest) < 1e-6, nearest, position)
        before = np.minimum(position.astype(np.int64), max(last - 1, 0))
        u = (position - before)[:, None]
        p0, p1, p2, p3 = (self._own[np.clip(before + offset, 0, last)] for offset in (-1, 0, 1, 2))
        slope1, slope2 = 0.5 * (p2 - p0), 0.5 * (p3 - p1)
        h = u * u * (3 - 2 * u)
        return (1 - h) * p1 + h * p2 + u * (1 - u) ** 2 * slope1 - u * u * (1 - u) * slope2

    def _forget(self) -> None:
        needed = int(np.floor((self._next_frame / self._fps - self._start) / self._step)) - _CURVE_FRAMES
        drop = max(0, min(needed - self._first_own, len(self._own) - 2))
        self._own = self._own[drop:]
        self._first_own += drop
