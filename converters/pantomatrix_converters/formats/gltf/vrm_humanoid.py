"""A VRM's own table of which node is which bone: VRM 0 (`VRM`), VRM 1 (`VRMC_vrm`), VRM animations (`VRMC_vrm_animation`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...errors import FormatError
from ...retargeting.roles import FINGERS, SIDES
from .gltf_document import GltfReader

Roles = tuple[tuple[str, str], ...]

ANIMATION = "VRMC_vrm_animation"
_ONE = ("VRMC_vrm", ANIMATION)
_ZERO = "VRM"
_SPINE = ("spine", "chest", "upperChest")
_LIMBS = {
    "Shoulder": "collar", "UpperArm": "shoulder", "LowerArm": "elbow", "Hand": "wrist",
    "UpperLeg": "hip", "LowerLeg": "knee", "Foot": "ankle", "Toes": "foot", "Eye": "eye_smplhf",
}  # fmt: skip
_SEGMENTS = ("Proximal", "Intermediate", "Distal")
_THUMB = {0: _SEGMENTS, 1: ("Metacarpal", "Proximal", "Distal")}
"""A thumb's segments by the version: what VRM 0 calls proximal is VRM 1's metacarpal."""


def humanoid_nodes(document: GltfReader) -> list[int]:
    """The nodes that a VRM names as bones, none of other files. Raises FormatError."""
    nodes = {
        document.index(entry["node"], "nodes", f"the humanoid's {bone}")
        for _, bone, entry in _bones(document, document.name)
        if entry.get("node") not in (None, -1)
    }
    return sorted(nodes)


def vrm_roles(document: GltfReader, name: str, joints: Mapping[int, str], notes: list[str]) -> Roles:
    """(role, joint) of a VRM's humanoid, none of other files.

    joints: node -> the joint that it is; a bone on another node is noted, and so is a second bone on one node.
    Raises FormatError.
    """
    found: dict[int, str] = {}
    for version, bone, entry in _bones(document, name):
        role = _roles(version).get(bone)
        node = entry.get("node")
        if role is None or node is None or (version == 0 and node == -1):
            continue
        node = document.index(node, "nodes", f"the humanoid's {bone}")
        if node not in joints:
            notes.append(f"the humanoid's {bone} is no joint of the skeleton and is left out")
        elif node in found:
            notes.append(f"the humanoid's {bone} is the joint {joints[node]!r}, which is another bone; left out")
        else:
            found[node] = role
    order = list(_roles(0).values())
    return tuple((role, joints[node]) for node, role in sorted(found.items(), key=lambda item: order.index(item[1])))


def _bones(document: GltfReader, name: str) -> Iterator[tuple[int, str, Mapping[str, object]]]:
    """Version, bone and its entry, the spine's from below."""
    for extension in (*_ONE, _ZERO):
        humanoid = document.extension(extension).get("humanoid", {})
        bones = humanoid.get("humanBones", {}) if isinstance(humanoid, dict) else None
        if isinstance(bones, list):
            entries = [(entry.get("bone"), entry) for entry in bones if isinstance(entry, dict)]
        elif isinstance(bones, dict):
            entries = list(bones.items())
        else:
            raise FormatError(f"{name}: extensions.{extension}.humanoid has no bones")
        for bone, entry in sorted(entries, key=lambda item: _SPINE.index(item[0]) if item[0] in _SPINE else 0):
            if not isinstance(bone, str) or not isinstance(entry, dict):
                raise FormatError(f"{name}: extensions.{extension}.humanoid has a bone that is none")
            yield int(extension != _ZERO), bone, entry


def _roles(version: int) -> dict[str, str]:
    """VRM's bone -> role."""
    roles = {"hips": "pelvis", **dict.fromkeys(_SPINE, "spine"), "neck": "neck", "head": "head", "jaw": "jaw"}
    for side in SIDES:
        roles.update({side + bone: f"{side}_{role}" for bone, role in _LIMBS.items()})
        for finger in FINGERS:
            bone = "Little" if finger == "pinky" else finger.capitalize()
            segments = _THUMB[version] if finger == "thumb" else _SEGMENTS
            roles.update({f"{side}{bone}{part}": f"{side}_{finger}{n}" for n, part in enumerate(segments, 1)})
    return roles
