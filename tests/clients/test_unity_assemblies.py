"""The Unity package's assemblies without Unity: compiled as its asmdefs say for every target, and read for what they use."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

import assembly_contents
import csharp
import unity_assemblies as unity
import unity_signatures
from assembly_contents import Contents
from tools import needs

pytestmark = [pytest.mark.client, needs(csharp.found(), "C# (python3 tests/kit/csharp.py installs it)")]

NO_MICROPHONE = replace(
    unity.PLAYER, name="player without microphone", defines=(*unity.PLAYER.defines, "PANTOMATRIX_NO_MICROPHONE")
)
# Both versions of Unity, with optional packages and without: where only those differ, all else is compiled once.
TARGETS = [
    unity.EDITOR.with_packages(), unity.PLAYER.with_packages(), unity.WEB_2022.with_packages(),
    unity.EDITOR, unity.EDITOR_6_4, unity.PLAYER, unity.ANDROID, unity.WEB_2022, NO_MICROPHONE,
]  # fmt: skip
OPTIONAL = {"PantoMatrix.Timeline", "PantoMatrix.Vrm10", "PantoMatrix.Vrm0"}

FIELDS = {
    "name", "rootNamespace", "references", "includePlatforms", "excludePlatforms", "allowUnsafeCode", "overrideReferences",
    "precompiledReferences", "autoReferenced", "defineConstraints", "versionDefines", "noEngineReferences",
}  # fmt: skip

# What IL2CPP cannot do or what its stripping breaks. An indexer has DefaultMember; the name of a type is harmless.
FORBIDDEN = r"""
    System\.Reflection(?!\.DefaultMemberAttribute|\.MemberInfo$|\.MemberInfo\ get_Name) | System\.Linq\.Expressions
    | System\.Runtime\.CompilerServices\.CallSite | Microsoft\.CSharp | System\.Activator | System\.AppDomain
    | System\.Type\ (GetType|GetMethod|GetField|GetProperty|InvokeMember|MakeGenericType)$ | System\.Delegate\ (CreateDelegate|DynamicInvoke)
    | System\.Runtime\.Serialization | System\.Runtime\.Remoting | System\.Diagnostics\.Process | UnityEditor
"""
# A browser has one thread, which must not wait, and no sockets.
NOT_IN_BROWSERS = r"""
    System\.Threading\.Thread\ (\.ctor|new|Start|Sleep|Join)\b
    | System\.Threading\.(ThreadPool|Timer|ManualResetEvent|ManualResetEventSlim|AutoResetEvent|Barrier|Monitor\ Wait)\b
    | System\.Threading\.Tasks\.(Task\ (Run|Wait|WaitAll|get_Result)$ | Parallel) | System\.Net\.(Sockets|Http|WebSockets\.ClientWebSocket)
"""


@dataclass(frozen=True)
class Compiled:
    folder: Path

    def of(self, target: unity.Target) -> Path:
        return self.folder / target.name

    def contents(self, target: unity.Target) -> dict[str, Contents]:
        """Of the package's assemblies for players."""
        paths = [
            self.of(target) / f"{one.name}.dll"
            for one in unity.package(target)
            if one.name in {"PantoMatrix.Core", "PantoMatrix"} | OPTIONAL
        ]
        return {path.stem: found for path, found in assembly_contents.read(paths, self.folder).items()}


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Compiled:
    folder = tmp_path_factory.mktemp("assemblies")
    runtimes = [csharp.coreclr(), *([csharp.mono()] if csharp.has_mono() else [])]
    builds = [(target, runtimes[0], folder / target.name) for target in TARGETS]
    for runtime in runtimes[1:]:
        builds += [(target, runtime, folder / f"{runtime.name} {target.name}") for target in TARGETS[:2]]
    jobs = [([*unity.stand_ins(one), *unity.package(one)], runtime, out) for one, runtime, out in builds]
    # The rest of what this file needs, by the same compiler.
    for name, target in (("Checks", unity.EDITOR.with_packages()), ("TestRunner", unity.EDITOR.with_tests())):
        program = unity.program(target, name, [unity.STAND_INS / name / "Program.cs"])
        jobs.append(([*unity.stand_ins(target), *unity.package(target), program], runtimes[0], folder / name))
    jobs += [(unity.stand_ins(one), runtimes[0], folder / one.name) for one in unity_signatures.TARGETS]
    jobs.append(([assembly_contents.READER], runtimes[0], folder / runtimes[0].name))
    csharp.build_all(jobs)
    return Compiled(folder)


