"""What ARKit's shapes are in other face rigs: tables of practice, none of them a standard.

VRM: the defaults of VRMMetalKit (Apache-2.0) for mouth, eyes and looks; emotions by brows and eyes alone, because a talking
mouth must not drive both visemes and emotions. Oculus: the weights by which TalkingHead (MIT) builds visemes from ARKit
shapes. MetaHuman: controls of the same meaning, one or several for a shape.
"""

from __future__ import annotations

VRM_FROM_ARKIT: dict[str, dict[str, float]] = {
    "aa": {"jawOpen": 0.8, "mouthFunnel": 0.2},
    "ih": {"jawOpen": 0.3, "mouthSmileLeft": 0.35, "mouthSmileRight": 0.35},
    "ou": {"mouthFunnel": 0.5, "mouthPucker": 0.5},
    "ee": {"mouthSmileLeft": 0.5, "mouthSmileRight": 0.5},
    "oh": {"jawOpen": 0.5, "mouthFunnel": 0.5},
    "blinkLeft": {"eyeBlinkLeft": 1.0},
    "blinkRight": {"eyeBlinkRight": 1.0},
    "lookUp": {"eyeLookUpLeft": 0.5, "eyeLookUpRight": 0.5},
    "lookDown": {"eyeLookDownLeft": 0.5, "eyeLookDownRight": 0.5},
    "lookLeft": {"eyeLookOutLeft": 0.5, "eyeLookInRight": 0.5},
    "lookRight": {"eyeLookInLeft": 0.5, "eyeLookOutRight": 0.5},
    "angry": {"browDownLeft": 0.3, "browDownRight": 0.3},
    "sad": {"browInnerUp": 0.4},
    "surprised": {
        "browOuterUpLeft": 0.15, "browOuterUpRight": 0.15, "eyeWideLeft": 0.2, "eyeWideRight": 0.2,
    },
}  # fmt: skip

_BOTH = ("Left", "Right")


def _pairs(**weights: float) -> dict[str, float]:
    """Shapes that end in an underscore stand for their left and right one."""
    return {
        name.removesuffix("_") + side: weight
        for name, weight in weights.items()
        for side in (_BOTH if name.endswith("_") else ("",))
    }


ARKIT_FROM_OCULUS: dict[str, dict[str, float]] = {
    "sil": {},
    "PP": _pairs(mouthRollLower=0.8, mouthRollUpper=0.8, mouthUpperUp_=0.3),
    "FF": _pairs(mouthPucker=1.0, mouthShrugUpper=1.0, mouthLowerDown_=0.2, mouthDimple_=1.0, mouthRollLower=1.0),
    "TH": _pairs(mouthRollUpper=0.6, jawOpen=0.2, tongueOut=0.4),
    "DD": _pairs(mouthPress_=0.8, mouthFunnel=0.5, jawOpen=0.2),
    "kk": _pairs(mouthLowerDown_=0.4, mouthDimple_=0.3, mouthFunnel=0.3, mouthPucker=0.3, jawOpen=0.15),
    "CH": _pairs(mouthPucker=0.5, jawOpen=0.2),
    "SS": _pairs(mouthPress_=0.8, mouthLowerDown_=0.5, jawOpen=0.1),
    "nn": _pairs(mouthLowerDown_=0.4, mouthDimple_=0.3, mouthFunnel=0.3, mouthPucker=0.3, jawOpen=0.15, tongueOut=0.2),
    "RR": _pairs(mouthPucker=0.5, jawOpen=0.2),
    "aa": _pairs(jawOpen=0.6),
    "E": _pairs(mouthPress_=0.8, mouthDimple_=1.0, jawOpen=0.3),
    "I": _pairs(mouthPress_=0.6, mouthDimple_=0.6, jawOpen=0.2),
    "O": _pairs(mouthPucker=1.0, jawForward=0.6, jawOpen=0.2),
    "U": _pairs(mouthFunnel=1.0),
}
"""In the order of Oculus and OpenXR. CH and RR are the same in ARKit's shapes."""


