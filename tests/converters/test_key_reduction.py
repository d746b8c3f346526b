"""Smaller GLB and VRM animations: how far off they are, by our reader and by three.js, scipy and Khronos' validator."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pygltflib import GLTF2
from scipy.spatial.transform import Rotation, Slerp

import pantomatrix as pm
from command_line import run
from folders import ROOT
from motions import angle_between, random_motion
from pantomatrix_converters import rotations
from pantomatrix_converters.errors import MotionError
from pantomatrix_converters.formats import decode_motion, encode_motion
from pantomatrix_converters.formats.key_reduction import KeyReduction
from pantomatrix_converters.kinematics import forward_kinematics
from pantomatrix_converters.motion import FaceCurves, Motion, face_motion
from strangers import needs_node, run_node

pytestmark = pytest.mark.unit

TAKE = pm.generate(ROOT / "examples" / "speech.wav")


def reduced(motion: Motion, degrees: float, form: str = "glb") -> bytes:
    return encode_motion(motion, form, reduce_degrees=degrees).data


@pytest.mark.parametrize("degrees", [0.01, 0.1, 1.0])
def test_nothing_is_further_off_than_asked(degrees: float) -> None:
    read = decode_motion(reduced(TAKE, degrees))[1].motion
    assert (len(read), read.fps) == (len(TAKE), TAKE.fps)
    off = np.degrees(angle_between(read.rotations_xyzw, TAKE.rotations_xyzw))
    assert off.max() <= degrees + 1e-4
    assert np.abs(read.root_translation - TAKE.root_translation).max() <= np.radians(degrees) + 1e-6
    assert read.face is not None
    assert TAKE.face is not None
    assert np.abs(read.face.weights - TAKE.face.weights).max() <= 0.04 * degrees + 1e-6


def test_a_tenth_of_a_degree_halves_a_file() -> None:
    assert len(reduced(TAKE, 0.1)) <= 0.5 * len(encode_motion(TAKE, "glb").data)
    sizes = [len(reduced(TAKE, degrees)) for degrees in (0.01, 0.05, 0.1, 0.5, 1.0)]
    assert sizes == sorted(sizes, reverse=True)


def test_scipy_comes_between_the_keys_to_the_same(tmp_path: Path) -> None:
    """The keys as pygltflib finds them, interpolated by scipy."""
    document = GLTF2.load_from_bytes(reduced(TAKE, 0.1))
    binary = document.binary_blob()
    animation = document.animations[0]
    checked = 0
    for channel in animation.channels:
        if channel.target.path != "rotation":
            continue
        sampler = animation.samplers[channel.sampler]
        times, quats = (document.accessors[at] for at in (sampler.input, sampler.output))
        assert (quats.componentType, quats.normalized, times.componentType) == (5122, True, 5126)
        views = [document.bufferViews[accessor.bufferView] for accessor in (times, quats)]
        seconds = np.frombuffer(binary, "<f4", times.count, views[0].byteOffset)
        turns = np.frombuffer(binary, "<i2", quats.count * 4, views[1].byteOffset).reshape(-1, 4) / 32767
        joint = TAKE.skeleton.index(document.nodes[channel.target.node].name)
        frames = np.arange(len(TAKE)) / TAKE.fps
        between = Slerp(seconds, Rotation.from_quat(turns))(np.minimum(frames, seconds[-1]))
        off = (between.inv() * Rotation.from_quat(TAKE.rotations_xyzw[:, joint])).magnitude()
        assert np.degrees(off.max()) <= 0.1 + 1e-3
        checked += 1
    assert checked == len(TAKE.skeleton)


def test_what_stands_still_has_two_keys() -> None:
    motion = random_motion(50, angle=0.0)
    document = GLTF2.load_from_bytes(reduced(motion, 0.1))
    animation = document.animations[0]
    counts = {
        document.accessors[animation.samplers[channel.sampler].input].count
        for channel in animation.channels
        if channel.target.path == "rotation"
    }
    assert counts == {2}


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(
    st.integers(1, 60),
    st.integers(0, 2**31),
    st.sampled_from([0.0, 0.05, 0.5, 3.0]),
    st.sampled_from([0.001, 0.1, 10.0]),
)
def test_any_motion(frames: int, seed: int, angle: float, degrees: float) -> None:
    """Turns of half a circle between two frames as well: what cannot be left out stays."""
    motion = random_motion(frames, seed=seed, angle=angle)
    read = decode_motion(reduced(motion, degrees))[1].motion
    assert len(read) == frames
    off = np.degrees(angle_between(read.rotations_xyzw, motion.rotations_xyzw))
    assert off.max() <= max(degrees, 0.006) + 1e-3  # 16-bit numbers alone are up to 0.006 degrees off


def test_players_that_interpolate_each_number_are_as_close() -> None:
    """Blender's way: a straight line between two keys, brought to length 1."""
    turns = rotations.quat_from_axis_angle(np.linspace([0.0, 0, 0], [3.0, 0, 0], 200))
    kept = KeyReduction(0.1).of_rotations(turns, turns)
    assert 2 < len(kept) < 30
    straight = np.stack([np.interp(np.arange(200), kept, turns[kept, axis]) for axis in range(4)], axis=1)
    assert np.degrees(angle_between(rotations.normalize(straight), turns)).max() <= 0.1 + 1e-6


