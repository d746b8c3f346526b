"""Frames a second from SMPL-X to every skeleton, and to ARKit from FLAME; medians of the repeats."""

from __future__ import annotations

import numpy as np
from formats import FRAMES, REPEATS, long_motion, median_seconds

from pantomatrix_converters.flame_arkit import ArkitMatrix
from pantomatrix_converters.foot_lock import locked_feet
from pantomatrix_converters.retargeting import Retargeting
from pantomatrix_converters.skeleton import load_skeleton, original_skeleton_names


def main() -> None:
    motion = long_motion()
    print(f"retargeting, {FRAMES} frames, {REPEATS} repeats, medians; aim: 100 000 frames/s without foot lock")
    print(f"{'skeleton':<18} {'joints':>6} {'frames/s':>10} {'with foot lock':>15}")
    for name in original_skeleton_names():
        if name == "smplx":
            continue
        retargeting = Retargeting(motion.skeleton, load_skeleton(name))
        moved = retargeting.apply(motion)
        plain = FRAMES / median_seconds(lambda made=retargeting: made.apply(motion))
        locked = 1 / (1 / plain + median_seconds(lambda moved=moved: locked_feet(moved)) / FRAMES)
        print(f"{name:<18} {len(moved.skeleton):>6} {plain:>10.0f} {locked:>15.0f}")
    random = np.random.default_rng(0)
    matrix = ArkitMatrix(random.standard_normal((51, 103)).astype(np.float32))
    flame = matrix.flame(random.random((FRAMES, 52)).astype(np.float32) ** 4)
    print(f"FLAME to ARKit     {FRAMES / median_seconds(lambda: matrix.arkit(flame)):.0f} frames/s; aim: 50 000")


if __name__ == "__main__":
    main()
