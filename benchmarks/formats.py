"""Writing and reading 10 000 frames of SMPL-X's 55 joints in each format; medians of the repeats."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from importlib.util import find_spec

import numpy as np

from pantomatrix_converters import rotations
from pantomatrix_converters.face.rigs import ARKIT52
from pantomatrix_converters.formats import FORMATS, decode_motion, encode_motion
from pantomatrix_converters.motion import FaceCurves, Motion
from pantomatrix_converters.retargeting.retarget import Retargeting
from pantomatrix_converters.skeleton import load_skeleton

FRAMES, REPEATS = 10_000, 5


def long_motion() -> Motion:
    """Smooth angles, so that the text is as long as that of real motion."""
    skeleton = load_skeleton("smplx")
    phases = np.random.default_rng(0).uniform(0, 6, size=(1, len(skeleton), 3))
    angles = 0.6 * np.sin(np.arange(FRAMES)[:, None, None] / 20 + phases)
    face = np.abs(np.sin(np.arange(FRAMES)[:, None] / 10 + np.arange(52))).astype(np.float32)
    return Motion(
        skeleton,
        30.0,
        rotations.quat_from_axis_angle(angles).astype(np.float32),
        np.ones((FRAMES, 3), np.float32),
        FaceCurves(ARKIT52.name, ARKIT52.curve_names, face),
    )


def median_seconds(function: Callable[[], object]) -> float:
    times = []
    for _ in range(REPEATS):
        started = time.perf_counter()
        function()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def main() -> None:
    motion = long_motion()
    print(f"formats, {FRAMES} frames of {len(motion.skeleton)} joints and 52 curves, {REPEATS} repeats, medians")
    print(f"{'format':<18} {'write':>8} {'read':>8} {'size':>9}")
    for name, entry in FORMATS.items():
        if entry.write is None or (name == "fbx" and find_spec("bpy") is None):
            continue
        data = encode_motion(motion, name).data
        write = f"{median_seconds(lambda name=name: encode_motion(motion, name)):.2f} s"
        read = (
            f"{median_seconds(lambda name=name, data=data: decode_motion(data, format_name=name)):.2f} s"
            if entry.read
            else "-"
        )
        print(f"{name:<18} {write:>8} {read:>8} {len(data) / 1e6:>6.1f} MB")
    beat = Retargeting(motion.skeleton, load_skeleton("beat_vicon75")).apply(motion)
    data = encode_motion(beat, "bvh").data
    write, read = median_seconds(lambda: encode_motion(beat, "bvh")), median_seconds(lambda: decode_motion(data))
    print(f"{'bvh, BEAT 75':<18} {write:>6.2f} s {read:>6.2f} s {len(data) / 1e6:>6.1f} MB   aims: 0.5 s, 0.7 s")


if __name__ == "__main__":
    main()
