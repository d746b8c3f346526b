"""What compiled C# has for others and what it uses of others, read from its metadata by AssemblyReader.cs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import csharp

READER = csharp.Assembly("AssemblyReader", [Path(__file__).with_name("AssemblyReader.cs")], is_program=True)


@dataclass(frozen=True)
class Contents:
    """public: "AudioClip GetData(float[], int): bool". uses: "System.Type GetType", and types alone.
    refers: assemblies. generic: virtual methods with type parameters. native: "LIBRARY FUNCTION"."""

    public: list[str] = field(default_factory=list)
    uses: list[str] = field(default_factory=list)
    refers: list[str] = field(default_factory=list)
    generic: list[str] = field(default_factory=list)
    native: list[str] = field(default_factory=list)


def read(paths: Sequence[Path], folder: Path) -> dict[Path, Contents]:
    """folder: for the reader."""
    runtime = csharp.coreclr()
    csharp.build([READER], [runtime], folder)
    found = {path: Contents() for path in paths}
    left = iter(paths)
    contents = Contents()
    for line in runtime.run(folder / runtime.name / "AssemblyReader.dll", *paths).splitlines():
        kind, what = line.split(" ", 1)
        if kind == "assembly":
            contents = found[next(left)]
        else:
            getattr(contents, kind).append(what)
    return found
