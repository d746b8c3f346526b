"""Which joint of a skeleton plays which part of a human body.

Roles are SMPL-X's joint names (left_shoulder is where the upper arm turns, left_foot the ball of the foot); the spine and
the neck are chains of any length. Names of common rigs are known; what they leave open is taken from the hierarchy; a
user's own table (`HumanoidMap.load`) comes before both.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..errors import FormatError, MotionError, UnknownNameError
from ..files.json_object import json_object
from ..skeleton import Skeleton

_SIDES = ("left", "right")
FINGERS = ("thumb", "index", "middle", "ring", "pinky")
_LIMB_ROLES = (
    "collar", "shoulder", "elbow", "wrist", "hip", "knee", "ankle", "foot",
    *(f"{finger}{segment}" for finger in FINGERS for segment in (1, 2, 3)),
)  # fmt: skip
EYES = ("left_eye_smplhf", "right_eye_smplhf")
ROLES = ("pelvis", "head", "jaw", *EYES, *(f"{side}_{role}" for side in _SIDES for role in _LIMB_ROLES))
CHAINS = ("spine", "neck")
REQUIRED = (
    "pelvis", "head",
    *(f"{side}_{role}" for side in _SIDES for role in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")),
)  # fmt: skip

TWIST_SEGMENTS = {
    f"{side}_{name}": (f"{side}_{upper}", f"{side}_{lower}")
    for side in _SIDES
    for name, upper, lower in (
        ("upper_arm", "shoulder", "elbow"),
        ("forearm", "elbow", "wrist"),
        ("thigh", "hip", "knee"),
        ("calf", "knee", "ankle"),
    )
}
"""Bones that may carry twist joints -> the roles at their two ends."""

_NAMES = {
    "collar": ("collar", "clavicle", "clavicula", "collarbone"),
    "shoulder": ("upperarm", "uparm", "arm", "shoulder"),
    "elbow": ("elbow", "forearm", "lowerarm", "lowarm"),
    "wrist": ("wrist", "hand"),
    "hip": ("upleg", "upperleg", "thigh", "hip"),
    "knee": ("knee", "lowerleg", "lowleg", "calf", "shin", "leg"),
    "ankle": ("ankle", "foot"),
    "foot": ("toebase", "toes", "toe", "toe0", "ball", "foot"),
}
"""Role -> names without their side, the surest first."""
_CENTRE_NAMES = {
    "pelvis": ("pelvis", "hips", "hip", "hipscenter"),
    "head": ("head",),
    "jaw": ("jaw", "jawroot"),
}
_FINGER_NAMES: dict[str, tuple[str, ...]] = {finger: (finger, f"hand{finger}", f"{finger}finger") for finger in FINGERS}
_FINGER_NAMES["pinky"] += ("little", "littlefinger", "handlittle", "pinkie")
_SEGMENT_NAMES = ("proximal", "intermediate", "distal")
_VRM_THUMB = ("metacarpal", "proximal", "distal")
_PREFIX = re.compile(r"^(.*[:|])?(mixamorig\d*_?|bip\d*[ _]|j_bip_[lrc]_(?=.)|def[-_]|jnt_|cc_base_)?", re.IGNORECASE)
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")


@dataclass(frozen=True)
class HumanoidMap:
    """roles: role -> joint. chains: "spine" and "neck" -> joints from the pelvis up. twists: TWIST_SEGMENTS' bone -> its
    twist joints, in any order."""

    roles: Mapping[str, str]
    chains: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    twists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path | str, skeleton: Skeleton) -> HumanoidMap:
        """Read what `dumps` writes. Raises FormatError, UnknownNameError for a joint that the skeleton lacks, MotionError."""
        return cls.of_pairs(read_roles(path), skeleton)

    @classmethod
    def of_pairs(cls, pairs: Iterable[tuple[str, str]], skeleton: Skeleton, flag: str = "--joint-map") -> HumanoidMap:
        """From (role, joint); joints of chains from the pelvis up. flag: as `checked` takes it.

        Raises UnknownNameError, MotionError.
        """
        roles: dict[str, str] = {}
        lists: dict[str, list[str]] = {}
        for role, joint in pairs:
            skeleton.index(joint)
            if role in (*CHAINS, *TWIST_SEGMENTS):
                lists.setdefault(role, []).append(joint)
            elif role not in ROLES:
                raise UnknownNameError("role", role, (*ROLES, *CHAINS, *TWIST_SEGMENTS))
            elif role in roles:
                raise MotionError(f"role {role!r} is given to {roles[role]!r} and to {joint!r}")
            else:
                roles[role] = joint
        chains = {role: tuple(joints) for role, joints in lists.items() if role in CHAINS}
        twists = {role: tuple(joints) for role, joints in lists.items() if role in TWIST_SEGMENTS}
        return cls(roles, chains, twists).checked(skeleton, flag)

    def role_of(self, joint: str) -> str:
        """A joint's role, or nothing."""
        named = next((role for role, name in self.roles.items() if name == joint), "")
        groups = {**self.chains, **self.twists}
        return named or next((role for role, names in groups.items() if joint in names), "")

    def dumps(self) -> str:
        """JSON that people edit: role -> joint, null where there is none; the chains and twists as lists."""
        table: dict[str, object] = {role: self.roles.get(role) for role in ROLES}
        table.update({chain: list(self.chains.get(chain, ())) for chain in CHAINS})
        table.update({bone: list(self.twists.get(bone, ())) for bone in TWIST_SEGMENTS})
        return json.dumps(table, indent=2) + "\n"

    @property
    def missing(self) -> list[str]:
        """Roles that every body needs and that have no joint."""
        return [role for role in REQUIRED if role not in self.roles]

    def checked(self, skeleton: Skeleton, flag: str = "--joint-map") -> HumanoidMap:
        """The same map. flag: what takes a table of this skeleton, for the error.

        Raises MotionError if a role that every body needs has no joint, or a joint has two roles.
        """
        if self.missing:
            raise MotionError(
                f"skeleton {skeleton.name!r}: no joint found for {', '.join(self.missing)}; "
                f"`pantomatrix joints FILE -o TABLE.json` writes a table to complete, {flag} takes it"
            )
        joints = [*self.roles.values(), *(joint for chain in self.chains.values() for joint in chain)]
        repeated = next((joint for joint in joints if joints.count(joint) > 1), None)
        if repeated is not None:
            raise MotionError(f"skeleton {skeleton.name!r}: joint {repeated!r} has two roles")
        return self


