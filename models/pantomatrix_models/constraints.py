"""Poses that a motion must pass through."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters import rotations
from pantomatrix_converters.motion import Motion, concatenate
from pantomatrix_converters.retargeting.retarget import Retargeting
from pantomatrix_converters.skeleton import Skeleton

from .errors import OptionError

Array = NDArray[np.float64]

BLEND_SECONDS = 0.5
"""How long before and after a known pose the motion bends towards it."""

_ROOT_STAYS = (1.0, 0.0, 1.0)


@dataclass(frozen=True, eq=False)
class PoseConstraint:
    """What is known at one moment.

    time_seconds: of the audio. rotations: joint's name -> (4,) unit quaternion, local to the parent, canonical axes.
    root_translation: (3,) metres, or None if it is free.
    """

    time_seconds: float
    rotations: Mapping[str, Array]
    root_translation: Array | None = None


def check_constraints(
    constraints: Sequence[PoseConstraint], skeleton: Skeleton, seconds: float, start_seconds: float = 0.0
) -> None:
    """seconds: where the clip ends. start_seconds: where what is asked for of it begins. Raises OptionError with the field,
    UnknownNameError for a joint."""
    for index, constraint in enumerate(constraints):
        field = f"options.constraints[{index}]"
        if not start_seconds <= constraint.time_seconds <= seconds:
            raise OptionError(
                f"time {constraint.time_seconds:g} s lies outside of the clip, {start_seconds:g} to {seconds:g} s",
                f"{field}.time_seconds",
            )
        if not constraint.rotations and constraint.root_translation is None:
            raise OptionError("neither a joint nor the root is given", field)
        for joint, quat in constraint.rotations.items():
            skeleton.index(joint)
            if not abs(float(np.linalg.norm(quat)) - 1.0) < 1e-3:
                raise OptionError(f"the rotation of {joint!r} is not a unit quaternion", f"{field}.rotations")
        if constraint.root_translation is not None and not np.isfinite(constraint.root_translation).all():
            raise OptionError("the root's place is not finite", f"{field}.root_translation")


def pose_of(motion: Motion, frame: int, time_seconds: float, skeleton: Skeleton) -> PoseConstraint:
    """A frame of a motion as a pose for a motion on this skeleton to pass through at another time: every joint that the
    motion's own rig has, retargeted if it is another one, and the root's place.

    Raises MotionError for a rig that is not a humanoid that can be recognised.
    """
    at = range(len(motion))[frame]
    one, moved = motion.frames(at, at + 1), range(len(skeleton))
    if not motion.skeleton.same_joints(skeleton):
        retargeting = Retargeting(motion.skeleton, skeleton)
        one, moved = retargeting.apply(one), sorted({*retargeting.drivers, *retargeting.twist_joints})
    quats = rotations.normalize(one.rotations_xyzw[0].astype(np.float64))
    turns = {skeleton.joint_names[joint]: quats[joint] for joint in moved}
    return PoseConstraint(time_seconds, turns, one.root_translation[0].astype(np.float64))


class _Channel:
    """One joint's rotation (or the root's place) through time: how far the motion is off where it is known, spread over the
    frames between."""

    def __init__(self, stays: Sequence[float] = (0.0, 0.0, 0.0)) -> None:
        """stays: 1 for components that stay as far off after a known frame as they were there, until the next known one."""
        self._stays = np.array(stays)
        self.wanted: dict[int, Array] = {}
        self._frames: list[int] = []
        self._off: list[Array] = []

    def measure(self, frame: int, off: Array) -> None:
        """off: (3,) at a known frame; frames come in order."""
        self._frames.append(frame)
        self._off.append(off)

    @property
    def known(self) -> bool:
        """Whether anything has been measured yet."""
        return bool(self._frames)

    def correction(self, frames: Array, blend: int) -> Array:
        """frames: (T,). Returns (T, 3): exact where it is known, smooth around, from `blend` frames away zero or staying."""
        known, off = np.array(self._frames), np.stack(self._off)
        after = np.searchsorted(known, frames)
        left, right = np.clip(after - 1, 0, len(known) - 1), np.clip(after, 0, len(known) - 1)
        span = np.full(len(frames), float(blend))
        between = (after > 0) & (after < len(known))
        span[between] = np.minimum(known[right] - known[left], blend)[between]
        from_left = np.where(after > 0, _fade((frames - known[left]) / span), 0.0)[:, None]
        from_right = np.where(after < len(known), _fade((known[right] - frames) / span), 0.0)[:, None]
        stays = from_left + (after > 0)[:, None] * (1.0 - from_left - from_right) * self._stays
        return stays * off[left] + from_right * off[right]


def _fade(distance: Array) -> Array:
    """1 at 0, 0 from 1 on, with level ends."""
    u = np.clip(distance, 0.0, 1.0)
    return 1.0 - u * u * (3.0 - 2.0 * u)


def constrained(
    pieces: Iterable[Motion], constraints: Iterable[PoseConstraint], fps: float, frame_count: int
) -> Iterator[Motion]:
    """The pieces of a motion, bent to pass through known poses, each at the frame nearest to its time.

    Frames known one after another hold each; between two that lie less than BLEND_SECONDS apart the bend goes from one to the
    other. The root stays shifted along the floor after its place was known, so that a clip continues from where one before it
    ended. A piece leaves when no known pose ahead can change it any more.
    """
    blend = max(1, round(BLEND_SECONDS * fps))
    channels: dict[str | None, _Channel] = {}
    for constraint in constraints:
        frame = min(round(constraint.time_seconds * fps), frame_count - 1)
        for joint, quat in constraint.rotations.items():
            channels.setdefault(joint, _Channel()).wanted[frame] = np.asarray(quat, np.float64)
        if constraint.root_translation is not None:
            place = np.asarray(constraint.root_translation, np.float64)
            channels.setdefault(None, _Channel(_ROOT_STAYS)).wanted[frame] = place
    first, waiting = 0, None
    for piece in pieces:
        made = first + (len(waiting) if waiting is not None else 0)
        for joint, channel in channels.items():
            _measure(channel, joint, piece, made)
        waiting = piece if waiting is None else concatenate([waiting, piece])
        settled = len(waiting) if made + len(piece) >= frame_count else len(waiting) - blend
        if settled > 0:
            yield _bent(waiting.frames(0, settled), first, channels, blend)
            first += settled
            waiting = waiting.frames(settled, len(waiting))


def _measure(channel: _Channel, joint: str | None, piece: Motion, first: int) -> None:
    for frame in sorted(channel.wanted):
        place = frame - first
        if not 0 <= place < len(piece):
            continue
        wanted = channel.wanted[frame]
        if joint is None:
            channel.measure(frame, wanted - piece.root_translation[place])
        else:
            made = piece.rotations_xyzw[place, piece.skeleton.index(joint)]
            away = rotations.multiply(rotations.inverse(made), wanted)
            channel.measure(frame, rotations.axis_angle_from_quat(rotations.shortest(away)))


def _bent(motion: Motion, first: int, channels: Mapping[str | None, _Channel], blend: int) -> Motion:
    frames = np.arange(first, first + len(motion), dtype=np.float64)
    quats, translation = motion.rotations_xyzw.copy(), motion.root_translation.copy()
    for joint, channel in channels.items():
        if not channel.known:
            continue
        correction = channel.correction(frames, blend)
        if joint is None:
            translation += correction.astype(np.float32)
        else:
            column = motion.skeleton.index(joint)
            quats[:, column] = rotations.multiply(quats[:, column], rotations.quat_from_axis_angle(correction))
    return replace(motion, rotations_xyzw=quats, root_translation=translation)
