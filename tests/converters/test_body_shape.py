"""Which joint is which when names tell nothing: by the place in the hierarchy and in space, or not at all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from motions import random_motion
from pantomatrix_converters import rotations
from pantomatrix_converters.editing.options import MotionEdits
from pantomatrix_converters.editing.plan import edited
from pantomatrix_converters.errors import MotionError
from pantomatrix_converters.retargeting.humanoid import guess_roles
from pantomatrix_converters.retargeting.roles import REQUIRED
from pantomatrix_converters.skeleton import Skeleton, load_skeleton, skeleton_names

pytestmark = pytest.mark.unit

TOLD = [name for name in skeleton_names() if name != "beat_vicon75"]
"""Of the built-in skeletons BEAT's has arms of two lengths, by which no pair is told."""


def nameless(skeleton: Skeleton, name: Callable[[int], str] = "bone_{:03d}".format) -> Skeleton:
    return replace(skeleton, joint_names=tuple(map(name, range(len(skeleton)))), parts={}, end_sites={})


def with_joints(skeleton: Skeleton, more: Sequence[tuple[str, str, Sequence[float]]]) -> Skeleton:
    """With joints (name, parent, place in the parent's frame) at the end."""
    names = (*skeleton.joint_names, *(name for name, _, _ in more))
    parents = [*skeleton.parents, *(names.index(parent) for _, parent, _ in more)]
    places = np.concatenate([skeleton.rest_translations, [place for _, _, place in more]])
    turns = np.concatenate([skeleton.rest_rotations_xyzw, np.tile(rotations.IDENTITY_XYZW, (len(more), 1))])
    return Skeleton.build(skeleton.name, names, parents, places, turns)


def without(skeleton: Skeleton, joints: Sequence[str]) -> Skeleton:
    """Without some joints that carry no others."""
    kept = [at for at, name in enumerate(skeleton.joint_names) if name not in joints]
    return Skeleton.build(
        skeleton.name,
        [skeleton.joint_names[at] for at in kept],
        [kept.index(int(skeleton.parents[at])) if at else -1 for at in kept],
        skeleton.rest_translations[kept],
        skeleton.rest_rotations_xyzw[kept],
    )


@pytest.mark.parametrize("name", TOLD)
def test_skeletons_without_names(name: str) -> None:
    skeleton = load_skeleton(name)
    wanted = guess_roles(skeleton)
    bare = nameless(skeleton)
    found = guess_roles(bare).checked(bare)
    roles = (*REQUIRED, "left_collar", "right_collar", "left_foot", "right_foot")
    assert {role: bare.index(found.roles[role]) for role in roles} == {
        role: skeleton.index(wanted.roles[role]) for role in roles
    }
    assert [bare.index(joint) for joint in found.chains["spine"]] == skeleton.indices(wanted.chains["spine"])
    assert len(found.notes) == 1
    assert "which joint is which was guessed from the body's shape" in found.notes[0]


@pytest.mark.parametrize("turn", [(90, 0, 0), (0, 180, 0), (-90, 0, 35), (12, 34, 156)])
def test_a_body_that_lies_or_faces_elsewhere(turn: tuple[float, float, float]) -> None:
    skeleton = load_skeleton("smplx")
    turned = Rotation.from_euler("xyz", turn, degrees=True)
    rest = skeleton.rest_rotations_xyzw.copy()
    rest[0] = turned.as_quat()
    found = guess_roles(nameless(replace(skeleton, rest_rotations_xyzw=rest)))
    assert found.roles == guess_roles(nameless(skeleton)).roles
    assert not found.missing


def test_names_fill_what_they_can_and_the_shape_the_rest() -> None:
    known = {"left_wrist": "LeftHand", "right_wrist": "RightHand", "head": "Head", "pelvis": "Hips"}
    smplx = load_skeleton("smplx")
    skeleton = nameless(smplx, lambda joint: known.get(smplx.joint_names[joint], f"bone_{joint:03d}"))
    found = guess_roles(skeleton).checked(skeleton)
    assert found.roles["left_wrist"] == "LeftHand"
    assert skeleton.index(found.roles["left_elbow"]) == smplx.index("left_elbow")
    assert "left_shoulder" in found.notes[0]
    assert "left_wrist" not in found.notes[0]


def test_sides_of_names_count_where_there_are_no_toes() -> None:
    smplx = without(load_skeleton("smplx"), ["left_foot", "right_foot"])
    with pytest.raises(MotionError, match="without toes its left cannot be told from its right"):
        guess_roles(nameless(smplx)).checked(nameless(smplx))
    # What is called left is left, even where the toes that are not there would say otherwise.
    mark = {"left": "R", "right": "L"}
    sided = nameless(smplx, lambda joint: f"b{joint}_{mark.get(smplx.joint_names[joint].partition('_')[0], 'C')}")
    found = guess_roles(sided).checked(sided)
    assert sided.index(found.roles["left_knee"]) == smplx.index("right_knee")
    assert sided.index(found.roles["left_wrist"]) == smplx.index("right_wrist")


def test_long_hair_is_no_limb() -> None:
    hair = [
        (f"{side}{step}", f"{side}{step - 1}" if step else "head", (sign * 0.05, -0.2, -0.02))
        for side, sign in (("a", 1), ("b", -1))
        for step in range(5)
    ]
    skeleton = nameless(with_joints(load_skeleton("smplx"), hair))
    found = guess_roles(skeleton).checked(skeleton)
    assert found.roles["left_knee"] == "bone_004"
    assert found.roles["head"] == "bone_015"


def test_a_head_that_ends_in_a_joint() -> None:
    skeleton = nameless(with_joints(load_skeleton("ue4_mannequin"), [("end", "head", (0.25, 0, 0))]))
    plain = nameless(load_skeleton("ue4_mannequin"))
    assert guess_roles(skeleton).roles["head"] == guess_roles(plain).roles["head"]