def read_roles(path: Path | str) -> tuple[tuple[str, str], ...]:
    """(role, joint) of what `HumanoidMap.dumps` writes. Raises FormatError, MotionError for a joint with two roles."""
    try:
        data = json_object(Path(path).read_bytes(), str(path))
    except OSError as error:
        raise FormatError(f"{path}: {error.strerror or error}") from None
    return roles_of_table(data, str(path))


def is_table(mapping: Mapping[str, object]) -> bool:
    """Whether it can only be role -> joint, as `HumanoidMap.dumps` writes it, and not joint -> role."""
    known = {*ROLES, *CHAINS, *TWIST_SEGMENTS}
    strange = [value for value in mapping.values() if value and not (isinstance(value, str) and value in known)]
    return bool(strange) and known.issuperset(mapping)


def roles_of_table(data: Mapping[str, object], name: str) -> tuple[tuple[str, str], ...]:
    """(role, joint) of role -> joint. name: the table's, for errors. Raises FormatError, MotionError as `read_roles` does."""
    pairs: list[tuple[str, str]] = []
    for role, joints in data.items():
        listed = role in (*CHAINS, *TWIST_SEGMENTS)
        names = joints if listed else [joints] if joints is not None else []
        if not isinstance(names, list) or not all(isinstance(joint, str) for joint in names):
            raise FormatError(f"{name}: {role} is not a {'list of joint names' if listed else 'joint name'}")
        pairs += [(role, str(joint)) for joint in names]
    first: dict[str, str] = {}
    for role, joint in pairs:
        if joint in first:
            raise MotionError(f"{name}: joint {joint!r} has two roles, {first[joint]} and {role}")
        first[joint] = role
    return tuple(pairs)


def guess_roles(skeleton: Skeleton) -> HumanoidMap:
    """The map that names and hierarchy give; roles may be missing (see `HumanoidMap.checked`)."""
    named = [_Name.of(joint) for joint in skeleton.joint_names]
    roles = _centre_roles(skeleton, named)
    for side in _SIDES:
        joints = {name.base: index for index, name in reversed(list(enumerate(named))) if name.side == side}
        roles.update({f"{side}_{role}": index for role, index in _limb_roles(joints).items()})
        roles.update({f"{side}_{role}": index for role, index in _finger_roles(joints).items()})
    _fill_limbs(skeleton, roles)
    chains = _chains(skeleton, roles)
    twists = {
        bone: tuple(
            skeleton.joint_names[joint]
            for joint in range(len(skeleton))
            if named[joint].twist and skeleton.parents[joint] == roles.get(ends[0], -2)
        )
        for bone, ends in TWIST_SEGMENTS.items()
    }
    return HumanoidMap(
        {role: skeleton.joint_names[index] for role, index in roles.items()},
        {chain: tuple(skeleton.joint_names[index] for index in joints) for chain, joints in chains.items() if joints},
        {bone: joints for bone, joints in twists.items() if joints},
    )


