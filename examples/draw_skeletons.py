"""One pose on every skeleton, side by side:  python examples/draw_skeletons.py docs/images/skeletons.png"""

from __future__ import annotations

import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes

from pantomatrix_converters import rotations
from pantomatrix_converters.kinematics import forward_kinematics
from pantomatrix_converters.motion import Motion
from pantomatrix_converters.retargeting.retarget import Retargeting
from pantomatrix_converters.skeleton import load_skeleton

SKELETONS = {
    "smplx": "SMPL-X", "beat_vicon75": "BEAT Vicon 75", "ue5_manny": "UE5 Manny", "ue4_mannequin": "UE4 Mannequin",
    "mixamo": "Mixamo", "ready_player_me": "Ready Player Me", "vrm1": "VRM 1.0, Unity Humanoid",
}  # fmt: skip
POSE = {
    "spine1": (0.0, 0.15, 0.1), "spine3": (0.0, 0.2, -0.05), "neck": (0.1, 0.25, 0.0),
    "left_shoulder": (0.0, -0.5, 0.75), "left_elbow": (0.0, -1.1, 0.2), "left_wrist": (0.0, 0.0, 0.25),
    "right_shoulder": (0.3, 0.3, 1.15), "right_elbow": (0.2, 0.9, 0.1),
    "left_hip": (-0.9, 0.15, 0.1), "left_knee": (1.1, 0.0, 0.0), "left_ankle": (-0.1, 0.0, 0.0),
    "right_hip": (0.05, 0.0, -0.12),
    **{f"left_{finger}{number}": (0.0, 0.0, -0.7) for finger in ("ring", "pinky") for number in (1, 2)},
}  # fmt: skip
TURN = rotations.quat_from_axis_angle([0.0, -0.5, 0.0])


def main(target: str) -> None:
    smplx = load_skeleton("smplx")
    quats = np.tile(rotations.IDENTITY_XYZW, (1, len(smplx), 1))
    for joint, axis_angle in POSE.items():
        quats[0, smplx.index(joint)] = rotations.quat_from_axis_angle(axis_angle)
    pose = Motion(smplx, 30.0, quats.astype(np.float32), smplx.rest_translations[:1].astype(np.float32))
    figure, rows = plt.subplots(2, len(SKELETONS), figsize=(14, 5.4), sharex=True, sharey=True)
    for (name, title), above, below in zip(SKELETONS.items(), *rows, strict=True):
        skeleton = load_skeleton(name)
        rest = Motion(
            skeleton,
            30.0,
            skeleton.rest_rotations_xyzw[None].astype(np.float32),
            skeleton.rest_translations[:1].astype(np.float32),
        )
        draw(above, rest, "0.55")
        draw(below, Retargeting(smplx, skeleton).apply(pose), "#1f5fa8")
        above.set_title(f"{title}\n{len(skeleton)} joints", fontsize=10)
    rows[0][0].set_ylabel("rest pose")
    rows[1][0].set_ylabel("the same pose")
    figure.tight_layout()
    figure.savefig(target, dpi=110)


def draw(axes: Axes, motion: Motion, colour: str) -> None:
    positions, _ = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)
    seen = rotations.rotate(TURN, positions[0])
    for joint, parent in enumerate(motion.skeleton.parents):
        if parent >= 0 and motion.skeleton.joint_names[parent] != "root":
            axes.plot(*seen[[parent, joint], :2].T, color=colour, linewidth=1.6, solid_capstyle="round")
    axes.plot(*seen[:, :2].T, ".", color=colour, markersize=2)
    axes.set_aspect("equal")
    axes.set_xlim(-0.95, 0.95)
    axes.set_ylim(-0.05, 1.85)
    axes.set_xticks([])
    axes.set_yticks([])
    axes.spines[:].set_visible(False)


if __name__ == "__main__":
    main(sys.argv[1])
