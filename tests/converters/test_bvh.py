"""BVH: round trips, bvhio as a second reader, files as they are met, and hostile ones."""

from __future__ import annotations

import contextlib
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from motions import assert_same_body, random_motion
from pantomatrix_converters import rotations
from pantomatrix_converters.coordinates import BVH
from pantomatrix_converters.errors import FormatError, LimitError, PantomatrixError, UnsupportedError
from pantomatrix_converters.formats import Loaded, ReadLimits, decode_motion, encode_motion
from pantomatrix_converters.formats.bvh.fixed_point import fixed_point_lines
from pantomatrix_converters.kinematics import forward_kinematics

pytestmark = pytest.mark.unit

with warnings.catch_warnings():
    warnings.simplefilter("ignore", PendingDeprecationWarning)
    import bvhio

SMALL = """HIERARCHY
ROOT hips
{
  OFFSET 1 2 3
  CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
  JOINT arm
  {
    OFFSET 10 0 0
    CHANNELS 3 Zrotation Xrotation Yrotation
    End Site
    {
      OFFSET 5 0 0
    }
  }
}
MOTION
Frames: 2
Frame Time: 0.04
0 90 0 0 0 0 90 0 0
0 91 0 0 0 0 0 90 0
"""


def read(text: str | bytes, limits: ReadLimits | None = None) -> Loaded:
    data = text.encode() if isinstance(text, str) else text
    return decode_motion(data, "clip.bvh", "bvh", limits)[1]


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 8), st.integers(0, 2**31), st.sampled_from([24.0, 29.97, 30.0, 60.0, 120.0]), st.floats(0, 3))
def test_round_trip(frames: int, seed: int, fps: float, angle: float) -> None:
    motion = random_motion(frames, seed=seed, fps=fps, angle=angle, face=False)
    loaded = read(encode_motion(motion, "bvh").data)
    assert loaded.motion.fps == pytest.approx(fps, rel=1e-6)
    assert loaded.motion.skeleton is motion.skeleton
    assert_same_body(loaded.motion, motion, radians=1e-6, metres=1e-6)


def test_bvhio_sees_the_same_joints_in_the_same_places(tmp_path) -> None:
    motion = random_motion(3, seed=5, face=False)
    path = tmp_path / "clip.bvh"
    path.write_bytes(encode_motion(motion, "bvh").data)
    positions, _ = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)
    root = bvhio.readAsHierarchy(str(path))
    for frame in range(3):
        root.loadPose(frame)
        for joint, _, _ in root.layout():
            index = motion.skeleton.index(joint.Name)
            place = np.array(joint.PositionWorld) / BVH.units_per_metre
            np.testing.assert_allclose(place, positions[frame, index], atol=1e-4)


def test_a_small_file_by_hand() -> None:
    motion = read(SMALL).motion
    assert motion.fps == 25
    assert motion.skeleton.joint_names == ("hips", "arm")
    np.testing.assert_allclose(motion.root_translation, [[0, 0.90, 0], [0, 0.91, 0]], atol=1e-6)
    np.testing.assert_allclose(motion.skeleton.rest_translations[1], [0.1, 0, 0])
    turned = rotations.rotate(motion.rotations_xyzw[:, 1], [[1.0, 0, 0], [0, 1.0, 0]])
    np.testing.assert_allclose(turned, [[0, 1, 0], [0, 0, 1]], atol=1e-6)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: text.replace("  ", "\t"),
        lambda text: text.replace("ROOT hips\n{", "ROOT hips {").replace("JOINT arm\n  {", "JOINT arm{"),
        lambda text: text.replace("HIERARCHY", "Hierarchy").replace("OFFSET", "Offset").replace("CHANNELS", "Channels"),
        lambda text: text.replace("Frame Time: 0.04", "Frame Time:4e-2").replace("Frames: 2", "FRAMES:\t2"),
        lambda text: text.replace("0 90 0 0", "0 90\n0 0"),
        lambda text: text.replace("0 91 0", "0 9.1e1 -0"),
        lambda text: text.rstrip("\n"),
        lambda text: text + "\n\n",
    ],
)
def test_files_as_they_are_met(change) -> None:
    expected = read(SMALL).motion
    motion = read(change(SMALL)).motion
    assert_same_body(motion, expected, radians=1e-7, metres=1e-7)
    assert motion.fps == 25


def test_names_with_blanks_and_positions_on_every_joint() -> None:
    text = SMALL.replace("JOINT arm", "JOINT left upper:arm").replace(
        "CHANNELS 3 Zrotation", "CHANNELS 6 Xposition Yposition Zposition Zrotation"
    )
    moved = text.replace("90 0 0\n0 91", "10 0 0 90 0 0\n0 91").replace("0 90 0\n", "12 0 0 0 90 0\n")
    loaded = read(moved)
    assert loaded.motion.skeleton.joint_names[1] == "left upper:arm"
    assert "changes its length" in loaded.notes[0]


