"""BVH: round trips, bvhio as a second reader, files as they are met, and hostile ones."""

from __future__ import annotations

import contextlib
import warnings
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from command_line import run
from motions import assert_same_body, random_motion
from pantomatrix_converters import rotations
from pantomatrix_converters.coordinates import BVH
from pantomatrix_converters.errors import FormatError, LimitError, PantomatrixError, UnsupportedError
from pantomatrix_converters.finite_numbers import LARGEST
from pantomatrix_converters.formats import Loaded, Reading, ReadLimits, decode_motion, encode_motion
from pantomatrix_converters.formats.bvh.fixed_point import fixed_point_lines
from pantomatrix_converters.formats.bvh.number_text import NotANumberError, numbers_in
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
@example(1, 74676, 24.0, 2.25)
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
        ("JOINT arm", "ROOT arm", r"line 6: a ROOT inside of a joint"),
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
    data = encode_motion(motion, "bvh", "blender").data
    turned = decode_motion(data, reading=Reading(up="y", unit="cm"))[1].motion
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


# --------------------------------------------------------------------------------------------------- numbers as text


def _numbers(text: bytes) -> np.ndarray:
    return np.concatenate([np.zeros(0), *numbers_in(memoryview(text))])


def _as_float(word: bytes) -> float:
    try:
        return float(word)
    except ValueError:
        return np.nan


WORD = st.one_of(
    st.from_regex(rb"[-+]?[0-9]{0,9}\.[0-9]{0,9}", fullmatch=True),
    st.from_regex(rb"[-+]?[0-9]{1,10}", fullmatch=True),
    st.floats(-1e11, 1e11).map(lambda value: repr(value).encode()),
    st.sampled_from(
        [b"0", b"-0.0", b"nan", b"1e-7", b"1.5E+3", b"1.2.3", b"--1", b"-", b".", b"0x10", b"1-2", b"1\x002"]
    ),
)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(WORD, st.sampled_from([b" ", b"\n", b"\t", b"\r\n", b"   "])), max_size=40))
def test_numbers_are_what_float_makes_of_them(words: list[tuple[bytes, bytes]]) -> None:
    text = b"".join(word + space for word, space in words)
    expected = np.array([_as_float(word) for word, _ in words])
    if (np.abs(expected) <= LARGEST).all():
        found = _numbers(text)
        assert np.array_equal(found, expected)
        assert np.array_equal(np.signbit(found), np.signbit(expected))
    else:
        with pytest.raises(NotANumberError) as caught:
            _numbers(text)
        assert text[caught.value.position :].startswith(caught.value.word.encode("latin-1"))


@pytest.mark.parametrize("form", ["%.6f", "%g", "%.3f", "%.12f", "%d", "%.9e"])
def test_many_numbers_in_every_form(form: str) -> None:
    """More than one piece of text, whose ends cut no word."""
    values = np.random.default_rng(3).normal(scale=200, size=(900, 60))
    words = [form % value for value in values.ravel()]
    found = _numbers("\n".join(" ".join(words[at : at + 60]) for at in range(0, len(words), 60)).encode())
    assert np.array_equal(found, np.array(words, np.float64))


def test_a_wrong_number_far_into_a_file() -> None:
    lines = ["0.5 " * 200] * 3000
    lines[2500] = "0.5 " * 150 + "0,5 " + "0.5 " * 49
    with pytest.raises(NotANumberError) as caught:
        _numbers("\n".join(lines).encode())
    assert caught.value.word == "0,5"
    assert "\n".join(lines)[: caught.value.position].count("\n") == 2500


def test_angles_go_on_where_the_writer_takes_the_next_frames() -> None:
    """Several turns about the first of the axes: no jump of 360 degrees between any two frames."""
    motion = random_motion(1000, angle=0.0, face=False)
    turns = np.zeros((1000, 55, 3))
    turns[:, 0, 0] = np.arange(1000) * 0.05
    motion = replace(motion, rotations_xyzw=rotations.quat_from_axis_angle(turns).astype(np.float32))
    text = encode_motion(motion, "bvh").data.decode()
    rows = np.array([line.split() for line in text.splitlines()[-1000:]], np.float64)
    assert np.abs(np.diff(rows[:, 3:], axis=0)).max() < 3.0
    assert rows[-1, 3] - rows[0, 3] == pytest.approx(np.degrees(999 * 0.05), abs=1e-3)


def _two_characters() -> bytes:
    """Two ROOTs, the second with an arm on the other side; the frames have the numbers of one behind those of the other."""
    head, rows = SMALL.split("MOTION\n")
    times, frames = rows.split("0.04\n")
    second = head.removeprefix("HIERARCHY\n").replace("10 0 0", "-10 0 0").replace("ROOT hips", "ROOT pelvis")
    lines = [f"{line} 7 {line[2:]}" for line in frames.strip().split("\n")]
    return f"{head}{second}MOTION\n{times}0.04\n{chr(10).join(lines)}\n".encode()


def test_of_several_characters_each_can_be_read() -> None:
    both = _two_characters()
    first = read(both)
    assert_same_body(first.motion, read(SMALL).motion, radians=0, metres=0)
    (note,) = first.notes
    assert note == "2 characters are in the file: the first is read, 'hips'; --clip names another, or all"
    assert [clip.name for clip in first.clips] == ["hips", "pelvis"]
    for wanted in ("pelvis", "2"):
        second = decode_motion(both, "clip.bvh", reading=Reading(clip=wanted))[1]
        assert second.motion.skeleton.joint_names == ("pelvis", "arm")
        assert second.motion.skeleton.rest_translations[1, 0] == pytest.approx(-0.1)
        np.testing.assert_allclose(second.motion.root_translation[:, 0], 0.07, atol=1e-7)
        np.testing.assert_allclose(second.motion.rotations_xyzw, first.motion.rotations_xyzw, atol=1e-7)
        assert second.notes == ()
    for wanted in ("Hip", "3", "0", "arm"):
        with pytest.raises(PantomatrixError, match="unknown character of clip.bvh"):
            decode_motion(both, "clip.bvh", reading=Reading(clip=wanted))


def test_the_command_writes_a_file_of_each_character(tmp_path: Path) -> None:
    (tmp_path / "two.bvh").write_bytes(_two_characters())
    done = run("convert", tmp_path / "two.bvh", "-o", tmp_path / "each/", "--clip", "all", "--format", "json")
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "each").iterdir())) == 2
    assert "pelvis" in run("inspect", tmp_path / "two.bvh").stdout
