"""The assemblies of the Unity package as Unity compiles them, against the stand-ins of tests/unity_engine.

An asmdef is read as written: references by name, platforms, constraints, defines by versions of packages.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
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
_TEST_FRAMEWORK = "com.unity.test-framework"
_OF_PACKAGES = {
    "Unity.Timeline": "com.unity.timeline", "VRM10": "com.vrmc.vrm", "VRM": "com.vrmc.univrm",
    "UnityEngine.TestRunner": _TEST_FRAMEWORK, "UnityEditor.TestRunner": _TEST_FRAMEWORK,
}  # fmt: skip
_LIBRARIES = {"nunit.framework.dll": csharp.NUNIT}
TESTS = "StandIn"


@dataclass(frozen=True)
class Target:
    """platform: as asmdefs call it. packages: versions of optional ones that are installed."""

    name: str
    platform: str
    defines: tuple[str, ...]
    unity: str
    packages: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_editor(self) -> bool:
        return self.platform == "Editor"

    def with_packages(self) -> Target:
        """Every optional one."""
        return replace(self, name=f"{self.name} with packages", packages={**self.packages, **PACKAGES})

    def with_tests(self) -> Target:
        """As a project that names the package in its testables."""
        packages = {**self.packages, "com.unity.test-framework": "1.4.5"}
        return replace(
            self, name=f"{self.name} with tests", packages=packages, defines=(*self.defines, "UNITY_INCLUDE_TESTS")
        )


_OF_PLATFORMS = {
    "Editor": ("UNITY_EDITOR", "UNITY_EDITOR_WIN", "UNITY_STANDALONE", "UNITY_STANDALONE_WIN"),
    "WindowsStandalone64": ("UNITY_STANDALONE", "UNITY_STANDALONE_WIN", "ENABLE_IL2CPP", "NET_STANDARD"),
    "Android": ("UNITY_ANDROID", "ENABLE_IL2CPP", "NET_STANDARD"),
    "WebGL": ("UNITY_WEBGL", "ENABLE_IL2CPP", "NET_STANDARD"),
}
_OF_UNITY = {
    "2022.3": ("UNITY_2020_1_OR_NEWER", "UNITY_2021_3_OR_NEWER", "UNITY_2022_3_OR_NEWER"),
    "6000.0": ("UNITY_2020_1_OR_NEWER", "UNITY_2021_3_OR_NEWER", "UNITY_2022_3_OR_NEWER", "UNITY_6000_0_OR_NEWER"),
}
_OF_UNITY["6000.4"] = (*_OF_UNITY["6000.0"], "UNITY_6000_4_OR_NEWER")


def _target(name: str, platform: str, unity: str) -> Target:
    return Target(name, platform, (*_OF_UNITY[unity], *_OF_PLATFORMS[platform]), unity)


EDITOR, EDITOR_6 = _target("editor", "Editor", "2022.3"), _target("editor 6", "Editor", "6000.0")
EDITOR_6_4 = _target("editor 6.4", "Editor", "6000.4")
PLAYER, PLAYER_2022 = (
    _target("player", "WindowsStandalone64", "6000.0"),
    _target("player 2022", "WindowsStandalone64", "2022.3"),
)
ANDROID = _target("android", "Android", "2022.3")
WEB, WEB_2022 = _target("web", "WebGL", "6000.0"), _target("web 2022", "WebGL", "2022.3")
PACKAGES = {"com.unity.timeline": "1.7.6", "com.vrmc.vrm": "0.128.0", "com.vrmc.univrm": "0.128.0"}


def engine_of(target: Target) -> list[str]:
    """The names of the stand-ins that an assembly sees without asking."""
    return [*_ENGINE, *(_EDITOR if target.is_editor else ())]


def stand_ins(target: Target) -> list[csharp.Assembly]:
    found: list[csharp.Assembly] = []
    optional = [name for name, package in _OF_PACKAGES.items() if package in target.packages]
    optional = [name for name in optional if target.is_editor or not name.startswith("UnityEditor")]
    names = [*engine_of(target), *optional, TESTS]
    for name in names:
        sources = list((STAND_INS / name).glob("*.cs"))
        found.append(csharp.Assembly(name, sources, [one.name for one in found], defines=target.defines, is_quiet=True))
    return found


def asmdefs(root: Path = PACKAGE) -> list[dict]:
    """Each with "file", where it lies. Unity does not look into folders whose names end with ~."""
    paths = [path for path in sorted(root.rglob("*.asmdef")) if not any(part.endswith("~") for part in path.parts)]
    return [{**json.loads(path.read_text(encoding="utf-8")), "file": path} for path in paths]


def _defines(asmdef: dict, target: Target) -> tuple[str, ...]:
    by_version = [
        one["define"]
        for one in asmdef.get("versionDefines", ())
        if one["name"] in target.packages and is_in(target.packages[one["name"]], one["expression"])
    ]
    # Unity defines it everywhere; here only where it is asked for, so that all else is what it is without tests.
    tests = "UNITY_INCLUDE_TESTS"
    has_tests = _TEST_FRAMEWORK in target.packages and tests in asmdef.get("defineConstraints", ())
    return (*target.defines, *by_version, *([tests] if has_tests else []))


def is_in(version: str, expression: str) -> bool:
    """Unity's ranges: "1.2" is at least that, "[1.2,2.0)" is between."""

    def numbers(text: str) -> list[int]:
        found = [int(part) for part in text.split("-")[0].split(".")]
        return [*found, 0, 0][:3]

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

    def holds(word: str) -> bool:
        return word[1:] not in defines if word.startswith("!") else word in defines

    return all(any(holds(word.strip()) for word in one.split("||")) for one in asmdef.get("defineConstraints", ()))


def package(target: Target, root: Path = PACKAGE) -> list[csharp.Assembly]:
    """Its assemblies for this target, what is referenced first. One without scripts is none."""
    folders = [one["file"].parent for one in asmdefs(root)]
    sources = {one: [path for path in one.rglob("*.cs") if _home(path, folders) == one] for one in folders}
    compiled = {one["name"]: one for one in asmdefs(root) if _is_compiled(one, target) and sources[one["file"].parent]}
    present = {one.name for one in stand_ins(target)} | compiled.keys()
    ordered: dict[str, csharp.Assembly] = {}

    def add(asmdef: dict) -> None:
        # Unity says nothing of a reference to what is not there.
        references = [name for name in asmdef.get("references", ()) if name in present]
        for name in references:
            if name in compiled and name not in ordered:
                add(compiled[name])
        has_engine = not asmdef.get("noEngineReferences")
        ordered[asmdef["name"]] = csharp.Assembly(
            asmdef["name"],
            sources[asmdef["file"].parent],
            [*(engine_of(target) if has_engine else ()), *references],
            defines=_defines(asmdef, target),
            # A field that only Unity's serialization sets.
            ignored=("CS0649",) if has_engine else (),
            libraries=[_LIBRARIES[name] for name in asmdef.get("precompiledReferences", ())],
        )

    for asmdef in compiled.values():
        if asmdef["name"] not in ordered:
            add(asmdef)
    return list(ordered.values())


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
