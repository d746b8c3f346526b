"""Face rigs: named sets of curves.

ARKit names and order are those of Apple's `ARFaceAnchor.BlendShapeLocation`, the order that Unreal's EARFaceBlendShape
and NVIDIA's Audio2Face-3D use as well.
"""

from __future__ import annotations

from dataclasses import dataclass

from .errors import UnknownNameError

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


@dataclass(frozen=True)
class FaceRig:
    """A named set of curves in a fixed order."""

    name: str
    description: str
    curve_names: tuple[str, ...]


ARKIT52 = FaceRig("arkit52", "Apple ARKit's 52 blendshapes, weights 0 to 1.", tuple(_ARKIT_NAMES.split()))
FLAME = FaceRig(
    "flame100+jaw",
    "FLAME: 100 expression coefficients and the jaw joint's axis-angle in radians, as BEAT2 and EMAGE have them.",
    (*(f"expression{index:03d}" for index in range(100)), "jawX", "jawY", "jawZ"),
)

FACE_RIGS = {rig.name: rig for rig in (ARKIT52, FLAME)}


def face_rig(name: str) -> FaceRig:
    """The rig of that name. Raises UnknownNameError."""
    try:
        return FACE_RIGS[name]
    except KeyError:
        raise UnknownNameError("face rig", name, FACE_RIGS) from None
