"""Where a body is in the world: the floor, the way of the root, and joints that move under it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from folders import ROOT
from motions import random_motion
from pantomatrix_converters import rotations
from pantomatrix_converters.editing.options import Floor, MotionEdits, RootMode
from pantomatrix_converters.editing.plan import edited
from pantomatrix_converters.errors import MotionError, UnsupportedError
from pantomatrix_converters.formats import Loaded, decode_motion, encode_motion, load_motion
from pantomatrix_converters.kinematics import forward_kinematics
from pantomatrix_converters.motion import Motion, face_motion
from pantomatrix_converters.retargeting.body_frame import RestBody
from pantomatrix_converters.retargeting.humanoid import guess_roles
from pantomatrix_converters.retargeting.retarget import Retargeting
from pantomatrix_converters.skeleton import Skeleton, load_skeleton

pytestmark = pytest.mark.unit

FILES = ROOT / "tests/data/strange_files"
SMPLX = load_skeleton("smplx")


def places(motion: Motion) -> np.ndarray:
    return forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)[0]


def of(name: str) -> Motion:
    return load_motion(FILES / name)[1].motion


# ------------------------------------------------------------------------------------------------------------ the floor


def test_a_stage_stays_a_stage() -> None:
    own = of("on_a_stage.npz")
    moved, notes = edited(own, MotionEdits(skeleton="mixamo"))
    assert notes == ()
    assert places(moved)[..., 1].min() == pytest.approx(0.30, abs=0.01)  # a larger body stands on the same stage
    high = replace(own, root_translation=own.root_translation + np.float32([0, 1, 0]))
    assert places(edited(high, MotionEdits(skeleton="mixamo"))[0])[..., 1].min() == pytest.approx(1.30, abs=0.01)
    grounded, _ = edited(own, MotionEdits(skeleton="mixamo", floor=Floor.GROUND))
    assert places(grounded)[..., 1].min() == pytest.approx(0.0, abs=0.01)
    in_place, _ = edited(own, MotionEdits(floor=Floor.GROUND))
    assert places(in_place)[..., 1].min() == pytest.approx(0.0, abs=0.01)
    np.testing.assert_allclose(in_place.root_translation[:, [0, 2]], own.root_translation[:, [0, 2]])


@pytest.mark.parametrize("floor", Floor)
def test_where_a_clip_is_cut_says_nothing_of_its_height(floor: Floor) -> None:
    own = of("jump.npz")
    whole, _ = edited(own, MotionEdits(skeleton="mixamo", floor=floor))
    part, _ = edited(own, MotionEdits(skeleton="mixamo", start_seconds=0.75, end_seconds=1.25, floor=floor))
    np.testing.assert_array_equal(whole.root_translation[22], part.root_translation[0])
    assert whole.root_translation[22, 1] == pytest.approx(1.265, abs=0.01)
    if floor is Floor.KEEP:
        cut_before, _ = edited(own.frames(22, 37), MotionEdits(skeleton="mixamo"))
        np.testing.assert_array_equal(cut_before.root_translation[0], part.root_translation[0])


def test_heights_that_count_from_the_pelvis() -> None:
    own = replace(of("jump.npz"))
    sunk = replace(own, root_translation=own.root_translation - np.float32([0, 0.93, 0]))
    moved, notes = edited(sunk, MotionEdits(skeleton="mixamo"))
    wanted, _ = edited(own, MotionEdits(skeleton="mixamo"))
    assert notes == ("the feet are 0.93 m under height 0: heights count from the pelvis, the body is put on the floor",)
    np.testing.assert_allclose(moved.root_translation, wanted.root_translation, atol=0.02)


def test_what_has_no_floor() -> None:
    motion = random_motion(3)
    assert motion.face is not None
    with pytest.raises(UnsupportedError, match="a face alone has no floor"):
        edited(face_motion(motion.face, 30), MotionEdits(floor=Floor.GROUND))
    snake = Skeleton.build("snake", ("a", "b"), (-1, 0), np.zeros((2, 3)))
    crawling = Motion(snake, 30, np.tile(np.float32([0, 0, 0, 1]), (2, 2, 1)), np.zeros((2, 3), np.float32))
    with pytest.raises(MotionError, match="'snake': no joint found for pelvis"):
        edited(crawling, MotionEdits(floor=Floor.GROUND))


# ------------------------------------------------------------------------------------------------- where the actor stood


def test_an_offset_that_channels_replace_says_nothing(strange_files: Path) -> None:
    loaded = load_motion(strange_files / "root_offset.bvh")[1]
    moved, _ = edited(loaded.motion, MotionEdits(skeleton="mixamo"))
    scale = moved.skeleton.rest_translations[0, 1] / 0.94
    np.testing.assert_allclose(moved.root_translation[0], [1.071, 1.043, -0.214], atol=0.005)
    assert scale == pytest.approx(1.109, abs=0.01)
    assert abs(places(moved)[0, :, 1].min()) < 0.01


@pytest.mark.parametrize("offset", [(0.0, 0.0, 0.0), (-3.0, 0.9, 2.0), (0.0, 2.5, 0.0), (0.0, -1.0, 0.0)])
def test_no_place_of_the_rest_pose_moves_a_clip(offset: tuple[float, float, float]) -> None:
    """Wherever the actor once stood, the world is the clip's."""
    motion = Retargeting(SMPLX, load_skeleton("beat_vicon75")).apply(of("jump.npz"))
    elsewhere = motion.skeleton.rest_translations.copy()
    elsewhere[0] = offset
    there = replace(motion, skeleton=replace(motion.skeleton, rest_translations=elsewhere))
    moved, wanted = (Retargeting(m.skeleton, load_skeleton("mixamo")).apply(m) for m in (there, motion))
    np.testing.assert_allclose(moved.root_translation, wanted.root_translation, atol=0.02)
    back = Retargeting(load_skeleton("mixamo"), there.skeleton).apply(wanted)
    np.testing.assert_allclose(back.root_translation, motion.root_translation, atol=0.02)


