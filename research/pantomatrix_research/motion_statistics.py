"""Measures of natural co-speech motion, beside those of recorded speakers (docs/reference/builtin-model.md)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from scipy.signal import find_peaks, peak_widths

from pantomatrix_converters import rotations
from pantomatrix_converters.kinematics import forward_kinematics
from pantomatrix_converters.motion import Motion

Array = NDArray[np.float64]

_SMOOTH_SECONDS = 0.05
_CONTACT_SPEED = 0.3
_STROKE_SPEED, _STROKE_PROMINENCE, _STROKE_APART_SECONDS = 0.5, 0.3, 0.2


@dataclass(frozen=True)
class MotionStatistics:
    """Of one motion on SMPL-X's joints, one number for both hands where it is about hands.

    Speeds in m/s, jerk in m/s^3, degrees for angles, strokes a minute of either hand (peaks of the faster wrist's speed above
    0.5 m/s with a prominence of 0.3), their width at half height in seconds. `above_3hz`: share of wrist velocity's energy.
    `rest_share`: of the time that both wrists are below 0.15 m/s; `frozen_share`: below 0.05 m/s. `foot_speed_mean`: of the
    standing foot, the slower one; `foot_slide`: mean speed of feet in contact, which are those below 0.3 m/s.
    """

    wrist_speed_mean: float
    wrist_speed_p99: float
    wrist_jerk_p50: float
    above_3hz: float
    strokes_per_minute: float
    stroke_speed_p50: float
    stroke_width_p5: float
    stroke_width_p50: float
    stroke_width_p95: float
    rest_share: float
    frozen_share: float
    hands_speed_correlation: float
    finger_bend_1: float
    finger_bend_2: float
    head_std_degrees: tuple[float, float, float]
    head_speed_p95: tuple[float, float, float]
    nods_per_minute: float
    root_speed_p50: float
    root_speed_p95: float
    root_path_per_minute: float
    pelvis_yaw_std_degrees: float
    foot_speed_mean: float
    foot_slide: float


def motion_statistics(motion: Motion) -> MotionStatistics:
    """motion: on SMPL-X's skeleton, canonical axes, at least some seconds long; all that is measured depends on its fps."""
    skeleton, fps, minutes = motion.skeleton, motion.fps, motion.duration_seconds / 60
    positions, world = forward_kinematics(skeleton, motion.rotations_xyzw, motion.root_translation)
    wrists = positions[:, skeleton.indices(["left_wrist", "right_wrist"])]
    velocity = np.gradient(wrists, 1 / fps, axis=0)
    speed = np.linalg.norm(velocity, axis=2)
    jerk = np.linalg.norm(np.diff(wrists, 3, axis=0), axis=2) * fps**3
    smooth = gaussian_filter1d(speed, _SMOOTH_SECONDS * fps, axis=0)
    faster = smooth.max(axis=1)
    peaks, found = find_peaks(
        faster, height=_STROKE_SPEED, prominence=_STROKE_PROMINENCE, distance=max(1, _STROKE_APART_SECONDS * fps)
    )
    widths = peak_widths(faster, peaks, rel_height=0.5)[0] / fps
    p5, p50, p95 = _three(np.percentile(widths, [5, 50, 95])) if len(widths) else (0.0, 0.0, 0.0)
    head = _head_angles(motion, world)
    head_speed = np.abs(np.gradient(np.radians(head), 1 / fps, axis=0))
    root = motion.root_translation[:, [0, 2]]
    root_speed = np.linalg.norm(np.gradient(root, 1 / fps, axis=0), axis=1)
    pelvis_yaw = rotations.rotate(world[:, 0], np.array([0.0, 0.0, 1.0]))
    feet = positions[:, skeleton.indices(["left_foot", "right_foot"])]
    foot_speeds = np.linalg.norm(np.gradient(feet, 1 / fps, axis=0), axis=2)
    touching = foot_speeds < _CONTACT_SPEED
    return MotionStatistics(
        wrist_speed_mean=float(speed.mean()),
        wrist_speed_p99=float(np.percentile(speed, 99)),
        wrist_jerk_p50=float(np.median(jerk)),
        above_3hz=_energy_above(velocity.reshape(len(velocity), -1), 3.0, fps),
        strokes_per_minute=len(peaks) / minutes,
        stroke_speed_p50=float(np.median(found["peak_heights"])) if len(peaks) else 0.0,
        stroke_width_p5=float(p5),
        stroke_width_p50=float(p50),
        stroke_width_p95=float(p95),
        rest_share=float((faster < 0.15).mean()),
        frozen_share=float((faster < 0.05).mean()),
        hands_speed_correlation=float(np.asarray(np.corrcoef(smooth.T))[0, 1]) if smooth.std(axis=0).all() else 0.0,
        finger_bend_1=_bend(motion, 1),
        finger_bend_2=_bend(motion, 2),
        head_std_degrees=_three(head.std(axis=0)),
        head_speed_p95=_three(np.percentile(head_speed, 95, axis=0)),
        nods_per_minute=_excursions(head[:, 1], fps) / minutes,
        root_speed_p50=float(np.median(root_speed)),
        root_speed_p95=float(np.percentile(root_speed, 95)),
        root_path_per_minute=float(root_speed.mean() * 60),
        pelvis_yaw_std_degrees=float(np.degrees(np.arctan2(pelvis_yaw[:, 0], pelvis_yaw[:, 2]).std())),
        foot_speed_mean=float(foot_speeds.min(axis=1).mean()),
        foot_slide=float(foot_speeds[touching].mean()) if touching.any() else 0.0,
    )


def _three(values: Array) -> tuple[float, float, float]:
    first, second, third = values.tolist()
    return first, second, third


def _energy_above(velocity: Array, hertz: float, fps: float) -> float:
    """Share of the energy of (T, C) velocities above a frequency."""
    power = np.abs(np.fft.rfft((velocity - velocity.mean(axis=0)) * np.hanning(len(velocity))[:, None], axis=0)) ** 2
    total = power.sum()
    return float(power[np.fft.rfftfreq(len(velocity), 1 / fps) > hertz].sum() / total) if total else 0.0


def _head_angles(motion: Motion, world: Array) -> Array:
    """(T, 3) yaw, pitch (down positive) and roll of the head relative to the chest, degrees."""
    chest, head = (world[:, motion.skeleton.index(name)] for name in ("spine3", "head"))
    relative = rotations.multiply(rotations.inverse(chest), head)
    return np.degrees(rotations.euler_from_quat(relative, "YXZ"))


def _excursions(degrees: Array, fps: float) -> int:
    """Nods of more than two degrees."""
    return len(find_peaks(gaussian_filter1d(degrees, _SMOOTH_SECONDS * fps), prominence=2.0)[0])


def _bend(motion: Motion, segment: int) -> float:
    """Mean rotation of that joint of the four fingers of both hands, degrees."""
    names = [
        f"{side}_{finger}{segment}" for side in ("left", "right") for finger in ("index", "middle", "ring", "pinky")
    ]
    w = np.abs(motion.rotations_xyzw[:, motion.skeleton.indices(names), 3])
    return float(np.degrees(2 * np.arccos(np.clip(w, 0, 1))).mean())