def _metahuman() -> dict[str, tuple[str, ...]]:
    sided = {
        "eyeBlink": "eyeBlink", "eyeSquint": "eyeSquintInner", "eyeWide": "eyeWiden",
        "eyeLookUp": "eyeLookUp", "eyeLookDown": "eyeLookDown",
        "browDown": "browDown", "browOuterUp": "browRaiseOuter", "cheekSquint": "eyeCheekRaise", "noseSneer": "noseWrinkle",
        "mouthSmile": "mouthCornerPull", "mouthFrown": "mouthCornerDepress", "mouthDimple": "mouthDimple",
        "mouthStretch": "mouthStretch", "mouthLowerDown": "mouthLowerLipDepress", "mouthUpperUp": "mouthUpperLipRaise",
    }  # fmt: skip
    table = {f"{ours}{side}": (f"{theirs}{side[0]}",) for ours, theirs in sided.items() for side in _BOTH}
    table |= {f"mouthPress{side}": (f"mouthPressU{side[0]}", f"mouthPressD{side[0]}") for side in _BOTH}
    table |= {
        "eyeLookInLeft": ("eyeLookRightL",), "eyeLookOutLeft": ("eyeLookLeftL",),
        "eyeLookInRight": ("eyeLookLeftR",), "eyeLookOutRight": ("eyeLookRightR",),
        "browInnerUp": ("browRaiseInL", "browRaiseInR"), "cheekPuff": ("mouthCheekBlowL", "mouthCheekBlowR"),
        "jawOpen": ("jawOpen",), "jawForward": ("jawFwd",), "jawLeft": ("jawLeft",), "jawRight": ("jawRight",),
        "mouthLeft": ("mouthLeft",), "mouthRight": ("mouthRight",), "tongueOut": ("tongueOut",),
        "mouthClose": tuple(f"mouthLipsTogether{corner}" for corner in ("UL", "UR", "DL", "DR")),
        "mouthFunnel": tuple(f"mouthFunnel{corner}" for corner in ("UL", "UR", "DL", "DR")),
        "mouthPucker": tuple(f"mouthLipsPurse{corner}" for corner in ("UL", "UR", "DL", "DR")),
        "mouthRollLower": ("mouthLowerLipRollInL", "mouthLowerLipRollInR"),
        "mouthRollUpper": ("mouthUpperLipRollInL", "mouthUpperLipRollInR"),
        "mouthShrugLower": ("jawChinRaiseDL", "jawChinRaiseDR"),
        "mouthShrugUpper": ("jawChinRaiseUL", "jawChinRaiseUR"),
    }  # fmt: skip
    return {ours: tuple(f"CTRL_expressions_{name}" for name in theirs) for ours, theirs in table.items()}


METAHUMAN_FROM_ARKIT: dict[str, tuple[str, ...]] = _metahuman()
"""ARKit shape -> RigLogic controls of the same meaning."""


ARKIT_FROM_AUDIO2FACE: dict[str, dict[str, float]] = {
    "browLowerL": {"browDownLeft": 1.0}, "browLowerR": {"browDownRight": 1.0},
    "innerBrowRaiserL": {"browInnerUp": 0.5}, "innerBrowRaiserR": {"browInnerUp": 0.5},
    "outerBrowRaiserL": {"browOuterUpLeft": 1.0}, "outerBrowRaiserR": {"browOuterUpRight": 1.0},
    "eyesLookLeft": {"eyeLookOutLeft": 1.0, "eyeLookInRight": 1.0},
    "eyesLookRight": {"eyeLookInLeft": 1.0, "eyeLookOutRight": 1.0},
    "eyesLookUp": {"eyeLookUpLeft": 1.0, "eyeLookUpRight": 1.0},
    "eyesLookDown": {"eyeLookDownLeft": 1.0, "eyeLookDownRight": 1.0},
    "eyesCloseL": {"eyeBlinkLeft": 1.0}, "eyesCloseR": {"eyeBlinkRight": 1.0},
    "eyesUpperLidRaiserL": {"eyeWideLeft": 1.0}, "eyesUpperLidRaiserR": {"eyeWideRight": 1.0},
    "squintL": {"eyeSquintLeft": 1.0}, "squintR": {"eyeSquintRight": 1.0},
    "cheekRaiserL": {"cheekSquintLeft": 1.0}, "cheekRaiserR": {"cheekSquintRight": 1.0},
    "cheekPuffL": {"cheekPuff": 0.5}, "cheekPuffR": {"cheekPuff": 0.5},
    "noseWrinklerL": {"noseSneerLeft": 1.0}, "noseWrinklerR": {"noseSneerRight": 1.0},
    "jawDrop": {"jawOpen": 1.0}, "jawDropLipTowards": {"jawOpen": 1.0, "mouthClose": 1.0},
    "jawThrust": {"jawForward": 1.0}, "jawSlideLeft": {"jawLeft": 1.0}, "jawSlideRight": {"jawRight": 1.0},
    "mouthSlideLeft": {"mouthLeft": 1.0}, "mouthSlideRight": {"mouthRight": 1.0},
    "dimplerL": {"mouthDimpleLeft": 1.0}, "dimplerR": {"mouthDimpleRight": 1.0},
    "lipCornerPullerL": {"mouthSmileLeft": 1.0}, "lipCornerPullerR": {"mouthSmileRight": 1.0},
    "lipCornerDepressorL": {"mouthFrownLeft": 1.0}, "lipCornerDepressorR": {"mouthFrownRight": 1.0},
    "lipStretcherL": {"mouthStretchLeft": 1.0}, "lipStretcherR": {"mouthStretchRight": 1.0},
    "upperLipRaiserL": {"mouthUpperUpLeft": 1.0}, "upperLipRaiserR": {"mouthUpperUpRight": 1.0},
    "lowerLipDepressorL": {"mouthLowerDownLeft": 1.0}, "lowerLipDepressorR": {"mouthLowerDownRight": 1.0},
    "chinRaiser": {"mouthShrugLower": 1.0}, "lipPressor": {"mouthPressLeft": 1.0, "mouthPressRight": 1.0},
    "pucker": {"mouthPucker": 1.0}, "funneler": {"mouthFunnel": 1.0},
    "lipSuck": {"mouthRollLower": 1.0, "mouthRollUpper": 1.0},
}  # fmt: skip
"""The 46 FACS shapes of the Audio2Face application, by the names' meaning."""
