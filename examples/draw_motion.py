"""Draw a motion: its sound, some face curves, and the skeleton a few times a second.

    python examples/draw_motion.py speech.wav motion.npz picture.png

Needs matplotlib beside pantomatrix[server].
"""

from __future__ import annotations

import sys
from pathlib import Path

import matplotlib as mpl
import numpy as np

from pantomatrix_converters.formats import load_motion
from pantomatrix_converters.kinematics import forward_kinematics
from pantomatrix_models.audio.decode import decode_file
from pantomatrix_models.audio.speech import SAMPLE_RATE_HZ

mpl.use("Agg")
import matplotlib.pyplot as plt

CURVES = {"jawOpen": "#d1495b", "mouthFunnel": "#00798c", "mouthPressLeft": "#edae49", "eyeBlinkLeft": "#66717e"}
POSES = 12
COLOURS = {"left": "#d1495b", "right": "#00798c"}


def main() -> None:
    speech_path, motion_path, picture = map(Path, sys.argv[1:4])
    speech = decode_file(speech_path.read_bytes(), 3600)
    motion = load_motion(motion_path)[1].motion
    if motion.face is None:
        raise SystemExit(f"{motion_path} has no face")
    positions, _ = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)
    figure, (top, middle, bottom) = plt.subplots(
        3, 1, figsize=(13, 7.2), height_ratios=[1, 1.4, 3], layout="constrained", sharex=True
    )

    top.plot(np.arange(len(speech.samples)) / SAMPLE_RATE_HZ, speech.samples, color="#2e4057", linewidth=0.3)
    top.set(yticks=[], ylabel="speech")
    times = np.arange(len(motion)) / motion.fps
    for name, colour in CURVES.items():
        middle.plot(
            times, motion.face.weights[:, motion.face.names.index(name)], color=colour, linewidth=1.1, label=name
        )
    middle.set(ylim=(0, 1.05), ylabel="ARKit weight")
    middle.legend(loc="upper right", ncols=len(CURVES), frameon=False, fontsize=8)

    width = motion.duration_seconds / POSES
    for pose in range(POSES):
        centre = (pose + 0.5) * width
        points = positions[min(int(centre * motion.fps), len(motion) - 1)]
        for joint, parent in enumerate(motion.skeleton.parents):
            if parent >= 0:
                side = motion.skeleton.joint_names[joint].split("_")[0]
                x = centre - points[[joint, parent], 0] * width * 1.05
                bottom.plot(x, points[[joint, parent], 1], color=COLOURS.get(side, "#2e4057"), linewidth=1.8)
    bottom.set(ylim=(-0.05, 1.72), xlim=(0, motion.duration_seconds), xlabel="seconds", ylabel="metres")
    for axes in (top, middle, bottom):
        axes.spines[["top", "right"]].set_visible(False)
    picture.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(picture, dpi=90)
    print(f"wrote {picture}")


if __name__ == "__main__":
    main()
