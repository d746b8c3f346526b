"""The Unity package's samples, and the code of its manual: compiled as a project would, and run on stand-ins."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

import csharp
import unity_assemblies as unity
from server_process import ServerProcess
from tools import needs

MANUAL = unity.PACKAGE / "Documentation~" / "PantoMatrix.md"
SAMPLES = unity.PACKAGE / "Samples~"
PROJECT = "Assembly-CSharp"

pytestmark = [pytest.mark.client, needs(csharp.found(), "C# (python3 tests/kit/csharp.py installs it)")]


def _project(target: unity.Target, folder: Path) -> csharp.Assembly:
    """What a game would have in Assets: it sees every assembly of the package that is referenced by itself."""
    seen = {one["name"] for one in unity.asmdefs() if one.get("autoReferenced", True)}
    references = [one.name for one in unity.package(target) if one.name in seen]
    sources = list(SAMPLES.rglob("*.cs"))
    for number, code in enumerate(re.findall(r"^```csharp\n(.*?)^```", MANUAL.read_text(), re.MULTILINE | re.DOTALL)):
        sources.append(folder / f"Manual{number}.cs")
        sources[-1].write_text(code)
    references = [*unity.engine_of(target), *references]
    return csharp.Assembly(PROJECT, sources, references, defines=target.defines, ignored=("CS0649",))


@pytest.mark.parametrize("target", [unity.EDITOR, unity.WEB_2022], ids=lambda target: target.name)
def test_they_compile(target: unity.Target, tmp_path: Path) -> None:
    unity.build(target, [_project(target, tmp_path)], [csharp.coreclr()], tmp_path)


def test_they_are_listed() -> None:
    listed = json.loads((unity.PACKAGE / "package.json").read_text())["samples"]
    assert sorted(one["path"] for one in listed) == sorted(f"Samples~/{path.name}" for path in SAMPLES.iterdir())
    assert all(one["displayName"] and one["description"] for one in listed)


def test_they_speak(server: ServerProcess, tmp_path: Path) -> None:
    target, runtime = unity.PLAYER, csharp.coreclr()
    project = _project(target, tmp_path)
    program = unity.program(target, "Samples", list((unity.PACKAGE / "Tests~" / "Samples").glob("*.cs")))
    program = csharp.Assembly(
        program.name, program.sources, [*program.references, PROJECT], is_program=True, defines=target.defines
    )
    unity.build(target, [project, program], [runtime], tmp_path)
    printed = runtime.run(tmp_path / runtime.name / "Samples.dll", server.web)
    assert printed == "first, second, pushed: the jaw moves\n"
