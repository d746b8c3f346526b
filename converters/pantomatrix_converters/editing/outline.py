"""What is known of a motion before its frames are, and how one edit changes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from ..face.rigs import FaceRig
from ..motion import Motion
from ..retargeting.humanoid import HumanoidMap, guess_roles
from ..skeleton import Skeleton, load_skeleton
from .options import BodyPart

_LIKE = "smplx"
"""Its parts are those of roles: roles are its joints' names."""
_CHAINS = {"spine": BodyPart.UPPER_BODY, "neck": BodyPart.UPPER_BODY}


@dataclass(frozen=True, eq=False)
class Outline:
    """A motion without its frames.

    subject: what messages call it, such as "model 'builtin'". parts: what moves.
    face_rig, curve_names: of its face; empty without one.
    roles: the skeleton's, None for what names and hierarchy tell.
    on_floor: whether it stands at height 0, as its skeleton's rest pose does; where that is not known, it is measured.
    jaw_turns: whether the face turns the jaw's joint too; where that is not known, it is looked for in all frames.
    """

    subject: str
    skeleton: Skeleton
    fps: float
    parts: frozenset[BodyPart]
    face_rig: str = ""
    curve_names: tuple[str, ...] = ()
    roles: HumanoidMap | None = None
    on_floor: bool = False
    jaw_turns: bool = False

    @classmethod
    def of(cls, motion: Motion) -> Outline:
        """That of a motion which is there."""
        body = [part for part in BodyPart if part is not BodyPart.FACE] if motion.has_body else []
        face = motion.face
        return cls(
            "the motion",
            motion.skeleton,
            motion.fps,
            frozenset(body + ([BodyPart.FACE] if face else [])),
            face.rig if face else "",
            face.names if face else (),
        )

    @property
    def has_body(self) -> bool:
        """Whether there are joints."""
        return len(self.skeleton) > 0

    @cached_property
    def humanoid(self) -> HumanoidMap:
        """Which joint plays which part; roles may be missing."""
        return self.roles or guess_roles(self.skeleton)

    def joints_of(self, part: BodyPart) -> list[int]:
        """Indices of a part's joints: as the skeleton says, or else by roles; a joint without a role goes with its parent."""
        if self.skeleton.parts:
            return self.skeleton.indices(self.skeleton.parts.get(part, ()))
        return [joint for joint, own in enumerate(self._parts_by_role) if own is part]

    @cached_property
    def _parts_by_role(self) -> list[BodyPart | None]:
        known = {joint: BodyPart(part) for part, joints in load_skeleton(_LIKE).parts.items() for joint in joints}
        found: list[BodyPart | None] = []
        for joint, parent in zip(self.skeleton.joint_names, self.skeleton.parents, strict=True):
            role = self.humanoid.role_of(joint)
            own = _CHAINS.get(role) or known.get(role)
            found.append(own or (found[parent] if parent >= 0 else None))
        return found


def face_of(rig: FaceRig | None) -> dict[str, object]:
    """The fields of an outline that a rig gives."""
    return {"face_rig": rig.name if rig else "", "curve_names": rig.curve_names if rig else ()}


@dataclass(frozen=True, eq=False)
class Edit:
    """One change, checked and ready to be applied.

    apply: to a whole motion, or to a piece of one if `whole_clip` is empty; returns notes on what it found as well.
    after: what the motion is afterwards.
    notes: what a person should know, as far as that does not depend on the frames.
    whole_clip: why it needs all frames at once, as the beginning of a sentence. Empty: it works frame by frame, so that
    pieces and whole clips come out the same.
    frame_count: the number of frames after the edit, from the number before. Raises MotionError if no frame is left.
    """

    name: str
    apply: Callable[[Motion], tuple[Motion, tuple[str, ...]]]
    after: Outline
    notes: tuple[str, ...] = ()
    whole_clip: str = ""
    frame_count: Callable[[int], int] = int
