"""Which joint is which by its name: the table `joint_names.json`, and what numbers, sides and neighbours say."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import takewhile
from typing import Any

import numpy as np

from ..kinematics import forward_kinematics
from ..skeleton import Skeleton
from .hierarchy import ancestors, path_down
from .roles import EYES, FINGERS, SIDES

_NAMESPACE = re.compile(r"^.*[:|]")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+|[^\W\d_a-zA-Z]+")
_COUNTED = ("mixamorig", "bip", "biped")
"""Words that say nothing, and a number behind them neither: Bip001, mixamorig1."""
_LONGEST_NAME = 200
"""Characters of a name that are read, from its end; longer ones come from nobody who means well."""
_SHARED = 0.5
"""A word that begins or ends more than this share of all names says nothing."""
_LIMBS_OF_A_BODY = 8
"""A word before so many of two arms' and legs' names says nothing either, however many joints hair and clothes have."""
_NUMBERED = 0.9
"""An exporter has numbered the joints where so many names end with a number, each with another."""
_METACARPAL = 0.5
"""The first of four joints of a finger is in the palm if it is nearer to the wrist than this share of the next one's way."""


@cache
def _table() -> dict[str, Any]:
    path = resources.files("pantomatrix_converters") / "retargeting" / "joint_names.json"
    return json.loads(path.read_text(encoding="utf-8"))


@cache
def _side_words() -> dict[str, str]:
    return {word: side for side, words in _table()["sides"].items() for word in words}


@cache
def _finger_pattern() -> re.Pattern[str]:
    """hand, finger, metacarpal or segment, number, from a name without its side."""
    table = _table()
    named = [word for words in table["fingers"].values() for word in words]
    any_of = {
        "beside": table["beside_fingers"],
        "named": named,
        "any": table["any_finger"],
        "palm": table["metacarpals"],
        "segment": table["segments"],
    }
    part = {key: "|".join(sorted(words, key=len, reverse=True)) for key, words in any_of.items()}
    finger = f"(?:(?P<finger>{part['named']})(?:finger)?|(?:{part['any']})(?P<number>[0-9]))"
    return re.compile(
        f"(?:{part['beside']})*(?P<palm>{part['palm']})?{finger}(?P<palm2>{part['palm']})?(?:{part['segment']})?[0-9]*"
    )


@dataclass(frozen=True)
class JointName:
    """A name taken apart: "mixamorig:LeftHandIndex01" is side left, base "handindex1", spelt "handindex01".

    twist: whether it shares a bone's roll. body: whether it may be a joint of the body, and no handle or tip.
    """

    side: str
    base: str
    spelt: str
    twist: bool
    body: bool

    @property
    def unnumbered(self) -> str:
        """The base without the number that it ends with."""
        return self.base.rstrip("0123456789")


def read_names(names: Iterable[str]) -> list[JointName]:
    """The names of one skeleton, taken apart: words that all joints share say nothing."""
    split = _without_shared([_words(name) for name in names])
    plain = Counter(_sided(words) for words in split)
    bare = [_without_empty_words(words) for words in split]
    bare = [
        words if less != words and plain[_sided(less)] else less for words, less in zip(split, bare, strict=True)
    ]  # beside LeftHip, LHipJoint is another joint
    spelt = {"".join(words) for words in bare}
    return [_joint_name(words, spelt) for words in bare]


def _sided(words: list[str]) -> tuple[str, ...]:
    """With one spelling of each side, which comes first."""
    marks = _side_words()
    return (*(marks[word] for word in words if word in marks), *(word for word in words if word not in marks))


def _words(name: str) -> list[str]:
    bare = _NAMESPACE.sub("", unicodedata.normalize("NFKC", name[-_LONGEST_NAME:]))
    words = []
    for word in _WORD.findall(bare):
        side = next((mark for mark in _side_words() if not mark.isascii() and word.startswith(mark)), "")
        words += [part for part in (side, word.removeprefix(side).lower()) if part]
    return words


