"""What foot lock does to motion files, before and after: python benchmarks/foot_lock.py FILE ... [--skeleton NAME].

Contacts are judged by thresholds of this file, on the motion without foot lock.

    slide    speed of a foot's ball (and of its ankle, where that rests too) while it stands: 95th percentile, cm/s
    fast     share of these frames above 1 cm/s
    jolts    frames of a joint above 60 m/s^2 that has nothing like it within 50 ms before foot lock
    straight share of knees less than 4 degrees bent
    knee     99.5th percentile of the speed of a knee's bend, degrees/s
    hips     how far they come down at most, cm
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from pantomatrix_converters.editing.options import MotionEdits
from pantomatrix_converters.editing.plan import edited
from pantomatrix_converters.formats import load_motion
from pantomatrix_converters.kinematics import forward_kinematics
from pantomatrix_converters.motion import Motion
from pantomatrix_converters.retargeting.foot_lock import locked_feet
from pantomatrix_converters.retargeting.humanoid import guess_roles

Array = NDArray[np.float64]

_LEG_METRES = 0.85
"""Bodies are brought to this size first: files differ in their units."""
_LOW_METRES, _SLOW_METRES_PER_SECOND, _LONG_SECONDS = 0.025, 0.15, 0.1


@dataclass(frozen=True)
class Figures:
    """One motion's."""

    slide: float
    fast: float
    straight: float
    knee: float
    accelerations: Array


def standing(point: Array, fps: float) -> NDArray[np.bool_]:
    """(T, 3) -> (T,): low and slow for long enough, without the first and the last frame."""
    speed = np.linalg.norm(np.gradient(point, axis=0), axis=1) * fps
    rests = (point[:, 1] < np.percentile(point[:, 1], 5) + _LOW_METRES) & (speed < _SLOW_METRES_PER_SECOND)
    kept = np.zeros(len(point), bool)
    edges = np.flatnonzero(np.diff(np.concatenate([[0], rests.view(np.int8), [0]])))
    for start, stop in edges.reshape(-1, 2):
        if stop - start >= _LONG_SECONDS * fps + 2:
            kept[start + 1 : stop - 1] = True
    return kept


def figures(motion: Motion, stands: list[NDArray[np.bool_]]) -> Figures:
    """stands: of each foot's ball and ankle, (T,)."""
    at, _ = forward_kinematics(motion.skeleton, motion.rotations_xyzw, motion.root_translation)
    legs = leg_joints(motion)
    speeds = [
        np.linalg.norm(np.gradient(at[:, joint], axis=0), axis=1)[rests] * motion.fps
        for joint, rests in zip([joint for leg in legs for joint in leg[2:]], stands, strict=True)
    ]
    slides = np.concatenate(speeds) if any(map(len, speeds)) else np.zeros(1)
    bends = np.stack([bend(at[:, hip], at[:, knee], at[:, ankle]) for hip, knee, ankle, _ in legs])
    moving = [joint for joint, name in enumerate(motion.skeleton.joint_names)]
    return Figures(
        float(np.percentile(slides, 95)),
        float((slides > 0.01).mean()),
        float((bends < 4).mean()),
        float(np.percentile(np.abs(np.gradient(bends, axis=1)) * motion.fps, 99.5)),
        np.linalg.norm(np.diff(at[:, moving], 2, axis=0), axis=2) * motion.fps**2,
    )


def leg_joints(motion: Motion) -> list[tuple[int, ...]]:
    """Hip, knee, ankle, ball of both sides."""
    roles = guess_roles(motion.skeleton).roles
    return [
        tuple(
            motion.skeleton.index(roles.get(f"{side}_{role}", roles[f"{side}_ankle"]))
            for role in ("hip", "knee", "ankle", "foot")
        )
        for side in ("left", "right")
    ]


def leg_length(motion: Motion) -> float:
    """Metres, of the left one."""
    at, _ = forward_kinematics(motion.skeleton, motion.rotations_xyzw[:1], motion.root_translation[:1])
    hip, knee, ankle, _ = leg_joints(motion)[0]
    return float(np.linalg.norm(at[0, knee] - at[0, hip]) + np.linalg.norm(at[0, ankle] - at[0, knee]))


def bend(hip: Array, knee: Array, ankle: Array) -> Array:
    """(T,) degrees."""
    upper, lower = knee - hip, ankle - knee
    across = np.linalg.norm(np.cross(upper, lower), axis=1)
    return np.degrees(np.arctan2(across, np.einsum("tc,tc->t", upper, lower)))


def jolts(before: Array, after: Array, fps: float) -> int:
    """(T - 2, J) accelerations of joints."""
    near = max(1, round(0.05 * fps))
    padded = np.pad(before, ((near, near), (0, 0)), mode="edge")
    known = np.lib.stride_tricks.sliding_window_view(padded, 2 * near + 1, axis=0).max(axis=-1)
    return int(((after > 60) & (after > 1.1 * known)).sum())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+")
    parser.add_argument("--skeleton", default="", help="retarget to it first")
    parser.add_argument("--seconds", type=float, nargs=2, default=(0.0, 0.0), metavar=("START", "END"))
    given = parser.parse_args()
    print(
        f"{'file':<28} {'slide cm/s':>13} {'fast %':>13} {'jolts':>6} {'straight %':>13} {'knee deg/s':>14} {'hips':>5}"
    )
    for path in given.files:
        edits = MotionEdits(skeleton=given.skeleton, start_seconds=given.seconds[0], end_seconds=given.seconds[1])
        loose = edited(load_motion(Path(path))[1].motion, edits)[0]
        loose = edited(loose, MotionEdits(scale=_LEG_METRES / leg_length(loose)))[0]
        held = locked_feet(loose)
        at, _ = forward_kinematics(loose.skeleton, loose.rotations_xyzw, loose.root_translation)
        stands = []
        for leg in leg_joints(loose):
            ball, ankle = standing(at[:, leg[3]], loose.fps), standing(at[:, leg[2]], loose.fps)
            stands += [ankle & ball, ball]
        first, then = figures(loose, stands), figures(held, stands)
        new = jolts(first.accelerations, then.accelerations, loose.fps)
        print(
            f"{path.rsplit('/', 1)[-1][:28]:<28} {first.slide * 100:>5.1f} > {then.slide * 100:>5.2f} "
            f"{first.fast * 100:>5.1f} > {then.fast * 100:>5.1f} {new:>6} "
            f"{first.straight * 100:>5.1f} > {then.straight * 100:>5.1f} {first.knee:>5.0f} > {then.knee:>5.0f} "
            f"{(loose.root_translation - held.root_translation)[:, 1].max() * 100:>6.1f}"
        )


if __name__ == "__main__":
    main()
