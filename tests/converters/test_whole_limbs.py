"""A foot beside its leg would stay behind: such a rig is refused, and one with handles beside a whole leg is not."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from pantomatrix_converters import rotations
from pantomatrix_converters.errors import MotionError
from pantomatrix_converters.formats import load_motion
from pantomatrix_converters.kinematics import rest_pose
from pantomatrix_converters.retargeting.humanoid import HumanoidMap, guess_roles
from pantomatrix_converters.retargeting.retarget import Retargeting
from pantomatrix_converters.skeleton import Skeleton, load_skeleton
from pantomatrix_converters.skeleton_file import find_skeleton

pytestmark = pytest.mark.unit

DATA = Path(__file__).parents[1] / "data" / "strange_files"
SMPLX = load_skeleton("smplx")


def moved(skeleton: Skeleton, parents: Mapping[str, str]) -> Skeleton:
    """With joints that hang elsewhere, each in its place (the rest rotations here are none)."""
    places, _ = rest_pose(skeleton)
    above = [skeleton.index(parents[n]) if n in parents else int(skeleton.parents[i]) for i, n in enumerate(skeleton.joint_names)]  # fmt: skip
    offsets = [place - places[parent] if parent >= 0 else place for place, parent in zip(places, above, strict=True)]
    return Skeleton.build("rig", skeleton.joint_names, above, offsets)


def test_feet_beside_the_legs_of_a_file() -> None:
    motion = load_motion(DATA / "knees_up.npz")[1].motion
    rig = find_skeleton(str(DATA / "feet_beside_the_legs.json"))
    with pytest.raises(MotionError, match=r"'LeftFoot' \(left_ankle\) hangs on 'root', not on 'LeftLeg' \(left_knee\)"):
        Retargeting(motion.skeleton, rig)
    table = HumanoidMap.of_pairs(guess_roles(rig).roles.items(), rig)
    with pytest.raises(MotionError, match="it would stay behind"):
        Retargeting(motion.skeleton, rig, target_map=table)


@pytest.mark.parametrize(
    ("parents", "text"),
    [
        ({"right_ankle": "pelvis"}, r"'right_ankle' \(right_ankle\) hangs on 'pelvis'"),
        ({"left_wrist": "pelvis"}, r"'left_wrist' \(left_wrist\) hangs on 'pelvis', not on 'left_elbow'"),
        ({"left_knee": "pelvis"}, r"'left_knee' \(left_knee\) hangs on 'pelvis', not on 'left_hip'"),
    ],
)
def test_limbs_in_pieces(parents: Mapping[str, str], text: str) -> None:
    with pytest.raises(MotionError, match=text):
        Retargeting(SMPLX, moved(SMPLX, parents))


def test_they_may_be_where_motion_comes_from() -> None:
    Retargeting(moved(SMPLX, {"left_ankle": "pelvis"}), load_skeleton("mixamo"))


def test_handles_beside_a_leg_are_left_alone() -> None:
    """Unreal's ik_foot_l and the like play no part of the body."""
    handles = ("ik_foot_root", "ik_foot_l", "ik_foot_r", "ik_hand_root", "ik_hand_l", "ik_hand_r")
    manny = load_skeleton("ue5_manny")
    rig = Skeleton.build(
        "rig",
        (*manny.joint_names[:1], *handles, *manny.joint_names[1:]),
        [-1, 0, 1, 1, 0, 4, 4, *(0 if parent == 0 else parent + 6 for parent in manny.parents[1:].tolist())],
        np.insert(manny.rest_translations, 1, np.zeros((6, 3)), axis=0),
        np.insert(manny.rest_rotations_xyzw, 1, np.tile(rotations.IDENTITY_XYZW, (6, 1)), axis=0),
    )
    assert guess_roles(rig).roles == guess_roles(manny).roles
    Retargeting(SMPLX, rig)