# -------------------------------------------------------------------------------------------------- joints that move too


def bvh(motion: Motion, moving: dict[str, np.ndarray], offsets: dict[str, np.ndarray]) -> Loaded:
    """Through a BVH whose joints have position channels, as Blender writes them. moving: joint -> (T, 3) metres."""
    lines = encode_motion(motion, "bvh").data.decode().splitlines()
    at = lines.index("MOTION")
    head, rows = lines[:at], [[float(word) for word in line.split()] for line in lines[at + 3 :]]
    order = [line.split()[1] for line in head if line.split()[0] in ("ROOT", "JOINT")]
    for number, line in enumerate(head):
        if line.split()[0] in ("ROOT", "JOINT") and line.split()[1] in {**moving, **offsets}:
            name, pad = line.split()[1], line[: len(line) - len(line.lstrip())] + "\t"
            if name in offsets:
                head[number + 2] = f"{pad}OFFSET " + " ".join(f"{100 * value:.6f}" for value in offsets[name])
            if name in moving and number:
                head[number + 3] = f"{pad}CHANNELS 6 Xposition Yposition Zposition Xrotation Yrotation Zrotation"
    new = []
    for frame, row in enumerate(rows):
        values = [row[:6]] + [row[3 + 3 * n : 6 + 3 * n] for n in range(1, len(order))]
        for n, name in enumerate(order):
            if name in moving:
                values[n] = [*(100 * moving[name][frame]), *values[n][-3:]]
        new.append(" ".join(f"{value:.6f}" for part in values for value in part))
    return decode_motion("\n".join([*head, *lines[at : at + 3], *new]).encode())[1]