def with_arms(collar: float, upper: float, fore: float) -> Skeleton:
    """Without names, with bones of these lengths in metres."""
    smplx = load_skeleton("smplx")
    places = smplx.rest_translations.copy()
    for side in ("left", "right"):
        for role, metres in (("collar", 0.06), ("shoulder", collar), ("elbow", upper), ("wrist", fore)):
            place = places[smplx.index(f"{side}_{role}")]
            place *= metres / np.linalg.norm(place)
    return nameless(replace(smplx, rest_translations=places))


def test_a_collar_bone_as_long_as_a_forearm() -> None:
    """As in CMU's files, whose forearms are short."""
    body = with_arms(0.19, 0.26, 0.17)
    found = guess_roles(body).checked(body)
    wanted = load_skeleton("smplx").indices(["left_shoulder", "left_elbow", "left_wrist"])
    assert [body.index(found.roles[f"left_{role}"]) for role in ("shoulder", "elbow", "wrist")] == wanted


def test_arms_of_which_any_two_bones_could_be_meant_are_refused() -> None:
    for lengths in ((0.19, 0.26, 0.14), (0.2, 0.2, 0.2), (0.26, 0.26, 0.2)):
        body = with_arms(*lengths)
        with pytest.raises(MotionError, match="which joints of its arms bend"):
            guess_roles(body).checked(body)


# --------------------------------------------------------------------------------------------------- what is no such body


def creature(names: Sequence[str], trunk: Sequence[float], legs: int = 2) -> Skeleton:
    """A trunk with a head, and pairs of limbs that all point down from places along it."""
    rows = [("root", "", (0.0, 1.0, 0.0)), ("back", "root", trunk), ("throat", "back", (0, 0.1, 0.1)), ("head", "throat", (0, 0.1, 0.1))]  # fmt: skip
    for pair in range(legs):
        for side, x in (("l", 0.1), ("r", -0.1)):
            above = "root" if pair == 0 else "back"
            for step, place in enumerate(((x, 0, 0.2 * (pair - 1) * (pair > 1)), (0, -0.45, 0), (0, -0.43, 0), (0, -0.08, 0.1))):  # fmt: skip
                rows.append((f"{names[pair]}{step}_{side}", above, place))
                above = rows[-1][0]
    labels = [name for name, _, _ in rows]
    return Skeleton.build(
        "creature", labels, [labels.index(above) if above else -1 for _, above, _ in rows], [row[2] for row in rows]
    )


@pytest.mark.parametrize(
    ("skeleton", "text"),
    [
        (creature(("hind", "fore"), (0, 0, 0.9)), "its legs do not point away from its trunk"),
        (creature(("a", "b", "c"), (0, 0, 0.5), legs=3), "3 pairs of long limbs"),
        (creature(("a", "b", "c"), (0, 0.5, 0), legs=3), "3 pairs of long limbs"),
        (creature(("a",), (0, 0.5, 0), legs=1), "1 pairs of long limbs"),
        (Skeleton.build("chain", map(str, range(40)), range(-1, 39), np.ones((40, 3))), "0 pairs of long limbs"),
        (Skeleton.build("point", map(str, range(40)), [-1, *[0] * 39], np.zeros((40, 3))), "0 pairs of long limbs"),
    ],
    ids=["a horse", "a beetle", "four arms", "a bird without wings", "a rope", "joints in one place"],
)
def test_other_bodies_are_refused(skeleton: Skeleton, text: str) -> None:
    found = guess_roles(skeleton)
    assert not found.notes
    with pytest.raises(MotionError, match=rf"no joint found for .*its shape does not tell: .*{text}"):
        found.checked(skeleton)


def test_a_four_legged_body_with_a_persons_names_is_refused() -> None:
    names = {"hind0": "UpLeg", "hind1": "Leg", "hind2": "Foot", "hind3": "Toe", "fore0": "Arm", "fore1": "ForeArm", "fore2": "Hand"}  # fmt: skip
    horse = creature(("hind", "fore"), (0, 0, 0.9))
    called = replace(
        horse, joint_names=tuple(names.get(name[:-2], name[:-2]) + name[-2:] for name in horse.joint_names)
    )
    assert not guess_roles(called).missing
    with pytest.raises(MotionError, match="its trunk lies across four legs"):
        guess_roles(called).checked(called)
    with pytest.raises(MotionError, match="its trunk lies across four legs"):
        edited(random_motion(2), MotionEdits(skeleton=called))
    # Who says which joint is which, knows what he does.
    table = tuple(guess_roles(called).roles.items())
    moved, _ = edited(random_motion(2), MotionEdits(skeleton=called, joint_map=table))
    assert len(moved.skeleton) == len(called)


def test_limbs_with_bones_in_two_pieces_are_refused() -> None:
    """Which of three or four equal bones bend is nowhere to be seen."""
    smplx = load_skeleton("smplx")
    names, parents, places = list(smplx.joint_names), list(smplx.parents), smplx.rest_translations.copy()
    for side in ("left", "right"):
        for upper, lower in (("shoulder", "elbow"), ("elbow", "wrist")):
            end = names.index(f"{side}_{lower}")
            at = names.index(f"{side}_{upper}") + 1
            names.insert(at, f"{side}_{upper}_second")
            parents = [parent + (parent >= at) for parent in parents]
            parents.insert(at, at - 1)
            places[end] /= 2
            places = np.insert(places, at, places[end], axis=0)
            parents[end + 1] = at
    skeleton = nameless(Skeleton.build("pieces", names, parents, places))
    with pytest.raises(MotionError, match="which joints of its arms bend"):
        guess_roles(skeleton).checked(skeleton)
