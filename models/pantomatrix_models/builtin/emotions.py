"""The ten feelings: what each adds to a face, and how it is held, moves and breathes.

The faces are prototypes of Ekman and Friesen's Facial Action Coding System (Ekman, Friesen and Hager, FACS Investigator's
Guide, 2002, table 10-2; EMFACS-7, 1984) in ARKit's curves, pain's is Prkachin and Solomon's (2008); the action units stand
above each. Postures and sizes follow Wallbott (1998): joy and anger move large and fast, joy upright, anger forward; sadness
and grief collapse and are slow; fear draws back with raised shoulders.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..options import Emotion


@dataclass(frozen=True)
class Feeling:
    """At full strength.

    curves: added to ARKit's; a name without a side is both sides'. opening: factor on how far speech opens the mouth. head,
    trunk: pitch (down, forward), yaw and roll, degrees. gaze: degrees down. shoulders: degrees up. lean: metres that the
    pelvis is forward. breath: factor on its depth; panting: share of it that is quick. amplitude, rate, tempo: factors on
    gestures, and height: metres that hands are held higher, see Style. tremble: factor on that of hands and head.
    """

    curves: dict[str, float]
    opening: float = 1.0
    head: tuple[float, float, float] = (0.0, 0.0, 0.0)
    trunk: tuple[float, float, float] = (0.0, 0.0, 0.0)
    gaze: float = 0.0
    shoulders: float = 0.0
    lean: float = 0.0
    breath: float = 1.0
    panting: float = 0.0
    amplitude: float = 1.0
    rate: float = 1.0
    tempo: float = 1.0
    height: float = 0.0
    tremble: float = 1.0


FEELINGS = {
    # 1 + 2 + 5 + 26
    Emotion.AMAZEMENT: Feeling(
        {"browInnerUp": 0.7, "browOuterUp": 1.0, "eyeWide": 0.7, "mouthFunnel": 0.15},
        opening=1.25, head=(-5, 0, 0), trunk=(-3, 0, 0), shoulders=3, lean=-0.01, amplitude=1.2, tempo=1.1, height=0.02,
    ),
    # 4 + 5 + 7 + 10 + 16 + 23
    Emotion.ANGER: Feeling(
        {"browDown": 1.0, "eyeSquint": 0.25, "eyeWide": 0.35, "noseSneer": 0.35, "mouthUpperUp": 0.15, "mouthLowerDown": 0.3,
         "mouthPress": 0.15, "jawForward": 0.4},
        opening=1.3, head=(5, 0, 0), trunk=(11, 0, 0), shoulders=3, lean=0.03, breath=1.4, amplitude=1.35, rate=1.2,
        tempo=1.35, height=0.02, tremble=1.3,
    ),
    # left 12 + 14 + 6 + 4, right 2
    Emotion.CHEEKINESS: Feeling(
        {"mouthSmileLeft": 0.9, "mouthSmileRight": 0.1, "mouthDimpleLeft": 0.5, "mouthLeft": 0.2, "cheekSquintLeft": 0.5,
         "eyeSquintLeft": 0.4, "browDownLeft": 0.5, "browOuterUpRight": 1.0},
        opening=1.05, head=(-1, 5, 8), trunk=(-1, 3, 2), amplitude=1.05, rate=1.05, tempo=1.05,
    ),
    # 9 + 10 + 17 + 25
    Emotion.DISGUST: Feeling(
        {"noseSneer": 1.0, "mouthUpperUp": 0.6, "mouthShrugLower": 0.4, "mouthFrown": 0.4, "browDown": 0.2, "eyeSquint": 0.35,
         "cheekSquint": 0.15},
        opening=0.9, head=(-6, 9, 3), trunk=(-4, 5, 0), lean=-0.02, amplitude=0.85, rate=0.85,
    ),
    # 1 + 2 + 4 + 5 + 20 + 26
    Emotion.FEAR: Feeling(
        {"browInnerUp": 1.0, "browOuterUp": 0.15, "browDown": 0.15, "eyeWide": 1.0, "mouthStretch": 0.9, "mouthFrown": 0.15,
         "mouthLowerDown": 0.15},
        opening=0.95, head=(4, 0, 0), trunk=(-8, 0, 0), shoulders=12, lean=-0.04, breath=1.5, panting=0.5, amplitude=0.6,
        rate=0.8, tempo=1.25, height=0.06, tremble=3.0,
    ),
    # 1 + 4 + 6 + 15 + 17 + 20 + 25, as in crying
    Emotion.GRIEF: Feeling(
        {"browInnerUp": 1.0, "browDown": 0.2, "eyeSquint": 0.6, "eyeBlink": 0.25, "cheekSquint": 0.6, "mouthStretch": 0.5,
         "mouthFrown": 0.5, "mouthShrugLower": 0.5, "mouthLowerDown": 0.3, "mouthUpperUp": 0.2},
        opening=0.8, head=(5, 0, 4), trunk=(18, 0, 0), gaze=4, shoulders=4, breath=1.8, amplitude=0.35, rate=0.4, tempo=0.75,
        height=-0.03,
    ),
    # 6 + 12 + 25
    Emotion.JOY: Feeling(
        {"mouthSmile": 1.0, "cheekSquint": 0.8, "eyeSquint": 0.25, "mouthUpperUp": 0.2, "mouthDimple": 0.2,
         "browOuterUp": 0.2},
        opening=1.2, head=(-4, 0, 0), trunk=(-6, 0, 0), shoulders=1, breath=1.2, amplitude=1.3, rate=1.25, tempo=1.15,
        height=0.05,
    ),
    # 1 + 25 + 33, and lids that tire
    Emotion.OUT_OF_BREATH: Feeling(
        {"browInnerUp": 0.45, "eyeBlink": 0.14, "mouthFunnel": 0.4, "mouthLowerDown": 0.3, "cheekPuff": 0.6},
        opening=1.1, head=(-6, 0, 0), trunk=(18, 0, 0), shoulders=5, breath=6.0, panting=0.9, amplitude=0.6, rate=0.6,
        tempo=0.9, height=-0.03,
    ),
    # 4 + 6 + 7 + 9 + 10 + 20 + 43, the left side more
    Emotion.PAIN: Feeling(
        {"browDown": 0.75, "cheekSquint": 0.9, "eyeSquint": 0.9, "eyeBlinkLeft": 0.4, "eyeBlinkRight": 0.15,
         "noseSneer": 0.35,
         "mouthUpperUp": 0.3, "mouthStretchLeft": 0.8, "mouthStretchRight": 0.3, "mouthLowerDown": 0.25},
        opening=0.7, head=(4, -5, 7), trunk=(12, 0, 5), shoulders=8, breath=1.6, panting=0.3, amplitude=0.5,
        rate=0.5, tempo=0.9,
        height=-0.02,
    ),
    # 1 + 4 + 15 + 17, and lids that droop
    Emotion.SADNESS: Feeling(
        {"browInnerUp": 0.9, "mouthFrown": 0.75, "mouthShrugLower": 0.2, "eyeBlink": 0.14},
        opening=0.8, head=(7, 0, 3), trunk=(13, 0, 0), gaze=4, shoulders=-3, amplitude=0.55, rate=0.55, tempo=0.75,
        height=-0.02,
    ),
}  # fmt: skip
