"""The edits in their order, and a request for some of them, checked before any work."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from ..errors import LimitError, UnsupportedError, in_field
from ..face.flame_arkit import ArkitMatrix
from ..formats import ReadLimits
from ..motion import Motion, concatenate
from ..retargeting.humanoid import HumanoidMap
from .clip_edits import check_cut, check_floor, check_foot_lock, check_rate, check_smooth
from .frame_edits import (
    check_curve_adjustments,
    check_face,
    check_mirror,
    check_part_strengths,
    check_parts,
    check_root,
    check_size,
    check_skeleton,
)
from .options import OF_FILES, MotionEdits
from .outline import Edit, Outline

Check = Callable[[MotionEdits, Outline, ArkitMatrix | None], Edit | None]

EDITS: dict[str, Check] = {
    "floor": check_floor,
    "start_seconds": check_cut,
    "mirror": check_mirror,
    "face_rig": check_face,
    "parts": check_parts,
    "part_strengths": check_part_strengths,
    "curve_adjustments": check_curve_adjustments,
    "root_mode": check_root,
    "smooth_seconds": check_smooth,
    "skeleton": check_skeleton,
    "fps": check_rate,
    "foot_lock": check_foot_lock,
    "scale": check_size,
}
"""Each edit's option -> its check, in the order in which they are applied. The floor is the whole clip's, wherever it is cut.
What is left out comes before what is computed; faces change before
their curves are named; parts, root and smoothing are of the motion's own skeleton; feet are held where the frames will be.
Axes are not an edit: they change where frames and files are written."""

_PIECE_SECONDS = 4.0


@dataclass(frozen=True, eq=False)
class EditPlan:
    """Edits that are asked for, checked. after: what the motion is when all are done."""

    edits: tuple[Edit, ...]
    after: Outline

    @property
    def whole_clip(self) -> str:
        """Why the first edit that needs all frames at once does, as the beginning of a sentence; empty if none does."""
        return next((edit.whole_clip for edit in self.edits if edit.whole_clip), "")

    @property
    def notes(self) -> tuple[str, ...]:
        """What a person should know before any frame is there."""
        return tuple(note for edit in self.edits for note in edit.notes)

    def frame_count(self, frames: int) -> int:
        """The number of frames after all edits, from the number before. Raises MotionError if no frame is left."""
        for edit in self.edits:
            frames = edit.frame_count(frames)
        return frames

    def apply(self, motion: Motion) -> tuple[Motion, tuple[str, ...]]:
        """A whole motion, or a piece of one if no edit needs the whole clip; and notes on what was found in it."""
        notes: list[str] = []
        for edit in self.edits:
            motion, found = edit.apply(motion)
            notes += found
        return motion, tuple(notes)

    def pieces(self, pieces: Iterable[Motion]) -> Iterator[Motion]:
        """The pieces of a motion in order. From the first edit that needs the whole clip on, that is waited for."""
        at = next((number for number, edit in enumerate(self.edits) if edit.whole_clip), len(self.edits))
        first, rest = EditPlan(self.edits[:at], self.after), EditPlan(self.edits[at:], self.after)
        pieces = (first.apply(piece)[0] for piece in pieces)
        if not rest.edits:
            yield from pieces
            return
        whole = rest.apply(concatenate(list(pieces)))[0]
        size = max(1, round(_PIECE_SECONDS * whole.fps))
        yield from (whole.frames(start, start + size) for start in range(0, len(whole), size))

    def split(self, option: str) -> tuple[EditPlan, EditPlan]:
        """What comes before the edit of that option, and it with what comes after."""
        order = list(EDITS)
        at = sum(order.index(edit.name) < order.index(option) for edit in self.edits)
        return EditPlan(self.edits[:at], self.after), EditPlan(self.edits[at:], self.after)


def plan_edits(edits: MotionEdits, before: Outline, matrix: ArkitMatrix | None = None) -> EditPlan:
    """Check what is asked for against what is known of a motion.

    matrix: for faces between FLAME and ARKit, if there is one.
    Raises InvalidInputError with the field, UnknownNameError, UnsupportedError.
    """
    with in_field("options.coordinate_system"):
        _ = edits.coordinates
    for option in OF_FILES:
        with in_field(f"options.{option}"):
            if getattr(edits, option) != getattr(edits.once_read(), option):
                raise UnsupportedError(f"{option} says how a file is read, and {before.subject} is none")
    if edits.source_joint_map:
        roles = HumanoidMap.of_pairs(edits.source_joint_map, before.skeleton, "--source-joint-map")
        before = replace(before, roles=roles)
    planned = []
    for option, check in EDITS.items():
        with in_field(f"options.{option}"):
            edit = check(edits, before, matrix)
        if edit is not None:
            planned.append(edit)
            before = edit.after
    return EditPlan(tuple(planned), before)


def edited(
    motion: Motion, edits: MotionEdits, matrix: ArkitMatrix | None = None, limits: ReadLimits | None = None
) -> tuple[Motion, tuple[str, ...]]:
    """The motion as asked for, and notes. Raises what `plan_edits` does, LimitError before memory is taken for too much."""
    plan = plan_edits(edits, Outline.of(motion), matrix)
    limits = limits or ReadLimits()
    frames = plan.frame_count(len(motion))
    if frames > limits.max_frames:
        raise LimitError(f"{frames} frames at {plan.after.fps:g} a second, at most {limits.max_frames} are allowed")
    joints = max(len(motion.skeleton), len(plan.after.skeleton))
    limits.check_size(frames, joints, len(motion.face.names) if motion.face else 0, "the result")
    motion, notes = plan.apply(motion)
    return motion, (*plan.notes, *notes)
