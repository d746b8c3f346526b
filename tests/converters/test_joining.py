"""Clips joined: no jump at the seam, the second clip's own motion after the blend."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from motions import angle_between, random_motion
from pantomatrix_converters import rotations
from pantomatrix_converters.editing.additive import added
from pantomatrix_converters.editing.joining import join, join_all
from pantomatrix_converters.errors import MotionError
from pantomatrix_converters.motion import Motion
from pantomatrix_converters.retargeting.retarget import Retargeting
from pantomatrix_converters.skeleton import load_skeleton

pytestmark = pytest.mark.unit


def swinging(seed: int, frames: int = 90, fps: float = 30.0) -> Motion:
    """Every joint swings smoothly about its own axis."""
    random = np.random.default_rng(seed)
    time = np.arange(frames)[:, None, None] / fps
    rates, phases = random.uniform(1, 4, (55, 1)), random.uniform(0, 6, (55, 1))
    vectors = random.normal(scale=0.2, size=(55, 3)) * np.sin(rates * time + phases)
    quats = rotations.quat_from_axis_angle(vectors).astype(np.float32)
    path = 0.1 * np.sin(time[:, 0] * random.uniform(0.5, 1, 3)) + random.normal(size=3) * [1.0, 0.02, 1.0]
    return Motion(load_skeleton("smplx"), fps, quats, path.astype(np.float32))


def test_there_is_no_jump() -> None:
    first, second = swinging(1), swinging(2)
    joined = join(first, second)
    assert len(joined) == 180
    step = angle_between(joined.rotations_xyzw[1:], joined.rotations_xyzw[:-1])
    usual = max(angle_between(m.rotations_xyzw[1:], m.rotations_xyzw[:-1]).max() for m in (first, second))
    assert angle_between(second.rotations_xyzw[0], first.rotations_xyzw[-1]).max() > 3 * usual
    assert step[88:92].max() < 1.5 * usual
    moved = np.linalg.norm(np.diff(joined.root_translation, axis=0), axis=1)
    assert moved[88:92].max() < 0.02
    after = slice(90 + 13, None)
    assert angle_between(joined.rotations_xyzw[after], second.rotations_xyzw[13:]).max() < 1e-3
    np.testing.assert_allclose(np.diff(joined.root_translation[after], axis=0), np.diff(second.root_translation[13:], axis=0), atol=1e-5)  # fmt: skip
    np.testing.assert_allclose(joined.root_translation[after, 1], second.root_translation[13:, 1], atol=1e-5)


def test_faces_join_and_what_differs_is_refused() -> None:
    first, second = random_motion(5), random_motion(30, seed=1)
    joined = join(first, second)
    assert joined.face is not None
    assert second.face is not None
    np.testing.assert_allclose(joined.face.weights[-10:], second.face.weights[-10:], atol=1e-6)
    with pytest.raises(MotionError, match="the frame rates differ: 30 and 60"):
        join(first, replace(second, fps=60.0))
    with pytest.raises(MotionError, match="the face curves differ"):
        join(first, replace(second, face=None))
    with pytest.raises(MotionError, match="the skeletons differ: 'smplx' and 'mixamo'; retarget both to one skeleton"):
        join(first, Retargeting(second.skeleton, load_skeleton("mixamo")).apply(second))


def test_the_same_names_over_another_rest_pose_are_refused() -> None:
    """The turns of one would be another pose on the other: arms that hang where they were stretched out."""
    motion = random_motion(5)
    rest, elbow = motion.skeleton.rest_translations.copy(), motion.skeleton.index("left_elbow")
    for degrees, fits in ((10, True), (60, False)):
        rest[elbow] = np.linalg.norm(rest[elbow]) * np.array(
            [np.cos(np.radians(degrees)), -np.sin(np.radians(degrees)), 0]
        )
        other = replace(motion, skeleton=replace(motion.skeleton, rest_translations=rest.copy()))
        if fits:
            assert len(join(motion, other)) == 10
        else:
            for together in (join, added):
                with pytest.raises(MotionError, match="rest poses of .* differ, first at 'left_elbow'"):
                    together(motion, other)


def test_an_empty_clip_changes_nothing() -> None:
    motion = random_motion(3)
    assert join(motion.frames(0, 0), motion) is motion
    assert join(motion, motion.frames(0, 0)) is motion


@pytest.mark.parametrize("seconds", [0.0, 0.2, 1.0])
def test_the_blend_takes_as_long_as_asked_for(seconds: float) -> None:
    """From its end on the second clip's own pose; until then another, unless there is no blend at all."""
    first, second = swinging(1), swinging(2)
    whole, _ = join_all([first, second], seconds)
    off = angle_between(whole.rotations_xyzw[90:], second.rotations_xyzw).max(axis=1)
    blended = round(seconds * 30)
    assert off[max(blended - 1, 0) :].max() < 1e-5
    assert (off[: max(blended - 1, 0)] > 1e-4).all()


@pytest.mark.parametrize("seconds", [-0.1, 11.0, float("nan")])
def test_impossible_blends_are_refused(seconds: float) -> None:
    with pytest.raises(MotionError, match="blend_seconds is .*, expected 0 to 10"):
        join_all([swinging(1), swinging(2)], seconds)
