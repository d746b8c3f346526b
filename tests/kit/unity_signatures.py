"""What the stand-ins of Unity may contain, a file a module in tests/unity_engine/signatures.

`python tests/kit/unity_signatures.py` prints what the stand-ins have and the data has not, to be looked up and then added.
A line ends with [2022.3] or [6000.0] where only that one of the two has it, and with [unchecked] while it was not looked up:
what the package uses must have been.
"""

from __future__ import annotations

import re
import tempfile
from pathlib import Path

import assembly_contents
import csharp
import unity_assemblies as unity

TARGETS = (unity.EDITOR.with_packages(), unity.EDITOR_6.with_packages())
_DATA = unity.STAND_INS / "signatures"
_ONLY = (" [2022.3]", " [6000.0]")
_UNCHECKED = " [unchecked]"
_KINDS = {"class", "struct", "interface", "enum", "delegate"}


def _lines(module: str) -> list[str]:
    path = _DATA / f"{module}.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [line for line in lines if line and not line.startswith("#")]


def known(module: str, version: str) -> set[str]:
    lines = [line.removesuffix(_UNCHECKED) for line in _lines(module)]
    return {
        line.removesuffix(f" [{version}]")
        for line in lines
        if not line.endswith(_ONLY) or line.endswith(f" [{version}]")
    }


def unchecked() -> set[str]:
    """As an assembly uses it: "UnityEngine.AudioClip loadType", or a type alone."""
    found: set[str] = set()
    for path in _DATA.glob("*.txt"):
        lines = _lines(path.stem)
        types = {line.split()[1].split("<")[0] for line in lines if line.split()[0] in _KINDS}
        full = {name.split(".", name.count(".") - _nesting(name, types))[-1]: name for name in types}
        for line in lines:
            if line.endswith(_UNCHECKED):
                owner, member = re.split(r"(?:<.*?>)? ", line, maxsplit=1)
                name = re.match(r"[\w.]+", member)
                assert name is not None
                found.add(name[0] if owner in _KINDS else f"{full[owner]} {name[0]}")
    return found


def _nesting(name: str, types: set[str]) -> int:
    """How many types it lies in."""
    outer = name.rpartition(".")[0]
    return 1 + _nesting(outer, types) if outer in types else 0


def unknown(folder: Path) -> dict[str, dict[str, list[str]]]:
    """By version and module. folder: the stand-ins for TARGETS lie in folders of it of their names."""
    found: dict[str, dict[str, list[str]]] = {}
    for target in TARGETS:
        names = [one.name for one in unity.stand_ins(target) if one.name != unity.TESTS]
        paths = [folder / target.name / f"{name}.dll" for name in names]
        read = assembly_contents.read(paths, folder)
        left = {
            path.stem: sorted(set(read[path].public) - known(path.stem, target.unity), key=read[path].public.index)
            for path in paths
        }
        found[target.unity] = {name: lines for name, lines in left.items() if lines}
    return found


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        place = Path(temporary)
        runtime = csharp.coreclr()
        csharp.build_all([(unity.stand_ins(one), runtime, place / one.name) for one in TARGETS])
        for in_version, modules in unknown(place).items():
            for name, lines in modules.items():
                print("\n".join([f"{in_version} {name}", *lines, ""]))
