"""Hands that touch in the source touch on bodies of other proportions."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from motions import angle_between, random_motion
from pantomatrix_converters import rotations
from pantomatrix_converters.editing.options import MotionEdits
from pantomatrix_converters.editing.plan import edited
from pantomatrix_converters.errors import MotionError, UnsupportedError
from pantomatrix_converters.kinematics import forward_kinematics, rest_pose
from pantomatrix_converters.motion import Motion, concatenate
from pantomatrix_converters.retargeting.hand_contact import HandContact
from pantomatrix_converters.retargeting.humanoid import HumanoidMap, guess_roles
from pantomatrix_converters.retargeting.inverse_kinematics import two_bone
from pantomatrix_converters.retargeting.retarget import Retargeting
from pantomatrix_converters.retargeting.roles import FINGERS
from pantomatrix_converters.skeleton import Skeleton, load_skeleton

pytestmark = pytest.mark.unit

SMPLX = load_skeleton("smplx")
SIDES = ("left", "right")
HAND = ("wrist", *(f"{finger}{segment}" for finger in FINGERS for segment in (1, 2, 3)))


def with_wrists(places: np.ndarray, turns: np.ndarray | None = None) -> Motion:
    """SMPL-X with its wrists at (2, T, 3), elbows down. turns: (2, T, 4) of the wrists in the world."""
    rest, _ = rest_pose(SMPLX)
    frames = places.shape[1]
    quats = np.tile(SMPLX.rest_rotations_xyzw, (frames, 1, 1))
    for side, goal, out in zip(SIDES, places, (1.0, -1.0), strict=True):
        shoulder, elbow, wrist = SMPLX.indices([f"{side}_{role}" for role in ("shoulder", "elbow", "wrist")])
        upper, lower = two_bone(
            np.tile(rest[shoulder], (frames, 1)),
            goal,
            [0.6 * out, -1.0, -0.2],
            upper_rest=rest[elbow] - rest[shoulder],
            lower_rest=rest[wrist] - rest[elbow],
            hinge_rest=[0.0, -out, 0.0],
        )
        quats[:, shoulder], quats[:, elbow] = upper, rotations.multiply(rotations.inverse(upper), lower)
        if turns is not None:
            quats[:, wrist] = rotations.multiply(rotations.inverse(lower), turns[SIDES.index(side)])
    return Motion(
        SMPLX, 30.0, quats.astype(np.float32), np.tile(SMPLX.rest_translations[0], (frames, 1)).astype(np.float32)
    )


def clasping() -> Motion:
    """Hands come together before the belly within a second, and are moved about for another; they overlap by some
    centimetres, as clasped ones do."""
    time = np.linspace(0, 2, 61)
    gap = 0.3 * np.clip(1 - time, 0, 1) + 0.012
    middle = SMPLX.rest_translations[0] + np.stack(
        [0.05 * np.sin(6 * time), 0.2 + 0.1 * np.cos(4 * time), 0 * time + 0.28], 1
    )
    across = np.stack([gap, 0 * gap, 0 * gap], 1)
    return with_wrists(np.stack([middle + across, middle - across]))


TOGETHER = slice(32, None)


def apart(motion: Motion) -> np.ndarray:
    """(T,) metres between the nearest joints of both hands."""
    roles = guess_roles(motion.skeleton).roles
    at, _ = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)
    hands = [
        np.stack([at[:, motion.skeleton.index(roles[f"{side}_{role}"])] for role in HAND if f"{side}_{role}" in roles])
        for side in SIDES
    ]
    return np.linalg.norm(hands[0][:, None] - hands[1], axis=-1).min(axis=(0, 1))


def proportions(arms: float = 1.0, shoulders: float = 1.0, hands: float = 1.0, legs: float = 1.0) -> Skeleton:
    """SMPL-X with other lengths."""
    factors = {"elbow": arms, "wrist": arms, "shoulder": shoulders, "knee": legs, "ankle": legs}
    factors |= dict.fromkeys(HAND[1:], hands)
    offsets = SMPLX.rest_translations.copy()
    for side in SIDES:
        for role, factor in factors.items():
            offsets[SMPLX.index(f"{side}_{role}")] *= factor
    return Skeleton.build("other", SMPLX.joint_names, SMPLX.parents, offsets)


BODIES = {
    **{name: load_skeleton(name) for name in ("mixamo", "ue5_manny", "ue4_mannequin", "ready_player_me", "vrm1", "beat_vicon75")},
    "long arms": proportions(arms=1.25),
    "short arms": proportions(arms=0.8),
    "wide shoulders": proportions(shoulders=1.5),
    "narrow shoulders": proportions(shoulders=0.7),
    "large hands": proportions(arms=1.1, hands=1.3),
    "child": proportions(arms=0.85).scaled(0.6),
}  # fmt: skip


def moved(motion: Motion, target: Skeleton) -> tuple[Motion, Motion]:
    """Without hand contact and with it."""
    retargeting = Retargeting(motion.skeleton, target)
    loose = retargeting.apply(motion)
    contact = HandContact(motion.skeleton, retargeting.source_map, target, retargeting.target_map)
    return loose, contact.apply(motion, loose)


@pytest.mark.parametrize("name", BODIES)
def test_clasped_hands_stay_clasped(name: str) -> None:
    source = clasping()
    loose, held = moved(source, BODIES[name])
    scale = BODIES[name].rest_translations[0, 1] / 0.93 if name == "child" else 1.0
    before, after = (np.abs(apart(motion) - apart(source) * scale)[TOGETHER].max() for motion in (loose, held))
    assert after < 0.02
    assert after < before + 0.005
    np.testing.assert_array_equal(held.rotations_xyzw[0], loose.rotations_xyzw[0])


@pytest.mark.parametrize("name", BODIES)
def test_nothing_leaps_and_hands_keep_their_turns(name: str) -> None:
    loose, held = moved(clasping(), BODIES[name])
    roles = guess_roles(held.skeleton).roles
    (at, world), (_, was) = (
        forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation) for motion in (held, loose)
    )
    assert np.linalg.norm(np.diff(at, 2, axis=0), axis=-1).max() * 30**2 < 60
    others = [at for at, joint in enumerate(held.skeleton.joint_names) if not _on_arm(roles, joint)]
    assert angle_between(world[:, others], was[:, others]).max() < 1e-3
    np.testing.assert_array_equal(held.root_translation, loose.root_translation)


def _on_arm(roles: dict[str, str], joint: str) -> bool:
    role = next((role for role, name in roles.items() if name == joint), "twist")
    return role.endswith(("shoulder", "elbow")) or role == "twist"


def test_hands_apart_are_left_alone() -> None:
    source = clasping().frames(0, 12)
    loose, held = moved(source, BODIES["wide shoulders"])
    np.testing.assert_array_equal(held.rotations_xyzw, loose.rotations_xyzw)


@pytest.mark.parametrize("part", ["head", "hip", "thigh"])
@pytest.mark.parametrize("name", ["long arms", "short arms", "mixamo", "ue5_manny"])
def test_a_hand_on_the_body_stays_on_it(part: str, name: str) -> None:
    """The distance of the nearest joint of the hand to the line through the part of the body."""
    rest, _ = rest_pose(SMPLX)
    lines = {
        "head": (rest[SMPLX.index("head")], rest[SMPLX.index("head")] + [0.0, 0.12, 0.0]),
        "hip": (rest[SMPLX.index("left_hip")], rest[SMPLX.index("right_hip")]),
        "thigh": (rest[SMPLX.index("left_hip")], rest[SMPLX.index("left_knee")]),
    }
    place = {
        "head": lines["head"][1] + [0.2, -0.05, 0.06],
        "hip": lines["hip"][0] + [0.16, 0.1, 0.05],
        "thigh": 0.8 * lines["thigh"][0] + 0.2 * lines["thigh"][1] + [0.12, 0.14, 0.06],
    }[part]
    away = rest[SMPLX.index("right_wrist")]
    source = with_wrists(np.tile(np.stack([place, away])[:, None], (1, 4, 1)))
    held = moved(source, BODIES[name])[1]
    distances = [_from_part(motion, part) for motion in (source, held)]
    assert distances[0] < 0.18
    assert abs(distances[1] - distances[0]) < 0.03


def _from_part(motion: Motion, part: str) -> float:
    roles = guess_roles(motion.skeleton).roles
    at, world = forward_kinematics(motion.skeleton, motion.rotations_xyzw[:1], motion.root_translation[:1])
    place = {role: at[0, motion.skeleton.index(joint)] for role, joint in roles.items()}
    up = (rest_pose(motion.skeleton)[0])[motion.skeleton.index(roles["head"])]
    assert up[1] > 0
    assert world.shape[0] == 1
    start, end = {
        "head": (place["head"] + [0, 0.12, 0], place["head"] + [0, 0.1201, 0]),
        "hip": (place["left_hip"], place["right_hip"]),
        "thigh": (place["left_hip"], place["left_knee"]),
    }[part]
    hand = np.stack([place[f"left_{role}"] for role in HAND if f"left_{role}" in place])
    share = np.clip((hand - start) @ (end - start) / ((end - start) @ (end - start)), 0, 1)[:, None]
    return float(np.linalg.norm(hand - start - share * (end - start), axis=1).min())


def test_hands_without_fingers() -> None:
    """A target and a source whose hands end at the wrist: the hand goes on as the forearm does."""
    kept = [at for at, joint in enumerate(SMPLX.joint_names) if not any(finger in joint for finger in FINGERS)]
    order = {joint: at for at, joint in enumerate(kept)}
    plain = Skeleton.build(
        "no fingers",
        [SMPLX.joint_names[at] for at in kept],
        [order.get(int(SMPLX.parents[at]), -1) for at in kept],
        proportions(arms=1.2, shoulders=1.2).rest_translations[kept],
    )
    source = clasping()
    for first, second in ((source, plain), (Retargeting(SMPLX, plain).apply(source), proportions(arms=0.9))):
        loose, held = moved(first, second)
        wrists = []
        for motion in (first, loose, held):
            at, _ = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)
            left, right = motion.skeleton.indices(("left_wrist", "right_wrist"))
            wrists.append(np.linalg.norm(at[:, left] - at[:, right], axis=1)[TOGETHER])
        assert np.isfinite(held.rotations_xyzw).all()
        near = wrists[0] < 0.05
        if near.any():
            assert np.abs(wrists[2] - wrists[0])[near].max() < 0.03


def test_pieces_come_out_as_the_whole() -> None:
    source = clasping()
    edits = MotionEdits(skeleton="ue5_manny", hand_contact=True)
    whole = edited(source, edits)[0]
    pieces = [edited(source.frames(*ends), edits)[0] for ends in pairwise((0, 1, 20, 37, 38, 61))]
    made = concatenate(pieces)
    np.testing.assert_allclose(made.rotations_xyzw, whole.rotations_xyzw, atol=1e-6)
    assert (
        np.abs(whole.rotations_xyzw - edited(source, MotionEdits(skeleton="ue5_manny"))[0].rotations_xyzw).max() > 0.01
    )


def test_any_pose_gives_rotations() -> None:
    motion = random_motion(200, angle=1.5)
    for name in ("mixamo", "vrm1"):
        held = moved(motion, load_skeleton(name))[1]
        np.testing.assert_allclose(np.linalg.norm(held.rotations_xyzw, axis=-1), 1.0, atol=1e-5)


def test_what_cannot_be_done_is_said() -> None:
    with pytest.raises(MotionError, match="hand contact belongs to a skeleton"):
        edited(clasping(), MotionEdits(hand_contact=True))
    names, parents = list(SMPLX.joint_names), SMPLX.parents.copy()
    offsets = SMPLX.rest_translations
    at = SMPLX.index("left_elbow")
    names.insert(at, "between")
    parents = np.where(parents >= at, parents + 1, parents)
    parents = np.insert(parents, at, SMPLX.index("left_shoulder"))
    parents[at + 1] = at
    odd = Skeleton.build("odd", names, parents, np.insert(offsets, at, [0.1, 0, 0], axis=0))
    roles = HumanoidMap(guess_roles(SMPLX).roles, guess_roles(SMPLX).chains)
    with pytest.raises(UnsupportedError, match="needs a left arm of shoulder, elbow and wrist in a row"):
        HandContact(SMPLX, guess_roles(SMPLX), odd, roles)
