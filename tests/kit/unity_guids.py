"""The GUIDs that scenes, prefabs and other people's assemblies refer to: of scripts, assets and asmdefs.

`python tests/kit/unity_guids.py` records those that are new in tests/unity_engine/guids.txt. What is recorded stays: a file may
move and take its .meta with it; a line is removed only with the file that users lose.
"""

from __future__ import annotations

import re
from pathlib import Path

from folders import ROOT
from pantomatrix_tools import unity_meta

PACKAGE = ROOT / "engine_clients" / "unity"
_RECORD = ROOT / "tests" / "unity_engine" / "guids.txt"
_KINDS = {".cs", ".asset", ".asmdef", ".jslib", ".prefab", ".unity", ".mat"}


def guid_of(path: Path) -> str:
    found = re.search(r"^guid: ([0-9a-f]{32})$", unity_meta.meta_of(path).read_text(encoding="utf-8"), re.M)
    assert found is not None, path
    return found[1]


def present() -> dict[str, str]:
    """Paths in the package by GUID."""
    paths = [path for path in unity_meta.assets(PACKAGE) if path.suffix in _KINDS]
    return {guid_of(path): path.relative_to(PACKAGE).as_posix() for path in paths}


def recorded() -> dict[str, str]:
    lines = _RECORD.read_text(encoding="utf-8").splitlines() if _RECORD.exists() else []
    return dict(line.split(" ", 1) for line in lines)


def record() -> None:
    all_of_them = {**present(), **recorded()}
    lines = [f"{guid} {path}\n" for guid, path in sorted(all_of_them.items(), key=lambda one: one[1])]
    _RECORD.write_text("".join(lines), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    record()
