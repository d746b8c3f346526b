"""Files in other axes and units than their format usually has: told from the body that moves in them, or by the caller."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import strange_files as figures
from motions import random_motion
from pantomatrix_converters import rotations
from pantomatrix_converters.coordinates import CoordinateSystem
from pantomatrix_converters.errors import InvalidInputError
from pantomatrix_converters.formats import Loaded, Reading, decode_motion, encode_motion, load_motion
from pantomatrix_converters.kinematics import forward_kinematics
from pantomatrix_converters.motion import Motion
from pantomatrix_converters.skeleton import load_skeleton

pytestmark = pytest.mark.unit

NAMES, PARENTS, OFFSETS = figures.figure(figures.mixamo())
PLACES, TURNS = figures.pose(NAMES, PARENTS, OFFSETS)
RIGHT_HANDED = {
    "+z": CoordinateSystem("z up", "+x", "+z", "-y"),
    "-z": CoordinateSystem("z down", "+x", "-z", "+y"),
    "-y": CoordinateSystem("y down", "+x", "-y", "-z"),
    "+x": CoordinateSystem("x up", "-y", "+x", "+z"),
    "-x": CoordinateSystem("x down", "+y", "-x", "+z"),
}


def places(motion: Motion) -> np.ndarray:
    """(T, J, 3) in the world, joints in the figure's order."""
    positions, _ = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)
    return positions[:, motion.skeleton.indices(NAMES)]


def standing(frames: int = 20) -> Motion:
    """A body that hardly moves, on the floor."""
    motion = random_motion(frames, angle=0.1, face=False)
    home = load_skeleton("smplx").rest_translations[0]
    return replace(motion, root_translation=(home + 0.02 * motion.root_translation).astype(np.float32))


def read(motion: Motion, system: CoordinateSystem, **options: object) -> Loaded:
    """What comes out of a BVH in these axes. Its bones are not those of a known skeleton."""
    small = replace(motion, skeleton=motion.skeleton.scaled(0.95))
    return decode_motion(encode_motion(small, "bvh", system).data, reading=Reading(**options))[1]


@pytest.mark.parametrize("up", RIGHT_HANDED)
def test_the_axis_along_which_a_body_stands_is_up(up: str) -> None:
    motion, axes = standing(), RIGHT_HANDED[up]
    in_file = CoordinateSystem(axes.name, axes.left, axes.up, axes.forward, 100.0)
    loaded = read(motion, in_file)
    assert f"the body stands along {up.upper()}" in loaded.notes[0]
    np.testing.assert_allclose(loaded.motion.root_translation, motion.root_translation, atol=1e-5)
    asked = read(motion, in_file, up=up.removeprefix("+"), forward=axes.forward.removeprefix("+"))
    assert asked.notes == ()
    np.testing.assert_allclose(asked.motion.root_translation, motion.root_translation, atol=1e-5)


def test_a_known_skeleton_is_known_in_any_axes() -> None:
    loaded = decode_motion(encode_motion(standing(), "bvh", "blender").data)[1]
    assert loaded.motion.skeleton is load_skeleton("smplx")
    assert len(loaded.notes) == 2  # Z up, and metres
    np.testing.assert_allclose(loaded.motion.rotations_xyzw[3], standing().rotations_xyzw[3], atol=1e-5)


def test_z_up_is_the_same_motion(strange_files: Path) -> None:
    turned = load_motion(strange_files / "z_up.bvh")[1].motion
    np.testing.assert_allclose(places(turned), PLACES, atol=2e-4)


def test_z_up_in_the_motion_alone() -> None:
    """The rest pose has Y up; the root lays the body into a world with Z up, in which it walks about."""
    motion, turn = standing(), rotations.quat_from_axis_angle([np.pi / 2, 0, 0])
    away = np.array([3.0, 0.0, 2.0])
    quats = motion.rotations_xyzw.copy()
    quats[:, 0] = rotations.multiply(turn, quats[:, 0])
    places = rotations.rotate(turn, motion.root_translation + away).astype(np.float32)
    loaded = decode_motion(encode_motion(replace(motion, rotations_xyzw=quats, root_translation=places), "bvh").data)[1]
    assert "the body stands along +Z" in loaded.notes[0]
    np.testing.assert_allclose(loaded.motion.root_translation, motion.root_translation + away, atol=1e-5)


def test_who_lies_goes_on_lying() -> None:
    motion, turn = standing(), rotations.quat_from_axis_angle([np.pi / 2, 0, 0])
    quats = motion.rotations_xyzw.copy()
    quats[:, 0] = rotations.multiply(turn, quats[:, 0])
    on_the_floor = np.tile(np.float32([1.0, 0.1, 3.0]), (len(motion), 1))
    data = encode_motion(replace(motion, rotations_xyzw=quats, root_translation=on_the_floor), "bvh").data
    loaded = decode_motion(data)[1]
    assert loaded.notes == ("the body lies along +Z; if that axis of the file is up, --input-up=z says so",)
    np.testing.assert_allclose(loaded.motion.root_translation, on_the_floor, atol=1e-5)


def test_who_stands_on_the_hands_goes_on_doing_so() -> None:
    motion, turn = standing(), rotations.quat_from_axis_angle([np.pi, 0, 0])
    quats = motion.rotations_xyzw.copy()
    quats[:, 0] = rotations.multiply(turn, quats[:, 0])
    loaded = decode_motion(encode_motion(replace(motion, rotations_xyzw=quats), "bvh").data)[1]
    assert loaded.notes == ("the body hangs head down; if that axis of the file is up, --input-up=-y says so",)
    np.testing.assert_allclose(loaded.motion.root_translation, motion.root_translation, atol=1e-5)


