"""Face rigs: named sets of curves.

ARKit names and order are those of Apple's `ARFaceAnchor.BlendShapeLocation`, the order that Unreal's EARFaceBlendShape
and NVIDIA's Audio2Face-3D use as well.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..errors import UnknownNameError
from .arkit_tables import ARKIT_FROM_OCULUS, METAHUMAN_FROM_ARKIT, VRM_FROM_ARKIT

_ARKIT_NAMES = """
eyeBlinkLeft eyeLookDownLeft eyeLookInLeft eyeLookOutLeft eyeLookUpLeft eyeSquintLeft eyeWideLeft
eyeBlinkRight eyeLookDownRight eyeLookInRight eyeLookOutRight eyeLookUpRight eyeSquintRight eyeWideRight
jawForward jawLeft jawRight jawOpen
mouthClose mouthFunnel mouthPucker mouthLeft mouthRight mouthSmileLeft mouthSmileRight mouthFrownLeft mouthFrownRight
mouthDimpleLeft mouthDimpleRight mouthStretchLeft mouthStretchRight mouthRollLower mouthRollUpper mouthShrugLower
mouthShrugUpper mouthPressLeft mouthPressRight mouthLowerDownLeft mouthLowerDownRight mouthUpperUpLeft mouthUpperUpRight
browDownLeft browDownRight browInnerUp browOuterUpLeft browOuterUpRight
cheekPuff cheekSquintLeft cheekSquintRight noseSneerLeft noseSneerRight tongueOut
"""
TONGUE_CURVES = (
    *("tongueTipUp", "tongueTipDown", "tongueTipLeft", "tongueTipRight"),
    *("tongueRollUp", "tongueRollDown", "tongueRollLeft", "tongueRollRight"),
    *("tongueUp", "tongueDown", "tongueLeft", "tongueRight"),
    *("tongueIn", "tongueStretch", "tongueWide", "tongueNarrow"),
)
"""The tongue's shapes that Audio2Face-3D has beside ARKit's."""


@dataclass(frozen=True)
class FaceRig:
    """A named set of curves in a fixed order."""

    name: str
    description: str
    curve_names: tuple[str, ...]


ARKIT52 = FaceRig("arkit52", "Apple ARKit's 52 blendshapes, weights 0 to 1.", tuple(_ARKIT_NAMES.split()))
ARKIT_TONGUE = FaceRig(
    "arkit52+tongue16",
    "ARKit's 52 and the sixteen shapes of the tongue that Audio2Face-3D knows, weights 0 to 1.",
    (*ARKIT52.curve_names, *TONGUE_CURVES),
)
FLAME = FaceRig(
    "flame100+jaw",
    "FLAME: 100 expression coefficients and the jaw joint's axis-angle in radians, as BEAT2 and EMAGE have them.",
    (*(f"expression{index:03d}" for index in range(100)), "jawX", "jawY", "jawZ"),
)

VRM = FaceRig(
    "vrm",
    "VRM 1.0 expressions: mouth, blinks, looks, and emotions by brows and eyes; weights 0 to 1.",
    tuple(VRM_FROM_ARKIT),
)
OCULUS = FaceRig("oculus15", "Oculus' 15 visemes, weights 0 to 1 with the sum 1.", tuple(ARKIT_FROM_OCULUS))
METAHUMAN = FaceRig(
    "metahuman",
    "MetaHuman's expression controls that ARKit's shapes have a meaning for, weights 0 to 1.",
    tuple(
        METAHUMAN_FROM_ARKIT[name][number]
        for name in ARKIT52.curve_names
        for number in range(len(METAHUMAN_FROM_ARKIT[name]))
    ),
)

FACE_RIGS = {rig.name: rig for rig in (ARKIT52, ARKIT_TONGUE, FLAME, VRM, OCULUS, METAHUMAN)}
UNIT_RIGS = frozenset(name for name in FACE_RIGS if name != FLAME.name)
"""Rigs whose weights are 0 to 1."""


def face_rig(name: str) -> FaceRig:
    """The rig of that name. Raises UnknownNameError."""
    try:
        return FACE_RIGS[name]
    except KeyError:
        raise UnknownNameError("face rig", name, FACE_RIGS) from None
