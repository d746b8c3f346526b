"""Frames a second from SMPL-X to every skeleton, and to ARKit from FLAME; medians of the repeats."""

from __future__ import annotations

import numpy as np
from formats import FRAMES, REPEATS, long_motion, median_seconds

from pantomatrix_converters.face.flame_arkit import ROWS, ArkitMatrix
from pantomatrix_converters.retargeting.foot_lock import locked_feet
from pantomatrix_converters.retargeting.retarget import Retargeting
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
    rows = random.standard_normal((51, 103)) * 0.5
    rows[:, 100:] = 0.0
    rows[[ROWS.index(name) for name in ("jawForward", "jawLeft", "jawOpen", "jawRight", "mouthClose")], 100:] = 0.05
    matrix = ArkitMatrix(rows.astype(np.float32))
    within = matrix.flame(random.random((FRAMES, 52)).astype(np.float32) ** 3)
    beyond = random.standard_normal((FRAMES, 103)).astype(np.float32) * np.append(np.ones(100), [0.05] * 3)
    for name, flame in (("within ARKit's reach", within), ("random numbers", beyond.astype(np.float32))):
        rate = FRAMES / median_seconds(lambda flame=flame: matrix.arkit(flame))
        print(f"FLAME to ARKit, {name}: {rate:.0f} frames/s; aim: 50 000")


if __name__ == "__main__":
    main()