def _without_shared(split: list[list[str]]) -> list[list[str]]:
    """Without numbers of an exporter, and words that most names begin or end with and that say nothing themselves."""
    last = [words[-1] for words in split if len(words) > 1 and words[-1].isdigit()]
    if len(last) > _NUMBERED * len(split) and len(set(last)) == len(last):
        split = [words[:-1] if len(words) > 1 and words[-1].isdigit() else words for words in split]
    for end in (0, -1):
        while True:
            common = Counter(words[end] for words in split if len(words) > 1).most_common(1)
            often = bool(common) and common[0][1] > _SHARED * len(split)
            word = common[0][0] if often else _before_the_body(split) if end == 0 else ""
            if not word or word in _meaningful():
                break
            split = [
                (words[1:] if end == 0 else words[:-1]) if len(words) > 1 and words[end] == word else words
                for words in split
            ]
    return split


def _before_the_body(split: list[list[str]]) -> str:
    """The word before all names of limbs, as in "Character1_LeftArm" beside "Skirt01"; nothing where names of limbs have
    none or several, as DEF and ORG are in Rigify's rigs: these tell bodies apart."""
    limbs = {word for words in _table()["limbs"].values() for word in words}
    found: dict[str, set[tuple[str, ...]]] = {}
    for words in split:
        first = "" if words and words[0] in _meaningful() else "".join(words[:1])
        named = _sided([word for word in _without_empty_words(words[bool(first) :]) if not word.isdigit()])
        if len(named) > 1 and named[0] in SIDES and "".join(named[1:]) in limbs:
            found.setdefault(first, set()).add(named)
    bodies = [word for word, named in found.items() if len(named) >= _LIMBS_OF_A_BODY]
    return bodies[0] if len(found) == 1 and bodies else ""


@cache
def _meaningful() -> frozenset[str]:
    table = _table()
    parts = [*table["limbs"].values(), *table["centre"].values(), *table["fingers"].values(), table["any_finger"]]
    return frozenset({*_side_words(), *(word for words in parts for word in words)})


def _without_empty_words(words: list[str]) -> list[str]:
    empty = set(_table()["say_nothing"])
    kept = [
        word
        for before, word in zip(["", *words], words, strict=False)
        if word not in empty and not (word.isdigit() and before in _COUNTED)
    ]
    return kept or words


def _joint_name(words: list[str], all_spelt: set[str]) -> JointName:
    marks = _side_words()
    side = next((marks[word] for word in words if word in marks), "")
    words = [word for word in words if word not in marks]
    if not side and words:
        side, words = _glued_side(words, all_spelt)
    table = _table()
    return JointName(
        side,
        "".join(word.lstrip("0") or "0" for word in words),
        "".join(words),
        any(word in table["twists"] or word.endswith(tuple(table["twists"])) for word in words),
        not any(word in table["no_joints_of_the_body"] for word in words),
    )


def _glued_side(words: list[str], all_spelt: set[str]) -> tuple[str, list[str]]:
    """A side that is written without a gap, as in lthigh, LUArm and handr: only where the other side has the same joint."""
    spelt = "".join(words)
    for mark, other in (("left", "right"), ("right", "left"), ("l", "r"), ("r", "l")):
        for rest, partner in (
            (spelt.removeprefix(mark), other + spelt.removeprefix(mark)),
            (spelt.removesuffix(mark), spelt.removesuffix(mark) + other),
        ):
            if rest != spelt and partner in all_spelt and _is_known(rest):
                return _side_words()[mark], re.findall(r"\d+|\D+", rest)
    return "", words


def _is_known(base: str) -> bool:
    bare = base.rstrip("0123456789")
    limbs = (word for words in _table()["limbs"].values() for word in words)
    return bare in {*limbs, *_table()["eyes"]} or _finger_pattern().fullmatch(base) is not None


# ---------------------------------------------------------------------------------------------------- parts of the body


def roles_by_name(skeleton: Skeleton) -> dict[str, int]:
    """Role -> joint, as far as names tell it."""
    named = read_names(skeleton.joint_names)
    roles = _centre_roles(named)
    for side in SIDES:
        roles.update({f"{side}_{role}": joint for role, joint in _limb_roles(named, side).items()})
        roles.update(_finger_roles(skeleton, named, side, roles.get(f"{side}_wrist")))
    return roles


def _centre_roles(named: list[JointName]) -> dict[str, int]:
    own = {index: name for index, name in enumerate(named) if not name.side and name.body}
    exact = _first_of({index: name.base for index, name in own.items()})
    loose = _first_of({index: name.unnumbered for index, name in own.items()})
    roles: dict[str, int] = {}
    for role, words in _table()["centre"].items():
        found = [joints[word] for joints in (exact, loose) for word in words if word in joints]
        if found:
            roles[role] = found[0]
    for index, name in enumerate(named):
        if name.side and name.base in _table()["eyes"]:
            roles[EYES[SIDES.index(name.side)]] = index
    return roles