def test_weights_beyond_one_keep_their_size() -> None:
    """FLAME's coefficients are no shares."""
    large = FaceCurves("mine", ("a", "b"), np.linspace([0.0, -3], [7.5, 3], 40).astype(np.float32))
    document = GLTF2.load_from_bytes(reduced(face_motion(large, 30), 0.1))
    output = document.accessors[document.animations[0].samplers[0].output]
    assert (output.componentType, output.count) == (5126, 4)


@needs_node
@pytest.mark.parametrize("form", ["glb", "vrma", "vrma-perfect-sync"])
def test_khronos_validator_finds_nothing(tmp_path: Path, form: str) -> None:
    files = []
    for degrees in (0.001, 0.1, 5.0):
        files.append(tmp_path / f"{degrees}.glb")
        files[-1].write_bytes(reduced(TAKE, degrees, form))
    files.append(tmp_path / "one.glb")
    files[-1].write_bytes(reduced(TAKE.frames(0, 1), 0.1, form))
    for file, found in run_node("validate.mjs", *files).items():
        assert (found["errors"], found["warnings"]) == (0, 0), (file, found["messages"])


@needs_node
def test_three_has_every_joint_in_its_place(tmp_path: Path) -> None:
    """Within what a tenth of a degree moves fingers at the end of ten joints."""
    path = tmp_path / "take.glb"
    path.write_bytes(reduced(TAKE, 0.1))
    read = decode_motion(path.read_bytes())[1].motion
    frames = (0, 7, 31, 60)
    for frame, seen in zip(
        frames, run_node("positions.mjs", path, *(frame / TAKE.fps for frame in frames)), strict=True
    ):
        for motion, metres in ((read, 1e-3), (TAKE, 6e-3)):
            part = motion.frames(frame, frame + 1)
            places, _ = forward_kinematics(motion.skeleton, part.rotations_xyzw, part.root_translation)
            for at, joint in enumerate(motion.skeleton.joint_names):
                np.testing.assert_allclose(seen["positions"][joint], places[0, at], atol=metres)
        assert TAKE.face is not None
        weights = [seen["weights"][curve] for curve in TAKE.face.names]
        np.testing.assert_allclose(weights, TAKE.face.weights[frame], atol=0.0041)


def test_formats_of_every_frame_say_so(tmp_path: Path) -> None:
    pm.save(TAKE, tmp_path / "take.npz")
    result = run("convert", "take.npz", "-o", "take.bvh", "--reduce", "0.1", cwd=tmp_path)
    assert result.returncode == 0
    assert "note: bvh holds every frame: no keys are left out" in result.stderr
    assert run("convert", "take.npz", "-o", "take.glb", "--reduce", "0.1", cwd=tmp_path).returncode == 0
    assert (tmp_path / "take.glb").read_bytes() == reduced(pm.load(tmp_path / "take.npz"), 0.1)
    assert run("convert", "take.npz", "-o", "all.glb", "--reduce", "0", cwd=tmp_path).returncode == 0
    assert (tmp_path / "all.glb").read_bytes() == encode_motion(pm.load(tmp_path / "take.npz"), "glb").data


@pytest.mark.parametrize("degrees", [-0.1, 10.5, float("nan")])
def test_impossible_tolerances_are_refused_before_any_work(degrees: float, tmp_path: Path) -> None:
    with pytest.raises(MotionError, match="expected 0 to 10"):
        encode_motion(TAKE, "glb", reduce_degrees=degrees)
    pm.save(TAKE, tmp_path / "take.npz")
    result = run("convert", tmp_path / "take.npz", "-o", tmp_path / "take.glb", f"--reduce={degrees}")
    assert (result.returncode, len(result.stderr.splitlines())) == (2, 1)
    assert "expected 0 to 10" in result.stderr