@pytest.mark.parametrize(
    ("old", "new", "text"),
    [
        ("HIERARCHY", "HIERARCHIE", "expected HIERARCHY"),
        ("MOTION", "NOTHING", "no line MOTION"),
        ("OFFSET 10 0 0", "OFFSET 10 zero 0", r"line 8: found 'zero', expected a number"),
        ("OFFSET 10 0 0", "OFFSET 10 nan 0", r"line 8: found nan, expected a finite"),
        ("CHANNELS 3", "CHANNELS 9", r"line 9: 9 channels"),
        ("CHANNELS 3 Zrotation", "CHANNELS 3 Wrotation", r"line 9: unknown channel 'wrotation'"),
        ("CHANNELS 3 Zrotation", "CHANNELS 3 Xrotation", r"line 9: a channel occurs twice"),
        ("JOINT arm", "ROOT arm", r"line 6: a second ROOT"),
        ("JOINT arm", "JOINT hips", "'hips' occurs twice"),
        ("    End Site", "    Begin Site", r"line 10: found 'Begin'"),
        ("  }\n}\nMOTION", "  }\nMOTION", "'hips' is not closed"),
        ("Frames: 2", "Frames: many", "Frames is 'many'"),
        ("Frames: 2", "Frames: 3", "18 numbers in the MOTION block, expected 3 frames of 9 channels"),
        ("Frames: 2", "Frames: 0", "hold no motion"),
        ("Frames: 2", "Frames: -5", "hold no motion"),
        ("Frame Time: 0.04", "Frame Time: 0", "expected seconds above 0"),
        ("Frame Time: 0.04", "Frame Time: nan", "expected seconds above 0"),
        ("Frame Time: 0.04", "Frame Time: 1e-6", "1e\\+06 frames per second"),
        ("0 91 0", "0 x91 0", r"line 20: 'x91' is not a finite number"),
        ("0 91 0", "0 inf 0", r"line 20: 'inf' is not a finite number"),
    ],
)
def test_wrong_files_say_where(old: str, new: str, text: str) -> None:
    assert old in SMALL
    with pytest.raises(PantomatrixError, match=text) as caught:
        read(SMALL.replace(old, new, 1))
    assert "clip" in str(caught.value)


def test_claims_and_depth_take_no_memory() -> None:
    with pytest.raises(LimitError, match="1000000000 frames"):
        read(SMALL.replace("Frames: 2", "Frames: 1000000000"))
    deep = "HIERARCHY\nROOT a {\n" + "".join(f"JOINT b{i} {{\n" for i in range(50_000))
    with pytest.raises(LimitError, match="1024 joints"):
        read(deep + "MOTION\nFrames: 1\nFrame Time: 1\n")
    with pytest.raises(FormatError, match="not a motion file"):
        decode_motion(b"\x00" * 1000, "x")


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_mutated_files_never_crash(data) -> None:
    text = bytearray(SMALL.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        position = data.draw(st.integers(0, len(text) - 1))
        text[position : position + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=6))
    with contextlib.suppress(PantomatrixError):
        read(bytes(text))


def test_left_handed_files_are_refused_and_blender_axes_turn_the_body() -> None:
    motion = random_motion(2, face=False)
    with pytest.raises(UnsupportedError, match="right-handed"):
        encode_motion(motion, "bvh", "unity")
    turned = read(encode_motion(motion, "bvh", "blender").data).motion
    x, y, z = motion.root_translation.T
    np.testing.assert_allclose(100 * turned.root_translation, np.stack([x, -z, y], axis=1), atol=1e-5)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=12))
def test_fixed_point_text_is_the_number(numbers: list[float]) -> None:
    text = fixed_point_lines(np.array([numbers, numbers[::-1]]), 6).decode()
    rows = [[float(word) for word in line.split()] for line in text.splitlines()]
    np.testing.assert_allclose(rows, [numbers, numbers[::-1]], atol=5.1e-7)


def test_angles_do_not_jump() -> None:
    motion = random_motion(1, face=False)
    turns = rotations.quat_from_euler(np.stack([np.linspace(0, 12, 200), np.zeros(200), np.zeros(200)], axis=1), "XYZ")
    quats = np.repeat(motion.rotations_xyzw, 200, axis=0)
    quats[:, 15] = turns
    spin = type(motion)(motion.skeleton, 30, quats, np.repeat(motion.root_translation, 200, axis=0))
    lines = encode_motion(spin, "bvh").data.decode().split("Frame Time")[1].splitlines()[1:]
    values = np.array([[float(word) for word in line.split()] for line in lines])
    assert np.abs(np.diff(values, axis=0)).max() < 5