def _first_of(bases: Mapping[int, str]) -> dict[str, int]:
    """Base -> the first joint of that name."""
    return {base: index for index, base in reversed(list(bases.items()))}


def _limb_roles(named: list[JointName], side: str) -> dict[str, int]:
    """Joints of one side by the names of their parts. One that a surer name has taken is left to it: "leg" is the knee's
    where the thigh has a name of its own, and the thigh's where the knee has one."""
    own = {index: name for index, name in enumerate(named) if name.side == side and name.body and not name.twist}
    exact = _first_of({index: name.base for index, name in own.items()})
    loose = _first_of({index: name.unnumbered for index, name in own.items()})
    roles: dict[str, int] = {}
    for role, words in _table()["limbs"].items():
        found = [joints[word] for joints in (exact, loose) for word in words if word in joints]
        free = next((joint for joint in found if joint not in roles.values()), None)
        if free is not None:
            roles[role] = free
    if "ankle" in roles and "foot" not in roles:
        counted = [index for index, name in own.items() if name.unnumbered == named[roles["ankle"]].unnumbered]
        if len(counted) > 1:
            roles["foot"] = counted[1]
    return roles


def _finger_roles(skeleton: Skeleton, named: list[JointName], side: str, wrist: int | None) -> dict[str, int]:
    """The first three joints of each finger, whatever their numbers begin with; those in the palm left out."""
    chains: dict[str | int, list[int]] = {}
    palms: set[int] = set()
    words = {word: finger for finger, own in _table()["fingers"].items() for word in own}
    for index, name in enumerate(named):
        match = _finger_pattern().fullmatch(name.spelt) if name.side == side and name.body and not name.twist else None
        if match is None or (wrist is not None and wrist not in ancestors(skeleton, index)):
            continue
        chains.setdefault(words[match["finger"]] if match["finger"] else int(match["number"]), []).append(index)
        if match["palm"] or match["palm2"]:
            palms.add(index)
    roles: dict[str, int] = {}
    for finger, joints in _by_finger(chains).items():
        chain = _one_below_the_other(skeleton, joints)
        if finger != FINGERS[0]:
            chain = [joint for joint in chain if joint not in palms]
            if len(chain) > 3 and _is_in_the_palm(skeleton, wrist, chain):
                chain = chain[1:]
        roles.update({f"{side}_{finger}{segment}": joint for segment, joint in enumerate(chain[:3], 1)})
    return roles


def _by_finger(chains: Mapping[str | int, list[int]]) -> dict[str, list[int]]:
    """Chains that are numbered have their finger's name: from the thumb on where there are five of them or no finger has a
    name, else from the first finger without one."""
    fingers = {finger: list(joints) for finger, joints in chains.items() if isinstance(finger, str)}
    numbers = sorted(finger for finger in chains if isinstance(finger, int))
    names = [finger for finger in FINGERS if finger not in fingers] if len(numbers) < len(FINGERS) else list(FINGERS)
    first = (numbers[0] if fingers else min(numbers[0], 1)) if numbers else 0
    for number in numbers:
        if number - first < len(names):
            fingers.setdefault(names[number - first], []).extend(chains[number])
    return {finger: sorted(joints) for finger, joints in fingers.items()}


def _one_below_the_other(skeleton: Skeleton, joints: list[int]) -> list[int]:
    chain = joints[:1]
    for joint in joints[1:]:
        if chain[-1] in takewhile(lambda above: above >= chain[0], ancestors(skeleton, joint)):
            chain.append(joint)
    return chain


def _is_in_the_palm(skeleton: Skeleton, wrist: int | None, chain: list[int]) -> bool:
    if wrist is None:
        return False
    path = path_down(skeleton, wrist, chain[1])
    rest = skeleton.rest_rotations_xyzw
    positions, _ = forward_kinematics(skeleton, rest[None], skeleton.rest_translations[:1])
    ways = [float(np.linalg.norm(positions[0, joint] - positions[0, wrist])) for joint in chain[:2]]
    return bool(path) and ways[0] < _METACARPAL * ways[1]
