"""The one list of edits: what is frame by frame gives the same in pieces, and what cannot be done is said before any work."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motions import random_motion
from pantomatrix_converters.editing.option_kinds import options_of, plain_options, read_options, read_words
from pantomatrix_converters.editing.options import OF_FILES, BodyPart, CurveAdjustment, Floor, MotionEdits, RootMode
from pantomatrix_converters.editing.outline import Outline
from pantomatrix_converters.editing.plan import EDITS, edited, plan_edits
from pantomatrix_converters.errors import InvalidInputError, MotionError, UnknownNameError, UnsupportedError
from pantomatrix_converters.face.flame_arkit import ArkitMatrix
from pantomatrix_converters.motion import concatenate, face_motion
from pantomatrix_converters.retargeting.humanoid import guess_roles
from pantomatrix_converters.skeleton import load_skeleton

pytestmark = pytest.mark.unit

ONE_OF_EACH: dict[str, MotionEdits] = {
    "floor": MotionEdits(floor=Floor.GROUND),
    "start_seconds": MotionEdits(start_seconds=0.4, end_seconds=0.8),
    "mirror": MotionEdits(mirror=True),
    "face_rig": MotionEdits(face_rig="oculus15"),
    "parts": MotionEdits(parts=(BodyPart.FACE, BodyPart.HANDS)),
    "part_strengths": MotionEdits(part_strengths=((BodyPart.HANDS, 0.5), (BodyPart.FACE, 1.5))),
    "curve_adjustments": MotionEdits(curve_adjustments=(CurveAdjustment("jawOpen", 2.0, 0.1),)),
    "root_mode": MotionEdits(root_mode=RootMode.IN_PLACE),
    "smooth_seconds": MotionEdits(smooth_seconds=0.1),
    "skeleton": MotionEdits(skeleton="mixamo"),
    "fps": MotionEdits(fps=24.0),
    "foot_lock": MotionEdits(foot_lock=True),
    "scale": MotionEdits(scale=2.0),
}
MOTION = random_motion(40, angle=0.3)
OUTLINE = replace(Outline.of(MOTION), on_floor=True)
WHOLE_CLIP = {"floor", "start_seconds", "smooth_seconds", "fps", "foot_lock"}


def test_each_edit_is_tried_here() -> None:
    assert list(ONE_OF_EACH) == list(EDITS)
    assert set(EDITS) <= set(options_of(MotionEdits))
    for name, edits in ONE_OF_EACH.items():
        (edit,) = plan_edits(edits, OUTLINE).edits
        assert (edit.name, bool(edit.whole_clip)) == (name, name in WHOLE_CLIP)


@pytest.mark.parametrize("name", EDITS)
@given(cuts=st.lists(st.integers(1, 39), unique=True, max_size=5))
@settings(max_examples=10, deadline=None)
def test_pieces_come_out_as_the_whole(name: str, cuts: list[int]) -> None:
    plan = plan_edits(ONE_OF_EACH[name], OUTLINE)
    ends = [0, *sorted(cuts), len(MOTION)]
    pieces = [MOTION.frames(start, stop) for start, stop in pairwise(ends)]
    made, whole = concatenate(list(plan.pieces(pieces))), plan.apply(MOTION)[0]
    assert len(made) == len(whole) == plan.frame_count(len(MOTION))
    assert (made.skeleton.name, made.fps) == (plan.after.skeleton.name, plan.after.fps)
    np.testing.assert_allclose(made.rotations_xyzw, whole.rotations_xyzw, atol=1e-6)
    np.testing.assert_allclose(made.root_translation, whole.root_translation, atol=1e-6)
    assert made.face is None or made.face.names == plan.after.curve_names
    if made.face is not None and whole.face is not None:
        np.testing.assert_allclose(made.face.weights, whole.face.weights, atol=1e-5)


@pytest.mark.parametrize("jaw_turns", [False, True])
def test_a_flame_face_in_pieces_is_that_of_the_whole(jaw_turns: bool) -> None:
    """The jaw turns in the last frames only: the first alone look as if it never did."""
    quats = MOTION.rotations_xyzw.copy()
    quats[:30, MOTION.skeleton.index("jaw")] = [0, 0, 0, 1]
    motion = replace(MOTION, rotations_xyzw=quats)
    matrix = ArkitMatrix(np.random.default_rng(3).standard_normal((51, 103)).astype(np.float32))
    plan = plan_edits(MotionEdits(face_rig="flame100+jaw"), replace(OUTLINE, jaw_turns=jaw_turns), matrix)
    assert bool(plan.whole_clip) is not jaw_turns
    made = concatenate(list(plan.pieces([motion.frames(0, 20), motion.frames(20, 40)])))
    whole = plan.apply(motion)[0]
    assert made.face is not None
    assert whole.face is not None
    np.testing.assert_allclose(made.face.weights, whole.face.weights, atol=1e-5)
    np.testing.assert_array_equal(made.rotations_xyzw, whole.rotations_xyzw)
    np.testing.assert_array_equal(whole.face.weights[:30, 100:], 0)


@pytest.mark.parametrize("name", [name for name in EDITS if name not in WHOLE_CLIP])
def test_nothing_becomes_nothing(name: str) -> None:
    """Live streams edit pieces without frames too."""
    plan = plan_edits(ONE_OF_EACH[name], OUTLINE)
    assert len(plan.apply(MOTION.frames(0, 0))[0]) == 0


@pytest.mark.parametrize("name", ["mixamo", "ue5_manny", "vrm1", "beat_vicon75"])
def test_parts_of_any_skeleton(name: str) -> None:
    skeleton = load_skeleton(name)
    motion, _ = edited(MOTION, MotionEdits(skeleton=name))
    still, _ = edited(motion, MotionEdits(parts=(BodyPart.UPPER_BODY, BodyPart.TRANSLATION)))
    roles = guess_roles(skeleton).roles
    for role, moves in (("left_elbow", True), ("head", True), ("left_knee", False), ("pelvis", False)):
        joint = skeleton.index(roles[role])
        same = np.abs(still.rotations_xyzw[:, joint] - skeleton.rest_rotations_xyzw[joint]).max() < 1e-6
        assert same is not moves, role
    assert still.face is None


@pytest.mark.parametrize(
    ("edits", "error", "text"),
    [
        (MotionEdits(skeleton="mixamoo"), UnknownNameError, "did you mean mixamo"),
        (MotionEdits(joint_map=(("head", "Head"),)), MotionError, "belongs to a skeleton"),
        (MotionEdits(source_joint_map=(("head", "nose"),)), UnknownNameError, "unknown joint"),
        (MotionEdits(face_rig="flame100+jaw"), UnsupportedError, "--arkit-matrix"),
        (MotionEdits(coordinate_system="unitty"), UnknownNameError, "did you mean unity"),
        (MotionEdits(start_seconds=2, end_seconds=1), MotionError, "nothing lies between"),
        (MotionEdits(smooth_seconds=9), MotionError, "smooth_seconds is 9"),
        (MotionEdits(scale=0), MotionError, "scale is 0"),
        (MotionEdits(fps=999), MotionError, "fps is 999"),
        (MotionEdits(curve_adjustments=(CurveAdjustment("jawopen"),)), UnknownNameError, "did you mean jawOpen"),
    ],
)
def test_what_is_wrong_is_said_without_a_frame(edits: MotionEdits, error: type[Exception], text: str) -> None:
    with pytest.raises(error, match=text):
        plan_edits(edits, OUTLINE)


@pytest.mark.parametrize(
    ("name", "value"), [("input_up", "z"), ("input_forward", "-x"), ("input_unit", "m"), ("rest_frame", 0)]
)
def test_how_a_file_is_read_is_no_edit_of_a_motion_that_is_there(name: str, value: object) -> None:
    edits = MotionEdits(**{name: value})
    assert name in OF_FILES
    assert edits.once_read() == MotionEdits()
    assert read_options(MotionEdits, plain_options(edits)) == edits
    with pytest.raises(UnsupportedError) as caught:
        plan_edits(edits, OUTLINE)
    assert str(caught.value) == f"{name} says how a file is read, and the motion is none"
    assert caught.value.field == f"options.{name}"


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ({"input_up": "up"}, "input_up is 'up', expected x, -x, y, -y, z or -z"),
        ({"input_unit": "yards"}, "input_unit is 'yards', expected m, dm"),
        ({"input_unit": "-1"}, "input_unit is '-1'"),
        ({"rest_frame": -1}, "rest_frame is -1, expected a whole number, 0 to"),
        ({"floor": "roof"}, "unknown floor 'roof'"),
    ],
)
def test_what_cannot_be_meant(words: dict[str, object], text: str) -> None:
    with pytest.raises((InvalidInputError, UnknownNameError), match=text):
        read_options(MotionEdits, words)


def test_a_face_alone() -> None:
    assert MOTION.face is not None
    face = face_motion(MOTION.face, 30)
    with pytest.raises(UnsupportedError, match="does not move hands .it moves face"):
        edited(face, MotionEdits(parts=(BodyPart.HANDS,)))
    half, _ = edited(face, MotionEdits(part_strengths=((BodyPart.FACE, 0.5),), mirror=True, scale=2.0))
    assert half.face is not None
    assert half.face.weights.max() <= 0.5


# ------------------------------------------------------------------------------------------------- words and values


@pytest.mark.parametrize("name", EDITS)
def test_options_survive_as_plain_values(name: str) -> None:
    assert read_options(MotionEdits, plain_options(ONE_OF_EACH[name])) == ONE_OF_EACH[name]


@pytest.mark.parametrize("name", ["mirror", "foot_lock"])
def test_a_switch_is_true_or_false(name: str) -> None:
    for value in (True, False, np.bool_(True)):
        assert getattr(read_options(MotionEdits, {name: value}), name) is bool(value)
    for word in ("true", "False"):
        assert getattr(read_words(MotionEdits, {name: word}), name) is (word == "true")
    for wrong in ("no", "banana", "true", 1, None):
        with pytest.raises(InvalidInputError, match=f"^{name} is {wrong!r}, expected True or False$"):
            read_options(MotionEdits, {name: wrong})
    with pytest.raises(InvalidInputError, match=f"^{name} is 'banana', expected True or False$"):
        read_words(MotionEdits, {name: "banana"})


def test_no_parts_are_not_all_parts() -> None:
    for none in ([], ()):
        with pytest.raises(InvalidInputError, match="^parts is empty, expected one or more of face, upper_body, hands"):
            read_options(MotionEdits, {"parts": none})
    with pytest.raises(InvalidInputError, match="^parts is ',', expected one or more of face"):
        read_words(MotionEdits, {"parts": ","})


def test_words_of_the_command_line() -> None:
    words = {
        "parts": "face, hands", "part_strengths": "face=0.5,hands", "root_mode": "locked", "mirror": True,
        "curve_adjustments": "jawOpen=1.2,mouthPucker=1:0.1:0:0.9",
    }  # fmt: skip
    assert read_words(MotionEdits, words) == MotionEdits(
        parts=(BodyPart.FACE, BodyPart.HANDS),
        part_strengths=((BodyPart.FACE, 0.5), (BodyPart.HANDS, 1.0)),
        root_mode=RootMode.LOCKED,
        mirror=True,
        curve_adjustments=(CurveAdjustment("jawOpen", 1.2), CurveAdjustment("mouthPucker", 1.0, 0.1, 0.0, 0.9)),
    )
    for name, word, text in (
        ("parts", "fase", "did you mean face"),
        ("part_strengths", "face=much", "expected PART=NUMBER"),
        ("curve_adjustments", "jawOpen", "expected CURVE=GAIN"),
        ("curve_adjustments", "jawOpen=1:2:3:4:5", "expected CURVE=GAIN"),
        ("spede", "1", "unknown option"),
    ):
        with pytest.raises((InvalidInputError, UnknownNameError), match=text):
            read_words(MotionEdits, {name: word})
