"""Edits that work frame by frame. Each check gives nothing where nothing is asked for."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from .. import rotations
from ..errors import MotionError, UnknownNameError, UnsupportedError
from ..face.conversion import check_face_rig, with_face_rig
from ..face.flame_arkit import JAW, ArkitMatrix
from ..face.rigs import FLAME, UNIT_RIGS, face_rig
from ..motion import Motion
from ..ranges import SCALE, STRENGTH
from ..retargeting.hand_contact import HandContact
from ..retargeting.humanoid import HumanoidMap, guess_roles
from ..retargeting.retarget import Retargeting
from ..retargeting.roles import REQUIRED
from ..skeleton import Skeleton, load_skeleton
from .mirror import check_sides, mirrored
from .options import BodyPart, MotionEdits, RootMode
from .outline import Edit, Outline, face_of
from .root import with_root

Applied = tuple[Motion, tuple[str, ...]]


def check_mirror(edits: MotionEdits, before: Outline, matrix: ArkitMatrix | None) -> Edit | None:
    """Left and right exchanged. Raises UnsupportedError if the joints have no sides."""
    if not edits.mirror:
        return None
    if before.has_body:
        check_sides(before.skeleton)
    notes = ()
    if before.face_rig == FLAME.name:
        notes = ("FLAME expressions have no left and right: only the jaw is mirrored",)
    return Edit("mirror", lambda motion: (mirrored(motion), ()), before, notes)


def check_face(edits: MotionEdits, before: Outline, matrix: ArkitMatrix | None) -> Edit | None:
    """The face in another rig. Raises UnknownNameError, UnsupportedError if it cannot become one of that rig."""
    if not edits.face_rig:
        return None
    rig = face_rig(edits.face_rig)
    if edits.parts and BodyPart.FACE not in edits.parts:
        return None
    if not before.face_rig:
        raise UnsupportedError(f"{before.subject} has no face that could become {rig.name!r}")
    if before.face_rig == rig.name:
        return None
    notes = check_face_rig(before.face_rig, rig, matrix)
    looked_for = rig is FLAME and JAW in before.skeleton.joint_names and not before.jaw_turns

    def apply(motion: Motion) -> Applied:
        changed, found = with_face_rig(motion, rig.name, matrix, before.jaw_turns or None)
        return changed, tuple(note for note in found if note not in notes)

    return Edit(
        "face_rig",
        apply,
        replace(before, **face_of(rig)),
        notes,
        whole_clip="whether the jaw's joint turns shows in the whole clip" if looked_for else "",
    )


def check_parts(edits: MotionEdits, before: Outline, matrix: ArkitMatrix | None) -> Edit | None:
    """The other parts at rest; no face if that is one of them. Raises UnsupportedError for a part that does not move."""
    absent = [part for part in edits.parts if part not in before.parts]
    if absent:
        raise UnsupportedError(
            f"{before.subject} does not move {absent[0]} (it moves {', '.join(sorted(before.parts)) or 'nothing'})"
        )
    dropped = before.parts - set(edits.parts)
    if not edits.parts or not dropped:
        return None
    skeleton = before.skeleton
    joints = [joint for part in BodyPart if part in dropped for joint in before.joints_of(part)]
    after = replace(before, parts=before.parts - dropped)
    if BodyPart.FACE in dropped:
        after = replace(after, **face_of(None))

    def apply(motion: Motion) -> Applied:
        quats = motion.rotations_xyzw.copy()
        quats[:, joints] = skeleton.rest_rotations_xyzw[joints]
        translation = motion.root_translation
        if BodyPart.TRANSLATION in dropped:
            translation = np.broadcast_to(skeleton.rest_translations[0].astype(np.float32), translation.shape)
        face = None if BodyPart.FACE in dropped else motion.face
        return replace(motion, rotations_xyzw=quats, root_translation=translation, face=face), ()

    return Edit("parts", apply, after)


def check_part_strengths(edits: MotionEdits, before: Outline, matrix: ArkitMatrix | None) -> Edit | None:
    """Rotations away from the rest pose, the root's way and the face's weights by their part's factor. Raises MotionError."""
    if not edits.part_strengths:
        return None
    field = "options.part_strengths"
    gains = dict(edits.part_strengths)
    if len(gains) < len(edits.part_strengths):
        raise MotionError("a part occurs twice", field)
    for part, gain in gains.items():
        STRENGTH.check(gain, f"the gain of {part}", field)
    skeleton = before.skeleton
    joint_gains = np.ones(len(skeleton))
    for part, gain in gains.items() if before.has_body else ():
        joint_gains[before.joints_of(part)] = gain
    moved = np.flatnonzero(joint_gains != 1)
    rest = skeleton.rest_rotations_xyzw[moved]

    def apply(motion: Motion) -> Applied:
        if motion.has_body:
            quats = motion.rotations_xyzw.copy()
            away = rotations.shortest(rotations.multiply(rotations.inverse(rest), quats[:, moved]))
            scaled = rotations.axis_angle_from_quat(away) * joint_gains[moved, None]
            quats[:, moved] = rotations.multiply(rest, rotations.quat_from_axis_angle(scaled))
            home = skeleton.rest_translations[0]
            translation = home + (motion.root_translation - home) * gains.get(BodyPart.TRANSLATION, 1.0)
            motion = replace(motion, rotations_xyzw=quats, root_translation=translation.astype(np.float32))
        face, gain = motion.face, gains.get(BodyPart.FACE, 1.0)
        if face is not None and gain != 1:
            weights = face.weights * np.float32(gain)
            weights = np.clip(weights, 0, 1) if face.rig in UNIT_RIGS else weights
            motion = replace(motion, face=replace(face, weights=weights))
        return motion, ()

    return Edit("part_strengths", apply, before)