@pytest.mark.parametrize("target", TARGETS, ids=lambda target: target.name)
def test_compiles_as_written(compiled: Compiled, target: unity.Target) -> None:
    """Without a warning."""
    expected = {"PantoMatrix.Core", "PantoMatrix"}
    expected |= {"PantoMatrix.Editor"} if target.is_editor else set()
    expected |= OPTIONAL if target.packages else set()
    found = {path.stem for path in compiled.of(target).glob("PantoMatrix*.dll")}
    assert found == expected


def test_a_game_without_microphone(compiled: Compiled) -> None:
    """Whether it is used is read from the code by Unity's builds, which then ask for its description or permission."""
    uses = {target.name: compiled.contents(target)["PantoMatrix"].uses for target in (unity.PLAYER, NO_MICROPHONE)}
    assert any("UnityEngine.Microphone" in one for one in uses[unity.PLAYER.name])
    assert not any("UnityEngine.Microphone" in one for one in uses[NO_MICROPHONE.name])


def test_references_are_names_that_there_are() -> None:
    """Unity says nothing of the others, nor of a field that it does not know."""
    stand_ins = unity.stand_ins(unity.EDITOR.with_packages().with_tests())
    known = {one["name"] for one in unity.asmdefs()} | {one.name for one in stand_ins}
    for asmdef in unity.asmdefs():
        assert asmdef.keys() == FIELDS | {"file"}, asmdef["name"]
        assert set(asmdef["references"]) <= known, asmdef["name"]
        assert {*asmdef["includePlatforms"], *asmdef["excludePlatforms"]} <= {"Editor", "WebGL"}
        assert asmdef["file"].stem == asmdef["name"]
        assert asmdef["rootNamespace"].startswith("PantoMatrix")
        assert asmdef["autoReferenced"] == (
            not asmdef["defineConstraints"] or "UNITY_INCLUDE_TESTS" not in asmdef["defineConstraints"]
        )


@pytest.mark.parametrize(
    ("version", "expression", "holds"),
    [
        ("1.7.6", "1.6.0", True), ("1.5.9", "1.6", False), ("1.10.0", "1.9.0", True), ("2.0.0-pre.1", "[1.0,2.0]", True),
        ("2.0.0", "[1.0,2.0)", False), ("1.0", "(1.0,2.0)", False), ("1.2.3", "[1.2.3]", True), ("0.1", "", True),
    ],
)  # fmt: skip
def test_versions_of_packages(version: str, expression: str, holds: bool) -> None:
    """As Unity's Manual has it: "1.2" is 1.2 or newer."""
    assert unity.is_in(version, expression) == holds


def test_tests_for_the_editors_test_runner(compiled: Compiled) -> None:
    """They pass here as well."""
    out = compiled.folder / "TestRunner"
    shutil.copy(csharp.NUNIT, out)
    tests = [out / f"{one.name}.dll" for one in unity.package(unity.EDITOR.with_tests()) if one.name.endswith("Tests")]
    passed = csharp.coreclr().run(out / "TestRunner.dll", *tests).splitlines()
    written = "".join(path.read_text() for path in (unity.PACKAGE / "Tests").rglob("*.cs"))
    assert len(passed) == written.count("[Test]") > 0


def _asmdef(folder: Path, name: str, code: str, **fields: object) -> None:
    (folder / name).mkdir()
    (folder / name / f"{name}.asmdef").write_text(json.dumps({"name": name, **fields}))
    (folder / name / "Code.cs").write_text(code)


def test_code_of_the_editor_and_a_forgotten_reference_are_found(tmp_path: Path) -> None:
    _asmdef(
        tmp_path, "First", "namespace First { public static class Value { public const int One = 1; } }", references=[]
    )
    code = "public static class Second { public static int Do() { UnityEditor.AssetDatabase.SaveAssets(); return First.Value.One; } }"
    _asmdef(tmp_path, "Second", code, references=["Missing"])
    broken = [*unity.stand_ins(unity.PLAYER), *unity.package(unity.PLAYER, tmp_path)]
    with pytest.raises(AssertionError) as told:
        csharp.build(broken, [csharp.coreclr()], tmp_path / "out")
    assert "CS0103: The name 'UnityEditor'" in str(told.value)
    assert "CS0103: The name 'First'" in str(told.value)


def test_stand_ins_have_nothing_that_unity_has_not(compiled: Compiled) -> None:
    assert unity_signatures.unknown(compiled.folder) == {"2022.3": {}, "6000.0": {}}, (
        "see tests/kit/unity_signatures.py"
    )


def test_package_uses_only_what_was_looked_up(compiled: Compiled) -> None:
    target = unity.EDITOR.with_packages()
    paths = [compiled.of(target) / f"{one.name}.dll" for one in unity.package(target)]
    uses = {use for of in assembly_contents.read(paths, compiled.folder).values() for use in of.uses}
    uses = {re.sub(r" (get|set|add|remove)_", " ", use) for use in uses}
    assert sorted(uses & unity_signatures.unchecked()) == [], "see tests/kit/unity_signatures.py"


