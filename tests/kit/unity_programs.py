"""Programs that test the Unity package, compiled with the stand-ins of Unity for each runtime of C#."""

from __future__ import annotations

import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

import csharp
import unity_assemblies
from tools import needs

SOURCES = unity_assemblies.PACKAGE / "Tests~"
CHECK = SOURCES / "Check.cs"

needs_csharp = needs(csharp.found(), "C# (python3 tests/kit/csharp.py installs it)")
RUNTIMES = [
    pytest.param("coreclr", marks=needs_csharp),
    pytest.param("mono", marks=[needs_csharp, needs(csharp.has_mono(), "Mono")]),
]
"""For the params of a fixture, which gives what was built for one."""


@dataclass(frozen=True)
class Program:
    runtime: csharp.Runtime
    path: Path

    def run(self, *words: object) -> str:
        return self.runtime.run(self.path, *words)

    def start(self, *words: object) -> subprocess.Popen:
        return self.runtime.start(self.path, *words)


def installed() -> list[csharp.Runtime]:
    return [csharp.coreclr(), *([csharp.mono()] if csharp.has_mono() else [])]


def built(name: str, runtime: str, folder: Path) -> Program:
    """One that was built into the folder. runtime: of RUNTIMES."""
    one = next(one for one in installed() if one.name == runtime)
    return Program(one, folder / runtime / f"{name}.{'exe' if runtime == 'mono' else 'dll'}")


def build(target: unity_assemblies.Target, name: str, sources: Sequence[Path], folder: Path) -> None:
    """With Check, for all runtimes."""
    program = unity_assemblies.program(target, name, [*sources, CHECK])
    unity_assemblies.build(target, [program], installed(), folder)