def with_root(motion: Motion) -> Motion:
    """The motion under one more joint, which stands at the origin."""
    own = motion.skeleton
    skeleton = Skeleton.build(
        "rooted",
        ("Armature", *own.joint_names),
        [-1, *(own.parents + 1)],
        np.concatenate([np.zeros((1, 3)), own.rest_translations]),
    )
    quats = np.concatenate([np.tile(np.float32([0, 0, 0, 1]), (len(motion), 1, 1)), motion.rotations_xyzw], axis=1)
    return Motion(skeleton, motion.fps, quats, np.zeros((len(motion), 3), np.float32))


def test_the_pelvis_moves_under_a_root_that_stands() -> None:
    loaded = load_motion(FILES / "pelvis_moves_under_static_root.bvh")[1]
    assert loaded.notes == ("'Hips' moves under 'root': the root goes that way",)
    hips = places(loaded.motion)[:, loaded.motion.skeleton.index("Hips")]
    np.testing.assert_allclose(hips - hips[0], np.stack([np.linspace(0, 0.4, 5), *np.zeros((2, 5))], axis=1), atol=1e-5)


@pytest.mark.parametrize("rooted", [False, True])
def test_a_pelvis_that_moves_under_any_root_is_where_the_file_has_it(rooted: bool) -> None:
    motion = replace(random_motion(6, face=False), skeleton=replace(SMPLX, name="x"))
    walk = motion.root_translation.astype(np.float64)
    own = with_root(motion)
    way, turn = np.zeros((6, 3)), rotations.IDENTITY_XYZW
    if rooted:  # a root with a way and a turn of its own
        way, turn = np.random.default_rng(2).normal(size=(6, 3)), rotations.quat_from_axis_angle([0.3, 1.0, 0.2])
        quats = own.rotations_xyzw.copy()
        quats[:, 0] = turn
        own = replace(own, rotations_xyzw=quats, root_translation=way.astype(np.float32))
    loaded = bvh(own, {"pelvis": walk}, {})
    skeleton = loaded.motion.skeleton
    wanted = way + rotations.rotate(turn, walk)
    np.testing.assert_allclose(places(loaded.motion)[:, skeleton.index("pelvis")], wanted, atol=1e-5)
    assert loaded.notes[-1] == "'pelvis' moves under 'Armature': the root goes that way"
    held, _ = edited(loaded.motion, MotionEdits(root_mode=RootMode.IN_PLACE))
    assert np.ptp(held.root_translation[:, [0, 2]], axis=0).max() == 0


def test_bones_have_the_lengths_of_their_channels() -> None:
    motion = random_motion(6, face=False)
    long = replace(motion, skeleton=motion.skeleton.scaled(1.1))
    moving = {
        joint: np.tile(offset, (6, 1))
        for joint, offset in zip(SMPLX.joint_names[1:], long.skeleton.rest_translations[1:], strict=True)
    }
    loaded = bvh(motion, moving, {})
    order = loaded.motion.skeleton.indices(SMPLX.joint_names)
    np.testing.assert_allclose(places(loaded.motion)[:, order], places(long), atol=1e-5)
    assert loaded.notes == ()


def test_what_is_left_out_is_said() -> None:
    motion, random = random_motion(6, face=False), np.random.default_rng(3)
    moving = {joint: random.normal(size=(6, 3)) for joint in ("head", "jaw")}
    loaded = bvh(motion, moving, {})
    assert loaded.notes == ("2 joints change their length ('head' first), which is left out",)
    one = bvh(motion, {"head": random.normal(size=(6, 3))}, {})
    assert one.notes == ("joint 'head' changes its length, which is left out",)


def test_a_body_knows_how_high_it_stands() -> None:
    for name in ("smplx", "mixamo", "beat_vicon75", "ue5_manny", "vrm1"):
        skeleton = load_skeleton(name)
        body = RestBody.of(skeleton, guess_roles(skeleton))
        assert body.on_floor
        floating = skeleton.rest_translations.copy()
        floating[0] += [0.0, 7.0, 0.0]
        other = RestBody.of(replace(skeleton, rest_translations=floating), guess_roles(skeleton))
        assert not other.on_floor
        assert other.home[1] == pytest.approx(body.home[1], abs=0.06)  # less its soles
