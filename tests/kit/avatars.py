"""A humanoid character's joints in a file, as the C# tests of Unity's components read it."""

from __future__ import annotations

from pathlib import Path

from pantomatrix_converters.coordinates import coordinate_system
from pantomatrix_converters.retargeting.humanoid import guess_roles
from pantomatrix_converters.skeleton import Skeleton, load_skeleton

_HUMAN = {
    "pelvis": "Hips", "head": "Head", "collar": "Shoulder", "shoulder": "UpperArm", "elbow": "LowerArm", "wrist": "Hand",
    "hip": "UpperLeg", "knee": "LowerLeg", "ankle": "Foot", "foot": "Toes",
}  # fmt: skip
_SEGMENTS = ("Proximal", "Intermediate", "Distal")


def write_avatar(path: Path) -> None:
    """Mixamo's joints, which are turned, in Unity's axes. One spine joint is none of the humanoid's."""
    skeleton = load_skeleton("mixamo")
    unity = coordinate_system("unity")
    places = unity.positions_from_canonical(skeleton.rest_translations)
    turns = unity.rotations_from_canonical(skeleton.rest_rotations_xyzw)
    humans = _human_names(skeleton)
    rows = zip(skeleton.joint_names, skeleton.parents, places, turns, strict=True)
    path.write_text(
        "".join(
            "\t".join([name, str(parent), *(repr(float(number)) for number in (*place, *turn)), humans.get(name, "-")])
            + "\n"
            for name, parent, place, turn in rows
        )
    )


def _human_names(skeleton: Skeleton) -> dict[str, str]:
    """Joint -> its bone as Unity's avatars call it."""
    found = guess_roles(skeleton)
    names = {found.chains["spine"][0]: "Spine", found.chains["spine"][2]: "UpperChest", found.chains["neck"][0]: "Neck"}
    for role, joint in found.roles.items():
        side, _, part = role.partition("_")
        if role in _HUMAN:
            names[joint] = _HUMAN[role]
        elif part in _HUMAN:
            names[joint] = side.capitalize() + _HUMAN[part]
        elif part[-1] in "123":
            finger = part[:-1].replace("pinky", "little").capitalize()
            names[joint] = f"{side.capitalize()} {finger} {_SEGMENTS[int(part[-1]) - 1]}"
    return names
