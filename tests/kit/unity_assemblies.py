"""The assemblies of the Unity package as Unity compiles them, against the stand-ins of tests/unity_engine.

An asmdef is read as written: references by name, platforms, constraints, defines by versions of packages.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import csharp
from folders import ROOT

PACKAGE = ROOT / "engine_clients" / "unity"
STAND_INS = ROOT / "tests" / "unity_engine"
# In the order in which they are compiled. The value: the package that brings it.
_ENGINE = (
    "UnityEngine.CoreModule", "UnityEngine.AnimationModule", "UnityEngine.AudioModule", "UnityEngine.DirectorModule",
    "UnityEngine.IMGUIModule", "UnityEngine.JSONSerializeModule", "UnityEngine.AndroidJNIModule",
)  # fmt: skip
_EDITOR = ("UnityEditor.CoreModule",)
_OF_PACKAGES = {"Unity.Timeline": "com.unity.timeline", "VRM10": "com.vrmc.vrm", "VRM": "com.vrmc.univrm"}
TESTS = "StandIn"


@dataclass(frozen=True)
class Target:
    """platform: as asmdefs call it. packages: versions of optional ones that are installed."""

    name: str
    platform: str
    defines: tuple[str, ...]
    packages: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_editor(self) -> bool:
        return self.platform == "Editor"


_UNITY_2022 = ("UNITY_2022_3_OR_NEWER", "UNITY_2021_3_OR_NEWER", "UNITY_2020_1_OR_NEWER")
_UNITY_6 = (*_UNITY_2022, "UNITY_2023_1_OR_NEWER", "UNITY_6000_0_OR_NEWER")
EDITOR = Target(
    "editor", "Editor", (*_UNITY_2022, "UNITY_EDITOR", "UNITY_EDITOR_WIN", "UNITY_STANDALONE", "UNITY_STANDALONE_WIN")
)
PLAYER = Target(
    "player",
    "WindowsStandalone64",
    (*_UNITY_6, "UNITY_STANDALONE", "UNITY_STANDALONE_WIN", "ENABLE_IL2CPP", "NET_STANDARD"),
)
WEB = Target("web", "WebGL", (*_UNITY_6, "UNITY_WEBGL", "ENABLE_IL2CPP", "NET_STANDARD"))


def engine_of(target: Target) -> list[str]:
    """The names of the stand-ins that an assembly sees without asking."""
    return [*_ENGINE, *(_EDITOR if target.is_editor else ())]


def stand_ins(target: Target) -> list[csharp.Assembly]:
    found: list[csharp.Assembly] = []
    names = [*engine_of(target), *(name for name, package in _OF_PACKAGES.items() if package in target.packages), TESTS]
    for name in names:
        sources = list((STAND_INS / name).glob("*.cs"))
        found.append(csharp.Assembly(name, sources, [one.name for one in found], defines=target.defines, is_quiet=True))
    return found


def asmdefs() -> list[dict]:
    """Each with "folder", where it lies."""
    paths = sorted(PACKAGE.rglob("*.asmdef"))
    return [{**json.loads(path.read_text(encoding="utf-8")), "folder": path.parent} for path in paths]


def _defines(asmdef: dict, target: Target) -> tuple[str, ...]:
    by_version = [
        one["define"]
        for one in asmdef.get("versionDefines", ())
        if one["name"] in target.packages and _is_in(target.packages[one["name"]], one["expression"])
    ]
    return (*target.defines, *by_version)


def _is_in(version: str, expression: str) -> bool:
    """Unity's ranges: "1.2" is at least that, "[1.2,2.0)" is between."""

    def numbers(text: str) -> list[int]:
        return [int(part) for part in text.split("-")[0].split(".")]

    if not expression:
        return True
    if expression[0] not in "[(":
        return numbers(version) >= numbers(expression)
    if "," not in expression:
        return numbers(version) == numbers(expression[1:-1])
    low, high = expression[1:-1].split(",")
    above = not low or (numbers(version) >= numbers(low) if expression[0] == "[" else numbers(version) > numbers(low))
    below = not high or (
        numbers(version) <= numbers(high) if expression[-1] == "]" else numbers(version) < numbers(high)
    )
    return above and below


def _is_compiled(asmdef: dict, target: Target) -> bool:
    include, exclude = asmdef.get("includePlatforms", ()), asmdef.get("excludePlatforms", ())
    if (include and target.platform not in include) or target.platform in exclude:
        return False
    defines = _defines(asmdef, target)
    return all(
        (one[1:] not in defines) if one.startswith("!") else (one in defines)
        for one in asmdef.get("defineConstraints", ())
    )


def package(target: Target) -> list[csharp.Assembly]:
    """Its assemblies for this target, what is referenced first."""
    compiled = {one["name"]: one for one in asmdefs() if _is_compiled(one, target)}
    folders = [one["folder"] for one in asmdefs()]
    present = {one.name for one in stand_ins(target)} | compiled.keys()
    ordered: list[csharp.Assembly] = []

    def add(asmdef: dict) -> None:
        if asmdef["name"] in [one.name for one in ordered]:
            return
        # Unity says nothing of a reference to what is not there.
        references = [name for name in asmdef.get("references", ()) if name in present]
        for name in references:
            if name in compiled:
                add(compiled[name])
        engine = [] if asmdef.get("noEngineReferences") else engine_of(target)
        sources = [path for path in asmdef["folder"].rglob("*.cs") if _home(path, folders) == asmdef["folder"]]
        ordered.append(
            csharp.Assembly(
                asmdef["name"], sources, [*engine, *references],
                defines=_defines(asmdef, target), ignored=() if asmdef.get("noEngineReferences") else ("CS0649",),
            )
        )  # fmt: skip

    for asmdef in compiled.values():
        add(asmdef)
    return ordered


def _home(path: Path, folders: Sequence[Path]) -> Path:
    """The folder of the asmdef that a source belongs to."""
    return max((one for one in folders if path.is_relative_to(one)), key=lambda one: len(one.parts))


def program(target: Target, name: str, sources: Sequence[Path]) -> csharp.Assembly:
    """A program that sees all of them, and StandIn."""
    everything = [one.name for one in [*stand_ins(target), *package(target)]]
    return csharp.Assembly(name, sources, everything, is_program=True, defines=target.defines)


def build(
    target: Target, programs: Sequence[csharp.Assembly], runtimes: Sequence[csharp.Runtime], folder: Path
) -> None:
    """The stand-ins, the package and the programs, into folder/NAME_OF_RUNTIME."""
    csharp.build([*stand_ins(target), *package(target), *programs], runtimes, folder)