@dataclass(frozen=True)
class _Name:
    """A joint's name taken apart: "mixamorig:LeftHandIndex1" is side left, base "handindex1"."""

    side: str
    base: str
    twist: bool

    @classmethod
    def of(cls, joint: str) -> _Name:
        prefix = _PREFIX.match(joint)
        bare = joint[prefix.end() :] if prefix else joint
        letter = re.match(r"j_bip_([lr])_", joint, re.IGNORECASE)
        words = [word.lower().lstrip("0") or "0" for word in _WORD.findall(bare)]
        sides = {"l": "left", "left": "left", "r": "right", "right": "right"}
        found = [sides[word] for word in words if word in sides]
        side = sides[letter[1].lower()] if letter else found[0] if found else ""
        base = "".join(word for word in words if word not in sides)
        return cls(side, base.removesuffix("smplhf"), "twist" in words or "twist" in base)


def _centre_roles(skeleton: Skeleton, named: list[_Name]) -> dict[str, int]:
    centre = {name.base: index for index, name in reversed(list(enumerate(named))) if not name.side}
    roles = {role: centre[name] for role, names in _CENTRE_NAMES.items() for name in reversed(names) if name in centre}
    for side, role in zip(_SIDES, EYES, strict=True):
        for index, name in enumerate(named):
            if name.side == side and name.base in ("eye", "eyeball", "faceeye", "adjeye"):
                roles[role] = index
    return roles


def _limb_roles(joints: Mapping[str, int]) -> dict[str, int]:
    """Joints of one side by the names of their parts. "shoulder" is a collar bone where the arm has a name of its own, "foot"
    the ball of a foot where there is an ankle."""
    names = {role: list(options) for role, options in _NAMES.items()}
    if any(option in joints for option in ("upperarm", "uparm", "arm")) and not any(
        option in joints for option in names["collar"]
    ):
        names["collar"].append("shoulder")
    if "ankle" not in joints:
        names["foot"].remove("foot")
    roles: dict[str, int] = {}
    for role, options in names.items():
        for option in options:
            if option in joints and joints[option] not in roles.values():
                roles[role] = joints[option]
                break
    return roles


def _finger_roles(joints: Mapping[str, int]) -> dict[str, int]:
    roles = {}
    for finger, stems in _FINGER_NAMES.items():
        for stem in stems:
            segments = [f"{stem}{number}" for number in (1, 2, 3)]
            if segments[0] not in joints:
                vrm_thumb = finger == "thumb" and f"{stem}metacarpal" in joints
                segments = [f"{stem}{part}" for part in (_VRM_THUMB if vrm_thumb else _SEGMENT_NAMES)]
            if segments[0] in joints:
                roles.update({f"{finger}{n + 1}": joints[s] for n, s in enumerate(segments) if s in joints})
                break
    return roles


def _fill_limbs(skeleton: Skeleton, roles: dict[str, int]) -> None:
    """Between two joints of a limb that are known, the one on the way is the missing one, the first if there are several."""
    for side in _SIDES:
        for above, missing, below in (("shoulder", "elbow", "wrist"), ("hip", "knee", "ankle")):
            ends = roles.get(f"{side}_{above}"), roles.get(f"{side}_{below}")
            if f"{side}_{missing}" not in roles and None not in ends:
                between = path_down(skeleton, *ends)[1:-1]  # type: ignore[arg-type]
                if between:
                    roles[f"{side}_{missing}"] = between[0]


def _chains(skeleton: Skeleton, roles: Mapping[str, int]) -> dict[str, tuple[int, ...]]:
    """The spine ends where an arm branches off, the neck under the head."""
    if "pelvis" not in roles or "head" not in roles:
        return {}
    path = path_down(skeleton, roles["pelvis"], roles["head"])[1:-1]
    arms = [roles[f"{side}_{role}"] for side in _SIDES for role in ("collar", "shoulder") if f"{side}_{role}" in roles]
    branches = [
        max((path.index(joint) for joint in _ancestors(skeleton, arm) if joint in path), default=-1) for arm in arms
    ]
    chest = min(branches, default=len(path) - 1)
    return {"spine": tuple(path[: chest + 1]), "neck": tuple(path[chest + 1 :])}


def path_down(skeleton: Skeleton, above: int, below: int) -> list[int]:
    """Joints from one to another under it, both included; empty if it is not under it."""
    path = [below, *_ancestors(skeleton, below)]
    return path[: path.index(above) + 1][::-1] if above in path else []


def _ancestors(skeleton: Skeleton, joint: int) -> Iterable[int]:
    parent = int(skeleton.parents[joint])
    while parent >= 0:
        yield parent
        parent = int(skeleton.parents[parent])


def mirrored_joints(skeleton: Skeleton) -> list[int]:
    """For each joint the one on the other side by its name, or itself."""
    named = [_Name.of(joint) for joint in skeleton.joint_names]
    places = {(name.side, name.base): index for index, name in enumerate(named)}
    other = {"left": "right", "right": "left", "": ""}
    return [
        places.get((other[name.side], name.base), index) if name.side else index for index, name in enumerate(named)
    ]