def test_stand_ins_do_what_the_script_reference_says(compiled: Compiled) -> None:
    assert csharp.coreclr().run(compiled.folder / "Checks" / "Checks.dll") == "stand-ins ok\n"


def test_package_names_the_modules_that_it_uses(compiled: Compiled) -> None:
    """Modules can be switched off in a project; what a package names stays on. The core module cannot be."""
    dependencies = set(json.loads((unity.PACKAGE / "package.json").read_text())["dependencies"])
    targets = (unity.EDITOR, unity.ANDROID)
    refers = {name for target in targets for of in compiled.contents(target).values() for name in of.refers}
    modules = {
        name.removeprefix("UnityEngine.").removesuffix("Module") for name in refers if name.startswith("UnityEngine.")
    }
    wanted = {f"com.unity.modules.{name.lower()}" for name in modules - {"Core"}}
    assert wanted <= dependencies
    assert dependencies - wanted <= {"com.unity.modules.imgui"}, "of the editor's windows only"


def _uses(contents: dict[str, Contents], pattern: str) -> dict[str, list[str]]:
    found = {name: [one for one in of.uses if re.match(pattern, one, re.X)] for name, of in contents.items()}
    return {name: sorted(set(uses)) for name, uses in found.items() if uses}


@pytest.mark.parametrize("target", [unity.PLAYER, unity.WEB_2022], ids=lambda target: target.name)
def test_nothing_that_il2cpp_has_not(compiled: Compiled, target: unity.Target) -> None:
    contents = compiled.contents(target.with_packages())
    assert not _uses(contents, FORBIDDEN)
    assert not {name: of.generic for name, of in contents.items() if of.generic}
    assert not _uses({"PantoMatrix.Core": contents["PantoMatrix.Core"]}, "Unity")
    assert not _uses(contents, r"System\.(ReadOnly)?Span$"), "there are none in .NET Framework"


def test_what_only_unity_calls_is_in_a_build(compiled: Compiled) -> None:
    """An assembly that no scene and no other assembly refers to is left out, whatever in it runs on load."""
    on_load = "UnityEngine.RuntimeInitializeOnLoadMethodAttribute .ctor"
    in_scenes = {"UnityEngine.MonoBehaviour .ctor", "UnityEngine.ScriptableObject .ctor"}
    kept = "UnityEngine.Scripting.AlwaysLinkAssemblyAttribute .ctor"
    contents = compiled.contents(unity.PLAYER.with_packages())
    alone = {name for name, of in contents.items() if on_load in of.uses and not in_scenes & {*of.uses}}
    assert alone >= {"PantoMatrix.Vrm10", "PantoMatrix.Vrm0"}
    assert {name for name in alone if kept not in contents[name].uses} == set()


def test_reflection_is_found_where_it_is(compiled: Compiled) -> None:
    path = compiled.folder / "TestRunner" / "TestRunner.dll"
    found = _uses({"TestRunner": assembly_contents.read([path], compiled.folder)[path]}, FORBIDDEN)["TestRunner"]
    assert {"System.Reflection.Assembly LoadFrom", "System.Activator CreateInstance"} <= set(found)
    harmless = ("System.Type GetTypeFromHandle", "System.Object GetType", "System.Reflection.MemberInfo get_Name")
    assert not any(re.match(FORBIDDEN, one, re.X) for one in harmless)
    assert all(
        re.match(FORBIDDEN, one, re.X) for one in ("System.Type GetType", "System.Reflection.Emit.DynamicMethod .ctor")
    )


def test_native_functions_are_the_browsers(compiled: Compiled) -> None:
    assert not {name: of.native for name, of in compiled.contents(unity.PLAYER.with_packages()).items() if of.native}
    for of in compiled.contents(unity.WEB_2022.with_packages()).values():
        assert all(one.startswith("__Internal PantoMatrix") for one in of.native)


def test_nothing_that_browsers_have_not(compiled: Compiled) -> None:
    """But the core's socket and its thread for other platforms; what is used instead is tested in a browser."""
    found = _uses(compiled.contents(unity.WEB_2022.with_packages()), NOT_IN_BROWSERS)
    others = r"System\.Net\.WebSockets | System\.Net\.Sockets\.SocketException$ | System\.Threading\.(Thread|Monitor\ Wait)\b"
    core = found.pop("PantoMatrix.Core", [])
    assert not found
    assert not [use for use in core if not re.match(others, use, re.X)]
