"""The published metrics of co-speech gestures, a class each: update with a clip, compute, reset.

Formulas and an example: docs/reference/metrics.md. What needs torch or librosa asks for it when it is used.
"""

from .beat_consistency import BeatConsistency, motion_beats, onset_times
from .face_error import FaceError, FaceVelocityError
from .frechet_distance import FrechetGestureDistance
from .gesture_recall import GestureRecall
from .joint_limits import violation_share
from .l1_diversity import L1Diversity
from .lip_sync import lip_sync
from .metric import Metric

__all__ = [
    "BeatConsistency", "FaceError", "FaceVelocityError", "FrechetGestureDistance", "GestureRecall", "L1Diversity", "Metric",
    "lip_sync", "motion_beats", "onset_times", "violation_share",
]  # fmt: skip
