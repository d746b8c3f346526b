"""Which joint of a skeleton plays which part of a human body.

Roles are SMPL-X's joint names (left_shoulder is where the upper arm turns, left_foot the ball of the foot); the spine and
the neck are chains of any length. A file's own table comes first (`Skeleton.roles`), then names, hierarchy and
shape; a user's table (`HumanoidMap.load`) comes before all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path

from ..errors import FormatError, MotionError, UnknownNameError
from ..files.json_object import json_object
from ..skeleton import Skeleton
from .body_shape import UntoldError, is_four_legged, roles_by_shape
from .hierarchy import ancestors, common_ancestor, path_down
from .joint_names import JointName, read_names, roles_by_name
from .roles import CHAINS, EYES, LIMBS, REQUIRED, ROLES, SIDES, TWIST_SEGMENTS


@dataclass(frozen=True)
class HumanoidMap:
    """roles: role -> joint. chains: "spine" and "neck" -> joints from the pelvis up. twists: TWIST_SEGMENTS' bone -> its
    twist joints, in any order. notes: what was guessed, a sentence each. refusal: why it is not a body that can be told,
    empty if it is."""

    roles: Mapping[str, str]
    chains: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    twists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = field(default=(), compare=False)
    refusal: str = field(default="", compare=False)

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

    @property
    def lack(self) -> str:
        """Why it is no map of a whole body, for errors; empty if it is."""
        found = f"no joint found for {', '.join(self.missing)}" if self.missing else ""
        return ", and ".join(text for text in (found, self.refusal) if text)

    def checked(self, skeleton: Skeleton, flag: str = "--joint-map") -> HumanoidMap:
        """The same map. flag: what takes a table of this skeleton, for the error.

        Raises MotionError if a role that every body needs has no joint, a joint has two roles, or the body is refused.
        """
        if self.missing or self.refusal:
            raise MotionError(
                f"skeleton {skeleton.name!r}: {self.lack}; "
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


def with_roles(skeleton: Skeleton, pairs: Iterable[tuple[str, str]], flag: str = "--joint-map") -> Skeleton:
    """The same skeleton, which says itself which joint is which. pairs, flag: as `HumanoidMap.of_pairs` takes them, which
    this raises the errors of."""
    pairs = tuple(pairs)
    HumanoidMap.of_pairs(pairs, skeleton, flag)
    return replace(skeleton, roles=pairs)


def with_more_roles(skeleton: Skeleton) -> Skeleton:
    """The same skeleton, whose own table is made longer by what names tell of joints that it leaves out."""
    told, taken = ({pair[place] for pair in skeleton.roles} for place in (0, 1))
    named = ((role, skeleton.joint_names[joint]) for role, joint in roles_by_name(skeleton).items())
    more = ((role, joint) for role, joint in named if role not in told and joint not in taken)
    return replace(skeleton, roles=(*skeleton.roles, *more))


def guess_roles(skeleton: Skeleton) -> HumanoidMap:
    """The map that the file's own table (`Skeleton.roles`), names, hierarchy and shape give, each where those before leave
    something open; roles may be missing (see `HumanoidMap.checked`)."""
    own, own_chains, own_twists = _own_table(skeleton)
    roles, notes, refusal = dict(own), (), ""
    if not own.keys() >= set(REQUIRED):
        taken = {*own.values(), *(joint for chain in own_chains.values() for joint in chain)}
        named = roles_by_name(skeleton)
        roles.update({role: joint for role, joint in named.items() if role not in own and joint not in taken})
        _fill_limbs(skeleton, roles)
        _fill_head(skeleton, read_names(skeleton.joint_names), roles)
        _fill_trunk(skeleton, roles)
        if not roles.keys() >= set(REQUIRED):
            roles, notes, refusal = _with_shape(skeleton, roles)
        elif is_four_legged(skeleton, roles):
            refusal = "its trunk lies across four legs: a body of another kind than the motion's"
    chains = {**_chains(skeleton, roles), **own_chains}
    return HumanoidMap(
        {role: skeleton.joint_names[index] for role, index in roles.items()},
        {chain: tuple(skeleton.joint_names[index] for index in joints) for chain, joints in chains.items() if joints},
        {**_twists(skeleton, roles), **own_twists},
        notes,
        refusal,
    )


def face_joints(skeleton: Skeleton) -> list[str]:
    """Names of the joints that turn eyes and jaw."""
    roles = guess_roles(skeleton).roles if len(skeleton) else {}
    return [roles[role] for role in ("jaw", *EYES) if role in roles]


def _with_shape(skeleton: Skeleton, roles: Mapping[str, int]) -> tuple[dict[str, int], tuple[str, ...], str]:
    """Roles that names tell, and those that the shape adds; a note on these; or why it adds none."""
    try:
        shape = roles_by_shape(skeleton, [name.side for name in read_names(skeleton.joint_names)])
    except UntoldError as error:
        return dict(roles), (), f"its shape does not tell: {error}"
    both = {**shape, **roles}
    limbs = [[both[f"{side}_{role}"] for role in limb] for side in SIDES for limb in LIMBS]
    in_order = all(path_down(skeleton, above, below) for limb in limbs for above, below in pairwise(limb))
    if len(set(both.values())) < len(both) or not in_order:
        return dict(roles), (), "its shape does not tell: it contradicts the names"
    guessed = [role for role in shape if role not in roles]
    what = f"the place of {', '.join(guessed)}" if roles else "which joint is which"
    note = f"skeleton {skeleton.name!r}: {what} was guessed from the body's shape; `pantomatrix joints` shows it"
    return both, (note,), ""


def _own_table(
    skeleton: Skeleton,
) -> tuple[dict[str, int], dict[str, tuple[int, ...]], dict[str, tuple[str, ...]]]:
    """Roles, chains and twists that the file itself says."""
    lists: dict[str, list[str]] = {}
    for role, joint in skeleton.roles:
        lists.setdefault(role, []).append(joint)
    return (
        {role: skeleton.index(joints[0]) for role, joints in lists.items() if role in ROLES},
        {role: tuple(skeleton.indices(joints)) for role, joints in lists.items() if role in CHAINS},
        {role: tuple(joints) for role, joints in lists.items() if role in TWIST_SEGMENTS},
    )


def _twists(skeleton: Skeleton, roles: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
    named = read_names(skeleton.joint_names)
    twists = {
        bone: tuple(
            joint
            for joint, name, parent in zip(skeleton.joint_names, named, skeleton.parents, strict=True)
            if name.twist and parent == roles.get(ends[0], -2)
        )
        for bone, ends in TWIST_SEGMENTS.items()
    }
    return {bone: joints for bone, joints in twists.items() if joints}


def _fill_limbs(skeleton: Skeleton, roles: dict[str, int]) -> None:
    """Between two joints of a limb that are known, the one on the way is the missing one, the first if there are several."""
    for side in SIDES:
        for above, missing, below in LIMBS:
            ends = roles.get(f"{side}_{above}"), roles.get(f"{side}_{below}")
            if f"{side}_{missing}" not in roles and None not in ends:
                between = path_down(skeleton, *ends)[1:-1]  # type: ignore[arg-type]
                if between:
                    roles[f"{side}_{missing}"] = between[0]


def _fill_trunk(skeleton: Skeleton, roles: dict[str, int]) -> None:
    """The pelvis carries legs, spine and head: what is called so and carries the legs alone (Character Creator, DAZ, MMD)
    gives way to the joint above both."""
    limbs = [roles[f"{side}_{role}"] for side in SIDES for role in ("hip", "shoulder") if f"{side}_{role}" in roles]
    top = [*limbs, roles["head"]] if "head" in roles else limbs
    if len(limbs) < 4 or ("pelvis" in roles and all(path_down(skeleton, roles["pelvis"], joint) for joint in top)):
        return
    shared = common_ancestor(skeleton, top)
    if shared not in roles.values():
        roles["pelvis"] = shared


def _fill_head(skeleton: Skeleton, named: Sequence[JointName], roles: dict[str, int]) -> None:
    """The head is the end of the chain that goes on above the arms: of joints of one name where they are counted, as in
    Blender's rigs, whose spine ends in the head and carries a face."""
    arms = [roles[f"{side}_{role}"] for side in SIDES for role in ("collar", "shoulder") if f"{side}_{role}" in roles]
    if "head" in roles or len(arms) < 2:
        return
    top = common_ancestor(skeleton, arms)
    way: list[int] = []
    while True:
        children = skeleton.children[way[-1] if way else top]
        ahead = [child for child in children if not named[child].side and named[child].body]
        if len(ahead) > 1:  # a scarf and a bow hang there too: the chain is what is counted on
            ahead = [child for child in ahead if named[child].unnumbered == named[way[-1] if way else top].unnumbered]
        if len(ahead) != 1:
            break
        way += ahead
    counted = [joint for joint in way if named[joint].unnumbered == named[way[0]].unnumbered]
    if len(way) > 1:
        roles["head"] = counted[-1] if len(counted) > 1 else way[-1]