def test_a_clip_that_faces_backwards_goes_on_facing_backwards() -> None:
    motion = standing()
    quats = motion.rotations_xyzw.copy()
    quats[:, 0] = rotations.multiply(rotations.quat_from_axis_angle([0, np.pi, 0]), quats[:, 0])
    back = replace(motion, rotations_xyzw=quats)
    loaded = decode_motion(encode_motion(back, "bvh").data)[1]
    assert loaded.notes == ()
    np.testing.assert_allclose(loaded.motion.rotations_xyzw[:, 0], back.rotations_xyzw[:, 0], atol=1e-5)
    ahead = decode_motion(encode_motion(back, "bvh").data, reading=Reading(forward="-z"))[1].motion
    np.testing.assert_allclose(ahead.root_translation, motion.root_translation * [-1, 1, -1], atol=1e-5)


@pytest.mark.parametrize(
    ("units_per_metre", "name"),
    [
        (1.0, "metres"),
        (10.0, "decimetres"),
        (1000.0, "millimetres"),
        (1 / 0.0254, "inches"),
        (1 / 0.3048, "feet"),
        (0.45 / 0.0254, "CMU's"),
    ],
)
def test_the_unit_is_told_from_the_bodys_size(units_per_metre: float, name: str) -> None:
    motion = standing()
    loaded = read(motion, CoordinateSystem("y up", "+x", "+y", "+z", units_per_metre))
    assert f"lengths are taken for {name}" in loaded.notes[0]
    np.testing.assert_allclose(loaded.motion.root_translation, motion.root_translation, atol=1e-4)
    length = read(motion, CoordinateSystem("y up", "+x", "+y", "+z", units_per_metre), unit=str(1 / units_per_metre))
    assert length.notes == ()
    np.testing.assert_allclose(length.motion.root_translation, motion.root_translation, atol=1e-4)


@pytest.mark.parametrize("size", [0.6, 1.0, 1.5])
def test_children_and_giants_keep_their_size(size: float) -> None:
    motion = standing()
    small = replace(motion, skeleton=motion.skeleton.scaled(size))
    loaded = decode_motion(encode_motion(small, "bvh").data)[1]
    assert loaded.notes == ()
    read_back = loaded.motion.skeleton
    order = read_back.indices(small.skeleton.joint_names)
    np.testing.assert_allclose(read_back.rest_translations[order][1:], small.skeleton.rest_translations[1:], atol=1e-6)


def test_a_size_that_no_unit_explains_is_left_and_said() -> None:
    motion = standing()
    tiny = replace(motion, skeleton=motion.skeleton.scaled(40))
    loaded = decode_motion(encode_motion(tiny, "bvh").data)[1]
    assert "no other unit suits it better; --input-unit says which" in loaded.notes[0]


def test_metres_are_metres(strange_files: Path) -> None:
    loaded = load_motion(strange_files / "metres.bvh")[1]
    np.testing.assert_allclose(places(loaded.motion), PLACES, atol=1e-3)
    assert "lengths are taken for metres (1.69 m)" in loaded.notes[0]
    inches = load_motion(strange_files / "metres.bvh", reading=Reading(unit="in"))[1].motion
    np.testing.assert_allclose(places(inches), PLACES * 0.0254, atol=1e-4)


def test_formats_that_say_their_axes_are_believed() -> None:
    """A body of 3 cm that lies, in glTF, which has metres and Y up."""
    motion, turn = standing(), rotations.quat_from_axis_angle([np.pi / 2, 0, 0])
    quats = motion.rotations_xyzw.copy()
    quats[:, 0] = rotations.multiply(turn, quats[:, 0])
    doll = replace(motion, skeleton=motion.skeleton.scaled(0.02), rotations_xyzw=quats)
    loaded = decode_motion(encode_motion(doll, "glb").data)[1]
    assert loaded.notes == ()
    np.testing.assert_allclose(loaded.motion.root_translation, doll.root_translation, atol=1e-6)
    asked = decode_motion(encode_motion(doll, "glb").data, reading=Reading(up="z", unit="cm"))[1].motion
    x, y, z = doll.root_translation.T
    np.testing.assert_allclose(asked.root_translation, 0.01 * np.stack([x, z, -y], axis=1), atol=1e-6)


def test_axes_that_lie_along_each_other_are_refused(strange_files: Path) -> None:
    with pytest.raises(InvalidInputError, match="input_forward is '-z' and up is 'z': expected an axis across it"):
        load_motion(strange_files / "plain.bvh", reading=Reading(up="z", forward="-z"))
    with pytest.raises(InvalidInputError, match="input_unit is 'miles', expected m, dm"):
        load_motion(strange_files / "plain.bvh", reading=Reading(unit="miles"))


def test_a_face_alone_has_no_axes_and_it_is_said() -> None:
    data = b"time,JawOpen,MouthClose\n0,0.5,0\n0.04,0.25,0\n"
    plain = decode_motion(data, "face.csv")[1]
    loaded = decode_motion(data, "face.csv", reading=Reading(up="z", unit="cm", rest_frame=0))[1]
    said = "input_up, input_unit, rest_frame: of no use here, the file has a face and no body"
    assert loaded.notes == (*plain.notes, said)
    assert loaded.motion.fps == plain.motion.fps == 25
