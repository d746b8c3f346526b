"""`Motion`, the one currency: every reader and every model makes one, every writer takes one."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .errors import MotionError
from .provenance import Provenances
from .ranges import FPS
from .skeleton import NO_JOINTS, Skeleton


@dataclass(frozen=True, eq=False)
class FaceCurves:
    """Face motion as named curves.

    rig: name of the face rig, "arkit52" or "flame100+jaw" (see face_rigs).
    names: K curve names, all different.
    weights: (T, K) float32. ARKit: 0 to 1. FLAME: coefficients, and radians for the jaw.
    Raises MotionError.
    """

    rig: str
    names: tuple[str, ...]
    weights: NDArray[np.float32]

    def __post_init__(self) -> None:
        if len(set(self.names)) != len(self.names):
            twice = next(name for name in self.names if self.names.count(name) > 1)
            raise MotionError(f"face curve {twice!r} is named twice, expected names that are all different")
        weights = _frozen(self.weights)
        if weights.ndim != 2 or weights.shape[1] != len(self.names):
            raise MotionError(f"face weights have shape {weights.shape}, expected (frames, {len(self.names)})")
        if not np.isfinite(weights).all():
            frame, curve = np.argwhere(~np.isfinite(weights))[0]
            raise MotionError(f"face weight of {self.names[curve]!r} in frame {frame} is NaN or infinity")
        object.__setattr__(self, "weights", weights)

    def __repr__(self) -> str:
        return f"FaceCurves({self.rig!r}, {len(self.names)} curves, {len(self.weights)} frames)"


@dataclass(frozen=True, eq=False)
class Motion:
    """Poses of a skeleton, and of a face, over time. Frame k is at k / fps seconds.

    fps: frames per second.
    rotations_xyzw: (T, J, 4) float32 unit quaternions, local to the parent, canonical axes; they replace rest rotations.
    root_translation: (T, 3) float32 position of the root joint in the world, metres.
    face: curves with the same T, or None.
    provenance: what it was made from, if that is known.
    The arrays are made read-only. Raises MotionError.
    """

    skeleton: Skeleton
    fps: float
    rotations_xyzw: NDArray[np.float32]
    root_translation: NDArray[np.float32]
    face: FaceCurves | None = None
    provenance: Provenances = ()

    def __post_init__(self) -> None:
        check_fps(self.fps)
        rotations, translation = _frozen(self.rotations_xyzw), _frozen(self.root_translation)
        frames, joints = len(translation), len(self.skeleton)
        if translation.shape != (frames, 3):
            raise MotionError(f"root_translation has shape {translation.shape}, expected (frames, 3)")
        if rotations.shape != (frames, joints, 4):
            raise MotionError(f"rotations_xyzw has shape {rotations.shape}, expected ({frames}, {joints}, 4)")
        if not np.isfinite(translation).all():
            raise MotionError(f"root_translation of frame {np.argwhere(~np.isfinite(translation))[0][0]} is not finite")
        error = np.abs(np.einsum("tjc,tjc->tj", rotations, rotations) - 1.0)
        if not (error <= 2e-3).all():
            frame, joint = np.argwhere(~(error <= 2e-3))[0]
            name = self.skeleton.joint_names[joint]
            raise MotionError(f"rotation of joint {name!r} in frame {frame} is not a unit quaternion")
        if self.face is not None and len(self.face.weights) != frames:
            raise MotionError(f"the face has {len(self.face.weights)} frames, the body {frames}")
        object.__setattr__(self, "rotations_xyzw", rotations)
        object.__setattr__(self, "root_translation", translation)

    def __repr__(self) -> str:
        face = f", {self.face.rig!r} with {len(self.face.names)} curves" if self.face else ""
        body = f", {self.skeleton.name!r} with {len(self.skeleton)} joints" if self.has_body else ""
        return f"Motion({len(self)} frames at {self.fps:g} fps, {self.duration_seconds:.2f} s{body}{face})"

    def __len__(self) -> int:
        """Number of frames, T."""
        return len(self.root_translation)

    @property
    def duration_seconds(self) -> float:
        """Time covered: T / fps."""
        return len(self) / self.fps

    @property
    def has_body(self) -> bool:
        """Whether there are joints."""
        return len(self.skeleton) > 0

    def frames(self, start: int, stop: int) -> Motion:
        """The frames start to stop, stop not included."""
        part = copy(self)  # what is whole in the motion is whole in a part: nothing has to be checked again
        object.__setattr__(part, "rotations_xyzw", self.rotations_xyzw[start:stop])
        object.__setattr__(part, "root_translation", self.root_translation[start:stop])
        if self.face is not None:
            face = copy(self.face)
            object.__setattr__(face, "weights", self.face.weights[start:stop])
            object.__setattr__(part, "face", face)
        return part


def face_motion(face: FaceCurves, fps: float) -> Motion:
    """A motion that is a face alone."""
    frames = len(face.weights)
    return Motion(NO_JOINTS, fps, np.zeros((frames, 0, 4), np.float32), np.zeros((frames, 3), np.float32), face)


def concatenate(pieces: Sequence[Motion]) -> Motion:
    """Pieces of one motion, in order. They share skeleton, fps and curves; at least one is needed."""
    first = pieces[0]
    face = first.face and replace(
        first.face, weights=np.concatenate([piece.face.weights for piece in pieces if piece.face is not None])
    )
    return replace(
        first,
        rotations_xyzw=np.concatenate([piece.rotations_xyzw for piece in pieces]),
        root_translation=np.concatenate([piece.root_translation for piece in pieces]),
        face=face,
    )


def check_fps(fps: float, field: str = "") -> float:
    """The same number. Raises MotionError unless it is 1 to 240."""
    return FPS.check(fps, "fps", field)


def frames_in(seconds: float, fps: float) -> int:
    """Number of frames k >= 0 with k / fps < seconds: a clip of any length above 0 has at least one."""
    return max(0, int(np.ceil(seconds * fps - 1e-6)))


def _frozen(array: NDArray[np.float32]) -> NDArray[np.float32]:
    frozen = np.ascontiguousarray(array, np.float32)
    if frozen is array and frozen.flags.writeable:
        frozen = frozen.view()
    frozen.flags.writeable = False
    return frozen
