"""The parts of a human body that joints play: SMPL-X's joint names, and chains of any length for spine and neck."""

from __future__ import annotations

SIDES = ("left", "right")
FINGERS = ("thumb", "index", "middle", "ring", "pinky")
_LIMB_ROLES = (
    "collar", "shoulder", "elbow", "wrist", "hip", "knee", "ankle", "foot",
    *(f"{finger}{segment}" for finger in FINGERS for segment in (1, 2, 3)),
)  # fmt: skip
EYES = ("left_eye_smplhf", "right_eye_smplhf")
ROLES = ("pelvis", "head", "jaw", *EYES, *(f"{side}_{role}" for side in SIDES for role in _LIMB_ROLES))
"""left_shoulder is where the upper arm turns, left_foot the ball of the foot."""
CHAINS = ("spine", "neck")
LIMBS = (("shoulder", "elbow", "wrist"), ("hip", "knee", "ankle"))
"""Roles of an arm and of a leg, from the trunk outwards."""
REQUIRED = ("pelvis", "head", *(f"{side}_{role}" for side in SIDES for limb in LIMBS for role in limb))
"""Roles that every body needs."""

TWIST_SEGMENTS = {
    f"{side}_{name}": (f"{side}_{upper}", f"{side}_{lower}")
    for side in SIDES
    for name, upper, lower in (
        ("upper_arm", "shoulder", "elbow"),
        ("forearm", "elbow", "wrist"),
        ("thigh", "hip", "knee"),
        ("calf", "knee", "ankle"),
    )
}
"""Bones that may carry twist joints -> the roles at their two ends."""
