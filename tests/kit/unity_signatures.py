"""What the stand-ins of Unity may contain, a file a module in tests/unity_engine/signatures.

`python tests/kit/unity_signatures.py` prints what the stand-ins have and the data has not, to be looked up and then added.
A line ends with [2022.3] or [6000.0] where only that one of the two has it.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import assembly_contents
import csharp
import unity_assemblies as unity

_DATA = unity.STAND_INS / "signatures"
_ONLY = (" [2022.3]", " [6000.0]")


def known(module: str, version: str) -> set[str]:
    path = _DATA / f"{module}.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    found = [line for line in lines if line and not line.startswith("#")]
    return {
        line.removesuffix(f" [{version}]")
        for line in found
        if not line.endswith(_ONLY) or line.endswith(f" [{version}]")
    }


def unknown(folder: Path) -> dict[str, dict[str, list[str]]]:
    """By version and module. folder: the stand-ins of unity.EDITOR and unity.EDITOR_6 lie in folders of it of that name."""
    found: dict[str, dict[str, list[str]]] = {}
    for target in (unity.EDITOR, unity.EDITOR_6):
        names = [one.name for one in unity.stand_ins(target.with_packages()) if one.name != unity.TESTS]
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
        csharp.build_all([
            (unity.stand_ins(one.with_packages()), runtime, place / one.name) for one in (unity.EDITOR, unity.EDITOR_6)
        ])  # fmt: skip
        for in_version, modules in unknown(place).items():
            for name, lines in modules.items():
                print("\n".join([f"{in_version} {name}", *lines, ""]))