def check_curve_adjustments(edits: MotionEdits, before: Outline, matrix: ArkitMatrix | None) -> Edit | None:
    """Corrections of face curves. Raises UnknownNameError, MotionError."""
    if not edits.curve_adjustments:
        return None
    field = "options.curve_adjustments"
    names = before.curve_names
    columns = []
    for adjustment in edits.curve_adjustments:
        if adjustment.curve not in names:
            raise UnknownNameError("face curve", adjustment.curve, names)
        column = names.index(adjustment.curve)
        if column in columns:
            raise MotionError(f"curve {adjustment.curve!r} occurs twice", field)
        numbers = (adjustment.gain, adjustment.offset, adjustment.minimum, adjustment.maximum)
        if not np.isfinite(numbers).all() or adjustment.minimum > adjustment.maximum:
            raise MotionError(f"curve {adjustment.curve!r}: expected finite numbers with minimum <= maximum", field)
        columns.append(column)
    gain, offset, minimum, maximum = (
        np.array([getattr(adjustment, name) for adjustment in edits.curve_adjustments], np.float32)
        for name in ("gain", "offset", "minimum", "maximum")
    )

    def apply(motion: Motion) -> Applied:
        assert motion.face is not None
        weights = motion.face.weights.copy()
        weights[:, columns] = np.clip(weights[:, columns] * gain + offset, minimum, maximum)
        return replace(motion, face=replace(motion.face, weights=weights)), ()

    return Edit("curve_adjustments", apply, before)


def check_root(edits: MotionEdits, before: Outline, matrix: ArkitMatrix | None) -> Edit | None:
    """The root held in its place, or in its place and turn."""
    if edits.root_mode is RootMode.FREE or not before.has_body:
        return None
    return Edit("root_mode", lambda motion: (with_root(motion, edits.root_mode), ()), before)


def check_skeleton(edits: MotionEdits, before: Outline, matrix: ArkitMatrix | None) -> Edit | None:
    """The motion on another skeleton. Raises UnknownNameError, MotionError for one that is not a humanoid, UnsupportedError
    for a face alone."""
    if edits.skeleton == "":
        if edits.joint_map:
            raise MotionError("a joint map belongs to a skeleton: say which one", "options.joint_map")
        if edits.hand_contact:
            raise MotionError("hand contact belongs to a skeleton: say which one", "options.hand_contact")
        return None
    target = load_skeleton(edits.skeleton) if isinstance(edits.skeleton, str) else edits.skeleton
    if target.character is not None and (not before.has_body or (before.face_rig and _is_head(target, edits))):
        return _onto_head(target, before)
    if not before.has_body:
        raise UnsupportedError("a face alone has no joints to retarget")
    if before.roles is None and before.skeleton.character is None and target.character is None:
        retargeting = _retargeting(before.skeleton, target, tuple(edits.joint_map))
    else:  # not kept: a character's file may be large
        target_map = HumanoidMap.of_pairs(edits.joint_map, target) if edits.joint_map else None
        retargeting = Retargeting(before.skeleton, target, before.roles, target_map)
    contact = _hand_contact(retargeting) if edits.hand_contact and not retargeting.is_identity else None

    def apply(motion: Motion) -> Applied:
        moved = retargeting.apply(motion)
        return contact.apply(motion, moved) if contact else moved, ()

    return Edit(
        "skeleton",
        apply,
        replace(before, skeleton=target, roles=retargeting.target_map, on_floor=True),
        notes=(*retargeting.source_map.notes, *retargeting.target_map.notes),
    )


def _is_head(target: Skeleton, edits: MotionEdits) -> bool:
    """Whether nothing of a body can be told, a head at most."""
    return not edits.joint_map and set(guess_roles(target).missing) >= {*REQUIRED} - {"head"}


def _onto_head(target: Skeleton, before: Outline) -> Edit:
    """A face alone, or one on a character that is a head: the character's own shapes move and nothing else."""
    assert target.character is not None
    nothing = np.zeros((0, 3))
    head = Skeleton.build(target.name, (), (), nothing, character=replace(target.character, nodes=()))
    notes = (f"{target.name} has no joints of a body: only its face moves",) if before.has_body else ()

    def apply(motion: Motion) -> Applied:
        frames = len(motion)
        still = np.zeros((frames, 0, 4), np.float32), np.zeros((frames, 3), np.float32)
        return Motion(head, motion.fps, *still, motion.face), ()

    parts = before.parts & {BodyPart.FACE}
    return Edit("skeleton", apply, replace(before, skeleton=head, parts=parts), notes)


@lru_cache(maxsize=32)
def _retargeting(source: Skeleton, target: Skeleton, joint_map: tuple[tuple[str, str], ...]) -> Retargeting:
    return Retargeting(source, target, None, HumanoidMap.of_pairs(joint_map, target) if joint_map else None)


def _hand_contact(retargeting: Retargeting) -> HandContact:
    return HandContact(retargeting.source, retargeting.source_map, retargeting.target, retargeting.target_map)


def check_size(edits: MotionEdits, before: Outline, matrix: ArkitMatrix | None) -> Edit | None:
    """A body of another size. Raises MotionError."""
    factor = SCALE.check(edits.scale, "scale", "options.scale")
    if factor == 1.0:
        return None
    skeleton = before.skeleton.scaled(factor)

    def apply(motion: Motion) -> Applied:
        return replace(motion, skeleton=skeleton, root_translation=motion.root_translation * np.float32(factor)), ()

    return Edit("scale", apply, replace(before, skeleton=skeleton))
