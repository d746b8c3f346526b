"""Known poses hold, whatever the model, the cuts and the frame rate; elsewhere the motion is the model's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from folders import AUDIO
from motions import angle_between, random_motion
from pantomatrix_converters import rotations
from pantomatrix_converters.errors import UnknownNameError
from pantomatrix_converters.motion import Motion, concatenate
from pantomatrix_converters.retargeting.retarget import Retargeting
from pantomatrix_converters.skeleton import Skeleton, load_skeleton
from pantomatrix_models.audio.decode import decode_file
from pantomatrix_models.constraints import PoseConstraint, check_constraints, pose_of
from pantomatrix_models.errors import OptionError
from pantomatrix_models.generation import plan
from pantomatrix_models.options import MotionOptions
from pantomatrix_models.registry import ModelRegistry

pytestmark = pytest.mark.unit

SMPLX = load_skeleton("smplx")
SPEECH = decode_file((AUDIO / "hu03_speech_m.wav").read_bytes(), 600)
END = SPEECH.duration_seconds


@pytest.fixture(scope="module")
def registry(checkpoint: Callable[..., Path]) -> ModelRegistry:
    return ModelRegistry({kind: str(checkpoint(kind)) for kind in ("camn", "disco", "emage")}, "cpu")


def generate(registry: ModelRegistry, model: str, constraints: tuple[PoseConstraint, ...], fps: float = 30.0) -> Motion:
    generation = plan(MotionOptions(model=model, constraints=constraints, fps=fps), registry)
    motion = concatenate(list(generation.pieces(SPEECH)))
    assert len(motion) == generation.frame_count(SPEECH)
    return motion


def turned(x: float, y: float, z: float) -> np.ndarray:
    return rotations.quat_from_axis_angle([x, y, z])


WANTED = (
    pose_of(random_motion(1, seed=4, angle=0.2), 0, 0.0, SMPLX),
    PoseConstraint(3.0, {"left_shoulder": turned(0.3, -0.5, -0.9), "left_elbow": turned(0.0, -1.0, 0.2)}),
    PoseConstraint(3.2, {"left_shoulder": turned(0.1, -0.2, -0.4)}),
    *(PoseConstraint(6 + frame / 30, {"head": turned(0.02 * frame, 0.3, 0.0)}) for frame in range(10)),
    PoseConstraint(END, {"right_wrist": turned(0.5, 0.0, 0.0)}, root_translation=np.array([0.4, 1.0, -0.2])),
)


@pytest.mark.parametrize("fps", [30.0, 60.0])
@pytest.mark.parametrize("model", ["builtin", "camn", "disco", pytest.param("emage", marks=pytest.mark.slow)])
def test_known_poses_hold(model: str, fps: float, registry: ModelRegistry) -> None:
    motion = generate(registry, model, WANTED, fps)
    for known in WANTED:
        frame = min(round(known.time_seconds * fps), len(motion) - 1)
        for joint, quat in known.rotations.items():
            assert angle_between(motion.rotations_xyzw[frame, SMPLX.index(joint)], quat) < 1e-3, (known, joint)
        if known.root_translation is not None:
            np.testing.assert_allclose(motion.root_translation[frame], known.root_translation, atol=1e-3)


def test_elsewhere_the_motion_is_the_models(registry: ModelRegistry) -> None:
    free = generate(registry, "builtin", ())
    bent = generate(registry, "builtin", WANTED[1:3])
    shoulder, elbow = SMPLX.index("left_shoulder"), SMPLX.index("left_elbow")
    difference = angle_between(free.rotations_xyzw, bent.rotations_xyzw)
    assert np.delete(difference, [shoulder, elbow], axis=1).max() < 1e-6
    assert difference[: round(2.5 * 30)].max() < 1e-6
    assert difference[round(3.75 * 30) :].max() < 1e-6
    assert difference[round(3.0 * 30), elbow] > 0.1


def test_bends_have_no_corner(registry: ModelRegistry) -> None:
    """Joints move towards a pose and away from it no faster than a gesture does."""
    bent = generate(registry, "builtin", WANTED[1:3], fps=120.0)
    step = angle_between(bent.rotations_xyzw[1:], bent.rotations_xyzw[:-1])
    assert step[:, SMPLX.index("left_shoulder")].max() * 120 < 8.0


def test_a_clip_goes_on_from_where_another_ended(registry: ModelRegistry) -> None:
    first = generate(registry, "emage", ())
    second = generate(registry, "emage", (pose_of(first, -1, 0.0, SMPLX),))
    assert angle_between(first.rotations_xyzw[-1], second.rotations_xyzw[0]).max() < 1e-3
    np.testing.assert_allclose(second.root_translation[0], first.root_translation[-1], atol=1e-3)
    free = generate(registry, "emage", (PoseConstraint(0.0, pose_of(first, -1, 0.0, SMPLX).rotations),))
    shift = (second.root_translation - free.root_translation)[:, [0, 2]]
    np.testing.assert_allclose(shift, np.broadcast_to(shift[0], shift.shape), atol=1e-5)


@pytest.mark.parametrize(
    ("constraint", "text"),
    [
        (PoseConstraint(12.0, {"head": turned(0, 0, 0)}), r"time 12 s lies outside of the clip, 0 to 11"),
        (PoseConstraint(-1.0, {"head": turned(0, 0, 0)}), r"lies outside"),
        (PoseConstraint(float("nan"), {"head": turned(0, 0, 0)}), r"lies outside"),
        (PoseConstraint(1.0, {}), r"neither a joint nor the root"),
        (PoseConstraint(1.0, {"head": np.zeros(4)}), r"'head' is not a unit quaternion"),
        (PoseConstraint(1.0, {}, np.array([0.0, np.nan, 0.0])), r"not finite"),
    ],
)
def test_bad_constraints_name_their_field(constraint: PoseConstraint, text: str) -> None:
    with pytest.raises(OptionError, match=text) as caught:
        check_constraints([constraint], SMPLX, 11.0)
    assert caught.value.field.startswith("options.constraints[0]")


def test_unknown_joints_are_named() -> None:
    with pytest.raises(UnknownNameError, match=r"joint of skeleton 'smplx': 'tail'"):
        check_constraints([PoseConstraint(1.0, {"tail": turned(0, 0, 0)})], SMPLX, 11.0)


@pytest.mark.parametrize("count", [pytest.param(1, marks=pytest.mark.slow), 5, 400])
def test_pieces_do_not_matter(count: int) -> None:
    from pantomatrix_models.constraints import constrained

    motion = random_motion(400, angle=0.05)
    known = (
        pose_of(random_motion(1, seed=9), 0, 2.0, SMPLX),
        pose_of(random_motion(1, seed=8), 0, 2.3, SMPLX),
        WANTED[-1],
    )
    pieces = [motion.frames(start, start + count) for start in range(0, 400, count)]
    bent = concatenate(list(constrained(pieces, known, 30.0, 400)))
    whole = concatenate(list(constrained([motion], known, 30.0, 400)))
    assert len(bent) == 400
    np.testing.assert_allclose(bent.rotations_xyzw, whole.rotations_xyzw, atol=1e-6)
    np.testing.assert_allclose(bent.root_translation, whole.root_translation, atol=1e-6)


@pytest.mark.parametrize("rig", ["mixamo", "ue5_manny", "beat_vicon75"])
def test_a_clip_begins_with_the_pose_of_another_rig(registry: ModelRegistry, rig: str) -> None:
    theirs = Retargeting(SMPLX, load_skeleton(rig)).apply(random_motion(3, seed=11, angle=0.3))
    known = pose_of(theirs, -1, 0.0, SMPLX)
    begun = generate(registry, "builtin", (known,))
    wanted = Retargeting(theirs.skeleton, SMPLX).apply(theirs)
    driven = SMPLX.indices(known.rotations)
    assert {"pelvis", "left_elbow", "right_knee", "head", "left_index1"} <= set(known.rotations)
    assert angle_between(begun.rotations_xyzw[0, driven], wanted.rotations_xyzw[-1, driven]).max() < 1e-3
    np.testing.assert_allclose(begun.root_translation[0], wanted.root_translation[-1], atol=1e-4)


def test_a_pose_leaves_free_what_its_rig_has_not() -> None:
    source = load_skeleton("mixamo")
    keep = [
        at
        for at, name in enumerate(source.joint_names)
        if not name.startswith("mixamorig:LeftHand") or name == "mixamorig:LeftHand"
    ]
    small = Skeleton.build(
        "no left fingers",
        [source.joint_names[at] for at in keep],
        [keep.index(source.parents[at]) if source.parents[at] >= 0 else -1 for at in keep],
        source.rest_translations[keep],
        source.rest_rotations_xyzw[keep],
    )
    still = Motion(small, 30, small.rest_rotations_xyzw[None].astype(np.float32), np.zeros((1, 3), np.float32))
    known = pose_of(still, 0, 0.0, SMPLX)
    assert "right_index1" in known.rotations
    assert "left_index1" not in known.rotations