def _chains(skeleton: Skeleton, roles: Mapping[str, int]) -> dict[str, tuple[int, ...]]:
    """The spine ends where an arm branches off, the neck under the head."""
    if "pelvis" not in roles or "head" not in roles:
        return {}
    path = path_down(skeleton, roles["pelvis"], roles["head"])[1:-1]
    arms = [roles[f"{side}_{role}"] for side in SIDES for role in ("collar", "shoulder") if f"{side}_{role}" in roles]
    branches = [
        max((path.index(joint) for joint in ancestors(skeleton, arm) if joint in path), default=-1) for arm in arms
    ]
    chest = min(branches, default=len(path) - 1)
    return {"spine": tuple(path[: chest + 1]), "neck": tuple(path[chest + 1 :])}


def mirrored_joints(skeleton: Skeleton) -> list[int]:
    """For each joint the one on the other side: by its name, or by its role where names have no sides; or itself."""
    named = read_names(skeleton.joint_names)
    places = {(name.side, name.spelt): index for index, name in enumerate(named)}
    other = {"left": "right", "right": "left"}
    partners = [
        places.get((other[name.side], name.spelt), index) if name.side else index for index, name in enumerate(named)
    ]
    if partners == list(range(len(skeleton))):
        roles = {role: skeleton.index(joint) for role, joint in guess_roles(skeleton).roles.items()}
        for role, joint in roles.items():
            side, _, part = role.partition("_")
            partners[joint] = roles.get(f"{other[side]}_{part}", joint) if side in other else joint
    return partners
