"""The HIERARCHY section of a BVH file: joints with their offsets and channels. The parser is iterative."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ...errors import FormatError, LimitError
from ...finite_numbers import LARGEST
from ...skeleton import MAX_JOINTS

CHANNELS = {f"{axis}{kind}": (kind, axis) for axis in "xyz" for kind in ("position", "rotation")}
"""A channel's name in lower case, its kind and its axis."""
_WORD = re.compile(r"\S+")


@dataclass
class FileJoint:
    """A joint as the file has it: offsets in the file's unit, channels in lower case, in the file's order."""

    name: str
    parent: int
    offset: tuple[float, float, float] = (0.0, 0.0, 0.0)
    channels: list[str] = field(default_factory=list)
    end_site: tuple[float, float, float] | None = None


class HierarchyParser:
    """Words of the HIERARCHY section, one after another, with their lines."""

    def __init__(self, text: str, name: str) -> None:
        self._text = text.replace("{", " { ").replace("}", " } ")  # braces may touch a name
        self._words = _WORD.finditer(self._text)
        self._name, self._position = name, 0

    def joints(self) -> list[FileJoint]:
        """All joints, parents before children; of one ROOT after another where there are several."""
        joints: list[FileJoint] = []
        open_joints: list[int] = []
        self._expect("HIERARCHY")
        while (word := self._next(optional=True)) is not None:
            keyword = word.upper()
            if keyword in ("ROOT", "JOINT"):
                self._open(keyword, joints, open_joints)
            elif keyword == "END":
                self._end_site(joints, open_joints)
            elif keyword == "OFFSET" and open_joints:
                joints[open_joints[-1]].offset = (self._number(), self._number(), self._number())
            elif keyword == "CHANNELS" and open_joints:
                joints[open_joints[-1]].channels = self._channels()
            elif keyword == "}" and open_joints:
                open_joints.pop()
            else:
                raise self._error(f"found {word[:40]!r}, expected ROOT, JOINT, OFFSET, CHANNELS, End Site or }}")
        if open_joints:
            raise self._error(f"joint {joints[open_joints[-1]].name!r} is not closed")
        if not joints:
            raise FormatError(f"{self._name}: no ROOT")
        return joints

    def _open(self, keyword: str, joints: list[FileJoint], open_joints: list[int]) -> None:
        if keyword == "ROOT" and open_joints:
            raise self._error("a ROOT inside of a joint")
        if keyword == "JOINT" and not open_joints:
            raise self._error("a JOINT outside of any other")
        if len(joints) >= MAX_JOINTS:
            raise LimitError(f"{self._name} line {self._line()}: more than {MAX_JOINTS} joints")
        words = []
        while (word := self._next()) != "{":
            words.append(word)
        joints.append(FileJoint(" ".join(words), open_joints[-1] if open_joints else -1))
        open_joints.append(len(joints) - 1)

    def _end_site(self, joints: list[FileJoint], open_joints: list[int]) -> None:
        self._expect("SITE")
        while self._next() != "{":
            pass
        while (word := self._next()) != "}":
            if word.upper() == "OFFSET" and open_joints:
                joints[open_joints[-1]].end_site = (self._number(), self._number(), self._number())

    def _channels(self) -> list[str]:
        count = self._number()
        if count != int(count) or not 0 <= count <= 6:
            raise self._error(f"{count:g} channels, expected 0 to 6")
        channels = [self._next().lower() for _ in range(int(count))]
        for channel in channels:
            if channel not in CHANNELS:
                raise self._error(f"unknown channel {channel[:40]!r}, expected Xposition, Zrotation, ...")
        if len(set(channels)) != len(channels):
            raise self._error("a channel occurs twice in one joint")
        return channels

    def _number(self) -> float:
        word = self._next()
        try:
            number = float(word)
        except ValueError:
            raise self._error(f"found {word[:40]!r}, expected a number") from None
        if not abs(number) <= LARGEST:
            raise self._error(f"found {word}, expected a finite number")
        return number

    def _expect(self, keyword: str) -> None:
        word = self._next()
        if word.upper() != keyword:
            raise self._error(f"found {word[:40]!r}, expected {keyword}")

    def _next(self, optional: bool = False) -> str:
        match = next(self._words, None)
        if match is None:
            if optional:
                return None  # type: ignore[return-value]
            raise self._error("the hierarchy ends in the middle of a joint")
        self._position = match.start()
        return match.group()

    def _line(self) -> int:
        return self._text.count("\n", 0, self._position) + 1

    def _error(self, message: str) -> FormatError:
        return FormatError(f"{self._name} line {self._line()}: {message}")
