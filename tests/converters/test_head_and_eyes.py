"""Turns of head and eyes in Live Link Face's files and packets."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import numpy as np
import pytest

from motions import random_motion
from pantomatrix_converters import rotations
from pantomatrix_converters.face.rigs import ARKIT52
from pantomatrix_converters.formats import encode_motion
from pantomatrix_converters.formats.arkit.head_and_eyes import ANGLES, head_and_eyes
from pantomatrix_converters.motion import FaceCurves, Motion, face_motion
from pantomatrix_converters.packets.live_link_face import live_link_frames
from pantomatrix_converters.retargeting.retarget import Retargeting
from pantomatrix_converters.skeleton import load_skeleton

pytestmark = pytest.mark.unit

SMPLX = load_skeleton("smplx")
APART = 0.066
"""Radians by which each eye is turned out where all weights are 0, in the recordings."""

RECORDED = (
    # eyeLook of the left eye: In, Out, Up, Down; of the right one; then yaw, pitch and roll of both: rows of the app's files.
    ((0.0872, 0.0, 0.0, 0.2226), (0.0229, 0.0, 0.0, 0.2229), (-0.0139, 0.1362, -0.0019), (0.0528, 0.1362, 0.0072)),
    ((0.0, 0.3405, 0.3120, 0.0), (0.4408, 0.0, 0.3075, 0.0), (-0.2668, -0.1391, 0.0369), (-0.2060, -0.1391, 0.0286)),
    ((0.0, 0.3253, 0.2936, 0.0), (0.4263, 0.0, 0.2895, 0.0), (-0.2583, -0.1307, 0.0336), (-0.1971, -0.1307, 0.0257)),
)


def still(**turns: tuple[float, float, float]) -> Motion:
    """One frame of SMPL-X and a face at rest. turns: joint -> degrees about X (left), Y (up) and Z (forward), Y first."""
    quats = np.tile(SMPLX.rest_rotations_xyzw, (1, 1, 1))
    for joint, (pitch, yaw, roll) in turns.items():
        turn = rotations.quat_from_euler(np.radians([yaw, pitch, roll]), "YXZ")
        quats[0, SMPLX.index(joint)] = rotations.multiply(turn, quats[0, SMPLX.index(joint)])
    face = FaceCurves(ARKIT52.name, ARKIT52.curve_names, np.zeros((1, 52), np.float32))
    return Motion(SMPLX, 30.0, quats.astype(np.float32), SMPLX.rest_translations[:1].astype(np.float32), face)


def head(motion: Motion) -> np.ndarray:
    """(3,) degrees of the first frame."""
    return np.degrees(head_and_eyes(motion)[0, :3])


@pytest.mark.parametrize(
    ("turn", "wanted"),
    [
        # To the left, where the eyes' yaw is negative; down, where theirs is positive; onto the left shoulder.
        ((0, 20, 0), (-20, 0, 0)),
        ((10, 0, 0), (0, 10, 0)),
        ((0, 0, -15), (0, 0, 15)),
        ((10, 20, -15), (-20, 10, 15)),
    ],
)
def test_the_head_is_turned_as_the_eyes_are(
    turn: tuple[float, float, float], wanted: tuple[float, float, float]
) -> None:
    np.testing.assert_allclose(head(still(head=turn)), wanted, atol=1e-3)


def test_what_carries_the_head_counts_and_where_the_body_faces_does_not() -> None:
    np.testing.assert_allclose(head(still(neck=(10, 0, 0), spine2=(5, 0, 0))), (0, 15, 0), atol=1e-3)
    turned = still(head=(10, 20, -15), pelvis=(40, 130, 20), left_shoulder=(0, 0, -60))
    np.testing.assert_allclose(head(turned), (-20, 10, 15), atol=1e-3)


@pytest.mark.parametrize("name", ["ue5_manny", "mixamo", "unity_humanoid"])
def test_another_skeleton_says_the_same(name: str) -> None:
    motion = still(head=(10, 20, -15), pelvis=(0, 130, 0))
    moved = Retargeting(SMPLX, load_skeleton(name)).apply(motion)
    np.testing.assert_allclose(head(moved), (-20, 10, 15), atol=0.1)


@pytest.mark.parametrize(("left", "right", "left_eye", "right_eye"), RECORDED)
def test_eyes_are_as_the_app_recorded_them(left: tuple, right: tuple, left_eye: tuple, right_eye: tuple) -> None:
    weights = np.zeros((1, 52), np.float32)
    for side, values in (("Left", left), ("Right", right)):
        for way, value in zip(("In", "Out", "Up", "Down"), values, strict=True):
            weights[0, ARKIT52.curve_names.index(f"eyeLook{way}{side}")] = value
    eyes = head_and_eyes(face_motion(FaceCurves(ARKIT52.name, ARKIT52.curve_names, weights), 60.0))[0, 3:]
    wanted = np.array([*left_eye, *right_eye])
    wanted[[0, 3]] += APART, -APART
    np.testing.assert_allclose(eyes, wanted, atol=0.015)


def test_files_and_packets_have_them() -> None:
    motion = random_motion(3)
    wanted = head_and_eyes(motion)
    assert np.abs(wanted).min(axis=0).max() > 0.01
    rows = list(csv.DictReader(io.StringIO(encode_motion(motion, "arkit-csv").data.decode())))
    np.testing.assert_allclose([[float(row[angle]) for angle in ANGLES] for row in rows], wanted, atol=1e-6)
    from pylivelinkface import FaceBlendShape, PyLiveLinkFace

    for (packet,), angles in zip(live_link_frames(motion), wanted, strict=True):
        _, face = PyLiveLinkFace.decode(packet)
        np.testing.assert_allclose([face.get_blendshape(FaceBlendShape[angle]) for angle in ANGLES], angles, atol=1e-6)


def test_a_face_alone_and_what_is_no_human_hold_the_head_still() -> None:
    motion = random_motion(2)
    assert motion.face is not None
    assert not head_and_eyes(face_motion(motion.face, 30.0))[:, :3].any()
    tail = replace(
        SMPLX, name="tail", joint_names=tuple(f"part{joint}" for joint in range(len(SMPLX))), parts={}, roles=()
    )
    stick = replace(tail, rest_translations=np.tile([0.0, 0.1, 0.0], (len(SMPLX), 1)), end_sites={})
    assert not head_and_eyes(replace(motion, skeleton=stick))[:, :3].any()
